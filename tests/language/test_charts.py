"""Charts: what is on them in every form, that texts cannot break them, and how they come out (charts/, golden files).

When a chart is meant to look different, look at the new ones and then let them be written:

    python -m tests.language.test_charts
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from io import StringIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from bpmn_io import BpmnModdle
from django.core.management import CommandError, call_command
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser

from commonground.core.procedure import (
    Limit,
    Procedure,
    Rated,
    Reading,
    Who,
)
from commonground.core.time import ElapsedHours, WorkingDays, WorkingWeeks
from commonground.language.bare import bare
from commonground.language.bpmn_file import Flow, Kind, Node, findings, written
from commonground.language.chart_pen import width_of, wrapped
from commonground.language.chart_words import Ladder, clean, ladder, limit_in_words
from commonground.language.charts import bpmn, mermaid, outline, svg
from commonground.language.library import shipped
from commonground.language.reader import read_procedure
from tests.browser import PHONE, fresh_page

HERE = Path(__file__).parent / "charts"
CSS = Path(__file__).parents[2] / "src/commonground/web/static/chart.css"
INVENTED = Path(__file__).parents[1] / "procedures" / "invented"
FORMS: dict[str, Callable[[Procedure, str], str]] = {
    "svg": lambda procedure, route: svg(procedure, route, here="leads", visited=("workers", "main/managers")),
    "mmd": mermaid,
    "bpmn": bpmn,
    "txt": lambda procedure, route: "\n".join(outline(procedure, route)) + "\n",
}
SVG = "{http://www.w3.org/2000/svg}"


@cache
def fernhill() -> Procedure:
    return read_procedure(HERE / "fernhill.yaml")


def everything() -> list[tuple[str, Procedure, str]]:
    """Every route there is, as it runs and with the words alone."""
    files = sorted(path for path in INVENTED.glob("*.yaml") if not path.name.endswith(".clauses.yaml"))
    procedures = [procedure for procedure, _ in shipped().values()] + [read_procedure(file) for file in files]
    both = [(form, of) for one in procedures for form, of in (("runs", one), ("words", bare(one)))]
    return [(f"{of.key}/{route.key}-{form}", of, route.key) for form, of in both for route in of.routes]


EVERYTHING = [pytest.param(procedure, route, id=name) for name, procedure, route in everything()]


@cache
def process_of(procedure: Procedure, route: str) -> str:
    """The BPMN of a route, made once for all tests: it takes the longest."""
    return bpmn(procedure, route)


def words_of(drawing: str) -> str:
    """What a drawing says, lines joined."""
    root = ElementTree.fromstring(drawing)  # noqa: S314  # our own drawing
    return " ".join(text.text or "" for text in root.iter(f"{SVG}text"))


@cache
def read_again(process: str) -> list[Any]:
    """Everything in a BPMN file, as read by the package."""
    model: Any = BpmnModdle()
    return list(model.from_xml(process).root_element.get("rootElements")[0].get("flowElements"))


def elements(process: str) -> list[tuple[str, str | None]]:
    """Kind and name of everything in a BPMN file."""
    return [(part.type_.removeprefix("bpmn:"), part.get("name")) for part in read_again(process)]


def documentation(process: str) -> list[str]:
    """What a BPMN file says beside the names."""
    return [words.get("text") for part in read_again(process) for words in part.get("documentation")]


def squeezed(text: str) -> str:
    """A text without spaces: where lines break does not matter."""
    return "".join(text.split())


def said(chart: str) -> str:
    """A flowchart with its escaped characters as themselves."""
    return re.sub("#([0-9]+);", lambda number: chr(int(number[1])), chart)


# --- What is on them -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("procedure", "route"), EVERYTHING)
def test_every_stage_and_ending_is_on_every_chart(procedure: Procedure, route: str) -> None:
    of = procedure.route(route)
    drawn = ladder(procedure, route)
    drawing, flowchart, process = svg(procedure, route), mermaid(procedure, route), process_of(procedure, route)
    lines = outline(procedure, route)

    assert len(lines) == len(of.stages)
    stages = re.findall('data-stage="([^"]*)"', drawing)
    assert stages == [stage.key for stage in of.stages]
    for at, stage in enumerate(of.stages, start=1):
        assert lines[at - 1].startswith(clean(f"{stage.label}: {stage.heading}" if stage.label else stage.heading))
        assert squeezed(stage.heading) in squeezed(words_of(drawing))
        assert f"  s{at}_{stage.key.replace('-', '_')}[" in flowchart
        assert f'id="stage-{at}-{stage.key}"' in process
    ends = {key for stage in of.stages for key in stage.endings}
    ends |= {r.ends for stage in of.stages if stage.decision for r in stage.decision.results if r.ends}
    assert {closing.key for closing in drawn.closings} == ends
    for key in ends:
        name = clean(procedure.ending(key).name)
        assert squeezed(name) in squeezed(words_of(drawing))
        assert re.search(rf"  e\d+_{key.replace('-', '_')}\(\[", flowchart)
        assert name in said(flowchart)
        assert any(name in line for line in lines)
        assert re.search(rf'<bpmn:endEvent id="stage-[^"]*-end-{key}(-\d+)?"', process)
    results = (result for stage in of.stages if stage.decision for result in stage.decision.results)
    labels = " ".join(name or "" for _, name in elements(process)) + " ".join(documentation(process))
    for name in (clean(result.name) for result in results):
        assert squeezed(name) in squeezed(words_of(drawing))
        assert name in said(flowchart)
        assert any(name in line for line in lines)
        assert name in labels


@pytest.mark.parametrize(("procedure", "route"), EVERYTHING)
def test_the_process_reads_back_sound(procedure: Procedure, route: str) -> None:
    xml = process_of(procedure, route)
    drawn = ladder(procedure, route)

    assert findings(xml) == ()
    found: dict[str, list[str | None]] = {}
    for kind, name in elements(xml):
        found.setdefault(kind, []).append(name)
    assert [name for name in found["UserTask"] if not str(name).startswith("In silence")] == [
        r.name for r in drawn.rungs
    ]
    assert found.get("BoundaryEvent", []) == [rung.limit for rung in drawn.rungs if rung.span]
    assert found["StartEvent"] == ["A disagreement is raised"]


@pytest.mark.parametrize(("procedure", "route"), EVERYTHING)
def test_the_drawing_passes_the_strictest_content_policy(procedure: Procedure, route: str) -> None:
    root = ElementTree.fromstring(svg(procedure, route))  # noqa: S314  # our own drawing
    names = {element.tag.removeprefix(SVG) for element in root.iter()}
    attributes = {name for element in root.iter() for name in element.attrib}

    assert names <= {"svg", "title", "desc", "g", "rect", "circle", "path", "text"}
    assert not attributes & {"style", "href"}
    assert not [name for name in attributes if name.startswith("on")]


@pytest.mark.parametrize("route", ["main", "policy"])
def test_no_box_is_drawn_over_words(route: str) -> None:
    """Where people chose their own colours, every box has a ground, and would hide what was written before it."""
    shapes = list(ElementTree.fromstring(svg(fernhill(), route, here="leads", visited=("workers",))).iter())  # noqa: S314

    def covers(box: ElementTree.Element, text: ElementTree.Element) -> bool:
        x, y, width, height = (float(box.get(name, "0")) for name in ("x", "y", "width", "height"))
        return x < float(text.get("x", "0")) < x + width and y < float(text.get("y", "0")) < y + height

    boxes = [(at, shape) for at, shape in enumerate(shapes) if shape.tag == f"{SVG}rect"]
    texts = [(at, shape) for at, shape in enumerate(shapes) if shape.tag == f"{SVG}text"]
    assert [(text.text, box.get("class")) for i, box in boxes for j, text in texts if j < i and covers(box, text)] == []


def test_the_drawing_has_a_name_and_a_description() -> None:
    root = ElementTree.fromstring(svg(fernhill(), "main", here="leads"))  # noqa: S314  # our own drawing
    title, description = root.find(f"{SVG}title"), root.find(f"{SVG}desc")

    assert title is not None
    assert description is not None
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == f"{title.get('id')} {description.get('id')}"
    assert title.text == "When we disagree about a child: Any disagreement"
    assert description.text == (
        "4 stages, from top to bottom: Step A: Workers talk; Step B: Line managers; The safeguarding leads of both "
        "agencies, with whoever they need; Step D: The panel. You are here: The safeguarding leads of both agencies, "
        "with whoever they need."
    )


@pytest.mark.parametrize(
    ("here", "visited", "marked"),
    [
        pytest.param("leads", ("workers", "managers"), (1, 2), id="stages by key"),
        pytest.param(
            "main/leads", ("main/workers", "main/managers", "main/leads"), (1, 2), id="as the standing has it"
        ),
        pytest.param("policy/forum", ("main/workers", "policy/forum"), (0, 1), id="on another route by now"),
        pytest.param("policy/leads", ("policy/workers",), (0, 0), id="stages of another route with the same keys"),
        pytest.param(None, (), (0, 0), id="the procedure's own page"),
        pytest.param("gone", ("gone",), (0, 0), id="a stage it does not have"),
    ],
)
def test_you_are_here_and_have_been_there(here: str | None, visited: tuple[str, ...], marked: tuple[int, int]) -> None:
    words = words_of(svg(fernhill(), "main", here=here, visited=visited))

    assert (words.count("You are here"), words.count("Been here")) == marked


def test_what_is_only_our_reading_says_so_and_goes_with_it() -> None:
    def panel(of: Ladder) -> bool:
        return any(rung.key == "panel" for rung in of.rungs)

    runs, words = ladder(fernhill(), "main"), ladder(bare(fernhill()), "main")
    leads, alone = runs.rungs[2], words.rungs[2]

    assert leads.limit == "no limit given; our review date: 1 working day"
    assert leads.silence == "it goes up (our reading)"
    assert leads.onward is not None
    assert leads.onward.where == "Step D (our reading)"
    assert (alone.limit, alone.silence, alone.onward) == ("no limit given", "the text does not say", None)
    assert panel(runs)
    assert not panel(words)
    assert next(rung for rung in runs.rungs if rung.key == "panel").note == "there by our reading"


def test_an_ending_is_ours_only_where_the_words_do_not_give_it() -> None:
    drawn = ladder(fernhill(), "main")

    assert [[closing.name for closing in rung.closings] for rung in drawn.rungs] == [
        ["Agreed (our reading)"],
        ["Agreed", "The decision stands"],
        ["Agreed", "The decision stands (our reading)"],
        [],
    ]
    assert [closing.name for closing in drawn.closings] == ["Agreed", "The decision stands", "The plan is changed"]


OURS = Reading(of="within", takes="", because="", clauses=())


@pytest.mark.parametrize(
    ("limit", "words"),
    [
        (Limit(), "no limit given"),
        (Limit(within=WorkingDays(1)), "1 working day"),
        (Limit(within=WorkingWeeks(2), says="two weeks"), "2 working weeks"),
        (Limit(within=WorkingDays(1), readings=(OURS,)), "no limit given; our review date: 1 working day"),
        (Limit(says="urgently"), "the text says “urgently”"),
        (
            Limit(within=WorkingDays(1), says="urgently", readings=(OURS,)),
            "the text says “urgently”; our review date: 1 working day",
        ),
        (
            Limit(within=WorkingDays(1), readings=(replace(OURS, words=WorkingDays(2)),)),
            "2 working days in the text; our reading: 1 working day",
        ),
        (
            Limit(within=WorkingDays(1), set_by=Who.EACH, no_later_than=WorkingDays(5), readings=(OURS,)),
            "no limit given; each side may set a time; our review date until a time is set: 1 working day; "
            "at the latest 5 working days",
        ),
        (
            Limit(within=WorkingDays(2), by_rating=(Rated(rating="red", within=ElapsedHours(4)),)),
            "2 working days; rated red: 4 hours",
        ),
        (Limit(within=WorkingDays(5), no_later_than=WorkingDays(5)), "5 working days"),
    ],
)
def test_limits_in_words(limit: Limit, words: str) -> None:
    assert limit_in_words(limit) == words


def test_a_route_whose_stages_are_all_ours_is_drawn_without_them() -> None:
    before = fernhill()
    alone = replace(before, routes=(replace(before.routes[0], stages=(), caps=()),))

    assert outline(alone, "main") == ()
    assert "A disagreement is raised" in words_of(svg(alone, "main"))
    assert "raised([" in mermaid(alone, "main")
    assert findings(bpmn(alone, "main")) == ()
    assert ("EndEvent", "The text names no stage") in elements(bpmn(alone, "main"))


def test_an_unknown_route_is_a_key_error() -> None:
    for draw in (svg, mermaid, bpmn, outline):
        with pytest.raises(KeyError, match="nowhere"):
            draw(fernhill(), "nowhere")


# --- How they come out -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("route", ["main", "policy"])
def test_charts_come_out_as_kept(route: str, form: str) -> None:
    kept = (HERE / f"fernhill-{route}.{form}").read_text(encoding="utf-8")

    assert FORMS[form](fernhill(), route) == kept


@pytest.mark.serial
def test_the_same_procedure_always_gives_the_same_bytes() -> None:
    program = (
        "from tests.language.test_charts import FORMS, fernhill\n"
        "print([draw(fernhill(), route) for draw in FORMS.values() for route in ('main', 'policy')])"
    )
    drawn = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }

    assert len(drawn) == 1
    assert next(iter(drawn)).count(b"</bpmn:process>") == 2


# --- Texts cannot break them -----------------------------------------------------------------------------------------

HOSTILE = st.text(max_size=40).map(lambda text: f"a{text}") | st.sampled_from(
    [
        "A & B <script>alert(1)</script> =1+1 'x\"",
        '"] --> evil["',
        "]]> --> <!-- end",
        "%%{init: {}}%% `**x**` #quot; <br/>",
        'x" onload="alert(1)',
        "a" * 200,
        "a\u202e b\u0000c\ud800",
        "儿童保护" * 30,
    ]
)


@given(title=HOSTILE, heading=HOSTILE, label=HOSTILE, post=HOSTILE, ending=HOSTILE, when=HOSTILE, key=HOSTILE)
@settings(
    max_examples=20, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate]
)  # shrinking takes minutes
def test_no_text_breaks_a_chart(
    title: str, heading: str, label: str, post: str, ending: str, when: str, key: str
) -> None:
    before = fernhill()
    route = before.route("main")
    first = route.stages[0]
    stage = replace(
        first, key=key, heading=heading, label=label, moves=tuple(replace(move, when=when) for move in first.moves)
    )
    others = tuple(
        replace(other, moves=tuple(replace(m, to=None, out_to=when) if m.to == "workers" else m for m in other.moves))
        for other in route.stages[1:]
    )
    hostile = replace(
        before,
        title=title,
        routes=(replace(route, stages=(stage, *others)), *before.routes[1:]),
        posts=(replace(before.posts[0], name=post), *before.posts[1:]),
        endings=(replace(before.endings[0], name=ending), *before.endings[1:]),
    )

    drawing, flowchart, process = svg(hostile, "main", here=key), mermaid(hostile, "main"), bpmn(hostile, "main")

    root = ElementTree.fromstring(drawing)  # noqa: S314  # what is tested
    assert {element.tag.removeprefix(SVG) for element in root.iter()} <= SHAPES
    assert {name for element in root.iter() for name in element.attrib} <= ATTRIBUTES
    for text in (heading, post, ending):
        assert squeezed(clean(text)) in squeezed(words_of(drawing))
    assert [line for line in flowchart.splitlines() if not FLOWCHART.fullmatch(line)] == []
    assert clean(ending) in said(flowchart)
    assert findings(process) == ()
    names = [clean(name or "") for _, name in elements(process)]
    assert f"{clean(label)}: {clean(heading)}" in names


SHAPES = {"svg", "title", "desc", "g", "rect", "circle", "path", "text"}
ATTRIBUTES = set(
    "class role viewBox width height font-family aria-labelledby id data-stage x y rx cx cy r d font-size font-weight "
    "fill stroke stroke-width stroke-dasharray".split()
)
WORD = "(?:[^\\W_]|[ .,:!?()/'#;-]|<br/>)*"
FLOWCHART = re.compile(
    "flowchart TD"
    f'|  \\w+(?:\\[|\\[\\[|\\(\\[|\\{{)"{WORD}"(?:\\]|\\]\\]|\\]\\)|\\}})'
    f'|  \\w+ (?:-->|-\\.->)(?:\\|"{WORD}"\\|)? \\w+'
)


@given(text=st.text(), width=st.integers(40, 400), size=st.integers(10, 20), bold=st.booleans())
@settings(max_examples=200, deadline=None)
def test_wrapping_keeps_every_character_and_the_width(text: str, width: int, size: int, bold: bool) -> None:
    lines = wrapped(text, width, size, bold=bold)

    assert squeezed("".join(lines)) == squeezed(text)
    assert all(width_of(line, size, bold=bold) <= width for line in lines)


# --- The port --------------------------------------------------------------------------------------------------------


def test_findings_are_not_blind() -> None:
    nodes = (Node(id="start", kind=Kind.START, name="Begins"), Node(id="task", kind=Kind.TASK, name="Does"))

    assert [line.split(":")[0] for line in findings(written("p", "P", nodes, (Flow("start", "task"),)))] == [
        "end-event-required",
        "no-implicit-end",
    ]


def test_results_that_lead_to_one_place_are_one_arrow_with_both_names() -> None:
    assert ("SequenceFlow", "The managers differ; or The managers cannot say") in elements(bpmn(fernhill(), "main"))


def test_a_timer_ends_its_task_only_where_silence_goes_up() -> None:
    timers = re.findall('<bpmn:boundaryEvent id="stage-(\\d)[^>]*cancelActivity="false"', bpmn(fernhill(), "main"))

    assert timers == ["2", "4"]


# --- In a browser ----------------------------------------------------------------------------------------------------

OUT_OF_PLACE = """() => {
  const wrong = [], scale = document.querySelector('svg').getBoundingClientRect().width / 360;
  for (const stage of document.querySelectorAll('.cg-ladder__stage')) {
    const cards = '.cg-ladder__card, .cg-ladder__card-been, .cg-ladder__card-here';
    const card = stage.querySelector(cards).getBBox();
    for (const text of stage.querySelectorAll('text:not(.cg-ladder__flag-text)')) {
      const box = text.getBBox();
      if (box.x < card.x + 6 || box.x + box.width > card.x + card.width - 6
          || box.y < card.y || box.y + box.height > card.y + card.height) wrong.push('outside: ' + text.textContent);
    }
  }
  const boxes = [...document.querySelectorAll('text')].map(text => [text, text.getBBox()]);
  for (const [one, a] of boxes) {
    if (a.x < 0 || a.x + a.width > 360) wrong.push('cut off: ' + one.textContent);
    if (parseFloat(one.getAttribute('font-size')) * scale < 12) wrong.push('too small: ' + one.textContent);
    for (const [other, b] of boxes) {
      if (one !== other && a.x < b.x + b.width - 1 && b.x < a.x + a.width - 1
          && a.y < b.y + b.height - 4 && b.y < a.y + a.height - 4) wrong.push('over: ' + one.textContent);
    }
  }
  return wrong;
}"""


@pytest.mark.browser
def test_words_are_in_their_boxes_and_can_be_read_on_a_phone(chromium: Browser) -> None:
    wrong = {}
    with fresh_page(chromium, width=PHONE) as page:
        for name, procedure, route in everything():
            stages = [stage.key for stage in procedure.route(route).stages]
            drawing = svg(procedure, route, here=stages[-1], visited=stages)
            page.set_content(
                '<!doctype html><meta name="viewport" content="width=device-width">'
                f"<style>{CSS.read_text('utf-8')} body {{ margin: 15px }}</style>"
                f'<div class="cg-chart__drawing">{drawing}</div>'
            )
            if found := page.evaluate(OUT_OF_PLACE):
                wrong[name] = found
    assert wrong == {}


def test_the_style_sheet_speaks_only_of_what_is_drawn() -> None:
    drawn = set(re.findall('class="(cg-ladder[a-z_-]*)"', svg(fernhill(), "main", here="leads", visited=("workers",))))

    assert set(re.findall(r"\.(cg-ladder[a-z_-]*)", CSS.read_text("utf-8"))) <= drawn


# --- The command -----------------------------------------------------------------------------------------------------


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("chart", *arguments, stdout=out)
    return out.getvalue()


def test_the_command_draws_a_shipped_procedure_by_its_key_and_a_file_by_its_path() -> None:
    key, (procedure, _) = next(iter(shipped().items()))
    route = procedure.routes[0].key

    assert run(key, "--route", route) == svg(procedure, route) + "\n"
    assert run(str(HERE / "fernhill.yaml"), "--format", "mermaid") == "".join(
        mermaid(fernhill(), route.key) for route in fernhill().routes
    )


@pytest.mark.parametrize(("form", "ending"), [("svg", "svg"), ("mermaid", "mmd"), ("bpmn", "bpmn")])
def test_the_command_writes_a_file_for_each_route(tmp_path: Path, form: str, ending: str) -> None:
    folder = tmp_path / "new" / "folder"

    printed = run(str(HERE / "fernhill.yaml"), "--format", form, "--out", str(folder))

    assert sorted(path.name for path in folder.iterdir()) == [f"fernhill-main.{ending}", f"fernhill-policy.{ending}"]
    assert printed.split() == [str(folder / f"fernhill-{route}.{ending}") for route in ("main", "policy")]


def test_the_command_refuses_in_words(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"^fernhill has no route 'nowhere'. Choose from: main, policy$"):
        run(str(HERE / "fernhill.yaml"), "--route", "nowhere")
    with pytest.raises(CommandError, match=r"^no-such-file: No such file or directory. Shipped procedures: "):
        run("no-such-file")
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text((HERE / "fernhill.yaml").read_text("utf-8").replace("1 month", "1 moon"), "utf-8")
    (tmp_path / "wrong.clauses.yaml").write_text((HERE / "fernhill.clauses.yaml").read_text("utf-8"), "utf-8")
    with pytest.raises(CommandError, match=r'^wrong.yaml:24:28: routes\[main\].window.limit.within: found "1 moon"'):
        run(str(wrong))
    with pytest.raises(CommandError, match=r"fernhill-main.svg: File exists$"):
        run(str(HERE / "fernhill.yaml"), "--out", str(wrong))


def keep() -> None:
    """Write the golden files anew."""
    for route in ("main", "policy"):
        for form, draw in FORMS.items():
            (HERE / f"fernhill-{route}.{form}").write_text(draw(fernhill(), route), encoding="utf-8")


if __name__ == "__main__":
    keep()
