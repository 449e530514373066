"""A post can be told of more than one thing at the same place in a record."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("outbox", "0001_initial"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="messagerow",
            name="told_of_an_act_once",
        ),
        migrations.AddConstraint(
            model_name="messagerow",
            constraint=models.UniqueConstraint(
                fields=("disagreement", "sequence", "agency", "post", "about"), name="told_of_a_thing_once"
            ),
        ),
    ]
