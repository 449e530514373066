"""The pages for anybody: no signing in, no cookie, nothing from anywhere else, and small enough for a phone."""

from __future__ import annotations

import gzip
import re
import sys
from html import unescape

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from commonground.core.procedure import Place, Reading, nodes
from commonground.language.chart_words import ladder
from commonground.language.library import shipped
from commonground.language.register import Use, shipped_clauses
from commonground.people.access import SHALLOW, Relation
from commonground.people.models import Agency, Partnership
from commonground.usecases import clock
from commonground.web.pages.procedures import HEADINGS, STRENGTHS, USES
from commonground.web.pages.public import who_and_what
from tests.browser import NARROWEST, PHONE, axe, expect_no_sideways_scroll, expect_sound, fresh_page
from tests.pages.reading import be, text_of
from tests.pages.weighing import MOST, STATIC, weight
from tests.partnership import Small, small

pytestmark = pytest.mark.django_db

WIDTHS = (
    NARROWEST,
    pytest.param(PHONE, marks=pytest.mark.long),
    pytest.param(768, marks=pytest.mark.long),
    1280,
)


@pytest.fixture
def area(db: None) -> Small:
    """A partnership in service: nobody can be chosen."""
    made = small()
    Partnership.objects.filter(key=made.key).update(localities=["Northbank", "Southbank"])
    Agency.objects.filter(key=f"{made.key}-partnership").update(telephone="01632 960150")
    return made


def pages_of(area: Small) -> dict[str, str]:
    """Every public page, by what it is."""
    own = f"/partnerships/{area.key}"
    procedure = f"{own}/{area.procedure.key}"
    return {
        "what to do now": "/now",
        "what to do now, there": f"/now/{area.key}",
        "procedures": "/procedures",
        "procedures there": own,
        "a procedure": procedure,
        "a route": f"{procedure}/{area.procedure.routes[0].key}",
        "records": "/records",
        "accessibility": "/accessibility",
    }


# --- Anybody's --------------------------------------------------------------------------------------------------------


def test_anybody_reads_every_page_and_gets_no_cookie(client: Client, area: Small) -> None:
    for page in pages_of(area).values():
        for answer in (client.get(page), client.head(page)):
            assert answer.status_code == 200, page
            assert not answer.cookies, page
            assert answer.headers["Cache-Control"] == "public, max-age=300", page
            assert "Cookie" in answer.headers["Vary"], page
            policy = answer.headers["Content-Security-Policy"]
            assert "default-src 'self'" in policy
            assert "unsafe" not in policy
        assert client.post(page).status_code == 405


def test_nobody_keeps_a_copy_of_what_somebody_signed_in_reads(client: Client, riverside: Small) -> None:
    be(client, riverside, riverside.post("school"))
    for page in (*pages_of(riverside).values(), f"/procedures/{riverside.procedure.key}"):
        answer = client.get(page)
        assert answer.headers["Cache-Control"] == "private, no-store", page
        assert "You are acting for" in text_of(answer.content), page
        assert "My list" in text_of(answer.content), page


def test_who_has_not_signed_in_is_not_offered_what_needs_it(client: Client, area: Small) -> None:
    for page in pages_of(area).values():
        text = text_of(client.get(page).content)
        assert "My list" not in text, page
        assert "Sign in" in text, page


def test_there_is_no_page_for_what_is_not_there(client: Client, area: Small) -> None:
    own, key = f"/partnerships/{area.key}", area.procedure.key
    other = next(one for one in shipped() if one != key)
    gone = ("/now/nowhere", "/partnerships/nowhere", f"{own}/nothing", f"{own}/{other}", f"{own}/{key}/nothing")
    for page in (*gone, f"/partnerships/nowhere/{key}", "/procedures/nothing", f"/procedures/{key}/nothing"):
        assert client.get(page).status_code == 404, page


def test_every_link_leads_somewhere(client: Client, area: Small) -> None:
    """Followed from the first page through all that needs no signing in."""
    known: dict[str, set[str]] = {}
    waiting, jumps = ["/"], set()
    while waiting:
        page = waiting.pop()
        if page in known:
            continue
        answer = client.get(page, follow=True)
        assert answer.status_code == 200, page
        html = answer.content.decode()
        known[page] = set(re.findall(r'\bid="([^"]+)"', html))
        for link in re.findall(r'<a [^>]*href="([^"]*)"', html):
            address, _, place = unescape(link).partition("#")
            if not address.startswith("tel:"):
                waiting.append(address or page)
                jumps.add((address or page, place))
    assert {f"/now/{area.key}", "/records", "/accessibility", "/procedures"} <= set(known)
    assert len(known) > 10
    assert not [(page, place) for page, place in jumps if place and place not in known[page]]


