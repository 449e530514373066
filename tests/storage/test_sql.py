"""Statements that go straight to the driver keep to Django's transaction, and raise what Django's cursor raises."""

from uuid import UUID

import pytest
from django.db import IntegrityError, transaction
from django.db.transaction import TransactionManagementError

from commonground.core.acts import Audience
from commonground.people.models import Person
from commonground.record.models import WordsRow
from commonground.sql import run, together
from tests.storage.examples import AT, DISAGREEMENT

INSERT = "INSERT INTO people (key, full_name, known_as, telephone, email) VALUES (%s, %s, %s, '', '')"


def put(key: str) -> None:
    run(INSERT, [key, "Somebody", ""])


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_it_is_done_at_once() -> None:
    put("p-1")

    assert run("SELECT key FROM people WHERE key = %s", ["p-1"]).fetchone() == ("p-1",)


@pytest.mark.django_db(transaction=True)
def test_what_is_run_in_a_transaction_goes_with_it() -> None:
    def half() -> None:
        with transaction.atomic():
            put("p-1")
            assert Person.objects.count() == 1
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        half()

    assert Person.objects.count() == 0


@pytest.mark.django_db
def test_what_a_table_refuses_is_said_as_django_says_it() -> None:
    put("p-1")
    with pytest.raises(IntegrityError), transaction.atomic():
        put("p-1")
    assert Person.objects.count() == 1


@pytest.mark.django_db
def test_nothing_is_run_in_a_transaction_that_is_broken() -> None:
    with transaction.atomic():
        transaction.set_rollback(True)
        with pytest.raises(TransactionManagementError):
            put("p-1")


@pytest.mark.django_db(transaction=True)
def test_what_goes_together_is_refused_together() -> None:
    def all_of_them() -> None:
        with transaction.atomic(), together():
            put("p-1")
            put("p-1")
            put("p-2")

    with pytest.raises(IntegrityError):
        all_of_them()
    assert Person.objects.count() == 0

    with transaction.atomic(), together():
        put("p-1")
        assert run("SELECT count(*) FROM people").fetchone() == (1,)
        put("p-2")
    assert Person.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_nothing_goes_together() -> None:
    with together():
        put("p-1")
    assert Person.objects.count() == 1


@pytest.mark.django_db
def test_values_are_stored_as_djangos_own_columns_keep_them() -> None:
    statement = """INSERT INTO words (disagreement, sequence, field, text, key, digest, audience, controller, erased_at)
        VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)"""
    for sequence, erased_at in enumerate((AT, AT.replace(microsecond=7)), start=1):
        run(
            statement, [DISAGREEMENT, sequence, "reason", None, None, b"\0" * 32, Audience.PARTIES, "school", erased_at]
        )

        row = WordsRow.objects.get(sequence=sequence)
        assert (row.disagreement, row.audience, row.erased_at) == (DISAGREEMENT, "parties", erased_at)
        assert WordsRow.objects.filter(disagreement=UUID(str(DISAGREEMENT)), erased_at=erased_at).count() == 1
