"""Lists that a partnership loads for its procedure's questions, to be ticked."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0005_guests_and_changes"),
    ]

    operations = [
        migrations.CreateModel(
            name="TickList",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ask", models.SlugField(max_length=100)),
                ("title", models.TextField()),
                ("version_on", models.DateField()),
                ("address", models.TextField(blank=True, default="")),
                ("lines", models.JSONField(default=list)),
                (
                    "partnership",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="people.partnership"),
                ),
            ],
            options={
                "db_table": "tick_lists",
                "constraints": [
                    models.UniqueConstraint(fields=("partnership", "ask"), name="a_question_has_one_tick_list")
                ],
            },
        ),
    ]
