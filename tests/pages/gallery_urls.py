"""Pages made only of our components, with invented values: what the look is tested and looked at on."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

from django import forms
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path
from markupsafe import Markup

from commonground.web import components as c
from commonground.web.formfields import ClockField, DayField, WordsField, error_lines

GALLERY = Path(__file__).parent / "gallery"
NOW = datetime(2026, 4, 20, 11, 40, tzinfo=UTC)
LONG_WORD = "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch" * 2

WORKING = c.Working(
    lines=(
        "The procedure gives 1 working day (clause 3.2).",
        "The procedure counts from when the other side could see it.",
        "It started at 3:42pm on Friday 17 April 2026.",
        "It ends at the same time of day as it started.",
        "Days that do not count: Saturday 18 April 2026 (weekend) and Sunday 19 April 2026 (weekend).",
    ),
    clauses=(c.Link("clause 3.2", "/procedures/"),),
    also=("The child’s date. By the end of Wednesday 22 April 2026.",),
)
ENTRIES = (
    c.TimelineEntry(
        id="act-3",
        title="Silence recorded: no reply in time",
        by="Commonground, for the partnership’s office",
        happened=datetime(2026, 4, 20, 14, 42, tzinfo=UTC),
        written_at=datetime(2026, 4, 20, 14, 42, tzinfo=UTC),
        marks=(c.Tag("Late", "red"),),
        clause="clause 3.2",
        sentences=("It went up to the managers: by silence.",),
        meant=("Late: it came after its time.",),
        dates=(("The time for this stage. By 3:42pm on Monday 20 April 2026.", WORKING),),
    ),
    c.TimelineEntry(
        id="act-2",
        title="Talk held",
        by="Pastoral lead, Elm Road School",
        happened=date(2026, 4, 16),
        written_at=datetime(2026, 4, 17, 8, 5, tzinfo=UTC),
        marks=(c.Tag("Written later", "yellow"), c.Tag("Out of turn", "purple")),
        words=(
            c.Words(
                "What was said", f"We spoke by phone.\n\nThey will look again. {LONG_WORD}", "Elm Road School only"
            ),
            c.Words("What we asked", None, "Both agencies"),
        ),
    ),
    c.TimelineEntry(
        id="act-1",
        title="Disagreement raised",
        by="Pastoral lead, Elm Road School",
        happened=datetime(2026, 4, 17, 14, 42, tzinfo=UTC),
        written_at=datetime(2026, 4, 17, 14, 42, tzinfo=UTC),
        words=(c.Words("What worries us", "A <b>first</b> & second line\nof words", "Both agencies", href="#act-1"),),
    ),
)
CHART = c.Chart(
    id="route",
    caption="The route this disagreement takes",
    svg=Markup(  # noqa: S704 - drawn here
        '<svg role="img" aria-label="Three stages in a row" width="900" height="90" viewBox="0 0 900 90">'
        + "".join(
            f'<rect x="{x}" y="10" width="220" height="60" fill="{fill}" stroke="#0b0c0c" stroke-width="2"/>'
            f'<text x="{x + 20}" y="46" font-size="18" font-family="Arial">{text}</text>'
            for x, text, fill in (
                (10, "Workers talk", "#fff"),
                (330, "Managers talk", "#fd0"),
                (650, "Seniors meet", "#fff"),
            )
        )
        + "</svg>"
    ),
    steps=(c.ChartStep("Workers talk"), c.ChartStep("Managers talk", here=True), c.ChartStep("Seniors meet")),
)


class Questions(forms.Form):
    """One of each kind of question."""

    danger = forms.ChoiceField(
        label="Is a child in immediate danger now?",
        choices=[("yes", "Yes"), ("no", "No")],
        widget=forms.RadioSelect,
        error_messages={"required": "Say whether a child is in immediate danger"},
    )
    child = forms.CharField(
        label="Which child?",
        help_text="Your own reference for the child. No name.",
        error_messages={"required": "Enter your reference for the child"},
    )
    worry = WordsField(
        label="What worries you for the child?",
        help_text="Say what you saw or heard.",
        audience="The other agency will see this.",
        suggested=40,
        error_messages={"required": "Say what worries you"},
    )
    note = WordsField(label="A note of your own", audience="Only your agency will see this.", required=False)
    decided_on = DayField(label="When was it decided?", help_text="For example, 27 3 2026", required=False)
    spoke_at = ClockField(label="What time did you speak?", required=False)
    about = forms.ChoiceField(label="What is it about?", choices=[("", "Choose"), ("s", "A threshold")], required=False)
    tell = forms.MultipleChoiceField(
        label="Who else should know?",
        choices=[("m", "My manager"), ("d", "The designated professional")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    approve = forms.BooleanField(label="Is this your record of the talk?", required=False)
    paper = forms.FileField(label="A paper to add", required=False)


def show(request: HttpRequest, name: str, **context: object) -> HttpResponse:
    """Answer with a template of the gallery, through the service's own environment."""
    template = engines["jinja2"].from_string((GALLERY / f"{name}.html").read_text("utf-8"))
    return HttpResponse(template.render(context, request))


