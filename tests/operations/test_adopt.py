"""Adopting a procedure: checked first, kept word for word, and never in the way of what is open."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from commonground.core.acts import About, Raise
from commonground.language.mistakes import Mistakes
from commonground.people.models import Adoption, Partnership, ProcedureText
from commonground.record import store
from commonground.usecases import situation
from commonground.usecases.adopt import NotAdoptable, adopt
from commonground.usecases.handle import raise_disagreement
from tests.storage import doors
from tests.storage.doors import PARTNERSHIP, asking, raised, talk, who

pytestmark = pytest.mark.django_db

INVENTED = Path(__file__).parents[1] / "procedures" / "invented"
DAY = date(2026, 4, 2)


@pytest.fixture
def digest() -> str:
    """The procedure that a small partnership runs."""
    return doors.found()


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A folder with invented procedures of somebody's own."""
    for path in INVENTED.glob("*.yaml"):
        shutil.copy(path, tmp_path)
    situation.pinned.cache_clear()
    return tmp_path


def running() -> list[str]:
    """Give what the partnership runs, by key."""
    return [procedure.key for _, procedure in situation.adopted(PARTNERSHIP)]


@pytest.mark.parametrize("name", ["eastmere", "eastmere-island"])
def test_a_file_is_kept_with_all_it_rests_on(digest: str, files: Path, name: str) -> None:
    read = adopt(PARTNERSHIP, files / f"{name}.yaml", DAY)
    shutil.rmtree(files)  # nothing but the database is left of it

    assert situation.pinned(read.digest) == read.procedure
    assert running() == [doors.PROCEDURE, name]
    ask = Raise(read.procedure.matters[0].key, About.CHILD, ("school",), ("care",))
    new = raise_disagreement(who("school"), read.digest, asking(ask))
    assert new.answer.standing.route in {one.key for one in read.procedure.routes}


def test_a_new_text_ends_the_old_one_and_what_is_open_stays_under_it(digest: str, files: Path) -> None:
    file = files / "eastmere.yaml"
    old = adopt(PARTNERSHIP, file, DAY)
    matter = old.procedure.matters[0].key
    ask = Raise(matter, About.CHILD, ("school",), ("care",))
    open_one = raise_disagreement(who("school"), old.digest, asking(ask)).disagreement
    file.write_text(file.read_text().replace("title: ", "title: New ", 1))

    new = adopt(PARTNERSHIP, file, date(2026, 5, 1))

    assert new.digest != old.digest
    assert running() == [doors.PROCEDURE, "eastmere"]
    assert Adoption.objects.get(procedure_id=old.digest).ended_on == date(2026, 5, 1)
    talk(open_one)
    assert {act.used.procedure for act in store.read(open_one)} == {old.digest}


def test_adopting_what_runs_already_changes_nothing(digest: str) -> None:
    again = adopt(PARTNERSHIP, doors.PROCEDURE, DAY)

    assert again.digest == digest
    assert (Adoption.objects.count(), ProcedureText.objects.count()) == (1, 1)


def test_a_partnership_may_run_several_and_another_the_same(digest: str) -> None:
    Partnership.objects.create(key="other", name="Other", nation="england-and-wales", reference_prefix="OT")

    adopt(PARTNERSHIP, "sussex-7-2", DAY)
    adopt("other", doors.PROCEDURE, DAY)

    assert running() == [doors.PROCEDURE, "sussex-7-2"]
    assert ProcedureText.objects.count() == 2


def test_a_file_with_mistakes_or_a_failed_proof_is_not_adopted(digest: str, files: Path) -> None:
    file = files / "eastmere.yaml"
    whole = file.read_text()
    assert "then: up" in whole

    file.write_text(whole.replace("then: up", "then: upwards", 1))
    with pytest.raises(Mistakes):
        adopt(PARTNERSHIP, file, DAY)
    file.write_text(whole.replace("then: up", "then: record", 1))
    with pytest.raises(NotAdoptable, match="does not pass its check"):
        adopt(PARTNERSHIP, file, DAY)

    assert running() == [doors.PROCEDURE]
    assert ProcedureText.objects.count() == 1


def test_a_disagreement_can_be_raised_under_what_was_adopted(digest: str) -> None:
    assert raised(digest).answer.act.used.procedure == digest