def test_a_title_names_the_page_and_no_two_are_the_same(client: Client, area: Small) -> None:
    pages = [client.get(page).content.decode() for page in pages_of(area).values()]
    titles = [re.findall("<title>([^<]*)</title>", page)[0] for page in pages]
    assert all(title.endswith(" – Commonground") for title in titles)
    assert len(set(titles)) == len(titles)


# --- What to do now ---------------------------------------------------------------------------------------------------


def test_what_to_do_now_without_a_partnership(client: Client, area: Small) -> None:
    html = client.get("/now").content.decode()
    text = text_of(html.encode())
    said = [
        "I disagree and I am worried: what do I do now?",
        "ring 999 now",
        "Say it today to whoever decided",
        "Write down what was said",
        "Ask for advice",
        "Raise it here",
        "Where does the child live?",
        "Northbank, Southbank",
        "ring children’s social care",
        "If nobody answers",
        "You will not be in trouble here for asking",
    ]
    assert [text.index(one) for one in said] == sorted(text.index(one) for one in said)
    assert f'href="/now/{area.key}"' in html
    assert 'href="/raise"' in html


@pytest.mark.parametrize("key", sorted(shipped()))
def test_what_to_do_now_in_a_partnership_says_each_stage_with_its_time(key: str, client: Client, db: None) -> None:
    area = small("riverside", key)
    Agency.objects.filter(key="riverside-partnership").update(telephone="01632 960150")
    html = client.get("/now/riverside").content.decode()
    text = text_of(html.encode())
    assert 'href="tel:01632960199"' in html, "whom to ring at night"
    assert text.index("01632 960199 at all other times") < text.index("Raise it here")
    assert "01632 960150" in text
    assert "emergency duty team" not in text
    for route in area.procedure.routes:
        assert f"{route.title} ({len(route.stages)} stage" in text
        for rung in ladder(area.procedure, route.key).rungs:
            assert rung.name in text
            assert f"Time: {rung.limit[0].upper()}{rung.limit[1:]}." in text
            if rung.before:
                assert rung.before in text
    leads = [one.name for one in area.procedure.posts if one.key in ("designated", "named", "safeguarding-lead")]
    assert all(name.lower() in text.lower() for name in leads)
    for one in area.procedure.guidance:
        assert one.at is not Place.RAISE or one.text in text


def test_a_post_that_nobody_is_in_advises_nobody(client: Client, area: Small) -> None:
    adviser = next(one for one in area.procedure.posts if one.key in ("health-professional", "designated", "named"))
    before = text_of(client.get(f"/now/{area.key}").content)
    assert adviser.name.lower() in before.split("these posts advise")[1].split("You do not need")[0].lower()
    for agency in Agency.objects.all():
        for post in agency.posts.all():
            post.holdings.all().delete()
    assert "these posts advise" not in text_of(client.get(f"/now/{area.key}").content)


# --- The procedures ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", sorted(shipped()))
def test_a_procedure_is_told_clause_by_clause_in_our_own_words(key: str, client: Client, db: None) -> None:
    procedure = small("riverside", key).procedure
    html = client.get(f"/partnerships/riverside/{key}").content.decode()
    text = text_of(html.encode())
    mine = [one for one in shipped_clauses() if one.id.startswith(f"{procedure.clause_prefix}.")]
    assert len(mine) > 20
    for clause in mine:
        assert f'id="clause-{clause.id}"' in html
        assert " ".join(clause.duty.split()) in text
        assert f"{STRENGTHS[clause.modality]}. {USES[clause.use]}" in text
    for one in procedure.guidance:
        assert one.text in text
    for beyond in procedure.outside:
        assert beyond.because in text
    for route in procedure.routes:
        assert f'href="/partnerships/riverside/{key}/{route.key}"' in html


@pytest.mark.parametrize("key", sorted(shipped()))
def test_a_route_is_a_chart_and_stages_with_limits_readings_and_who_talks_to_whom(
    key: str, client: Client, db: None
) -> None:
    procedure = small("riverside", key).procedure
    silent = 0
    for route in procedure.routes:
        html = client.get(f"/partnerships/riverside/{key}/{route.key}").content.decode()
        text = text_of(html.encode())
        assert "<svg" in html
        assert "You are here" not in text
        assert "chart.css" in html, "what fits the drawing to the page and to one's own colours"
        for rung in ladder(procedure, route.key).rungs:
            assert rung.limit.lower() in text.lower()
            assert rung.silence.lower() in text.lower()
            if rung.faces:
                assert f"Who is asked {rung.faces.responding}".lower() in text.lower()
        for _, node in nodes(route):
            if isinstance(node, Reading):
                assert f"We read it as: {node.takes}" in text
                assert f"Because {node.because}" in text
        silent += text.count("The text does not say. We read it as:")
    assert silent, "every text leaves something open"


