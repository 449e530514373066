"""Checks an exported record. Stands alone: copy this one file anywhere with Python 3.11 or later, and run

    python verifier.py FILE [ROOT] [--files SENT ...]

ROOT is the root of the checkpoint you were sent, which the one in the file has to be. SENT is a file that was sent with
an act, as you downloaded it: it has to be one that the record names. Ends with 0 when everything holds and with 1, and
the first thing that does not, when something does not. Written from docs/record.md; shares no code with the program
that made the file, opens nothing but FILE and SENT and sends nothing anywhere.
"""

from __future__ import annotations

import hmac
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, BinaryIO

LARGEST_LINE = 64 * 1024 * 1024  # bytes
GRACE = timedelta(minutes=10)  # an act may be on its way into the record while a checkpoint is made
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", re.ASCII)
HEX = re.compile(r"[0-9a-f]{64}")


class Wrong(Exception):
    """Something does not hold. The message is a sentence for whoever runs this."""


@dataclass
class Report:
    """What was found to hold."""

    disagreement: str = ""
    acts: int = 0
    moments: list[str] = field(default_factory=list)
    words: int = 0
    erased: int = 0
    withheld: int = 0
    checkpoint: dict[str, Any] | None = None
    ids: set[str] = field(default_factory=set)
    files: list[tuple[int, str, str]] = field(default_factory=list)  # sent with acts: act, name, SHA-256


def verify(file: BinaryIO, root: str | None = None) -> Report:
    """Check a whole file. Wrong, with the line and the act, for the first thing that does not hold."""
    report = Report()
    numbered = lines(file)
    number, header = next(numbered, (0, None))
    if header is None:
        raise Wrong("The file is empty.")
    said = place(1, None, check_header, header, report)
    digest = sha256(b"commonground record 1\n" + report.disagreement.encode()).digest()
    digests: list[str] = []
    last = None
    for number, entry in numbered:
        if last is not None:
            raise Wrong(f"Line {number}: nothing may come after the checkpoint.")
        if "checkpoint" in entry:
            last = number, entry
            continue
        digest = place(number, report.acts + 1, check_act, entry, digest, report, header)
        digests.append(digest.hex())
        report.acts += 1
    if report.acts != said:
        raise Wrong(
            f"The file says it has {said} acts and has {report.acts}: acts were removed from its end, or added."
        )
    if digests[-1] != header["last"]:
        raise Wrong(f"Act {report.acts}, the last, is not the one the file says is last.")
    if last is not None:
        place(last[0], None, check_checkpoint, last[1]["checkpoint"], digests, report)
    if root is not None and (report.checkpoint is None or report.checkpoint["root"] != root.strip().lower()):
        raise Wrong("The checkpoint in the file is not the one with the root you gave, or there is none.")
    return report


def place(line: int, act: int | None, check: Any, *given: Any) -> Any:
    """Do one check; whatever is wrong in it is said with its place."""
    where = f"Line {line}" + (f", act {act}" if act else "")
    try:
        return check(*given)
    except Wrong as wrong:
        raise Wrong(f"{where}: {wrong}") from None
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError, OverflowError) as broken:
        raise Wrong(f"{where}: this is not written as a record is ({shown(broken)}).") from None


def check_header(header: dict[str, Any], report: Report) -> int:
    """Check the first line; give how many acts it says there are."""
    if header.get("format") != "commonground record" or header.get("version") != 1:
        raise Wrong("this is not an exported record of a version this program knows.")
    report.disagreement = matching(UUID, header["disagreement"], "the id of a disagreement")
    matching(HEX, header["last"], "a digest")
    count = header["acts"]
    if type(count) is not int or count < 1:
        raise Wrong("the number of acts is not a whole number from 1.")
    return count


