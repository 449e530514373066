"""Agencies of several partnerships, posts with stand-ins, absences, administrators, and who has which part."""

from importlib import import_module

import django.db.models.deletion
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def stop_counting(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Take the old triggers away: they read a column that goes. Migration 0004 makes all of them anew."""
    import_module("commonground.people.migrations.0002_directory").stop_counting(apps, schema_editor)


def copy_memberships(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Make each agency a member of the one partnership it had."""
    memberships = apps.get_model("people", "Membership").objects
    for agency in apps.get_model("people", "Agency").objects.all():
        memberships.create(agency=agency, partnership_id=agency.partnership_id)


class Migration(migrations.Migration):
    """Add the tables."""

    dependencies = [
        ("people", "0002_directory"),
    ]

    operations = [
        migrations.RunPython(stop_counting, migrations.RunPython.noop),
        migrations.AddField(
            model_name="agency",
            name="address",
            field=models.TextField(blank=True, default=""),
        ),
        migrations.AddField(
            model_name="partnership",
            name="local_names",
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.AddField(
            model_name="partnership",
            name="localities",
            field=models.JSONField(blank=True, default=list),
        ),
        migrations.AddField(
            model_name="person",
            name="email",
            field=models.TextField(blank=True, default=""),
        ),
        migrations.AddField(
            model_name="person",
            name="telephone",
            field=models.TextField(blank=True, default=""),
        ),
        migrations.AddField(
            model_name="post",
            name="function",
            field=models.TextField(blank=True, default=""),
        ),
        migrations.AddField(
            model_name="post",
            name="out_of_hours",
            field=models.TextField(blank=True, default=""),
        ),
        migrations.AddField(
            model_name="post",
            name="telephone",
            field=models.TextField(blank=True, default=""),
        ),
        migrations.CreateModel(
            name="Absence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("from_on", models.DateField()),
                ("to_on", models.DateField(null=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="absences", to="people.person"
                    ),
                ),
            ],
            options={
                "db_table": "absences",
                "ordering": ("from_on", "id"),
            },
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="memberships", to="people.agency"
                    ),
                ),
                (
                    "partnership",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="memberships", to="people.partnership"
                    ),
                ),
            ],
            options={
                "db_table": "memberships",
            },
        ),
        migrations.AddField(
            model_name="agency",
            name="partnerships",
            field=models.ManyToManyField(related_name="agencies", through="people.Membership", to="people.partnership"),
        ),
        migrations.CreateModel(
            name="NoSuchPost",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("post", models.SlugField(max_length=100)),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="no_such_posts", to="people.agency"
                    ),
                ),
                (
                    "stand_in",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="stands_in_for", to="people.post"
                    ),
                ),
            ],
            options={
                "db_table": "no_such_posts",
            },
        ),
        migrations.CreateModel(
            name="Opening",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("disagreement", models.UUIDField()),
                ("person", models.SlugField()),
                ("agency", models.SlugField()),
                ("post", models.SlugField(max_length=100)),
                ("reason", models.TextField()),
                ("from_at", models.DateTimeField()),
                ("to_at", models.DateTimeField()),
                (
                    "partnership",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="people.partnership"),
                ),
            ],
            options={
                "db_table": "openings",
            },
        ),
        migrations.CreateModel(
            name="Part",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("disagreement", models.UUIDField()),
                ("agency", models.SlugField()),
                ("post", models.SlugField(max_length=100)),
                ("person", models.SlugField(blank=True, default="")),
                ("why", models.TextField()),
                ("from_at", models.DateTimeField()),
                ("to_at", models.DateTimeField(null=True)),
                (
                    "partnership",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="people.partnership"),
                ),
            ],
            options={
                "db_table": "parts",
            },
        ),
        migrations.CreateModel(
            name="Administrator",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("from_on", models.DateField()),
                ("to_on", models.DateField(null=True)),
                (
                    "agency",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="administrators",
                        to="people.agency",
                    ),
                ),
                (
                    "partnership",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="administrators",
                        to="people.partnership",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="administers", to="people.person"
                    ),
                ),
            ],
            options={
                "db_table": "administrators",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("agency__isnull", True), ("partnership__isnull", True), _connector="OR"),
                        name="an_administrator_looks_after_one_thing",
                    )
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.UniqueConstraint(
                fields=("partnership", "agency"), name="an_agency_belongs_to_a_partnership_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="nosuchpost",
            constraint=models.UniqueConstraint(
                fields=("agency", "post"), name="one_stand_in_for_a_post_that_is_not_there"
            ),
        ),
        migrations.AddIndex(
            model_name="opening",
            index=models.Index(fields=["person", "disagreement", "to_at"], name="openings_by_person"),
        ),
        migrations.AddIndex(
            model_name="part",
            index=models.Index(fields=["agency", "post", "disagreement"], name="parts_by_post"),
        ),
        migrations.AddConstraint(
            model_name="part",
            constraint=models.UniqueConstraint(
                fields=("disagreement", "agency", "post", "person", "why"),
                name="a_post_has_a_part_once_for_each_reason",
            ),
        ),
        migrations.RunPython(copy_memberships, migrations.RunPython.noop),
    ]
