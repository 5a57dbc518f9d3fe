"""What is said on the pages of a statement: where an answer leads, and what becomes of words that are refused."""

import re
from typing import Any

import pytest
from django.urls import reverse

from royalties import actions
from royalties.models import StatementComment
from royalties.views import _statement as common


@pytest.fixture
def line(open_statement: Any, bob: Any) -> Any:
    return open_statement.current.lines.get(payee__artist=bob)


def reply(client: Any, page: str, said: StatementComment, body: str) -> Any:
    """Answer by the form that the page has below a comment."""
    html = client.get(page.partition("#")[0]).content.decode()
    thread = html[html.index(f'id="comment-{said.pk}"') :]
    form = next(form for form in re.findall(r'action="([^"]+)" class="field"', thread))
    return client.post(form.partition("#")[0], {"body": body, "reply_to": said.pk})


def test_a_reply_leads_back_to_the_page_it_was_written_on(
    client: Any, open_statement: Any, line: Any, alice: Any, charlie: Any
) -> None:
    said = actions.comment(actor=alice, statement=open_statement, body="Why so little?", line=line)
    client.force_login(charlie)
    on_line = reply(client, line.get_absolute_url(), said, "Look at the seconds.")
    assert on_line.url.startswith(line.get_absolute_url())
    on_statement = reply(client, open_statement.get_absolute_url(), said, "And at the role.")
    assert on_statement.url == f"{open_statement.get_absolute_url()}#comment-{said.pk}"
    assert [(row.payee, row.reply_to) for row in said.replies.all()] == [(line.payee, said)] * 2


@pytest.mark.parametrize("page", ["statement", "line"])
def test_a_refused_reply_keeps_its_words_below_what_it_answers(
    client: Any, open_statement: Any, line: Any, alice: Any, charlie: Any, page: str
) -> None:
    said = actions.comment(actor=alice, statement=open_statement, body="Why so little?", line=line)
    other = actions.comment(actor=alice, statement=open_statement, body="And this?", line=line)
    client.force_login(charlie)
    url = line.get_absolute_url() if page == "line" else open_statement.get_absolute_url()
    refused = reply(client, url, said, "long " * 1000)
    html = refused.content.decode()
    assert refused.status_code == 422
    below = html[html.index(f'id="comment-{said.pk}"') : html.index(f'id="comment-{other.pk}"')]
    assert "<details open><summary>Reply" in below
    assert 'role="alert">Ensure this value has at most 4000 characters' in below
    assert below.count("long long") > 0
    assert html.count("Ensure this value") == 1
    assert StatementComment.objects.count() == 2


def test_a_refused_reply_is_shown_whatever_page_its_thread_stands_on(
    client: Any, open_statement: Any, alice: Any, charlie: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(common, "THREADS", 1)
    actions.comment(actor=alice, statement=open_statement, body="The first.")
    second = actions.comment(actor=alice, statement=open_statement, body="The second.")
    client.force_login(charlie)
    url = reverse("royalties:comment", args=[open_statement.pk])
    html = client.post(url, {"body": " ", "reply_to": second.pk}).content.decode()
    assert "Write what you want to say." in html[html.index(f'id="comment-{second.pk}"') :]


def test_a_refused_comment_keeps_its_words_where_they_were_written(
    client: Any, open_statement: Any, charlie: Any
) -> None:
    client.force_login(charlie)
    url = reverse("royalties:comment", args=[open_statement.pk])
    html = client.get(open_statement.get_absolute_url()).content.decode()
    assert f'action="{url}#talk"' in html
    refused = client.post(url, {"body": "words " * 700})
    assert refused.status_code == 422
    assert "words words" in refused.content.decode()


def test_a_reply_that_comes_too_late_says_so(client: Any, open_statement: Any, alice: Any, charlie: Any) -> None:
    said = actions.comment(actor=alice, statement=open_statement, body="Why so little?")
    type(open_statement).objects.filter(pk=open_statement.pk).update(status="closing")
    client.force_login(charlie)
    url = reverse("royalties:comment", args=[open_statement.pk])
    refused = client.post(url, {"body": "Because.", "reply_to": said.pk})
    assert refused.status_code == 422
    assert 'role="alert">' in refused.content.decode()
