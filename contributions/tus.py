"""tus 1.0.0: core, creation, creation-with-upload, expiration, checksum, termination.

Here the protocol meets the upload's row; views turn what comes out into HTTP. A PATCH holds its row,
one chunk a transaction: bytes first, made safe, then the offset. A process killed at any moment
leaves an offset that the bytes have reached. Sizes are bytes.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, Protocol
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError, transaction
from django.http import UnreadablePostError
from django.utils.translation import gettext as _

from contributions import actions
from contributions.actions.uploads import expiry
from contributions.models import Upload, Version
from contributions.upload_store import Store, upload_store
from profiles.models import Artist

VERSION: Final = "1.0.0"
EXTENSIONS: Final = "creation,creation-with-upload,expiration,checksum,termination"
CONTENT_TYPE: Final = "application/offset+octet-stream"
ALGORITHMS: Final = ("sha1", "sha256", "md5")
PIECE: Final = 256 * 1024
# What PostgreSQL answers when somebody else holds the row.
LOCK_NOT_AVAILABLE: Final = "55P03"
MOST_METADATA: Final = 20


class TusError(Exception):
    """A refusal of the protocol: an HTTP status and one sentence for a person."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class Readable(Protocol):
    """The body of a request."""

    def read(self, size: int, /) -> bytes: ...


@dataclass
class Checksum:
    """The Upload-Checksum of one PATCH, fed as its bytes go by."""

    algorithm: str
    expected: bytes
    digest: Any

    @classmethod
    def parse(cls, header: str) -> Checksum | None:
        """From "sha1 Kq5s…="; None without a header. Raises TusError for one that makes no sense."""
        if not header:
            return None
        algorithm, _space, encoded = header.partition(" ")
        if algorithm not in ALGORITHMS:
            raise TusError(400, _("This kind of checksum is not known here."))
        try:
            expected = base64.b64decode(encoded, validate=True)
        except (binascii.Error, ValueError) as error:
            raise TusError(400, _("The checksum cannot be read.")) from error
        return cls(algorithm, expected, hashlib.new(algorithm, usedforsecurity=False))

    def verify(self) -> None:
        if self.digest.digest() != self.expected:
            raise TusError(460, _("The bytes were changed on their way. They will be sent again."))


def parse_metadata(header: str) -> dict[str, str]:
    """Upload-Metadata: pairs of a key and a base64 value, or a key alone."""
    if not header.isascii():
        raise TusError(400, _("The file's description cannot be read."))
    found: dict[str, str] = {}
    for pair in header.split(",")[:MOST_METADATA]:
        key, _space, encoded = pair.strip().partition(" ")
        if not key or not key.isascii():
            continue
        try:
            found[key[:40]] = base64.b64decode(encoded, validate=True).decode()[:300]
        except (binascii.Error, ValueError) as error:
            raise TusError(400, _("The file's description cannot be read.")) from error
    return found


def parse_number(text: str, header: str) -> int:
    """A header's whole number."""
    if not text.isascii() or not text.isdigit():
        raise TusError(400, _("%(header)s must be a whole number.") % {"header": header})
    return int(text)


def must_be_alive(upload: Upload) -> None:
    """Raises TusError 410 for what was given up."""
    if upload.status in {Upload.Status.EXPIRED, Upload.Status.TERMINATED}:
        raise TusError(410, _("This upload was given up. Choose the file again."))


def must_be_under_way(upload: Upload) -> None:
    """Raises TusError: 410 for what was given up, 403 for a file that has arrived and is a version now."""
    must_be_alive(upload)
    if upload.status == Upload.Status.FINISHED:
        raise TusError(403, _("This file has arrived. Discard the draft to be rid of it."))


def state_of(artist: Artist, upload: Upload) -> Upload:
    """The upload as it surely is: for HEAD. Finishes one whose last answer got lost."""
    must_be_alive(upload)
    if upload.status == Upload.Status.FINISHED:
        return upload
    upload = actions.recount_upload(upload=upload)
    if upload.offset == upload.length:
        actions.receive_upload(actor=artist, upload=upload)
    return upload


def receive(
    artist: Artist,
    upload_id: UUID,
    *,
    offset: int,
    body: Readable,
    length: int,
    checksum: Checksum | None = None,
) -> Upload:
    """Take the bytes of one PATCH. Returns the upload at its new offset; at its end the version is recorded."""
    if checksum is not None and length > settings.UPLOAD_CHUNK_BYTES:
        # Nothing of a chunk with a checksum is kept before all of it is verified.
        raise TusError(413, _("With a checksum, send smaller chunks."))
    rest = length
    while True:
        upload, count = _append_chunk(artist, upload_id, offset, body, rest, checksum)
        offset, rest = offset + count, rest - count
        if rest <= 0 or count < min(rest + count, settings.UPLOAD_CHUNK_BYTES):
            break
    if upload.offset == upload.length and upload.status == Upload.Status.OPEN:
        actions.receive_upload(actor=artist, upload=upload)
    return upload


def _append_chunk(
    artist: Artist,
    upload_id: UUID,
    offset: int,
    body: Readable,
    rest: int,
    checksum: Checksum | None,
) -> tuple[Upload, int]:
    store = upload_store()
    with transaction.atomic():
        upload = _hold(artist, upload_id)
        must_be_alive(upload)
        _must_fit(upload, store, offset, rest)
        if upload.status == Upload.Status.FINISHED or rest == 0:
            return upload, 0
        pieces = _read(body, min(rest, settings.UPLOAD_CHUNK_BYTES), checksum)
        count = store.append(upload, pieces, checksum.verify if checksum else None)
        upload.offset, upload.expires_at = offset + count, expiry()
        upload.save(update_fields=["offset", "expires_at", "multipart"])
        # What is left lying about now goes with the next tidying, at the latest with the finish.
        transaction.on_commit(lambda: store.tidy(upload), robust=True)
    return upload, count


def _hold(artist: Artist, upload_id: UUID) -> Upload:
    """The row, held; a second PATCH at the same time is told to come back (423)."""
    rows = Upload.objects.select_for_update(nowait=True).filter(pk=upload_id, artist=artist)
    try:
        upload = rows.first()
    except DatabaseError as error:
        if getattr(error.__cause__, "pgcode", "") == LOCK_NOT_AVAILABLE:
            raise TusError(423, _("Another connection is sending this file.")) from error
        raise
    if upload is None:
        raise TusError(404, _("There is no such upload."))
    return upload


def _must_fit(upload: Upload, store: Store, offset: int, rest: int) -> None:
    if upload.status == Upload.Status.OPEN:
        stored = store.size(upload)
        if stored < upload.offset:
            raise TusError(409, _("Some bytes were lost. Ask for the offset again."))
    if offset != upload.offset:
        raise TusError(409, _("The upload stands at another place. Ask for the offset again."))
    if offset + rest > upload.length:
        raise TusError(413, _("These are more bytes than were announced."))


def _read(body: Readable, most: int, checksum: Checksum | None) -> Iterator[bytes]:
    """The body in pieces. A lost connection just ends it: what has come is kept."""
    while most > 0:
        try:
            piece = body.read(min(PIECE, most))
        except (UnreadablePostError, OSError):
            return
        if not piece:
            return
        most -= len(piece)
        if checksum:
            checksum.digest.update(piece)
        yield piece


def version_of(upload: Upload) -> Version | None:
    """The version that a finished upload became."""
    return Version.objects.filter(upload=upload).select_related("contribution").first()
