"""The fence between partnerships: outside it every question raises, and inside one's own nothing of another's is there.

What is asked is found, not listed: every table about a disagreement, every model of one, every public function of the
record, of access, of guests' links and of the outbox. A new one without a fence, or one that nobody said how to ask,
fails here.
"""

from __future__ import annotations

import inspect
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, models, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path

from commonground import fence
from commonground.core.acts import About, Audience, Medium, PostRef, Raise, Talk
from commonground.core.decide import Accepted
from commonground.core.procedure import OFFICE
from commonground.core.telling import Beside, Notice
from commonground.fence import Fenced, ScopeError
from commonground.language.calendars import load_calendar
from commonground.outbox import messages
from commonground.outbox.models import Delivery, MessageRow
from commonground.people import access, guests
from commonground.people.access import PartOf, Relation, Scope, Why
from commonground.people.models import Agency, GuestLink, Partnership, TickList
from commonground.people.staffing import answering_in, staffing_of
from commonground.record import checkpoints, store
from commonground.record.codec import Altered
from commonground.record.models import ActRow, StandingRow, WordsRow
from commonground.record.store import StandingColumns
from commonground.record.words import typed
from commonground.sql import run
from commonground.usecases.export import export_for, export_without_words
from commonground.usecases.guests import links_of, make_link
from commonground.usecases.handle import Asking, NotThere, handle, raise_disagreement
from commonground.usecases.linked import links, raised_at_once
from commonground.usecases.listing import list_of, lists_for
from commonground.usecases.looking import first_opened_by, leads_of, look_outside, looks_at, openings_of
from commonground.usecases.reading import find_for, read, reference_of
from commonground.usecases.rebuild import rebuild
from commonground.usecases.redate import Outcome, redate
from commonground.usecases.sweep import sweep
from commonground.usecases.unanswered import unanswered
from tests.partnership import Small, small

pytestmark = pytest.mark.django_db

AT = datetime(2026, 3, 2, 10, tzinfo=UTC)
LATER = AT + timedelta(hours=1)
MODELS = [model for model in apps.get_models() if issubclass(model, Fenced)]
GROW_ONLY = {ActRow, WordsRow}
"""Where the database refuses to change or remove anything, whatever was found."""
OF_A_PARTNERSHIP = {TickList}
"""What is about no one disagreement, and is its partnership's alone to read and change."""
SOURCE = Path(fence.__file__).parent
CALENDAR = load_calendar("england-and-wales")


@dataclass
class Side:
    """One of two partnerships, with a disagreement that has a row in every fenced table."""

    small: Small
    disagreement: UUID
    reference: str
    raiser: Scope
    office: Scope
    link: GuestLink

    @property
    def key(self) -> str:
        return self.small.key

    def rows(self) -> dict[str, list[Any]]:
        """Everything there is about the disagreement."""
        with fence.outside(), fence.everywhere("a test compares"):
            return {model.__name__: list(_of(model, self).order_by("pk").values_list()) for model in MODELS}


def _of(model: Any, side: Side) -> models.QuerySet[Any]:
    whose = side.key if model in OF_A_PARTNERSHIP else side.disagreement
    found: models.QuerySet[Any] = model.objects.filter(**{model.disagreement_by: whose})
    return found


def _side(key: str) -> Side:
    made = small(key)
    raiser, office = made.scope(made.post("school")), made.scope(made.post("partnership", OFFICE))
    disagreement, reference = made.raised(AT)
    made.does(disagreement, raiser.seat, Talk(Medium.TELEPHONE), AT, words="We spoke.")
    read(raiser, disagreement, LATER)
    look_outside([office], reference, "A parent rang.", LATER)
    link = make_link(raiser, disagreement, "Sam Visitor", raiser.seat, at=LATER)
    guests.spend(link.token, link.code, "a browser", LATER)
    message = MessageRow.objects.filter(disagreement=disagreement)[0]
    Delivery.objects.create(message=message, person="somebody", delivered_at=LATER)
    TickList.objects.create(partnership_id=key, ask="signs", title="Signs of need", version_on=AT.date())
    return Side(made, disagreement, reference, raiser, office, GuestLink.objects.get(pk=link.id))


