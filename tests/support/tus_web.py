"""A web process that takes uploads, onto local disk or a real S3 server, and what a signed-in client sends along."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.test import Client

from contributions import files
from tests.support.sites import Site
from tests.support.storage import Endpoint

TOKEN = "a" * 32


@dataclass
class TusWeb:
    """Where uploads go: the site's web process, and the bucket where there is one."""

    site: Site
    endpoint: Endpoint | None = None
    bucket: str = ""
    cookies: dict[int, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"{self.site.url}/tus/"

    def headers(self, artist: Any) -> dict[str, str]:
        """The session and the CSRF token of a browser in which the artist has logged in."""
        if artist.pk not in self.cookies:
            client = Client()
            client.force_login(artist, backend="django.contrib.auth.backends.ModelBackend")
            self.cookies[artist.pk] = client.cookies[settings.SESSION_COOKIE_NAME].value
        cookie = f"{settings.SESSION_COOKIE_NAME}={self.cookies[artist.pk]}; csrftoken={TOKEN}"
        return {"Cookie": cookie, "X-CSRFToken": TOKEN, "Origin": self.site.url}

    def stored(self) -> set[str]:
        """Every key below the originals, as the storage lists them."""
        return set(files.stored_below("originals"))

    def multiparts(self) -> list[str]:
        """The keys of multipart uploads that nobody has ended."""
        if self.endpoint is None:
            return []
        listed = self.endpoint.client.list_multipart_uploads(Bucket=self.bucket)
        return [entry["Key"] for entry in listed.get("Uploads", [])]


def on_disk(site_factory: Any, folder: Path, settings: Any, **extra: str) -> TusWeb:
    """A web process with a media folder of its own, which this process sees as well."""
    folder.mkdir(parents=True, exist_ok=True)
    options = settings.STORAGES["default"]["OPTIONS"] | {"location": str(folder)}
    settings.STORAGES = {**settings.STORAGES, "default": settings.STORAGES["default"] | {"OPTIONS": options}}
    assert default_storage.exists("nothing") is False
    return TusWeb(site_factory(MEDIA_DIR=str(folder), **extra))


def on_s3(site_factory: Any, endpoint: Endpoint, bucket: str, settings: Any, **extra: str) -> TusWeb:
    """A web process with a bucket of its own, which this process sees as well."""
    backend = "storages.backends.s3.S3Storage"
    options = endpoint.storage_options(bucket) | {"file_overwrite": True}
    settings.STORAGES = {**settings.STORAGES, "default": {"BACKEND": backend, "OPTIONS": options}}
    return TusWeb(site_factory(**endpoint.environment(bucket), **extra), endpoint, bucket)
