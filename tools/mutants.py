"""Changes the rules one by one and sees that a test notices each. `make mutants MODULE=chain` does one module.

About one change a second on a quiet machine: hours for all of the core, so this runs before a release, not on every
change. It works in a copy under var/, so that nothing it changes can be mistaken for the code.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
CORE = ROOT / "src" / "commonground" / "core"
COPY = ROOT / "var" / "mutants"

# Some changes change nothing anybody could see. Fewer noticed than this, and the tests have a hole.
SHARE_NOTICED = 0.95


def main() -> int:
    """Try each module that has tests of its own; exit 1 when too many changes went unnoticed in one."""
    only = os.environ.get("MODULE")
    if only and not tests_of(only):
        print(f"No tests/core/test_{only}*.py, so nothing to try {only} against.", file=sys.stderr)
        return 1
    modules = [only] if only else [path.stem for path in sorted(CORE.glob("*.py")) if tests_of(path.stem)]
    shares = [share_noticed(module) for module in modules]
    return 0 if shares and min(shares) >= SHARE_NOTICED else 1


def tests_of(module: str) -> list[str]:
    """Give the test files of one module of the core, found by name."""
    return [str(path.relative_to(ROOT)) for path in sorted((ROOT / "tests" / "core").glob(f"test_{module}*.py"))]


def share_noticed(module: str) -> float:
    """Change one module in every way mutmut knows; print what went unnoticed and give the share that did not."""
    shutil.rmtree(COPY, ignore_errors=True)
    COPY.mkdir(parents=True)
    for name in ("src", "tests", "tools"):
        shutil.copytree(ROOT / name, COPY / name, ignore=shutil.ignore_patterns("__pycache__"))
    settings = {
        "source_paths": [f"src/commonground/core/{module}.py"],
        "pytest_add_cli_args_test_selection": tests_of(module),
        "also_copy": ["src", "tests", "tools"],
    }
    table = "\n".join(["", "[tool.mutmut]", *(f"{key} = {json.dumps(value)}" for key, value in settings.items()), ""])
    (COPY / "pyproject.toml").write_text((ROOT / "pyproject.toml").read_text() + table)

    mutmut = Path(sys.executable).with_name("mutmut")
    with (COPY / "output.txt").open("w") as output:
        subprocess.run([mutmut, "run", "--max-children", "2"], cwd=COPY, stdout=output, stderr=output, check=True)
    subprocess.run([mutmut, "export-cicd-stats"], cwd=COPY, stdout=subprocess.DEVNULL, check=True)
    figures = json.loads((COPY / "mutants" / "mutmut-cicd-stats.json").read_text())
    noticed = figures["killed"] + figures["timeout"]  # a rule that never ends is noticed by whoever waits for it
    print(f"{module}: {noticed} of {figures['total']} changes noticed", flush=True)
    subprocess.run([mutmut, "results"], cwd=COPY, check=True)
    return float(noticed / figures["total"]) if figures["total"] else 1.0


if __name__ == "__main__":
    sys.exit(main())
