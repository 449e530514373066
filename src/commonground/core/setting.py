"""What an answer depends on besides the standing: the pinned procedure, the calendar, and the posts that apply.

Also the one place that says which post owns a move, and why: the post named; else its stand-in; else the next tier up
in the same agency; else the agency's most senior post (a chain that ends early meets the other side's next tier); else
the partnership's office. It always answers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from commonground.core.acts import Actor, Because, Owner, PostRef, Side, What
from commonground.core.procedure import OFFICE, HeldIn, Key, Procedure, Route, Sides, Stage, StageRef, Step, split_ref
from commonground.core.standing import Standing
from commonground.core.time import Calendar, ServiceTimes


@dataclass(frozen=True)
class Agency:
    """An agency and the posts it has that somebody can be reached in (itself or by a deputy)."""

    key: Key
    kind: Key
    posts: frozenset[Key]
    stand_ins: tuple[tuple[Key, PostRef], ...] = ()
    """Posts that it says it has not, each with the post that serves instead: its own, or another agency's."""
    reached: bool = True
    """False: nobody there signs in, and nobody there was reached for this disagreement. The office has its moves."""


@dataclass(frozen=True)
class Setting:
    procedure: Procedure
    digest: str
    """Of the procedure's data: what a disagreement is pinned to."""
    calendar: Calendar
    office: Key
    """The agency key under which the partnership's own posts stand."""
    agencies: Mapping[Key, Agency] = field(default_factory=dict)
    service: ServiceTimes | None = None

    @property
    def office_post(self) -> PostRef:
        return PostRef(self.office, OFFICE)


def owner_for(setting: Setting, agencies: tuple[Key, ...], post: Key | None) -> Owner:
    """Say which post owns the move that the procedure gives to `post`, among `agencies` (a side; empty if unknown)."""
    fallback = Owner(setting.office_post, Because.OFFICE)
    if post is None:
        return fallback
    if post == OFFICE:
        return Owner(setting.office_post, Because.NAMED)
    named = setting.procedure.post(post)
    match named.held_in:
        case HeldIn.OUTSIDE:
            return Owner(setting.office_post, Because.REACHING)
        case HeldIn.PARTNERSHIP:
            return _among(setting, setting.office, (post, *named.stand_in)) or fallback
        case HeldIn.PARTY:
            pass
    agency = _agency_with(setting, agencies, named.agency)
    if agency is None or not agency.reached:
        return Owner(setting.office_post, Because.REACHING)
    return (
        _among(setting, agency.key, (post, *named.stand_in))
        or _among(setting, setting.office, named.stand_in, own=False)
        or _up_the_chain(setting, agency, named.rank)
        or fallback
    )


def _agency_with(setting: Setting, agencies: tuple[Key, ...], kind: Key | None) -> Agency | None:
    """The side's first agency that is reached; where the text gives a post to one kind of agency, of that kind."""
    known = _known(setting, agencies)
    if kind is None:
        return known[0] if known else None
    everywhere = _known(setting, tuple(sorted(setting.agencies)))
    return next((agency for agency in (*known, *everywhere) if agency.kind == kind), None)


def _known(setting: Setting, agencies: tuple[Key, ...]) -> list[Agency]:
    """The agencies that the directory has, those that somebody can be reached in before the others."""
    known = [setting.agencies[key] for key in agencies if key in setting.agencies]
    return sorted(known, key=lambda one: not one.reached)


def _among(setting: Setting, agency: Key, posts: tuple[Key, ...], *, own: bool = True) -> Owner | None:
    has = setting.agencies[agency].posts if agency in setting.agencies else frozenset()
    for position, post in enumerate(posts):
        if post in has:
            because = Because.NAMED if own and position == 0 else Because.STAND_IN
            return Owner(PostRef(agency, post), because)
        if own and position == 0 and (serves := _stand_in(setting, agency, post)) is not None:
            # The agency's own word on who serves instead comes before the text's.
            return Owner(serves, Because.STAND_IN)
    return None


def _stand_in(setting: Setting, agency: Key, post: Key) -> PostRef | None:
    """The post that an agency says serves for one it has not, while somebody is in that."""
    said = dict(setting.agencies[agency].stand_ins).get(post) if agency in setting.agencies else None
    there = setting.agencies.get(said.agency) if said is not None else None
    return said if said is not None and there is not None and said.post in there.posts else None


def _up_the_chain(setting: Setting, agency: Agency, rank: int | None) -> Owner | None:
    """The next tier up, else the most senior there is, else whichever post the agency has."""
    ranks = {post.key: post.rank for post in setting.procedure.posts}
    tiers = sorted((tier, key) for key in agency.posts if (tier := ranks.get(key)) is not None)
    above = [key for tier, key in tiers if rank is not None and tier > rank]
    if above:
        return Owner(PostRef(agency.key, above[0]), Because.NEXT_TIER)
    if tiers:
        return Owner(PostRef(agency.key, tiers[-1][1]), Because.MOST_SENIOR)
    if agency.posts:
        return Owner(PostRef(agency.key, min(agency.posts)), Because.STAND_IN)
    return None


