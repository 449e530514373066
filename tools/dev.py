"""Everything `make` does: sets this machine up when needed, then runs one target. `python3 tools/dev.py` lists them.

Needs Python 3.11 and nothing else; the rest is fetched from the machine's own package index, each file checked
against the hash in requirements.txt.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
BIN = VENV / "bin"
PYTHON = BIN / "python"

RUN = "requirements.txt"  # what the service needs
DEV = "requirements-dev.txt"  # the same, and what testing and checking need

# Says where Chromium is, when it is not where Debian puts it. tests/browser.py reads it too.
CHROMIUM = "COMMONGROUND_CHROMIUM"


class Missing(Exception):
    """Something this machine lacks and this script may not fetch. The message is the one line a person needs."""


# Targets ------------------------------------------------------------------------------------------------------------


def demo() -> int:
    """Run the service with invented people and print its address. PORT=8123 chooses the port."""
    set_up(RUN)
    folder = ROOT / "var" / "demonstration"
    folder.mkdir(parents=True, exist_ok=True)
    environ = os.environ | {"COMMONGROUND_DEMONSTRATION": "1", "COMMONGROUND_VAR": str(folder)}
    environ.pop("COMMONGROUND_DATABASE", None)  # never a real one
    port = ["--port", os.environ["PORT"]] if os.environ.get("PORT") else []
    # Instead of this process: Ctrl-C and TERM then reach the one that stops the web and the worker.
    os.execve(PYTHON, [str(PYTHON), "-m", "commonground.operations", "demo", *port], environ)


def test() -> int:
    """Run the whole suite on both databases and in a real browser."""
    set_up(DEV)
    environ = {CHROMIUM: chromium()}
    return worst(
        pytest("not long and not serial", "-n", "2", "--dist", "loadfile", environ=environ),
        pytest("serial and not long", environ=environ),
        # The pages and the processes above them are the same on either database; the acts are what must be.
        pytest("not long and not serial and not browser", "-n", "2", "--dist", "loadfile", environ=POSTGRESQL),
    )


def check() -> int:
    """Check format, lint, types, import contracts, templates and procedures, all in under a minute."""
    set_up(DEV)
    django = {"COMMONGROUND_DEMONSTRATION": "0", "COMMONGROUND_SECRET_KEY": "for checking only"}
    # Slowest first, so that the others fill the second core meanwhile.
    checks: list[tuple[str, Sequence[str | Path], Mapping[str, str]]] = [
        ("types", (BIN / "mypy",), django),
        ("procedures", (BIN / "commonground", "check"), django),
        ("import contracts", (BIN / "lint-imports",), {}),
        ("lint", (BIN / "ruff", "check"), {}),
        ("format", (BIN / "ruff", "format", "--check"), {}),
        ("house rules", (PYTHON, "tools/house.py"), {}),
        ("templates", (PYTHON, "tools/lint_templates.py"), {}),
        ("Django's own checks", (BIN / "commonground", "systemcheck"), django),
        ("migrations", (BIN / "commonground", "makemigrations", "--check", "--dry-run"), django),
    ]
    if not (ROOT / "src/commonground/operations/management/commands/check.py").exists():
        checks = [one for one in checks if one[0] != "procedures"]

    def one(named: tuple[str, Sequence[str | Path], Mapping[str, str]]) -> int:
        name, command, environ = named
        started = time.monotonic()
        done = subprocess.run(
            [str(part) for part in command],
            cwd=ROOT,
            env=os.environ | environ,
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
        )
        print(f"{'ok    ' if done.returncode == 0 else 'FAILED'} {name} ({time.monotonic() - started:.1f} s)")
        if done.returncode != 0:
            print(done.stdout + done.stderr, flush=True)
        return done.returncode

    with ThreadPoolExecutor(max_workers=2) as pool:
        return worst(*pool.map(one, checks))


def long() -> int:
    """Run the tests that are too slow for every change, on both databases."""
    set_up(DEV)
    environ = {CHROMIUM: chromium()}
    return worst(
        pytest("long", environ=environ),
        pytest("long and not browser", environ=POSTGRESQL, may_be_none=True),
    )


def bench() -> int:
    """Measure what bench/ measures and print the figures, each beside its limit."""
    set_up(DEV)
    # One after the other: two at once would measure each other.
    return worst(*(run(PYTHON, measured) for measured in sorted((ROOT / "bench").glob("*_bench.py"))))


def mutants() -> int:
    """Break procedures, and see that each defect is noticed. MODULE=chain breaks that module of the core instead."""
    set_up(DEV)
    module = os.environ.get("MODULE") or "procedures"
    return run(PYTHON, "tools/procedure_mutants.py" if module == "procedures" else "tools/mutants.py")


def shots() -> int:
    """Take pictures of the pages into var/shots and onto one sheet, docs/pages.png, for a person to look through."""
    set_up(DEV)
    folder = ROOT / "var" / "shots"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    # The browser tests visit every page anyway; this keeps what they see (the fixture `shots` in tests/conftest.py).
    environ = {CHROMIUM: chromium(), "COMMONGROUND_SHOTS": str(folder)}
    code = pytest("browser and not long", environ=environ)
    code = worst(code, pytest("long", "tests/journeys/test_special_steps.py", environ=environ))
    pictures = len(list(folder.rglob("*.png")))
    print(f"{pictures} pictures in var/shots")
    sheet = run(PYTHON, "tools/shots.py", environ={CHROMIUM: chromium()})
    return worst(code, 0 if pictures else 1, sheet)


def lock() -> int:
    """Choose exact versions anew: requirements*.in become requirements*.txt, with hashes and without hosts."""
    set_up(DEV)
    return worst(
        compile_requirements("requirements-dev.in", DEV),
        compile_requirements("requirements.in", RUN, "-c", DEV),  # one version of each for both
        run(PYTHON, "tools/notices.py"),
    )


def clean() -> int:
    """Remove what was generated: the environment, caches, builds and the demonstration. Never the database in var/."""
    for name in (
        ".venv",
        ".mypy_cache",
        ".ruff_cache",
        ".pytest_cache",
        ".hypothesis",
        ".import_linter_cache",
        "build",
    ):
        shutil.rmtree(ROOT / name, ignore_errors=True)
    for name in ("demonstration", "mutants", "shots"):
        shutil.rmtree(ROOT / "var" / name, ignore_errors=True)
    for folder in ("src", "tests", "tools", "bench"):
        for cache in (ROOT / folder).rglob("__pycache__"):
            shutil.rmtree(cache, ignore_errors=True)
    return 0


TARGETS: Mapping[str, Callable[[], int]] = {
    target.__name__: target for target in (demo, test, check, long, bench, mutants, shots, lock, clean)
}


# Running ------------------------------------------------------------------------------------------------------------

POSTGRESQL = {"COMMONGROUND_TEST_DATABASE": "postgresql"}
NO_TESTS_COLLECTED = 5


def run(*command: str | Path, environ: Mapping[str, str] | None = None) -> int:
    """Run a command from the root of the project and give its exit code."""
    return subprocess.call([str(part) for part in command], cwd=ROOT, env=os.environ | (environ or {}))


def pytest(marks: str, *options: str, environ: Mapping[str, str], may_be_none: bool = False) -> int:
    """Run the tests that carry these marks. That there are none is a failure, unless that may be."""
    print(f"--- tests: {marks} ({environ.get('COMMONGROUND_TEST_DATABASE', 'sqlite')})", flush=True)
    code = run(PYTHON, "-m", "pytest", "-q", "-m", marks, *options, environ=environ)
    return 0 if may_be_none and code == NO_TESTS_COLLECTED else code


def worst(*codes: int) -> int:
    """Give 0 when every code is 0, or the first that is not."""
    return next((code for code in codes if code != 0), 0)


# Setting up ---------------------------------------------------------------------------------------------------------


def set_up(requirements: str) -> None:
    """Make .venv hold what the file names, and this package in place. Nothing happens when it already does."""
    with one_at_a_time():
        wanted = fingerprint(requirements)
        if stamp(requirements).is_file() and stamp(requirements).read_text() == wanted:
            return
        make_venv()
        install(requirements)
        for satisfied in {requirements, RUN}:  # the one for development holds the other
            stamp(satisfied).write_text(fingerprint(satisfied))


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Wait while another `make` is setting up the same folder."""
    with Path(__file__).open() as lock_file:
        fcntl.flock(lock_file, fcntl.LOCK_EX)
        yield


