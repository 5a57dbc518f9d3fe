"""Signed copies of files of works: what is said of them, gathered from the rows, and the sources' files at hand."""

from __future__ import annotations

import datetime as dt
import shutil
import uuid
from dataclasses import replace
from pathlib import Path
from typing import Final

from botocore.exceptions import ClientError
from django.conf import settings
from django.core.files.storage import default_storage

from contributions.credentials import keys, signing
from contributions.credentials.manifest import Source, manifest_of, sources_of
from contributions.models import Contribution, Rendition, Version

COPY_PIECE: Final = 1024 * 1024
MISSING: Final = {"NoSuchKey", "404"}


def folder_of_keys() -> Path:
    """Where the certificates are."""
    return Path(settings.CREDENTIALS_DIR)


def signed_copy(path: Path, *, mime: str, contribution: Contribution, version: Version | None = None) -> Path:
    """A signed copy of a file of a published work, beside it; the caller's to delete, like the file.

    `path` is a private copy in a private folder, as from an original on its way out; it is not changed.
    Its content may be anybody's: it is opened in the sandbox alone. `version` is the one that the file
    belongs to, where it is not the present one. Raises SigningFailed, also for a type that cannot carry
    credentials (ask `can_sign`), and KeysMissing.
    """
    chosen = version or contribution.current_version
    if not signing.can_sign(mime) or chosen is None:
        raise signing.SigningFailed(f"{mime} cannot be signed")
    chain = keys.load(folder_of_keys())
    folder = path.parent / f"signed-{uuid.uuid4().hex[:8]}"
    folder.mkdir(mode=0o700)
    try:
        wish = Describing(contribution, chosen, folder).wish(path, mime)
        (signed,) = signing.sign([wish], chain=chain, folder=folder)
        return signed.path.rename(path.with_name(f"signed-{signed.path.name}"))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class Describing:
    """What the files of one version say; its sources' files are fetched once for all of them."""

    def __init__(self, work: Contribution, version: Version, folder: Path) -> None:
        self.work, self.version = work, version
        self.sources: list[Source] = []
        self.ingredients: list[signing.Ingredient] = []
        for source in sources_of(work, signable=signing.SUFFIXES):
            path = _at_hand(source.rendition, folder)
            if path is None or source.rendition is None:
                self.sources.append(replace(source, rendition=None))
            else:
                self.sources.append(source)
                self.ingredients.append(signing.Ingredient(path, source.rendition.mime, source.told))

    def wish(self, path: Path, mime: str, *, prepared_at: dt.datetime | None = None) -> signing.Wish:
        """One file to sign; `prepared_at` when the site has made it of the original."""
        told = manifest_of(self.work, self.version, self.sources, mime=signing.plain(mime), prepared_at=prepared_at)
        return signing.Wish(path, mime, told, self.ingredients)


def _at_hand(rendition: Rendition | None, folder: Path) -> Path | None:
    """A source's signed file; None where there is none, or where it went the moment we asked."""
    if rendition is None:
        return None
    try:
        return fetched(rendition, folder)
    except FileNotFoundError:
        return None


def fetched(rendition: Rendition, folder: Path) -> Path:
    """A private copy of a rendition. Raises FileNotFoundError."""
    return copied(rendition.key, folder / f"{rendition.pk}{Path(rendition.name).suffix}")


def copied(key: str, target: Path) -> Path:
    """A private copy of a stored file. Raises FileNotFoundError."""
    try:
        with default_storage.open(key) as stored, target.open("wb") as copy:
            shutil.copyfileobj(stored, copy, COPY_PIECE)
    except ClientError as error:
        if error.response["Error"]["Code"] in MISSING:
            raise FileNotFoundError(key) from error
        raise
    return target
