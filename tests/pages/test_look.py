"""The look: what may be in the static files, what templates may do, dates, fields, components, and the pages they make.

The pages are the gallery's (gallery_urls.py): real templates, invented values.
"""

from __future__ import annotations

import hashlib
import shutil
from datetime import UTC, date, datetime, time
from html import unescape
from pathlib import Path

import jinja2
import pytest
from django import forms
from django.template import engines
from django.test import Client
from django.utils.datastructures import MultiValueDict
from playwright.sync_api import Browser, Page, expect
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from commonground.web import components as c
from commonground.web import formfields, jinja, moments
from commonground.web.formfields import ClockField, DayField, ErrorLine, WordsField, error_lines, kind, params
from tests.browser import (
    axe,
    expect_error_summary,
    expect_first_line,
    expect_no_sideways_scroll,
    expect_nobody_named,
    expect_sound,
    fresh_page,
    screens,
)
from tests.pages.gallery_urls import Questions
from tools.lint_templates import TEMPLATES, findings
from tools.lint_templates import main as lint
from tools.vendor_frontend import VENDOR, forbidden_in, strip_css

pytestmark = pytest.mark.urls("tests.pages.gallery_urls")

STATIC = VENDOR.parent
PAGES = ["", "raise/", "procedures/", "disagreement/", "disagreement/?yours&silent", "one-question/", "check/"]
ERRORS = ["errors/400/", "errors/403/", "errors/404/", "errors/500/"]


# --- What may be in the static files ---------------------------------------------------------------------------------


def test_static_files_hold_nothing_that_belongs_to_gov_uk_alone() -> None:
    # The licences are left out: the copyright notice that one of them must keep says "Crown".
    files = [path for path in STATIC.rglob("*") if path.is_file() and not path.name.startswith("LICENCE")]

    assert len(files) > 5
    assert {path.suffix for path in files} <= {".css", ".js", ".txt", ".png", ""}, "no fonts, no images but our icon"
    assert {path.name: forbidden_in(path.read_text("latin-1")) for path in files if path.suffix != ".png"} == {
        path.name: [] for path in files if path.suffix != ".png"
    }


def test_vendored_files_are_the_ones_that_were_written() -> None:
    sums = (VENDOR / "SHA256SUMS").read_text("utf-8").splitlines()
    files = [path for path in VENDOR.iterdir() if path.name != "SHA256SUMS"]

    assert set(sums) == {f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}" for path in files}


@pytest.mark.parametrize(
    ("css", "left"),
    [
        pytest.param("@font-face{font-family:GDS Transport}a{b:c}", "a{b:c}\n", id="no fonts"),
        pytest.param(
            "a{font-family:GDS Transport,arial,sans-serif}", "a{font-family:Arial,Helvetica,sans-serif}\n", id="face"
        ),
        pytest.param("@media print{.x__crown{a:b}}c{d:e}", "c{d:e}\n", id="a block left empty goes too"),
        pytest.param("a{b:url(crest.svg)}c{d:e}/*# sourceMappingURL=x */", "c{d:e}\n", id="crest and map"),
    ],
)
def test_stripping_styles(css: str, left: str) -> None:
    assert strip_css(css) == left


# --- What templates may do -------------------------------------------------------------------------------------------


