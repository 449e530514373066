"""What people typed that was not sent yet. Theirs alone; nothing here is part of any record."""

from django.db import models


class DraftRow(models.Model):
    """The typed values of a form on one page of one person. Two tabs are two pages: neither overwrites the other."""

    person = models.SlugField()
    place = models.CharField(max_length=200)
    """Which form: `raise/` and a question, or a disagreement's id and an act."""
    page = models.CharField(max_length=32, default="", blank=True)
    """The page it was typed into (web/sheets.py). Empty: kept by the service itself, which has one for each form."""
    command = models.UUIDField(null=True)
    """What sending the form would be. Once that is done, the draft is none any more."""
    values = models.TextField()
    """JSON in ASCII, so that both databases keep every character a person can type."""
    kept_at = models.DateTimeField()
    typed_at = models.DateTimeField()
    """Earlier than `kept_at` where the line was cut between. The last typed is the draft."""
    count = models.BigIntegerField(default=0)
    """Rises with every save of a page: one that comes late says less than one that overtook it."""
    saves = models.PositiveIntegerField(default=0)
    saves_since = models.DateTimeField(null=True)
    """How often the page saved while somebody typed, since when: what bounds a page that has gone wild."""

    class Meta:
        """One draft a page."""

        db_table = "drafts"
        constraints = (models.UniqueConstraint(fields=("person", "place", "page"), name="one_draft_for_each_page"),)
        indexes = (models.Index(fields=("kept_at",), name="drafts_by_age"),)

    def __str__(self) -> str:
        """Give its place, and nothing of its text."""
        return f"{self.person} at {self.place}"


class DoneForm(models.Model):
    """A form that was sent or dropped, by its command. What a browser still saves of it comes too late."""

    command = models.UUIDField(unique=True)
    done_at = models.DateTimeField(db_index=True)
    sent = models.CharField(max_length=64)
    """A keyed digest of what was sent: the same form sent again with other words is told from a double press."""

    class Meta:
        """Kept as long as drafts are."""

        db_table = "done_forms"

    def __str__(self) -> str:
        """Give its command."""
        return str(self.command)
