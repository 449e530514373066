"""What each address answers, to whom and to which method: one rule for every address of the service.

An address without a rule fails the build, and so does a rule without an address. Whether somebody may see something is
the oracle's to say; here stands only what each address makes of that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from commonground.web.forms.acts import FORMS
from tests.matrix.oracle import Actor, Disagreement, Sight, areas_of, looks_after, may_let_in, may_look, sight, until
from tests.matrix.world import World

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
READ = frozenset({"GET"})
READ_HEAD = frozenset({"GET", "HEAD"})
FORM = frozenset({"GET", "HEAD", "POST"})
BUTTON = frozenset({"POST"})

NEVER = "ALDE-222222"
"""A reference that nobody ever had."""
NO_COMMAND = "00000000-0000-4000-8000-000000000000"
RAISING = "/raise.*"
FORMS_OF = "/forms/alder/sussex-six-step"
ACTS_EACH = 4
"""How many of the forms each person tries in each disagreement: in turn, so that everybody meets all of them."""


class Kind(StrEnum):
    """What kind of answer it is."""

    SHOWN = "shown"
    DONE = "done or shown"
    """A form: sent on to where it leads, or shown again."""
    SENT_ON = "sent on"
    NOT_THERE = "not there"
    SAME_AS_NEVER = "the same page as for one that never existed"
    SIGN_IN = "sign in"
    OWN = "one's own account"
    """A page about whoever asks and nobody else, or where such pages lead."""
    NOT_ALLOWED = "method not allowed"


@dataclass(frozen=True)
class Answer:
    kind: Kind
    to: str = ""
    """A pattern of where it sends on."""


SHOWN, NOT_THERE, SIGN_IN = Answer(Kind.SHOWN), Answer(Kind.NOT_THERE), Answer(Kind.SIGN_IN)
NOT_ALLOWED, SAME_AS_NEVER = Answer(Kind.NOT_ALLOWED), Answer(Kind.SAME_AS_NEVER)


@dataclass(frozen=True)
class Place:
    """An address to ask for. `twin` is the same for what never existed; `sent` is what a form sends."""

    address: str
    twin: str = ""
    disagreement: Disagreement | None = None
    about: str = ""
    """What the address names beside a disagreement."""
    sent: Mapping[str, str] = field(default_factory=dict)
    sent_to_twin: Mapping[str, str] = field(default_factory=dict)
    methods: tuple[str, ...] = ()
    """Those to ask with, where not all: what differs in what is sent, or in a query, is asked in that way only."""


@dataclass(frozen=True)
class Rule:
    """What one address answers. `answers` is asked for methods that the address has; the others are not allowed."""

    methods: frozenset[str]
    places: Callable[[World, Actor], Iterable[Place]]
    answers: Callable[[Actor, Place, str], Answer]

    def asked_with(self, place: Place, turn: int) -> tuple[str, ...]:
        """This will give the methods to ask a place with: those that it has, and of the others one in turn.

        What belongs to no disagreement is asked with all of them.
        """
        if place.methods or place.disagreement is None:
            return place.methods or METHODS
        main = ("GET", "POST") if "POST" in self.methods else ("GET",)
        others = [method for method in METHODS if method not in main]
        return (*main, others[turn % len(others)])

    def expects(self, actor: Actor, place: Place, method: str) -> Answer:
        """This will say what somebody gets."""
        return self.answers(actor, place, method) if method in self.methods else NOT_ALLOWED


# --- where -----------------------------------------------------------------------------------------------------------


def at(*addresses: str) -> Callable[[World, Actor], Iterable[Place]]:
    """This will give addresses that name nobody's anything."""
    return lambda world, actor: [Place(address) for address in addresses]


def in_disagreements(*ends: str) -> Callable[[World, Actor], Iterable[Place]]:
    """This will give pages of every disagreement there is."""

    def places(world: World, actor: Actor) -> Iterator[Place]:
        for one in world.disagreements.values():
            for end in ends:
                yield Place(f"/d/{one.reference}{end}", f"/d/{NEVER}{end}", one)

    return places


