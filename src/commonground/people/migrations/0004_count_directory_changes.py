"""Count every change of who is where: agencies, posts, who holds them, who is away. Whoever makes it."""

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

import commonground.people.models

_OF_AGENCY = "SELECT partnership_id FROM memberships WHERE agency_id = {agency}"
_OF_POST = _OF_AGENCY.format(agency="(SELECT agency_id FROM posts WHERE id = {row}.post_id)")
_WHOSE = {
    "agencies": _OF_AGENCY.format(agency="{row}.key"),
    "memberships": "{row}.partnership_id",
    "posts": _OF_AGENCY.format(agency="{row}.agency_id"),
    "no_such_posts": _OF_AGENCY.format(agency="{row}.agency_id"),
    "holdings": _OF_POST,
    "absences": """SELECT partnership_id FROM memberships WHERE agency_id IN (
        SELECT agency_id FROM posts WHERE id IN (SELECT post_id FROM holdings WHERE person_id = {row}.person_id))""",
}
"""The partnerships whose directory a row is part of, as a query."""
_ROWS = {"INSERT": ("NEW",), "UPDATE": ("OLD", "NEW"), "DELETE": ("OLD",)}
# Its posts, holdings and members go with it, and by then nothing says whose they were.
_BEFORE = {("agencies", "DELETE"), ("posts", "DELETE")}


def _triggers() -> list[tuple[str, str, str, str]]:
    """Give for each trigger its name, when it fires, its table and what it does."""
    count = "UPDATE partnerships SET directory = directory + 1 WHERE key IN ({whose});"
    found = []
    for table, whose in _WHOSE.items():
        for event, rows in _ROWS.items():
            when = f"{'BEFORE' if (table, event) in _BEFORE else 'AFTER'} {event}"
            does = " ".join(count.format(whose=whose.format(row=row)) for row in rows)
            found.append((f"directory_{table}_{event.lower()}", when, table, does))
    return found


def count_changes(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Make the triggers."""
    for name, when, table, does in _triggers():
        if schema_editor.connection.vendor == "postgresql":
            row = "OLD" if when.endswith("DELETE") else "NEW"
            schema_editor.execute(
                f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {does} RETURN {row}; END $$"
            )
            schema_editor.execute(f"CREATE TRIGGER {name} {when} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()")
        else:
            schema_editor.execute(f"CREATE TRIGGER {name} {when} ON {table} FOR EACH ROW BEGIN {does} END")


def stop_counting(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Take the triggers away."""
    for name, *_ in _triggers():
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"DROP FUNCTION {name}() CASCADE")
        else:
            schema_editor.execute(f"DROP TRIGGER {name}")


class Migration(migrations.Migration):
    """Count again."""

    dependencies = (("people", "0003_posts_and_parts"),)

    operations = (
        # Here, and not beside the copying of what it held: PostgreSQL alters no table with rows still to be checked.
        migrations.RemoveField("agency", "partnership"),
        migrations.AlterField(
            "partnership", "directory", models.PositiveBigIntegerField(default=commonground.people.models.first_count)
        ),
        migrations.RunPython(count_changes, stop_counting),
    )
