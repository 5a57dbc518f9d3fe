"""Which stored file stands behind an address, and under which name it is saved.

The only place that decides which bytes of a work leave the house: what is to be added to a file on
its way out (credentials, say) is added here.
"""

from __future__ import annotations

from contributions.models import Contribution, Rendition, SourceFile, Version
from contributions.serving import Stored

OPAQUE = "application/octet-stream"


def rendition_file(contribution: Contribution, rendition: Rendition, *, download: bool) -> Stored:
    """A prepared file, shown by the page or saved."""
    name = f"{contribution.pk}-{rendition.name.replace('/', '-')}" if download else ""
    return Stored(
        rendition.key, rendition.mime, rendition.bytes, rendition.sha256, name, reserved=contribution.reserves_mining
    )


def original_file(version: Version) -> Stored:
    """An uploaded original; it never goes to anybody but its artist and staff, and never inline."""
    name = version.file_name or f"{version.contribution_id}-{version.number}"
    return Stored(version.key, OPAQUE, version.bytes, version.sha256, name, reserved=True)


def source_file(contribution: Contribution, row: SourceFile) -> Stored:
    """The clean copy of a source file, never inline. What the artist's computer called it stays private."""
    name = f"{contribution.pk}-source-{row.pk}.{row.clean_suffix}"
    return Stored(
        row.clean_key, row.clean_mime, row.clean_bytes, row.clean_sha256, name, reserved=contribution.reserves_mining
    )


def source_original(row: SourceFile) -> Stored:
    """A source file as it came, for its artist alone."""
    return Stored(row.key, OPAQUE, row.bytes, row.sha256, row.file_name or f"source-{row.pk}", reserved=True)