def acts(world: World, actor: Actor) -> Iterator[Place]:
    """This will give some forms of every disagreement, in turn, and one that no procedure has."""
    slugs, turn = sorted(FORMS), sum(actor.name.encode())
    for number, one in enumerate(world.disagreements.values()):
        for step in range(ACTS_EACH):
            slug = slugs[(turn + number * ACTS_EACH + step) % len(slugs)]
            yield Place(f"/d/{one.reference}/{slug}", f"/d/{NEVER}/{slug}", one)
    for one in list(world.disagreements.values())[:3]:
        yield Place(f"/d/{one.reference}/no-such-act", f"/d/{NEVER}/no-such-act", one, about="no such act")


MEETING = 2
"""Where the call for a meeting stands in the record of every disagreement that has one."""


def in_meetings(*ends: str) -> Callable[[World, Actor], Iterable[Place]]:
    """This will give pages of every meeting there is, and in other disagreements of an act that is no meeting's."""

    def places(world: World, actor: Actor) -> Iterator[Place]:
        for one in world.disagreements.values():
            has = one.state.startswith("meeting")
            number = MEETING if has else 1
            for end in ends:
                there = has and "no-such" not in end
                page, twin = (f"/d/{reference}/meetings/{number}{end}" for reference in (one.reference, NEVER))
                yield Place(page, twin, one, about="a meeting" if there else "")

    return places


def confirmations(world: World, actor: Actor) -> Iterator[Place]:
    """This will give the page after sending: of an act of their own where they have one, else of somebody else's."""
    for one in world.disagreements.values():
        mine = [command for command, author in one.authors.items() if author == actor.person]
        command = [*mine, *one.authors][0]
        yield Place(f"/d/{one.reference}/sent/{command}", f"/d/{NEVER}/sent/{command}", one, about=command)


def searches(world: World, actor: Actor) -> Iterator[Place]:
    """This will give the list, and the list asked for every reference."""
    yield Place("/list")
    for one in world.disagreements.values():
        yield Place(f"/list?reference={one.reference}", f"/list?reference={NEVER}", one, methods=("GET", "HEAD"))


def searched(world: World, actor: Actor) -> Iterator[Place]:
    """This will give the search, for nothing and for every reference."""
    yield Place("/search")
    for one in world.disagreements.values():
        sent, never = {"query": one.reference}, {"query": NEVER}
        yield Place("/search", "/search", one, sent=sent, sent_to_twin=never, methods=("POST",))


def looks(world: World, actor: Actor) -> Iterator[Place]:
    """This will give the page for looking for a reason, with a reason for every disagreement."""
    yield Place("/look")
    for one in world.disagreements.values():
        sent = {"reference": one.reference, "reason": "I was asked to."}
        yield Place("/look", "/look", one, sent=sent, sent_to_twin={**sent, "reference": NEVER}, methods=("POST",))


def agencies(world: World, actor: Actor) -> Iterator[Place]:
    """This will give some agencies: of one area, of two, of another, and one that is not on the service."""
    for key in ("alder-school", "alder-police", "birch-school", "alder-charity"):
        yield Place(f"/who/{key}", "/who/nowhere", about=key)


def procedures(world: World, actor: Actor) -> Iterator[Place]:
    """This will give each partnership's procedure."""
    for area in world.areas.values():
        yield Place(f"/procedures/{area.procedure.key}", about=area.key)


def routes(world: World, actor: Actor) -> Iterator[Place]:
    """This will give every route, alone and as the place where a disagreement is."""
    for area in world.areas.values():
        for route in area.procedure.routes:
            yield Place(f"/procedures/{area.procedure.key}/{route.key}", about=area.key)
    for one in world.disagreements.values():
        area = world.areas[one.partnership]
        page = f"/procedures/{area.procedure.key}/{area.procedure.routes[0].key}"
        yield Place(f"{page}?from={one.reference}", f"{page}?from={NEVER}", one, methods=("GET", "HEAD"))