def test_a_reading_is_never_shown_as_the_text(client: Client, area: Small) -> None:
    """Every reading says first that the text does not, or that it can be read so or so."""
    for route in area.procedure.routes:
        text = text_of(client.get(f"/partnerships/{area.key}/{area.procedure.key}/{route.key}").content)
        before = [part[-45:].strip() for part in text.split("We read it as:")[:-1]]
        assert before
        assert all(one.endswith(("does not say.", "in more than one way.")) for one in before)


def test_a_procedure_that_one_partnership_runs_is_found_by_its_key_alone(client: Client, area: Small) -> None:
    key, first = area.procedure.key, area.procedure.routes[0].key
    assert client.get(f"/procedures/{key}").headers["Location"] == f"/partnerships/{area.key}/{key}"
    assert client.get(f"/procedures/{key}/{first}").headers["Location"] == f"/partnerships/{area.key}/{key}/{first}"


def test_where_several_run_it_anybody_chooses_whose(client: Client, area: Small) -> None:
    key = area.procedure.key
    small("hillside", key)
    small("lakeside", next(one for one in shipped() if one != key))
    html = client.get(f"/procedures/{key}").content.decode()
    assert f'href="/partnerships/riverside/{key}"' in html
    assert f'href="/partnerships/hillside/{key}"' in html
    assert "lakeside" not in html
    everything = client.get("/procedures").content.decode()
    assert "/partnerships/lakeside/" in everything


def test_where_a_disagreement_is_needs_somebody_who_reaches_it(client: Client, riverside: Small) -> None:
    _, reference = riverside.raised(clock.now())
    here = riverside.standing(riverside.find(reference))
    page = f"/procedures/{riverside.procedure.key}/{here.route}?from={reference}"
    assert client.get(page).headers["Location"] == "/"
    be(client, riverside, riverside.post("school"))
    answer = client.get(page)
    assert "You are here" in text_of(answer.content)
    assert f"Back to {reference}" in text_of(answer.content)
    assert answer.headers["Cache-Control"] == "private, no-store"
    other = next(one for one in shipped() if one != riverside.procedure.key)
    assert client.get(page.replace(riverside.procedure.key, other)).status_code == 404, (
        "the disagreement is under another"
    )
    stranger = be(Client(), riverside, riverside.post("police"))
    assert stranger.get(page).status_code == 404


def test_everything_a_procedure_can_say_has_its_words() -> None:
    assert set(HEADINGS) == set(Place)
    assert set(USES) == set(Use)
    assert {clause.modality for clause in shipped_clauses()} <= set(STRENGTHS)


# --- Records and accessibility ----------------------------------------------------------------------------------------


def test_who_sees_what_is_said_for_every_relation(client: Client, area: Small) -> None:
    html = client.get("/records").content.decode()
    rows = [text_of(row.encode()) for row in html.split("<tr")[2:]]
    for relation in Relation:
        who, what = who_and_what(relation)
        row = next(row for row in rows if who in row)
        assert what in row
        assert f"Reads words: {'No' if relation in SHALLOW else 'Yes'}" in row, relation
    text = text_of(html.encode())
    for part in ("Every look is recorded", "What erasing does", "How to check a record", "How to ask for your own"):
        assert part in text


def test_the_statement_says_whom_to_tell(client: Client, area: Small) -> None:
    text = text_of(client.get("/accessibility").content)
    assert "Riverside Partnership: 01632 960150" in text
    assert "Screen readers. None has been used on it yet." in text
    assert "Equality and Human Rights Commission" in text


def test_public_templates_name_no_procedure() -> None:
    """What they say of a procedure comes from its data, so that the next partnership's is said as well."""
    templates = STATIC.parent / "templates"
    files = [*(templates / "public").iterdir(), *(templates / name for name in ("procedure.html", "route.html"))]
    names = {name for one, _ in shipped().values() for name in (one.key, one.title, *one.area)}
    names |= {name for one, _ in shipped().values() for name in (route.title for route in one.routes)}
    assert len(names) > 20
    assert not [(file.name, name) for file in files for name in names if name in file.read_text("utf-8")]


