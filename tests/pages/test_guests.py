"""A link and a code: who gets in by them, who does not, and that opening a link changes nothing."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from typing import NamedTuple
from uuid import UUID

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from commonground.core.acts import Because, Flag, Flags, PostRef, Reply, Side
from commonground.core.procedure import OFFICE
from commonground.people import guests
from commonground.people.models import Agency, GuestLink, Look, Person
from commonground.record import store
from commonground.usecases import clock
from commonground.web.forms.guests import ANOTHER
from tests.pages.reading import be, hidden, text_of
from tests.partnership import Small

pytestmark = pytest.mark.django_db(transaction=True)

NAME = "Robin Carer"


class Made(NamedTuple):
    """A link as the office made it."""

    riverside: Small
    reference: str
    disagreement: UUID
    path: str
    code: str
    office: Client

    @property
    def row(self) -> GuestLink:
        return GuestLink.objects.get()

    def spent_by(self, client: Client) -> Client:
        answer = client.post(self.path, {"code": self.code})
        assert answer.status_code == 302, text_of(answer.content)
        return client


def away(riverside: Small) -> None:
    """Nobody of health signs in."""
    Agency.objects.filter(key=riverside.agency("health")).update(on_service=False)


def read_off(page: bytes) -> tuple[str, str]:
    """Read the link's path and the code off the page that shows them once."""
    text = page.decode()
    address = unescape(re.search(r'id="link">([^<]+)<', text)[1])  # type: ignore[index]
    code = re.search(r'id="code">([^<]+)<', text)[1]  # type: ignore[index]
    return "/" + address.split("/", 3)[3], code


def make(office: Client, reference: str, agency: str, name: str = NAME) -> tuple[str, str]:
    answer = office.post(f"/d/{reference}/guests", {"agency": agency, "name": name, "title": "childminder"})
    assert answer.status_code == 200, text_of(answer.content)
    return read_off(answer.content)


@pytest.fixture
def made(client: Client, riverside: Small) -> Made:
    away(riverside)
    disagreement, reference = riverside.raised(clock.now(), against="health")
    office = be(client, riverside, riverside.post("partnership", OFFICE))
    path, code = make(office, reference, riverside.agency("health"))
    return Made(riverside, reference, disagreement, path, code, office)


# --- the scanner -----------------------------------------------------------------------------------------------------


def test_opened_a_hundred_times_a_link_is_not_spent_and_nobody_is_signed_in(made: Made) -> None:
    sessions, looks = Session.objects.count(), Look.objects.count()
    before = GuestLink.objects.values().get()
    scanner = Client()
    for _ in range(50):
        assert scanner.get(made.path).status_code == 200
        assert scanner.head(made.path).status_code == 200

    assert GuestLink.objects.values().get() == before
    assert Session.objects.count() == sessions
    assert Look.objects.count() == looks
    assert "sessionid" not in scanner.cookies
    made.spent_by(Client())


def test_only_digests_are_kept(made: Made) -> None:
    row = made.row
    token = made.path.rsplit("/", 1)[1]
    kept = bytes(row.link_digest) + bytes(row.code_digest)
    assert token.encode() not in kept
    assert made.code.replace(" ", "").encode() not in kept
    assert len(bytes(row.link_digest)) == 32
    again = made.office.get(f"/d/{made.reference}/guests").content.decode()
    assert token not in again
    assert made.code not in again
    assert NAME in again


def test_pressed_twice_it_is_one_link_for_one_person_of_one_agency(client: Client, riverside: Small) -> None:
    away(riverside)
    _, reference = riverside.raised(clock.now(), against="health")
    office, agencies = be(client, riverside, riverside.post("partnership", OFFICE)), Agency.objects.count()
    address = f"/d/{reference}/guests"
    told = {"agency": ANOTHER, "agency_name": "Little Acorns", "telephone": "", "address": "", "name": NAME}
    sent = hidden(office.get(address).content) | told

    first, again = office.post(address, sent), office.post(address, sent)

    path, _ = read_off(first.content)
    assert "Error: " not in text_of(first.content)
    assert "This link was made already, and its code was shown then." in text_of(again.content)
    assert path.rsplit("/", 1)[1] not in again.content.decode()
    assert GuestLink.objects.count() == 1
    assert Agency.objects.count() == agencies + 1
    office.post(address, hidden(first.content) | told)
    assert GuestLink.objects.count() == 2, "from a new page it is another"


# --- getting in ------------------------------------------------------------------------------------------------------


