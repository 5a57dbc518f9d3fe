"""A small tus client that says exactly what it is told."""

import base64
from typing import Any

from django.core.files.storage import default_storage
from django.test import Client

from contributions.models import Upload

CHUNK = "application/offset+octet-stream"


def meta(**pairs: str) -> str:
    """Upload-Metadata as the protocol writes it."""
    return ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in pairs.items())


def stored(upload: Upload) -> bytes:
    """The bytes as the storage has them."""
    with default_storage.open(upload.key) as file:
        return file.read()


class Tus:
    """One signed-in browser."""

    def __init__(self, client: Client) -> None:
        self.client = client

    def ask(self, method: str, path: str, data: bytes = b"", **headers: str) -> Any:
        given = {"Tus-Resumable": "1.0.0"} | {name.replace("_", "-"): value for name, value in headers.items()}
        content_type = given.pop("Content-Type", "application/octet-stream")
        return self.client.generic(method, path, data, content_type=content_type, headers=given)

    def create(self, length: int, **pairs: str) -> Any:
        return self.ask("POST", "/tus/", Upload_Length=str(length), Upload_Metadata=meta(**pairs))

    def patch(self, path: str, data: bytes, offset: int, **headers: str) -> Any:
        return self.ask("PATCH", path, data, Content_Type=CHUNK, Upload_Offset=str(offset), **headers)

    def head(self, path: str) -> Any:
        return self.ask("HEAD", path)
