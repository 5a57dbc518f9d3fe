"""Stored files of works: originals and renditions, by their keys."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from django.core.files.storage import FileSystemStorage, default_storage

from contributions.models import Contribution, Rendition, SourceFile

RENDITIONS = "renditions"
GIVEN = "source-files"


def folder_of(version_pk: int) -> str:
    """The storage folder of everything made from a version."""
    return f"{RENDITIONS}/{version_pk}"


def folder_of_given(source_file_pk: int) -> str:
    """The storage folder of the copies made from a source file."""
    return f"{GIVEN}/{source_file_pk}"


def keys_of(contribution: Contribution) -> list[str]:
    """The keys of every stored file of a work."""
    originals = contribution.versions.exclude(key="").values_list("key", flat=True)
    renditions = Rendition.objects.filter(version__contribution=contribution).values_list("key", flat=True)
    given = [key for row in contribution.source_files.all() for key in keys_of_source_file(row)]
    return [*originals, *renditions, *given]


def keys_of_source_file(row: SourceFile) -> list[str]:
    """The file as it came, and every copy of it, those included that a killed worker has left behind."""
    return [row.key, *stored_below(folder_of_given(row.pk))]


def sweep_source_file(row: SourceFile, *, keep: str = "") -> None:
    """Delete every copy of a source file but one."""
    for key in list(stored_below(folder_of_given(row.pk))):
        if key != keep:
            default_storage.delete(key)


def delete(keys: Iterable[str]) -> None:
    """Remove files; those that are gone already are no error."""
    for key in keys:
        default_storage.delete(key)


def link(key: str, target: Path) -> bool:
    """Give a stored file a second name; False where the storage is no folder on the same disk.

    Only for one who reads: both names are the same bytes. Raises FileNotFoundError when it is gone.
    """
    if not isinstance(default_storage, FileSystemStorage):
        return False
    try:
        os.link(default_storage.path(key), target)
    except FileNotFoundError:
        raise
    except OSError:
        # Another disk, or a system that guards other people's files against links.
        return False
    return True


def stored_below(folder: str) -> Iterator[str]:
    """Every key that the storage itself has below a folder, whatever the database says."""
    try:
        folders, names = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    for name in names:
        yield f"{folder}/{name}"
    for inner in folders:
        if inner:
            yield from stored_below(f"{folder}/{inner}")
