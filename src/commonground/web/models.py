"""What people typed that could not be sent yet. Theirs alone; nothing here is part of any record."""

from django.db import models


class DraftRow(models.Model):
    """The typed values of one form, kept for one person."""

    person = models.SlugField()
    place = models.CharField(max_length=200)
    """Which form: `raise`, or a disagreement's id and an act."""
    values = models.TextField()
    """JSON in ASCII, so that both databases keep every character a person can type."""
    kept_at = models.DateTimeField()

    class Meta:
        """One draft a form and person: the newest."""

        db_table = "drafts"
        constraints = (models.UniqueConstraint(fields=("person", "place"), name="one_draft_for_each_form"),)

    def __str__(self) -> str:
        """Give its place, and nothing of its text."""
        return f"{self.person} at {self.place}"
