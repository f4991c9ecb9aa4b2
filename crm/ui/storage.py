import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

ENTRY = "css/app.css"
IMPORT = re.compile(r'^@import url\("(?P<name>[^"]+)"\);\n', re.MULTILINE)


class StaticStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # whitenoise is untyped
    """Hashed and compressed static files, the stylesheet in one piece, so that a first visit waits for one request, not thirty.

    Stylesheets below css/components and css/screens hold no url(): their text moves into css/app.css as it is. Imports between
    scripts follow to the hashed names in our own js/ only; libraries import what they like.
    """

    support_js_module_import_aggregation = True
    _js_module_import_aggregation_patterns = ("js/*.js", CompressedManifestStaticFilesStorage._js_module_import_aggregation_patterns[1])

    def post_process(self, paths: dict[str, Any], *args: Any, **options: Any) -> Iterator[Any]:
        if ENTRY in paths and not options.get("dry_run"):
            whole = joined(paths, ENTRY)
            self.delete(ENTRY)
            self.save(ENTRY, ContentFile(whole.encode()))
            paths = {**paths, ENTRY: (self, ENTRY)}
        yield from super().post_process(paths, *args, **options)


def joined(paths: dict[str, Any], name: str) -> str:
    """The stylesheet with its imports in their place."""
    storage, path = paths[name]
    with storage.open(path) as file:
        text: str = file.read().decode()
    folder = PurePosixPath(name).parent
    return IMPORT.sub(lambda match: joined(paths, str(folder / match["name"])), text)