def side_owner(setting: Setting, stage: Stage, side: Side, agencies: tuple[Key, ...]) -> Owner:
    """Say which post owns a side's move at a stage: where a body stands in place of a side, the body's chair."""
    sides = stage.sides or Sides(challenging=None, responding=None)
    if side is Side.CHALLENGING and sides.carried_by is not None:
        return owner_for(setting, agencies, sides.carried_by)
    posts = sides.challenging if side is Side.CHALLENGING else sides.responding
    if not posts and side is Side.RESPONDING and stage.body is not None:
        return owner_for(setting, agencies, stage.body.chair)
    return owner_for(setting, agencies, posts[0] if posts else None)


def has_reached(setting: Setting, agencies: tuple[Key, ...]) -> bool:
    """Say whether anybody can be reached in any of a side's agencies: known here, and on the service or reached."""
    known = _known(setting, agencies)
    return bool(known) and known[0].reached


def reaching(setting: Setting, standing: Standing) -> bool:
    """Say whether it waits for the office to reach the responding side: unknown, or known and not on the service.

    Also where somebody can be reached there by now, and the stage now open began before that.
    """
    entered = standing.entered
    if entered is None or entered.responding.because is not Because.REACHING:
        return False
    if not has_reached(setting, standing.responding):
        return True
    across = side_owner(setting, stage_now(setting, standing), Side.RESPONDING, standing.responding)
    return across.because is not Because.REACHING


def with_reached(setting: Setting, agency: Key) -> Setting:
    """Give the setting in which an agency is reached. Of one that nobody knows, it stays as it is."""
    known = setting.agencies.get(agency)
    if known is None or known.reached:
        return setting
    return replace(setting, agencies={**setting.agencies, agency: replace(known, reached=True)})


def body_owner(setting: Setting, stage: Stage, standing: Standing) -> Owner | None:
    """Say which post answers for a stage's body, or, where it has none, decides; None where nobody is named."""
    agencies = (*standing.responding, *standing.challenging)
    if stage.body is not None:
        return owner_for(setting, agencies, stage.body.chair)
    if stage.decision is not None and stage.decision.by:
        return owner_for(setting, agencies, stage.decision.by[0])
    return None


def deciders(setting: Setting, stage: Stage, standing: Standing) -> tuple[PostRef, ...]:
    """Every post that may record this stage's decision: each post named, or whoever stands in for it.

    A post that either side has (two officers who settle a matter together) is found on both; one that the stage gives
    to one side alone is found on that side, so that nobody grants their own request. Where a post is found nowhere,
    nobody decides in its place by themselves: the office then records it for somebody absent, with a reason.
    """
    if stage.decision is None or not stage.decision.by:
        return ()
    agencies = (*standing.responding, *standing.challenging)
    sides = stage.sides or Sides(challenging=None, responding=None)
    only_challenging = set(sides.challenging or ()) - set(sides.responding or ())
    only_responding = set(sides.responding or ()) - set(sides.challenging or ())
    found: dict[Owner, None] = {}
    for key in stage.decision.by:
        post = setting.procedure.post(key)
        if post.held_in is HeldIn.PARTY and post.agency is None:
            mine = standing.challenging if key in only_challenging else agencies
            mine = standing.responding if key in only_responding else mine
            found |= dict.fromkeys(owner_for(setting, (agency,), key) for agency in mine)
        else:
            found[owner_for(setting, agencies, key)] = None
    nobody = (Because.OFFICE, Because.REACHING)
    return tuple(dict.fromkeys(owner.post for owner in found if owner.because not in nobody))


def side_of(standing: Standing, actor: Actor) -> Side | None:
    """Which side somebody acts for; None for anybody on neither.

    Inside one agency both sides are the same agency: the posts tell them apart, and where those are the same too, the
    raiser is the challenging side.
    """
    challenging = actor.seat.agency in standing.challenging
    responding = actor.seat.agency in standing.responding
    if challenging and responding:
        if standing.raiser is not None and actor.person == standing.raiser.person:
            return Side.CHALLENGING
        if actor.seat == standing.owner_of(Side.RESPONDING).post:
            return Side.RESPONDING
        return Side.CHALLENGING if actor.seat == standing.owner_of(Side.CHALLENGING).post else Side.RESPONDING
    if challenging:
        return Side.CHALLENGING
    if responding:
        return Side.RESPONDING
    # A post that owns a side's move acts for that side, whatever agency it sits in (a partnership's chair).
    for side in Side if standing.entered is not None else ():
        owner = standing.owner_of(side)
        if owner.post == actor.seat and owner.because not in (Because.OFFICE, Because.REACHING):
            return side
    return None


def calendar_name(setting: Setting) -> str:
    """The nation and version of the calendar in use, as acts name it."""
    return f"{setting.calendar.nation} {setting.calendar.version}"


def route_now(setting: Setting, standing: Standing) -> Route:
    return setting.procedure.route(standing.route)


def stage_now(setting: Setting, standing: Standing) -> Stage:
    return setting.procedure.stage(standing.route, standing.stage)


def step_now(setting: Setting, standing: Standing) -> Step | None:
    """The step that is waited for; None where something else is, or nothing."""
    waited = standing.waits.step if standing.waits is not None and standing.waits.what is What.STEP else None
    return next((step for step in stage_now(setting, standing).steps if step.key == waited), None)


def known_stage(setting: Setting, standing: Standing, ref: StageRef) -> tuple[Key, Key] | None:
    """The (route, stage) a reference names; None where the procedure has no such stage."""
    route, stage = split_ref(ref, standing.route)
    for known in setting.procedure.routes:
        if known.key == route and any(s.key == stage for s in known.stages):
            return route, stage
    return None