def stamp(requirements: str) -> Path:
    """Give the file that says which requirements were last installed."""
    return VENV / f".installed-{requirements}"


def fingerprint(requirements: str) -> str:
    """Give a digest of everything the installation depends on, its own place included: .venv can't be moved."""
    content = [(ROOT / name).read_bytes() for name in (requirements, "tools/uv.txt", "pyproject.toml")]
    return hashlib.sha256(b"\0".join([*content, str(ROOT).encode(), sys.version.encode()])).hexdigest()


def make_venv() -> None:
    """Make .venv with pip in it."""
    if (BIN / "pip").exists():
        return
    print("Setting up .venv", flush=True)
    if run(sys.executable, "-m", "venv", "--clear", VENV) != 0:
        apt_install("python3-venv", "Python's venv and pip")
        if run(sys.executable, "-m", "venv", "--clear", VENV) != 0:
            raise Missing("Python can't make a virtual environment here; see the message above.")


def install(requirements: str) -> None:
    """Install what the file names, with uv where it can be had (seconds) and with pip where not (minutes)."""
    pip = (PYTHON, "-m", "pip", "--disable-pip-version-check", "-q", "install")
    uv = (BIN / "uv", "pip", "install", "-q", "--python", PYTHON)
    hashed = ("--require-hashes", "-r", requirements)
    in_place = ("--no-deps", "--no-build-isolation", "-e", ".")

    print(f"Installing {requirements}", flush=True)
    if run(*pip, "--require-hashes", "-r", "tools/uv.txt") == 0:
        quiet_uv = {"UV_PYTHON_DOWNLOADS": "never"}
        if run(*uv, *hashed, environ=quiet_uv) == 0 and run(*uv, *in_place, environ=quiet_uv) == 0:
            return
    print("uv could not do it; trying pip, which is slower", flush=True)
    if run(*pip, *hashed) != 0 or run(*pip, *in_place) != 0:
        raise Missing(f"{requirements} could not be installed; is a package index reachable? See the message above.")