def test_every_template_is_sound(capsys: pytest.CaptureFixture[str]) -> None:
    assert lint(TEMPLATES) == 0, capsys.readouterr().out


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("{{ words|safe }}", "|safe"),
        ("{{ govukHint({'html': words}) }}", "'html'"),
        ("{{ govukHint({'html': '<b>' ~ words}) }}", "'html'"),
        ("{{ govukPanel({'titleHtml': words}) }}", "'titleHtml'"),
        ("{{ hint(html=words) }}", "'html'"),
        ("{% set words = page.words %}{{ govukHint({'html': words}) }}", "'html'"),
        ("{% macro m(words) %}{% set words %}x{% endset %}{{ govukHint({'html': words}) }}{% endmacro %}", "'html'"),
        ("{% autoescape false %}{{ words }}{% endautoescape %}", "autoescape"),
        ("<script>alert(1)</script>", "inline script"),
        ('<p style="color:red">', "inline style"),
        ('<p onclick="x()">', "inline event handler"),
        ('<img src="https://example.org/x.png">', "an address outside"),
    ],
)
def test_the_lint_finds_what_it_is_for(line: str, what: str, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(f"<p>fine</p>\n{line}\n", "utf-8")

    found = list(findings(Path("page.html"), tmp_path))

    assert len(found) == 1
    assert found[0].startswith(f"page.html:2: {what}")
    assert lint(tmp_path) == 1


@pytest.mark.parametrize(
    "line",
    [
        "{% set words %}<b>{{ page.words }}</b>{% endset %}{{ govukHint({'html': words}) }}",
        "{% macro m() %}{{ govukHint({'html': caller()}) }}{% endmacro %}",
        "<script src=\"{{ static('page.js') }}\"></script>",
        "{# https://example.org in a note #}",
    ],
)
def test_the_lint_lets_our_own_markup_through(line: str, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(line, "utf-8")

    assert list(findings(Path("page.html"), tmp_path)) == []


def test_the_environment_escapes_and_prints_nothing_for_what_is_missing() -> None:
    # DEBUG makes Django pass DebugUndefined, which the GOV.UK macros would print inside fields.
    built = jinja.environment(autoescape=False, undefined=jinja2.DebugUndefined)
    template = '{% from "govuk_frontend_jinja/components/input/macro.html" import govukInput %}'
    template += "{{ govukInput({'name': 'a', 'label': {'text': words}}) }}{{ missing }}"

    html = built.from_string(template).render(words="<b>")

    assert "&lt;b&gt;" in html
    assert "<b>" not in html
    assert "{{" not in html
    assert "no such element" not in html


# --- Days and moments ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("at", "text"),
    [
        pytest.param(datetime(2026, 4, 20, 14, 42, tzinfo=UTC), "3:42pm on Monday 20 April 2026", id="summer time"),
        pytest.param(datetime(2026, 1, 5, 9, 0, tzinfo=UTC), "9am on Monday 5 January 2026", id="no :00"),
        pytest.param(datetime(2026, 1, 5, 12, 0, tzinfo=UTC), "midday on Monday 5 January 2026", id="midday"),
        pytest.param(datetime(2026, 1, 5, 12, 5, tzinfo=UTC), "12:05pm on Monday 5 January 2026", id="after midday"),
        pytest.param(datetime(2026, 1, 5, 0, 5, tzinfo=UTC), "12:05am on Monday 5 January 2026", id="after midnight"),
        pytest.param(
            datetime(2026, 6, 5, 22, 59, 59, 999999, tzinfo=UTC), "the end of Friday 5 June 2026", id="end of a day"
        ),
        pytest.param(
            datetime(2026, 4, 20, 23, 0, tzinfo=UTC), "midnight at the start of Tuesday 21 April 2026", id="midnight"
        ),
    ],
)
def test_moments_are_said_in_london_time(at: datetime, text: str) -> None:
    assert moments.moment(at) == text


def test_days() -> None:
    assert moments.day(date(2026, 4, 20)) == "20 April 2026"
    assert moments.day(datetime(2026, 4, 20, 23, 30, tzinfo=UTC)) == "21 April 2026", "the day it is in London"
    assert moments.weekday_and_day(date(2026, 4, 20)) == "Monday 20 April 2026"


def test_no_time_is_made_up() -> None:
    assert moments.when(date(2026, 4, 20)) == "Monday 20 April 2026"
    assert moments.when(datetime(2026, 4, 20, 8, 5, tzinfo=UTC)) == "9:05am on Monday 20 April 2026"


def test_a_moment_without_a_zone_is_not_guessed() -> None:
    naive = datetime(2026, 4, 20, 9)  # noqa: DTZ001 - the mistake under test
    for ask in (moments.moment, moments.day, moments.clock_time):
        with pytest.raises(ValueError, match="time zone"):
            ask(naive)


@pytest.mark.parametrize(
    ("due_at", "text", "tone"),
    [
        pytest.param(
            datetime(2026, 4, 20, 11, 59, 59, tzinfo=UTC), "Overdue since 12:59pm today", "overdue", id="just"
        ),
        pytest.param(datetime(2026, 4, 19, 22, 0, tzinfo=UTC), "Overdue since yesterday", "overdue", id="yesterday"),
        pytest.param(datetime(2026, 4, 17, 9, 0, tzinfo=UTC), "Overdue since 17 April 2026", "overdue", id="days ago"),
        pytest.param(datetime(2026, 4, 20, 12, 0, tzinfo=UTC), "Due now", "soon", id="at the very moment"),
        pytest.param(datetime(2026, 4, 20, 12, 1, 59, tzinfo=UTC), "Due in 1 minute", "soon", id="minutes go down"),
        pytest.param(datetime(2026, 4, 20, 13, 59, tzinfo=UTC), "Due in 1 hour", "soon", id="hours go down"),
        pytest.param(datetime(2026, 4, 20, 15, 0, tzinfo=UTC), "Due in 3 hours", "soon", id="hours"),
        pytest.param(datetime(2026, 4, 21, 12, 0, tzinfo=UTC), "Due tomorrow", "later", id="tomorrow"),
        pytest.param(
            datetime(2026, 4, 22, 9, 0, tzinfo=UTC), "Due in 2 days", "later", id="days are days, not 24 hours"
        ),
    ],
)
def test_the_words_beside_a_date(due_at: datetime, text: str, tone: moments.Tone) -> None:
    now = datetime(2026, 4, 20, 12, 0, tzinfo=UTC)

    assert moments.due_label(due_at, now) == moments.DueLabel(text, tone)


# --- Fields ----------------------------------------------------------------------------------------------------------


def render_field(form: forms.Form, name: str) -> str:
    template = '{% from "components/fields.html" import question %}{{ question(form[name]) }}'
    return str(engines["jinja2"].from_string(template).render({"form": form, "name": name}))


def test_each_kind_of_question_has_its_component() -> None:
    form = Questions()

    assert {name: kind(form[name]) for name in form.fields} == {
        "danger": "radios",
        "child": "input",
        "worry": "character_count",
        "note": "textarea",
        "decided_on": "date",
        "spoke_at": "input",
        "about": "select",
        "tell": "checkboxes",
        "approve": "checkboxes",
        "paper": "file",
    }


def test_a_widget_without_a_component_is_a_mistake_of_ours() -> None:
    class Odd(forms.Form):
        odd = forms.DateField(widget=forms.SelectDateWidget)

    with pytest.raises(TypeError, match="component shows SelectDateWidget"):
        kind(Odd()["odd"])


@pytest.mark.parametrize("name", ["worry", "note"])
def test_typed_words_come_back_exactly(name: str) -> None:
    typed = "  First\n    - indented\n\n</textarea><b>&amp; 'last' \"line\"  "

    html = render_field(Questions({name: typed}), name)

    shown = html.split("<textarea")[1].split(">", 1)[1].split("</textarea>")[0]
    assert unescape(shown) == typed


@pytest.mark.parametrize("name", ["worry", "note"])
def test_too_long_is_counted_and_never_refused(name: str) -> None:
    html = render_field(Questions(), name)
    form = Questions({name: "x" * 10_000})

    assert name not in form.errors
    assert form.cleaned_data[name] == "x" * 10_000
    assert " maxlength=" not in html, "the browser would cut what people paste"
    assert " required" not in html


def test_the_browser_is_never_asked_to_stop_a_form() -> None:
    class Limited(forms.Form):
        reference = forms.CharField(max_length=5, widget=forms.TextInput({"required": True, "autocomplete": "off"}))

    assert params(Limited()["reference"])["attributes"] == {"autocomplete": "off"}


def test_spaces_alone_are_no_words_but_kept_words_are_not_trimmed() -> None:
    assert Questions({"worry": " \n "}).errors["worry"] == ["Say what worries you"]
    assert Questions({"worry": " yes "}).fields["worry"].clean(" yes ") == " yes "


def test_answers_already_given_are_shown_again() -> None:
    data = {
        "danger": "no",
        "child": "EL-114",
        "decided_on-day": "3",
        "decided_on-month": "may",
        "decided_on-year": "2026",
    }
    form = Questions(MultiValueDict({**{name: [value] for name, value in data.items()}, "tell": ["m"], "about": ["s"]}))

    assert [item["checked"] for item in params(form["danger"])["items"]] == [False, True]
    assert params(form["child"])["value"] == "EL-114"
    assert [item["value"] for item in params(form["decided_on"])["items"]] == ["3", "may", "2026"]
    assert [item["checked"] for item in params(form["tell"])["items"]] == [True, False]
    assert [item["selected"] for item in params(form["about"])["items"]] == [False, True]
    initial = Questions(initial={"decided_on": date(2026, 4, 7)})
    assert [item["value"] for item in params(initial["decided_on"])["items"]] == ["7", "4", "2026"]


def test_who_will_see_the_words_is_said_before_the_box() -> None:
    html = render_field(Questions(), "worry")

    assert "The other agency will see this." in html.split("<textarea")[0]
    assert params(Questions()["worry"])["hint"] == {
        "text": "Say what you saw or heard. The other agency will see this."
    }


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        (("27", "3", "2026"), date(2026, 3, 27)),
        (("1", "September", "2026"), date(2026, 9, 1)),
        (("29", "feb", "2028"), date(2028, 2, 29)),
        (("", "", ""), None),
    ],
)
def test_days_are_read(typed: tuple[str, str, str], day: date | None) -> None:
    assert DayField(required=False).clean(typed) == day


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        (("", "3", "2026"), "The date must include a day"),
        (("27", "", ""), "The date must include a month and a year"),
        (("27", "3", "26"), "The year must have 4 numbers"),
        (("30", "2", "2026"), "The date must be a real date, for example 27 3 2026"),
        (("one", "2", "2026"), "The date must be a real date, for example 27 3 2026"),
    ],
)
def test_a_day_that_cannot_be_read_says_what_to_write(typed: tuple[str, str, str], error: str) -> None:
    with pytest.raises(forms.ValidationError) as refused:
        DayField().clean(typed)
    assert refused.value.messages == [error]


