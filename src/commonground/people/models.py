"""The tables of who is who: partnerships, agencies, posts and who holds them; who is party to what; who looked.

Nothing here decides what anybody may reach: access.py does, and every query of a disagreement asks it for a Scope.
"""

from __future__ import annotations

import secrets

from django.db import models

from commonground.fence import Fenced


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


def first_count() -> int:
    """This will give where a partnership's count of changes begins: never twice the same.

    What is kept of a directory is kept by this count, and a partnership that is made anew must not meet the old one's.
    """
    return secrets.randbelow(2**40)


class Partnership(models.Model):
    """A safeguarding partnership: the area whose published procedure is run, and its office."""

    key = models.SlugField(primary_key=True)
    name = models.TextField()
    nation = models.TextField()
    """Which nation's bank holidays hold here."""
    localities = models.JSONField(default=list, blank=True)
    """The places it covers, as people say them."""
    local_names = models.JSONField(default=dict, blank=True)
    """What bodies are called here, by the plain word for them: {"front door": "Holmshire First Contact"}."""
    reference_prefix = models.CharField(max_length=4, unique=True)
    directory = models.PositiveBigIntegerField(default=first_count)
    """Counts changes of who is where in it. Triggers count (migration 0004), so that no change is ever missed."""

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
    """An agency of one partnership or of several; a partnership's own office is one too (`kind` "partnership")."""

    key = models.SlugField(primary_key=True)
    partnerships: models.ManyToManyField[Partnership, Membership] = models.ManyToManyField(
        Partnership, through="Membership", related_name="agencies"
    )
    name = models.TextField()
    kind = models.SlugField()
    on_service = models.BooleanField(default=True)
    """False: known, but nobody there signs in. The office reaches it."""
    telephone = models.TextField(default="", blank=True)
    out_of_hours = models.TextField(default="", blank=True)
    address = models.TextField(default="", blank=True)
    """Where a letter reaches it, when nobody there signs in."""

    class Meta:
        """In order of name."""

        db_table = "agencies"
        ordering = ("name",)

    def __str__(self) -> str:
        """Give its name."""
        return self.name


class Membership(models.Model):
    """An agency belongs to a partnership. A police force that covers four areas belongs to four."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="memberships")
    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="memberships")

    class Meta:
        """An agency belongs to a partnership once."""

        db_table = "memberships"
        constraints = (
            models.UniqueConstraint(fields=("partnership", "agency"), name="an_agency_belongs_to_a_partnership_once"),
        )

    def __str__(self) -> str:
        """Give both."""
        return f"{self.agency_id} in {self.partnership_id}"


class Post(models.Model):
    """A post that an agency has. Which posts there are to have is said by the procedures."""

    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="posts")
    post = models.SlugField(max_length=100)
    title = models.TextField(default="", blank=True)
    """The local title, where it differs from the procedure's."""
    function = models.TextField(default="", blank=True)
    """What the post is for (functions.Function), where it is not what its key usually means (functions.yaml)."""
    telephone = models.TextField(default="", blank=True)
    out_of_hours = models.TextField(default="", blank=True)

    class Meta:
        """An agency has a post once."""

        db_table = "posts"
        constraints = (models.UniqueConstraint(fields=("agency", "post"), name="a_post_is_there_once"),)

    def __str__(self) -> str:
        """Give agency and post."""
        return f"{self.agency_id}/{self.post}"


class NoSuchPost(models.Model):
    """An agency says that it has no such post, and which post serves in its place: its own, or another agency's."""

    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="no_such_posts")
    post = models.SlugField(max_length=100)
    stand_in = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="stands_in_for")

    class Meta:
        """Said once for each post."""

        db_table = "no_such_posts"
        constraints = (
            models.UniqueConstraint(fields=("agency", "post"), name="one_stand_in_for_a_post_that_is_not_there"),
        )

    def __str__(self) -> str:
        """Give what is not there."""
        return f"no {self.post} in {self.agency_id}"


class Person(models.Model):
    """Somebody who acts here. Records hold `key`, never a name."""

    key = models.SlugField(primary_key=True)
    full_name = models.TextField()
    known_as = models.TextField(default="", blank=True)
    telephone = models.TextField(default="", blank=True)
    email = models.TextField(default="", blank=True)
    """Where messages and an invitation go."""

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


class Absence(models.Model):
    """Somebody is away from a day to a day, from every post they hold. Their deputies serve meanwhile."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="absences")
    from_on = models.DateField()
    to_on = models.DateField(null=True)
    """The last day away; none where nobody knows."""

    class Meta:
        """In order of time."""

        db_table = "absences"
        ordering = ("from_on", "id")

    def __str__(self) -> str:
        """Give who."""
        return f"{self.person_id} away from {self.from_on}"


class Administrator(models.Model):
    """Somebody looks after a directory: an agency's, a partnership's, or (neither given) the whole service.

    It opens administration pages and nothing else: no administrator reaches a disagreement by being one.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="administers")
    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, null=True, related_name="administrators")
    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, null=True, related_name="administrators")
    from_on = models.DateField()
    to_on = models.DateField(null=True)

    class Meta:
        """One thing each."""

        db_table = "administrators"
        constraints = (
            models.CheckConstraint(
                condition=models.Q(agency__isnull=True) | models.Q(partnership__isnull=True),
                name="an_administrator_looks_after_one_thing",
            ),
        )

    def __str__(self) -> str:
        """Give who and of what."""
        return f"{self.person_id} of {self.agency_id or self.partnership_id or 'the service'}"


