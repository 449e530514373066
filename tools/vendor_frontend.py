"""Bring the compiled GOV.UK and MoJ styles into the tree, without what belongs to GOV.UK alone.

Run only to upgrade, never at build or run time: ``python tools/vendor_frontend.py``. It needs ``npm``.

What comes out is in ``src/commonground/web/static/vendor/`` and is committed: the GOV.UK Frontend CSS and script, the
few MoJ rules we use, the two licences, ``VERSIONS.txt`` and ``SHA256SUMS``. What never comes out: the typeface, the
crest and the crown (outside GOV.UK nobody may use them), any font or image file, source maps and web addresses.
``tests/pages/test_look.py`` checks both.

The GOV.UK version is the one that ``govuk-frontend-jinja`` (see requirements.in) tests its macros against: change the
two together.
"""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

GOVUK_VERSION = "6.3.0"
MOJ_VERSION = "11.1.0"
VENDOR = Path(__file__).resolve().parents[1] / "src" / "commonground" / "web" / "static" / "vendor"

# The MoJ script wants moment.js and we need none of it: three components, their rules alone. The timeline's document
# links point at an icon we do not ship.
MOJ_WANTED = re.compile(r"\.moj-(timeline|identity-bar|badge)")
MOJ_UNWANTED = re.compile(r"document-|button-menu")
# Crest and crown; and the print rules that write a link's address after it, which on our paper is noise.
DROPPED = re.compile(r"crown|crest|https?://", re.IGNORECASE)
REST_OF_LICENCE = """\
Permission is hereby granted, free of charge, to any person obtaining a copy of
this software and associated documentation files (the "Software"), to deal in
the Software without restriction, including without limitation the rights to
use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies
of the Software, and to permit persons to whom the Software is furnished to do
so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all
copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
SOFTWARE.
"""
# The npm packages carry no licence file, so the notices are copied from the two projects' repositories. The word
# "Crown" in the first is a copyright notice, which the licence tells us to keep; it is no picture of one.
LICENCES = {
    "LICENCE-govuk-frontend.txt": (
        f"The MIT License (MIT)\n\nCopyright (C) 2017 Crown Copyright (Government Digital Service)\n\n{REST_OF_LICENCE}"
    ),
    "LICENCE-moj-frontend.txt": f"MIT License\n\nCopyright (c) 2021 dxw\n\n{REST_OF_LICENCE}",
}


def main() -> int:
    """Fetch, strip and write everything; the exit code is 0, or 1 when something we must not ship would be left."""
    with tempfile.TemporaryDirectory() as folder:
        govuk = _unpack("govuk-frontend", GOVUK_VERSION, Path(folder))
        moj = _unpack("@ministryofjustice/frontend", MOJ_VERSION, Path(folder))
        files = {
            "govuk-frontend.min.css": strip_css((govuk / "dist/govuk/govuk-frontend.min.css").read_text("utf-8")),
            "govuk-frontend.min.js": strip_maps((govuk / "dist/govuk/govuk-frontend.min.js").read_text("utf-8")),
            "moj-frontend.css": strip_css(
                (moj / "moj/moj-frontend.min.css").read_text("utf-8"), wanted=_is_wanted_of_moj
            ),
            **LICENCES,
            "VERSIONS.txt": (
                f"govuk-frontend {GOVUK_VERSION}, MIT, Government Digital Service: no typeface, images or maps.\n"
                f"@ministryofjustice/frontend {MOJ_VERSION}, MIT: rules of the timeline, identity bar and badge only.\n"
                "Made by tools/vendor_frontend.py; do not edit by hand.\n"
            ),
        }
    left = [name for name, text in files.items() if not name.startswith("LICENCE") and forbidden_in(text)]
    if left:
        print(f"Not written: {', '.join(left)} would still hold what we must not ship.", file=sys.stderr)
        return 1
    VENDOR.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (VENDOR / name).write_text(text, "utf-8")
    sums = "".join(f"{hashlib.sha256(text.encode()).hexdigest()}  {name}\n" for name, text in sorted(files.items()))
    (VENDOR / "SHA256SUMS").write_text(sums, "utf-8")
    return 0


def forbidden_in(text: str) -> list[str]:
    """List what may not be in a static file of ours: GOV.UK's own marks, fonts and any address outside."""
    return re.findall(r"GDS Transport|crown|crest|@font-face|https?://|sourceMappingURL", text, re.IGNORECASE)


def strip_css(css: str, wanted: Callable[[str], bool] = lambda selector: True) -> str:
    """Return the rules of `css` whose selector is `wanted`, without typeface, crest, comments or maps."""
    without_comments = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    without_font = re.sub(r"[\"']?GDS Transport[\"']?,\s*arial", "Arial,Helvetica", without_comments)
    return "".join(_kept(without_font, wanted)) + "\n"


def strip_maps(script: str) -> str:
    """Return `script` without its source map comment, which would name a file that is not there."""
    return re.sub(r"//# sourceMappingURL=\S*", "", script).rstrip() + "\n"


def _kept(css: str, wanted: Callable[[str], bool]) -> Iterator[str]:
    for prelude, body in _blocks(css):
        if prelude.startswith(("@media", "@supports")):
            inner = "".join(_kept(body, wanted))
            if inner:
                yield f"{prelude}{{{inner}}}"
        elif prelude.startswith("@font-face") or DROPPED.search(prelude) or DROPPED.search(body):
            continue
        elif prelude.startswith("@") or wanted(prelude):
            yield f"{prelude}{{{body}}}"


def _blocks(css: str) -> Iterator[tuple[str, str]]:
    """Yield (what stands before the brace, what stands inside) for each block at the outermost level."""
    start = depth = opened = 0
    for place, character in enumerate(css):
        if character == "{":
            depth += 1
            if depth == 1:
                opened = place
        elif character == "}":
            depth -= 1
            if depth == 0:
                yield css[start:opened].strip(), css[opened + 1 : place]
                start = place + 1


def _is_wanted_of_moj(selector: str) -> bool:
    return bool(MOJ_WANTED.search(selector)) and not MOJ_UNWANTED.search(selector)


def _unpack(package: str, version: str, folder: Path) -> Path:
    run = subprocess.run(
        ["npm", "pack", "--silent", f"{package}@{version}"],
        cwd=folder,
        check=True,
        capture_output=True,
        text=True,
    )
    target = folder / package.replace("/", "-")
    with tarfile.open(folder / run.stdout.strip().splitlines()[-1]) as archive:
        archive.extractall(target, filter="data")
    return target / "package"


if __name__ == "__main__":
    sys.exit(main())
