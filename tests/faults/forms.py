"""Forms as a browser sends them: to the running site, or through Django's client to this process."""

from __future__ import annotations

import http.client
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.urls import reverse

from profiles.submissions import new_key

CSRF = "c" * 32
TIMEOUT = 60


@dataclass(frozen=True)
class Form:
    """One form as somebody has filled it in: sent again it is the same form, key and all."""

    sender: Any
    path: str
    fields: Mapping[str, Any]
    key: str = field(default_factory=new_key)

    def filled(self) -> dict[str, Any]:
        """What is sent; bytes are a file, read anew each time."""
        fields = {**self.fields, "submission": self.key}
        return {
            name: SimpleUploadedFile("report.csv", value, "text/csv") if isinstance(value, bytes) else value
            for name, value in fields.items()
        }


@dataclass(frozen=True)
class Reply:
    """What the site has answered."""

    status: int
    place: str
    said: str


def move(sender: Any, row: Any, action: str, words: str = "") -> Form:
    """A button on a row's page in the admin."""
    path = reverse(f"admin:royalties_{row._meta.model_name}_changelist")
    return Form(sender, path, {"action": action, "_selected_action": row.pk, "index": 0, "words": words})


class Browser:
    """Somebody who is logged in, and sends forms to a running site by connections of their own."""

    def __init__(self, url: str) -> None:
        self.host = urlsplit(url).netloc
        self._sessions: dict[int, str] = {}

    def log_in(self, artist: Any) -> None:
        client = Client()
        client.force_login(artist)
        self._sessions[artist.pk] = client.cookies[settings.SESSION_COOKIE_NAME].value

    def send(self, form: Form) -> Reply:
        """Send it and read the answer; OSError or HTTPException where none comes."""
        link = self.begin(form)
        try:
            answer = link.getresponse()
            answer.read()
            cookies = "; ".join(answer.headers.get_all("Set-Cookie") or [])
            # What stands before the moment and the signature.
            said = cookies.partition("messages=")[2].partition(";")[0].partition(":")[0]
            return Reply(answer.status, answer.headers.get("Location", ""), said)
        finally:
            link.close()

    def begin(self, form: Form) -> http.client.HTTPConnection:
        """Send it and wait for nothing."""
        link = http.client.HTTPConnection(self.host, timeout=TIMEOUT)
        body = encode_multipart(BOUNDARY, {**form.filled(), "csrfmiddlewaretoken": CSRF})
        cookie = f"{settings.SESSION_COOKIE_NAME}={self._sessions[form.sender.pk]}; csrftoken={CSRF}"
        headers = {"Content-Type": MULTIPART_CONTENT, "Cookie": cookie}
        link.request("POST", form.path, body, headers)
        return link
