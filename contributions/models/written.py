"""The prepared HTML of a written version, read from storage and kept in the cache by its content."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import nh3
from django.core.cache import cache
from django.core.files.storage import default_storage
from django.utils.safestring import SafeString, mark_safe

if TYPE_CHECKING:
    from contributions.models.upload import Rendition, Version

KEPT_SECONDS: Final = 3600
HTML_MIME: Final = "text/html"


def html_of(version: Version | None) -> Rendition | None:
    """The prepared page of a written version, if there is one."""
    return version.renditions.filter(mime=HTML_MIME).order_by("pk").first() if version else None


def body_html(version: Version | None) -> SafeString:
    """Safe to print: it is cleaned once more here, since nothing that a sandbox said is trusted."""
    rendition = html_of(version)
    if rendition is None:
        return SafeString("")
    name = f"body-html-{rendition.pk}-{rendition.sha256[:16]}"
    cleaned = cache.get(name)
    if cleaned is None:
        with default_storage.open(rendition.key) as file:
            cleaned = nh3.clean(file.read().decode())
        cache.set(name, cleaned, KEPT_SECONDS)
    return mark_safe(str(cleaned))  # noqa: S308  # cleaned by nh3 above
