"""Money: whole minor units of one ISO 4217 currency, never a float (style.md 17).

Nouns: Money (150 USD cents, 150 JPY yen, 150 KWD fils). Errors: MoneyError for words that are
no amount, CurrencyMismatch for two currencies in one sum, TypeError for floats and fractions.
The exponents are ISO 4217's own: the CLDR table that babel carries has cash habits in it and
gives IQD no fils and HUF no fillér.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache, total_ordering

from babel import Locale
from babel.numbers import get_currency_symbol, list_currencies, parse_pattern

USUAL_EXPONENT = 2
UNUSUAL_EXPONENTS = {
    **dict.fromkeys(
        (
            *("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG"),
            *("RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF"),
        ),
        0,
    ),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
    **dict.fromkeys(("CLF", "UYW"), 4),
}
# The most that one line of the ledger holds, in minor units; a sum of many may be more.
LARGEST_LINE = 10**15
DECIMAL = re.compile(r"(-?)([0-9]{1,18})(?:\.([0-9]{1,4}))?")


class MoneyError(ValueError):
    """Words that are no amount of money in this currency."""


class CurrencyMismatch(MoneyError):
    """Two currencies in one sum or comparison."""


def for_one_line(money: Money) -> Money:
    """Return the amount, or raise MoneyError where no line of the ledger could hold it."""
    if abs(money.amount_minor) > LARGEST_LINE:
        raise MoneyError(f"{money} is more than one line of the ledger holds.")
    return money


@lru_cache(maxsize=512)
def exponent(currency: str) -> int:
    """Return how many decimal places the currency has; refuse a code that is none."""
    if currency not in list_currencies():
        raise MoneyError(f"{currency!r} is not an ISO 4217 currency code.")
    return UNUSUAL_EXPONENTS.get(currency, USUAL_EXPONENT)


@total_ordering
@dataclass(frozen=True, slots=True)
class Money:
    """An amount in minor units with its currency."""

    amount_minor: int
    currency: str

    def __post_init__(self) -> None:
        # bool is an int to Python, and True dollars is a bug.
        if type(self.amount_minor) is not int:
            raise TypeError(f"Money takes whole minor units, not {type(self.amount_minor).__name__}.")
        exponent(self.currency)

    @classmethod
    def parse(cls, text: str, currency: str) -> Money:
        """Read a plain decimal such as "12345.67": no grouping, never more places than the currency has.

        "1.000" in a currency of two places is refused: to half the world it means a thousand.
        """
        found = DECIMAL.fullmatch(text.strip())
        if not found:
            raise MoneyError(f"{text!r} is not an amount; write it like 12345.67.")
        sign, whole, decimals = found.groups(default="")
        places = exponent(currency)
        if len(decimals) > places:
            raise MoneyError(f"{text!r} has more than the {places} decimal places of {currency}.")
        minor = int(whole + decimals.ljust(places, "0"))
        return cls(-minor if sign else minor, currency)

    @classmethod
    def total(cls, amounts: Iterable[Money], currency: str) -> Money:
        """Add up amounts of one currency; nothing adds up to zero of it."""
        result = cls(0, currency)
        for amount in amounts:
            result += amount
        return result

    def __add__(self, other: Money) -> Money:
        return Money(self.amount_minor + self._like(other), self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.amount_minor - self._like(other), self.currency)

    def __neg__(self) -> Money:
        return Money(-self.amount_minor, self.currency)

    def __abs__(self) -> Money:
        return Money(abs(self.amount_minor), self.currency)

    def __mul__(self, times: int) -> Money:
        if type(times) is not int:
            raise TypeError("Money is multiplied by whole numbers; shares go through an allocation.")
        return Money(self.amount_minor * times, self.currency)

    __rmul__ = __mul__

    def __bool__(self) -> bool:
        return self.amount_minor != 0

    def __lt__(self, other: Money) -> bool:
        return self.amount_minor < self._like(other)

    def _like(self, other: Money) -> int:
        if not isinstance(other, Money):
            raise TypeError(f"Money cannot be reckoned with {type(other).__name__}.")
        if other.currency != self.currency:
            raise CurrencyMismatch(f"{self} and {other} are different currencies.")
        return other.amount_minor

    @property
    def decimal(self) -> Decimal:
        """The exact amount in whole units, for people and files."""
        return Decimal(self.amount_minor).scaleb(-exponent(self.currency))

    def plain(self) -> str:
        """Write what `parse` reads: all decimal places, no grouping, no symbol."""
        return f"{self.decimal:f}"

    def __str__(self) -> str:
        return f"{self.plain()} {self.currency}"

    def format(self, locale: str = "en") -> str:
        """Write it for people of a language, with the symbol and all decimal places."""
        reader = Locale.parse(locale.replace("-", "_"))
        spelled = reader.currency_formats["standard"].pattern
        if get_currency_symbol(self.currency, reader).isalpha():
            # A code that stands for its symbol would run into the number.
            spelled = spelled.replace("¤#", "¤\xa0#").replace("0¤", "0\xa0¤")
        pattern = parse_pattern(spelled)
        places = exponent(self.currency)
        pattern.frac_prec = (places, places)
        return str(pattern.apply(self.decimal, reader, currency=self.currency, currency_digits=False))
