"""Forms as a browser sends them: to the running site, or through Django's client to this process."""

from __future__ import annotations

import http.client
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.urls import resolve, reverse

from profiles.submissions import new_key

CSRF = "c" * 32
TIMEOUT = 60
#: Shorter than gunicorn keeps a connection that is not used.
IDLE = 3
#: What a maker of forms is about, by the function.
TARGETS: dict[str, str] = {}

Maker = TypeVar("Maker", bound=Callable[..., "Form"])


@dataclass(frozen=True)
class Form:
    """One form as somebody has filled it in: sent again it is the same form, key and all."""

    #: None for somebody without an account.
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

    @cached_property
    def body(self) -> tuple[str, bytes]:
        """The same as it goes over the wire, and of which kind that is: only a file needs parts."""
        filled = {**self.filled(), "csrfmiddlewaretoken": CSRF}
        if any(isinstance(value, SimpleUploadedFile) for value in filled.values()):
            return MULTIPART_CONTENT, encode_multipart(BOUNDARY, filled)
        return "application/x-www-form-urlencoded", urlencode(filled, doseq=True).encode()

    @property
    def target(self) -> str:
        """Which form of the site it is: a page's name, or a model of the admin and what is done with it."""
        match = resolve(urlsplit(self.path).path)
        if match.app_name != "admin":
            return str(match.url_name)
        _app, model, view = str(match.url_name).split("_", 2)
        if view == "changelist":
            return f"{model} {self.fields['action']}"
        return " ".join([model, view, *([match.kwargs["move"]] if view == "ask" else [])])


@dataclass(frozen=True)
class Reply:
    """What the site has answered."""

    status: int
    place: str
    said: str


def sends(target: str) -> Callable[[Maker], Maker]:
    """Marks what makes a form with what it is about, in the words of `Form.target`."""

    def marked(maker: Maker) -> Maker:
        TARGETS[maker.__name__] = target
        return maker

    return marked


def add(sender: Any, model: str, fields: Mapping[str, Any]) -> Form:
    """A form of the admin that makes a row."""
    return Form(sender, reverse(f"admin:royalties_{model}_add"), fields)


def move(sender: Any, row: Any, action: str, words: str = "") -> Form:
    """A button on a row's page in the admin."""
    path = reverse(f"admin:royalties_{row._meta.model_name}_changelist")
    return Form(sender, path, {"action": action, ACTION_CHECKBOX_NAME: row.pk, "index": 0, "words": words})


def ask(sender: Any, row: Any, name: str, fields: Mapping[str, Any]) -> Form:
    """A move that asks on a page of its own."""
    return Form(sender, reverse(f"admin:royalties_{row._meta.model_name}_ask", args=[row.pk, name]), fields)


class Browser:
    """People who are logged in, and send forms to a running site by connections of their own."""

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
            return _read(link)
        finally:
            link.close()

    def begin(self, form: Form) -> http.client.HTTPConnection:
        """Send it and wait for nothing."""
        link = http.client.HTTPConnection(self.host, timeout=TIMEOUT)
        self.post(link, form)
        return link

    def post(self, link: http.client.HTTPConnection, form: Form) -> None:
        """Send it by a connection."""
        cookie = f"csrftoken={CSRF}"
        if form.sender is not None:
            cookie += f"; {settings.SESSION_COOKIE_NAME}={self._sessions[form.sender.pk]}"
        kind, body = form.body
        link.request("POST", form.path, body, {"Content-Type": kind, "Cookie": cookie})


class KeptBrowser(Browser):
    """The same by connections that stay open, one a thread; whoever sends for the first time is logged in."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self._kept = threading.local()

    def know(self, artist: Any) -> None:
        """Log somebody in, once."""
        if artist is not None and artist.pk not in self._sessions:
            self.log_in(artist)

    def send(self, form: Form) -> Reply:
        link = self._link()
        self.post(link, form)
        reply = _read(link)
        self._kept.used = time.monotonic()
        return reply

    def _link(self) -> http.client.HTTPConnection:
        """This thread's connection; a new one where the site may be closing the old one."""
        link: http.client.HTTPConnection | None = getattr(self._kept, "link", None)
        if link is not None and time.monotonic() - self._kept.used < IDLE:
            return link
        if link is not None:
            link.close()
        self._kept.link = http.client.HTTPConnection(self.host, timeout=TIMEOUT)
        return self._kept.link


def _read(link: http.client.HTTPConnection) -> Reply:
    answer = link.getresponse()
    answer.read()
    cookies = "; ".join(answer.headers.get_all("Set-Cookie") or [])
    # What stands before the moment and the signature.
    said = cookies.partition("messages=")[2].partition(";")[0].partition(":")[0]
    return Reply(answer.status, answer.headers.get("Location", ""), said)
