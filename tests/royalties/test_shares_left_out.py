"""A table that shows a part of the shares says how many are not in it, and what they come to."""

from __future__ import annotations

import re
from typing import Any

import pytest

from royalties.views import statement as statement_page

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def amounts(open_statement: Any, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the two payees get, the larger first; a page of the table has room for one of them."""
    monkeypatch.setattr(statement_page, "ROWS", 1)
    lines = open_statement.current.lines.order_by("rank")
    return [f"${line.amount_minor / 100:,.2f}" for line in lines]


def table(client: Any, address: str) -> str:
    """The words of the table of shares."""
    html = client.get(address).content.decode()
    found = re.search(r'<table class="ledger stacked">(.*?)</table>', html, re.DOTALL)
    assert found is not None
    return " ".join(re.sub(r"<[^>]+>", " ", found[1]).split())


def more_link(client: Any, statement: Any) -> str:
    html = client.get(statement.get_absolute_url()).content.decode()
    found = re.search(r'data-more="shares"><a class="btn quiet" href="([^"]+)"', html)
    assert found is not None
    return found[1].replace("&amp;", "&")


def test_the_first_page_says_how_many_follow_and_with_how_much(
    client: Any, open_statement: Any, amounts: list[str]
) -> None:
    words = table(client, open_statement.get_absolute_url())
    assert "Shares of 1 of 2 contributors" in words
    assert re.search(rf"1 more [\d.]+% {re.escape(amounts[1])}", words)
    assert "before these" not in words


def test_the_second_page_says_how_many_came_before(client: Any, open_statement: Any, amounts: list[str]) -> None:
    words = table(client, more_link(client, open_statement))
    assert "Shares of 1 of 2 contributors" in words
    assert re.search(rf"1 before these [\d.]+% {re.escape(amounts[0])}", words)
    assert "1 more" not in words


def test_behind_the_last_share_all_came_before(client: Any, open_statement: Any, amounts: list[str]) -> None:
    words = table(client, f"{open_statement.get_absolute_url()}?after=99")
    assert "Shares of 0 of 2 contributors" in words
    assert "2 before these 100.0% $5,672.83" in words


def test_who_shows_everybody_reads_of_no_rest(client: Any, open_statement: Any, amounts: list[str]) -> None:
    words = table(client, f"{open_statement.get_absolute_url()}?all=1")
    assert "Shares of 2 contributors" in words
    assert "1 more" not in words
    assert "before" not in words


def test_printing_is_offered_where_all_shares_are_shown(client: Any, open_statement: Any, amounts: list[str]) -> None:
    for address in (open_statement.get_absolute_url(), more_link(client, open_statement)):
        html = client.get(address).content.decode()
        assert "Show everybody, to print" in html
        assert "data-print" not in html
    html = client.get(f"{open_statement.get_absolute_url()}?all=1").content.decode()
    assert "data-print" in html
    assert "Show everybody" not in html
