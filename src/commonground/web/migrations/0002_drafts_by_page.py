"""A draft is of one page, so that two tabs do not overwrite each other; and forms that were sent are remembered."""

from typing import Any

from django.db import migrations, models
from django.db.models import F


def typed_when_kept(apps: Any, schema_editor: Any) -> None:
    """This will say of the drafts there are that they were typed when they were kept."""
    apps.get_model("web", "DraftRow").objects.update(typed_at=F("kept_at"))


class Migration(migrations.Migration):
    dependencies = [("web", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="DoneForm",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("command", models.UUIDField(unique=True)),
                ("done_at", models.DateTimeField(db_index=True)),
                ("sent", models.CharField(max_length=64)),
            ],
            options={"db_table": "done_forms"},
        ),
        migrations.AddField("draftrow", "page", models.CharField(blank=True, default="", max_length=32)),
        migrations.AddField("draftrow", "command", models.UUIDField(null=True)),
        migrations.AddField("draftrow", "count", models.BigIntegerField(default=0)),
        migrations.AddField("draftrow", "saves", models.PositiveIntegerField(default=0)),
        migrations.AddField("draftrow", "saves_since", models.DateTimeField(null=True)),
        migrations.AddField("draftrow", "typed_at", models.DateTimeField(null=True)),
        migrations.RunPython(typed_when_kept, migrations.RunPython.noop),
        migrations.AlterField("draftrow", "typed_at", models.DateTimeField()),
        migrations.RemoveConstraint("draftrow", "one_draft_for_each_form"),
        migrations.AddConstraint(
            "draftrow",
            models.UniqueConstraint(fields=("person", "place", "page"), name="one_draft_for_each_page"),
        ),
        migrations.AddIndex("draftrow", models.Index(fields=["kept_at"], name="drafts_by_age")),
    ]
