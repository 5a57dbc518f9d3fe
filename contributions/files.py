"""Stored files of works: originals and renditions, by their keys."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.core.files.storage import default_storage

from contributions.models import Contribution, Rendition

RENDITIONS = "renditions"


def folder_of(version_pk: int) -> str:
    """The storage folder of everything made from a version."""
    return f"{RENDITIONS}/{version_pk}"


def keys_of(contribution: Contribution) -> list[str]:
    """The keys of every stored file of a work."""
    originals = contribution.versions.exclude(key="").values_list("key", flat=True)
    renditions = Rendition.objects.filter(version__contribution=contribution).values_list("key", flat=True)
    return [*originals, *renditions]


def delete(keys: Iterable[str]) -> None:
    """Remove files; those that are gone already are no error."""
    for key in keys:
        default_storage.delete(key)


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