def test_the_guest_reaches_that_one_and_nothing_else(made: Made) -> None:
    _, other = made.riverside.raised(clock.now())
    guest = made.spent_by(Client())
    assert made.reference in text_of(guest.get(f"/d/{made.reference}").content)
    assert guest.get(f"/d/{other}").status_code == 404
    listed = text_of(guest.get("/list", {"show": "waiting"}).content)
    assert made.reference in listed
    assert other not in listed
    for closed in (
        "/raise",
        "/raise/matter",
        "/raise/check",
        f"/d/{made.reference}/guests",
        f"/d/{made.reference}/reach",
    ):
        assert guest.get(closed).status_code == 404, closed
    assert guest.post("/raise/check", {}).status_code == 404
    assert NAME not in str(guest.get(f"/d/{made.reference}").headers)


def test_the_guests_reply_is_on_the_record_in_their_post(made: Made) -> None:
    guest = made.spent_by(Client())
    page = guest.get(f"/d/{made.reference}/reply")
    answer = guest.post(
        f"/d/{made.reference}/reply",
        hidden(page.content) | {"answer": "agree", "words": "I agree.", "reasons": "I agree."},
    )
    assert answer.status_code == 302, text_of(answer.content)
    last = store.read(made.disagreement)[-1]
    assert isinstance(last.ask, Reply)
    assert last.by.seat.agency == made.riverside.agency("health")
    assert Person.objects.get(key=last.by.person).full_name == NAME


def test_with_the_guest_the_agency_is_reached_and_the_stage_begins_for_them(made: Made) -> None:
    here = made.riverside.standing(made.disagreement)
    assert here.owner_of(Side.RESPONDING).because is Because.REACHING
    made.spent_by(Client())
    acts = store.read(made.disagreement)
    assert acts[-1].ask == Flag(Flags.OTHER_SIDE, agency=made.riverside.agency("health"))
    across = made.riverside.standing(made.disagreement).owner_of(Side.RESPONDING)
    assert across.post.agency == made.riverside.agency("health")
    assert made.office.get(f"/d/{made.reference}/reach").status_code == 404, "nobody is left to be reached"


def test_an_agency_that_nobody_knew_is_added_and_joins_the_responding_side(client: Client, riverside: Small) -> None:
    disagreement, reference = riverside.raised(clock.now(), against=None)
    office = be(client, riverside, riverside.post("partnership", OFFICE))
    sent = {"agency": "another", "agency_name": "Tiny Steps", "name": NAME, "title": "childminder"}
    path, code = read_off(office.post(f"/d/{reference}/guests", sent).content)
    guest = Client()
    assert guest.post(path, {"code": code}).status_code == 302

    tiny = Agency.objects.get(name="Tiny Steps")
    assert not tiny.on_service
    here = riverside.standing(disagreement)
    assert here.responding == (tiny.key,)
    assert here.owner_of(Side.RESPONDING).post.agency == tiny.key
    said = text_of(guest.get(f"/d/{reference}").content)
    assert "Tiny Steps" in said
    assert "Reply" in said


def test_signed_out_the_link_works_again_in_that_browser_with_its_code(made: Made) -> None:
    guest = made.spent_by(Client())
    assert guest.post("/guest/out").status_code == 302
    answer = guest.get(f"/d/{made.reference}")
    assert answer.status_code == 302
    assert made.reference not in text_of(guest.get("/list", follow=True).content)
    made.spent_by(guest)
    assert guest.get(f"/d/{made.reference}").status_code == 200


def test_a_code_is_taken_as_people_type_it(made: Made) -> None:
    typed = f" {made.code.lower().replace(' ', ' - ')} "
    assert Client().post(made.path, {"code": typed}).status_code == 302


# --- not getting in --------------------------------------------------------------------------------------------------


def refused(client: Client, made: Made, status: int, *texts: str) -> str:
    """Check that a link opens nothing for a client, by GET and with the right code; gives what the page says."""
    for answer in (client.get(made.path), client.post(made.path, {"code": made.code})):
        assert answer.status_code == status
        said = text_of(answer.content)
        for text in (*texts, "999", "Ring the person who gave it to you"):
            assert text in said
    inside = client.get(f"/d/{made.reference}")
    assert inside.status_code == 302, "nobody is signed in"
    return said


def test_forwarded_or_replayed_it_does_not_work_in_another_browser(made: Made) -> None:
    guest = made.spent_by(Client())
    refused(Client(), made, 403, "This link was used in another browser")
    assert guest.get(f"/d/{made.reference}").status_code == 200


def test_an_unused_link_ends_after_a_week(made: Made) -> None:
    GuestLink.objects.update(expires_at=clock.now() - timedelta(seconds=1))
    refused(Client(), made, 403, "This link is too old")


