"""What nobody types but a program: years that are none, numbers that are none, a NUL where something is named."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

NUL = "\0"


@pytest.fixture
def line(open_statement: Any, bob: Any) -> Any:
    return open_statement.current.lines.get(payee__artist=bob)


@pytest.mark.parametrize("year", [0, 10_000, 10**30])
@pytest.mark.parametrize("name", ["year", "earnings_csv"])
def test_a_year_that_is_in_no_calendar_is_not_found(client: Any, line: Any, bob: Any, name: str, year: int) -> None:
    client.force_login(bob)
    assert client.get(reverse(f"royalties:{name}", args=[year])).status_code == 404


@pytest.mark.parametrize("year", [1, 9_999])
@pytest.mark.parametrize("name", ["year", "earnings_csv"])
def test_the_first_and_the_last_year_of_the_calendar_are_empty(
    client: Any, line: Any, bob: Any, name: str, year: int
) -> None:
    client.force_login(bob)
    assert client.get(reverse(f"royalties:{name}", args=[year])).status_code == 200


def test_a_what_if_that_can_have_no_code_is_none(client: Any, open_statement: Any, line: Any, bob: Any) -> None:
    assert client.get(line.get_absolute_url(), {"what_if": NUL}).status_code == 200
    client.force_login(bob)
    url = reverse("royalties:line_comment", args=[open_statement.pk, bob.payee.code])
    assert client.post(url, {"body": "Too short.", "what_if": NUL}).status_code == 422
    assert client.post(f"{url}?what_if=%00", {"body": "Too short."}).status_code == 302


def test_a_line_that_can_have_no_code_is_not_found(client: Any, open_statement: Any, bob: Any) -> None:
    url = reverse("royalties:claim", args=[open_statement.pk])
    assert "/login/" in client.get(url, {"line": NUL}).url
    client.force_login(bob)
    assert client.get(url, {"line": NUL}).status_code == 404
    assert client.post(f"{url}?line=%00", {"name": "Bob", "work": "Steam", "evidence": "Here."}).status_code == 404


@pytest.mark.parametrize("number", [NUL, "9" * 30, "9" * 5000, "0", "-1"])
@pytest.mark.parametrize("name", ["statement", "changes", "statement_csv", "statement_json"])
def test_a_revision_that_can_have_no_number_is_not_found(
    client: Any, open_statement: Any, name: str, number: str
) -> None:
    url = reverse(f"royalties:{name}", args=[open_statement.pk])
    assert client.get(url, {"revision": number}).status_code == 404


def test_other_odd_parameters_are_passed_over(client: Any, open_statement: Any, line: Any, bob: Any) -> None:
    client.force_login(bob)
    odd = {"after": NUL, "threads": NUL, "all": NUL, "payee": NUL, "find": NUL, "first": NUL, "L1-quantity": NUL}
    pages = [
        open_statement.get_absolute_url(),
        line.get_absolute_url(),
        reverse("royalties:money"),
        reverse("royalties:production_money", args=[open_statement.production_id]),
        reverse("royalties:heads"),
        reverse("royalties:earnings"),
        reverse("royalties:earned_works"),
        reverse("royalties:panels"),
        reverse("royalties:changes", args=[open_statement.pk]),
    ]
    for page in pages:
        assert client.get(page, odd).status_code == 200, page
    assert client.get(reverse("royalties:what_if", args=[open_statement.pk]), odd).status_code == 422
    assert client.get(reverse("royalties:what_if", args=[open_statement.pk]), {"L1\0-quantity": "7"}).status_code == 200
    assert client.get(reverse("royalties:destination"), {"country": NUL}).status_code in {200, 302}