@pytest.mark.parametrize(
    ("typed", "at"),
    [
        ("3:42pm", time(15, 42)),
        ("3.42 PM", time(15, 42)),
        ("3 p.m.", time(15, 0)),
        ("15:42", time(15, 42)),
        ("12am", time(0, 0)),
        ("12:30pm", time(12, 30)),
        ("midday", time(12, 0)),
        ("", None),
    ],
)
def test_times_are_read(typed: str, at: time | None) -> None:
    assert ClockField(required=False).clean(typed) == at


@pytest.mark.parametrize("typed", ["3", "25:00", "13pm", "0am", "9:75am", "soon"])
def test_a_time_that_could_be_two_or_none_is_asked_again(typed: str) -> None:
    with pytest.raises(forms.ValidationError) as refused:
        ClockField().clean(typed)
    assert refused.value.messages == ["Enter a time, for example 9:30am or 3pm"]


def test_each_error_leads_to_its_field_in_the_order_of_the_page() -> None:
    class Both(forms.Form):
        words = WordsField(error_messages={"required": "Write something"})
        on = DayField(error_messages={"required": "Enter a date"})

        def clean(self) -> dict[str, object]:
            raise forms.ValidationError("These two do not agree")

    assert error_lines(Both()) == ()
    assert error_lines(Both({})) == (
        ErrorLine("These two do not agree", "#id_words"),
        ErrorLine("Write something", "#id_words"),
        ErrorLine("Enter a date", "#id_on-day"),
    )


