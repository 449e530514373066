"""The chart of the route a disagreement is on, with "you are here"."""

from __future__ import annotations

from functools import lru_cache

from markupsafe import Markup

from commonground.core.procedure import Key
from commonground.core.standing import Phase, Standing
from commonground.language.charts import svg
from commonground.usecases.situation import pinned
from commonground.web import components as c
from commonground.wording import Names


def chart_of(names: Names, digest: str, here: Standing) -> c.Chart:
    """This will draw the route that a disagreement is on, marked with where it is and has been.

    `digest` is that of the procedure it is pinned to.
    """
    route = names.procedure.route(here.route)
    at = f"{here.route}/{here.stage}" if here.phase is Phase.OPEN else None
    return c.Chart(
        id=f"chart-{route.key}",
        caption=route.title,
        svg=_drawn(digest, route.key, at, here.visited),
        steps=tuple(
            c.ChartStep(names.stage(route.key, stage.key), f"{route.key}/{stage.key}" == at) for stage in route.stages
        ),
    )


@lru_cache(maxsize=256)
def _drawn(digest: str, route: Key, at: str | None, been: tuple[str, ...]) -> Markup:
    # Every disagreement that stands there has the same drawing, and it names nobody. By the digest, because to compare
    # whole procedures would take longer than to draw.
    return Markup(svg(pinned(digest), route, at, been))  # noqa: S704 - drawn by our own code, every text escaped there