# --- who -------------------------------------------------------------------------------------------------------------


def has_seat(actor: Actor) -> bool:
    """Say whether somebody acts in a post today, or by a link."""
    return actor.seated or bool(actor.guest_of)


def whoever_has_a_seat(answer: Answer) -> Callable[[Actor, Place, str], Answer]:
    """This will open a page to everybody with a seat today."""
    return lambda actor, place, method: answer if has_seat(actor) else SIGN_IN


def _seen(actor: Actor, place: Place) -> Sight:
    assert place.disagreement is not None
    return sight(actor, place.disagreement)


def who_sees(actor: Actor, place: Place, method: str) -> Answer:
    """This will open a page to everybody who sees anything of the disagreement."""
    if not has_seat(actor):
        return SIGN_IN
    return SHOWN if _seen(actor, place) is not Sight.NOTHING else NOT_THERE


def who_may_act(actor: Actor, place: Place, method: str) -> Answer:
    """This will open forms to everybody who reaches the disagreement: nobody is barred (promise 1)."""
    answer = who_sees(actor, place, method)
    if answer is SHOWN and place.about:
        return NOT_THERE
    if answer is SHOWN and method == "POST":
        return Answer(Kind.DONE, rf"/d/{place.disagreement.reference}/sent/.*" if place.disagreement else "")
    return answer


def who_sees_the_meeting(actor: Actor, place: Place, method: str) -> Answer:
    """This will open a meeting to who sees that it was called: not to an office that has no part in it yet."""
    answer, one = who_sees(actor, place, method), place.disagreement
    assert one is not None
    last = until(actor, one)
    dates_alone = actor.office and _seen(actor, place) is Sight.DATES
    hidden = not place.about or dates_alone or (last is not None and last < MEETING)
    return NOT_THERE if answer is SHOWN and hidden else answer


def who_may_act_in_the_meeting(actor: Actor, place: Place, method: str) -> Answer:
    """This will open a meeting's forms to the same."""
    answer = who_sees_the_meeting(actor, place, method)
    if answer is SHOWN and method == "POST":
        return Answer(Kind.DONE, rf"/d/{place.disagreement.reference}/sent/.*" if place.disagreement else "")
    return answer


def who_may_take_away(actor: Actor, place: Place, method: str) -> Answer:
    """This will give the file to everybody who sees all of the disagreement as it is now: half of it proves nothing."""
    answer = who_sees(actor, place, method)
    return NOT_THERE if answer is SHOWN and _seen(actor, place) is not Sight.NOW else answer


def who_sent_it(actor: Actor, place: Place, method: str) -> Answer:
    """This will show the page after sending to whose act it is, while they see the act."""
    answer, one = who_sees(actor, place, method), place.disagreement
    assert one is not None
    last = until(actor, one)
    mine = one.authors[place.about] == actor.person
    at_all = last is None or list(one.authors).index(place.about) < last
    return answer if answer is not SHOWN or (mine and at_all) else NOT_THERE


def who_finds(actor: Actor, place: Place, method: str) -> Answer:
    """This will lead from a reference to its page; what is not theirs and what never existed are one answer."""
    if not has_seat(actor):
        return SIGN_IN
    if place.disagreement is None:
        return SHOWN
    seen = _seen(actor, place) is not Sight.NOTHING
    return Answer(Kind.SENT_ON, rf"/d/{place.disagreement.reference}") if seen else SAME_AS_NEVER


def who_finds_by_search(actor: Actor, place: Place, method: str) -> Answer:
    """This will lead from a reference that was sent to its page, and say of every other that nothing was found."""
    return who_finds(actor, place, method) if method == "POST" or not has_seat(actor) else SHOWN


