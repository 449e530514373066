"""Each document opened again and compared with the record, as the store has it: acts, both times, words, actions."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import docx
import pypdf
import pytest
from django.test import Client

from commonground.core.acts import (
    Action,
    Answer,
    Ask,
    Audience,
    Confirm,
    Dissent,
    GoUp,
    Medium,
    Note,
    PostRef,
    Propose,
    Reply,
    Talk,
)
from commonground.core.chain import genesis, link
from commonground.core.decide import Accepted
from commonground.core.procedure import DutyKind
from commonground.core.setting import stage_now
from commonground.people.models import Person
from commonground.record import store
from commonground.record.export import export
from commonground.record.words import Words, typed
from commonground.usecases import clock, reading
from commonground.usecases.handle import Asking, handle
from commonground.usecases.reading import Reading
from commonground.usecases.situation import setting_for
from commonground.web.pages.page import capital
from tests.pages.reading import be
from tests.papers.opening import Opened, bare, lines_of, opened, opened_pdf
from tests.partnership import Small

pytestmark = pytest.mark.django_db(transaction=True)

LONDON = ZoneInfo("Europe/London")
AT = datetime(2026, 4, 2, 8, 0, tzinfo=UTC)
"""The day before Good Friday, in summer time; so no wording depends on when the tests are run."""
DOCUMENTS = ("file-copy", "account", "panel", "outcome")
FILES = [(document, kind) for document in DOCUMENTS for kind in ("pdf", "docx")]
SECRET = "Nobody outside our school may read this."


@dataclass(frozen=True)
class Told:
    """A disagreement in which a good deal happened."""

    partnership: Small
    disagreement: UUID
    reference: str
    school: PostRef
    care: PostRef


@pytest.fixture
def told(riverside: Small) -> Told:
    return a_good_deal(riverside)


def a_good_deal(riverside: Small, *, confirmed: bool = True) -> Told:
    """Raised, answered, talked over, taken up, settled; and `confirmed` by the other side, which ends it."""
    at = AT
    school, care = riverside.post("school"), riverside.post("social-care")
    disagreement, reference = riverside.raised(at, words="Two visits were missed.\nThe child is four.")

    def does(by: PostRef, ask: Ask, minutes: int, happened: int | None = None, **words: str) -> None:
        """One act, so many minutes in; words that begin with "own" are for the agency alone."""
        said = tuple(
            typed(
                field.removeprefix("own_").replace("_", " "),
                text,
                Audience.OWN_AGENCY if field.startswith("own_") else Audience.PARTIES,
                by.agency,
            )
            for field, text in words.items()
        )
        earlier = at + timedelta(minutes=happened) if happened is not None else None
        answer = handle(
            riverside.scope(by), disagreement, Asking(ask, said, earlier), at=at + timedelta(minutes=minutes)
        )
        assert isinstance(answer, Accepted), answer

    does(care, Reply(Answer.IN_PART), 60, reasons="One visit was missed, not two.")
    does(school, Note(approved=True, filed=True), 120, 93, own_note=SECRET, shared_note="We spoke for ten minutes.")
    does(care, Talk(Medium.TELEPHONE), 180, 151, said="We rang each other.")
    does(school, Dissent(challenges=None), 240, dissent="I still think it was two.")
    does(school, GoUp(), 300, reasons="It cannot wait.")
    for by in (school, care):
        does(by, Note(approved=True, filed=True), 310, own_note="What was said at the second stage.")
    now = riverside.standing(disagreement)
    setting = setting_for(riverside.key, riverside.digest)
    duties = riverside.procedure.duties_at(now.route, now.stage)
    answers = tuple(dict.fromkeys(name for duty in duties if duty.do is DutyKind.FIELDS for name in duty.fields))
    actions = (Action("a", care, date(2099, 6, 1)), Action("b", school, date(2099, 6, 2)))
    does(
        school,
        Propose(stage_now(setting, now).endings[0], actions, open_issues=True, answers=answers),
        360,
        outcome="The child is seen this week.",
        open_issues="How visits are booked stays open.",
        action_a="Visit the child",
        action_b="Ring the parents",
    )
    if confirmed:
        does(care, Confirm(), 420, words="We agree to that.")
    return Told(riverside, disagreement, reference, school, care)


def file_of(client: Client, told: Told, by: PostRef, document: str, kind: str) -> bytes:
    be(client, told.partnership, by)
    answer = client.get(f"/d/{told.reference}/papers/{document}.{kind}")
    assert answer.status_code == 200
    return bytes(answer.content)


def in_words(at: datetime) -> str:
    """A moment as papers say it, worked out here again."""
    local = at.astimezone(LONDON)
    if (local.hour, local.minute, local.second) == (23, 59, 59):
        return f"the end of {local:%A} {local.day} {local:%B} {local.year}"
    minutes = f":{local.minute:02}" if local.minute else ""
    clock_time = f"{local.hour % 12 or 12}{minutes}{'am' if local.hour < 12 else 'pm'}"
    if (local.hour, local.minute) == (12, 0):
        clock_time = "midday"
    return f"{clock_time} on {local:%A} {local.day} {local:%B} {local.year}"


@pytest.mark.parametrize(("document", "kind"), FILES)
def test_a_document_opened_again_says_what_the_record_says(
    client: Client, told: Told, document: str, kind: str
) -> None:
    made = file_of(client, told, told.school, document, kind)
    paper = opened(kind, made)
    has_every_act_with_its_times_and_who_and_its_words(paper, told, own_words=document != "panel")
    has_the_actions_the_dates_and_what_is_agreed_and_not(paper, told)
    has_the_length_and_the_digest_of_the_last_act(paper, told, made, kind)
    assert told.reference in paper.title


def has_every_act_with_its_times_and_who_and_its_words(paper: Opened, told: Told, *, own_words: bool) -> None:
    acts = store.read(told.disagreement)
    words = store.words_of(told.disagreement, acts)
    assert len(acts) > 7

    at = paper.text.index("Whathappened,inorder")
    for sequence, act in enumerate(acts, start=1):
        # In order: each is looked for after the one before it.
        person = Person.objects.get(key=act.by.person).full_name
        post = next(one.name for one in told.partnership.procedure.posts if one.key == act.by.seat.post)
        happened, written = (capital(in_words(at)) for at in (act.happened_at, act.recorded_at))
        times = (f"Happened: {happened}", f"Written: {written}")
        for text in (f"{sequence}. ", *times, f"By: {person}", post):
            found = paper.text.find("".join(text.split()), at)
            assert found >= 0, f"act {sequence}: {text!r}"
            at = found
        for piece in words.get(sequence, ()):
            assert isinstance(piece, Words)
            own = piece.said.audience is Audience.OWN_AGENCY
            if not piece.field.startswith("action "):
                assert paper.has(piece.text) is (own_words or not own), piece.text
    assert paper.has("Only the agency that wrote this can see it.") is own_words
    assert paper.has("Both sides, anyone asked to help, and the partnership's office can see this.")


def has_the_actions_the_dates_and_what_is_agreed_and_not(paper: Opened, told: Told) -> None:
    here = told.partnership.standing(told.disagreement)
    assert here.proposal is not None
    # Cell by cell, as a row stands in a table.
    care, school = "The professional at Riverside Children’s Services", "The professional at Elm Road School"
    assert [action.key for action in here.actions.values()] == ["a", "b"]
    assert paper.has(f"Visit the child {care} Monday 1 June 2099 To do")
    assert paper.has(f"Ring the parents {school} Tuesday 2 June 2099 To do")
    dates = paper.text[paper.text.index("Datesthatrun") :]
    dates = dates[: min(dates.find(bare(after)) % len(dates) for after in ("What happened, in order", "Check code"))]
    assert len(here.limits) == 2
    for due in here.limits.values():
        assert bare(in_words(due.at)) in dates, due
    assert dates.count("Noclause") == 2
    assert paper.has("What is agreed or decided")
    assert paper.has("What is not agreed")
    assert paper.has("The side that was asked agreed in part.")
    assert here.ended is not None
    name = next(ending.name for ending in told.partnership.procedure.endings if ending.key == here.ended.ending)
    assert paper.has(f"It ended: {name}.")
    assert paper.has(f"Ended at {in_words(here.ended.at)}: {name}")
    for side in ("The side that raised it", "The side that was asked"):
        assert paper.has(f"{side} has confirmed the outcome.")


def test_words_that_are_not_for_its_reader_are_nowhere_in_a_document(client: Client, told: Told) -> None:
    assert opened("pdf", file_of(client, told, told.school, "account", "pdf")).has(SECRET)
    for document, kind in FILES:
        theirs = opened(kind, file_of(client, told, told.care, document, kind))
        assert theirs.has("We spoke for ten minutes.")
        assert not theirs.has(SECRET)
        assert not theirs.has(SECRET[:12])
        for part in (SECRET.encode(), SECRET[:12].encode(), SECRET.encode("utf-16-be")):
            assert part not in theirs.everything, (document, kind)


def has_the_length_and_the_digest_of_the_last_act(paper: Opened, told: Told, made: bytes, kind: str) -> None:
    digest = genesis(told.disagreement)
    lines = list(export(told.disagreement, made_at=clock.now(), may_see=lambda said: False))
    acts = store.check(told.disagreement)
    for _, data, _ in acts:
        digest = link(digest, data)
    assert digest.hex().encode() in lines[0]  # what a stranger's verifier is told is last

    figures = told.disagreement.hex[:8] + digest.hex()[:16]
    code = "-".join([str(len(acts)), *(figures[at : at + 4] for at in range(0, 24, 4))])
    assert paper.has(digest.hex())
    assert paper.has(code)
    assert paper.has("http://testserver/check")
    foot = f"{told.reference} · check code {code}"
    if kind == "pdf":
        assert all(foot in page.extract_text() for page in pypdf.PdfReader(BytesIO(made)).pages)
    else:
        assert foot in docx.Document(BytesIO(made)).sections[0].footer.paragraphs[0].text


def test_a_pdf_is_tagged_and_says_its_language_and_title(client: Client, told: Told) -> None:
    for document in DOCUMENTS:
        is_tagged(pypdf.PdfReader(BytesIO(file_of(client, told, told.school, document, "pdf"))), told.reference)


def is_tagged(file: pypdf.PdfReader, reference: str) -> None:
    root: Any = file.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] is True or str(root["/MarkInfo"]["/Marked"]) == "True"
    assert root["/Lang"] == "en-GB"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert file.metadata is not None
    assert file.metadata.title is not None
    assert reference in file.metadata.title
    assert b"pdfuaid" in root["/Metadata"].get_object().get_data()
    parts = _parts(root["/StructTreeRoot"])
    assert {"/H1", "/H2", "/H3", "/P", "/Table", "/TH", "/TD"} <= {str(part["/S"]) for part in parts}
    cells = [part for part in parts if part["/S"] == "/TD"]
    heads = {str(part["/ID"]) for part in parts if part["/S"] == "/TH"}
    assert cells
    for cell in cells:
        # Each cell says which head of its column and which of its row it stands under.
        named = [str(one) for one in cell["/A"].get_object()["/Headers"]]
        assert len(named) == 2, named
        assert set(named) <= heads


def _parts(node: Any) -> list[Any]:
    """Every part of a tagged PDF, from the root down."""
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, list):
        return [part for one in node for part in _parts(one)]
    if not isinstance(node, dict):
        return []
    return [*([node] if "/S" in node else []), *(_parts(node["/K"]) if "/K" in node else [])]


def test_a_word_document_has_headings_and_rows_that_head_their_tables(client: Client, told: Told) -> None:
    for document in DOCUMENTS:
        heads_its_tables(docx.Document(BytesIO(file_of(client, told, told.school, document, "docx"))), told.reference)


def heads_its_tables(made: Any, reference: str) -> None:
    styles = {paragraph.style.name for paragraph in made.paragraphs if paragraph.style}
    assert {"Heading 1", "Heading 2", "Heading 3", "Quote"} <= styles
    assert made.tables
    assert all(table.rows[0]._tr.xpath("w:trPr/w:tblHeader") for table in made.tables)
    about = made.core_properties
    assert (about.author, about.last_modified_by, about.language) == ("Commonground", "", "en-GB")
    assert reference in about.title
    for name in Person.objects.values_list("full_name", flat=True):
        assert name not in f"{about.title} {about.author} {about.comments} {about.subject} {about.keywords}"


def test_the_name_of_a_file_is_the_reference(client: Client, told: Told) -> None:
    be(client, told.partnership, told.school)
    for document, kind in FILES:
        answer = client.get(f"/d/{told.reference.lower()}/papers/{document}.{kind}")
        assert answer.headers["Content-Disposition"] == f'attachment; filename="{told.reference}.{kind}"'
        assert answer.headers["Cache-Control"] == "private, no-store"


def test_pdf_and_word_say_the_same(client: Client, told: Told) -> None:
    for document in DOCUMENTS:
        made = docx.Document(BytesIO(file_of(client, told, told.school, document, "docx")))
        paper = opened_pdf(file_of(client, told, told.school, document, "pdf"))
        moments = ("Made for",)  # they are made one after the other
        missing = [line for line in lines_of(made) if not line.startswith(moments) and not paper.has(line)]
        # A line that goes on over a page's end has the foot in between.
        assert len(missing) <= 1, missing


def test_the_copy_for_the_file_says_on_one_page_how_it_stands(client: Client, told: Told) -> None:
    file = pypdf.PdfReader(BytesIO(file_of(client, told, told.school, "file-copy", "pdf")))
    first = " ".join(file.pages[0].extract_text().split())
    for heading in (
        "About this disagreement",
        "The concern, as it was raised",
        "What is agreed or decided",
        "What is not agreed",
        "Actions",
        "Dates that run",
        "Check code",
    ):
        assert heading in first
    assert "Two visits were missed." in first
    assert "What happened, in order" not in first
    assert "What happened, in order" in file.pages[1].extract_text()


def test_what_is_too_long_for_one_page_is_not_cut_but_stands_with_its_act(client: Client, riverside: Small) -> None:
    _, reference = riverside.raised(clock.now() - timedelta(hours=1), words="One more visit was missed. " * 200)
    be(client, riverside, riverside.post("school"))
    text = opened_pdf(client.get(f"/d/{reference}/papers/file-copy.pdf").content)
    assert text.has("It stands with act 1, on the pages that follow.")
    assert text.text.count("Onemorevisitwasmissed.") > 190
    assert "The concern, as it was raised" in docx_text(client, reference)


@pytest.mark.parametrize("kind", ["pdf", "docx"])
def test_a_date_that_runs_stands_with_its_clause(client: Client, riverside: Small, kind: str) -> None:
    disagreement, reference = riverside.raised(clock.now() - timedelta(hours=1))
    here = riverside.standing(disagreement)
    clauses = riverside.procedure.stage(here.route, here.stage).clock.clauses
    be(client, riverside, riverside.post("school"))
    paper = opened(kind, client.get(f"/d/{reference}/papers/file-copy.{kind}").content)
    dates = paper.text[paper.text.index("Datesthatrun") : paper.text.index("Whatthispaperwasmadefrom")]
    assert clauses
    for clause in clauses:
        assert clause.removeprefix(f"{riverside.procedure.clause_prefix}.") in dates
    acts = paper.text[paper.text.index("Whathappened,inorder") :]
    for clause in clauses:
        assert clause.removeprefix(f"{riverside.procedure.clause_prefix}.") in acts


@pytest.mark.parametrize("kind", ["pdf", "docx"])
def test_an_outcome_says_who_has_confirmed_it_and_who_has_not(client: Client, riverside: Small, kind: str) -> None:
    told = a_good_deal(riverside, confirmed=False)
    paper = opened(kind, file_of(client, told, told.care, "outcome", kind))
    assert paper.has("Not confirmed yet by the side that was asked.")
    first, second = (paper.text.index(bare(side)) for side in ("The side that raised it", "The side that was asked"))
    assert bare("Pat School Practitioner") in paper.text[first:second]
    assert paper.text[second:].startswith(bare("The side that was asked Nobody yet Not yet Not yet"))
    assert paper.has("How visits are booked stays open.")


def docx_text(client: Client, reference: str) -> str:
    return "\n".join(lines_of(docx.Document(BytesIO(client.get(f"/d/{reference}/papers/file-copy.docx").content))))


# --- Who gets one -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "post"), [("partnership", "office"), ("partnership", "scrutineer"), ("police", "senior")]
)
def test_who_sees_no_words_or_nothing_gets_no_document(client: Client, riverside: Small, kind: str, post: str) -> None:
    _, reference = riverside.raised(clock.now() - timedelta(hours=1))
    be(client, riverside, riverside.post(kind, post))
    for address in ("papers", "papers/account.pdf", "papers/file-copy.docx"):
        assert client.get(f"/d/{reference}/{address}").status_code == 404
    assert f"/d/{reference}/papers" not in client.get(f"/d/{reference}").content.decode()


def test_who_was_a_party_and_is_none_now_gets_no_document(
    client: Client, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = reading.read_for

    def ended(*given: Any, **named: Any) -> Reading:
        return replace(real(*given, **named), until=clock.now())

    be(client, told.partnership, told.school)
    assert client.get(f"/d/{told.reference}/papers/account.pdf").status_code == 200
    monkeypatch.setattr("commonground.web.opening.read_for", ended)
    for address in ("papers", "papers/account.pdf"):
        assert client.get(f"/d/{told.reference}/{address}").status_code == 404


def test_there_is_no_outcome_to_confirm_before_one_is_put_forward(client: Client, riverside: Small) -> None:
    _, reference = riverside.raised(clock.now() - timedelta(hours=1))
    be(client, riverside, riverside.post("school"))
    page = client.get(f"/d/{reference}/papers").content.decode()
    assert "No outcome is put forward yet." in page
    assert "outcome.pdf" not in page
    assert "account.pdf" in page
    assert client.get(f"/d/{reference}/papers/outcome.pdf").status_code == 404
    for address in ("papers/none.pdf", "papers/account.txt", "papers/account.html"):
        assert client.get(f"/d/{reference}/{address}").status_code == 404


def test_the_page_of_a_disagreement_leads_to_its_papers(client: Client, told: Told) -> None:
    be(client, told.partnership, told.school)
    assert f'href="/d/{told.reference}/papers"' in client.get(f"/d/{told.reference}").content.decode()
    page = client.get(f"/d/{told.reference}/papers").content.decode()
    for document, kind in FILES:
        assert f'href="/d/{told.reference}/papers/{document}.{kind}"' in page
