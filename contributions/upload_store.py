"""Where the bytes of an upload under way are kept: appended to one file, or parts of an S3 object.

Both keep one promise: when `append` returns, the bytes are safe against a kill of this process, and
repeating an append from an older offset does no harm. The caller saves the row afterwards, so the
offset in the database is never ahead of the bytes. Sizes are bytes.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import IO, Any, Final, Protocol

from botocore.exceptions import ClientError
from django.core.files.storage import FileSystemStorage, default_storage

from contributions.models import Upload

# S3 takes no part smaller than this, but for the last one.
LEAST_PART: Final = 5 * 1024 * 1024
Verify = Callable[[], None]


class StoreError(Exception):
    """The storage did not keep what it was given."""


class Store(Protocol):
    """What the upload protocol asks of a place for bytes."""

    def begin(self, upload: Upload) -> None: ...

    def append(self, upload: Upload, pieces: Iterable[bytes], verify: Verify | None = None) -> int:
        """Keep the pieces at `upload.offset` and return how many bytes they were.

        `verify` is called once all pieces have come and may raise, to have none of them kept.
        """

    def size(self, upload: Upload) -> int:
        """How many bytes are surely there."""

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

    def begin(self, upload: Upload) -> None:
        path = self._path(upload)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)

    def append(self, upload: Upload, pieces: Iterable[bytes], verify: Verify | None = None) -> int:
        count = 0
        with self._path(upload).open("r+b") as file:
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

    def tidy(self, upload: Upload) -> None:
        """Nothing is ever left behind here."""

    def finish(self, upload: Upload) -> None:
        size = self.size(upload)
        if size < upload.length:
            raise StoreError(f"{upload.key} has {size} of {upload.length} bytes")

    def discard(self, upload: Upload) -> None:
        self._path(upload).unlink(missing_ok=True)


class S3Store:
    """A multipart upload. Bytes that are too few for a part wait as a small object, the tail.

    The row's `multipart` holds {"id", "parts": [{"etag", "size"}], "tail": {"key", "size"}}. A tail's
    key names the offset it reaches to, so the one that the saved row needs is never overwritten.
    """

    def __init__(self, storage: Any) -> None:
        self.storage = storage
        self.client = storage.connection.meta.client
        self.bucket = storage.bucket_name

    def _key(self, upload: Upload) -> str:
        return f"{self.storage.location}/{upload.key}".lstrip("/")

    def begin(self, upload: Upload) -> None:
        upload.multipart = {"id": "", "parts": [], "tail": None}
        if upload.length >= LEAST_PART:
            begun = self.client.create_multipart_upload(Bucket=self.bucket, Key=self._key(upload))
            upload.multipart["id"] = begun["UploadId"]

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
        parts = upload.multipart["parts"]
        sent = self.client.upload_part(
            Bucket=self.bucket,
            Key=self._key(upload),
            UploadId=upload.multipart["id"],
            PartNumber=len(parts) + 1,
            Body=body,
        )
        parts.append({"etag": sent["ETag"], "size": size})

    def size(self, upload: Upload) -> int:
        tail = upload.multipart.get("tail")
        parts = upload.multipart.get("parts", [])
        return sum(int(part["size"]) for part in parts) + (int(tail["size"]) if tail else 0)

    def tidy(self, upload: Upload) -> None:
        tail = upload.multipart.get("tail")
        self._delete_tails(upload, keep=tail["key"] if tail else "")

    def finish(self, upload: Upload) -> None:
        if not self._is_whole(upload):
            if upload.multipart["parts"]:
                self._complete(upload)
            else:
                self._put_small(upload)
        # Once the object is whole nobody needs a tail, even if the row is not saved after this.
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
        if not self._is_whole(upload):
            raise StoreError(f"{upload.key} is not {upload.length} bytes long")

    def _put_small(self, upload: Upload) -> None:
        """A file too small for parts: its tail becomes the object."""
        with tempfile.TemporaryFile() as spool:
            self._read_tail(upload, spool)
            spool.seek(0)
            self.client.put_object(Bucket=self.bucket, Key=self._key(upload), Body=spool)
        self._abort(upload)

    def _is_whole(self, upload: Upload) -> bool:
        """Whether an earlier finish, perhaps of a process killed since, has done its work."""
        try:
            found = self.client.head_object(Bucket=self.bucket, Key=self._key(upload))
        except ClientError as error:
            if error.response["ResponseMetadata"]["HTTPStatusCode"] == 404:
                return False
            raise
        return bool(found["ContentLength"] == upload.length)

    def discard(self, upload: Upload) -> None:
        self._abort(upload)
        self._delete_tails(upload)
        self.client.delete_object(Bucket=self.bucket, Key=self._key(upload))

    def _abort(self, upload: Upload) -> None:
        if not upload.multipart.get("id"):
            return
        try:
            self.client.abort_multipart_upload(
                Bucket=self.bucket, Key=self._key(upload), UploadId=upload.multipart["id"]
            )
        except ClientError as error:
            if error.response["Error"]["Code"] != "NoSuchUpload":
                raise

    def _delete_tails(self, upload: Upload, keep: str = "") -> None:
        prefix = f"{self._key(upload)}.tail-"
        listed = self.client.list_objects_v2(Bucket=self.bucket, Prefix=prefix)
        for entry in listed.get("Contents", []):
            if entry["Key"] != keep:
                self.client.delete_object(Bucket=self.bucket, Key=entry["Key"])
