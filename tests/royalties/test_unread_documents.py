"""The documents of a revision weigh a megabyte: a page reads none for the rows of its lists, and none it does not show."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from royalties import actions, kinship

COLUMNS = ("input_bytes", "result_bytes")


def queries_of(client: Any, url: str, **query: str) -> list[str]:
    """What a page asks of the database."""
    with CaptureQueriesContext(connection) as asked:
        response = client.get(url, query)
    assert response.status_code == 200, url
    return [row["sql"] for row in asked.captured_queries]


def with_documents(queries: list[str]) -> list[str]:
    """Those that have a document sent, not those that look into one where it lies."""
    return [sql for sql in queries if any(f'."{column}"' in sql for column in COLUMNS)]


@pytest.mark.parametrize("query", [{}, {"all": "1"}, {"revision": "1"}])
def test_the_table_of_shares_brings_no_document_with_its_rows(
    client: Any, open_statement: Any, bob: Any, query: dict[str, str]
) -> None:
    client.force_login(bob)
    found = with_documents(queries_of(client, open_statement.get_absolute_url(), **query))
    assert [sql for sql in found if "royalties_statementline" in sql] == []
    assert all(sql.count("input_bytes") + sql.count("result_bytes") == 1 for sql in found)


def test_lists_of_money_bring_no_document(client: Any, posted: Any, bob: Any, sam: Any) -> None:
    pages = [
        reverse("royalties:money"),
        reverse("royalties:production_money", args=[posted.production_id]),
        posted.production.get_absolute_url(),
        reverse("royalties:earnings"),
        reverse("royalties:earnings_csv", args=[posted.posted_at.year]),
        reverse("royalties:claim", args=[posted.pk]),
        reverse("royalties:claim_sent", args=[posted.pk]),
    ]
    client.force_login(bob)
    for page in pages:
        assert with_documents(queries_of(client, page)) == [], page
    client.force_login(sam)
    for page in (
        reverse("admin:royalties_statement_changelist"),
        reverse("admin:royalties_revision_changelist"),
        reverse("royalties:progress", args=[posted.pk]),
    ):
        assert with_documents(queries_of(client, page)) == [], page


def test_a_case_and_its_line_bring_no_document(client: Any, open_statement: Any, bob: Any) -> None:
    line = open_statement.current.lines.get(payee__artist=bob)
    tried = actions.propose_what_if(actor=bob, revision=open_statement.current, wanted={"L1": {"quantity": 7}})
    case = actions.raise_objection(
        actor=bob, statement=open_statement, kind="measure", body="Longer.", line=line, what_if=tried
    )
    assert with_documents(queries_of(client, case.get_absolute_url())) == []


def test_who_has_a_part_is_found_without_a_document(draft: Any) -> None:
    assert draft.pending is not None
    with CaptureQueriesContext(connection) as asked:
        kinship.involved_in(draft)
    assert with_documents([row["sql"] for row in asked.captured_queries]) == []
