"""How little a first view needs, and how long raising takes by hand.

`python bench/first_view_bench.py` prints, for the pages that people come to first, the bytes a browser with nothing
kept fetches (packed) and in how many requests. Then it goes through the questions of raising and counts every tap and
key as the keystroke-level model does (Card, Moran and Newell), for somebody of average skill who thinks before each
question: from the first page to "Sent", in each of the shipped procedures.
"""

from __future__ import annotations

import sys
from typing import Any

from about import machine
from service import set_up

KEY, POINT, PRESS, THINK, ANSWER = 0.28, 1.1, 0.1, 1.35, 1.0
"""Seconds: one character (an average typist), to reach something on the screen, to press it, to think before a
question, and for the next page to come (ours; the model leaves it open)."""
MOST_SECONDS = 5 * 60
WORDS = {
    "child": "EL-114, J S, born 2019",
    "decision": "The referral of 12 March was closed without a visit. Nobody rang us back.",
    "worry": (
        "Two visits were missed and nobody has seen the baby for nine days. Her mother told our nurse that she is "
        "afraid to be alone with him. There is no food in the house and the heating is off. The older child has missed "
        "six days of school this month, and was seen with a bruise on Tuesday."
    ),
    "wanted": "A social worker sees both children this week and tells us what was decided.",
}
"""What somebody in a hurry types; a box that is none of these gets the shortest of them."""


def main() -> int:
    """Print every figure, and fail where a limit is not kept."""
    print(machine())
    with set_up("sqlite"):
        return _run()


def _run() -> int:
    from datetime import timedelta

    from django.test import Client

    from commonground.core.procedure import OFFICE
    from commonground.language.library import shipped
    from commonground.usecases import clock
    from tests.pages.reading import be
    from tests.pages.weighing import MOST, files_of, weight
    from tests.partnership import small

    kept = True
    for area, key in zip(("alder", "birch", "cedar", "damson", "elder"), sorted(shipped()), strict=True):
        partnership = small(area, key)
        school = partnership.post("school")
        _, reference = partnership.raised(clock.now() - timedelta(hours=1))
        client = be(Client(HTTP_HOST="localhost"), partnership, school)
        if area == "alder":
            page, office = f"/d/{reference}", partnership.post("partnership", OFFICE)
            pages = ["/now", "/procedures", "/list", "/raise", page, f"{page}/go-up", f"{page}/propose"]
            for who, addresses in ((school, pages), (office, ["/list", page])):
                be(client, partnership, who)
                for address in addresses:
                    html = client.get(address).content
                    heavy, asked = weight(html), 1 + len(set(files_of(html.decode())))
                    kept = kept and heavy <= MOST
                    shown = address.replace(reference, "REF")
                    print(f"first view of {shown:22} {heavy:7,} bytes in {asked} requests (at most {MOST:,})")
            be(client, partnership, school)
        seconds, pages_seen, typed = _raise(client)
        kept = kept and seconds <= MOST_SECONDS
        print(
            f"raise to sent, {key:18} {seconds:5.0f} s: {pages_seen} pages, {typed} characters (at most {MOST_SECONDS})"
        )
    print("limits kept" if kept else "NOT KEPT")
    return 0 if kept else 1


def _raise(client: Any) -> tuple[float, int, int]:
    """Go through the questions; give the seconds, the pages and the characters typed."""
    from tests.pages.filling import filled

    address, seconds, pages, typed = "/raise", 0.0, 0, 0
    while True:
        page = client.get(address).content
        pages += 1
        seconds += ANSWER
        if "/raise/check" in address:
            return seconds + THINK + POINT + PRESS, pages, typed  # read, and press "Send"
        answers = filled(page, form="csrfmiddlewaretoken")
        answers |= {"danger": "no"} if "danger" in answers else {}
        answers = {name: value for name, value in answers.items() if name not in ("elsewhere", "linked", "area")}
        boxes = [name for name in answers if f'name="{name}"' in page.decode() and name not in HIDDEN]
        for name in boxes:
            seconds += THINK + POINT + PRESS
            if answers[name] == "Written in a test.":
                answers[name] = WORDS.get(name, min(WORDS.values(), key=len))
                seconds += KEY * len(answers[name])
                typed += len(answers[name])
        seconds += POINT + PRESS
        went = client.post(address, answers)
        if went.status_code != 302:
            raise RuntimeError(f"{address} does not go on")
        address = went.headers["Location"]


HIDDEN = ("csrfmiddlewaretoken", "command", "seen", "sheet", "page", "leave", "seat")


if __name__ == "__main__":
    sys.exit(main())
