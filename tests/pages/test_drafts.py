"""What is typed is never lost: saved as it is typed, in whatever order it arrives, and kept when it comes too late."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from html import unescape
from io import BytesIO
from urllib.parse import urlencode
from uuid import UUID

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpResponse
from django.test import Client
from pytest_django.fixtures import Settings

from commonground.people.models import GuestLink
from commonground.record import store
from commonground.record.models import StandingRow
from commonground.usecases import clock
from commonground.web import drafts, sheets
from commonground.web.models import DoneForm, DraftRow
from tests.pages.filling import filled
from tests.pages.reading import be, hidden, text_of
from tests.partnership import Small, small
from tests.signing_in import signed_in_as

pytestmark = pytest.mark.django_db(transaction=True)

HALF = "Half a sentence"
Tab = dict[str, str]


@pytest.fixture
def school(client: Client, riverside: Small) -> Client:
    return be(client, riverside, riverside.post("school"))


@pytest.fixture
def write(riverside: Small) -> str:
    """The address of a form in a disagreement that the school raised."""
    return f"/d/{riverside.raised(clock.now())[1]}/write"


def opens(client: Client, address: str) -> Tab:
    """Open a form; gives what a browser would send of it, before anything is typed."""
    return hidden(client.get(address).content)


def saves(client: Client, tab: Tab, count: int = 1, age: int = 0, **typed: str) -> HttpResponse:
    """Save what is typed, as static/drafts.js does it."""
    return client.post("/draft", {**tab, **typed, "count": count, "age": age, "whole": "yes"})  # type: ignore[return-value]


def said(answer: HttpResponse) -> dict[str, object]:
    assert answer.status_code == 200, answer.content
    return json.loads(answer.content)  # type: ignore[no-any-return]


def boxes(client: Client, address: str) -> list[str]:
    """What stands in a form's larger boxes."""
    found = re.findall(r"<textarea[^>]*>(.*?)</textarea>", client.get(address).content.decode(), re.DOTALL)
    return [unescape(one) for one in found]


def shown(client: Client, address: str) -> str:
    return text_of(client.get(address).content)


# --- saved as it is typed ---------------------------------------------------------------------------------------------


def test_what_is_typed_is_there_when_the_form_is_opened_again_and_for_nobody_else(
    school: Client, riverside: Small, write: str
) -> None:
    answer = said(saves(school, opens(school, write), words=HALF))
    assert answer["kept"]
    assert re.fullmatch(r"\d{1,2}(:\d\d)?[ap]m|midday|midnight", str(answer["at"]))
    assert not answer["elsewhere"]
    assert not answer["signedOut"]

    assert HALF in boxes(school, write)
    assert "This is your draft" in shown(school, write)
    other = be(Client(), riverside, riverside.owner(riverside.find(write.split("/")[2])))
    assert HALF not in other.get(write).content.decode()


def test_each_question_of_raising_is_saved_as_it_is_typed(school: Client) -> None:
    assert said(saves(school, opens(school, "/raise/worry"), worry="He is not seen"))["kept"]
    assert said(saves(school, opens(school, "/raise/wanted"), wanted="A visit"))["kept"]
    assert "He is not seen" in shown(school, "/raise/check")
    assert "A visit" in shown(school, "/raise/check")


def test_a_save_that_was_overtaken_changes_nothing_and_is_told_the_number(school: Client, write: str) -> None:
    tab = opens(school, write)
    saves(school, tab, count=7, words="The whole sentence")
    late = said(saves(school, tab, count=6, words="The who"))
    assert late["count"] == 7
    assert boxes(school, write)[0] == "The whole sentence"


def test_every_character_a_person_can_type_is_kept(school: Client, write: str) -> None:
    text = '  Two <b>visits</b> & \x00 "quoted" 🧒🏽 \u202e\r\nnext line'
    saves(school, opens(school, write), words=text)
    assert boxes(school, write)[0] == text.replace("\r\n", "\n")


def test_a_page_filled_from_a_draft_takes_its_place(school: Client, write: str) -> None:
    saves(school, opens(school, write), words=HALF)
    saves(school, opens(school, write), words=f"{HALF}, and the other half")
    assert DraftRow.objects.count() == 1
    saves(school, opens(school, write), words="")
    assert "This is your draft" not in shown(school, write), "a box that was emptied stays empty"


# --- two tabs ---------------------------------------------------------------------------------------------------------


