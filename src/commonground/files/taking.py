"""Takes files from beside their form when their act is written: in its transaction, so that each goes with one act."""

from __future__ import annotations

from collections.abc import Sequence

from commonground.files.models import WaitingRow


class Gone(Exception):
    """A file that was to go with an act is not there any more: it was taken away, or sent, in another window."""


def taken(keys: Sequence[bytes]) -> None:
    """This will take the files with these keys. Gone where one is not waiting; leave the transaction then."""
    if not keys:
        return
    count, _ = WaitingRow.objects.filter(key__in=keys, whole=True).delete()
    if count != len(keys):
        raise Gone
