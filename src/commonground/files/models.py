"""Files that wait beside a form until it is sent: their owner's alone, like a draft, and no part of any record."""

from django.db import models


class WaitingRow(models.Model):
    """One file beside one person's form. Once its act is sent, the row is gone: the act's words say what it was."""

    person = models.SlugField()
    place = models.CharField(max_length=200)
    """Which form, as drafts name it: `raise`, or a disagreement's id and an act."""
    name = models.TextField()
    kind = models.TextField()
    size = models.PositiveIntegerField()
    """In bytes."""
    sha256 = models.TextField()
    key = models.BinaryField(max_length=32)
    """Of the words it will be (record/words.py). With the digest it says where the bytes lie (keeping.py)."""
    came_as = models.TextField()
    """The digest it came with: the same file twice is one, also after a copy took its place."""
    audience = models.TextField()
    hidden = models.TextField()
    """What is hidden in it, as JSON in ASCII: pairs of what it is and what it says."""
    decided = models.BooleanField()
    """Whether its owner has seen what is hidden in it and said that it goes like this, or nothing is."""
    cleaned = models.BooleanField(default=False)
    """Whether it is a copy without what was hidden in it."""
    scanned = models.TextField()
    added_at = models.DateTimeField()
    whole = models.BooleanField(default=False)
    """False while its bytes come or go: it counts for nothing then, and what is left of it is cleared away."""

    class Meta:
        """A file is there once beside a form."""

        db_table = "waiting_files"
        constraints = (
            models.UniqueConstraint(
                fields=("person", "place", "came_as"), condition=models.Q(whole=True), name="a_file_waits_once"
            ),
        )
        indexes = (models.Index(fields=("person", "place"), name="waiting_by_place"),)

    def __str__(self) -> str:
        """Give its place, and not its name."""
        return f"a file of {self.person} at {self.place}"
