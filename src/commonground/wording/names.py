"""What agencies, posts, stages, endings and clauses are called: names come from data, never from code."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from commonground.core.acts import WITHDRAWN, PostRef
from commonground.core.procedure import Clauses, HeldIn, Key, Procedure, Stage, StageRef, Step, split_ref
from commonground.core.setting import Setting
from commonground.core.standing import Standing


@dataclass(frozen=True)
class Names:
    """What agencies, posts, stages and clauses are called. Anything unknown is called by its key."""

    procedure: Procedure
    agencies: Mapping[Key, str] = field(default_factory=dict)
    """What each agency is called, by its key."""
    kinds: Mapping[Key, Key] = field(default_factory=dict)
    """The kind of each agency (school, police), by its key."""
    titles: Mapping[PostRef, str] = field(default_factory=dict)
    """Posts that an agency calls by a title of its own."""

    def agency(self, key: Key) -> str:
        return self.agencies.get(key) or plain(key)

    def title(self, post: PostRef) -> str:
        """The bare title: an agency's own, else the procedure's for its kind of agency, else the procedure's name."""
        if post in self.titles:
            return self.titles[post]
        for known in self.procedure.posts:
            if known.key == post.post:
                kind = self.kinds.get(post.agency, post.agency)
                return next((title.title for title in known.titles if title.agency == kind), known.name)
        return plain(post.post)

    def post(self, post: PostRef) -> str:
        """The post within a sentence: "the head teacher at Hilltop School"."""
        title = with_article(self.title(post))
        within = any(p.key == post.post and p.held_in is not HeldIn.PARTY for p in self.procedure.posts)
        return f"{title} ({self.agency(post.agency)})" if within else f"{title} at {self.agency(post.agency)}"

    def posts(self, posts: Iterable[PostRef]) -> str:
        return listed(self.post(post) for post in posts)

    def stage(self, route: Key, key: Key) -> str:
        """ "Stage 2 (First-line managers)"; where the text numbers nothing, its heading alone."""
        stage = stage_at(self.procedure, route, key)
        if stage is None:
            return plain(key)
        return stage.heading if stage.label in (None, stage.heading) else f"{stage.label} ({stage.heading})"

    def ending(self, key: Key) -> str:
        if key == WITHDRAWN:
            return "Withdrawn by the person who raised it"
        return next((ending.name for ending in self.procedure.endings if ending.key == key), plain(key))

    def matter(self, key: Key) -> str:
        return next((matter.name for matter in self.procedure.matters if matter.key == key), plain(key))

    def clause(self, clause: str) -> str:
        """The clause's number without the prefix that tells one procedure from another."""
        prefix = self.procedure.clause_prefix
        return clause.removeprefix(f"{prefix}.") if prefix else clause

    def clauses(self, clauses: Clauses) -> str:
        """ "clause 1.4", "clauses 1.4 and 1.5"; empty for none."""
        if not clauses:
            return ""
        return f"clause{'s' if len(clauses) > 1 else ''} {listed(self.clause(clause) for clause in clauses)}"


def names_for(setting: Setting, agencies: Mapping[Key, str], titles: Mapping[PostRef, str] | None = None) -> Names:
    """This will make the names for a setting from what the partnership calls its agencies, and its own titles."""
    kinds = {key: agency.kind for key, agency in setting.agencies.items()}
    return Names(setting.procedure, agencies, kinds, titles or {})


def stage_at(procedure: Procedure, route: Key, key: Key) -> Stage | None:
    """This will give a stage of a route, or None where there is no such stage."""
    try:
        return procedure.stage(route, key)
    except KeyError:
        return None


def stopped(text: str) -> str:
    """This will end a text with a full stop, unless it ends in one or asks."""
    return text if text.endswith((".", "?")) else f"{text}."


def with_article(title: str) -> str:
    """This will put "the" before a title that brings no article of its own."""
    return title if title.lower().startswith(("the ", "a ", "an ", "another ")) else f"the {title}"


def plain(key: Key) -> str:
    return key.replace("-", " ") or "not named"


def listed(items: Iterable[str], word: str = "and") -> str:
    *first, last = [*items] or ["nobody named"]
    return f"{', '.join(first)} {word} {last}" if first else last


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def step_at(names: Names, here: Standing, key: Key | None) -> Step | None:
    stage = stage_at(names.procedure, here.route, here.stage)
    return next((step for step in stage.steps if step.key == key), None) if stage else None


def step_name(names: Names, here: Standing, key: Key) -> str:
    step = step_at(names, here, key)
    return f"“{step.name if step else plain(key)}”"


def stage_ref(names: Names, here: Standing, ref: StageRef) -> str:
    return names.stage(*split_ref(ref, here.route))


def result_name(names: Names, here: Standing, key: Key) -> str:
    stage = stage_at(names.procedure, here.route, here.stage)
    results = stage.decision.results if stage and stage.decision else ()
    return next((result.name for result in results if result.key == key), plain(key))