def who_may_look(actor: Actor, place: Place, method: str) -> Answer:
    """This will let in for a reason whoever may know that the disagreement is there."""
    if not has_seat(actor):
        return SIGN_IN
    if place.disagreement is None or method != "POST":
        return SHOWN
    allowed = may_look(actor, place.disagreement)
    return Answer(Kind.SENT_ON, rf"/d/{place.disagreement.reference}") if allowed else SAME_AS_NEVER


def own_procedures(actor: Actor, place: Place, method: str) -> Answer:
    """This will show the procedures of one's own partnership; whoever has none is led to where anybody can read it."""
    if not has_seat(actor):
        return Answer(Kind.SENT_ON, "/partnerships/.*")
    return SHOWN if actor.partnership == place.about else NOT_THERE


def own_routes(actor: Actor, place: Place, method: str) -> Answer:
    """This will show their routes, and in a disagreement the routes of what it is pinned to."""
    return who_sees(actor, place, method) if place.disagreement else own_procedures(actor, place, method)


def own_area(actor: Actor, place: Place, method: str) -> Answer:
    """This will show what belongs to one's own partnership, and to nobody else's."""
    if not has_seat(actor):
        return SIGN_IN
    return SHOWN if actor.partnership in areas_of(place.about) else NOT_THERE


def raising(to: Answer) -> Callable[[Actor, Place, str], Answer]:
    """This will open raising to everybody with a seat, and never refuse it. Guests have no seat."""
    return lambda actor, place, method: NOT_THERE if actor.guest_of else whoever_has_a_seat(to)(actor, place, method)


ANYBODY = lambda actor, place, method: SHOWN  # noqa: E731 - a rule, and all of it
NOBODY = lambda actor, place, method: NOT_THERE  # noqa: E731
ONES_OWN = lambda actor, place, method: Answer(Kind.OWN)  # noqa: E731


def who_may_let_in(actor: Actor, place: Place, method: str) -> Answer:
    """This will open what lets others in, or ties two together, to whoever has a part in it now."""
    answer = who_sees(actor, place, method)
    assert place.disagreement is not None
    return NOT_THERE if answer is SHOWN and not may_let_in(actor, place.disagreement) else answer


def nobody_there(actor: Actor, place: Place, method: str) -> Answer:
    """This will say that there is no such thing, to everybody with a seat."""
    return NOT_THERE if has_seat(actor) else SIGN_IN


def for_the_office_reaching(actor: Actor, place: Place, method: str) -> Answer:
    """This will open the pages for reaching another agency to the office, where one is to be reached."""
    answer, one = who_sees(actor, place, method), place.disagreement
    assert one is not None
    return answer if answer is not SHOWN or (actor.office and one.to_be_reached) else NOT_THERE


def whoever_looks_after(answer: Answer = SHOWN) -> Callable[[Actor, Place, str], Answer]:
    """This will open a directory's pages to who looks after it; to others they are as if there was no such thing."""

    def answers(actor: Actor, place: Place, method: str) -> Answer:
        no_account = not actor.person or actor.guest_of or actor.shut_out == "/guest/over"
        if no_account or actor.shut_out.endswith("needed"):
            return SIGN_IN
        if not place.about:
            return answer if actor.administers else NOT_THERE
        kind, _, key = place.about.partition(" ")
        return answer if looks_after(actor, **{kind: key}) else NOT_THERE

    return answers


def nothing_to_administer(actor: Actor, place: Place, method: str) -> Answer:
    """This will say that there is no such thing, to everybody with an account."""
    return NOT_THERE if whoever_looks_after()(actor, place, method) is not SIGN_IN else SIGN_IN


