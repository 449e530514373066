"""Reading a form off a page and filling it in, whatever it asks: what tests over all forms send."""

from __future__ import annotations

from datetime import timedelta
from html.parser import HTMLParser

from commonground.usecases import clock

Filled = dict[str, str | list[str]]

SOON = timedelta(days=10)


class _Boxes(HTMLParser):
    """The boxes of the form that carries a command, by name: their kind, and what can be chosen."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[dict[str, tuple[str, list[str]]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append({})
        name = given.get("name", "")
        if tag == "option":
            box = list(self.forms[-1].values())[-1]
            box[1].append(given.get("value", ""))
        elif self.forms and name and tag in ("input", "select", "textarea"):
            kind = given.get("type", "text") if tag == "input" else tag
            box = self.forms[-1].setdefault(name, (kind, []))
            if kind in ("hidden", "radio", "checkbox"):
                box[1].append(given.get("value", ""))


def filled(content: bytes, words: str = "Written in a test.", form: str = "command") -> Filled:
    """This will fill in the form of a page that carries a box: the first of every choice, words in every box.

    That box is a command, unless another is named.
    A day is one soon to come, save when something is said to have happened: that stays empty, and so do times of day.
    """
    parser = _Boxes()
    parser.feed(content.decode())
    boxes = next(one for one in parser.forms if form in one)
    soon = clock.today() + SOON
    sent: Filled = {}
    for name, (kind, choices) in boxes.items():
        if name in ("csrfmiddlewaretoken", "more") or name.startswith("happened_") or kind == "checkbox":
            continue
        if kind == "hidden":
            sent[name] = choices[0]
        elif kind in ("radio", "select"):
            sent[name] = next((one for one in choices if one), "")
        elif (part := name.rpartition("-")[2]) in ("day", "month", "year"):
            sent[name] = str(getattr(soon, part))
        elif not name.endswith("_at"):
            sent[name] = words
    return sent
