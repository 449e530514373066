"""The tables of who is who: partnerships, agencies, posts and who holds them; who is party to what; who looked.

Nothing here decides what anybody may reach: access.py does, and every query of a disagreement asks it for a Scope.
"""

from django.db import models


class ProcedureText(models.Model):
    """The text of a procedure that a partnership adopted, by its digest: what disagreements are pinned to, for ever."""

    digest = models.CharField(max_length=64, primary_key=True)
    key = models.TextField()
    text = models.TextField()
    """The YAML, exactly as read; a procedure that extends others is stored with theirs (`layers`)."""
    layers = models.JSONField(default=dict)
    """The texts of the procedures it extends, by key."""
    register = models.JSONField(default=list)
    """Its own clauses, one object each, where they are not in the shipped register."""

    class Meta:
        """Never changed: a new text has a new digest."""

        db_table = "procedure_texts"

    def __str__(self) -> str:
        """Give its key and the start of its digest."""
        return f"{self.key} {self.digest[:12]}"


class Partnership(models.Model):
    """A safeguarding partnership: the area whose published procedure is run, and its office."""

    key = models.SlugField(primary_key=True)
    name = models.TextField()
    nation = models.TextField()
    """Which nation's bank holidays hold here."""
    reference_prefix = models.CharField(max_length=4, unique=True)
    directory = models.PositiveIntegerField(default=0)
    """Counts changes of its agencies and posts. Triggers count (migration 0002), so that no change is ever missed."""

    class Meta:
        """In order of name."""

        db_table = "partnerships"
        ordering = ("name",)

    def __str__(self) -> str:
        """Give its name."""
        return self.name


class Adoption(models.Model):
    """A partnership runs a procedure from a date. Open disagreements keep the text they began under."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="adoptions")
    procedure = models.ForeignKey(ProcedureText, on_delete=models.PROTECT)
    adopted_on = models.DateField()
    ended_on = models.DateField(null=True)

    class Meta:
        """The first adopted is offered first."""

        db_table = "adoptions"
        ordering = ("adopted_on", "id")

    def __str__(self) -> str:
        """Give both."""
        return f"{self.partnership_id}: {self.procedure_id[:12]}"


class Agency(models.Model):
    """An agency of a partnership; the partnership's own office is one of them (`kind` "partnership")."""

    key = models.SlugField(primary_key=True)
    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="agencies")
    name = models.TextField()
    kind = models.SlugField()
    on_service = models.BooleanField(default=True)
    """False: known, but nobody there signs in. The office reaches it."""
    telephone = models.TextField(default="", blank=True)
    out_of_hours = models.TextField(default="", blank=True)

    class Meta:
        """In order of name."""

        db_table = "agencies"
        ordering = ("name",)

    def __str__(self) -> str:
        """Give its name."""
        return self.name


class Post(models.Model):
    """A post that an agency has. Which posts there are to have is said by the procedures."""

    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="posts")
    post = models.SlugField(max_length=100)
    title = models.TextField(default="", blank=True)
    """The local title, where it differs from the procedure's."""

    class Meta:
        """An agency has a post once."""

        db_table = "posts"
        constraints = (models.UniqueConstraint(fields=("agency", "post"), name="a_post_is_there_once"),)

    def __str__(self) -> str:
        """Give agency and post."""
        return f"{self.agency_id}/{self.post}"


class Person(models.Model):
    """Somebody who acts here. Records hold `key`, never a name."""

    key = models.SlugField(primary_key=True)
    full_name = models.TextField()
    known_as = models.TextField(default="", blank=True)

    class Meta:
        """In order of name."""

        db_table = "people"
        ordering = ("full_name",)

    def __str__(self) -> str:
        """Give the name."""
        return self.full_name


class Holding(models.Model):
    """A person holds a post from a date to a date, themselves or as deputy in that order."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="holdings")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="holdings")
    deputy = models.PositiveSmallIntegerField(default=0)
    """0: the holder; 1, 2 ...: deputies, in the order they serve."""
    from_on = models.DateField()
    to_on = models.DateField(null=True)

    class Meta:
        """The holder first, then deputies in order."""

        db_table = "holdings"
        ordering = ("deputy", "id")

    def __str__(self) -> str:
        """Give both."""
        return f"{self.person_id} in {self.post}"


class Party(models.Model):
    """An agency's part in a disagreement, from when to when: what access rests on. Written with the act behind it."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT)
    disagreement = models.UUIDField()
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT)
    side = models.TextField(default="", blank=True)
    """`challenging`, `responding`, or empty for an adviser, a body, the office."""
    from_at = models.DateTimeField()
    to_at = models.DateTimeField(null=True)

    class Meta:
        """Found by agency, and by disagreement."""

        db_table = "parties"
        constraints = (
            models.UniqueConstraint(fields=("disagreement", "agency"), name="an_agency_has_one_part_in_a_disagreement"),
        )
        indexes = (models.Index(fields=("agency", "disagreement"), name="parties_by_agency"),)

    def __str__(self) -> str:
        """Give both."""
        return f"{self.agency_id} in {self.disagreement}"


class Look(models.Model):
    """Somebody read a disagreement: who, for which post, when, and why they could. Only ever added to."""

    disagreement = models.UUIDField()
    person = models.SlugField()
    agency = models.SlugField()
    post = models.SlugField(max_length=100)
    relation = models.TextField()
    looked_at = models.DateTimeField()

    class Meta:
        """Found by disagreement, newest last."""

        db_table = "looks"
        indexes = (models.Index(fields=("disagreement", "looked_at"), name="looks_by_disagreement"),)

    def __str__(self) -> str:
        """Give who and what."""
        return f"{self.person} at {self.disagreement}"
