"""Gives a standing what lists go by, and words what they are found by; fills both for records that are there."""

# ruff: noqa: RUF012 - as Django writes it

import json
from datetime import datetime
from typing import Any

from django.db import migrations, models

from commonground.record.search import terms_of


def fill(apps: Any, schema_editor: Any) -> None:
    """Work out, for what is there already, what every new act writes from now on. As `rebuild` does."""
    standings, acts = apps.get_model("record", "StandingRow"), apps.get_model("record", "ActRow")
    words, search = apps.get_model("record", "WordsRow"), apps.get_model("record", "SearchRow")
    for row in standings.objects.iterator():
        shown = json.loads(row.shown)
        last = acts.objects.filter(disagreement=row.disagreement).order_by("-sequence").first()
        row.changed_at = last.recorded_at if last else None
        row.ended_at = datetime.fromisoformat(shown["ended"]["at"]) if shown.get("ended") else None
        row.urgent = (shown.get("entered") or {}).get("how") == "urgent"
        row.save(update_fields=["changed_at", "ended_at", "urgent"])
        when = dict(acts.objects.filter(disagreement=row.disagreement).values_list("sequence", "recorded_at"))
        search.objects.bulk_create(
            search(
                partnership=row.partnership,
                disagreement=row.disagreement,
                sequence=piece.sequence,
                digest=piece.digest,
                audience=piece.audience,
                controller=piece.controller,
                recorded_at=when[piece.sequence],
                terms=" " + " ".join(terms_of(bytes(piece.text).decode("utf-8"))),
            )
            for piece in words.objects.filter(disagreement=row.disagreement, text__isnull=False)
        )


class Migration(migrations.Migration):
    dependencies = [("record", "0002_only_grows")]

    operations = [
        migrations.CreateModel(
            name="SearchRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("partnership", models.TextField()),
                ("disagreement", models.UUIDField()),
                ("sequence", models.PositiveIntegerField()),
                ("digest", models.BinaryField(max_length=32)),
                ("audience", models.TextField()),
                ("controller", models.TextField()),
                ("recorded_at", models.DateTimeField()),
                ("terms", models.TextField()),
            ],
            options={
                "db_table": "search",
                "constraints": [
                    models.UniqueConstraint(fields=("disagreement", "sequence", "digest"), name="words_are_found_once"),
                ],
            },
        ),
        migrations.AddField("standingrow", "changed_at", models.DateTimeField(null=True)),
        migrations.AddField("standingrow", "ended_at", models.DateTimeField(null=True)),
        migrations.AddField("standingrow", "urgent", models.BooleanField(default=False)),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
