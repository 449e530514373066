"""The page where files are added beside a form, and what other pages show of such files and of those in the record."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse

from commonground.core.attached import FILE, attached_in
from commonground.files import scan
from commonground.files.kinds import BY_TYPE, KINDS
from commonground.record.words import Words
from commonground.usecases.attaching import MOST_FILES, WAITS_FOR, State, Turned, Waiting, number_of
from commonground.usecases.reading import Reading
from commonground.web import components as c
from commonground.web.formfields import ErrorLine
from commonground.web.forms.attaching import AttachForm
from commonground.web.pages.page import Page
from commonground.wording import audience_before_box
from commonground.wording.files import (
    NOT_SCANNED_HERE,
    SCANNED_HERE,
    WITHOUT_IT,
    size_in_words,
    why_not_ready,
    why_turned,
)


@dataclass(frozen=True)
class FileShown:
    """A file that waits beside a form: what it is, who will see it, what is hidden in it, what can be done."""

    id: int
    name: str
    about: str
    audience: str
    state: c.Tag
    undecided: bool
    not_scanned: bool
    can_be_cleaned: bool
    cleaned: bool
    hidden: tuple[c.Answer, ...]


@dataclass(frozen=True, kw_only=True)
class FilesPage(Page):
    """The page where files are added beside one form."""

    title: str
    reference: str
    back: c.Link
    files: tuple[FileShown, ...]
    form: AttachForm | None
    """None where there is no room for more."""
    scanning: str
    kept_for: str


_TAGS = {
    State.READY: c.Tag("Ready", "green"),
    State.UNDECIDED: c.Tag("Look at this first", "yellow"),
    State.NOT_SCANNED: c.Tag("Waits for the virus scan", "grey"),
}


def shown_files(files: Sequence[Waiting]) -> tuple[FileShown, ...]:
    """This will put the files beside a form in words."""
    return tuple(
        FileShown(
            id=one.id,
            name=one.name,
            about=f"{KINDS[one.kind].called}, {size_in_words(one.size)}",
            audience=audience_before_box(one.audience),
            state=_TAGS[one.state],
            undecided=one.state is State.UNDECIDED,
            not_scanned=one.state is State.NOT_SCANNED,
            can_be_cleaned=one.can_be_cleaned,
            cleaned=one.cleaned,
            hidden=tuple(c.Answer(each.what, each.says) for each in one.hidden),
        )
        for one in files
    )


def files_page(
    files: Sequence[Waiting], form: AttachForm, title: str, reference: str, back: c.Link, **frame: object
) -> FilesPage:
    """This will put the page together; `frame` are the fields of every page."""
    return FilesPage(
        title=title,
        reference=reference,
        back=back,
        files=shown_files(files),
        form=form if len(files) < MOST_FILES else None,
        scanning=SCANNED_HERE if scan.is_set_up() else NOT_SCANNED_HERE,
        kept_for=f"A file that is not sent is deleted after {WAITS_FOR.days} days.",
        **frame,  # type: ignore[arg-type]  # the frame's own fields
    )


def turned_line(turned: Turned, href: str = "#id_file") -> ErrorLine:
    """This will say why a file was not taken, and that the rest can be sent without it."""
    ending = KINDS[turned.kind].endings[0] if turned.kind else ""
    text = why_turned(turned.name, turned.because, turned.is_, ending, settings.FILE_LIMIT, MOST_FILES)
    return ErrorLine(f"{text} {WITHOUT_IT}" if turned.name else text, href)


def not_ready_lines(files: Sequence[Waiting]) -> Iterator[ErrorLine]:
    """This will say of each file that can't go yet why, for the form it waits beside."""
    for one in files:
        if one.state is not State.READY:
            yield ErrorLine(why_not_ready(one.name, one.state), "#files")


def words_of_file(reading: Reading, sequence: int, piece: Words, label: str, audience: str) -> c.Words:
    """This will say what a file in the record is called, what it is, and where its reader gets it."""
    attached = attached_in(piece.text)
    known = BY_TYPE.get(attached.type)
    about = f"{known.called if known else attached.type}, {size_in_words(attached.size)}"
    href = reverse("file", args=[reading.reference, sequence, number_of(reading, sequence, piece)])
    download = c.Link("Download this file", href)
    return c.Words(label, attached.name, audience, about=about, digest=attached.sha256, download=download)


def is_file(piece: object) -> bool:
    """This will say whether a piece of words that is not erased is a file."""
    return isinstance(piece, Words) and piece.field == FILE
