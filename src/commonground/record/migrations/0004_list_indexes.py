"""Finds the open and the ended disagreements of a partnership in the order lists show them.

Apart from 0003: PostgreSQL makes no index in the transaction that has just changed the table's rows.
"""

# ruff: noqa: RUF012 - as Django writes it

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("record", "0003_lists_and_search")]

    operations = [
        migrations.AddIndex(
            "standingrow",
            models.Index(fields=["partnership", "phase", "next_due_at", "reference"], name="standing_open_by_due"),
        ),
        migrations.AddIndex(
            "standingrow",
            models.Index(fields=["partnership", "phase", "ended_at", "reference"], name="standing_by_end"),
        ),
        migrations.AddIndex(
            "standingrow",
            models.Index(fields=["partnership", "changed_at", "reference"], name="standing_by_change"),
        ),
    ]
