"""`once`: which answers are kept, and what becomes of one when the view fails."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.storage.cookie import CookieStorage
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.test import RequestFactory
from django.urls import reverse
from django.utils.html import format_html

from profiles.models import Submission
from profiles.submissions import once


def asked(artist: Any, key: str = "a-key", method: str = "post", **body: str) -> HttpRequest:
    request: HttpRequest = getattr(RequestFactory(), method)("/somewhere/", {"submission": key, **body})
    request.user = artist
    request._messages = CookieStorage(request)  # type: ignore[attr-defined]  # as the middleware sets it
    return request


def counted(answer: Callable[[HttpRequest], HttpResponse]) -> tuple[Callable[..., HttpResponse], list[int]]:
    """A view that answers so, and how often it ran."""
    runs: list[int] = []

    @once
    def view(request: HttpRequest) -> HttpResponse:
        runs.append(1)
        return answer(request)

    return view, runs


def test_an_answer_that_leads_on_is_given_again_with_its_words(alice: Any) -> None:
    def answer(request: HttpRequest) -> HttpResponse:
        messages.success(request, format_html("<b>{}</b>", "Done & gone"))
        return redirect("/there/", permanent=True)

    view, runs = counted(answer)
    for _time in range(3):
        request = asked(alice)
        response = view(request)
        assert (response.status_code, response["Location"]) == (301, "/there/")
        assert [str(message) for message in messages.get_messages(request)] == ["<b>Done &amp; gone</b>"]
    assert len(runs) == 1


@pytest.mark.parametrize(
    "answer",
    [
        lambda _request: HttpResponse("a page"),
        lambda _request: HttpResponse("what was wrong", status=422),
        lambda _request: redirect(reverse("account_reauthenticate") + "?next=/earnings/"),
        lambda _request: redirect(reverse("account_login")),
        lambda request: messages.error(request, "Refused.") or redirect("/there/"),
        lambda request: messages.warning(request, "Nothing was chosen.") or redirect("/there/"),
    ],
)
def test_where_nothing_was_done_the_form_is_judged_anew(
    alice: Any, answer: Callable[[HttpRequest], HttpResponse]
) -> None:
    view, runs = counted(answer)
    assert view(asked(alice)).status_code == view(asked(alice)).status_code
    assert len(runs) == 2
    assert not Submission.objects.exists()


def test_what_was_done_with_a_warning_was_done(alice: Any) -> None:
    def answer(request: HttpRequest) -> HttpResponse:
        messages.success(request, "Done.")
        messages.warning(request, "Something was left out.")
        return redirect("/there/")

    view, runs = counted(answer)
    for _time in range(2):
        view(asked(alice))
    assert len(runs) == 1


def test_a_view_that_fails_leaves_no_answer(alice: Any) -> None:
    def answer(request: HttpRequest) -> HttpResponse:
        raise LookupError("gone")

    view, runs = counted(answer)
    for _time in range(2):
        with pytest.raises(LookupError):
            view(asked(alice))
    assert len(runs) == 2
    assert not Submission.objects.exists()


def test_looking_is_never_kept(alice: Any) -> None:
    view, runs = counted(lambda _request: redirect("/there/"))
    for _time in range(2):
        view(asked(alice, method="get"))
    assert len(runs) == 2


def test_the_same_key_for_another_place_or_body_is_refused(alice: Any, bob: Any) -> None:
    view, runs = counted(lambda _request: redirect("/there/"))
    view(asked(alice, words="one"))
    assert view(asked(alice, words="two")).status_code == 409
    assert view(asked(bob, words="two")).status_code == 302
    assert len(runs) == 2


def test_somebody_without_an_account_is_told_by_the_key(db: None, alice: Any) -> None:
    view, runs = counted(lambda _request: redirect("/there/"))
    for _time in range(3):
        assert view(asked(AnonymousUser())).status_code == 302
    assert len(runs) == 1
    assert view(asked(AnonymousUser(), words="other")).status_code == 409
    view(asked(alice))
    view(asked(AnonymousUser(), key="another"))
    assert len(runs) == 3
    assert Submission.objects.filter(actor=None).count() == 2