# --- Small ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", sorted(shipped()))
def test_a_first_view_of_every_page_is_small(key: str, client: Client, db: None) -> None:
    """HTML, styles, scripts and icon, as a browser that has none of them fetches them, with gzip."""
    area = small("riverside", key)
    pages = pages_of(area)
    pages |= {f"route {one.key}": f"/partnerships/riverside/{key}/{one.key}" for one in area.procedure.routes}
    for name, page in pages.items():
        answer = client.get(page, headers={"accept-encoding": "gzip"})
        assert answer.headers["Content-Encoding"] == "gzip"
        heavy = weight(gzip.decompress(answer.content))
        sys.stdout.write(f"{key}, {name}: {heavy:,} bytes, {len(answer.content):,} of them HTML\n")  # seen with -rP
        assert heavy <= MOST, page


# --- In a real browser ------------------------------------------------------------------------------------------------


@pytest.mark.browser
@pytest.mark.parametrize("width", WIDTHS)
def test_every_page_is_sound_at_every_width_with_scripts_and_without(
    width: int, chromium: Browser, live_server: LiveServer, area: Small
) -> None:
    for scripts in (True, False):
        with fresh_page(chromium, scripts=scripts, width=width) as page:
            for path in pages_of(area).values():
                page.goto(f"{live_server.url}{path}")
                for summary in page.locator("summary").all():
                    summary.click()
                assert page.locator("details:not([open])").count() == 0
                expect_no_sideways_scroll(page, width)
                expect_sound(page)


@pytest.mark.browser
def test_ones_own_colours_are_kept(chromium: Browser, live_server: LiveServer, area: Small) -> None:
    with fresh_page(chromium, width=PHONE) as page:
        page.emulate_media(forced_colors="active")
        for path in pages_of(area).values():
            page.goto(f"{live_server.url}{path}")
            assert axe(page) == [], path
            assert page.evaluate("matchMedia('(forced-colors: active)').matches")
        page.goto(f"{live_server.url}{pages_of(area)['a route']}")
        page.wait_for_load_state("networkidle")
        drawn = "one => getComputedStyle(one).fill"
        canvas = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert page.locator(".cg-ladder rect").first.evaluate(drawn) == canvas


@pytest.mark.browser
def test_the_keyboard_reaches_everything(browser_page: Page, live_server: LiveServer, area: Small) -> None:
    for path in pages_of(area).values():
        browser_page.goto(f"{live_server.url}{path}")
        there = browser_page.evaluate(ALL_TO_REACH)
        reached = set()
        for _ in range(there + 10):
            browser_page.keyboard.press("Tab")
            mark, seen = browser_page.evaluate(NOW_AT)
            if mark:
                reached.add(mark)
                assert seen, f"{path}: the focus can't be seen on {mark}"
        assert len(reached) == there, path


ALL_TO_REACH = """() => {
    const all = [...document.querySelectorAll('a[href], button, summary, input, [tabindex="0"]')]
    const shown = all.filter(one => one.checkVisibility({contentVisibilityAuto: true, visibilityProperty: true}))
    shown.forEach((one, place) => one.dataset.place = place + 1)
    return shown.length
}"""
NOW_AT = """() => {
    const one = document.activeElement
    const look = getComputedStyle(one)
    const outlined = look.outlineStyle !== 'none' && parseFloat(look.outlineWidth) > 0
    const filled = look.backgroundColor !== 'rgba(0, 0, 0, 0)'
    return [one.dataset.place || '', outlined || filled || look.boxShadow !== 'none']
}"""


@pytest.mark.browser
def test_on_a_phone_the_first_screen_says_what_to_do_and_has_the_button(
    chromium: Browser, live_server: LiveServer, area: Small
) -> None:
    for scripts in (True, False):
        with fresh_page(chromium, scripts=scripts, width=PHONE) as page:
            # Without scripts the ways on stand one under another, and take a little more.
            page.set_viewport_size({"width": PHONE, "height": 640 if scripts else 740})
            for path in ("/now", f"/now/{area.key}"):
                page.goto(f"{live_server.url}{path}")
                expect(page.get_by_text("ring 999 now")).to_be_in_viewport(ratio=1)
                expect(page.get_by_role("button", name="Raise it here")).to_be_in_viewport(ratio=1)


@pytest.mark.browser
def test_the_chart_fits_a_phone(browser_page: Page, live_server: LiveServer, area: Small) -> None:
    browser_page.set_viewport_size({"width": PHONE, "height": 740})
    browser_page.goto(f"{live_server.url}{pages_of(area)['a route']}")
    box = browser_page.locator(".cg-chart__drawing")
    assert box.evaluate("one => one.scrollWidth <= one.clientWidth"), "drawn too wide, so it would have to be scrolled"
