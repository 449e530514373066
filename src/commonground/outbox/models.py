"""Messages that wait to go. Written in the transaction of the act they tell of; each has a state of its own."""

from django.db import models

from commonground.fence import Fenced


class State(models.TextChoices):
    """Where a message has got to."""

    WAITING = "waiting", "Waiting to go"
    SENT = "sent", "Sent"
    FAILED = "failed", "Could not be sent: somebody has to tell them otherwise"


class MessageRow(Fenced):
    """One act told to one post. A reference and what it is about: no name and no words (promise 10)."""

    disagreement = models.UUIDField()
    sequence = models.PositiveIntegerField()
    """The act it tells of."""
    reference = models.TextField()
    agency = models.TextField()
    post = models.TextField()
    """Who holds the post is found when it is sent, not when it is written."""
    about = models.TextField()
    to_act = models.BooleanField()
    """Whether it is their move."""
    urgent = models.BooleanField()
    queued_at = models.DateTimeField()
    send_at = models.DateTimeField()
    """When people may be told: never at night unless it is urgent. Not when anything is due."""
    next_try_at = models.DateTimeField()
    state = models.TextField(choices=State.choices, default=State.WAITING)
    attempts = models.PositiveIntegerField(default=0)
    trouble = models.TextField(default="")
    """What kind of thing went wrong the last time. Never its text, which may hold an address."""
    sent_at = models.DateTimeField(null=True)
    office_instead = models.BooleanField(default=False, db_default=False)
    """Nobody who answers for the post could be written to, so the partnership's office was told to reach them."""

    class Meta:
        """A post is told of an act once. The worker looks for what waits."""

        db_table = "messages"
        constraints = (
            models.UniqueConstraint(
                fields=("disagreement", "sequence", "agency", "post", "about"), name="told_of_a_thing_once"
            ),
        )
        indexes = (
            models.Index(fields=("next_try_at",), condition=models.Q(state="waiting"), name="messages_that_wait"),
        )

    def __str__(self) -> str:
        """Give what it is about, and to which post."""
        return f"{self.reference} act {self.sequence} to {self.agency}/{self.post}: {self.state}"


class Delivery(Fenced):
    """A message was handed over for one of the people it is for: whoever has it does not get it again."""

    disagreement_by = "message__disagreement"

    message = models.ForeignKey(MessageRow, on_delete=models.CASCADE, related_name="deliveries")
    person = models.SlugField()
    delivered_at = models.DateTimeField()

    class Meta:
        """Once for each person."""

        db_table = "deliveries"
        constraints = (
            models.UniqueConstraint(fields=("message", "person"), name="a_message_is_delivered_once_to_a_person"),
        )

    def __str__(self) -> str:
        """Give both."""
        return f"message {self.message_id} to {self.person}"
