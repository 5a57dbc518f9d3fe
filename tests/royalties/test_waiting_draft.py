"""The second person follows every link of the draft that they must check, and takes its files to verify it."""

from __future__ import annotations

import html
import json
import re
from typing import Any

import pytest

from royalties import actions, verify
from royalties.views import statement as statement_page
from tests.royalties.test_publish_statement import with_factor


def links(client: Any, url: str, part: str) -> list[str]:
    """The addresses on a page that hold this, as a browser follows them."""
    text = client.get(url).content.decode()
    found = [html.unescape(address) for address in re.findall(r'href="([^"#]+)', text)]
    return [address for address in found if part in address]


@pytest.fixture
def waiting(open_statement: Any, sam: Any, dana: Any, finish_jobs: Any) -> Any:
    """Draft 2 waits; the drawing counts nothing in it."""
    with_factor(open_statement, sam, dana, 0, place=3)
    with finish_jobs():
        actions.revise(actor=sam, statement=open_statement, reason="The lid goes out.")
    open_statement.refresh_from_db()
    return open_statement


def follows(client: Any, url: str, part: str) -> list[str]:
    """The same, each of which answers; what their pages say."""
    answers = [client.get(link) for link in links(client, url, part)]
    assert [answer.status_code for answer in answers] == [200] * len(answers)
    return [answer.content.decode() for answer in answers]


def test_each_line_of_a_first_draft_can_be_looked_at(client: Any, draft: Any, sam: Any, dana: Any) -> None:
    actions.submit_for_review(actor=sam, statement=draft)
    client.force_login(dana)
    lines = follows(client, draft.get_absolute_url(), "/lines/")
    assert len(lines) == draft.pending.lines.count() == 2
    assert all("Why " in line for line in lines)


def test_each_line_of_a_further_draft_is_the_drafts(client: Any, waiting: Any, dana: Any) -> None:
    client.force_login(dana)
    url = f"{waiting.get_absolute_url()}?revision=draft"
    for page in (url, url.replace("?", "changes/?")):
        lines = follows(client, page, "/lines/")
        assert len(lines) == 2
        assert all("Draft 2, not published yet" in line for line in lines)
    (line, *_others) = links(client, url, "/lines/")
    assert follows(client, line, f"{waiting.get_absolute_url()}?revision=draft")
    (changes,) = set(links(client, url, "/changes/"))
    assert "Draft 2 against draft 1" in client.get(changes).content.decode()


@pytest.mark.parametrize("asked", ["", "?revision=draft"])
def test_the_files_of_a_draft_can_be_verified_before_it_is_published(
    client: Any, request: Any, dana: Any, asked: str
) -> None:
    statement = request.getfixturevalue("waiting" if asked else "draft")
    client.force_login(dana)
    url = f"{statement.get_absolute_url()}{asked}"
    (file,) = links(client, url, "statement.json")
    document = json.loads(client.get(file).content)
    assert document["result_sha256"] == statement.pending.result_sha256
    assert list(verify.problems(document)) == []
    (table,) = follows(client, url, "statement.csv")
    assert len(table.splitlines()) == 1 + statement.pending.lines.count()


def test_files_of_a_waiting_draft_are_nobody_elses(client: Any, waiting: Any, bob: Any) -> None:
    client.force_login(bob)
    for name in ("statement.json", "statement.csv", "changes/", f"lines/{bob.payee.code}/"):
        assert client.get(f"{waiting.get_absolute_url()}{name}?revision=draft").status_code == 404


def test_what_is_said_about_a_draft_that_only_staff_see_is_said_where_everybody_reads_it(
    client: Any, waiting: Any, dana: Any
) -> None:
    client.force_login(dana)
    assert "<textarea" in client.get(waiting.get_absolute_url()).content.decode()
    url = f"{waiting.get_absolute_url()}?revision=draft"
    assert "<textarea" not in client.get(url).content.decode()
    assert "<textarea" not in client.get(links(client, url, "/lines/")[0]).content.decode()


def test_everybody_for_printing_is_everybody_of_the_draft_one_looks_at(
    client: Any, waiting: Any, dana: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    actions.publish(actor=dana, statement=waiting)
    monkeypatch.setattr(statement_page, "ROWS", 1)
    url = f"{waiting.get_absolute_url()}?revision=1"
    (link,) = links(client, url, "all=1")
    printed = client.get(link).content.decode()
    assert "Draft 1, replaced by a newer one" in printed
    assert len(re.findall(r'<tr id="payee-', printed)) == 2
