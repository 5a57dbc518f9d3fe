"""A log-in that ended while somebody wrote loses no word, and no address of a form is a blank page."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from royalties import actions
from royalties.models import Objection, StatementComment
from tests.support.cast import PASSWORD

pytestmark = pytest.mark.usefixtures("db")

WORDS = "The song is heard for two minutes,\nnot for ninety seconds."
BROWSER = {"Accept": "text/html,application/xhtml+xml", "Origin": settings.SITE_URL, "Referer": ""}


def fields(answer: Any) -> dict[str, str]:
    """The fields of the form that gives everything back."""
    page = answer.content.decode()
    form = page[page.index("<h1>Not sent yet</h1>") :].partition("</form>")[0]
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', form)
    return {name: html.unescape(value) for name, value in found}


def browser() -> Client:
    """One that is asked for the tokens of its forms, and has one that was drawn before it logged in."""
    client = Client(enforce_csrf_checks=True, headers=BROWSER)
    client.get(reverse("account_login"))
    return client


def token(client: Client) -> str:
    return client.cookies[settings.CSRF_COOKIE_NAME].value


def log_in(client: Client, artist: Any) -> None:
    """As in another tab."""
    form = {"login": artist.email, "password": PASSWORD, "csrfmiddlewaretoken": token(client)}
    assert client.post(reverse("account_login"), form).status_code == 302


def test_an_objection_is_sent_after_logging_in_in_another_tab(open_statement: Any, bob: Any) -> None:
    client = browser()
    line = reverse("royalties:line", args=[open_statement.pk, bob.payee.code])
    typed = {"body": WORDS, "kind": "measure", "csrfmiddlewaretoken": token(client), "submission": "a-key"}
    answer = client.post(f"{line}comments/", typed, headers={"Referer": f"{settings.SITE_URL}{line}"})
    assert answer.status_code == 422
    assert "The song is heard for two minutes,<br>not for ninety seconds." in answer.content.decode()
    assert f"{reverse('account_login')}?next={line}" in answer.content.decode()
    kept = fields(answer)
    assert (kept["body"].split(), kept["kind"]) == (WORDS.split(), "measure")

    log_in(client, bob)
    again = client.post(f"{line}comments/", kept)
    assert again.status_code == 403, "a log-in draws the tokens of all forms anew"
    assert "You have logged in as Bob" in again.content.decode()
    assert not Objection.objects.exists()

    sent = client.post(f"{line}comments/", fields(again))
    objection = Objection.objects.get()
    assert sent["Location"] == objection.comment.get_absolute_url()
    assert objection.comment.body.split() == WORDS.split()


def test_what_another_site_sends_is_not_given_back(open_statement: Any, bob: Any) -> None:
    client = browser()
    log_in(client, bob)
    url = reverse("royalties:comment", args=[open_statement.pk])
    for origin in ("https://elsewhere.example", "null"):
        answer = client.post(url, {"body": WORDS, "csrfmiddlewaretoken": "a" * 32}, headers={"Origin": origin})
        assert answer.status_code == 403
        assert "two minutes" not in answer.content.decode()
    assert not StatementComment.objects.exists()


def test_a_password_is_never_given_back(db: None, alice: Any) -> None:
    client = browser()
    form = {"login": alice.email, "password": PASSWORD, "csrfmiddlewaretoken": "a" * 32}
    answer = client.post(reverse("account_login"), form)
    assert answer.status_code == 403
    assert PASSWORD not in answer.content.decode()
    assert alice.email not in answer.content.decode()


def test_a_browser_without_cookies_is_told_so(db: None) -> None:
    answer = Client(enforce_csrf_checks=True, headers=BROWSER).post(reverse("account_logout"), {"body": WORDS})
    assert answer.status_code == 403
    assert "keeps no cookies" in answer.content.decode()


def test_whatever_is_sent_is_kept(open_statement: Any, bob: Any) -> None:
    line = open_statement.current.lines.get(payee__artist=bob)
    case = actions.raise_objection(actor=bob, statement=open_statement, kind="other", body="Why?", line=line)
    client = browser()
    for url, typed in (
        (reverse("royalties:escalate", args=[open_statement.pk, case.pk]), {"reason": WORDS}),
        (reverse("royalties:panel_vote", args=[1]), {"choice": "change", "reason": WORDS}),
        (f"{reverse('royalties:claim', args=[open_statement.pk])}?line={bob.payee.code}", {"evidence": WORDS}),
        (reverse("royalties:payout_details"), {"code": "123456"}),
        (reverse("royalties:what_if", args=[open_statement.pk]), {"changes": '{"L1": {"quantity": 7}}'}),
    ):
        answer = client.post(url, {**typed, "csrfmiddlewaretoken": token(client)})
        assert answer.status_code == 422, url
        assert {name: fields(answer)[name].split() for name in typed} == {
            name: value.split() for name, value in typed.items()
        }


def test_whoever_opens_the_address_of_a_form_is_led_to_its_page(client: Any, open_statement: Any, bob: Any) -> None:
    line = open_statement.current.lines.get(payee__artist=bob)
    case = actions.raise_objection(actor=bob, statement=open_statement, kind="other", body="Why?", line=line)
    statement, code = open_statement.pk, bob.payee.code
    ways = {
        reverse("royalties:comment", args=[statement]): open_statement.get_absolute_url(),
        reverse("royalties:line_comment", args=[statement, code]): line.get_absolute_url(),
        reverse("royalties:accept", args=[statement, code]): line.get_absolute_url(),
        reverse("royalties:object", args=[statement, case.comment_id]): case.comment.talk_url,
        reverse("royalties:escalate", args=[statement, case.pk]): case.get_absolute_url(),
        reverse("royalties:panel_vote", args=[3]): reverse("royalties:panel", args=[3]),
        reverse("royalties:panel_accept", args=[3]): reverse("royalties:panel", args=[3]),
        reverse("royalties:panel_decline", args=[3]): reverse("royalties:panel", args=[3]),
        reverse("royalties:claim_unclaimed", args=[3]): reverse("royalties:earnings"),
    }
    for _time in range(2):
        assert {url: client.get(url).headers.get("Location") for url in ways} == ways
        assert {client.put(url).status_code for url in ways} == {405}
        client.force_login(bob)