def directories(kind: str, *ends: str) -> Callable[[World, Actor], Iterable[Place]]:
    """This will give the pages of some directories: of one area, of another, and of an agency that belongs to both.

    SOMEBODY stands for a person who is away, SEAT and ABSENCE for what they have.
    """
    whose = {"agency": ("alder-school", "alder-police", "birch-school"), "partnership": ("alder", "birch")}

    def places(world: World, actor: Actor) -> Iterator[Place]:
        for key in whose[kind]:
            somebody = {"alder-school": "alder-school-senior"}.get(key, f"{key}-practitioner")
            named = {
                "SOMEBODY": somebody,
                "SEAT": str(world.seats.get(somebody, 0)),
                "ABSENCE": str(world.absences.get(somebody, 0)),
            }
            for end in ends:
                if "ABSENCE" in end and somebody not in world.absences:
                    continue
                page = end
                for name, value in named.items():
                    page = page.replace(name, value)
                root = f"/administration/{kind}"
                yield Place(f"{root}/{key}{page}", f"{root}/nowhere{page}", about=f"{kind} {key}")

    return places


def tick_lists(world: World, actor: Actor) -> Iterator[Place]:
    """This will give the page of a question of each area's own procedure, to load a list for."""
    root = "/administration/partnership"
    for key, ask in (("alder", "effect"), ("birch", "views")):
        page = f"/lists/{ask}"
        yield Place(f"{root}/{key}{page}", f"{root}/nowhere{page}", about=f"partnership {key}")


def _administration() -> Iterator[tuple[str, Rule]]:
    form = Answer(Kind.DONE, "/administration.*")
    page, change = whoever_looks_after(), whoever_looks_after(form)
    name = "administration"
    service = [Place(f"/{name}/service/{one}", about="service *") for one in ("partnership", "administrator")]
    yield name, Rule(READ_HEAD, at("/administration"), page)
    yield f"{name}-service", Rule(FORM, lambda world, actor: service, change)
    invites = at("/administration/administrator/999999/invite")
    yield f"{name}-invite-administrator", Rule(FORM, invites, nothing_to_administer)
    yield f"{name}-ends", Rule(FORM, at("/administration/administrator/999999/end"), nothing_to_administer)
    for kind, changes in (("partnership", "/administrator"), ("agency", "/joiner")):
        yield f"{name}-{kind}", Rule(READ_HEAD, directories(kind, ""), page)
        yield f"{name}-{kind}-review", Rule(FORM, directories(kind, "/review"), change)
        yield f"{name}-{kind}-review-csv", Rule(READ_HEAD, directories(kind, "/review.csv"), page)
        yield f"{name}-{kind}-file", Rule(FORM, directories(kind, "/file"), change)
        yield f"{name}-{kind}-file-out", Rule(READ_HEAD, directories(kind, "/file.csv", "/file.xlsx"), page)
        yield f"{name}-{kind}-file-check", Rule(FORM, directories(kind, "/file/check"), change)
        yield f"{name}-{kind}-change", Rule(FORM, directories(kind, changes), change)
    yield f"{name}-lists", Rule(READ_HEAD, directories("partnership", "/lists"), page)
    yield f"{name}-list", Rule(FORM, tick_lists, change)
    no_list = at("/administration/partnership/alder/lists/no-such-question/take-away")
    yield f"{name}-list-away", Rule(FORM, no_list, nothing_to_administer)  # tests/pages/test_tick_lists.py
    post, person = "/post/practitioner", "/person/SOMEBODY"
    yield f"{name}-post", Rule(READ_HEAD, directories("agency", post), page)
    yield f"{name}-post-change", Rule(FORM, directories("agency", f"{post}/seat"), change)
    yield f"{name}-person", Rule(READ_HEAD, directories("agency", person), page)
    yield f"{name}-invite", Rule(FORM, directories("agency", f"{person}/invite"), change)
    yield f"{name}-person-change", Rule(FORM, directories("agency", f"{person}/away"), change)
    yield f"{name}-absence", Rule(FORM, directories("agency", f"{person}/away/ABSENCE/back"), change)
    yield f"{name}-seat", Rule(FORM, directories("agency", "/seat/SEAT/ends"), change)


