"""Raising a disagreement: each answer is kept as it is given, and sending it is one call."""

from __future__ import annotations

from contextlib import suppress
from typing import Any
from uuid import UUID, uuid4

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from commonground.people.access import Scope
from commonground.usecases.areas import other_areas, seat_in
from commonground.usecases.directory import directory_of
from commonground.usecases.handle import Asking, NotThere, raise_disagreement
from commonground.usecases.linked import find_linked, link_back
from commonground.usecases.reading import reference_of
from commonground.usecases.situation import adopted
from commonground.web import drafts
from commonground.web.formfields import error_lines
from commonground.web.forms.raising import AREA, DANGER, FORMS, LIVES, MATTER, Raising
from commonground.web.identity import Visitor, act_in, signed_in
from commonground.web.opening import any_names
from commonground.web.pages.page import acting_for, phones, show, show_form
from commonground.web.pages.raising import QuestionPage, check_page, guidance_for_raising, neighbours, step_of
from commonground.wording import moment

PLACE = "raise"


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def question(request: HttpRequest, visitor: Visitor, question: str = DANGER) -> HttpResponse:
    """Show one question; sent back, keep its answer and go on to the next."""
    raising = _raising(visitor)
    if question not in raising.questions:
        if question in FORMS:
            return HttpResponseRedirect(reverse("raise-check"))  # the procedure asks nothing more
        raise Http404
    before, after = neighbours(raising, question)
    errors: tuple[object, ...] = ()
    if request.method == "POST":
        form = FORMS[question](raising, request.POST)
        sound = form.is_valid()
        _keep(visitor, raising, {name: request.POST.getlist(name) for name in request.POST}, form)
        if sound or "leave" in request.POST:
            raising = _raising(visitor)
            _, after = neighbours(raising, question)  # what it is about decides which questions follow
            if question == AREA and raising.matter_is_not_here:
                after = reverse("raise-question", args=[MATTER])  # another area's procedure lists other matters
            return HttpResponseRedirect(reverse("raise-danger") if _in_danger(question, form) else after)
        errors = error_lines(form)
    else:
        form = raising.form(question)  # type: ignore[assignment]  # the same form, filled in
    draft = drafts.kept(visitor.person, PLACE)
    first = question == raising.questions[0]
    page = QuestionPage(
        **_frame(visitor, raising),
        form=form,
        title=str(next(iter(form)).label),
        step=step_of(raising, question),
        back_href=before,
        errors=errors,  # type: ignore[arg-type]  # error lines
        kept=moment(draft.kept_at) if draft and first else "",
        again_href=reverse("raise-again") if draft and first else "",
        guidance=guidance_for_raising(raising),
        first=first,
        unreadable=bool(errors),
    )
    return show_form(request, "raise_question.html", page)


@require_http_methods(["GET", "HEAD"])
@signed_in
def danger(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Say whom to ring first, before any other question."""
    raising = _raising(visitor)
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
    raising = _raising(visitor)
    if request.method == "POST":
        return _send(request, visitor, raising)
    return show(request, "raise_check.html", check_page(raising, **_frame(visitor, raising)))


def _send(request: HttpRequest, visitor: Visitor, raising: Raising) -> HttpResponse:
    command = _command(request)
    for scope in (visitor.seat, _seat(visitor)):
        with suppress(NotThere):
            return _sent(reference_of(scope, command), command)  # the same answers, sent before
    subject = raising.subject
    if subject is None:
        return HttpResponseRedirect(reverse("raise-question", args=["matter"]))
    asking = Asking(raising.ask(), raising.words(), id=command)
    seat = _seat(visitor)
    raised = raise_disagreement(seat, subject.digest, asking)
    linked = find_linked(visitor.scopes, str(raising.answer(AREA, "linked") or ""))
    if linked is not None:
        link_back(*linked, raised.disagreement, command)
    if seat != visitor.seat:
        act_in(request, seat)
    longer = "\n\n".join(text for _, _, text in raising.too_long())
    if longer:
        drafts.keep(visitor.person, f"{raised.disagreement}/write", {"words": [longer]})
    drafts.forget(visitor.person, PLACE)
    return _sent(raised.reference, command)


@require_POST
@signed_in
def again(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Drop what was typed and begin anew."""
    _raising(visitor)
    drafts.forget(visitor.person, PLACE)
    return HttpResponseRedirect(reverse("raise"))


def _sent(reference: str, command: UUID) -> HttpResponse:
    return HttpResponseRedirect(reverse("sent", args=[reference, command]))


def _command(request: HttpRequest) -> UUID:
    try:
        return UUID(request.POST.get("command", ""))
    except ValueError:
        return uuid4()


def _seat(visitor: Visitor) -> Scope:
    """Give the seat it is raised from: that in the area where the child lives, where the visitor has it there too."""
    draft = drafts.kept(visitor.person, PLACE)
    said = draft.values if draft else {}
    area = [*said.get("area", ()), ""][0]
    return seat_in(visitor.seat, area) if area and LIVES in said.get("elsewhere", ()) else visitor.seat


def _raising(visitor: Visitor) -> Raising:
    if visitor.seat.only is not None:
        raise Http404  # a guest is here for one disagreement; whoever let them in raises another
    draft = drafts.kept(visitor.person, PLACE)
    partnership = _seat(visitor).partnership

    def find(reference: str) -> UUID | None:
        found = find_linked(visitor.scopes, reference)
        return found[1] if found else None

    return Raising(
        draft.values if draft else {},
        adopted(partnership),
        directory_of(partnership),
        visitor.seat.seat.agency,
        other_areas(visitor.seat),
        find,
    )


def _keep(visitor: Visitor, raising: Raising, sent: dict[str, list[str]], form: object) -> None:
    """Put the answers of one page in place of those it had before."""
    names = tuple(form.fields)  # type: ignore[attr-defined]  # a form
    others = {
        name: list(values)
        for name, values in raising.values.items()
        if not any(name == one or name.startswith(f"{one}-") for one in names)
    }
    mine = {
        name: values for name, values in sent.items() if any(name == one or name.startswith(f"{one}-") for one in names)
    }
    command = raising.values.get("command") or [str(uuid4())]
    drafts.keep(visitor.person, PLACE, {**others, **mine, "command": list(command)})


def _in_danger(question: str, form: object) -> bool:
    return question == DANGER and getattr(form, "cleaned_data", {}).get("danger") == "yes"


def _frame(visitor: Visitor, raising: Raising) -> dict[str, Any]:
    names = any_names(raising.directory, visitor.seat.seat)
    return {
        "signed_in_as": acting_for(names, visitor.seat.seat),
        "current": "raise",
        "numbers": phones(raising.directory),
    }