@pytest.fixture
def sides() -> tuple[Side, Side]:
    """Ours and theirs."""
    return _side("riverside"), _side("hillside")


@pytest.fixture
def nowhere() -> Iterator[None]:
    """No partnership in scope: as every request begins, and unlike a test."""
    with fence.outside():
        yield


# --- Which tables -----------------------------------------------------------------------------------------------------


def test_every_table_about_a_disagreement_is_behind_the_fence() -> None:
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
        columns = {
            table: {column.name for column in connection.introspection.get_table_description(cursor, table)}
            for table in tables
        }
        leads_to = {
            table: {other for _, other in connection.introspection.get_relations(cursor, table).values()}
            for table in tables
        }

    about = {table for table in tables if "disagreement" in columns[table]}
    about |= {table for table in tables if leads_to[table] & about}

    assert about.isdisjoint(model._meta.db_table for model in OF_A_PARTNERSHIP)
    about |= {model._meta.db_table for model in OF_A_PARTNERSHIP}
    assert about == fence.TABLES == {model._meta.db_table for model in MODELS}


@pytest.mark.parametrize("table", sorted(fence.TABLES))
@pytest.mark.parametrize("statement", ["SELECT * FROM {}", 'delete from "{}"', "SELECT 1 FROM people, {} AS p"])
def test_a_statement_that_touches_a_fenced_table_is_known(table: str, statement: str, nowhere: None) -> None:
    assert fence.is_fenced(statement.format(table))
    assert fence.is_fenced(statement.format(table.upper()))
    with pytest.raises(ScopeError):
        run(statement.format(table))


def test_other_statements_need_no_partnership(nowhere: None) -> None:
    assert run("SELECT count(*) FROM people").fetchone() == (0,)
    assert Partnership.objects.count() == 0


# --- Models -----------------------------------------------------------------------------------------------------------

QUESTIONS: dict[str, Callable[[Any], object]] = {
    "all": lambda rows: list(rows.all()),
    "exists": lambda rows: rows.exists(),
    "not excluded": lambda rows: rows.exclude(pk=None).exists(),
    "count": lambda rows: rows.count(),
    "aggregate": lambda rows: rows.aggregate(number=models.Count("pk")),
    "first": lambda rows: rows.first(),
    "get": lambda rows: rows.get(pk=1),
    "in bulk": lambda rows: rows.in_bulk(),
    "values": lambda rows: list(rows.values_list("pk")),
    "update": lambda rows: rows.update(disagreement=None),
    "delete": lambda rows: rows.filter(pk=None).delete(),
    "create": lambda rows: rows.create(),
    "bulk create": lambda rows: rows.bulk_create([rows.model()]),
    "raw": lambda rows: list(rows.raw("SELECT 1 AS id")),
    "none": lambda rows: rows.none(),
}


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("manager", ["objects", "_default_manager", "_base_manager"])
def test_outside_the_fence_every_question_raises(model: Any, manager: str, nowhere: None) -> None:
    for name, question in QUESTIONS.items():
        with pytest.raises(ScopeError):
            _named(name, question(getattr(model, manager)))


def _named(question: str, answer: object) -> None:
    """Say in a test's failure which question was answered."""
    pytest.fail(f"{question}: {answer}")


def test_inside_the_fence_nothing_of_another_partnership_is_there(sides: tuple[Side, Side]) -> None:
    ours, theirs = sides
    before = theirs.rows()
    for model in MODELS:
        mine, others = _of(model, ours).first(), _of(model, theirs).first()
        assert mine is not None
        assert others is not None, f"plant a {model.__name__} in _side"
        for manager in (model.objects, model._base_manager):
            with fence.outside(), fence.inside(ours.key):
                _is_alone_with(model, manager, mine, others)
                if model not in GROW_ONLY:
                    field = next(one.attname for one in model._meta.concrete_fields if not one.primary_key)
                    assert _of(model, theirs).update(**{field: getattr(others, field)}) == 0
                    assert _of(model, theirs).delete()[0] == 0

    assert theirs.rows() == before