RULES: Mapping[str, Rule] = {
    "start": Rule(READ, at("/"), ANYBODY),
    "choose": Rule(FORM, at("/choose/alder", "/choose/birch", "/choose/nowhere"), NOBODY),
    "my-list": Rule(READ, searches, who_finds),
    "search": Rule(FORM, searched, who_finds_by_search),
    "who": Rule(READ, at("/who"), who_finds),
    "who-at": Rule(READ, agencies, own_area),
    "look": Rule(FORM, looks, who_may_look),
    "stuck": Rule(READ, at("/stuck"), raising(SHOWN)),
    "contacts": Rule(FORM, at("/contacts"), raising(SHOWN)),
    "actions": Rule(READ, at("/actions"), raising(SHOWN)),
    "leave": Rule(FORM, at("/leave"), raising(SHOWN)),
    "leave-back": Rule(BUTTON, at("/leave/999999/back"), nobody_there),
    "while-away": Rule(READ, at("/while-away"), raising(SHOWN)),
    "raise": Rule(FORM, at("/raise"), raising(Answer(Kind.DONE, RAISING))),
    "raise-check": Rule(FORM, at("/raise/check"), raising(Answer(Kind.DONE, "/raise.*|/d/.*/sent/.*"))),
    "raise-danger": Rule(READ_HEAD, at("/raise/ring-first"), raising(SHOWN)),
    "raise-again": Rule(BUTTON, at("/raise/anew"), raising(Answer(Kind.SENT_ON, "/raise"))),
    "raise-files": Rule(FORM, at("/raise/files"), raising(SHOWN)),
    "raise-question": Rule(
        FORM, at("/raise/worry", "/raise/danger", "/raise/matter"), raising(Answer(Kind.DONE, RAISING))
    ),
    # What is saved while somebody types comes with the signed sheet of its page; without one there is nothing to keep.
    "draft": Rule(BUTTON, at("/draft"), NOBODY),
    "procedures": Rule(READ_HEAD, at("/procedures"), ANYBODY),
    "procedure": Rule(READ_HEAD, procedures, own_procedures),
    "route": Rule(READ_HEAD, routes, own_routes),
    "disagreement": Rule(READ, in_disagreements(""), who_sees),
    "opposite": Rule(READ, in_disagreements("/opposite"), who_sees),
    "looked": Rule(READ, in_disagreements("/looked"), who_sees),
    "brief": Rule(READ, in_disagreements("/brief"), who_sees),
    "print": Rule(READ, in_disagreements("/print"), who_sees),
    "papers": Rule(READ, in_disagreements("/papers"), who_may_take_away),
    "paper": Rule(READ, in_disagreements("/papers/file-copy.docx"), who_may_take_away),
    "export": Rule(READ, in_disagreements("/export"), who_may_take_away),
    "sent": Rule(READ, confirmations, who_sent_it),
    "act": Rule(FORM, acts, who_may_act),
    "act-files": Rule(FORM, in_disagreements("/write/files", "/go-up/files"), who_sees),
    "meeting-act-files": Rule(FORM, in_meetings("/minutes/files", "/no-such-act/files"), who_sees_the_meeting),
    "file": Rule(READ, in_disagreements("/files/1/1"), nobody_there),  # tests/pages/test_attachments.py
    "meetings": Rule(READ, in_disagreements("/meetings"), who_sees),
    "meeting": Rule(READ, in_meetings(""), who_sees_the_meeting),
    "meeting-calendar": Rule(READ, in_meetings(".ics"), who_sees_the_meeting),
    "meeting-act": Rule(FORM, in_meetings("/answer", "/send-round", "/no-such-act"), who_may_act_in_the_meeting),
    "reach": Rule(READ, in_disagreements("/reach"), for_the_office_reaching),
    "reach-letter": Rule(READ, in_disagreements("/reach/letter"), for_the_office_reaching),
    "guest-links": Rule(FORM, in_disagreements("/guests"), who_may_let_in),
    "link": Rule(FORM, in_disagreements("/link"), who_may_let_in),
    "guest-link-end": Rule(BUTTON, in_disagreements("/guests/999999/end"), nobody_there),
    "guest": Rule(FORM, at("/guest/no-such-link"), NOBODY),
    "guest-out": Rule(BUTTON, at("/guest/out"), lambda *_: Answer(Kind.SENT_ON, "/guest/over")),
    "guest-over": Rule(READ, at("/guest/over"), ANYBODY),
    "partnership": Rule(READ_HEAD, at("/partnerships/alder", "/partnerships/birch"), ANYBODY),
    "partnership-procedure": Rule(READ_HEAD, at("/partnerships/alder/sussex-six-step"), ANYBODY),
    "partnership-route": Rule(READ_HEAD, at("/partnerships/alder/sussex-six-step/six-step"), ANYBODY),
    "now": Rule(READ_HEAD, at("/now"), ANYBODY),
    "now-in": Rule(READ_HEAD, at("/now/alder"), ANYBODY),
    "records": Rule(READ_HEAD, at("/records"), ANYBODY),
    "check-code": Rule(FORM, at("/check"), ANYBODY),
    "blank-forms": Rule(READ_HEAD, at("/forms"), ANYBODY),
    "blank-forms-of": Rule(READ_HEAD, at(FORMS_OF), ANYBODY),
    "blank-raising": Rule(READ_HEAD, at(f"{FORMS_OF}/raise"), ANYBODY),
    "blank-raising-file": Rule(READ_HEAD, at(f"{FORMS_OF}/raise.docx"), ANYBODY),
    "blank-forms-at": Rule(READ_HEAD, at(f"{FORMS_OF}/six-step/one"), ANYBODY),
    "blank-form": Rule(READ_HEAD, at(f"{FORMS_OF}/six-step/one/reply"), ANYBODY),
    "blank-form-file": Rule(READ_HEAD, at(f"{FORMS_OF}/six-step/one/reply.docx"), ANYBODY),
    "accessibility": Rule(READ_HEAD, at("/accessibility"), ANYBODY),
    **dict(_administration()),
    "invited": Rule(FORM, at("/invited/no-such-link"), NOBODY),
    **{
        name: Rule(frozenset(METHODS), at(address), ONES_OWN)
        for name, address in {
            "account_login": "/sign-in",
            "mfa_authenticate": "/sign-in/code",
            "mfa_login_webauthn": "/sign-in/passkey",
            "account_inactive": "/sign-in/closed",
            "account_logout": "/sign-out",
            "account_reset_password": "/password/forgotten",
            "account_reset_password_done": "/password/mailed",
            "account_reset_password_from_key_done": "/password/chosen",
            "account_reset_password_from_key": "/password/choose/1-no-such-key",
            "account": "/account",
            "seats": "/account/posts",
            "no-post": "/account/no-post",
            "usersessions_list": "/account/sessions",
            "account_change_password": "/account/password",
            "account_reauthenticate": "/account/again",
            "mfa_reauthenticate": "/account/again/code",
            "mfa_reauthenticate_webauthn": "/account/again/passkey",
            "mfa_index": "/account/second-factor",
            "second-factor-needed": "/account/second-factor/needed",
            "mfa_activate_totp": "/account/second-factor/app",
            "mfa_deactivate_totp": "/account/second-factor/app/remove",
            "mfa_view_recovery_codes": "/account/second-factor/codes",
            "mfa_generate_recovery_codes": "/account/second-factor/codes/new",
            "mfa_download_recovery_codes": "/account/second-factor/codes/file",
            "mfa_add_webauthn": "/account/second-factor/passkeys/new",
            "mfa_remove_webauthn": "/account/second-factor/passkeys/999999/remove",
            "mfa_edit_webauthn": "/account/second-factor/passkeys/999999/name",
            "mfa_list_webauthn": "/account/second-factor/passkeys",
        }.items()
    },
}
"""By the name of the address in web/urls.py."""
