"""An agency that is unknown or not on the service: raising works, and the office's page has every way to reach it."""

from __future__ import annotations

import pytest
from django.test import Client

from commonground.core.acts import Because, Side, What
from commonground.core.procedure import OFFICE
from commonground.people.models import Agency
from commonground.usecases import clock
from tests.pages.reading import be, hidden, text_of
from tests.partnership import NAMES, Small

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def away(riverside: Small) -> Small:
    """Nobody of health signs in; the directory has a number and an address."""
    Agency.objects.filter(key=riverside.agency("health")).update(
        on_service=False, telephone="01632 960222", address="1 Elm Road\nRiverside"
    )
    Agency.objects.filter(key=riverside.agency("partnership")).update(telephone="01632 960333")
    return riverside


def office_of(riverside: Small) -> Client:
    return be(Client(), riverside, riverside.post("partnership", OFFICE))


def test_raised_against_an_agency_outside_the_page_says_who_reaches_whom_by_when(away: Small) -> None:
    disagreement, reference = away.raised(clock.now(), against="health")
    waits = away.standing(disagreement).waits
    assert waits is not None
    assert (waits.what, away.owner(disagreement).post) == (What.REACH, OFFICE)
    assert waits.due is not None

    said = text_of(be(Client(), away, away.post("school")).get(f"/d/{reference}").content)
    assert "Reach the other agency, and bring it in" in said
    assert "Reaching the other side The partnership’s office does this, by " in said
    assert NAMES["health"] in said


def test_the_offices_page_has_every_way_to_them(away: Small) -> None:
    _, reference = away.raised(clock.now(), against="health")
    office = office_of(away)
    page = office.get(f"/d/{reference}").content.decode()
    assert f'href="/d/{reference}/reach"' in page
    answer = office.get(f"/d/{reference}/reach")
    said, links = text_of(answer.content), answer.content.decode()
    for text in (NAMES["health"], "01632 960222", "1 Elm Road", "Reach them by:"):
        assert text in said
    for path in ("reach/letter", "note", "guests", "reached"):
        address = f"/d/{reference}/{path}"
        assert f'href="{address}"' in links
        assert office.get(address).status_code == 200, address


def test_the_letter_has_the_reference_and_a_number_and_nothing_of_anybody(away: Small) -> None:
    _, reference = away.raised(clock.now(), against="health", words="Robin Example was not seen.")
    said = text_of(office_of(away).get(f"/d/{reference}/reach/letter").content)
    for text in (reference, NAMES["health"], "1 Elm Road", "01632 960333"):
        assert text in said
    letter = said.split("From:")[1]
    for text in ("Robin", "not seen", NAMES["school"], "Pat "):
        assert text not in letter.split("You are acting for")[0]


def test_only_the_office_and_only_while_somebody_is_to_be_reached(away: Small) -> None:
    _, reference = away.raised(clock.now(), against="health")
    _, known = away.raised(clock.now(), against="police")
    school = be(Client(), away, away.post("school"))
    for path in ("reach", "reach/letter"):
        assert school.get(f"/d/{reference}/{path}").status_code == 404
        assert office_of(away).get(f"/d/{known}/{path}").status_code == 404
        assert office_of(away).post(f"/d/{reference}/{path}").status_code == 405


def test_told_that_they_were_reached_the_record_says_so_and_the_stage_begins(away: Small) -> None:
    disagreement, reference = away.raised(clock.now(), against="health")
    office = office_of(away)
    page = office.get(f"/d/{reference}/reached").content
    sent = {"agency": away.agency("health"), "words": "I rang, and they answer by telephone."}
    assert office.post(f"/d/{reference}/reached", hidden(page) | sent).status_code == 302
    across = away.standing(disagreement).owner_of(Side.RESPONDING)
    assert across.post.agency == away.agency("health")
    assert across.because is not Because.REACHING
    said = text_of(office.get(f"/d/{reference}").content)
    assert "Reaching the other side" not in said
    assert f"reached {NAMES['health']}" in said
    for note in ("First.", "Second."):  # the next act finds them reached too
        page = office.get(f"/d/{reference}/note").content
        answer = office.post(f"/d/{reference}/note", hidden(page) | {"note": note})
        assert answer.status_code == 302
    waits = away.standing(disagreement).waits
    assert waits is not None
    assert waits.what is not What.REACH


def test_they_join_the_service_meanwhile_and_are_still_to_be_told(away: Small) -> None:
    disagreement, reference = away.raised(clock.now(), against="health")
    Agency.objects.filter(key=away.agency("health")).update(on_service=True)
    office = office_of(away)
    assert office.get(f"/d/{reference}/reach").status_code == 200
    page = office.get(f"/d/{reference}/reached").content
    assert office.post(f"/d/{reference}/reached", hidden(page) | {"agency": away.agency("health")}).status_code == 302
    assert away.standing(disagreement).owner_of(Side.RESPONDING).post.agency == away.agency("health")


def test_where_nobody_is_named_the_page_says_so_and_another_agency_can_be_recorded(away: Small) -> None:
    disagreement, reference = away.raised(clock.now(), against=None)
    office = office_of(away)
    assert "An agency that nobody has named yet" in text_of(office.get(f"/d/{reference}/reach").content)
    page = office.get(f"/d/{reference}/reached").content
    assert office.post(f"/d/{reference}/reached", hidden(page) | {"agency": away.agency("police")}).status_code == 302
    assert away.standing(disagreement).responding == (away.agency("police"),)
