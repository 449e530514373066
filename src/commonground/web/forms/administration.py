"""The forms of administration: one for each kind of change. They check shape, and make one call.

A change that can take somebody out of a post says first what it does (`foresees`), and is made when it is sent again
from that page.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar, Final

from django import forms
from django.core.validators import RegexValidator
from django.urls import reverse

from commonground.core.acts import PostRef
from commonground.core.procedure import Key
from commonground.people.administering import Charge, NotInCharge
from commonground.people.functions import Function, function_of
from commonground.people.models import Agency, Membership
from commonground.usecases import contacts
from commonground.usecases.directory import partnerships
from commonground.usecases.staff import administrators, agencies, people, posts
from commonground.usecases.staff.administrators import Ward
from commonground.usecases.staff.agencies import THE_OFFICE
from commonground.usecases.staff.checks import Mistake, key_from
from commonground.usecases.staff.reading import (
    AgencyStaff,
    Away,
    PartnershipStaff,
    PersonEntry,
    PostEntry,
    Seated,
    posts_to_have,
    stand_ins_to_choose,
)
from commonground.usecases.staff.then import Foreseen, away, foresee, gone, nobody_in, out_of, without_agency
from commonground.web.formfields import AbstractForms, DayField
from commonground.web.forms.fields import Tick, post_of

KINDS: Final = (
    ("school", "School or college"),
    ("early-years", "Early years"),
    ("health", "Health"),
    ("social-care", "Children’s social care"),
    ("police", "Police"),
    ("voluntary", "Voluntary or community"),
    ("housing", "Housing"),
    ("probation", "Probation"),
    ("youth-justice", "Youth justice"),
    ("other", "Other"),
)
"""Kinds of agency to choose from. A kind that an agency has already is always among them."""

NATIONS: Final = (
    ("england-and-wales", "England and Wales"),
    ("scotland", "Scotland"),
    ("northern-ireland", "Northern Ireland"),
)


@dataclass(frozen=True)
class Here:
    """Where a change is made, and by whom: only what its place in the directory gives it is there."""

    charge: Charge
    charges: tuple[Charge, ...]
    today: date
    staff: AgencyStaff | None = None
    area: PartnershipStaff | None = None
    post: PostEntry | None = None
    person: PersonEntry | None = None
    seat: Seated | None = None
    away: Away | None = None

    @property
    def of(self) -> AgencyStaff:
        """The agency that the change is in."""
        if self.staff is None:
            raise NotInCharge
        return self.staff

    @property
    def agency(self) -> Key:
        return self.of.agency.key

    @property
    def within(self) -> PartnershipStaff:
        """The partnership that the change is in."""
        if self.area is None:
            raise NotInCharge
        return self.area

    @property
    def the_post(self) -> PostEntry:
        if self.post is None:
            raise NotInCharge
        return self.post

    @property
    def the_person(self) -> PersonEntry:
        if self.person is None:
            raise NotInCharge
        return self.person

    @property
    def the_seat(self) -> Seated:
        if self.seat is None:
            raise NotInCharge
        return self.seat

    @property
    def ward(self) -> Ward:
        """What an administrator named here would look after."""
        return Ward(self.staff.agency.key if self.staff else None, self.area.partnership.key if self.area else None)

    @property
    def page(self) -> str:
        """The address to go back to."""
        if self.person is not None:
            return reverse("administration-person", args=[self.agency, self.person.key])
        if self.post is not None:
            return reverse("administration-post", args=[self.agency, self.post.post.post])
        if self.staff is not None:
            return reverse("administration-agency", args=[self.agency])
        if self.area is not None:
            return reverse("administration-partnership", args=[self.area.partnership.key])
        return reverse("administration")


# --- Fields -----------------------------------------------------------------------------------------------------------


NO_FORMULA: Final = RegexValidator(
    r"^[=+\-@]", "Begin with a letter or a number: files would take this for a formula", inverse_match=True
)


class Line(forms.CharField):
    """One line of text. `needed` is what is said where it is empty; without it, it may be."""

    def __init__(self, label: str, needed: str = "", longest: int = 200, **options: Any) -> None:
        super().__init__(
            label=label,
            required=bool(needed),
            error_messages={"required": needed, "max_length": f"Use {longest} characters or fewer"},
            max_length=longest,
            validators=options.pop("validators", [NO_FORMULA]),
            **options,
        )


PLAIN_NUMBER: Final = RegexValidator(r"^[0-9+() .\-x/#ext]*$", "Write a telephone number, for example 01632 960100")


class Telephone(Line):
    """A telephone number, as people write them."""

    def __init__(self, label: str = "Telephone", **options: Any) -> None:
        super().__init__(label, longest=40, validators=[PLAIN_NUMBER], **options)


class Email(forms.EmailField):
    """An e-mail address."""

    def __init__(self, label: str = "E-mail address", needed: str = "", **options: Any) -> None:
        says = "Write an e-mail address, for example name@school.example"
        super().__init__(
            label=label, required=bool(needed), error_messages={"required": needed, "invalid": says}, **options
        )
        # The house's box for text; what is typed is checked here and not by the browser.
        self.widget = forms.TextInput(attrs={"autocomplete": "off", "inputmode": "email", "spellcheck": "false"})


class Chosen(forms.ChoiceField):
    """One of a list to pick from."""

    def __init__(self, label: str, choices: Iterable[tuple[str, str]], needed: str, **options: Any) -> None:
        super().__init__(
            label=label,
            choices=[("", "Choose"), *choices],
            error_messages={"required": needed, "invalid_choice": needed},
            **options,
        )


class Radio(forms.ChoiceField):
    """One of a few, as radio buttons."""

    def __init__(self, label: str, choices: Iterable[tuple[str, str]], needed: str, **options: Any) -> None:
        super().__init__(
            label=label,
            choices=list(choices),
            widget=forms.RadioSelect,
            error_messages={"required": needed, "invalid_choice": needed},
            **options,
        )


def first_day(label: str, **options: Any) -> DayField:
    """This will ask for a day; left empty it is today."""
    return DayField(
        label=label, required=False, help_text="For example, 27 3 2026. Leave it empty for today.", **options
    )


def last_day(label: str = "Until when? The last day", **options: Any) -> DayField:
    """This will ask for a last day; left empty there is none."""
    says = "For example, 27 3 2026. Leave it empty if nobody knows."
    return DayField(label=label, required=False, help_text=says, **options)


def function_choices() -> list[tuple[str, str]]:
    """This will list what a post can be for."""
    return [(one.value, one.value[:1].upper() + one.value[1:]) for one in Function]


# --- Changes ----------------------------------------------------------------------------------------------------------


class HereForm(forms.Form):
    """What somebody is asked, and where in the administration."""

    title: ClassVar[str]
    """The page's title and heading. It names nobody."""
    lead: ClassVar[tuple[str, ...]] = ()
    """What is said before the questions."""

    def __init__(self, here: Here, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        self.here = here
        self.asks()

    def asks(self) -> None:
        """Add the fields that depend on where it is asked, and fill in what is so now."""

    def said(self, name: str) -> Any:
        return self.cleaned_data.get(name)

    def day(self, name: str) -> date:
        """Give a day that was typed; today where none was."""
        return self.said(name) or self.here.today

    def fill(self, **now: Any) -> None:
        self.initial = {**now, **self.initial}


class ChangeForm(HereForm, metaclass=AbstractForms):
    """A change, and where it is made. A mistake that the change itself finds goes to the field it names."""

    button: ClassVar[str]

    def foresees(self) -> Foreseen | None:
        """Say what the change does, where it can take somebody out of a post; None where it can't."""
        return None

    @abstractmethod
    def make(self, at: datetime) -> Mistake | Key | None:
        """Make it."""

    def next(self, made: str | None) -> str:
        """Give the address of the page to show then; `made` is the key of what the change made, if it made anything."""
        return self.here.page


class JoinerForm(ChangeForm):
    title = "Somebody joins"
    button = "Add them"
    lead = (
        "They can see what their post can see from their first day. Invite them afterwards so that they can sign in.",
    )

    full_name = Line("Full name", "Enter their full name")
    known_as = Line("Known as", help_text="If people call them something else. You can leave it empty.")
    email = Email(help_text="An invitation goes here, and it is the name they sign in with. You can add it later.")
    telephone = Telephone()
    deputy = Radio(
        "Do they hold the post, or are they a deputy?",
        [("no", "They hold it"), ("yes", "They are a deputy: they serve when nobody who holds it is here")],
        "Choose one",
        initial="no",
    )
    from_on = first_day("From when?")
    to_on = last_day()

    def asks(self) -> None:
        choices = [(one.post.post, one.title) for one in self.here.of.posts]
        self.fields["post"] = Chosen("Which post?", choices, "Choose their post")
        order = ["full_name", "known_as", "email", "telephone", "post", "deputy", "from_on", "to_on"]
        self.order_fields(order)

    def make(self, at: datetime) -> Mistake | Key | None:
        joiner = people.Joiner(
            full_name=self.said("full_name"),
            post=self.said("post"),
            from_on=self.day("from_on"),
            deputy=self.said("deputy") == "yes",
            to_on=self.said("to_on"),
            known_as=self.said("known_as"),
            email=self.said("email"),
            telephone=self.said("telephone"),
        )
        return people.join_agency(self.here.charge, self.here.agency, joiner, at)

    def next(self, made: str | None) -> str:
        return reverse("administration-person", args=[self.here.agency, made or ""])


class LeaverForm(ChangeForm):
    title = "Somebody leaves"
    button = "See what this changes"
    lead = (
        "They leave every post in this agency. From that day they see nothing here.",
        "Nothing they wrote is lost. Whoever answers for their posts then takes it on.",
    )

    gone_on = first_day("From which day are they gone?")

    def foresees(self) -> Foreseen | None:
        return foresee(self.here.agency, gone(self.here.the_person.key, self.here.agency), self.day("gone_on"))

    def make(self, at: datetime) -> Mistake | Key | None:
        people.leave_agency(self.here.charge, self.here.agency, self.here.the_person.key, self.day("gone_on"), at)
        return None

    def next(self, made: str | None) -> str:
        return reverse("administration-agency", args=[self.here.agency])


class AwayForm(ChangeForm):
    title = "Somebody is away"
    button = "See what this changes"
    lead = ("Their deputies serve for every post they hold. They can still sign in and act.",)

    from_on = first_day("From when?")
    to_on = last_day("Until when? The last day away")

    def foresees(self) -> Foreseen | None:
        return foresee(self.here.agency, away(self.here.the_person.key), self.day("from_on"))

    def make(self, at: datetime) -> Mistake | Key | None:
        return people.note_absence(
            self.here.charge, self.here.the_person.key, self.day("from_on"), self.said("to_on"), at
        )


class BackForm(ChangeForm):
    title = "Somebody is back"
    button = "Say that they are back"

    back_on = first_day("From which day are they here again?")

    def make(self, at: datetime) -> Mistake | Key | None:
        if self.here.away is None:
            raise NotInCharge
        return people.change_absence(self.here.charge, self.here.away.id, self.day("back_on"), None, at, back=True)


class PersonForm(ChangeForm):
    title = "Name and how to reach somebody"
    button = "Save"

    full_name = Line("Full name", "Enter their full name")
    known_as = Line("Known as", help_text="If people call them something else. You can leave it empty.")
    email = Email(help_text="Messages and an invitation go here.")
    telephone = Telephone()

    def asks(self) -> None:
        now = self.here.the_person
        self.fill(full_name=now.full_name, known_as=now.known_as, email=now.email, telephone=now.telephone)

    def make(self, at: datetime) -> Mistake | Key | None:
        reaching = people.Reaching(
            self.said("full_name"), self.said("known_as"), self.said("email"), self.said("telephone")
        )
        return people.change_person(self.here.charge, self.here.the_person.key, reaching, at)


class PostForm(ChangeForm):
    title = "Add a post"
    button = "Add the post"

    post = Radio("Which post?", (), "Choose a post, or write the name of another", required=False)
    other = Line("Or another post", help_text="What it is called in your agency.")
    function = forms.ChoiceField(
        label="What is it for?",
        required=False,
        help_text="It decides who serves when nobody in the post is here. Leave it open if you do not know.",
    )
    telephone = Telephone()
    out_of_hours = Telephone("Telephone outside working hours")

    def asks(self) -> None:
        staff = self.here.of
        there = {one.post for one in staff.posts if one.stand_in is None}
        usual = [one for one in posts_to_have(staff.titles, staff.agency) if one not in there]
        field = self.fields["post"]
        field.choices = [(one.post, staff.titles.title(one)) for one in usual]  # type: ignore[attr-defined]  # a choice
        if not usual:
            del self.fields["post"]
        self.fields["function"].choices = [("", "I do not know"), *function_choices()]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if not said.get("post") and not said.get("other"):
            self.add_error("other", "Choose a post, or write the name of another")
        return said

    @property
    def _key(self) -> Key:
        taken = {one.post.post for one in self.here.of.posts}
        return self.said("post") or key_from(self.said("other"), lambda key: key not in taken)

    def make(self, at: datetime) -> Mistake | Key | None:
        function = Function(self.said("function")) if self.said("function") else None
        title = "" if self.said("post") else self.said("other")
        details = posts.PostDetails(title, function, self.said("telephone"), self.said("out_of_hours"))
        key = self._key
        return posts.add_post(self.here.charge, PostRef(self.here.agency, key), details, at) or key

    def next(self, made: str | None) -> str:
        return reverse("administration-post", args=[self.here.agency, made or ""])


class PostDetailsForm(ChangeForm):
    title = "Details of a post"
    button = "Save"

    own_title = Line("What it is called in your agency", help_text="Leave it empty to use the procedure’s name for it.")
    function = forms.ChoiceField(
        label="What is it for?",
        required=False,
        help_text="It decides who serves when nobody in the post is here, and who is told as safeguarding lead.",
    )
    telephone = Telephone()
    out_of_hours = Telephone("Telephone outside working hours")

    def asks(self) -> None:
        now = self.here.the_post
        usual = function_of(now.post.post)
        choices = [("", f"As usual for this post: {usual}"), *function_choices()]
        self.fields["function"].choices = choices  # type: ignore[attr-defined]  # a choice
        self.fill(
            own_title=now.own_title,
            function=now.own_function or "",
            telephone=now.telephone,
            out_of_hours=now.out_of_hours,
        )

    def make(self, at: datetime) -> Mistake | Key | None:
        function = Function(self.said("function")) if self.said("function") else None
        details = posts.PostDetails(self.said("own_title"), function, self.said("telephone"), self.said("out_of_hours"))
        posts.change_post(self.here.charge, self.here.the_post.post, details, at)
        return None


class SeatForm(ChangeForm):
    title = "Put somebody in a post"
    button = "Put them in the post"

    deputy = Radio(
        "Do they hold it, or are they a deputy?",
        [("no", "They hold it"), ("yes", "They are the next deputy: they serve when nobody before them is here")],
        "Choose one",
    )
    from_on = first_day("From when?")
    to_on = last_day()

    def asks(self) -> None:
        choices = [(one.key, one.full_name) for one in self.here.of.people]
        says = "Somebody new? Use “Somebody joins” on the agency’s page."
        self.fields["person"] = Chosen("Who?", choices, "Choose somebody", help_text=says)
        self.order_fields(["person", "deputy", "from_on", "to_on"])

    def make(self, at: datetime) -> Mistake | Key | None:
        return posts.seat(
            self.here.charge,
            self.here.the_post.post,
            self.said("person"),
            deputy=self.said("deputy") == "yes",
            from_on=self.day("from_on"),
            to_on=self.said("to_on"),
            at=at,
        )


class NoSuchPostForm(ChangeForm):
    title = "We have no such post"
    button = "See what this changes"
    lead = ("Say which post serves in its place. Whoever is in this post now leaves it.",)

    gone_on = first_day("From which day?")

    def asks(self) -> None:
        staff, mine = self.here.of, self.here.the_post.post
        choices = [
            (f"{one.agency} {one.post}", staff.titles.title(one) if one.agency == mine.agency else staff.titles.at(one))
            for one in stand_ins_to_choose(mine.agency)
            if one != mine
        ]
        self.fields["stand_in"] = Chosen("Which post stands in for it?", choices, "Choose the post that stands in")
        self.order_fields(["stand_in", "gone_on"])

    @property
    def _stand_in(self) -> PostRef:
        return post_of(self.said("stand_in")) or self.here.the_post.post

    def foresees(self) -> Foreseen | None:
        return foresee(self.here.agency, nobody_in(self.here.the_post.post, self._stand_in), self.day("gone_on"))

    def make(self, at: datetime) -> Mistake | Key | None:
        mine = self.here.the_post.post
        return posts.say_no_such_post(self.here.charge, mine, self._stand_in, self.day("gone_on"), at)


class HasPostForm(ChangeForm):
    title = "We have this post again"
    button = "Say that we have it"

    def make(self, at: datetime) -> Mistake | Key | None:
        posts.has_post_again(self.here.charge, self.here.the_post.post, at)
        return None


class StillRightForm(ChangeForm):
    title = "How people ring this post"
    button = "This is still right"
    lead = ("Ring the number first. Then say that it is still right. People see on which day somebody last said so.",)

    def make(self, at: datetime) -> Mistake | Key | None:
        contacts.confirm(self.here.charge.person, (), (self.here.charge,), self.here.the_post.post, at)
        return None


class SeatDatesForm(ChangeForm):
    title = "From when to when"
    button = "See what this changes"

    from_on = DayField(
        label="From when?", help_text="For example, 27 3 2026", error_messages={"required": "Enter a day"}
    )
    to_on = last_day()

    def asks(self) -> None:
        self.fill(from_on=self.here.the_seat.from_on, to_on=self.here.the_seat.to_on)

    def foresees(self) -> Foreseen | None:
        seat, last = self.here.the_seat, self.said("to_on")
        today = self.here.today
        if self.said("from_on") <= today and (last is None or last >= today):
            return None  # they are in it today
        return foresee(self.here.agency, out_of(seat.post, seat.person), today)

    def make(self, at: datetime) -> Mistake | Key | None:
        return posts.date_seat(
            self.here.charge, self.here.the_seat.holding, self.said("from_on"), self.said("to_on"), at
        )


class SeatEndsForm(ChangeForm):
    title = "Somebody leaves a post"
    button = "See what this changes"

    gone_on = first_day("From which day are they not in it?")

    def foresees(self) -> Foreseen | None:
        seat = self.here.the_seat
        return foresee(self.here.agency, out_of(seat.post, seat.person), self.day("gone_on"))

    def make(self, at: datetime) -> Mistake | Key | None:
        posts.end_seat(self.here.charge, self.here.the_seat.holding, self.day("gone_on"), at)
        return None


class SeatUpForm(ChangeForm):
    title = "Move a deputy up"
    button = "Move them up"
    lead = ("Deputies serve in their order. This one then serves before the one who stands before them now.",)

    def make(self, at: datetime) -> Mistake | Key | None:
        posts.move_deputy_up(self.here.charge, self.here.the_seat.holding, at)
        return None


class AgencyForm(ChangeForm):
    """What an agency is called and how to reach it."""

    name = Line("Name", "Enter its name")
    kind = Chosen("What kind of agency is it?", KINDS, "Choose what kind it is")
    telephone = Telephone(help_text="In working hours. People ring it when a child is in danger.")
    out_of_hours = Telephone("Telephone outside working hours")
    address = Line("Address", longest=500, help_text="For letters, on one line.")
    on_service = Tick(
        "Does it use this service?",
        "Yes. Its people sign in here",
        help_text="If not, the partnership’s office reaches it by telephone or letter.",
        initial=True,
    )

    @property
    def details(self) -> agencies.AgencyDetails:
        return agencies.AgencyDetails(
            name=self.said("name"),
            kind=self.said("kind"),
            on_service=self.said("on_service"),
            telephone=self.said("telephone"),
            out_of_hours=self.said("out_of_hours"),
            address=self.said("address"),
        )


class AgencyDetailsForm(AgencyForm):
    title = "Details of the agency"
    button = "Save"

    def asks(self) -> None:
        now = self.here.of.agency
        if self.here.charge.partnership is None or now.kind == THE_OFFICE:
            del self.fields["kind"]
        elif now.kind not in dict(KINDS):
            self.fields["kind"].choices = [*KINDS, (now.kind, now.kind)]  # type: ignore[attr-defined]  # a choice
        self.fill(**{name: getattr(now, name) for name in self.fields})

    def make(self, at: datetime) -> Mistake | Key | None:
        details = self.details if "kind" in self.fields else self._of_the_same_kind()
        return agencies.change_agency(self.here.charge, self.here.agency, details, at)

    def _of_the_same_kind(self) -> agencies.AgencyDetails:
        self.cleaned_data["kind"] = self.here.of.agency.kind
        return self.details


class NewAgencyForm(AgencyForm):
    title = "Add an agency"
    button = "Add the agency"

    def make(self, at: datetime) -> Mistake | Key | None:
        return agencies.add_agency(self.here.charge, self.here.within.partnership.key, self.details, at)

    def next(self, made: str | None) -> str:
        return reverse("administration-agency", args=[made or ""])


class BelongsForm(ChangeForm):
    title = "An agency of another partnership"
    button = "Have it belong here too"
    lead = ("A police force or a hospital can belong to several partnerships. You look after both sides of this.",)

    def asks(self) -> None:
        here = {one.key for one in self.here.within.agencies}
        mine = {one.agency for one in self.here.charges if one.agency}
        areas = {one.partnership for one in self.here.charges if one.partnership}
        within = Membership.objects.filter(partnership_id__in=areas).values_list("agency_id", flat=True)
        rows = Agency.objects.filter(key__in=(mine | set(within)) - here).exclude(kind=THE_OFFICE)
        self.fields["agency"] = Chosen("Which agency?", [(row.key, row.name) for row in rows], "Choose an agency")

    def make(self, at: datetime) -> Mistake | Key | None:
        agencies.have_belong(self.here.charges, self.said("agency"), self.here.within.partnership.key, at)
        return None


class BelongsNoMoreForm(ChangeForm):
    title = "An agency leaves the partnership"
    button = "See what this changes"
    lead = ("Its disagreements here stay. The partnership’s office serves for its posts.",)

    def asks(self) -> None:
        rows = [(one.key, one.name) for one in self.here.within.agencies if one.kind != THE_OFFICE]
        self.fields["agency"] = Chosen("Which agency?", rows, "Choose an agency")

    def foresees(self) -> Foreseen | None:
        found = foresee(self.said("agency"), without_agency(self.said("agency")), self.here.today)
        here = self.here.within.partnership.key
        return Foreseen(tuple(one for one in found.posts if one.partnership == here), found.office_serves)

    def make(self, at: datetime) -> Mistake | Key | None:
        return agencies.have_leave(self.here.charge, self.said("agency"), self.here.within.partnership.key, at)


class AdministratorForm(ChangeForm):
    title = "Name an administrator"
    button = "Name them"
    lead = (
        "They can change this directory. They see no disagreement by it.",
        "They need a second factor to sign in, such as a code from their telephone.",
    )

    full_name = Line("Full name", "Enter their full name")
    email = Email(needed="Enter their e-mail address: an invitation goes there")
    from_on = first_day("From when?")

    def make(self, at: datetime) -> Mistake | Key | None:
        return administrators.name_administrator(
            self.here.charge, self.here.ward, self.said("full_name"), self.said("email"), self.day("from_on"), at
        )


class WardAdministratorForm(AdministratorForm):
    """The service's administrator names who looks after a partnership, or after the service itself."""

    def asks(self) -> None:
        areas = [(f"partnership {key}", name) for key, name in partnerships()]
        self.fields["ward"] = Chosen("What do they look after?", [("service", "This service"), *areas], "Choose one")
        self.order_fields(["ward", "full_name", "email", "from_on"])

    def make(self, at: datetime) -> Mistake | Key | None:
        _, _, partnership = self.said("ward").partition(" ")
        return administrators.name_administrator(
            self.here.charge,
            Ward(partnership=partnership or None),
            self.said("full_name"),
            self.said("email"),
            self.day("from_on"),
            at,
        )


class FoundForm(ChangeForm):
    title = "Found a partnership"
    button = "Found it"
    lead = ("It begins with its office, which has one post and nobody in it. Name its administrator next.",)

    name = Line("Name of the partnership", "Enter its name")
    nation = Radio("Whose bank holidays hold there?", NATIONS, "Choose the nation")
    letters = Line(
        "What its references begin with",
        "Enter two to four letters",
        longest=4,
        help_text="Two to four letters, for example RI.",
        validators=[RegexValidator(r"^[A-Za-z]{2,4}$", "Write two to four letters")],
    )
    office_name = Line("Name of its office", "Enter the name of its office")
    telephone = Telephone("Telephone of its office")
    out_of_hours = Telephone("Telephone outside working hours")

    def make(self, at: datetime) -> Mistake | Key | None:
        founding = agencies.Founding(
            name=self.said("name"),
            nation=self.said("nation"),
            prefix=self.said("letters").upper(),
            office_name=self.said("office_name"),
            telephone=self.said("telephone"),
            out_of_hours=self.said("out_of_hours"),
        )
        return agencies.found(self.here.charge, founding, at)


Forms = Mapping[str, type[ChangeForm]]

OF_SERVICE: Final[Forms] = {"partnership": FoundForm, "administrator": WardAdministratorForm}
OF_PARTNERSHIP: Final[Forms] = {
    "agency": NewAgencyForm,
    "belongs": BelongsForm,
    "leaves": BelongsNoMoreForm,
    "administrator": AdministratorForm,
}
OF_AGENCY: Final[Forms] = {
    "joiner": JoinerForm,
    "post": PostForm,
    "details": AgencyDetailsForm,
    "administrator": AdministratorForm,
}
OF_POST: Final[Forms] = {
    "seat": SeatForm,
    "details": PostDetailsForm,
    "none": NoSuchPostForm,
    "again": HasPostForm,
    "still-right": StillRightForm,
}
OF_PERSON: Final[Forms] = {"leaves": LeaverForm, "away": AwayForm, "details": PersonForm}
OF_SEAT: Final[Forms] = {"dates": SeatDatesForm, "ends": SeatEndsForm, "up": SeatUpForm}
OF_ABSENCE: Final[Forms] = {"back": BackForm}


def hidden_values(data: Mapping[str, Any], names: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """This will give what a form was sent, to be sent again from the page that says what it does."""
    return tuple(
        (name, str(value))
        for name, value in data.items()
        if name != "csrfmiddlewaretoken" and any(name == one or name.startswith(f"{one}-") for one in names)
    )


class FileForm(forms.Form):
    """A directory file to take in."""

    file = forms.FileField(
        label="The file (CSV or Excel)",
        error_messages={
            "required": "Choose a file",
            "empty": "The file is empty",
            "invalid": "Choose a file",
            "missing": "Choose a file",
        },
    )
    whole = Tick(
        "Is this the whole directory of each agency in it?",
        "Yes. Whoever is not in it has left",
        help_text="Leave this empty if the file has only some of the people. Then nobody leaves.",
    )
