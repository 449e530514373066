"""What several views do first: find the disagreement, or the names of everything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.http import Http404

from commonground.core.acts import PostRef
from commonground.core.procedure import Procedure
from commonground.usecases.directory import Directory, directory_of
from commonground.usecases.handle import NotThere
from commonground.usecases.linked import links
from commonground.usecases.reading import Reading, read_for
from commonground.usecases.situation import adopted
from commonground.web.identity import Visitor
from commonground.wording import Names


@dataclass(frozen=True)
class Opened:
    """A disagreement as a visitor reads it now, and what everything in it is called."""

    reading: Reading
    directory: Directory
    names: Names


def opened(visitor: Visitor, reference: str, seat: PostRef | None = None) -> Opened:
    """This will read a disagreement for a visitor; what they do not reach is a page that is not there."""
    try:
        reading = read_for(visitor.scopes, reference, seat)
        reading = replace(reading, linked=links(visitor.scopes, reading.acts, reading.at))
    except NotThere:
        raise Http404 from None
    directory = directory_of(reading.scope.partnership)
    return Opened(reading, directory, directory.names(reading.setting.procedure))


def any_names(directory: Directory, post: PostRef, procedures: Sequence[Procedure] | None = None) -> Names:
    """This will give the names in a procedure that the partnership runs: one that knows the post, if any does.

    `procedures` are those it runs, for a caller that has just asked.
    """
    procedures = procedures or [procedure for _, procedure in adopted(directory.partnership)]
    knowing = [one for one in procedures if any(known.key == post.post for known in one.posts)]
    return directory.names((knowing or procedures)[0])
