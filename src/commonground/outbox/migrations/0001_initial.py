"""Makes the table of messages."""

# ruff: noqa: RUF012 - as Django writes it

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="MessageRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("disagreement", models.UUIDField()),
                ("sequence", models.PositiveIntegerField()),
                ("reference", models.TextField()),
                ("agency", models.TextField()),
                ("post", models.TextField()),
                ("about", models.TextField()),
                ("to_act", models.BooleanField()),
                ("urgent", models.BooleanField()),
                ("queued_at", models.DateTimeField()),
                ("send_at", models.DateTimeField()),
                ("next_try_at", models.DateTimeField()),
                (
                    "state",
                    models.TextField(
                        choices=[
                            ("waiting", "Waiting to go"),
                            ("sent", "Sent"),
                            ("failed", "Could not be sent: somebody has to tell them otherwise"),
                        ],
                        default="waiting",
                    ),
                ),
                ("attempts", models.PositiveIntegerField(default=0)),
                ("trouble", models.TextField(default="")),
                ("sent_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "messages",
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "waiting")), fields=["next_try_at"], name="messages_that_wait"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("disagreement", "sequence", "agency", "post"), name="told_of_an_act_once"
                    )
                ],
            },
        ),
    ]
