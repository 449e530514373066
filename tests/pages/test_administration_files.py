"""Directory files through the pages: what is sent is previewed, and happens only as it was previewed."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from commonground.core.acts import PostRef
from commonground.people.models import Administrator, Holding, Person, Post
from commonground.usecases.directory_files.columns import MOST_BYTES
from commonground.web.models import DraftRow
from tests.pages.reading import be, hidden, text_of
from tests.partnership import Small

pytestmark = pytest.mark.django_db(transaction=True)

FILE = "/administration/agency/riverside-school/file"
CHECK = f"{FILE}/check"
A_JOINER = "agency key,post,full name\nriverside-school,practitioner,Robin Invented\n"


@pytest.fixture
def keeper(client: Client, riverside: Small) -> Client:
    """Somebody in the school who looks after its directory."""
    records = Post.objects.create(agency_id="riverside-school", post="records")
    person = Person.objects.create(key="keeper", full_name="Kim Keeper")
    Holding.objects.create(post=records, person=person, from_on=date(2020, 1, 1))
    Administrator.objects.create(person=person, agency_id="riverside-school", from_on=date(2020, 1, 1))
    return be(client, riverside, PostRef("riverside-school", "records"))


def sends(client: Client, content: str | bytes, **values: str) -> str:
    whole = content.encode() if isinstance(content, str) else content
    answer = client.post(FILE, {"file": SimpleUploadedFile("directory.csv", whole), **values}, follow=True)
    assert answer.status_code == 200
    return text_of(answer.content)


def confirms(client: Client, **values: str) -> str:
    page = client.get(CHECK)
    return text_of(client.post(CHECK, hidden(page.content) | values, follow=True).content)


def there() -> bool:
    return Person.objects.filter(full_name="Robin Invented").exists()


def test_a_file_is_previewed_then_taken_in(keeper: Client) -> None:
    page = sends(keeper, A_JOINER)
    assert "Joiners: 1 Leavers: 0 Changes: 0" in page
    assert "Robin Invented Joins: takes the post practitioner at Elm Road School" in page.replace("What changes: ", "")
    assert "Take it in: 1 join, 0 leave, 0 changes" in page
    assert not there()
    assert "Kim Keeper took in a file at" in confirms(keeper)
    assert there()
    assert not DraftRow.objects.exists()
    assert keeper.get(CHECK).status_code == 302  # nothing waits any more


def test_a_directory_that_moved_on_asks_again(keeper: Client) -> None:
    sends(keeper, A_JOINER)
    page = keeper.get(CHECK)
    Post.objects.create(agency_id="riverside-school", post="another")
    said = text_of(keeper.post(CHECK, hidden(page.content), follow=True).content)
    assert "The directory has changed since you sent the file. Nothing was taken in." in said
    assert not there()
    assert "took in a file at" in confirms(keeper)


def test_a_confirmation_of_another_file_asks_again(keeper: Client) -> None:
    sends(keeper, A_JOINER)
    assert "Nothing was taken in" in confirms(keeper, directory="another")
    assert not there()


def test_leavers_are_said_only_where_the_file_is_the_whole_directory(keeper: Client) -> None:
    assert "Leavers: 0" in sends(keeper, A_JOINER)
    page = sends(keeper, A_JOINER, whole="on")
    gone = Holding.objects.filter(post__agency_id="riverside-school").values("person").distinct().count()
    assert f"Leavers: {gone}" in page
    assert "leaves Elm Road School" in page


def test_mistakes_are_listed_by_row_and_nothing_is_kept(keeper: Client) -> None:
    page = sends(keeper, "agency key,post,full name\nriverside-school,senior,=1+1\nriverside-health,senior,Robin\n")
    assert "Error: Directory as a file" in page
    assert "The file has 1 mistake. Nothing was changed." in page
    assert "Row 2" in page
    assert "Begin with a letter or a number" in page
    assert not DraftRow.objects.exists()
    page = sends(keeper, "agency key,post,full name\nriverside-health,senior,Robin\n")
    assert "You do not look after an agency with this key" in page


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "The file is empty"),
        (b"x" * (MOST_BYTES + 1), "A file can have at most 2 MB and 20,000 rows."),
        (A_JOINER.encode("utf-16"), "UTF-16"),
        ("agency key,post,full name\n<script>alert(1)</script>,a,b\n", "Write the agency’s key"),
    ],
)
def test_what_cant_be_read_is_said_in_one_place(keeper: Client, content: bytes | str, says: str) -> None:
    whole = content.encode() if isinstance(content, str) else content
    answer = keeper.post(FILE, {"file": SimpleUploadedFile("directory.csv", whole)})
    assert says in text_of(answer.content)
    assert b"<title>Error: " in answer.content
    assert b"<script>alert" not in answer.content


def test_no_file_at_all_is_said(keeper: Client) -> None:
    assert "Choose a file" in text_of(keeper.post(FILE, {}).content)


@pytest.mark.parametrize(("kind", "begins"), [("csv", b"\xef\xbb\xbfagency key"), ("xlsx", b"PK")])
def test_the_directory_as_a_file(keeper: Client, kind: str, begins: bytes) -> None:
    answer = keeper.get(f"{FILE}.{kind}")
    assert answer.content.startswith(begins)
    assert answer.headers["Content-Disposition"] == f'attachment; filename="directory.{kind}"'
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert keeper.get(f"{FILE}.exe").status_code == 404
    assert keeper.get("/administration/agency/riverside-health/file.csv").status_code == 404


def test_a_preview_is_its_senders_alone(keeper: Client, riverside: Small) -> None:
    sends(keeper, A_JOINER)
    post = riverside.post("school")
    Administrator.objects.create(
        person_id=riverside.person(post), agency_id="riverside-school", from_on=date(2020, 1, 1)
    )
    be(keeper, riverside, post)
    assert keeper.get(CHECK).status_code == 302
