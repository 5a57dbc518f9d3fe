"""One id a request, in every line of the logs: of the web process, and of each task the request has queued."""

import json
import logging
import re
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponseBase

HEADER = "X-Request-ID"
TASK_HEADER = "request_id"
NOBODY = "-"
# What a proxy may give us; anything else could forge lines in the logs.
GIVEN = re.compile(r"[A-Za-z0-9-]{8,64}")

request_id: ContextVar[str] = ContextVar("request_id", default=NOBODY)


@contextmanager
def under_request(given: str) -> Iterator[None]:
    """Log under this id for a while."""
    token = request_id.set(given)
    try:
        yield
    finally:
        request_id.reset(token)


class RequestIdMiddleware:
    """Take the id the proxy gave, else make one; answer with it, so that a person can name it to us."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer under the id."""
        given = request.headers.get(HEADER, "")
        name = given if GIVEN.fullmatch(given) else uuid.uuid4().hex
        with under_request(name):
            response = self.get_response(request)
            response[HEADER] = name
            return response


class RequestIdFilter(logging.Filter):
    """Put the id on every record, whoever wrote it."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Always lets the record through."""
        record.request_id = request_id.get()
        return True


class JsonFormatter(logging.Formatter):
    """A line of JSON a record, for whatever collects the logs."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as one line."""
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "request_id": getattr(record, "request_id", NOBODY),
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)