class Party(Fenced):
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


class Part(Fenced):
    """A post's part in a disagreement, from when to when: what need to know rests on. Written with the act behind it.

    An agency has many people in it; a part says which post has to know, and where that is not enough, which person.
    """

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT)
    disagreement = models.UUIDField()
    agency = models.SlugField()
    post = models.SlugField(max_length=100)
    person = models.SlugField(default="", blank=True)
    """Whose part it is alone: the raiser's. Empty: whoever answers for the post."""
    why = models.TextField()
    """access.Why: what brought the post in."""
    from_at = models.DateTimeField()
    to_at = models.DateTimeField(null=True)
    """When it ended. What came after is not for this post any more."""

    class Meta:
        """Found by post, and by disagreement."""

        db_table = "parts"
        constraints = (
            models.UniqueConstraint(
                fields=("disagreement", "agency", "post", "person", "why"),
                name="a_post_has_a_part_once_for_each_reason",
            ),
        )
        indexes = (models.Index(fields=("agency", "post", "disagreement"), name="parts_by_post"),)

    def __str__(self) -> str:
        """Give both."""
        return f"{self.agency}/{self.post} in {self.disagreement}"


class Opening(Fenced):
    """Somebody looks outside their relation, for a reason they typed. Told to both sides' leads; it ends by itself."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT)
    disagreement = models.UUIDField()
    person = models.SlugField()
    agency = models.SlugField()
    post = models.SlugField(max_length=100)
    reason = models.TextField()
    from_at = models.DateTimeField()
    to_at = models.DateTimeField()

    class Meta:
        """Found by person, and by disagreement."""

        db_table = "openings"
        indexes = (models.Index(fields=("person", "disagreement", "to_at"), name="openings_by_person"),)

    def __str__(self) -> str:
        """Give who and what, and none of the reason."""
        return f"{self.person} opened {self.disagreement}"


class GuestLink(Fenced):
    """A link for one disagreement and one person from outside, with a code that goes to them another way.

    What is kept of the link and the code are digests: nobody who reads the database can use either.
    """

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT)
    disagreement = models.UUIDField()
    agency = models.SlugField()
    post = models.SlugField(max_length=100)
    """For which agency and in which post the guest acts."""
    person = models.SlugField()
    """The guest, as a Person with a name: made with the link."""
    link_digest = models.BinaryField(max_length=32, unique=True)
    code_digest = models.BinaryField(max_length=64)
    made_by = models.SlugField()
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    wrong_codes = models.PositiveSmallIntegerField(default=0)
    spent_at = models.DateTimeField(null=True)
    browser_digest = models.BinaryField(max_length=32, null=True)
    """Which browser pressed the button: the only one it works in from then on."""
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        """Found by its digest, and by disagreement."""

        db_table = "guest_links"
        indexes = (models.Index(fields=("disagreement",), name="guest_links_by_disagreement"),)

    def __str__(self) -> str:
        """Give for what and whom."""
        return f"{self.person} in {self.disagreement}"


class TickList(Fenced):
    """A list that a partnership loaded for a question of its procedure, such as its signs of need or its toolkits.

    Its lines are offered to tick beside the question's box. What is ticked becomes words of the act, so that the record
    stays as it is when the list is replaced or taken away.
    """

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT)
    ask = models.SlugField(max_length=100)
    """The key of the question (core.procedure.Ask), in whichever of the partnership's procedures asks it."""
    title = models.TextField()
    version_on = models.DateField()
    """The date of the document that the lines come from, as it says itself."""
    address = models.TextField(default="", blank=True)
    """Where the document can be read: https, or empty."""
    lines = models.JSONField(default=list)
    """Texts, in order."""

    disagreement_by = "partnership"
    """It is about no disagreement; it stands behind the fence as what its partnership alone may read and change."""

    class Meta:
        """One for each question."""

        db_table = "tick_lists"
        constraints = (models.UniqueConstraint(fields=("partnership", "ask"), name="a_question_has_one_tick_list"),)

    def __str__(self) -> str:
        """Give for which question it is."""
        return f"{self.ask} in {self.partnership_id}"


class DirectoryChange(models.Model):
    """Somebody changed a directory: who, when, what it was and what it is. Only ever added to."""

    partnership = models.SlugField(default="", blank=True)
    agency = models.SlugField(default="", blank=True)
    by = models.SlugField()
    at = models.DateTimeField()
    what = models.TextField()
    """What kind of change: `people.changes.Change`."""
    about = models.JSONField(default=dict)
    """Keys and dates, before and after. No names and no contact details: those stand in their own tables."""

    class Meta:
        """In order of time."""

        db_table = "directory_changes"
        ordering = ("-at", "-id")

    def __str__(self) -> str:
        """Give what and when."""
        return f"{self.what} at {self.at:%Y-%m-%d}"


class Look(Fenced):
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
