"""Where the bytes of an upload under way are kept: appended to one file, or parts of an S3 object.

Both keep one promise: when `append` returns, the bytes are safe against a kill of this process, and
repeating an append from an older offset does no harm. The caller saves the row afterwards, so the
offset in the database is never ahead of the bytes. Nothing is stored before the row that leads to it
is committed, and all is discarded before the row says so: a kill leaves no bytes that nobody knows of.
Sizes are bytes.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from itertools import takewhile
from pathlib import Path
from typing import IO, Any, Final, Protocol

from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.storage import FileSystemStorage, default_storage

from contributions.models import Upload

# S3 takes no part smaller than this, but for the last one.
LEAST_PART: Final = 5 * 1024 * 1024
Verify = Callable[[], None]


class StoreError(Exception):
    """The storage did not keep what it was given."""


# What a storage raises that is away, full or broken: it passes, and the client comes again.
STORE_TROUBLE: Final = (StoreError, BotoCoreError, ClientError, OSError)


class Store(Protocol):
    """What the upload protocol asks of a place for bytes."""

    def append(self, upload: Upload, pieces: Iterable[bytes], verify: Verify | None = None) -> int:
        """Keep the pieces at `upload.offset` and return how many bytes they were.

        `verify` is called once all pieces have come and may raise, to have none of them kept.
        """

    def size(self, upload: Upload) -> int:
        """How many bytes are there, as far as a look that costs nothing can tell."""

    def recount(self, upload: Upload) -> int:
        """How many bytes are surely there: asks the storage, and lets `upload` forget what it has lost."""

    def tidy(self, upload: Upload) -> None:
        """Remove what the saved row no longer points at."""

    def finish(self, upload: Upload) -> None:
        """Make the whole object stand at `upload.key`; again without harm."""

    def discard(self, upload: Upload) -> None:
        """Remove everything of it."""


def upload_store() -> Store:
    """The store that belongs to the configured storage."""
    if isinstance(default_storage, FileSystemStorage):
        return LocalStore(default_storage)
    return S3Store(default_storage)


class LocalStore:
    """One growing file at its final place: each byte is written once."""

    def __init__(self, storage: Any) -> None:
        self.storage = storage

    def _path(self, upload: Upload) -> Path:
        return Path(self.storage.path(upload.key))

    def _open(self, upload: Upload) -> IO[bytes]:
        path = self._path(upload)
        path.parent.mkdir(parents=True, exist_ok=True)
        return os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600), "r+b")

    def append(self, upload: Upload, pieces: Iterable[bytes], verify: Verify | None = None) -> int:
        count = 0
        with self._open(upload) as file:
            # Whatever a killed request wrote beyond the offset was never acknowledged.
            file.truncate(upload.offset)
            file.seek(upload.offset)
            for piece in pieces:
                file.write(piece)
                count += len(piece)
            if verify:
                verify()
            file.flush()
            os.fsync(file.fileno())
        return count

    def size(self, upload: Upload) -> int:
        try:
            return self._path(upload).stat().st_size
        except FileNotFoundError:
            return 0

    def recount(self, upload: Upload) -> int:
        return self.size(upload)

    def tidy(self, upload: Upload) -> None:
        """Nothing is ever left behind here."""

    def finish(self, upload: Upload) -> None:
        self._open(upload).close()
        size = self.size(upload)
        if size < upload.length:
            raise StoreError(f"{upload.key} has {size} of {upload.length} bytes")

    def discard(self, upload: Upload) -> None:
        self._path(upload).unlink(missing_ok=True)


class S3Store:
    """A multipart upload. Bytes that are too few for a part wait as a small object, the tail.

    The row's `multipart` holds {"id", "parts": [{"etag", "size"}], "tail": {"key", "size"}}. A tail's
    key names the offset it reaches to, so the one that the saved row needs is never overwritten. An
    empty `multipart` is one with nothing in it: S3 hears of an upload when its first part comes.
    """

    def __init__(self, storage: Any) -> None:
        self.storage = storage
        self.client = storage.connection.meta.client
        self.bucket = storage.bucket_name

    def _key(self, upload: Upload) -> str:
        return f"{self.storage.location}/{upload.key}".lstrip("/")

    def append(self, upload: Upload, pieces: Iterable[bytes], verify: Verify | None = None) -> int:
        # One chunk at a time is spooled to disk, since a part's size must be known before it is sent.
        with tempfile.TemporaryFile() as spool:
            self._read_tail(upload, spool)
            before = spool.tell()
            for piece in pieces:
                spool.write(piece)
            size = spool.tell()
            if verify:
                verify()
            if size > before:
                self._keep(upload, spool, size, upload.offset + size - before)
        return size - before

    def _read_tail(self, upload: Upload, spool: IO[bytes]) -> None:
        tail = upload.multipart.get("tail")
        if tail:
            body = self.client.get_object(Bucket=self.bucket, Key=tail["key"])["Body"]
            shutil.copyfileobj(body, spool)
            if spool.tell() != tail["size"]:
                raise StoreError(f"{tail['key']} has {spool.tell()} of {tail['size']} bytes")

    def _keep(self, upload: Upload, spool: IO[bytes], size: int, reaches: int) -> None:
        spool.seek(0)
        if size >= LEAST_PART:
            self._send_part(upload, spool, size)
            upload.multipart["tail"] = None
            return
        key = f"{self._key(upload)}.tail-{reaches}"
        self.client.put_object(Bucket=self.bucket, Key=key, Body=spool)
        upload.multipart["tail"] = {"key": key, "size": size}

    def _send_part(self, upload: Upload, body: IO[bytes], size: int) -> None:
        kept = upload.multipart
        parts = kept.setdefault("parts", [])
        if not kept.get("id"):
            begun = self.client.create_multipart_upload(Bucket=self.bucket, Key=self._key(upload))
            kept["id"] = begun["UploadId"]
        sent = self.client.upload_part(
            Bucket=self.bucket,
            Key=self._key(upload),
            UploadId=kept["id"],
            PartNumber=len(parts) + 1,
            Body=body,
        )
        parts.append({"etag": sent["ETag"], "size": size})

    def size(self, upload: Upload) -> int:
        tail = upload.multipart.get("tail")
        parts = upload.multipart.get("parts", [])
        return sum(int(part["size"]) for part in parts) + (int(tail["size"]) if tail else 0)

    def recount(self, upload: Upload) -> int:
        if self._size_of(self._key(upload)) == upload.length:
            return upload.length
        parts, tail = upload.multipart.get("parts", []), upload.multipart.get("tail")
        there = dict(self._parts_there(upload))
        numbered = takewhile(lambda pair: there.get(pair[0]) == pair[1]["size"], enumerate(parts, start=1))
        found = [part for _number, part in numbered]
        if len(found) < len(parts) or (tail and self._size_of(tail["key"]) != tail["size"]):
            # The tail follows the last part; without that part its bytes have no place.
            tail = None
        multipart = upload.multipart.get("id", "") if there else ""
        upload.multipart = {"id": multipart, "parts": found, "tail": tail}
        return self.size(upload)

    def _parts_there(self, upload: Upload) -> Iterator[tuple[int, int]]:
        """Number and size of each part that the server has."""
        if not upload.multipart.get("id"):
            return
        pages = self.client.get_paginator("list_parts").paginate(
            Bucket=self.bucket, Key=self._key(upload), UploadId=upload.multipart["id"]
        )
        try:
            for page in pages:
                yield from ((part["PartNumber"], part["Size"]) for part in page.get("Parts", []))
        except ClientError as error:
            if error.response["Error"]["Code"] != "NoSuchUpload":
                raise

    def tidy(self, upload: Upload) -> None:
        self._delete_tails(upload, before=upload.offset)

    def finish(self, upload: Upload) -> None:
        if self._size_of(self._key(upload)) != upload.length:
            if upload.multipart.get("parts"):
                self._complete(upload)
            else:
                self._put_small(upload)
        # Once the object is whole nobody needs the rest, even if the row is not saved after this. Its own
        # multipart upload has ended; a server that died on the way may still list it, and holds the bytes by it.
        self._abort(upload, but=upload.multipart.get("id", ""))
        self._delete_tails(upload)
        upload.multipart["tail"] = None

    def _complete(self, upload: Upload) -> None:
        with tempfile.TemporaryFile() as spool:
            self._read_tail(upload, spool)
            if size := spool.tell():
                spool.seek(0)
                self._send_part(upload, spool, size)
        parts = [
            {"PartNumber": number, "ETag": part["etag"]}
            for number, part in enumerate(upload.multipart["parts"], start=1)
        ]
        self.client.complete_multipart_upload(
            Bucket=self.bucket,
            Key=self._key(upload),
            UploadId=upload.multipart["id"],
            MultipartUpload={"Parts": parts},
        )
        size_now = self._size_of(self._key(upload))
        if size_now != upload.length:
            raise StoreError(f"{upload.key} has {size_now} of {upload.length} bytes")

    def _put_small(self, upload: Upload) -> None:
        """A file too small for parts: its tail becomes the object."""
        with tempfile.TemporaryFile() as spool:
            self._read_tail(upload, spool)
            if spool.tell() != upload.length:
                raise StoreError(f"{upload.key} has {spool.tell()} of {upload.length} bytes")
            spool.seek(0)
            self.client.put_object(Bucket=self.bucket, Key=self._key(upload), Body=spool)

    def _size_of(self, key: str) -> int | None:
        """The size of an object; None where there is none."""
        try:
            found = self.client.head_object(Bucket=self.bucket, Key=key)
        except ClientError as error:
            if error.response["ResponseMetadata"]["HTTPStatusCode"] == 404:
                return None
            raise
        return int(found["ContentLength"])

    def discard(self, upload: Upload) -> None:
        self._abort(upload)
        self._delete_tails(upload)
        self.client.delete_object(Bucket=self.bucket, Key=self._key(upload))

    def _abort(self, upload: Upload, but: str = "") -> None:
        """End the multipart uploads of this key: a killed process may have begun one that the row does not know."""
        key = self._key(upload)
        listed = self.client.list_multipart_uploads(Bucket=self.bucket, Prefix=key)
        begun = {entry["UploadId"] for entry in listed.get("Uploads", []) if entry["Key"] == key}
        for number in (begun | {upload.multipart.get("id", "")}) - {but, ""}:
            try:
                self.client.abort_multipart_upload(Bucket=self.bucket, Key=key, UploadId=number)
            except ClientError as error:
                if error.response["Error"]["Code"] != "NoSuchUpload":
                    raise

    def _delete_tails(self, upload: Upload, before: int | None = None) -> None:
        """Remove tails; with `before` only those that reach less far.

        A longer one is what a request that goes on meanwhile, and has not saved its row, will need.
        """
        prefix = f"{self._key(upload)}.tail-"
        listed = self.client.list_objects_v2(Bucket=self.bucket, Prefix=prefix)
        for entry in listed.get("Contents", []):
            if before is None or int(entry["Key"].removeprefix(prefix)) < before:
                self.client.delete_object(Bucket=self.bucket, Key=entry["Key"])
