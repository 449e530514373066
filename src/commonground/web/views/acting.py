"""Acting in a disagreement: one form for each kind of act, one call for each that is sent.

What is typed is never lost. Where it can't be sent as it stands (unsound, too long, overtaken, not open any more) the
page says so, the words are kept as a draft, and the way up stays open.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID, uuid4

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from commonground.core.acts import PostRef
from commonground.core.decide import Accepted, Refused
from commonground.record.words import Words
from commonground.usecases import attaching, clock
from commonground.usecases.handle import Asking, Overtaken, handle
from commonground.usecases.linked import raised_at_once
from commonground.usecases.tick_lists import tick_lists_of
from commonground.web import drafts, sheets, unsent
from commonground.web.components import Answer
from commonground.web.drafts import Draft, Values
from commonground.web.formfields import ErrorLine, error_lines
from commonground.web.forms.act_form import ActForm, Here
from commonground.web.forms.acts import FORMS, ProposeForm, rows_of
from commonground.web.forms.fields import as_data, kept_of, said_too_long
from commonground.web.forms.meetings import MEETING_FORMS
from commonground.web.identity import Visitor, signed_in
from commonground.web.offers import Offer, Slug, offers, slug_of
from commonground.web.opening import Opened, opened
from commonground.web.pages.acting import act_page, closed, meanwhile, sent_page, typed_answers
from commonground.web.pages.attaching import not_ready_lines, shown_files
from commonground.web.pages.page import show, show_form
from commonground.web.pages.raising import OtherTab
from commonground.web.sheets import Sheet
from commonground.wording import moment

TEMPLATE = "act.html"
ALL_FORMS: Final = {**FORMS, **MEETING_FORMS}


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def act(request: HttpRequest, visitor: Visitor, reference: str, act: Slug) -> HttpResponse:
    """Show the form of an act; sent back, do it."""
    if act not in FORMS:
        raise Http404
    here = opened(visitor, reference, seat_of(request))
    known = offers(here.reading, here.names)
    offer = known.get(act) or Offer(act, _called(act), (), ())
    return ask(request, visitor, here, offer, f"{here.reading.disagreement}/{act}")


def ask(request: HttpRequest, visitor: Visitor, here: Opened, offer: Offer, place: str) -> HttpResponse:
    """This will show the form of an offer; sent back, do what it asks. `place` is where its drafts are kept."""
    if request.method == "POST":
        return _send(request, visitor, here, offer, place)
    draft = drafts.kept(visitor.person, place)
    if draft and draft.command in {one.id for one in here.reading.acts}:
        # Sent, and cut off before the draft could be dropped.
        drafts.done(draft.command)
        draft = drafts.kept(visitor.person, place)
    form = ALL_FORMS[offer.slug](_here(here, offer)) if offer.asks else None
    kept = ""
    if draft is not None and form is not None:
        if isinstance(form, ProposeForm):
            form.add_actions(form.rows + 1, rows_of([*draft.values.get("rows", ()), ""][0]))
        form.fill(draft.values)
        kept = moment(draft.kept_at)
    typed = _typed(here, offer, draft) if draft and form is None else ()
    command = uuid4()
    page = act_page(
        here,
        offer,
        form,
        command=str(command),
        closed=closed(offer.reasons, here) if form is None else (),
        kept=kept,
        typed=typed,
        sheet=_sheet(visitor, place, command, draft.page if draft else None),
        files=shown_files(attaching.waiting(visitor.person, place)),
        unsent=unsent.is_led_back(request) and draft is not None,
        others=_other_tabs(here, offer, draft) if draft else (),
    )
    return show_form(request, TEMPLATE, page)


@dataclass(frozen=True)
class Sent:
    """What came with a form beside its answers: which command it is, what its sender had seen, and its sheet if any."""

    command: UUID
    position: int
    anyway: bool
    sheet: Sheet | None
    typed: Values


def _send(request: HttpRequest, visitor: Visitor, here: Opened, offer: Offer, place: str) -> HttpResponse:
    sent = _sent(request, visitor, place)
    if any(one.id == sent.command for one in here.reading.acts):
        if drafts.was_sent_otherwise(sent.command, sent.typed):
            drafts.keep(visitor.person, place, sent.typed)  # gone back to, and changed: the act stands as it was sent
        return _done(here, sent.command)  # the same form, sent before
    form = ALL_FORMS[offer.slug](_here(here, offer), request.POST)
    sound = form.is_valid()
    files = attaching.waiting(visitor.person, place)
    not_ready = list(not_ready_lines(files))
    # Typed into this page, so a page that takes its place was filled from it.
    again = {
        "files": shown_files(files),
        "without": bool(not_ready),
        "command": str(sent.command),
        "sheet": _sheet(visitor, place, sent.command, sent.sheet.page if sent.sheet else ""),
    }
    if "files" in request.POST:
        _keep(visitor, place, sent, request)
        return HttpResponseRedirect(f"{request.path}/files")
    if isinstance(form, ProposeForm) and "more" in request.POST:
        _keep(visitor, place, sent, request)
        more = ProposeForm(_here(here, offer))
        more.add_actions(more.rows + 1, rows_of(str(form.rows + 3)))
        more.fill(sent.typed)
        return show_form(request, TEMPLATE, act_page(here, offer, more, **again))
    stale = sent.position < here.reading.standing.position and not sent.anyway
    # A browser that goes back may load the page anew, and fill its boxes in with what was just sent from it.
    last = here.reading.acts[-1]
    twice = last.by.person == visitor.person and drafts.was_sent_with(last.id, sent.typed) and not sent.anyway
    twice = twice and not files  # the same words with another file are another message
    if twice and offer.asks:
        asks = f"You sent exactly this at {moment(last.recorded_at)}. To send it twice, press the button again"
        page = act_page(here, offer, form, stale=True, errors=(ErrorLine(asks, f"#{_first_box(form)}"),), **again)
        return show_form(request, TEMPLATE, page)
    errors = list(error_lines(form)) if offer.asks else []
    longer = form.too_long() if sound else ()
    if not form.goes_through:
        errors += [ErrorLine(said_too_long(str(form.cleaned_data[name])), f"#id_{name}") for name in longer]
    if not form.goes_through and "without" not in request.POST:
        errors += not_ready
    if offer.asks and not errors and not stale:
        reading, agency = here.reading, here.reading.scope.seat.agency

        def send(attached: tuple[Words, ...]) -> Accepted | Refused:
            words = (*form.words(agency), *attached)
            return handle(
                reading.scope, reading.disagreement, Asking(form.ask(), words, form.happened_at(), sent.command)
            )

        try:
            answer = attaching.with_files(visitor.person, place, files, agency, send)
        except Overtaken:
            stale = True  # others acted first, again and again: the words are kept, and one press sends them
        else:
            if isinstance(answer, Accepted):
                _drop(visitor, place, sent)
                if files:
                    attaching.left_behind(visitor.person, place, reading.disagreement)
                if longer:
                    drafts.keep(visitor.person, place, kept_of(longer, sent.typed))
                return _done(here, sent.command)
            offer = Offer(offer.slug, offer.text, offer.asks, answer.reasons)
            _keep(visitor, place, sent, request)
            refused = closed(answer.reasons, here)
            errors = [ErrorLine(f"{one.so} {one.next}", f"#{_first_box(form)}") for one in refused]
            page = act_page(here, offer, form, closed=refused, errors=tuple(errors), **again)
            return show_form(request, TEMPLATE, page)
    _keep(visitor, place, sent, request)
    page = act_page(
        here,
        offer,
        form if offer.asks else None,
        errors=tuple(errors),
        closed=() if offer.asks else closed(offer.reasons, here),
        stale=stale and bool(offer.asks),
        meanwhile=meanwhile(here, sent.position) if sent.position < here.reading.standing.position else (),
        typed=() if offer.asks else typed_answers(form),
        **again,
    )
    return show_form(request, TEMPLATE, page)


def _keep(visitor: Visitor, place: str, sent: Sent, request: HttpRequest) -> None:
    """Keep what a form was sent with. Which form it is the sheet of its page says, where it came with one."""
    if sent.sheet is not None:
        drafts.save(sent.sheet, sent.typed, sheets.count(request.POST), clock.now())
    else:
        drafts.keep(visitor.person, place, sent.typed)


def _drop(visitor: Visitor, place: str, sent: Sent) -> None:
    """Drop what was just sent, and not what was typed into the same form in another tab."""
    if sent.sheet is not None:
        drafts.sent(sent.sheet, sent.typed)
    else:
        drafts.done(sent.command, sent.typed)
        drafts.forget(visitor.person, place)


def _sheet(visitor: Visitor, place: str, command: UUID, filled_from: str | None) -> str:
    return sheets.new(visitor.person, place, command, filled_from, guest=visitor.seat.only is not None)


def _typed(here: Opened, offer: Offer, draft: Draft) -> tuple[Answer, ...]:
    return typed_answers(ALL_FORMS[offer.slug](_here(here, offer), as_data(draft.values)))


def _other_tabs(here: Opened, offer: Offer, draft: Draft) -> tuple[OtherTab, ...]:
    return tuple(OtherTab(moment(other.kept_at), _typed(here, offer, other)) for other in draft.others)


@require_GET
@signed_in
def sent(request: HttpRequest, visitor: Visitor, reference: str, command: UUID) -> HttpResponse:
    """Say that an act is stored, to the person whose act it is."""
    here = opened(visitor, reference)
    acts = here.reading.acts
    done = next((at for at, one in enumerate(acts) if one.id == command and one.by.person == visitor.person), None)
    if done is None:
        raise Http404
    own = slug_of(acts[done].ask)
    slugs = [slug for slug in dict.fromkeys((own, "write", "go-up", "reopen")) if slug and _draft(visitor, here, slug)]
    kept = reverse("act", args=[here.reading.reference, slugs[0]]) if slugs else ""
    # Who has just raised it is asked whether it belongs with another; a guest knows of no other.
    at_once = raised_at_once(visitor.scopes, here.reading) if done == 0 and visitor.seat.only is None else ()
    files = len(attaching.waiting(visitor.person, f"{here.reading.disagreement}/write"))
    return show(request, "sent.html", sent_page(here, done, kept, at_once, files))


def _draft(visitor: Visitor, here: Opened, slug: Slug) -> bool:
    return drafts.kept(visitor.person, f"{here.reading.disagreement}/{slug}") is not None


def _done(here: Opened, command: UUID) -> HttpResponse:
    return HttpResponseRedirect(reverse("sent", args=[here.reading.reference, command]))


def _here(here: Opened, offer: Offer) -> Here:
    return Here(here.reading, here.directory, here.names, offer, tick_lists_of(here.directory.partnership))


def _first_box(form: ActForm) -> str:
    first = next(iter(form), None)
    return f"id_{first.name}" if first is not None else "main-content"


def seat_of(request: HttpRequest) -> PostRef | None:
    agency, _, post = request.POST.get("seat", "").partition(" ")
    return PostRef(agency, post) if post else None


def _sent(request: HttpRequest, visitor: Visitor, place: str) -> Sent:
    try:
        command = UUID(request.POST.get("command", ""))
    except ValueError:
        command = uuid4()
    position = request.POST.get("position", "")
    seen = int(position) if position.isascii() and position.isdecimal() and len(position) < 10 else 0
    sheet = sheets.of(request)
    if sheet is not None and (sheet.person, sheet.place, sheet.command) != (visitor.person, place, command):
        sheet = None
    return Sent(command, seen, "anyway" in request.POST, sheet, sheets.typed(request.POST))


def _called(slug: Slug) -> str:
    return slug.replace("-", " ").capitalize()
