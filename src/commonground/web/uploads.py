"""Takes uploaded files in: to the disk and not into memory, and no more of one than can be sent."""

from __future__ import annotations

from typing import Any, Final, NoReturn

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest

from commonground.files import keeping
from commonground.files.names import safe_name
from commonground.usecases.attaching import Because, Turned

PATIENCE: Final = 10
"""How many times the limit is read to its end and thrown away, so that its sender gets a page that says why."""


class Limited(FileUploadHandler):
    """Takes every file of every form. Past the limit the form comes without the file, and `turned_away` says so.

    Django's own handlers have no limit, and keep what they take where every program of the machine does.
    """

    file: Any = None

    def new_file(self, *args: Any, **options: Any) -> None:
        """Begin a file, in a folder that nobody else on the machine can read."""
        super().new_file(*args, **options)
        self.taken = 0
        self.file = keeping.on_its_way()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Take a piece, unless that is too much."""
        self.taken += len(raw_data)
        if self.taken > settings.FILE_LIMIT:
            self._turn_away(Because.TOO_LARGE)
        try:
            self.file.write(raw_data)
        except OSError:
            self._turn_away(Because.NO_ROOM)

    def _turn_away(self, because: Because) -> NoReturn:
        self.upload_interrupted()
        self.request.upload_turned_away = self.file_name, because  # type: ignore[union-attr]  # ours, and read below
        raise StopUpload(connection_reset=int(self.content_length or 0) > PATIENCE * settings.FILE_LIMIT)

    def file_complete(self, file_size: int) -> UploadedFile[Any]:
        """Hand the whole file over."""
        self.file.seek(0)
        return UploadedFile(
            self.file, self.file_name, self.content_type, file_size, self.charset, self.content_type_extra
        )

    def upload_interrupted(self) -> None:
        """Leave nothing of a file that did not come whole."""
        if self.file is not None:
            self.file.close()


def turned_away(request: HttpRequest) -> Turned | None:
    """This will say which file of a form was not taken in at all, and why; None where none was."""
    name, because = getattr(request, "upload_turned_away", (None, None))
    return None if because is None else Turned(safe_name(str(name or "")), because)
