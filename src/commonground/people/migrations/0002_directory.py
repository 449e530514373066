"""Count every change of a partnership's agencies and posts, whoever makes it."""

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

_WHOSE = {
    "agencies": "{row}.partnership_id",
    "posts": "(SELECT partnership_id FROM agencies WHERE key = {row}.agency_id)",
}
_ROWS = {"INSERT": ("NEW",), "UPDATE": ("OLD", "NEW"), "DELETE": ("OLD",)}


def _changes(table: str, event: str) -> str:
    """Give the statements that count one change, for the partnership it was in and the one it is in."""
    count = "UPDATE partnerships SET directory = directory + 1 WHERE key = {whose};"
    return " ".join(count.format(whose=_WHOSE[table].format(row=row)) for row in _ROWS[event])


def count_changes(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Make the triggers."""
    for table in _WHOSE:
        for event in _ROWS:
            name = f"directory_{table}_{event.lower()}"
            if schema_editor.connection.vendor == "postgresql":
                done = "OLD" if event == "DELETE" else "NEW"
                schema_editor.execute(
                    f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
                    f"$$ BEGIN {_changes(table, event)} RETURN {done}; END $$"
                )
                schema_editor.execute(
                    f"CREATE TRIGGER {name} AFTER {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"
                )
            else:
                schema_editor.execute(
                    f"CREATE TRIGGER {name} AFTER {event} ON {table} FOR EACH ROW BEGIN {_changes(table, event)} END"
                )


def stop_counting(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Take the triggers away."""
    for table in _WHOSE:
        for event in _ROWS:
            name = f"directory_{table}_{event.lower()}"
            if schema_editor.connection.vendor == "postgresql":
                schema_editor.execute(f"DROP FUNCTION {name}() CASCADE")
            else:
                schema_editor.execute(f"DROP TRIGGER {name}")


class Migration(migrations.Migration):
    """Add the count and what counts."""

    dependencies = (("people", "0001_initial"),)

    operations = (
        migrations.AddField("partnership", "directory", models.PositiveIntegerField(default=0)),
        migrations.RunPython(count_changes, stop_counting),
    )
