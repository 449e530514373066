"""The tables of the record. Nothing here decides anything: store.py is the one way in, and the database guards itself.

`acts` and `words` only grow. Triggers (migration 0002) refuse every UPDATE and DELETE of an act, an act that does not
follow the last one, and every change of words but their lawful erasure. They hold on both databases and for everybody,
whatever program, isolation level or role is at work.

On SQLite, a migration that alters one of these tables makes it anew and drops its triggers on the way: put them back in
the same migration. tests/storage/test_triggers.py runs after all migrations and says when it was forgotten.
"""

from django.db import models

from commonground.fence import Fenced


class ActRow(Fenced):
    """One act: the bytes that were hashed, and columns to find it by. Reading checks the columns against the bytes."""

    disagreement = models.UUIDField()
    sequence = models.PositiveIntegerField()
    """1, 2, 3 ... with no gap, in each disagreement."""
    command = models.UUIDField()
    """The id of the command it answers, so that the same command sent twice is one act."""
    kind = models.TextField()
    version = models.PositiveSmallIntegerField()
    recorded_at = models.DateTimeField()
    happened_at = models.DateTimeField()
    agency = models.TextField()
    post = models.TextField()
    author = models.TextField()
    bytes = models.BinaryField()
    previous = models.BinaryField(max_length=32)
    digest = models.BinaryField(max_length=32)

    class Meta:
        """One act at each place, and one for each command."""

        db_table = "acts"
        constraints = (
            models.UniqueConstraint(fields=("disagreement", "sequence"), name="one_act_at_each_place"),
            models.UniqueConstraint(fields=("disagreement", "command"), name="one_act_for_each_command"),
        )

    def __str__(self) -> str:
        """Give its place."""
        return f"{self.disagreement} act {self.sequence}"


class WordsRow(Fenced):
    """What somebody typed, held apart from the act that says it was typed. Erased: text and key are gone, both."""

    disagreement = models.UUIDField()
    sequence = models.PositiveIntegerField()
    field = models.TextField()
    text = models.BinaryField(null=True)
    """UTF-8, exactly as typed. Bytes, because PostgreSQL's text can't hold every character that people can paste."""
    key = models.BinaryField(max_length=32, null=True)
    digest = models.BinaryField(max_length=32)
    audience = models.TextField()
    controller = models.TextField()
    erased_at = models.DateTimeField(null=True)

    class Meta:
        """Found by the act that says them, and there once."""

        db_table = "words"
        constraints = (
            models.UniqueConstraint(fields=("disagreement", "sequence", "digest"), name="words_are_there_once"),
            models.CheckConstraint(
                condition=models.Q(text__isnull=False, key__isnull=False, erased_at__isnull=True)
                | models.Q(text__isnull=True, key__isnull=True, erased_at__isnull=False),
                name="words_are_whole_or_erased",
            ),
        )

    def __str__(self) -> str:
        """Give its place, and none of its text."""
        return f"{self.disagreement} act {self.sequence} {self.field}"


class StandingRow(Fenced):
    """What the acts of one disagreement add up to now. Rewritten with every act; `rebuild` must come out the same."""

    disagreement = models.UUIDField(primary_key=True)
    partnership = models.TextField()
    reference = models.TextField()
    """What people and messages call it: never a name."""
    procedure = models.TextField()
    procedure_digest = models.TextField()
    position = models.PositiveIntegerField()
    """How many acts it adds up."""
    position_digest = models.BinaryField(max_length=32)
    """The digest of the last of them."""
    phase = models.TextField()
    route = models.TextField()
    stage = models.TextField()
    owner_agency = models.TextField(null=True)  # noqa: DJ001 - nobody owns an ended disagreement, and that's no name
    owner_post = models.TextField(null=True)  # noqa: DJ001
    what = models.TextField(null=True)  # noqa: DJ001
    next_event = models.TextField(null=True)  # noqa: DJ001
    next_due_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField(null=True)
    """When the last of its acts was recorded."""
    ended_at = models.DateTimeField(null=True)
    urgent = models.BooleanField(default=False)
    """Whether somebody took it to the stage now open because a child could not wait."""
    shown = models.TextField()
    """What a list shows of it beside these columns, as canonical JSON (codec.py). The rest is in the acts alone."""

    class Meta:
        """Lists are by owner or by partnership; the worker looks for what is due."""

        db_table = "standings"
        constraints = (models.UniqueConstraint(fields=("partnership", "reference"), name="a_reference_means_one"),)
        indexes = (
            models.Index(fields=("next_due_at",), name="standing_by_due"),
            models.Index(fields=("owner_agency", "owner_post", "next_due_at"), name="standing_by_owner"),
            models.Index(fields=("partnership", "phase", "next_due_at", "reference"), name="standing_open_by_due"),
            models.Index(fields=("partnership", "phase", "ended_at", "reference"), name="standing_by_end"),
            models.Index(fields=("partnership", "changed_at", "reference"), name="standing_by_change"),
        )

    def __str__(self) -> str:
        """Give its reference."""
        return self.reference


class SearchRow(Fenced):
    """What one piece of words is found by, and who may find it (search.py). Made of the record, and from it anew."""

    partnership = models.TextField()
    disagreement = models.UUIDField()
    sequence = models.PositiveIntegerField()
    digest = models.BinaryField(max_length=32)
    """The piece's own, as in `words`."""
    audience = models.TextField()
    controller = models.TextField()
    recorded_at = models.DateTimeField()
    """When its act was recorded: a part that ended before does not reach it."""
    terms = models.TextField()
    """Its words without capitals and accents, each once and after a space."""

    class Meta:
        """Found by disagreement, after it is known who reaches that."""

        db_table = "search"
        constraints = (
            models.UniqueConstraint(fields=("disagreement", "sequence", "digest"), name="words_are_found_once"),
        )

    def __str__(self) -> str:
        """Give its place, and none of its words."""
        return f"{self.disagreement} act {self.sequence}"


class CheckpointRow(models.Model):
    """How long each record was at one moment, and one root for all: what leaves the building (checkpoints.py)."""

    made_at = models.DateTimeField(unique=True)
    root = models.BinaryField(max_length=32)
    lengths = models.TextField()
    """Canonical JSON: [disagreement, acts, digest] for each, in order."""

    class Meta:
        """The last one made is the one in use."""

        db_table = "checkpoints"
        ordering = ("made_at",)

    def __str__(self) -> str:
        """Give its moment."""
        return self.made_at.isoformat()