def check_act(entry: dict[str, Any], previous: bytes, report: Report, header: dict[str, Any]) -> bytes:
    """Check one act: that it follows from the one before it, is in its place, and that the words are those it says."""
    data = string(entry["act"]).encode("utf-8")
    digest = sha256(previous + data).digest()
    if digest.hex() != matching(HEX, entry["digest"], "a digest"):
        raise Wrong(
            "it does not follow from what is before it. It, or an act before it, was changed, removed or added."
        )
    act = parse(data)
    if canonical(act) != data:
        raise Wrong("its bytes are not in canonical form.")
    head = act["act"]
    if head["disagreement"] != report.disagreement:
        raise Wrong(f"it belongs to another disagreement, {shown(head['disagreement'])}.")
    if type(head["sequence"]) is not int or head["sequence"] != report.acts + 1:
        raise Wrong(f"it says that it is act {shown(head['sequence'])}.")
    if matching(UUID, head["id"], "the id of a command") in report.ids:
        raise Wrong("the same command was recorded before: an act was repeated.")
    report.ids.add(head["id"])
    at = matching(MOMENT, head["recorded_at"], "a moment in UTC")
    moment(at)
    if report.moments and at < (before := report.moments[-1]):
        raise Wrong(
            f"it was recorded at {at} and the act before it at {before}: back-dated, or the clock was put back."
        )
    report.moments.append(at)
    if report.acts == 0 and act["used"]["procedure"] != header["procedure_digest"]:
        raise Wrong("it was recorded under another procedure than the file names.")
    check_words(act["said"], entry.get("words", []), report)
    return digest


def check_words(said: list[dict[str, str]], given: list[dict[str, Any]], report: Report) -> None:
    """Check that each piece of words given is one the act says, and as it was typed."""
    open_still = [(one["field"], one["audience"], one["controller"], one["digest"]) for one in said]
    for piece in given:
        whose = piece["field"], piece["audience"], piece["controller"]
        if "erased_at" in piece:
            matching(MOMENT, piece["erased_at"], "a moment in UTC")
            digest, report.erased = matching(HEX, piece["digest"], "a digest"), report.erased + 1
        else:
            key = bytes.fromhex(matching(HEX, piece["key"], "a key"))  # of 32 bytes: HMAC pads shorter ones
            covered = dict(zip(("field", "audience", "controller"), whose, strict=True)) | {
                "text": string(piece["text"])
            }
            digest, report.words = hmac.digest(key, canonical(covered), "sha256").hex(), report.words + 1
            if piece["field"] == "attached file":
                name, _, last = piece["text"].split("\n")
                sent = matching(HEX, last.removeprefix("sha-256 "), "a digest")
                report.files.append((report.acts + 1, name, sent))
        if (*whose, digest) not in open_still:
            raise Wrong(f"the words in {shown(piece['field'])} are not those that were typed, or it never said them.")
        open_still.remove((*whose, digest))
    report.withheld += len(open_still)


def check_sent(path: str, report: Report) -> str:
    """Check that a file is one that the record names; give a sentence that says which."""
    whole = sha256()
    with open(path, "rb") as file:  # noqa: PTH123
        while piece := file.read(1024 * 1024):
            whole.update(piece)
    names = [f"{shown(name)}, sent with act {act}" for act, name, digest in report.files if digest == whole.hexdigest()]
    if not names:
        raise Wrong(f"{shown(path)} is none of the {len(report.files)} files that this record names.")
    return f"{shown(path)} is {'; and '.join(names)}."


def check_checkpoint(checkpoint: dict[str, Any], digests: list[str], report: Report) -> None:
    """Check that the record still is what the checkpoint says of it, and that this is under the checkpoint's root."""
    acts, digest = checkpoint["acts"], matching(HEX, checkpoint["digest"], "a digest")
    root = matching(HEX, checkpoint["root"], "a root")
    made_at = matching(MOMENT, checkpoint["made_at"], "a moment in UTC")
    if type(acts) is not int or acts < 1 or len(checkpoint["way"]) > 64:
        raise Wrong("it has no number of acts, or its way to the root has no end.")
    leaf = canonical({"acts": acts, "digest": digest, "disagreement": report.disagreement})
    up = sha256(b"\0" + leaf).digest()
    for step in checkpoint["way"]:
        beside = bytes.fromhex(matching(HEX, step["digest"], "a digest"))
        pair = {"left": beside + up, "right": up + beside}[step["on"]]
        up = sha256(b"\1" + pair).digest()
    if up.hex() != root:
        raise Wrong("what it says of this record is not under its root.")
    if acts > len(digests):
        raise Wrong(
            f"at {made_at} the record had {acts} acts, and now it has {len(digests)}: its newest acts were cut."
        )
    if digests[acts - 1] != digest:
        raise Wrong(f"at {made_at} act {acts} was another: the record was written anew, from somewhere up to there.")
    if acts < len(digests) and moment(report.moments[acts]) < moment(made_at) - GRACE:
        raise Wrong(f"act {acts + 1} says {report.moments[acts]} but was not there at {made_at}: it is back-dated.")
    report.checkpoint = checkpoint