def test_no_field_type_is_forgotten() -> None:
    assert set(formfields.Kind.__args__) == {kind(Questions()[name]) for name in Questions().fields}  # type: ignore[attr-defined]


# --- Components ------------------------------------------------------------------------------------------------------


def render(component: str, *values: object) -> str:
    template = f'{{% from "components/{component}.html" import {component} %}}{{{{ {component}(*values) }}}}'
    return " ".join(str(engines["jinja2"].from_string(template).render({"values": values})).split())


NOW = datetime(2026, 4, 20, 11, 40, tzinfo=UTC)
DUE = datetime(2026, 4, 20, 14, 42, tzinfo=UTC)


def test_where_no_limit_is_given_the_page_says_so_beside_our_own_date() -> None:
    given = render("whose_move", c.WhoseMove("Manager", "Reply", NOW, DUE))
    said = "No limit given. We look again at 3:42pm on Monday 20 April 2026."
    silent = render("whose_move", c.WhoseMove("Manager", "Reply", NOW, DUE, limit_given=False, by_when=said))

    assert "No limit given" not in given
    assert "Due in 3 hours" in given
    assert said in silent
    assert "Due in" not in silent, "our own review date is not the procedure's limit"


def test_whose_move_says_when_it_is_the_readers_and_when_nothing_is_due() -> None:
    assert "Yours: Manager" in render("whose_move", c.WhoseMove("Manager", "Reply", NOW, DUE, yours=True))
    assert "Yours" not in render("whose_move", c.WhoseMove("Manager", "Reply", NOW, DUE))
    assert "Nothing is due" in render("whose_move", c.WhoseMove("Nobody", "It has ended", NOW, None))


def entry(happened: date, *, text: str | None = "x") -> c.TimelineEntry:
    return c.TimelineEntry("act-1", "Talk <held>", "A", happened, DUE, words=(c.Words("Said", text, "Both agencies"),))


