"""Writes THIRD-PARTY-NOTICES.md: what the service is built from, by whom it may be used how. Run by `make lock`.

Read from what the installed packages say of themselves; the licence texts come with the packages.
"""

import re
from importlib.metadata import distribution, metadata
from pathlib import Path

ROOT = Path(__file__).parents[1]

# Committed with the pages and changed there, see the notices beside them.
VENDORED = """
Committed in `src/commonground/web/static/vendor/`, with their licence texts and checksums beside them:

| what | licence | whose |
| --- | --- | --- |
| GOV.UK Frontend, without its typeface, crown and crest | MIT | Government Digital Service |
| MOJ Frontend, some components' styles only | MIT | Ministry of Justice |
"""


def main() -> None:
    """Write the file anew."""
    run, dev = (names(f"{name}.txt") for name in ("requirements", "requirements-dev"))
    parts = [
        "# What Commonground is built from",
        "Commonground itself is under the MIT licence (`LICENSE`). Written by `make lock` from what each package says",
        "of itself; nothing below is part of this repository except what the second heading names.",
        "\n## Installed with the service\n",
        table(run),
        "\n## Copied into the service",
        VENDORED,
        "## Installed for testing and checking only\n",
        table([name for name in dev if name not in run]),
    ]
    (ROOT / "THIRD-PARTY-NOTICES.md").write_text("\n".join(parts) + "\n")


def names(file: str) -> list[str]:
    """Give the packages a requirements file pins that are installed here: some are for other systems only."""
    found = re.findall(r"^([a-z0-9.-]+)==[^\n]*", (ROOT / file).read_text(), re.MULTILINE)
    return sorted(name for name in set(found) if installed(name))


def installed(name: str) -> bool:
    """Say whether a package is installed here."""
    try:
        metadata(name)
    except ModuleNotFoundError:
        return False
    return True


def table(packages: list[str]) -> str:
    """Give one row for each package."""
    rows = ["| what | version | licence |", "| --- | --- | --- |"]
    rows += [f"| {name} | {metadata(name)['Version']} | {licence(name)} |" for name in packages]
    return "\n".join(rows)


def licence(name: str) -> str:
    """Give the licence in a few words: packages say it in four ways, some as a whole text."""
    package = distribution(name)
    about = package.metadata.json
    if expression := about.get("license_expression"):
        return str(expression)
    said = str(about.get("license", "")).strip()
    if said and "\n" not in said and len(said) < 60:
        return said
    if classified := [line.rsplit(" :: ", 1)[1] for line in about.get("classifier", []) if line.startswith("License")]:
        return ", ".join(classified)
    texts = [file.read_text() for file in package.files or [] if "licen" in file.name.lower()]
    return texts[0].strip().splitlines()[0].strip() if texts else "not said"


if __name__ == "__main__":
    main()