def lines(file: BinaryIO) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield each line's number and the JSON object on it."""
    number = 0
    while line := file.readline(LARGEST_LINE + 1):
        number += 1
        if len(line) > LARGEST_LINE:
            raise Wrong(f"Line {number} is longer than any record's.")
        entry = place(number, None, parse, line)
        if type(entry) is not dict:
            raise Wrong(f"Line {number}: this is not an entry of a record.")
        yield number, entry


def parse(data: bytes) -> Any:
    """Read JSON strictly: UTF-8, no name twice in an object, and no number that two programs read differently."""
    text = data.decode("utf-8")
    return json.loads(text, object_pairs_hook=once_each, parse_float=no_number, parse_constant=no_number)


def once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Make an object of its parts, none of which may be there twice."""
    if len({name for name, _ in pairs}) != len(pairs):
        raise ValueError("a name is there twice")
    return dict(pairs)


def no_number(text: str) -> Any:
    """Refuse a fraction, an infinity or what is no number."""
    raise ValueError(f"{shown(text)} is not a whole number")


def canonical(value: Any) -> bytes:
    """Write a value in its one form: RFC 8785, for values without fractions."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8")


def matching(pattern: re.Pattern[str], text: Any, what: str) -> str:
    """Give the text back if all of it has this form."""
    if type(text) is not str or not pattern.fullmatch(text):
        raise Wrong(f"{shown(text)} is not {what}.")
    return text


def string(text: Any) -> str:
    """Give the text back if it is one."""
    if type(text) is not str:
        raise Wrong(f"{shown(text)} is not text.")
    return text


def moment(text: str) -> datetime:
    """Turn a moment into one that can be reckoned with."""
    return datetime.fromisoformat(text)


def shown(value: object) -> str:
    """Show something from the file safely: short, and with nothing in it that a terminal would obey."""
    text = ascii(value) if not isinstance(value, Exception) else ascii(str(value))
    return text if len(text) <= 80 else text[:77] + "..."


def described(report: Report) -> Iterator[str]:
    """Say in plain English what holds, and what that does not prove."""
    yield "Everything holds: no act was changed, removed, added, moved, repeated or back-dated between others."
    yield f"Disagreement {report.disagreement}: {report.acts} acts."
    yield f"They were recorded from {report.moments[0]} to {report.moments[-1]}."
    yield f"Words: {report.words} as they were typed, {report.erased} lawfully erased, {report.withheld} not in it."
    if report.files:
        yield f"Files that were sent with acts: {len(report.files)}. Each has to have this SHA-256:"
    for act, name, digest in report.files:
        yield f"{digest}  {shown(name)}, act {act}"
    if report.checkpoint is None:
        yield "Not ruled out, as there is no checkpoint in it: that newer acts were cut, or all of it was written anew."
        return
    yield f"The checkpoint of {report.checkpoint['made_at']} covers acts 1 to {report.checkpoint['acts']}."
    yield "It proves something only if this is the root you were sent at the time:"
    yield report.checkpoint["root"]


def main(arguments: list[str]) -> int:
    """Check the file named on the command line. 0: everything holds; 1: something does not, or can't be read."""
    at = arguments.index("--files") if "--files" in arguments else len(arguments)
    plain, sent = arguments[:at], arguments[at + 1 :]
    if len(plain) not in (1, 2):
        sys.stderr.write("Use: python verifier.py FILE [ROOT] [--files SENT ...]\n")
        return 1
    try:
        with open(plain[0], "rb") as file:  # noqa: PTH123 - nothing but the standard library's plainest
            report = verify(file, *plain[1:])
        found = [check_sent(path, report) for path in sent]
    except Wrong as wrong:
        sys.stdout.write(f"DOES NOT HOLD. {wrong}\n")
        return 1
    except OSError as error:
        sys.stdout.write(f"The file can't be read: {error.strerror}.\n")
        return 1
    sys.stdout.write("\n".join([*described(report), *found]) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