def _is_alone_with(model: Any, manager: Any, mine: Any, others: Any) -> None:
    about = mine._meta.model.disagreement_by
    assert manager.values_list(about, flat=True).distinct().count() == 1
    assert manager.filter(pk=mine.pk).exists()
    assert not manager.filter(pk=others.pk).exists()
    assert manager.filter(pk__in=[mine.pk, others.pk]).count() == 1
    assert list(manager.in_bulk([mine.pk, others.pk])) == [mine.pk]
    with pytest.raises(model.DoesNotExist):
        manager.get(pk=others.pk)
    with pytest.raises(model.DoesNotExist):
        others.refresh_from_db()


def test_nothing_is_put_in_for_another_partnership(sides: tuple[Side, Side]) -> None:
    ours, theirs = sides
    row = GuestLink.objects.get(pk=theirs.link.pk)
    row.pk, row.link_digest = None, b"another"

    with fence.outside(), fence.inside(ours.key):
        for put in (row.save, partial(GuestLink.objects.bulk_create, [row])):
            with pytest.raises(ScopeError), transaction.atomic():
                put()
        row.partnership_id = ours.key
        row.save()

    assert GuestLink.objects.filter(pk=row.pk, partnership=ours.key).exists()


def test_what_leads_back_from_other_models_is_fenced_too(sides: tuple[Side, Side]) -> None:
    ours, theirs = sides
    partnership, agency = Partnership.objects.get(key=theirs.key), Agency.objects.get(key=theirs.raiser.seat.agency)
    backwards = [(partnership, "part_set"), (partnership, "opening_set"), (agency, "party_set")]

    for row, accessor in backwards:
        assert getattr(row, accessor).count() >= 1
        with fence.outside():
            with pytest.raises(ScopeError):
                getattr(row, accessor).count()
            with fence.inside(ours.key):
                assert getattr(row, accessor).count() == 0
                assert not getattr(row, accessor).exists()


def test_no_query_of_ours_joins_its_way_in_from_a_table_outside() -> None:
    # A join is made from the outer model's manager, and asks no other's.
    back = {
        relation.name
        for model in apps.get_models()
        if not issubclass(model, Fenced)
        for relation in model._meta.related_objects
        if issubclass(relation.related_model, Fenced)
    }
    assert back == {"party", "part", "opening", "guestlink", "ticklist"}
    names = re.compile(rf"\b(?:{'|'.join(sorted(back))})(?:__|_set\b)")
    found = [
        f"{file.relative_to(SOURCE)}: {line.strip()}"
        for file in SOURCE.rglob("*.py")
        for line in file.read_text(encoding="utf-8").splitlines()
        if names.search(line)
    ]

    assert not found


# --- Functions --------------------------------------------------------------------------------------------------------

Asked = Callable[[Scope, Side], object]
"""How a function is asked about somebody's disagreement, with somebody's scope. Any true answer means: found."""

NOTICE = Notice(PostRef("school", "head"), Beside.LOOKED_OUTSIDE, to_act=False)
MUCH_LATER = AT.replace(year=2036)


def _append(side: Side, *, follows: bool = False) -> object:
    with fence.outside(), fence.everywhere("what the caller would have to know"):
        acts = store.read(side.disagreement)
        last = bytes(ActRow.objects.get(disagreement=side.disagreement, sequence=len(acts)).digest)
    piece = typed("words", "Not ours.", Audience.PARTIES, "school")
    act = replace(acts[-1], id=uuid4(), said=(piece.said,))
    return store.append(side.disagreement, len(acts), act, (piece,), follows=last if follows else None)


def _columns(side: Side, **changes: Any) -> StandingColumns:
    with fence.outside(), fence.everywhere("what the caller would have to know"):
        row = StandingRow.objects.get(disagreement=side.disagreement)
    kept = {field.name: getattr(row, field.name) for field in fields(StandingColumns)}
    return StandingColumns(**{**kept, "what": "to be changed", **changes})


def _erase(side: Side) -> object:
    with fence.outside(), fence.everywhere("what the caller would have to know"):
        digest = WordsRow.objects.filter(disagreement=side.disagreement, sequence=1)[0].digest
    return store.erase(side.disagreement, 1, bytes(digest).hex(), LATER)