def test_a_spent_link_ends_too(made: Made) -> None:
    guest = made.spent_by(Client())
    assert made.row.expires_at - clock.now() > guests.OPENS_FOR
    GuestLink.objects.update(expires_at=clock.now() - timedelta(seconds=1))
    assert guest.get(f"/d/{made.reference}").status_code == 302
    refused(guest, made, 403, "This link is too old")


def test_unknown_and_revoked_look_the_same(made: Made) -> None:
    made.office.post(f"/d/{made.reference}/guests/{made.row.pk}/end")
    revoked = refused(Client(), made, 404, "This link does not work")
    unknown = made._replace(path="/guest/" + "x" * 43)
    assert refused(Client(), unknown, 404, "This link does not work") == revoked


def test_revoked_it_ends_with_the_next_request(made: Made) -> None:
    guest = made.spent_by(Client())
    assert guest.get(f"/d/{made.reference}").status_code == 200
    assert made.office.post(f"/d/{made.reference}/guests/{made.row.pk}/end").status_code == 302
    answer = guest.get(f"/d/{made.reference}")
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/guest/over"
    assert guest.get("/list").status_code == 302


def test_five_wrong_codes_lock_it(made: Made) -> None:
    for number in range(1, 6):
        answer = Client().post(made.path, {"code": "22222222"})
        said = text_of(answer.content)
        assert ("This is not the code for this link" in said) == (number < 5)
        assert "<title>Error: " in answer.content.decode() or number == 5
    refused(Client(), made, 403, "Too many wrong codes")
    assert made.row.wrong_codes == 5
    assert made.row.spent_at is None


def test_an_empty_code_is_no_try(made: Made) -> None:
    for typed in ("", "   ", "x" * 10_000):
        answer = Client().post(made.path, {"code": typed})
        assert answer.status_code == 200
        assert "Error: " in answer.content.decode()
    assert made.row.wrong_codes == 0


def test_hostile_codes_are_only_wrong(made: Made) -> None:
    for typed in ("<script>", "' OR 1=1 --", "é" * 8):
        answer = Client().post(made.path, {"code": typed})
        assert answer.status_code == 200
        assert b"<script>'" not in answer.content
    assert made.row.wrong_codes == 3


def test_a_stolen_session_is_worth_nothing_without_the_browser(made: Made) -> None:
    guest = made.spent_by(Client())
    thief = Client()
    thief.cookies["sessionid"] = guest.cookies["sessionid"].value
    assert thief.get(f"/d/{made.reference}").status_code == 302


def test_whoever_was_signed_in_there_is_not_any_more(made: Made) -> None:
    made.spent_by(made.office)
    assert made.office.get(f"/d/{made.reference}/guests").status_code == 404


# --- making and ending ------------------------------------------------------------------------------------------------


def test_somebody_lets_a_locum_in_for_their_own_post_only(client: Client, riverside: Small) -> None:
    _, reference = riverside.raised(clock.now())
    school = be(client, riverside, riverside.post("school"))
    path, code = read_off(
        school.post(f"/d/{reference}/guests", {"name": NAME, "agency": "another", "post": OFFICE}).content
    )
    row = GuestLink.objects.get()
    assert PostRef(row.agency, row.post) == riverside.post("school")
    locum = Client()
    assert locum.post(path, {"code": code}).status_code == 302
    assert locum.get(f"/d/{reference}").status_code == 200


def test_the_office_makes_none_for_an_agency_on_the_service(made: Made) -> None:
    sent = {"agency": made.riverside.agency("police"), "name": NAME}
    answer = made.office.post(f"/d/{made.reference}/guests", sent)
    assert answer.status_code == 200
    assert "Error: " in answer.content.decode()
    assert GuestLink.objects.count() == 1


def test_who_does_not_reach_it_makes_none_and_ends_none(made: Made) -> None:
    police = be(Client(), made.riverside, made.riverside.post("police"))
    assert police.get(f"/d/{made.reference}/guests").status_code == 404
    assert police.post(f"/d/{made.reference}/guests", {"name": NAME}).status_code == 404
    assert police.post(f"/d/{made.reference}/guests/{made.row.pk}/end").status_code == 404
    school = be(Client(), made.riverside, made.riverside.post("school"))
    assert school.post(f"/d/{made.reference}/guests/{made.row.pk}/end").status_code == 404, "the office made it"
    assert NAME not in text_of(school.get(f"/d/{made.reference}/guests").content)
    assert made.row.revoked_at is None


def test_what_is_missing_is_said_and_what_was_typed_is_kept(made: Made) -> None:
    answer = made.office.post(f"/d/{made.reference}/guests", {"agency": "another", "telephone": "01632 960777"})
    said = answer.content.decode()
    assert "Enter the name of the person you let in" in said
    assert "Enter what the agency is called" in said
    assert "01632 960777" in said
    assert Agency.objects.filter(kind="outside").count() == 0
