"""Being somebody in a test: as the demonstration does it."""

from __future__ import annotations

from django.test import Client

from commonground.core.acts import PostRef
from tests.partnership import Small


def be(client: Client, partnership: Small, post: PostRef) -> Client:
    """Make a client the holder of a post."""
    seat = f"{partnership.person(post)} {post.agency} {post.post}"
    answer = client.post(f"/choose/{partnership.key}", {"seat": seat})
    assert answer.status_code == 302, answer.content
    return client