def _sent(side: Side) -> object:
    sent: list[messages.Message] = []
    messages.send_due(MUCH_LATER, sent.append)
    return [one for one in sent if one.disagreement == side.disagreement]


def _both(ask: Callable[[Scope, UUID], object]) -> list[Asked]:
    """Asked with our scope about theirs, and with one of theirs that has strayed into our fence."""
    return [lambda scope, it: ask(scope, it.disagreement), lambda scope, it: ask(it.raiser, it.disagreement)]


ASKED: dict[ModuleType, dict[str, list[Asked]]] = {
    store: {
        "append": [lambda scope, it: _append(it), lambda scope, it: _append(it, follows=True)],
        "put_standing": [
            lambda scope, it: store.put_standing(_columns(it)),
            lambda scope, it: store.put_standing(_columns(it, partnership=scope.partnership)),
        ],
        "erase": [lambda scope, it: _erase(it)],
        "read": [lambda scope, it: store.read(it.disagreement)],
        "latest": [lambda scope, it: store.latest(it.disagreement)],
        "check": [lambda scope, it: store.check(it.disagreement)],
        "find": [lambda scope, it: store.find(it.disagreement, it.disagreement)],
        "words_of": [lambda scope, it: store.words_of(it.disagreement, ())],
        "standing_row": [lambda scope, it: store.standing_row(it.disagreement)],
        "place_of": [lambda scope, it: store.place_of(it.disagreement)],
        "due": [lambda scope, it: it.disagreement in {one for one, _ in store.due(MUCH_LATER)}],
    },
    access: {
        "relation": _both(lambda scope, it: access.relation(scope, it, LATER)),
        "reach": _both(lambda scope, it: access.reach(scope, it, LATER).relation),
        "reaches": _both(lambda scope, it: access.reaches([scope], it, LATER)[0].relation),
        "reaches_of": _both(lambda scope, it: access.reaches_of([scope], [it], LATER)[it][0].relation),
        "may_look_for_a_reason": _both(access.may_look_for_a_reason),
        "within_reach": _both(lambda scope, it: it in access.within_reach(scope, LATER)),
        "within_reach_query": _both(lambda scope, it: it in set(access.within_reach_query([scope], LATER))),
        "join": _both(lambda scope, it: access.join(scope, it, [("riverside-health", "")], LATER)),
        "take_part": _both(lambda scope, it: access.take_part(scope, it, [PartOf(scope.seat, Why.TOLD)], LATER)),
        "end_parts": _both(lambda scope, it: access.end_parts(scope, it, list(Why), LATER)),
        "looked": [lambda scope, it: access.looked(it.raiser, it.disagreement, Relation.RAISER, LATER)],
        "readers": _both(lambda scope, it: access.readers(scope, it, LATER)),
        "who_looked": _both(lambda scope, it: access.who_looked(scope, it, LATER)),
    },
    messages: {
        "queue": [lambda scope, it: messages.queue(it.disagreement, it.reference, 9, [NOTICE], CALENDAR, LATER)],
        "send_due": [lambda scope, it: _sent(it)],
    },
    guests: {
        "make": [lambda scope, it: guests.make(it.key, it.disagreement, NOTICE.to, "guest", "ann", "CODE", LATER)],
        "posts_of": [lambda scope, it: guests.posts_of(it.disagreement, LATER)],
        "revoke": [lambda scope, it: guests.revoke(it.link, scope.person, LATER)],
    },
}
# These read nothing of a disagreement, or begin from a secret that says whose it is (tools/house.py: ACROSS).
NEED_NONE: dict[ModuleType, set[str]] = {
    store: {"hold", "forget_folded"},
    access: {"scopes_of", "clock_scope", "guest_scope", "by_partnership", "may_read", "reaches_all"},
    messages: {"to_log"},
    guests: {"look", "spend", "acting", "digest_of"},
}


@pytest.mark.parametrize("module", ASKED)
def test_every_public_function_is_asked_here(module: ModuleType) -> None:
    public = {
        name
        for name, function in inspect.getmembers(module, inspect.isroutine)
        if function.__module__ == module.__name__ and not name.startswith("_")
    }

    assert public == ASKED[module].keys() | NEED_NONE[module]