def test_the_timeline_says_both_times_and_makes_none_up() -> None:
    bare = render("timeline", (entry(date(2026, 4, 16)),))

    assert "Happened <time" in bare
    assert ">Thursday 16 April 2026</time>" in bare
    assert "midnight" not in bare
    assert "Written <time" in bare
    assert "Happened and written" in render("timeline", (entry(DUE),))


def test_typed_words_are_escaped_and_erased_ones_leave_a_line() -> None:
    shown = render("timeline", (entry(DUE, text="<script>alert(1)</script>"),))

    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown
    assert "Talk &lt;held&gt;" in shown
    assert "<script" not in shown
    assert "lawfully erased" not in shown
    assert "lawfully erased" in render("timeline", (entry(DUE, text=None),))


def test_what_is_not_open_says_why_and_where_it_says_so() -> None:
    html = render(
        "act_list", (c.OpenAct("Go up", "/up"),), (c.ClosedAct("Confirm", "A note is missing.", "clause 1.9"),)
    )

    assert 'href="/up"' in html
    assert "A note is missing. (clause 1.9)" in html


def test_a_drawing_that_is_only_text_is_not_taken_for_one_of_ours() -> None:
    html = render("chart", c.Chart("x", "Route", "<svg onload=x>", (c.ChartStep("One", here=True),)))  # type: ignore[arg-type]

    assert "&lt;svg" in html
    assert "You are here: One" in html


@pytest.mark.django_db
def test_the_demonstration_says_so_on_every_page_and_service_does_not(client: Client, settings: Settings) -> None:
    for demonstration in (True, False):
        settings.DEMONSTRATION = demonstration
        for path in (*PAGES, *ERRORS):
            assert ("Demonstration. No real cases." in client.get(f"/{path}").content.decode()) is demonstration


def test_the_error_pages_need_no_other_page(client: Client, settings: Settings) -> None:
    settings.ROOT_URLCONF = "tests.pages.no_urls"
    for code in ("400", "403", "404", "500"):
        html = engines["jinja2"].get_template(f"errors/{code}.html").render({})
        assert "ring 999" in html


# --- In a real browser -----------------------------------------------------------------------------------------------


@pytest.mark.browser
@pytest.mark.parametrize("path", [*PAGES, *ERRORS])
def test_every_page_is_sound_with_scripts_and_without(
    path: str, browser_page: Page, page_without_scripts: Page, live_server: LiveServer
) -> None:
    for page in (browser_page, page_without_scripts):
        page.goto(f"{live_server.url}/{path}")
        expect_sound(page)


@pytest.mark.browser
def test_opened_and_refused_pages_are_sound_too(browser_page: Page, live_server: LiveServer) -> None:
    browser_page.goto(f"{live_server.url}/disagreement/")
    for summary in browser_page.locator("summary").all():
        summary.click()
    expect_sound(browser_page)

    browser_page.goto(f"{live_server.url}/raise/")
    browser_page.get_by_role("button", name="Check your answers").click()
    expect_sound(browser_page)


@pytest.mark.browser
def test_errors_are_said_the_house_way(browser_page: Page, live_server: LiveServer) -> None:
    browser_page.goto(f"{live_server.url}/raise/")
    browser_page.get_by_label("Day").fill("31")
    browser_page.get_by_role("button", name="Check your answers").click()

    expect_error_summary(
        browser_page,
        "Say whether a child is in immediate danger",
        "Enter your reference for the child",
        "Say what worries you",
        "The date must include a month and a year",
    )


@pytest.mark.browser
def test_whose_move_comes_first_and_nobody_is_named(browser_page: Page, live_server: LiveServer) -> None:
    browser_page.goto(f"{live_server.url}/disagreement/")

    expect_first_line(browser_page, "Team manager, Riverside Health", "Reply to the concern", "Due in 3 hours")
    expect_nobody_named(browser_page, ["Riverside", "Elm Road"])


@pytest.mark.browser
def test_lists_are_links_that_say_which_one_is_open_and_need_no_scripts(
    browser_page: Page, page_without_scripts: Page, live_server: LiveServer
) -> None:
    for page in (browser_page, page_without_scripts):
        page.goto(live_server.url)
        lists = page.get_by_role("navigation", name="Your lists").get_by_role("link")
        expect(lists).to_have_text(["Needs me (3)", "Waiting on others (0)", "Ended (more than 1,000)"])
        expect(lists.and_(page.locator("[aria-current=page]"))).to_have_text(["Needs me (3)"])
        page.get_by_role("link", name="Waiting on others (0)").click()
        expect(page).to_have_url(f"{live_server.url}/?show=waiting")


