"""Links for guests, and who changed a directory."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0004_count_directory_changes"),
    ]

    operations = [
        migrations.CreateModel(
            name="DirectoryChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("partnership", models.SlugField(blank=True, default="")),
                ("agency", models.SlugField(blank=True, default="")),
                ("by", models.SlugField()),
                ("at", models.DateTimeField()),
                ("what", models.TextField()),
                ("about", models.JSONField(default=dict)),
            ],
            options={
                "db_table": "directory_changes",
                "ordering": ("-at", "-id"),
            },
        ),
        migrations.CreateModel(
            name="GuestLink",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("disagreement", models.UUIDField()),
                ("agency", models.SlugField()),
                ("post", models.SlugField(max_length=100)),
                ("person", models.SlugField()),
                ("link_digest", models.BinaryField(max_length=32, unique=True)),
                ("code_digest", models.BinaryField(max_length=64)),
                ("made_by", models.SlugField()),
                ("made_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("wrong_codes", models.PositiveSmallIntegerField(default=0)),
                ("spent_at", models.DateTimeField(null=True)),
                ("browser_digest", models.BinaryField(max_length=32, null=True)),
                ("revoked_at", models.DateTimeField(null=True)),
                (
                    "partnership",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="people.partnership"),
                ),
            ],
            options={
                "db_table": "guest_links",
                "indexes": [models.Index(fields=["disagreement"], name="guest_links_by_disagreement")],
            },
        ),
    ]
