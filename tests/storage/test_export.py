"""An exported file can be checked by a stranger: what was done to it is found, named, and never ends in a traceback."""

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commonground.core.acts import Audience, Said
from commonground.core.chain import canonical, genesis, link
from commonground.record import checkpoints, store, verifier
from commonground.record.codec import Altered, encode
from commonground.record.export import export
from commonground.record.models import ActRow
from commonground.record.verifier import Wrong, verify
from tests.storage.emptying import without_triggers
from tests.storage.examples import AT, DISAGREEMENT, OTHER, act, one_of_each_kind, words
from tests.storage.writing import write, write_many

Entries = list[dict[str, Any]]


def all_words(said: Said) -> bool:
    return True


def exported(acts: int = 5, *, checkpoint_after: int | None = 3) -> bytes:
    """Give the file of a record of so many acts, one of the words erased, with a checkpoint made on the way."""
    write_many(2, OTHER)
    for number in range(1, acts + 1):
        piece = words(f"Words of act {number}.")
        write(DISAGREEMENT, number - 1, act(number, words=(piece,)), (piece,))
        if number == checkpoint_after:
            checkpoints.make(AT + timedelta(minutes=number, seconds=30))
    store.erase(DISAGREEMENT, 2, words("Words of act 2.").said.digest, AT)
    return b"".join(export(DISAGREEMENT, made_at=AT, may_see=all_words))


def found(data: bytes, root: str | None = None) -> str:
    """Give what the verifier says is wrong with a file."""
    with pytest.raises(Wrong) as wrong:
        verify(BytesIO(data), root)
    return str(wrong.value)


# --- What holds -------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_record_with_words_erased_and_withheld_and_a_checkpoint_holds() -> None:
    own = words("For ourselves alone.", audience=Audience.OWN_AGENCY)
    exported(3)
    write(DISAGREEMENT, 3, act(4, words=(own,)), (own,))
    data = b"".join(export(DISAGREEMENT, made_at=AT, may_see=lambda said: said.audience is not Audience.OWN_AGENCY))
    kept = checkpoints.last()

    assert kept is not None
    report = verify(BytesIO(data), kept.root.hex())
    assert (report.acts, report.words, report.erased, report.withheld) == (4, 2, 1, 1)
    assert report.checkpoint is not None
    assert report.checkpoint["acts"] == 3
    assert own.text.encode() not in data
    assert own.key.hex().encode() not in data
    assert b"Words of act 2." not in data


@pytest.mark.django_db
def test_every_kind_of_act_can_be_exported_and_checked() -> None:
    for number, one in enumerate(one_of_each_kind().values()):
        write(DISAGREEMENT, number, replace(act(number + 1), ask=one.ask, effects=one.effects, marks=one.marks))

    report = verify(BytesIO(b"".join(export(DISAGREEMENT, made_at=AT, may_see=all_words))))
    assert report.acts == len(one_of_each_kind())
    assert report.checkpoint is None


@pytest.mark.django_db
def test_a_disagreement_that_is_not_there_cannot_be_exported() -> None:
    with pytest.raises(LookupError):
        next(export(OTHER, made_at=AT, may_see=all_words))


@pytest.mark.django_db
def test_a_record_that_does_not_hold_is_not_exported() -> None:
    write_many(3)
    with without_triggers():
        ActRow.objects.filter(sequence=2).update(agency="health")

    with pytest.raises(Altered):
        next(export(DISAGREEMENT, made_at=AT, may_see=all_words))


# --- What was done to a file is found ---------------------------------------------------------------------------------


@pytest.fixture
def file(db: None) -> bytes:
    return exported()


def parsed(file: bytes) -> Entries:
    return [json.loads(line) for line in file.splitlines()]


def written(entries: Entries) -> bytes:
    return b"".join(canonical(entry) + b"\n" for entry in entries)


