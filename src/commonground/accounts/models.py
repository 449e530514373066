"""The tables of signing in: an account for a person, invitations, and what the login limits count."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from commonground.people.models import Person


class AccountManager(BaseUserManager["Account"]):
    """Finds accounts as Django's own sign-in does."""


class Account(AbstractBaseUser):
    """Lets one person sign in, by e-mail address. What they reach is not here: people/access.py asks their posts."""

    email = models.EmailField(max_length=254, unique=True)
    """In small letters. The name to sign in by, and where a link for a new password goes."""
    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="account")
    is_active = models.BooleanField(default=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["person"]

    objects: ClassVar[AccountManager] = AccountManager()

    class Meta:
        """One for each person."""

        db_table = "accounts"

    def __str__(self) -> str:
        """Give whose it is, and no address."""
        return f"account of {self.person_id}"


class Invitation(models.Model):
    """A link by which a person chooses a password. What is kept of it is a digest: nobody who reads this can use it."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="invitations")
    link_digest = models.BinaryField(max_length=32, unique=True)
    made_by = models.SlugField()
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    spent_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        """Found by its digest, and by person."""

        db_table = "invitations"

    def __str__(self) -> str:
        """Give for whom."""
        return f"invitation {self.pk} of {self.person_id}"


class Counted(models.Model):
    """What every process counts together, so that limits hold across all of them. Django's DatabaseCache reads it."""

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    class Meta:
        """Named for what it is; config/settings.py names it too."""

        db_table = "counted"

    def __str__(self) -> str:
        """Give its key."""
        return self.cache_key
