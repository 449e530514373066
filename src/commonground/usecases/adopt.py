"""A partnership adopts a procedure from a date: checked first, then kept word for word under its digest.

Disagreements that are open stay under the text they began under. Whoever raises one from then on does so under the text
adopted last.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path

from django.db import transaction

from commonground.core.procedure import Key, nodes
from commonground.language.checking import check
from commonground.language.library import shipped
from commonground.language.reader import Read, read_with_digest
from commonground.language.register import PROCEDURES, Clause, clauses_for
from commonground.people.models import Adoption, Partnership, ProcedureText


class NotAdoptable(ValueError):
    """The procedure was not adopted. The message says why, to the person who asked."""


@dataclass
class _Files:
    """The text of a procedure and of those it extends, and every clause that they may cite."""

    path: Path
    layers: dict[Key, str] = field(default_factory=dict)
    clauses: dict[Clause, None] = field(default_factory=dict)

    def read(self) -> Read:
        self.clauses |= dict.fromkeys(clauses_for(self.path))
        return read_with_digest(self.path, find=self._find)

    def _find(self, key: Key) -> Path | None:
        for folder in (self.path.parent, PROCEDURES):
            file = folder / f"{key}.yaml"
            if file.exists():
                self.layers[key] = _text_of(file)
                self.clauses |= dict.fromkeys(clauses_for(file))
                return file
        return None


def adopt(partnership: Key, source: Key | Path, adopted_on: date) -> Read:
    """This will make a partnership run a procedure from a day on: a shipped one, by its key, or one from a file.

    An earlier text of the same procedure ends with that day. Adopting what runs already changes nothing. Raises
    `Mistakes` with every mistake in the file, and NotAdoptable where the partnership or the shipped procedure is not
    there or a proof fails (promise 4).
    """
    if not Partnership.objects.filter(key=partnership).exists():
        raise NotAdoptable(f'there is no partnership "{partnership}"')
    if not isinstance(source, Path) and source not in shipped():
        raise NotAdoptable(f'"{source}" is not shipped; write one of {", ".join(shipped())}, or the path of a file')
    files = _Files(source if isinstance(source, Path) else PROCEDURES / f"{source}.yaml")
    read = files.read()
    # The shipped ones are proved by `make check` and by the tests, before they are shipped.
    if read.digest not in {digest for _, digest in shipped().values()}:
        checked = check(read.procedure, files.clauses)
        if not checked.may_go_live:
            wrong = (*(failure.said for failure in checked.failures), *checked.apart)
            raise NotAdoptable(f"it does not pass its check: {wrong[0]} (`commonground check` says all {len(wrong)})")
    _keep(partnership, read, files, adopted_on)
    return read


@transaction.atomic
def _keep(partnership: Key, read: Read, files: _Files, adopted_on: date) -> None:
    key = read.procedure.key
    cited = {clause for _, node in nodes(read.procedure) for clause in getattr(node, "clauses", ())}
    ProcedureText.objects.get_or_create(
        digest=read.digest,
        defaults={
            "key": key,
            "text": _text_of(files.path),
            "layers": files.layers,
            # Those it cites, the shipped ones too: a later release may word them otherwise or do without.
            "register": [asdict(clause) for clause in files.clauses if clause.id in cited],
        },
    )
    running = Adoption.objects.filter(partnership_id=partnership, procedure__key=key, ended_on__isnull=True)
    if not running.filter(procedure_id=read.digest).exists():
        running.update(ended_on=adopted_on)
        Adoption.objects.create(partnership_id=partnership, procedure_id=read.digest, adopted_on=adopted_on)


def _text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8-sig")