@pytest.mark.browser
def test_a_list_on_a_phone_is_still_a_table_for_screen_readers(browser_page: Page, live_server: LiveServer) -> None:
    browser_page.set_viewport_size({"width": 360, "height": 800})
    browser_page.goto(live_server.url)

    table = browser_page.get_by_role("table", name="Needs me")
    expect(table.get_by_role("columnheader")).to_have_count(4)
    expect(table.get_by_role("row")).to_have_count(6)


@pytest.mark.browser
def test_paper_shows_what_is_folded_and_nothing_to_press(page_without_scripts: Page, live_server: LiveServer) -> None:
    page_without_scripts.goto(f"{live_server.url}/disagreement/")
    folded = page_without_scripts.get_by_text("It started at 3:42pm on Friday 17 April 2026.").first
    button = page_without_scripts.get_by_text("Go up to the next stage")
    expect(folded).to_be_hidden()
    expect(button).to_be_visible()

    page_without_scripts.emulate_media(media="print")

    expect(folded).to_be_visible()
    expect(button).to_be_hidden()
    expect(page_without_scripts.get_by_text("Due in 3 hours")).to_be_hidden()
    page_without_scripts.goto(f"{live_server.url}/raise/")
    expect(page_without_scripts.get_by_text("Check your answers")).to_be_hidden()


@pytest.mark.browser
def test_the_strict_security_policy_is_on_and_blocks_nothing_of_ours(
    browser_page: Page, live_server: LiveServer
) -> None:
    answer = browser_page.goto(live_server.url)

    assert answer is not None
    assert "default-src 'self'" in (answer.headers.get("content-security-policy") or "")
    expect(browser_page.locator("body.js-enabled.govuk-frontend-supported")).to_have_count(1)


# --- The harness itself: every check fails when it should ------------------------------------------------------------


@pytest.mark.browser
def test_the_harness_sees_what_is_wrong(browser_page: Page) -> None:
    browser_page.set_content('<html><body><main><div id="wide">x</div><img src="#"></main></body></html>')
    browser_page.evaluate("document.getElementById('wide').style.width = '900px'")

    assert [line for line in axe(browser_page) if line.startswith("image-alt")]
    with pytest.raises(AssertionError, match=r"too far right.*wide"):
        expect_no_sideways_scroll(browser_page)
    browser_page.evaluate("document.querySelector('main').style.overflow = 'hidden'")
    with pytest.raises(AssertionError, match=r"words cut off in.*main"):
        expect_no_sideways_scroll(browser_page)
    with pytest.raises(AssertionError):
        expect_sound(browser_page)
    with pytest.raises(AssertionError):
        expect_error_summary(browser_page, "anything")
    browser_page.evaluate("document.title = 'A name'")
    with pytest.raises(AssertionError):
        expect_nobody_named(browser_page, ["a NAME"])


@pytest.mark.browser
def test_a_page_that_asks_elsewhere_or_complains_fails(chromium: Browser, live_server: LiveServer) -> None:
    def visit(script: str) -> None:
        with fresh_page(chromium) as page:
            page.goto(live_server.url)
            page.evaluate(script)
            page.wait_for_timeout(100)  # milliseconds, for the browser to report what the script did

    visit("document.title")
    with pytest.raises(AssertionError, match="asked others than us"):
        visit(f"location.href = '{live_server.url.replace('localhost', '127.0.0.1')}'")
    with pytest.raises(AssertionError, match="Content Security Policy"):
        visit("new Image().src = 'data:image/png;base64,x'")
    with pytest.raises(AssertionError, match="Oh no"):
        visit("console.error('Oh no')")


@pytest.mark.browser
def test_screens_are_taken_four_ways(browser_page: Page, live_server: LiveServer, tmp_path: Path) -> None:
    files = screens(browser_page, f"{live_server.url}/procedures/", "sent", tmp_path)

    assert [file.name for file in files] == [
        "sent-360.png",
        "sent-360-without-scripts.png",
        "sent-1280.png",
        "sent-1280-without-scripts.png",
    ]
    assert all(file.stat().st_size > 5_000 for file in files)
    shutil.rmtree(tmp_path)