def test_of_two_tabs_the_last_typed_fills_the_boxes_and_the_other_stands_beside_it(school: Client, write: str) -> None:
    one, two = opens(school, write), opens(school, write)
    assert not said(saves(school, one, words="From the first tab"))["elsewhere"]
    assert said(saves(school, two, words="From the second tab"))["elsewhere"], "the page says so at once"

    assert boxes(school, write)[0] == "From the second tab"
    assert "You typed something else in another tab" in shown(school, write)
    assert "From the first tab" in shown(school, write)

    # The first was typed before the second, but the line was cut, and it came after it.
    saves(school, one, count=2, age=60_000, words="From the first tab, a minute ago")
    assert boxes(school, write)[0] == "From the second tab"
    assert "From the first tab, a minute ago" in shown(school, write)
    saves(school, one, count=3, words="From the first tab, now")
    assert boxes(school, write)[0] == "From the first tab, now"


def test_what_is_sent_from_one_tab_leaves_what_the_other_typed(school: Client, riverside: Small, write: str) -> None:
    one, two = opens(school, write), opens(school, write)
    saves(school, two, words="From the second tab")
    assert school.post(write, one | {"words": "From the first tab"}).status_code == 302
    assert boxes(school, write)[0] == "From the second tab"
    assert [text for text in texts(riverside, write) if text.startswith("From")] == ["From the first tab"]


def test_an_answer_changed_in_another_tab_is_looked_at_before_it_is_sent(school: Client, riverside: Small) -> None:
    school.post("/raise/worry", {"worry": "As it was looked at"})
    check = opens(school, "/raise/check")
    saves(school, opens(school, "/raise/worry"), worry="As it was typed since")

    again = school.post("/raise/check", check)
    assert again.status_code == 200
    assert "An answer changed after you opened this page" in text_of(again.content)
    assert "As it was typed since" in text_of(again.content)
    assert not StandingRow.objects.exists()
    assert school.post("/raise/check", hidden(again.content)).status_code == 302
    assert "As it was typed since" in texts(riverside, f"/d/{StandingRow.objects.get().reference}")


# --- what was sent is no draft any more -------------------------------------------------------------------------------


def test_a_save_that_arrives_after_the_form_was_sent_does_not_bring_the_draft_back(school: Client, write: str) -> None:
    tab = opens(school, write)
    saves(school, tab, words=HALF)
    assert school.post(write, tab | {"words": "All of it", "count": "2"}).status_code == 302

    late = said(saves(school, tab, count=3, words=HALF))

    assert not late["kept"]
    assert not DraftRow.objects.exists()
    assert boxes(school, write)[0] == ""


def test_nor_does_one_that_arrives_after_a_disagreement_was_raised_or_dropped(school: Client) -> None:
    for ends, sends in (("/raise/check", True), ("/raise/anew", False)):
        school.post("/raise/worry", {"worry": "He is not seen"})
        tab = opens(school, "/raise/worry")
        assert school.post(ends, opens(school, "/raise/check") if sends else {}).status_code == 302
        assert not said(saves(school, tab, worry="He is not seen by"))["kept"]
        assert "He is not seen" not in school.get("/raise/worry").content.decode()


def test_what_was_sent_and_cut_off_before_the_draft_went_is_not_shown_as_unsent(school: Client, write: str) -> None:
    tab = opens(school, write)
    school.post(write, tab | {"words": "All of it"})
    sheet = sheets.read(tab["sheet"])
    assert sheet
    drafts.keep(sheet.person, sheet.place, {"words": ["All of it"]}, sheet.command)
    DoneForm.objects.all().delete()  # the process died between the act and its bookkeeping
    assert "This is your draft" not in shown(school, write)
    assert boxes(school, write)[0] == ""


def test_gone_back_to_and_changed_is_not_sent_and_not_lost(school: Client, riverside: Small, write: str) -> None:
    tab = opens(school, write) | {"words": "What was sent"}
    first = school.post(write, tab)
    assert school.post(write, tab).headers["Location"] == first.headers["Location"]
    assert not DraftRow.objects.exists(), "pressed twice"
    school.post(write, tab | {"words": "What I meant to say"})
    assert texts(riverside, write)[-1] == "What was sent"
    assert boxes(school, write)[0] == "What I meant to say"
    assert "It was not sent" in shown(school, write)
    assert "you typed it afterwards" in shown(school, first.headers["Location"])


def test_the_same_words_sent_again_from_a_page_loaded_anew_are_asked_about_first(
    school: Client, riverside: Small, write: str
) -> None:
    school.post(write, opens(school, write) | {"words": "What was sent"})
    again = school.post(write, opens(school, write) | {"words": "What was sent"})
    assert again.status_code == 200
    assert "You sent exactly this at" in text_of(again.content)
    assert texts(riverside, write).count("What was sent") == 1
    assert "This is your draft" not in shown(school, write)
    assert school.post(write, hidden(again.content) | {"words": "What was sent"}).status_code == 302, "nobody is barred"
    assert texts(riverside, write).count("What was sent") == 2


