"""Money: whole minor units of one currency, whatever its decimal places."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from royalties.money import CurrencyMismatch, Money, MoneyError, exponent, for_one_line


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("12345.67", "USD", 1234567),
        ("12345.6", "USD", 1234560),
        ("12345", "USD", 1234500),
        (" -0.05 ", "EUR", -5),
        ("150", "JPY", 150),
        ("1.234", "KWD", 1234),
        ("1.5", "IQD", 1500),
        ("1.25", "HUF", 125),
        ("0.0001", "CLF", 1),
        ("0", "USD", 0),
    ],
)
def test_it_reads_a_decimal_by_the_currency_s_places(text: str, currency: str, minor: int) -> None:
    assert Money.parse(text, currency) == Money(minor, currency)


@pytest.mark.parametrize(
    ("text", "currency"),
    [
        ("1.005", "USD"),
        ("1.000", "USD"),
        ("1.0", "JPY"),
        ("1,000", "USD"),
        ("1e3", "USD"),
        ("", "USD"),
        ("-", "USD"),
        (".5", "USD"),
        ("5.", "USD"),
        ("NaN", "USD"),
        ("٣", "USD"),
        ("+5", "USD"),
        ("5", "ZZZ"),
        ("5", "usd"),
        ("1" * 30, "USD"),
    ],
)
def test_it_refuses_words_that_are_no_amount(text: str, currency: str) -> None:
    with pytest.raises(MoneyError):
        Money.parse(text, currency)


def test_a_line_of_the_ledger_holds_only_so_much() -> None:
    for minor in (10**15, -(10**15)):
        assert for_one_line(Money(minor, "USD")).amount_minor == minor
        with pytest.raises(MoneyError, match="more than one line"):
            for_one_line(Money(minor + minor // 10**15, "USD"))


@pytest.mark.parametrize("amount", [1.0, "1", True, None, Decimal(1)])
def test_it_refuses_everything_but_whole_numbers(amount: Any) -> None:
    with pytest.raises(TypeError):
        Money(amount, "USD")


def test_it_never_takes_a_float_in_arithmetic() -> None:
    money = Money(100, "USD")
    for reckon in (
        lambda: money * 0.5,  # type: ignore[operator]  # what must be refused
        lambda: money + 1,  # type: ignore[operator]  # what must be refused
        lambda: money < 1,  # type: ignore[operator]  # what must be refused
        lambda: money / 2,  # type: ignore[operator]  # what must be refused
        lambda: float(money),  # type: ignore[arg-type]  # what must be refused
    ):
        with pytest.raises(TypeError):
            reckon()


def test_it_reckons_in_one_currency() -> None:
    a, b = Money(150, "USD"), Money(-30, "USD")
    assert (a + b, a - b, -a, abs(b), a * 3, 3 * a) == tuple(
        Money(minor, "USD") for minor in (120, 180, -150, 30, 450, 450)
    )
    assert Money.total([a, b, b], "USD") == Money(90, "USD")
    assert Money.total([], "JPY") == Money(0, "JPY")
    assert b < a
    assert max(a, b) == a
    assert not Money(0, "USD")


def test_it_refuses_two_currencies_in_one_sum() -> None:
    with pytest.raises(CurrencyMismatch):
        Money(1, "USD") + Money(1, "EUR")
    with pytest.raises(CurrencyMismatch):
        _ = Money(1, "USD") < Money(1, "EUR")
    assert Money(1, "USD") != Money(1, "EUR")


def test_it_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        Money(1, "USD").amount_minor = 2  # type: ignore[misc]  # what must be refused


@given(st.integers(-(10**17), 10**17), st.sampled_from(["USD", "JPY", "KWD", "CLF"]))
def test_what_it_writes_it_reads_again(minor: int, currency: str) -> None:
    money = Money(minor, currency)
    assert Money.parse(money.plain(), currency) == money


@pytest.mark.parametrize(
    ("money", "locale", "text"),
    [
        (Money(1234567, "USD"), "en", "$12,345.67"),
        (Money(-5, "USD"), "en", "-$0.05"),
        (Money(1234567, "EUR"), "de", "12.345,67\xa0€"),
        (Money(1234567, "JPY"), "en", "¥1,234,567"),
        (Money(1234, "KWD"), "en", "KWD\xa01.234"),
        (Money(1500, "IQD"), "en", "IQD\xa01.500"),
        (Money(1234567, "USD"), "pt-br", "US$\xa012.345,67"),
    ],
)
def test_it_is_written_for_people_of_a_language(money: Money, locale: str, text: str) -> None:
    assert money.format(locale) == text


def test_exponents_are_those_of_iso_4217() -> None:
    places = {code: exponent(code) for code in ("USD", "JPY", "KWD", "CLF", "HUF", "IQD", "ISK")}
    assert places == {"USD": 2, "JPY": 0, "KWD": 3, "CLF": 4, "HUF": 2, "IQD": 3, "ISK": 0}