def disagreement(request: HttpRequest) -> HttpResponse:
    return show(
        request,
        "disagreement",
        reference="CG-7F3K",
        reference_href="/disagreement/",
        stage="Stage two: managers talk",
        signed_in_as="Pastoral lead, Elm Road School",
        numbers=(c.Phone("Children’s social care", "the number in your directory", "all hours"),),
        whose_move=c.WhoseMove(
            who="Team manager, Riverside Health",
            what="Reply to the concern, with reasons",
            now=NOW,
            due_at=datetime(2026, 4, 20, 14, 42, tzinfo=UTC),
            yours="yours" in request.GET,
            limit_given="silent" not in request.GET,
            by_when="No limit given. We look again at 3:42pm on Monday 20 April 2026."
            if "silent" in request.GET
            else "",
            working=WORKING,
        ),
        open_acts=(
            c.OpenAct("Reply", "#reply", "They see it at once.", main=True),
            c.OpenAct("Go up to the next stage", "#up", "Always open. Today it would be early.", main=True),
            c.OpenAct("Write a note", "#note", "Only your agency will see it."),
            c.OpenAct("Ask for advice", "#advice"),
        ),
        closed_acts=(
            c.ClosedAct("Confirm the outcome", "Riverside Health has not written its note yet.", "clause 1.9"),
        ),
        sides=c.TwoSides(
            "You said",
            "They said",
            (
                c.SideRow(
                    "The risk for the child", "Two missed visits.\nNobody has seen the child.", "A visit is booked."
                ),
                c.SideRow("What should happen", "A strategy meeting this week", ""),
            ),
        ),
        chart=CHART,
        entries=ENTRIES,
    )


def my_list(request: HttpRequest) -> HttpResponse:
    rows = tuple(
        c.DisagreementRow(f"CG-7F3{letter}", "/disagreement/", who, status, due_at=due_at)
        for letter, who, status, due_at in (
            ("K", "You", c.Tag("Waiting for a reply", "blue"), datetime(2026, 4, 20, 14, 42, tzinfo=UTC)),
            ("M", "Team manager, Riverside Health", c.Tag("Overdue", "red"), datetime(2026, 4, 18, 9, tzinfo=UTC)),
            ("P", "The office", c.Tag("Raised", "purple"), datetime(2026, 4, 27, 9, tzinfo=UTC)),
        )
    )
    ended = c.DisagreementRow(
        "CG-2B9Q", "/disagreement/", "Nobody", c.Tag("Dissent noted", "grey"), ended_on=date(2026, 3, 2)
    )
    past = c.DisagreementRow(
        "CG-4C7P",
        "/disagreement/",
        "",
        c.Tag("Your part has ended"),
        until=date(2026, 3, 2),
        excerpt=(c.Cut("Two "), c.Cut("visits", found=True), c.Cut(" were missed.")),
    )
    tabs = (
        c.WorkTab("needs-me", "Needs me", "/", "3", current=True),
        c.WorkTab("waiting", "Waiting on others", "/?show=waiting", "0"),
        c.WorkTab("ended", "Ended", "/?show=ended", "more than 1,000"),
    )
    return show(request, "list", tabs=tabs, rows=(*rows, ended, past), now=NOW, current="my-list")


def question(request: HttpRequest) -> HttpResponse:
    form = Questions(request.POST or None, request.FILES or None)
    return show(
        request,
        "question",
        form=form,
        errors=error_lines(form),
        back_href="/",
        button="Check your answers",
        current="raise",
    )


def one_question(request: HttpRequest) -> HttpResponse:
    return show(request, "one_question", form=Questions(), back_href="/")


def check(request: HttpRequest) -> HttpResponse:
    answers = (
        c.Answer("Which child?", "EL-114", "#child", "which child"),
        c.Answer("What worries you?", f"First line\n  second line\n{LONG_WORD}", "#worry", audience="Both agencies"),
        c.Answer("When was it decided?", "", "#decided"),
        c.Answer("Your agency", "Elm Road School"),
    )
    return show(request, "check", answers=answers)


def sent(request: HttpRequest) -> HttpResponse:
    confirmation = c.Confirmation(
        title="Sent at 3:42pm",
        reference="CG-7F3K",
        next_steps=("They must answer by 3:42pm tomorrow.", "You do not need to do anything else today."),
        links=(c.Link("Print one page for the child’s file", "#print"),),
    )
    return show(request, "sent", confirmation=confirmation)


def error(request: HttpRequest, code: str) -> HttpResponse:
    return HttpResponse(engines["jinja2"].get_template(f"errors/{code}.html").render({}, request), status=int(code))


urlpatterns = [
    path("", my_list, name="my-list"),
    path("raise/", question, name="raise"),
    path("procedures/", sent, name="procedures"),
    path("who/", sent, name="who"),
    path("disagreement/", disagreement),
    path("one-question/", one_question),
    path("check/", check),
    path("errors/<code>/", error),
]
