"""A form that is sent twice does its work once, and both times gets the same answer.

Every form carries a key in the field `submission`, drawn when it was made (the tag `csrf_token` of the
house puts it there). `once` runs a view and keeps its answer in the transaction of what the view did;
the same form again gets that answer, without the view. Two at the same moment wait for each other at
the unique key. Without the field everything is as if this module were not there. Somebody without an
account is told by the key alone, which nobody guesses.

Kept is an answer that leads on, unless refusals or warnings are all that it says. What was refused has
changed nothing, so it is judged anew: the reader may correct it and send it again.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.contrib import messages
from django.contrib.messages.storage.base import BaseStorage
from django.core.exceptions import SuspiciousOperation
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import SafeData, mark_safe

from profiles import actions
from profiles.models import Artist, Submission

FIELD = "submission"
#: New at every showing of the form, so no part of what was sent.
APART = frozenset({FIELD, "csrfmiddlewaretoken"})
LONGEST_KEY = 64
#: The tag of a message that repeats what was typed into a field, as an address is: that is not kept with the answer,
#: and taken again from the form when it comes again.
FROM_FIELD, PLACE = "from-field-", "[…]"
#: Who is led there has done nothing yet.
ASKING_WHO = ("account_login", "account_reauthenticate", "mfa_reauthenticate")

Answering = Callable[..., HttpResponse]


def new_key() -> str:
    """What nobody guesses and no two forms share."""
    return secrets.token_urlsafe(18)


def once(view: Answering) -> Answering:
    """Have a view answer each form once; a method of an admin takes it by `method_decorator`."""

    @wraps(view)
    def answering(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return once_for(request, "", lambda: view(request, *args, **kwargs))
        except actions.SubmissionReused:
            return reused(request)

    answering.answers_once = True  # type: ignore[attr-defined]  # a mark for the test that looks for views without
    return answering


def once_for(request: HttpRequest, part: str, act: Callable[[], HttpResponse]) -> HttpResponse:
    """Answer one part of a form once, such as one of the rows that were chosen; within itself it changes nothing.

    Raises SubmissionReused where the key has come before with another body.
    """
    key = _key_of(request)
    if key is None or part in _claimed(request):
        return act()
    before = answered(request, part)
    if before is not None:
        return before
    with transaction.atomic():
        submission, is_new = actions.claim_submission(
            actor=_sender_of(request), key=key, part=part, body_digest=_digest_of(request)
        )
        if not is_new:
            return _again(request, submission)
        told = len(messages.get_messages(request))
        _claimed(request).add(part)
        response = act()
        said = _said_since(request, told)
        if _leads_on(response, said):
            actions.keep_answer(
                submission=submission, status=response.status_code, location=response.get("Location", ""), said=said
            )
        else:
            actions.release_submission(submission=submission)
    return response


def answered(request: HttpRequest, part: str) -> HttpResponse | None:
    """The first answer to this very form, or None where it is new or still being worked on. One query."""
    key = _key_of(request)
    if key is None:
        return None
    kept = Submission.objects.filter(actor=_sender_of(request), key=key, part=part, body_digest=_digest_of(request))
    submission = kept.exclude(status=0).first()
    return _again(request, submission) if submission is not None else None


def reused(request: HttpRequest) -> HttpResponse:
    """Say that the form was sent before with something else in it."""
    came_from = request.headers.get("Referer", "")
    is_ours = url_has_allowed_host_and_scheme(came_from, {request.get_host()}, require_https=request.is_secure())
    return render(request, "409.html", {"page": came_from if is_ours else "/"}, status=409)


def _claimed(request: HttpRequest) -> set[str]:
    """The parts that this request has taken."""
    parts: set[str] = request.__dict__.setdefault("claimed_parts", set())
    return parts


def _sender_of(request: HttpRequest) -> Artist | None:
    """Who sent the form; None for somebody without an account."""
    return request.user if isinstance(request.user, Artist) else None


def _key_of(request: HttpRequest) -> str | None:
    """The key of a form that was sent, or None where it carries none."""
    key = request.POST.get(FIELD, "") if request.method == "POST" else ""
    if len(key) > LONGEST_KEY or not key.isprintable():
        raise SuspiciousOperation("The key of a form is one of at most 64 printable signs.")
    return key or None


def _digest_of(request: HttpRequest) -> str:
    """Over the address, every field and the content of every file; a large file is read once."""
    known: str | None = request.__dict__.get("form_digest")
    if known is None:
        known = request.__dict__["form_digest"] = _digest(request)
    return known


def _digest(request: HttpRequest) -> str:
    fields = [[name, values] for name, values in sorted(request.POST.lists()) if name not in APART]
    files = []
    for name, uploads in sorted(request.FILES.lists()):
        for upload in uploads:
            digest = hashlib.sha256()
            for chunk in upload.chunks():
                digest.update(chunk)
            upload.seek(0)
            files.append([name, upload.name, digest.hexdigest()])
    body = json.dumps([request.get_full_path(), fields, files])
    return salted_hmac("profiles.submission", body, algorithm="sha256").hexdigest()


def _said_since(request: HttpRequest, told: int) -> list[list[Any]]:
    """The messages that the view has added; they stay where they are, to be shown."""
    storage = cast("BaseStorage", messages.get_messages(request))
    fresh = list(storage)[told:]
    storage.used = False
    return [
        [
            row.level,
            _without(request, str(row.message), row.extra_tags),
            row.extra_tags,
            isinstance(row.message, SafeData),
        ]
        for row in fresh
    ]


def _without(request: HttpRequest, text: str, tags: str | None) -> str:
    typed = _typed(request, tags)
    return text.replace(typed, PLACE) if typed else text


def _typed(request: HttpRequest, tags: str | None) -> str:
    """What stands in the field that a message repeats."""
    is_of_field = bool(tags) and str(tags).startswith(FROM_FIELD)
    return request.POST.get(str(tags).removeprefix(FROM_FIELD), "").strip() if is_of_field else ""


def _leads_on(response: HttpResponse, said: list[list[Any]]) -> bool:
    """Whether something was done, which must not be done again."""
    levels = [level for level, *_rest in said]
    nothing_done = bool(levels) and min(levels) >= messages.WARNING
    asks_who = response.get("Location", "").split("?")[0] in {reverse(name) for name in ASKING_WHO}
    return 300 <= response.status_code < 400 and not nothing_done and not asks_who


def _again(request: HttpRequest, submission: Submission) -> HttpResponse:
    """The answer of the first time: same status, same place, same words."""
    for level, kept, tags, is_html in submission.said:
        text = kept.replace(PLACE, _typed(request, tags)) if _typed(request, tags) else kept
        messages.add_message(request, level, mark_safe(text) if is_html else text, extra_tags=tags or "")  # noqa: S308 - as the view itself said it
    return HttpResponse(status=submission.status, headers={"Location": submission.location})