def _each(module: ModuleType) -> Iterator[tuple[str, Asked]]:
    for name, several in ASKED[module].items():
        for number, ask in enumerate(several):
            yield f"{name} ({number})", ask


@pytest.mark.parametrize("module", ASKED)
def test_outside_the_fence_every_function_raises(module: ModuleType, sides: tuple[Side, Side]) -> None:
    ours, theirs = sides
    before = theirs.rows()

    for name, ask in _each(module):
        with pytest.raises(ScopeError), fence.outside(), transaction.atomic():
            _named(name, ask(ours.raiser, theirs))
        assert theirs.rows() == before, name


@pytest.mark.parametrize("module", ASKED)
def test_inside_the_fence_no_function_finds_or_changes_anything_of_another_partnership(
    module: ModuleType, sides: tuple[Side, Side]
) -> None:
    ours, theirs = sides
    before = theirs.rows()

    for name, ask in _each(module):
        found: object = None
        turned_away = suppress(ScopeError, store.Moved, DatabaseError)
        with turned_away, transaction.atomic(), fence.outside(), fence.inside(ours.key):
            found = ask(ours.office, theirs)
        assert not found, name
        assert theirs.rows() == before, name


@pytest.mark.parametrize("module", ASKED)
def test_the_same_is_found_or_changed_inside_their_own(module: ModuleType, sides: tuple[Side, Side]) -> None:
    # Without this the tests above would pass for questions that never find anything.
    _, theirs = sides
    before = theirs.rows()

    for name, ask in _each(module):
        found: object = None
        here = transaction.atomic()
        with here, fence.outside(), fence.inside(theirs.key):
            try:
                found = ask(theirs.office, theirs)
            except Altered as told:  # words, without the acts that say them
                found = told
            assert found or theirs.rows() != before, name
            transaction.set_rollback(True)


def test_whoever_asks_who_answers_for_a_post_does_so_inside(sides: tuple[Side, Side]) -> None:
    ours, theirs = sides
    staffing = staffing_of(theirs.key, AT.date())

    with fence.outside():
        with pytest.raises(ScopeError):
            answering_in(staffing, theirs.disagreement, theirs.raiser.seat)
        with fence.inside(ours.key), pytest.raises(ScopeError):
            staffing_of(theirs.key, AT.date())


# --- Use cases --------------------------------------------------------------------------------------------------------


def _listed(scopes: list[Scope]) -> set[str]:
    return {row.reference for which in lists_for(scopes) for row in list_of(scopes, which).rows}


def test_use_cases_enter_their_own_fence_and_leave_it(sides: tuple[Side, Side], nowhere: None) -> None:
    ours, theirs = sides
    us, it = ours.raiser, ours.disagreement
    several = [us, replace(theirs.office, person=us.person)]  # one person, with a seat in both

    reading = read(us, it, LATER)
    assert find_for(several, ours.reference, at=LATER) == (us, it)
    assert find_for(several, theirs.reference, at=LATER)[0].partnership == theirs.key
    assert reference_of(us, it) == ours.reference
    assert _listed([us]) == {ours.reference}
    assert _listed(several[1:]) == {theirs.reference}
    with pytest.raises(ScopeError):
        list_of(several)  # one partnership at a time
    assert isinstance(handle(us, it, Asking(Talk(Medium.VIDEO)), LATER), Accepted)
    asking = Asking(Raise(ours.small.procedure.matters[0].key, About.CHILD, (us.seat.agency,), ()))
    assert raise_disagreement(us, ours.small.digest, asking, LATER).disagreement != it
    assert len(b"".join(export_for(us, it, LATER)).splitlines()) == len(reading.acts) + 2
    assert b"".join(export_without_words(theirs.reference, LATER))
    assert looks_at(us, it, LATER)
    assert openings_of(us, it, LATER)
    assert first_opened_by(us, it, [us.seat.agency], LATER) == LATER
    assert leads_of(us, it)
    assert links_of(us, it, LATER)
    assert links(several, reading.acts, LATER) == {}
    assert raised_at_once(several, reading) == ()
    assert look_outside([theirs.office], theirs.reference, "Again.", LATER)[1] == theirs.disagreement
    assert not sweep(LATER).stuck
    assert all(one.same for one in rebuild())
    assert {one.outcome for one in redate(at=LATER)} == {Outcome.SAME}
    assert unanswered(LATER) == ()
    assert len(checkpoints.make(LATER).lengths) == 3
    assert list(checkpoints.audit()) == []

    with pytest.raises(ScopeError):
        fence.here()