def forge(entry: dict[str, Any], change: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
    """Change an act inside its bytes."""
    plain = json.loads(entry["act"])
    change(plain)
    entry["act"] = canonical(plain).decode()
    return entry


def rehash(entries: Entries) -> Entries:
    """Make every digest anew, as somebody who knows the format and owns the file can."""
    digest = genesis(DISAGREEMENT)
    acts = [entry for entry in entries if "act" in entry]
    for entry in acts:
        digest = link(digest, entry["act"].encode())
        entry["digest"] = digest.hex()
    entries[0].update(acts=len(acts), last=digest.hex())
    return entries


def copy_of(entry: dict[str, Any]) -> dict[str, Any]:
    return json.loads(json.dumps(entry))  # type: ignore[no-any-return]  # what went in comes out


def set_head(**parts: object) -> Callable[[dict[str, Any]], object]:
    return lambda plain: plain["act"].update(parts)


Change = Callable[[Entries], object]
# Lines: 0 the header, 1 to 5 the acts, 6 the checkpoint of act 3.
CHANGES: dict[str, tuple[Change, str]] = {
    "an author": (lambda e: forge(e[2], set_head(author="p-2")), "act 2: it does not follow"),
    "a time": (lambda e: forge(e[3], set_head(happened_at="2026-04-02T08:00:00.000000Z")), "act 3: it does not follow"),
    "the last act": (lambda e: forge(e[5], set_head(author="p-2")), "act 5: it does not follow"),
    "a digest": (lambda e: e[2].update(digest="0" * 64), "act 2: it does not follow"),
    "an act removed": (lambda e: e.pop(3), "act 3: it does not follow"),
    "the first act removed": (lambda e: e.pop(1), "act 1: it does not follow"),
    "the last act removed": (lambda e: e.pop(5), "says it has 5 acts and has 4"),
    "an act inserted": (lambda e: e.insert(3, copy_of(e[5])), "act 3: it does not follow"),
    "an act repeated": (lambda e: e.insert(3, copy_of(e[2])), "act 3: it does not follow"),
    "an act repeated at the end": (lambda e: e.insert(6, copy_of(e[5])), "act 6: it does not follow"),
    "two in each other's place": (lambda e: e.insert(2, e.pop(3)), "act 2: it does not follow"),
    "the last cut and counted anew": (
        lambda e: (e.pop(5), e[0].update(acts=4)),
        "Act 4, the last, is not the one the file says",
    ),
    "an act after the checkpoint": (lambda e: e.append(e.pop(5)), "nothing may come after the checkpoint"),
    "another procedure": (lambda e: e[0].update(procedure_digest="e" * 64), "act 1: it was recorded under another"),
    "another disagreement": (lambda e: e[0].update(disagreement=str(OTHER)), "act 1: it does not follow"),
    "the words": (lambda e: e[1]["words"][0].update(text="We agree."), "act 1: the words in 'reason' are not those"),
    "the key": (lambda e: e[1]["words"][0].update(key="0" * 64), "act 1: the words in 'reason' are not those"),
    "who may see them": (lambda e: e[1]["words"][0].update(audience="own agency"), "act 1: the words in 'reason'"),
    "who answers for them": (lambda e: e[1]["words"][0].update(controller="health"), "act 1: the words in 'reason'"),
    "the words twice": (lambda e: e[1]["words"].append(e[1]["words"][0]), "act 1: the words in 'reason' are not"),
    "the words of another act": (lambda e: e[1].update(words=e[3]["words"]), "act 1: the words in 'reason' are not"),
    "an erasure of words never said": (lambda e: e[2]["words"][0].update(digest="0" * 64), "act 2: the words in"),
    "the checkpoint's root": (lambda e: e[6]["checkpoint"].update(root="0" * 64), "is not under its root"),
    "the checkpoint's length": (lambda e: e[6]["checkpoint"].update(acts=2), "is not under its root"),
    "the checkpoint's digest": (lambda e: e[6]["checkpoint"].update(digest=e[2]["digest"]), "is not under its root"),
    "the checkpoint's way": (lambda e: e[6]["checkpoint"].update(way=[]), "is not under its root"),
    # By somebody who makes every digest anew. What is inside the acts gives it away, or the checkpoint does.
    "rehashed: an act repeated": (
        lambda e: rehash([*e[:3], copy_of(e[2]), *e[3:6]]),
        "act 3: it says that it is act 2",
    ),
    "rehashed: another's act": (
        lambda e: (forge(e[2], set_head(disagreement=str(OTHER))), rehash(e)),
        "act 2: it belongs to another disagreement",
    ),
    "rehashed: a command twice": (
        lambda e: (forge(e[3], set_head(id=json.loads(e[2]["act"])["act"]["id"])), rehash(e)),
        "act 3: the same command was recorded before",
    ),
    "rehashed: back-dated": (
        lambda e: (forge(e[3], set_head(recorded_at="2026-04-02T09:00:30.000000Z")), rehash(e)),
        "act 3: it was recorded at 2026-04-02T09:00:30.000000Z and the act before it at 2026-04-02T09:02:00.000000Z",
    ),
    "rehashed: not in canonical form": (
        lambda e: (e[2].update(act=e[2]["act"].replace(",", ", ", 1)), rehash(e)),
        "act 2: its bytes are not in canonical form",
    ),
    "rehashed: an author": (lambda e: (forge(e[2], set_head(author="p-2")), rehash(e)), "act 3 was another"),
    "rehashed: the newest cut": (lambda e: (e.pop(5), e.pop(4), e.pop(3), rehash(e)), "3 acts, and now it has 2"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_what_was_done_to_a_file_is_found_and_the_first_bad_place_named(file: bytes, name: str) -> None:
    entries = parsed(file)
    change, sentence = CHANGES[name]
    result = change(entries)
    changed = result if isinstance(result, list) and len(result) > 1 and "format" in result[0] else entries

    assert sentence in found(written(changed))


@pytest.mark.django_db
def test_an_act_that_was_not_there_at_a_checkpoint_and_says_it_was_is_back_dated() -> None:
    for number in (1, 2):
        write(DISAGREEMENT, number - 1, act(number))
    checkpoints.make(AT + timedelta(minutes=15))  # after more than the grace
    write(DISAGREEMENT, 2, act(3))

    data = b"".join(export(DISAGREEMENT, made_at=AT, may_see=all_words))
    assert "act 3 says 2026-04-02T09:03:00.000000Z but was not there at 2026-04-02T09:15:00.000000Z" in found(data)


@pytest.mark.django_db
def test_a_root_that_was_sent_shows_what_was_written_anew_from_the_start() -> None:
    data = exported()
    root = checkpoints.last()
    assert root is not None
    entries = parsed(data)
    forge(entries[1], set_head(author="p-2"))
    without_checkpoint = rehash(entries)[:-1]

    assert verify(BytesIO(written(without_checkpoint))).acts == 5  # alone, nothing shows
    assert "not the one with the root you gave, or there is none" in found(written(without_checkpoint), root.root.hex())
    assert "not the one with the root you gave" in found(data, "0" * 64)


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_any_act_changed_removed_inserted_or_moved_is_found_without_a_checkpoint(data: st.DataObject) -> None:
    entries = parsed(FILE)
    count = len(entries) - 1
    at = data.draw(st.integers(1, count - 1))  # any but the last
    other = data.draw(st.integers(1, count).filter(lambda place: place != at))
    match data.draw(st.sampled_from(["a letter", "removed", "inserted", "moved", "its digest too"])):
        case "a letter":
            text = entries[at]["act"]
            place = data.draw(st.integers(0, len(text) - 1))
            letter = data.draw(st.characters(exclude_categories=["Cs"]).filter(lambda one: one != text[place]))
            entries[at]["act"] = text[:place] + letter + text[place + 1 :]
            bad = at
        case "removed":
            entries.pop(at)
            bad = at
        case "inserted":
            entries.insert(at, copy_of(entries[other]))
            bad = at
        case "moved":
            entries.insert(other, entries.pop(at))
            bad = min(at, other)
        case _:
            forge(entries[at], set_head(author="p-2"))
            before = bytes.fromhex(entries[at - 1]["digest"]) if at > 1 else genesis(DISAGREEMENT)
            entries[at]["digest"] = link(before, entries[at]["act"].encode()).hex()
            bad = at + 1

    assert f"act {bad}: it does not follow from what is before it" in found(written(entries))


def file_of(count: int) -> bytes:
    """Give a file made without a database."""
    digest, entries = genesis(DISAGREEMENT), []
    for number in range(1, count + 1):
        data = encode(act(number), DISAGREEMENT, number)
        digest = link(digest, data)
        entries.append({"act": data.decode(), "digest": digest.hex(), "words": []})
    header = {
        "format": "commonground record", "version": 1, "disagreement": str(DISAGREEMENT), "acts": count,
        "last": digest.hex(), "procedure_digest": "d" * 64,
    }  # fmt: skip
    return written([header, *entries])


FILE = file_of(6)


# --- Broken and hostile files -----------------------------------------------------------------------------------------


def line_2(entry: bytes) -> bytes:
    return FILE.splitlines(keepends=True)[0] + entry + b"\n"


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        pytest.param(b"", "The file is empty", id="nothing"),
        pytest.param(b"\n", "Line 1: this is not written", id="a blank line"),
        pytest.param(b"\xff\xfe", "Line 1: this is not written", id="no text"),
        pytest.param(b"PK\x03\x04", "Line 1: this is not written", id="another kind of file"),
        pytest.param(b"[]\n", "Line 1: this is not an entry", id="a list"),
        pytest.param(b"{}\n", "Line 1: this is not an exported record", id="an empty header"),
        pytest.param(b"[" * 1_000_000, "Line 1: this is not written", id="nested without end"),
        pytest.param(b'{"acts":' + b"9" * 10_000 + b"}", "Line 1: this is not written", id="a number without end"),
        pytest.param(b'{"a":1,"a":1}', "a name is there twice", id="a name twice"),
        pytest.param(b'{"a":NaN}', "not a whole number", id="no number"),
        pytest.param(b'{"a":1.0}', "not a whole number", id="a fraction"),
        pytest.param(FILE.replace(b'"acts":6', b'"acts":true', 1), "not a whole number from 1", id="a yes for a count"),
        pytest.param(
            FILE.replace(b'"version":1', b'"version":2', 1), "version this program knows", id="a later version"
        ),
        pytest.param(
            FILE.replace(b"5f0c", b"5F0C", 1), "is not the id of a disagreement", id="an id otherwise written"
        ),
        pytest.param(line_2(b"{}"), "Line 2, act 1: this is not written", id="an empty act"),
        pytest.param(line_2(b'{"act":1}'), "Line 2, act 1: 1 is not text", id="a number for an act"),
        pytest.param(line_2(b'{"act":"\\ud800"}'), "Line 2, act 1: this is not written", id="half a character"),
        pytest.param(line_2(b'{"checkpoint":[]}'), "says it has 6 acts and has 0", id="a checkpoint alone"),
        pytest.param(FILE + b'{"checkpoint":[]}', "Line 8: this is not written", id="a checkpoint of nothing"),
        pytest.param(FILE + b'{"checkpoint":{"way":1}}', "Line 8: this is not written", id="a checkpoint of no form"),
        pytest.param(FILE[:-200], "Line 7: this is not written", id="cut short"),
        pytest.param(FILE.splitlines()[0], "says it has 6 acts and has 0", id="a header alone"),
        pytest.param(line_2(b'{"act":"\\u001b[2J","digest":"\\u001b[2J"}'), "'\\x1b[2J' is not a digest", id="escapes"),
    ],
)
def test_a_broken_file_is_said_to_be_broken_and_where(data: bytes, sentence: str) -> None:
    assert sentence in found(data)


def test_a_line_longer_than_any_is_not_read_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verifier, "LARGEST_LINE", 1000)
    assert "Line 1 is longer" in found(b"{" + b" " * 2000)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.just("0" * 64),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@given(st.data())