def compile_requirements(source: str, target: str, *more: str) -> int:
    """Turn loose requirements into exact ones. No header and no index: both would write this machine into the file."""
    options = "-q --universal --generate-hashes --no-emit-index-url --no-header --upgrade --python-version 3.11".split()
    return run(BIN / "uv", "pip", "compile", *options, *more, source, "-o", target)


def chromium() -> str:
    """Give the path of a Chromium for the browser tests, installing Debian's where this user may."""
    if found := find_chromium():
        return found
    apt_install("chromium", "Chromium, for the browser tests")
    if found := find_chromium():
        return found
    raise Missing("Chromium was installed but is not on the PATH.")


def find_chromium() -> str | None:
    """Give the path of a Chromium on this machine, if there is one."""
    names = (os.environ.get(CHROMIUM), "chromium", "chromium-browser", "google-chrome")
    return next((path for name in names if name and (path := shutil.which(name))), None)


def apt_install(package: str, what: str) -> None:
    """Install a Debian package when this user may, or raise Missing, naming it."""
    apt = shutil.which("apt-get")
    if apt and os.geteuid() == 0:
        quiet = {"DEBIAN_FRONTEND": "noninteractive"}
        print(f"Installing {what} ({package})", flush=True)
        run(apt, "-qq", "update", environ=quiet)
        if run(apt, "-qq", "-y", "--no-install-recommends", "install", package, environ=quiet) == 0:
            return
    raise Missing(f"Missing: {what}. Install it as root: apt-get install {package}")


def main(arguments: Sequence[str]) -> int:
    """Run the one target named, or list them."""
    if len(arguments) != 1 or arguments[0] not in TARGETS:
        for name, target in TARGETS.items():
            print(f"make {name:8} {(target.__doc__ or '').splitlines()[0]}")
        return 2
    if sys.version_info < (3, 11):  # noqa: UP036  # nothing has checked this before us
        print("Python 3.11 or newer is needed.", file=sys.stderr)
        return 1
    try:
        return TARGETS[arguments[0]]()
    except Missing as missing:
        print(missing, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
