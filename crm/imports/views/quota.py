"""Files that are too large are read past, not kept: they fill neither memory nor disk before somebody says so."""

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest

MARGIN = 1 << 20


class Quota(FileUploadHandler):
    """The first of a request's handlers. `exceeded` after the request was read: a file was larger than IMPORT_MAX_BYTES."""

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)
        self.exceeded = False
        self._size = 0

    def handle_raw_input(self, input_data: Any, META: Any, content_length: int, boundary: Any, encoding: Any = None) -> None:
        self.exceeded = content_length > settings.IMPORT_MAX_BYTES + MARGIN

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self._size = 0
        if self.exceeded:
            raise SkipFile

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self._size += len(raw_data)
        if self._size > settings.IMPORT_MAX_BYTES:
            self.exceeded = True
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None
