"""Static files by their hash, the relative imports between our ES modules included."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

from hitrecord import stylesheet


class StaticStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc] # whitenoise ships no types
    """Hashed names may be cached for ever; only `import … from "./x.js";` with its semicolon is found (bin/check)."""

    support_js_module_import_aggregation = True

    def post_process(self, paths: dict[str, Any], dry_run: bool = False, **options: Any) -> Iterator[Any]:
        """Hash and compress, after the style sheet's files have become one."""
        if stylesheet.ENTRY in paths and not dry_run:

            def read(name: str) -> str:
                storage, path = paths[name]
                with storage.open(path) as file:
                    text: str = file.read().decode()
                return text

            text = stylesheet.joined(read)
            self.delete(stylesheet.ENTRY)
            self._save(stylesheet.ENTRY, ContentFile(text.encode()))
            paths = {**paths, stylesheet.ENTRY: (self, stylesheet.ENTRY)}
        yield from super().post_process(paths, dry_run, **options)