def test_a_check_page_gone_back_to_raises_nothing_more(school: Client) -> None:
    school.post("/raise/matter", {"leave": "yes"})
    assert school.post("/raise/check", opens(school, "/raise/check")).status_code == 302
    assert school.get("/raise/check").headers["Location"] == "/raise"
    assert school.post("/raise/check", {"command": ""}).headers["Location"] == "/raise"
    assert StandingRow.objects.count() == 1


# --- what is no save --------------------------------------------------------------------------------------------------


def test_a_sheet_that_is_not_ours_or_too_old_or_missing_keeps_nothing(
    school: Client, write: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    tab = opens(school, write)
    for sheet in ("", "x", tab["sheet"][:-1], "a" + tab["sheet"]):
        assert saves(school, tab | {"sheet": sheet}, words=HALF).status_code == 404
    cut = tab | {"words": HALF, "count": "1"}
    assert school.post("/draft", cut).status_code == 404, "its end is missing"
    later = clock.now() + sheets.LASTS
    monkeypatch.setattr(clock, "now", lambda: later)
    assert saves(school, tab, words=HALF).status_code == 404
    assert not DraftRow.objects.exists()


def test_typing_is_let_be_and_a_page_gone_wild_is_not(school: Client, write: str) -> None:
    tab = opens(school, write)
    answers = [saves(school, tab, count=n, words=f"{n}").status_code for n in range(1, drafts.SAVES_A_MINUTE + 3)]
    assert set(answers[: drafts.SAVES_A_MINUTE]) == {200}
    assert answers[-1] == 429
    assert school.post(write, tab | {"words": "Sent"}).status_code == 302, "nobody is barred from sending"


def test_too_long_to_save_while_typing_is_kept_when_it_is_sent(school: Client, write: str) -> None:
    tab, long = opens(school, write), "x" * 2_000_001
    assert saves(school, tab, words=long).status_code == 413
    assert school.post(write, tab | {"words": long}).status_code == 200
    assert boxes(school, write)[0] == long


@pytest.mark.parametrize("address", ["form", "/draft"])
def test_a_form_that_arrives_in_part_is_neither_sent_nor_kept(
    school: Client, riverside: Small, write: str, address: str
) -> None:
    tab = opens(school, write) | {"words": "All of it was to be here", "count": "1", "whole": "yes"}
    token = school.cookies["csrftoken"].value
    body = urlencode({"csrfmiddlewaretoken": token, **tab}).encode()
    before = len(texts(riverside, write))
    for arrived in (len(body) - 1, len(body) // 2, 90):
        status = sent_by_hand(school, write if address == "form" else address, body[:arrived], len(body))
        assert status in (400, 403), arrived
    assert len(texts(riverside, write)) == before
    assert not DraftRow.objects.exists()
    whole = sent_by_hand(school, write if address == "form" else address, body, len(body))
    assert whole == (302 if address == "form" else 200)


def sent_by_hand(client: Client, path: str, arrived: bytes, announced: int) -> int:
    """Send a form of which only a part arrives, as a server sees it; gives the status."""
    environ = {
        **client._base_environ(),  # type: ignore[attr-defined]  # what every request of the client's has
        "REQUEST_METHOD": "POST",
        "PATH_INFO": path,
        "CONTENT_TYPE": "application/x-www-form-urlencoded",
        "CONTENT_LENGTH": str(announced),
        "wsgi.input": BytesIO(arrived),
    }
    status: list[str] = []
    answer = WSGIHandler()(environ, lambda line, headers, *_: status.append(line))  # type: ignore[arg-type]
    answer.close()
    return int(status[0].split()[0])


# --- what arrives when nobody is signed in any more -------------------------------------------------------------------


@pytest.fixture
def area(transactional_db: None) -> Small:
    return small()


@pytest.fixture
def raised(area: Small) -> tuple[UUID, str]:
    disagreement, reference = area.raised(clock.now())
    return disagreement, f"/d/{reference}/write"


def test_what_is_sent_after_a_time_out_is_kept_and_found_after_signing_in(
    client: Client, area: Small, raised: tuple[UUID, str]
) -> None:
    disagreement, write = raised
    teacher = area.person(area.post("school"))
    tab = opens(signed_in_as(client, teacher), write)
    client.session.flush()

    answer = client.post(write, tab | {"words": HALF})

    assert answer.status_code == 302
    way_in = answer.headers["Location"]
    assert way_in.startswith("/sign-in?")
    assert "What you typed is kept." in shown(client, way_in)
    assert HALF not in client.get(way_in).content.decode()
    assert len(store.read(disagreement)) == 1, "nothing is done in anybody's name"

    back = unescape(re.search(r'name="next" value="([^"]+)"', client.get(way_in).content.decode())[1])  # type: ignore[index]
    nurse = area.person(area.owner(disagreement))
    assert HALF not in signed_in_as(Client(), nurse).get(back).content.decode()
    assert "Not sent yet" not in shown(signed_in_as(Client(), nurse), back)
    signed_in_as(client, teacher)
    assert HALF in boxes(client, back)
    assert "Not sent yet" in shown(client, back)
    assert client.post(back, opens(client, back) | {"words": HALF}).status_code == 302
    assert len(store.read(disagreement)) == 2


def test_an_answer_of_raising_sent_after_a_time_out_is_kept_too(client: Client, area: Small) -> None:
    teacher = area.person(area.post("school"))
    tab = opens(signed_in_as(client, teacher), "/raise/worry")
    client.session.flush()
    answer = client.post("/raise/worry", tab | {"worry": HALF})
    assert "next=%2Fraise%2Fworry" in answer.headers["Location"]
    signed_in_as(client, teacher)
    assert HALF in boxes(client, "/raise/worry?unsent=yes")
    assert "Not sent yet" in shown(client, "/raise/worry?unsent=yes")
    check = opens(client, "/raise/check")
    client.session.flush()
    assert "next=%2Fraise%2Fcheck" in client.post("/raise/check", check).headers["Location"]
    assert "All your answers are here" in shown(signed_in_as(client, teacher), "/raise/check?unsent=yes")
    assert not StandingRow.objects.exists()


def test_what_is_typed_after_a_time_out_is_saved_and_the_page_says_to_sign_in(
    client: Client, area: Small, raised: tuple[UUID, str]
) -> None:
    _, write = raised
    tab = opens(signed_in_as(client, area.person(area.post("school"))), write)
    client.session.flush()
    answer = said(saves(client, tab, words=HALF))
    assert answer["kept"]
    assert answer["signedOut"]


def test_an_old_page_after_signing_in_anew_loses_nothing(area: Small, raised: tuple[UUID, str]) -> None:
    disagreement, write = raised
    teacher = area.person(area.post("school"))
    strict = signed_in_as(Client(enforce_csrf_checks=True), teacher)
    tab = opens(strict, write) | {"words": HALF, "csrfmiddlewaretoken": "a" * 64}
    answer = strict.post(write, tab)
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"{write}?unsent=yes"
    assert HALF in boxes(strict, f"{write}?unsent=yes")
    assert len(store.read(disagreement)) == 1
    assert strict.post(write, {"words": HALF}).status_code == 403, "what no page of ours was opened for"


def test_a_page_that_somebody_else_opened_is_never_sent_as_ones_own(
    client: Client, area: Small, raised: tuple[UUID, str]
) -> None:
    disagreement, write = raised
    teacher, worker = area.person(area.post("school")), area.person(area.owner(disagreement))
    tab = opens(signed_in_as(client, teacher), write)
    signed_in_as(client, worker)
    for strict in (False, True):
        client.handler.enforce_csrf_checks = strict
        answer = client.post(write, tab | {"words": HALF})
        assert answer.status_code == 403
        assert "Somebody else had opened that page" in text_of(answer.content)
        assert HALF not in answer.content.decode()
    client.handler.enforce_csrf_checks = False
    assert len(store.read(disagreement)) == 1
    assert HALF not in client.get(write).content.decode()
    assert HALF in boxes(signed_in_as(client, teacher), write)


def test_a_guest_finds_what_they_typed_when_they_come_back(client: Client, area: Small, settings: Settings) -> None:
    from tests.pages.test_guests import away, make

    away(area)
    settings.DEMONSTRATION = True
    disagreement, reference = area.raised(clock.now(), against="health")
    office = be(Client(), area, area.post("partnership", "office"))
    path, code = make(office, reference, area.agency("health"))
    settings.DEMONSTRATION = False
    assert client.post(path, {"code": code}).status_code == 302
    tab = opens(client, f"/d/{reference}/write")
    client.session.flush()
    before = len(store.read(disagreement))
    answer = client.post(f"/d/{reference}/write", tab | {"words": HALF})
    assert answer.headers["Location"] == "/guest/over?unsent=yes"
    assert "It is kept. Come back" in shown(client, "/guest/over?unsent=yes")
    assert client.post(path, {"code": code}).status_code == 302
    assert HALF in boxes(client, f"/d/{reference}/write")
    GuestLink.objects.update(revoked_at=clock.now())
    ended = client.post(f"/d/{reference}/write", tab | {"words": HALF})
    assert ended.headers["Location"] == "/guest/over?unsent=yes"
    assert len(store.read(disagreement)) == before


# --- nothing is left lying about --------------------------------------------------------------------------------------


def test_a_draft_that_nobody_touches_goes_after_the_time_that_is_said(
    school: Client, write: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    saves(school, opens(school, write), words=HALF)
    began = clock.now()
    monkeypatch.setattr(clock, "now", lambda: began + drafts.LASTS - timedelta(hours=1))
    person = DraftRow.objects.get().person
    place = DraftRow.objects.get().place
    assert drafts.kept(person, place)
    monkeypatch.setattr(clock, "now", lambda: began + drafts.LASTS + timedelta(hours=1))
    assert not drafts.kept(person, place)
    drafts.keep("somebody-else", "raise/worry", {"worry": ["x"]})
    drafts.done(UUID(int=1))
    drafts.clear_away(clock.now())
    assert DoneForm.objects.get().command == UUID(int=1)
    assert DraftRow.objects.get().person == "somebody-else"
    assert f"{drafts.LASTS.days} days" in text_of(Client().get("/records").content)


def test_pages_that_hold_words_are_kept_by_no_browser(school: Client, riverside: Small, write: str) -> None:
    withdraw = write.replace("write", "withdraw")
    wrong = school.post(withdraw, filled(school.get(withdraw).content, " "))
    saves(school, opens(school, write), words=HALF)
    school.post("/raise/worry", {"worry": HALF})
    pages = [wrong, *(school.get(path) for path in (write, "/raise/worry", "/raise/check", write.rsplit("/", 1)[0]))]
    for page in pages:
        assert page.status_code == 200
        assert page.headers["Cache-Control"] == "private, no-store"
    one_line = re.findall(r"<input[^>]*type=\"text\"[^>]*>", school.get("/raise/child").content.decode())
    assert one_line
    assert all('autocomplete="off"' in one for one in one_line), "or the next who types there is offered it"


def texts(riverside: Small, address: str) -> list[str]:
    """What was sent in a disagreement, oldest first."""
    disagreement = riverside.find(address.split("/")[2])
    pieces = store.words_of(disagreement, store.read(disagreement))
    return [piece.text for sequence in sorted(pieces) for piece in pieces[sequence]]  # type: ignore[union-attr]


# --- Forms that are no acts -------------------------------------------------------------------------------------------


def test_a_reason_to_look_waits_for_whoever_began_it(client: Client, riverside: Small) -> None:
    _, reference = riverside.raised(clock.now())
    asked = be(client, riverside, riverside.post("social-care", "senior"))
    tab = opens(asked, f"/look?reference={reference}")
    assert said(saves(asked, tab, reference=reference, reason=HALF))["kept"]

    assert boxes(asked, "/look") == [HALF]
    assert boxes(asked, f"/look?reference={reference}") == [HALF]
    assert boxes(asked, "/look?reference=RIVE-222222") == [""], "a reason for one is no reason for another"

    asked.post("/look", {**tab, "reference": "RIVE-222222", "reason": HALF + " more"})
    assert boxes(asked, "/look") == [HALF + " more"], "refused, and kept"
    assert asked.post("/look", {**opens(asked, "/look"), "reference": reference, "reason": HALF}).status_code == 302
    assert boxes(asked, "/look") == [""], "sent"


def test_notes_before_leave_wait_until_they_are_sent(client: Client, riverside: Small) -> None:
    _, reference = riverside.raised(clock.now())
    school = be(client, riverside, riverside.post("school"))
    day = clock.today() + timedelta(days=1)
    away = {"from_on-day": str(day.day), "from_on-month": str(day.month), "from_on-year": str(day.year)}

    def goes_on() -> bytes:
        return school.post("/leave", away).content

    assert "You began notes" not in shown(school, "/leave")
    tab = hidden(goes_on())
    tab |= {f"note-{reference}": HALF}
    assert said(saves(school, tab))["kept"]

    assert "You began notes and did not send them" in shown(school, "/leave")
    assert f"{HALF}</textarea>" in goes_on().decode()
    sent = school.post("/leave", {**hidden(goes_on()), f"note-{reference}": HALF})
    assert sent.status_code == 302
    assert "You began notes" not in shown(school, "/leave")
    assert f"{HALF}</textarea>" not in goes_on().decode()
