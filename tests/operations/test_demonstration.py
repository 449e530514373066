"""The demonstration's data: all that a visitor should meet is there, whenever it is started, and all is invented."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from io import BytesIO

import pytest

from commonground.core.acts import Answer, Mark
from commonground.core.standing import Standing, standing
from commonground.core.time import LONDON
from commonground.language.calendars import load_calendar
from commonground.language.library import shipped
from commonground.language.mistakes import read_model
from commonground.operations.demonstration import (
    PartnershipRow,
    Seeded,
    dated,
    files,
    id_of,
    seed,
    working_time_before,
)
from commonground.outbox.models import MessageRow, State
from commonground.people.access import scopes_of
from commonground.people.models import Holding, Partnership, Person
from commonground.record import store
from commonground.record.models import StandingRow
from commonground.record.verifier import verify
from commonground.usecases.export import export_without_words
from commonground.usecases.rebuild import rebuild
from commonground.usecases.sweep import sweep
from commonground.usecases.tick_lists import tick_lists_of

CALENDAR = load_calendar("england-and-wales")
NOW = datetime(2026, 11, 24, 11, 20, tzinfo=UTC)

ROWS = [read_model(PartnershipRow, path)[0] for path in files()]


def told() -> dict[str, Standing]:
    """Give what each story has come to, by its title."""
    return {story.disagreement: standing(store.read(id_of(row, story))) for row in ROWS for story in row.disagreements}


@pytest.mark.django_db
def test_everything_that_can_happen_has_happened_and_a_second_seed_adds_nothing() -> None:
    seeded = seed(NOW)

    for row in ROWS:
        assert tick_lists_of(row.partnership).keys() == {ask for one in row.tick_lists for ask in one.asks}
    assert any(row.tick_lists for row in ROWS)

    now = told()
    assert seeded.partnerships == len(shipped()) == len(ROWS)
    assert seeded.disagreements == len(now) >= 40

    # Every stage of every route of every procedure has been entered by one of them at least.
    for row in ROWS:
        procedure, digest = shipped()[row.adopts]
        of_it = [one for one in now.values() if one.opened and one.opened.digest == digest]
        stages = {f"{route.key}/{stage.key}" for route in procedure.routes for stage in route.stages}
        assert stages == {place for one in of_it for place in one.visited}
        # ... and most are open somewhere now.
        assert len({(one.route, one.stage) for one in of_it if not one.ended}) >= min(7, len(stages) / 2)
    kinds = {
        shipped()[one.opened.procedure][0].ending(one.ended.ending).kind
        for one in now.values()
        if one.opened and one.ended and one.ended.ending != "withdrawn"
    }
    assert {kind.name for kind in kinds} >= {
        "AGREED", "DECIDED", "UPHELD", "DISSENT_NOTED", "RECONVENE", "STANDS", "ANSWERED", "REFERRED",
    }  # fmt: skip
    assert any(one.ended and one.ended.ending == "withdrawn" for one in now.values())

    open_ones = [one for one in now.values() if not one.ended]
    sides = {one.waits.owner.post.agency in one.responding for one in open_ones if one.waits and one.waits.owner}
    assert sides == {True, False}
    assert any(one.missed for one in open_ones)
    assert {one.question.office for one in open_ones if one.question} == {True, False}
    assert any(one.proposal for one in open_ones)
    assert any(not one.responding for one in open_ones)
    assert any(set(one.challenging) & set(one.responding) for one in open_ones)
    assert any(one.answer is Answer.NOT_ME for one in open_ones)
    assert any(one.childs_date for one in open_ones)
    assert any(
        action.due_on and action.due_on < NOW.date() and action.key not in one.actions_done
        for one in now.values()
        for action in one.actions.values()
    )
    marks = {
        mark
        for row in ROWS
        for story in row.disagreements
        for act in store.read(id_of(row, story))
        for mark in act.marks
    }
    assert marks >= {Mark.REOPENED, Mark.URGENT, Mark.BY_SILENCE, Mark.STOOD_IN, Mark.SKIPPED}

    # It is as if it had been run all along: owned, dated, nothing overdue, nothing that waits to go.
    for one in open_ones:
        assert one.waits
        assert one.waits.owner
        assert one.waits.due
        assert one.waits.due.at > NOW
    assert all(one.recorded_at and one.recorded_at <= NOW for one in now.values())
    assert sweep(at=NOW).silences == 0
    assert not MessageRow.objects.filter(state=State.WAITING, send_at__lte=NOW).exists()
    assert all(one.same for one in rebuild())
    for reference in StandingRow.objects.values_list("reference", flat=True):
        assert verify(BytesIO(b"".join(export_without_words(reference)))).acts > 0

    # Every person has a seat, every agency a telephone, some posts a deputy, and a second seed finds it all there.
    assert all(scopes_of(person, NOW.date()) for person in Person.objects.values_list("key", flat=True))
    assert Holding.objects.filter(deputy=1).count() >= 5
    assert seed(NOW) == Seeded(0, 0, 0)
    assert Partnership.objects.count() == len(ROWS)


@pytest.mark.django_db
def test_what_is_missing_is_told_and_the_rest_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    one = ROWS[0].model_copy(update={"disagreements": ROWS[0].disagreements[:2]})
    two = ROWS[0].model_copy(update={"disagreements": ROWS[0].disagreements[:3]})
    monkeypatch.setattr("commonground.operations.demonstration.files", lambda: ("one file",))
    monkeypatch.setattr("commonground.operations.demonstration.read_model", lambda model, path: (one, None))
    shown: list[tuple[int, int]] = []
    assert seed(NOW, lambda done, of: shown.append((done, of))).disagreements == 2
    before = {row.reference for row in StandingRow.objects.all()}

    monkeypatch.setattr("commonground.operations.demonstration.read_model", lambda model, path: (two, None))
    again = seed(NOW)

    assert shown == [(1, 2), (2, 2)]
    assert (again.partnerships, again.disagreements) == (0, 1)
    assert before < {row.reference for row in StandingRow.objects.all()}


@pytest.mark.long
@pytest.mark.django_db
@pytest.mark.parametrize(
    "now",
    [
        pytest.param("2026-11-23 00:10", id="just after midnight"),
        pytest.param("2026-11-23 10:15", id="Monday morning"),
        pytest.param("2026-11-27 16:58", id="Friday, before closing"),
        pytest.param("2026-12-27 12:00", id="between Christmas and New Year"),
        pytest.param("2027-03-29 15:40", id="Easter Monday, the day after the clocks went forward"),
        pytest.param("2027-07-14 22:10", id="a summer evening"),
        pytest.param("2028-12-29 14:00", id="the calendar's last working day"),
    ],
)
def test_it_can_be_told_at_any_time(now: str) -> None:
    at = datetime.fromisoformat(now).replace(tzinfo=LONDON)

    seed(at)

    assert all(one.waits and one.waits.due and one.waits.due.at > at for one in told().values() if not one.ended)
    assert sum(one.ended is None for one in told().values()) > len(told()) / 2


# --- Moments ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "minutes", "then"),
    [
        pytest.param("2026-11-24 11:20", 0, "2026-11-24 11:20", id="now"),
        pytest.param("2026-11-24 11:20", 140, "2026-11-24 09:00", id="since opening"),
        pytest.param("2026-11-24 11:20", 141, "2026-11-23 16:59", id="the day before"),
        pytest.param("2026-11-24 11:20", 480, "2026-11-23 11:20", id="a working day is eight hours"),
        pytest.param("2026-11-22 13:00", 60, "2026-11-20 16:00", id="Sunday counts from Friday's close"),
        pytest.param("2026-11-23 06:00", 60, "2026-11-20 16:00", id="before opening as well"),
        pytest.param("2026-11-23 23:00", 60, "2026-11-23 16:00", id="after closing counts from the close"),
        pytest.param("2026-12-29 10:00", 120, "2026-12-24 16:00", id="Christmas, its substitute day and a weekend"),
        pytest.param("2027-03-30 09:30", 60, "2027-03-25 16:30", id="Easter, and the clocks went forward"),
    ],
)
def test_working_time_before(now: str, minutes: int, then: str) -> None:
    at = datetime.fromisoformat(now).replace(tzinfo=LONDON)

    assert working_time_before(at, minutes, CALENDAR) == datetime.fromisoformat(then).replace(tzinfo=LONDON)


def test_the_moments_in_a_line_are_written_as_scenarios_have_them() -> None:
    line = {
        "at": "-1d 2h",
        "by": "school practitioner",
        "wanted-on": "on +5d",
        "actions": [{"action": "ring", "by": "on -2d"}],
        "states-time": "+1d",
        "saying": {"words": "-1d"},
    }

    assert dated(line, NOW, CALENDAR) == {
        "at": "Mon 23 Nov 2026 09:20",
        "by": "school practitioner",
        "wanted-on": "Tue 1 Dec 2026",
        "actions": [{"action": "ring", "by": "Fri 20 Nov 2026"}],
        "states-time": "Wed 25 Nov 2026 12:00",
        "saying": {"words": "-1d"},
    }
    assert dated("-1d 2h", NOW, CALENDAR, 20) == "Mon 23 Nov 2026 09:00"


# --- Invented ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.partnership)
def test_telephone_numbers_are_those_kept_free_for_drama(row: PartnershipRow) -> None:
    numbers = [number for agency in row.agencies for number in (agency.telephone, agency.out_of_hours) if number]

    assert len(numbers) >= len(row.agencies)
    assert [number for number in numbers if not re.fullmatch(r"01632 960\d{3}|0808 157 0\d{3}", number)] == []


def test_nobody_has_the_name_of_somebody_else() -> None:
    names = [person.name for row in ROWS for agency in row.agencies for person in agency.people]

    assert len(names) == len(set(names))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.partnership)
def test_each_child_is_known_by_initials_and_year_of_birth_alone(row: PartnershipRow) -> None:
    children = [story.child for story in row.disagreements if story.child]
    form = r"[A-Z]\.[A-Z]\., born 20\d\d|[A-Z]\.[A-Z]\. and [A-Z]\.[A-Z]\., born 20\d\d and 20\d\d"

    assert [child for child in children if not re.fullmatch(form, child)] == []
