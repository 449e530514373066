"""Makes this package known to Django, and Django's own two that it stands on without what we have no use for."""

from django.apps import AppConfig
from django.contrib.auth.apps import AuthConfig
from django.contrib.contenttypes.apps import ContentTypesConfig
from django.db.models.signals import post_migrate


class AccountsConfig(AppConfig):
    """Name the app and its label; start-up does nothing else."""

    name = "commonground.accounts"
    label = "accounts"


class AuthWithoutPermissions(AuthConfig):
    """Django's passwords and sessions, without a row for every permission: people/access.py decides, and nothing else.

    No groups, no superusers, no admin site. Nobody asks those tables, so nobody fills them.
    """

    def ready(self) -> None:
        """Start as Django does, then leave the permissions out."""
        super().ready()
        post_migrate.disconnect(dispatch_uid="django.contrib.auth.management.create_permissions")


class ContentTypesWithoutRows(ContentTypesConfig):
    """The table that Django's permissions point to; empty, as they are."""

    def ready(self) -> None:
        """Start as Django does, then leave the rows out."""
        from django.contrib.contenttypes.management import create_contenttypes

        super().ready()
        post_migrate.disconnect(create_contenttypes)
