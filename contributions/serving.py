"""Bytes to browsers: same-origin, by way of the access check, with Range, from any storage.

Nothing here may be cached for longer than a minute, so that a takedown is a takedown. What is served
can run nothing: no sniffing, and a policy that sandboxes even a document.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

from botocore.exceptions import ClientError
from django.conf import settings
from django.core.files.storage import FileSystemStorage, default_storage
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse

PIECE: Final = 256 * 1024
RANGE: Final = re.compile(r"bytes=(\d*)-(\d*)")
MISSING: Final = {"NoSuchKey", "404"}


class FileGoneError(Exception):
    """The row is there and its file is not."""


@dataclass(frozen=True)
class Stored:
    """A stored file as it is served."""

    key: str
    mime: str
    size: int
    sha256: str
    download_as: str = ""
    # Its artist keeps the right to text and data mining, and every answer says so (TDMRep).
    reserved: bool = False


@dataclass(frozen=True)
class Span:
    """A part of a file: `length` bytes from `start`."""

    start: int
    length: int


def parse_range(header: str, size: int) -> Span | None:
    """The one range asked for; None to send everything. Raises ValueError for one beyond the file.

    Several ranges, or other units, are answered with the whole file, as HTTP allows.
    """
    found = RANGE.fullmatch(header.strip())
    if found is None or not (found[1] or found[2]):
        return None
    if not found[1]:
        length = min(int(found[2]), size)
        if length == 0:
            raise ValueError(header)
        return Span(size - length, length)
    start, end = int(found[1]), int(found[2] or size - 1)
    if start >= size or end < start:
        raise ValueError(header)
    return Span(start, min(end, size - 1) - start + 1)


def serve(request: HttpRequest, stored: Stored) -> HttpResponseBase:
    """Answer GET and HEAD for a file that the viewer may have."""
    etag = f'"{stored.sha256[:32]}"' if stored.sha256 else ""
    if etag and etag in request.headers.get("If-None-Match", ""):
        return _finished(HttpResponse(status=304), stored, etag)
    try:
        span = _asked_span(request, stored, etag)
    except ValueError:
        refused = HttpResponse(status=416)
        refused["Content-Range"] = f"bytes */{stored.size}"
        return _finished(refused, stored, etag)
    if settings.ACCEL_PREFIX and isinstance(default_storage, FileSystemStorage):
        response: HttpResponseBase = HttpResponse()
        response["X-Accel-Redirect"] = settings.ACCEL_PREFIX.rstrip("/") + "/" + quote(stored.key)
        del response["Content-Type"]
        return _finished(response, stored, etag)
    part = span or Span(0, stored.size)
    response = HttpResponse() if request.method == "HEAD" else StreamingHttpResponse(read(stored.key, part))
    response["Content-Length"] = str(part.length)
    response["Accept-Ranges"] = "bytes"
    if span is not None:
        response.status_code = 206
        response["Content-Range"] = f"bytes {span.start}-{span.start + span.length - 1}/{stored.size}"
    return _finished(response, stored, etag)


def serve_text(request: HttpRequest, text: str, *, mime: str, sha256: str, reserved: bool = False) -> HttpResponseBase:
    """A small text out of a row, with the headers of a file. Parts of it are not offered."""
    body = text.encode()
    etag = f'"{sha256[:32]}"'
    stored = Stored("", f"{mime}; charset=utf-8", len(body), sha256, reserved=reserved)
    if etag in request.headers.get("If-None-Match", ""):
        return _finished(HttpResponse(status=304), stored, etag)
    return _finished(HttpResponse(body), stored, etag)


def _asked_span(request: HttpRequest, stored: Stored, etag: str) -> Span | None:
    """A range is honoured only for the very file that the browser has a part of."""
    condition = request.headers.get("If-Range", "")
    if condition and condition != etag:
        return None
    return parse_range(request.headers.get("Range", ""), stored.size)


def _finished(response: HttpResponseBase, stored: Stored, etag: str) -> HttpResponseBase:
    response["Content-Type"] = stored.mime
    response["Cache-Control"] = "private, max-age=60"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    if stored.reserved:
        response["TDM-Reservation"] = "1"
    if etag:
        response["ETag"] = etag
    if stored.download_as:
        response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(stored.download_as)}"
    return response


def read(key: str, span: Span) -> Iterator[bytes]:
    """The bytes of a part, in pieces. Opens at once, so that a missing file raises FileGoneError here."""
    if isinstance(default_storage, FileSystemStorage):
        return _read_file(_open(key), span)
    return _read_object(default_storage, key, span)


def _open(key: str) -> Any:
    try:
        return default_storage.open(key)
    except FileNotFoundError as error:
        raise FileGoneError(key) from error


def _read_file(file: Any, span: Span) -> Iterator[bytes]:
    with file:
        file.seek(span.start)
        rest = span.length
        while rest > 0 and (piece := file.read(min(PIECE, rest))):
            rest -= len(piece)
            yield piece


def _read_object(storage: Any, key: str, span: Span) -> Iterator[bytes]:
    """S3 is asked for the part itself: django-storages would fetch the whole object first."""
    if span.length == 0:
        return iter(())
    name = f"{storage.location}/{key}".lstrip("/")
    wanted = f"bytes={span.start}-{span.start + span.length - 1}"
    try:
        found = storage.connection.meta.client.get_object(Bucket=storage.bucket_name, Key=name, Range=wanted)
    except ClientError as error:
        if error.response["Error"]["Code"] in MISSING:
            raise FileGoneError(key) from error
        raise
    pieces: Iterator[bytes] = found["Body"].iter_chunks(PIECE)
    return pieces
