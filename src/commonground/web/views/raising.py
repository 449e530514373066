"""Raising a disagreement: each answer is kept as it is given, and sending it is one call."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Any
from uuid import UUID, uuid4

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from commonground.people.access import Scope
from commonground.record.words import Words
from commonground.usecases import attaching, clock
from commonground.usecases.areas import other_areas, seat_in
from commonground.usecases.attaching import Waiting
from commonground.usecases.directory import directory_of
from commonground.usecases.handle import Asking, NotThere, Raised, raise_disagreement
from commonground.usecases.linked import find_linked, link_back
from commonground.usecases.reading import reference_of
from commonground.usecases.situation import adopted
from commonground.usecases.tick_lists import tick_lists_of
from commonground.web import drafts, sheets, unsent
from commonground.web.drafts import Answers, Draft, Values
from commonground.web.formfields import error_lines
from commonground.web.forms.raising import AREA, DANGER, FORMS, LIVES, MATTER, Raising, RaisingForm
from commonground.web.identity import Visitor, act_in, signed_in
from commonground.web.opening import any_names
from commonground.web.pages.attaching import shown_files
from commonground.web.pages.page import acting_for, phones, show, show_form
from commonground.web.pages.raising import (
    QuestionPage,
    check_page,
    guidance_for_raising,
    neighbours,
    other_tabs,
    step_of,
)
from commonground.wording import moment

PLACE = "raise"


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def question(request: HttpRequest, visitor: Visitor, question: str = DANGER) -> HttpResponse:
    """Show one question; sent back, keep its answer and go on to the next."""
    answered = _answered(visitor)
    raising = _raising(visitor, answered)
    if question not in raising.questions:
        if question in FORMS:
            return HttpResponseRedirect(reverse("raise-check"))  # the procedure asks nothing more
        raise Http404
    before, after = neighbours(raising, question)
    errors: tuple[object, ...] = ()
    place = f"{PLACE}/{question}"
    draft = answered.by_place.get(place)
    if request.method == "POST":
        form = FORMS[question](raising, request.POST)
        sound = form.is_valid()
        draft = _keep(request, visitor, raising, place, form)
        if sound or "leave" in request.POST:
            raising = _raising(visitor, _answered(visitor))
            _, after = neighbours(raising, question)  # what it is about decides which questions follow
            if question == AREA and raising.matter_is_not_here:
                after = reverse("raise-question", args=[MATTER])  # another area's procedure lists other matters
            return HttpResponseRedirect(reverse("raise-danger") if _in_danger(question, form) else after)
        errors = error_lines(form)
    else:
        form = raising.form(question)  # type: ignore[assignment]  # the same form, filled in
    first = question == raising.questions[0]
    last = max((one.kept_at for one in answered.by_place.values()), default=None)
    page = QuestionPage(
        **_frame(visitor, raising),
        form=form,
        title=str(next(iter(form)).label),
        step=step_of(raising, question),
        back_href=before,
        errors=errors,  # type: ignore[arg-type]  # error lines
        kept=moment(last) if last and first else "",
        again_href=reverse("raise-again") if last and first else "",
        guidance=guidance_for_raising(raising),
        first=first,
        unreadable=bool(errors),
        sheet=sheets.new(visitor.person, place, raising.command, draft.page if draft else None),
        unsent=unsent.is_led_back(request) and draft is not None,
        others=other_tabs(FORMS[question], raising, draft) if draft else (),
    )
    return show_form(request, "raise_question.html", page)


@require_http_methods(["GET", "HEAD"])
@signed_in
def danger(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Say whom to ring first, before any other question."""
    raising = _raising(visitor, _answered(visitor))
    page = QuestionPage(
        **_frame(visitor, raising),
        form=raising.form(DANGER),
        title="Ring first, then write",
        step="",
        back_href=reverse("raise"),
        again_href=neighbours(raising, DANGER)[1],
    )
    return show(request, "raise_danger.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def check(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Show the answers; sent back, raise the disagreement. Sent twice, it is raised once."""
    answered, files = _answered(visitor), attaching.waiting(visitor.person, PLACE)
    raising = _raising(visitor, answered)
    if request.method == "POST" and (sent := _sent_before(request, visitor, raising)) is not None:
        return sent
    if not answered.begun and not files:
        return HttpResponseRedirect(reverse("raise"))  # what an old page showed was sent or dropped
    if request.method == "POST":
        return _send(request, visitor, raising, answered, files)
    return _check(request, visitor, raising, answered, files)


def _check(
    request: HttpRequest,
    visitor: Visitor,
    raising: Raising,
    answered: Answers,
    files: tuple[Waiting, ...],
    *,
    changed: bool = False,
) -> HttpResponse:
    elsewhere = [draft for draft in answered.by_place.values() if draft.others]
    page = check_page(
        raising,
        sheet=sheets.new(visitor.person, PLACE, raising.command),
        seen=drafts.digest_of(raising.values),
        changed=changed,
        elsewhere=bool(elsewhere),
        unsent=unsent.is_led_back(request),
        files=shown_files(files),
        **_frame(visitor, raising),
    )
    return show(request, "raise_check.html", page)


def _sent_before(request: HttpRequest, visitor: Visitor, raising: Raising) -> HttpResponse | None:
    command = _command(request)
    for scope in dict.fromkeys((visitor.seat, _seat(visitor, raising.values))):
        with suppress(NotThere):
            return _sent(reference_of(scope, command), command)
    return None


def _send(
    request: HttpRequest, visitor: Visitor, raising: Raising, answered: Answers, files: tuple[Waiting, ...]
) -> HttpResponse:
    command = _command(request)
    seat = _seat(visitor, raising.values)
    if request.POST.get("seen", "") not in ("", drafts.digest_of(raising.values)):
        # Typed in another tab, and not looked at here.
        return _check(request, visitor, raising, answered, files, changed=True)
    subject = raising.subject
    if subject is None:
        return HttpResponseRedirect(reverse("raise-question", args=["matter"]))

    def send(attached: tuple[Words, ...]) -> Raised:
        asking = Asking(raising.ask(), (*raising.words(), *attached), id=command)
        return raise_disagreement(seat, subject.digest, asking)

    raised = attaching.with_files(visitor.person, PLACE, files, raising.own_agency, send)
    if files:
        attaching.left_behind(visitor.person, PLACE, raised.disagreement)
    linked = find_linked(visitor.scopes, str(raising.answer(AREA, "linked") or ""))
    if linked is not None:
        link_back(*linked, raised.disagreement, command)
    if seat != visitor.seat:
        act_in(request, seat)
    longer = "\n\n".join(text for _, _, text in raising.too_long())
    if longer:
        drafts.keep(visitor.person, f"{raised.disagreement}/write", {"words": [longer]})
    drafts.forget_below(visitor.person, PLACE, command)
    return _sent(raised.reference, command)


@require_POST
@signed_in
def again(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Drop what was typed and begin anew."""
    drafts.forget_below(visitor.person, PLACE, _raising(visitor, _answered(visitor)).command)
    attaching.remove(visitor.person, PLACE)
    return HttpResponseRedirect(reverse("raise"))


def _sent(reference: str, command: UUID) -> HttpResponse:
    return HttpResponseRedirect(reverse("sent", args=[reference, command]))


def _command(request: HttpRequest) -> UUID:
    try:
        return UUID(request.POST.get("command", ""))
    except ValueError:
        return uuid4()


def _answered(visitor: Visitor) -> Answers:
    """Give what was answered so far."""
    return drafts.kept_below(visitor.person, PLACE)


def _seat(visitor: Visitor, said: Values) -> Scope:
    """Give the seat it is raised from: that in the area where the child lives, where the visitor has it there too."""
    area = [*said.get("area", ()), ""][0]
    return seat_in(visitor.seat, area, visitor.held) if area and LIVES in said.get("elsewhere", ()) else visitor.seat


def _raising(visitor: Visitor, answered: Answers) -> Raising:
    if visitor.seat.only is not None:
        raise Http404  # a guest is here for one disagreement; whoever let them in raises another
    places = (PLACE, *(f"{PLACE}/{question}" for question in FORMS))  # all in one: as it was kept before
    pages = [answered.by_place[place] for place in places if place in answered.by_place]
    values = {name: texts for draft in pages for name, texts in draft.values.items()}
    partnership = _seat(visitor, values).partnership

    def find(reference: str) -> UUID | None:
        found = find_linked(visitor.scopes, reference)
        return found[1] if found else None

    return Raising(
        values,
        adopted(partnership),
        directory_of(partnership),
        visitor.seat.seat.agency,
        other_areas(visitor.seat, visitor.held),
        find,
        next((draft.command for draft in pages if draft.command), None),
        partial(tick_lists_of, partnership),
    )


def _keep(request: HttpRequest, visitor: Visitor, raising: Raising, place: str, form: RaisingForm) -> Draft:
    """Keep the answers of one page in place of those it had before. Gives them as they are kept now."""
    names = tuple(form.fields)
    values = {
        name: texts
        for name, texts in sheets.typed(request.POST).items()
        if any(name == one or name.startswith(f"{one}-") for one in names)
    }
    sheet = sheets.of(request)
    if sheet is not None and sheet.place == place:
        # A button was pressed: it counts for what is being raised now, also from a page left open since the last one.
        sheet = replace(sheet, command=raising.command)
        drafts.save(sheet, values, sheets.count(request.POST), clock.now())
    else:
        drafts.keep(visitor.person, place, values, raising.command)
    return Draft(values, clock.now(), sheet.page if sheet else "", raising.command)


def _in_danger(question: str, form: object) -> bool:
    return question == DANGER and getattr(form, "cleaned_data", {}).get("danger") == "yes"


def _frame(visitor: Visitor, raising: Raising) -> dict[str, Any]:
    names = any_names(raising.directory, visitor.seat.seat)
    return {
        "signed_in_as": acting_for(names, visitor.seat.seat),
        "current": "raise",
        "numbers": phones(raising.directory),
    }
