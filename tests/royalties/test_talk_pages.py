"""What is said on the pages of a statement: where an answer leads, and what becomes of words that are refused."""

import re
from html import unescape
from typing import Any

import pytest
from django.urls import reverse

from profiles.models import Notice
from royalties import actions, figures
from royalties.exceptions import WrongState
from royalties.models import Statement, StatementComment
from royalties.views import _statement as common
from royalties.views import statement as statement_page


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
    answer = said.replies.get(body="And at the role.")
    assert on_statement.url == f"{open_statement.get_absolute_url()}?thread={said.pk}#comment-{answer.pk}"
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


def threads(statement: Any, artist: Any, count: int) -> list[StatementComment]:
    return [actions.comment(actor=artist, statement=statement, body=f"Thread {number}.") for number in range(count)]


def shows(client: Any, url: str, comment: StatementComment) -> bool:
    """Whether the page behind an address has the comment that it names."""
    page, _hash, anchor = url.partition("#")
    assert anchor == f"comment-{comment.pk}"
    return f'id="{anchor}"' in client.get(page).content.decode()


def test_the_address_of_a_comment_shows_it_on_whatever_page_its_thread_stands(
    client: Any, open_statement: Any, line: Any, alice: Any, charlie: Any, sam: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(common, "THREADS", 2)
    *_others, last = threads(open_statement, alice, 5)
    client.force_login(charlie)
    url = reverse("royalties:comment", args=[open_statement.pk])
    answered = client.post(url, {"body": "I see.", "reply_to": last.pk})
    said = StatementComment.objects.get(body="I see.")
    assert shows(client, answered.url, said)
    assert shows(client, Notice.objects.get(recipient=alice, event__verb="royalties.commented").url, said)
    new = client.post(url, {"body": "A sixth."})
    assert shows(client, new.url, StatementComment.objects.get(body="A sixth."))
    of_line = actions.comment(actor=charlie, statement=open_statement, body="And this line?", line=line)
    beside = client.post(url, {"body": "Yes.", "reply_to": of_line.pk})
    assert shows(client, beside.url, of_line.replies.get())
    claim = actions.claim_missing_work(
        actor=charlie, statement=open_statement, name="Charlie", work="Three bells", evidence="At 0:40."
    )
    assert claim.objection is not None
    case = client.get(claim.objection.get_absolute_url()).content.decode()
    (thread,) = re.findall(r'href="([^"]+)">The thread<', case)
    assert shows(client, unescape(thread), claim.objection.comment)
    assert shows(
        client, Notice.objects.get(recipient=sam, event__verb="royalties.objected").url, claim.objection.comment
    )


def test_pages_of_threads_stay_with_the_draft_and_lead_back_to_the_first(
    client: Any, open_statement: Any, alice: Any, charlie: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(common, "THREADS", 2)
    threads(open_statement, alice, 3)
    client.force_login(charlie)

    def follow(text: str, words: str) -> str:
        (url,) = re.findall(rf'href="([^"]+)">{words}<', text)
        answer = client.get(unescape(url).partition("#")[0])
        assert answer.status_code == 200
        assert answer.context["revision"].number == 1
        return str(answer.content.decode())

    first = client.get(f"{open_statement.get_absolute_url()}?revision=1").content.decode()
    assert "Show the first comments" not in first
    assert "revision=1&amp;threads=" in first
    second = follow(first, "Show more comments")
    assert "Thread 0." not in second
    assert "Thread 2." in second
    assert "Thread 0." in follow(second, "Show the first comments")
    monkeypatch.setattr(statement_page, "ROWS", 1)
    refused = client.post(reverse("royalties:comment", args=[open_statement.pk]), {"body": " "}).content.decode()
    assert "Thread 2." in follow(refused, "Show more comments")
    for words in ("Show more people", "Show everybody, to print or save as PDF"):
        assert "Alice" in follow(refused, words)


@pytest.mark.parametrize("page", ["statement", "line"])
def test_a_reply_is_made_an_objection_and_shows_its_case_and_the_answer(
    client: Any, open_statement: Any, line: Any, alice: Any, bob: Any, dana: Any, page: str
) -> None:
    said = actions.comment(actor=alice, statement=open_statement, body="It is short.", line=line)
    mine = actions.comment(actor=bob, statement=open_statement, body="It lasts two minutes.", reply_to=said)
    url = line.get_absolute_url() if page == "line" else open_statement.get_absolute_url()

    def shown(reader: Any) -> str:
        client.force_login(reader)
        html = client.get(url).content.decode()
        return html[html.index(f'id="comment-{mine.pk}"') :].partition("</article>")[0]

    assert "Make this an objection" not in shown(alice)
    form = reverse("royalties:object", args=[open_statement.pk, mine.pk])
    assert f'action="{form}"' in shown(bob)
    assert client.post(form, {"kind": "measure"}).url.endswith(f"#comment-{mine.pk}")
    objection = mine.objection
    for words in ("Wrong measure", "Awaiting answer", f'href="{objection.get_absolute_url()}"'):
        assert words in shown(alice)
    assert "Make this an objection" not in shown(bob)
    actions.answer_objection(actor=dana, objection=objection, outcome="declined", reason="We timed it again.")
    for words in ("Declined", "Answer by ", "We timed it again."):
        assert words in shown(alice)
    assert "take the answer to a panel" in shown(bob)


def test_a_thread_of_cases_takes_no_more_queries_than_one_of_words(
    open_statement: Any, line: Any, alice: Any, bob: Any, django_assert_max_num_queries: Any
) -> None:
    said = actions.comment(actor=alice, statement=open_statement, body="It is short.", line=line)
    for number in range(5):
        mine = actions.comment(actor=bob, statement=open_statement, body=f"Look at {number}.", reply_to=said)
        actions.object_to(actor=bob, comment=mine, kind="measure")
    with django_assert_max_num_queries(3):
        (root,) = figures.threads_of(common.roots_of(open_statement), open_statement.current, bob)
        assert all(child.objection.pk and not hasattr(child.objection, "answer") for child in root.children)  # type: ignore[attr-defined]  # dressed


def test_payees_speak_always_and_members_until_the_discussion_is_closed(
    client: Any, posted: Any, bob: Any, charlie: Any
) -> None:
    Statement.objects.filter(pk=posted.pk).update(status=Statement.Status.PAID)
    assert actions.comment(actor=bob, statement=posted, body="It has come, thank you.").pk
    with pytest.raises(WrongState):
        actions.comment(actor=charlie, statement=posted, body="Congratulations.")
    client.force_login(bob)
    assert "Comment on the whole statement" in client.get(posted.get_absolute_url()).content.decode()
    client.force_login(charlie)
    assert "Comment on the whole statement" not in client.get(posted.get_absolute_url()).content.decode()
