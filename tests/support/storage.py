"""A real S3 server, started when the first test asks for it."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from signal import SIGKILL
from typing import Any

import boto3
import pytest
from botocore.config import Config

from hitrecord.servers.processes import end
from hitrecord.servers.s3 import ACCESS_KEY, S3, SECRET_KEY


@dataclass(frozen=True)
class Endpoint:
    """An S3 server: its address, its keys, and a client for arranging and looking."""

    url: str
    client: Any
    access_key: str = ACCESS_KEY
    secret_key: str = SECRET_KEY

    def environment(self, bucket: str) -> dict[str, str]:
        """What settings.py reads, for a process of its own."""
        return {
            "S3_BUCKET": bucket,
            "S3_ENDPOINT_URL": self.url,
            "S3_ACCESS_KEY_ID": self.access_key,
            "S3_SECRET_ACCESS_KEY": self.secret_key,
        }

    def storage_options(self, bucket: str) -> dict[str, Any]:
        """The OPTIONS of django-storages, for a storage in this process."""
        return {
            "bucket_name": bucket,
            "endpoint_url": self.url,
            "access_key": self.access_key,
            "secret_key": self.secret_key,
            "region_name": "us-east-1",
            "addressing_style": "path",
            "signature_version": "s3v4",
            "default_acl": None,
        }


def endpoint_of(server: S3) -> Endpoint:
    """The way to a running server."""
    client = boto3.client(
        "s3",
        endpoint_url=server.url,
        aws_access_key_id=ACCESS_KEY,
        aws_secret_access_key=SECRET_KEY,
        region_name="us-east-1",
        config=Config(signature_version="s3v4", s3={"addressing_style": "path"}),
    )
    return Endpoint(server.url, client)


@pytest.fixture(scope="session")
def s3_endpoint() -> Iterator[Endpoint]:
    """The server, one a run."""
    server, process = S3.started(Path(os.environ["VAR_DIR"]).parent / "s3")
    yield endpoint_of(server)
    # It would take a quarter of a minute to end in order, and nothing of it is kept.
    end(process, SIGKILL)


_numbers = count(1)


@pytest.fixture
def s3_bucket(s3_endpoint: Endpoint) -> str:
    """An empty bucket of the test's own."""
    name = f"media-{next(_numbers)}"
    s3_endpoint.client.create_bucket(Bucket=name)
    return name


@pytest.fixture
def s3_media(s3_endpoint: Endpoint, s3_bucket: str, settings: Any) -> str:
    """Django's default storage on an empty bucket, for this test; yields the bucket's name."""
    backend = "storages.backends.s3.S3Storage"
    options = s3_endpoint.storage_options(s3_bucket) | {"file_overwrite": True}
    settings.STORAGES = {**settings.STORAGES, "default": {"BACKEND": backend, "OPTIONS": options}}
    return s3_bucket