@settings(max_examples=300, deadline=None)
def test_nothing_in_any_place_ends_in_anything_but_a_sentence(data: st.DataObject) -> None:
    entries = [
        *parsed(FILE),
        {
            "checkpoint": {
                "acts": 1,
                "digest": "0" * 64,
                "root": "0" * 64,
                "made_at": "2026-04-02T09:00:00.000000Z",
                "way": [],
            }
        },
    ]
    place = data.draw(st.integers(0, len(entries) - 1))
    what = entries[place]
    inside = json.loads(what["act"]) if "act" in what else what
    while isinstance(inside, dict) and inside and data.draw(st.booleans()):
        name = data.draw(st.sampled_from(sorted(inside)))
        if not isinstance(inside[name], dict) or data.draw(st.booleans()):
            inside[name] = data.draw(JSON)
            break
        inside = inside[name]
    raw = json.dumps(what).encode()
    lines = [json.dumps(entry).encode() for entry in entries]
    lines[place] = data.draw(st.sampled_from([raw, data.draw(st.binary(max_size=20)), raw[: len(raw) // 2]]))
    if "act" in what:
        lines[place] = json.dumps({**what, "act": json.dumps(inside), "words": data.draw(JSON)}).encode()

    try:
        verify(BytesIO(b"\n".join(lines)))  # what stands in the header besides is nobody's business
    except Wrong as wrong:
        assert str(wrong).isprintable()  # noqa: PT017 - holding is as good an answer


# --- As a stranger runs it --------------------------------------------------------------------------------------------


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the verifier as somebody does who copied out nothing but its one file."""
    copy = folder / "verifier.py"
    copy.write_bytes(Path(verifier.__file__).read_bytes())
    return subprocess.run(
        [sys.executable, "-I", "-S", str(copy), *arguments], cwd=folder, capture_output=True, text=True, check=False
    )


def test_the_verifier_runs_alone_and_says_how_it_went(tmp_path: Path) -> None:
    (tmp_path / "good").write_bytes(FILE)
    (tmp_path / "bad").write_bytes(FILE.replace(b"p-1", b"p-2", 1))

    good, bad, none, wrongly = (run(tmp_path, *arguments) for arguments in (["good"], ["bad"], ["gone"], []))

    assert (good.returncode, bad.returncode, none.returncode, wrongly.returncode) == (0, 1, 1, 1)
    assert "Everything holds" in good.stdout
    assert "6 acts" in good.stdout
    assert bad.stdout.startswith("DOES NOT HOLD. Line 2, act 1: ")
    assert "can't be read" in none.stdout
    assert "Use:" in wrongly.stderr
    assert "Traceback" not in good.stderr + bad.stderr + none.stderr + wrongly.stderr


def test_the_verifier_stays_small_enough_to_be_read() -> None:
    assert len(Path(verifier.__file__).read_text().splitlines()) <= 300
