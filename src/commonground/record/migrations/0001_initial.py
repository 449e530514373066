"""Makes the tables of the record."""

# ruff: noqa: RUF012 - as Django writes it

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="CheckpointRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("made_at", models.DateTimeField(unique=True)),
                ("root", models.BinaryField(max_length=32)),
                ("lengths", models.TextField()),
            ],
            options={
                "db_table": "checkpoints",
                "ordering": ("made_at",),
            },
        ),
        migrations.CreateModel(
            name="ActRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("disagreement", models.UUIDField()),
                ("sequence", models.PositiveIntegerField()),
                ("command", models.UUIDField()),
                ("kind", models.TextField()),
                ("version", models.PositiveSmallIntegerField()),
                ("recorded_at", models.DateTimeField()),
                ("happened_at", models.DateTimeField()),
                ("agency", models.TextField()),
                ("post", models.TextField()),
                ("author", models.TextField()),
                ("bytes", models.BinaryField()),
                ("previous", models.BinaryField(max_length=32)),
                ("digest", models.BinaryField(max_length=32)),
            ],
            options={
                "db_table": "acts",
                "constraints": [
                    models.UniqueConstraint(fields=("disagreement", "sequence"), name="one_act_at_each_place"),
                    models.UniqueConstraint(fields=("disagreement", "command"), name="one_act_for_each_command"),
                ],
            },
        ),
        migrations.CreateModel(
            name="StandingRow",
            fields=[
                ("disagreement", models.UUIDField(primary_key=True, serialize=False)),
                ("partnership", models.TextField()),
                ("reference", models.TextField()),
                ("procedure", models.TextField()),
                ("procedure_digest", models.TextField()),
                ("position", models.PositiveIntegerField()),
                ("position_digest", models.BinaryField(max_length=32)),
                ("phase", models.TextField()),
                ("route", models.TextField()),
                ("stage", models.TextField()),
                ("owner_agency", models.TextField(null=True)),
                ("owner_post", models.TextField(null=True)),
                ("what", models.TextField(null=True)),
                ("next_event", models.TextField(null=True)),
                ("next_due_at", models.DateTimeField(null=True)),
                ("shown", models.TextField()),
            ],
            options={
                "db_table": "standings",
                "indexes": [
                    models.Index(fields=["next_due_at"], name="standing_by_due"),
                    models.Index(fields=["owner_agency", "owner_post", "next_due_at"], name="standing_by_owner"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("partnership", "reference"), name="a_reference_means_one")
                ],
            },
        ),
        migrations.CreateModel(
            name="WordsRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("disagreement", models.UUIDField()),
                ("sequence", models.PositiveIntegerField()),
                ("field", models.TextField()),
                ("text", models.BinaryField(null=True)),
                ("key", models.BinaryField(max_length=32, null=True)),
                ("digest", models.BinaryField(max_length=32)),
                ("audience", models.TextField()),
                ("controller", models.TextField()),
                ("erased_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "words",
                "constraints": [
                    models.UniqueConstraint(fields=("disagreement", "sequence", "digest"), name="words_are_there_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("erased_at__isnull", True), ("key__isnull", False), ("text__isnull", False)),
                            models.Q(("erased_at__isnull", False), ("key__isnull", True), ("text__isnull", True)),
                            _connector="OR",
                        ),
                        name="words_are_whole_or_erased",
                    ),
                ],
            },
        ),
    ]
