"""Who already has a message, person by person; and whether the office was told because nobody else could be."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("outbox", "0002_told_of_a_thing_once"),
    ]

    operations = [
        migrations.AddField(
            model_name="messagerow",
            name="office_instead",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("person", models.SlugField()),
                ("delivered_at", models.DateTimeField()),
                (
                    "message",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deliveries",
                        to="outbox.messagerow",
                    ),
                ),
            ],
            options={
                "db_table": "deliveries",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("message", "person"), name="a_message_is_delivered_once_to_a_person"
                    )
                ],
            },
        ),
    ]
