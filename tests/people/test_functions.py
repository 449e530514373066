"""What a post is for: what the directory says of it, else what its key usually means."""

from __future__ import annotations

import pytest

from commonground.core.procedure import OFFICE
from commonground.language.library import shipped
from commonground.people.functions import TIERS, Function, function_of


@pytest.mark.parametrize(
    ("post", "said", "function"),
    [
        pytest.param("first-line", "", Function.FIRST_LINE, id="by its key"),
        pytest.param("first-line", "head of service", Function.HEAD_OF_SERVICE, id="the directory knows better"),
        pytest.param("zoo-keeper", "", Function.OTHER, id="a post of its own kind"),
        pytest.param(
            "zoo-keeper", "practitioner", Function.PRACTITIONER, id="a post of its own kind, of which it says"
        ),
        pytest.param("first-line", "no such function", Function.FIRST_LINE, id="what is not a function says nothing"),
        pytest.param(OFFICE, "", Function.PARTNERSHIP_MANAGER, id="the office"),
    ],
)
def test_what_a_post_is_for(post: str, said: str, function: Function) -> None:
    assert function_of(post, said) is function


def test_tiers_go_up_from_the_front_line() -> None:
    ladder = (Function.PRACTITIONER, Function.FIRST_LINE, Function.SENIOR, Function.HEAD_OF_SERVICE, Function.DIRECTOR)
    assert [TIERS[one] for one in ladder] == [1, 2, 3, 4, 5]
    assert Function.SAFEGUARDING_LEAD not in TIERS


@pytest.mark.parametrize("key", sorted(shipped()))
def test_no_post_of_a_shipped_procedure_goes_against_its_ranks(key: str) -> None:
    """A post that the text ranks above another is on no lower tier: who serves for it is then who the text means."""
    procedure, _ = shipped()[key]
    ranked = sorted((post.rank, TIERS[function_of(post.key)], post.key) for post in procedure.posts
                    if post.rank is not None and function_of(post.key) in TIERS)  # fmt: skip
    tiers = [tier for _, tier, _ in ranked]
    assert tiers == sorted(tiers), ranked


def test_every_ranked_post_of_a_shipped_procedure_has_a_tier() -> None:
    without = {
        f"{key}: {post.key}"
        for key, (procedure, _) in shipped().items()
        for post in procedure.posts
        if post.rank is not None and function_of(post.key) not in TIERS
    }
    assert not without
