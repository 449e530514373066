"""Being somebody in a test, as the demonstration does it, and reading what a page says."""

from __future__ import annotations

import re
from html import unescape

from django.test import Client

from commonground.core.acts import PostRef
from tests.partnership import Small


def be(client: Client, partnership: Small, post: PostRef) -> Client:
    """Make a client the holder of a post."""
    seat = f"{partnership.person(post)} {post.agency} {post.post}"
    answer = client.post(f"/choose/{partnership.key}", {"seat": seat})
    assert answer.status_code == 302, answer.content
    return client


def text_of(content: bytes) -> str:
    """What a page says, as one line."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", content.decode())).split())


def hidden(content: bytes) -> dict[str, str]:
    """The hidden fields of a page's form, as a browser would send them back."""
    inputs = re.findall(r'<input type="hidden" name="([\w-]+)" value="([^"]*)"', content.decode())
    return {name: unescape(value) for name, value in inputs if name != "csrfmiddlewaretoken"}