@pytest.mark.parametrize(
    "asked",
    [
        pytest.param(lambda us, them: read(us.office, them.disagreement, LATER), id="read"),
        pytest.param(lambda us, them: find_for([us.raiser, us.office], them.reference, at=LATER), id="find"),
        pytest.param(lambda us, them: reference_of(us.office, them.disagreement), id="reference"),
        pytest.param(lambda us, them: handle(us.office, them.disagreement, Asking(Talk(Medium.VIDEO))), id="handle"),
        pytest.param(lambda us, them: list(export_for(us.office, them.disagreement, LATER)), id="export"),
        pytest.param(lambda us, them: look_outside([us.office], them.reference, "Why.", LATER), id="look outside"),
        pytest.param(lambda us, them: make_link(us.office, them.disagreement, "A", us.office.seat), id="link"),
    ],
)  # fmt: skip
def test_what_is_another_partnerships_is_not_there(
    asked: Callable[[Side, Side], object], sides: tuple[Side, Side], nowhere: None
) -> None:
    before = sides[1].rows()

    with pytest.raises(NotThere):
        asked(*sides)

    assert sides[1].rows() == before


# --- The fence itself -------------------------------------------------------------------------------------------------


def test_one_fence_after_the_other_and_nothing_leads_out_of_one(nowhere: None) -> None:
    with fence.inside("a"):
        with fence.inside("a"):
            assert fence.here() == "a"
        with pytest.raises(ScopeError), fence.inside("b"):
            pytest.fail("inside another's")
        with pytest.raises(ScopeError), fence.everywhere("to see"):
            pytest.fail("out of it")
        with pytest.raises(ScopeError):
            fence.only("b")
        fence.only("a")
    with fence.everywhere("the service's own work"):
        assert fence.here() is None
        fence.only("b")
        with fence.inside("b"):
            assert fence.here() == "b"
    with fence.inside("b"):
        assert fence.here() == "b"
    with pytest.raises(ValueError, match="reason"), fence.everywhere(""):
        pytest.fail("without saying why")
    with pytest.raises(ScopeError):
        fence.here()


def test_whatever_is_raised_inside_leaves_nobody_inside(nowhere: None) -> None:
    for within in (fence.inside("a"), fence.everywhere("to see"), fence.outside()):
        with suppress(ZeroDivisionError), within:
            raise ZeroDivisionError
        with pytest.raises(ScopeError):
            fence.here()


def test_another_thread_begins_outside() -> None:
    there: list[str] = []

    def look() -> None:
        try:
            there.append(str(fence.here()))
        except ScopeError:
            there.append("outside")

    with fence.outside(), fence.inside("a"):
        thread = threading.Thread(target=look)
        thread.start()
        thread.join(timeout=10)

    assert there == ["outside"]


def test_what_yields_can_not_be_a_use_case_of_the_fence() -> None:
    def lines(scope: Scope) -> Iterator[str]:
        yield scope.partnership

    with pytest.raises(TypeError, match="yields"):
        fence.entered(lines)


# --- Requests ---------------------------------------------------------------------------------------------------------


def counts(request: HttpRequest) -> HttpResponse:
    """A view that forgot to ask."""
    return HttpResponse(str(StandingRow.objects.count()))


urlpatterns = [path("counts", counts)]


@override_settings(ROOT_URLCONF=__name__)
def test_a_view_that_asks_past_the_use_cases_gets_nothing(sides: tuple[Side, Side]) -> None:
    assert StandingRow.objects.count() == 2  # as the test itself may

    with pytest.raises(ScopeError):
        Client().get("/counts")
    with fence.outside(), fence.inside(sides[0].key), pytest.raises(ScopeError):
        Client().get("/counts")
