"""The rules of a mapping: one flat JSON object, checked before it is kept. Pure but for the words."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, fields
from typing import Any

from django.utils.translation import gettext as _

from royalties.mapping.numbers import reads_days
from royalties.money import MoneyError, exponent

SLUG = re.compile(r"[a-z0-9][a-z0-9_-]{0,29}")
MARKS = {".", ",", "'", "’", " ", ""}
KINDS = ("sale", "refund", "fee", "rebate", "skip")
FEE_SIGNS = ("sales", "plus", "minus")
ENCODINGS = ("utf-8", "cp1252", "utf-16", "utf-16-le", "mac-roman")
TAKEN_CHANNELS = {"refunds", "reserve"}


class RulesRefused(ValueError):
    """A mapping that cannot be used; `problems` says why, one sentence each."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__(" ".join(problems))


@dataclass(frozen=True, kw_only=True)
class Rules:
    """The rules of a mapping; a name ending in _column is the header's word, an empty one means none."""

    provider: str
    id_columns: list[str]
    rows: str = "one"
    day_column: str
    day_format: str = "%Y-%m-%d"
    amount_column: str
    decimal: str = "."
    grouping: str = ""
    amount_is: str = "gross"
    negative: str = "refuse"
    fee_column: str = ""
    fee_sign: str = "sales"
    currency: str = ""
    currency_column: str = ""
    production: str = ""
    production_columns: list[str] = field(default_factory=list)
    unmatched: str = "suspense"
    kind: str = "sale"
    kind_column: str = ""
    kinds: dict[str, str] = field(default_factory=dict)
    channel: str = ""
    channel_column: str = ""
    sale_column: str = ""
    skip_if_empty: str = ""
    encoding: str = "utf-8"
    supplier: str = ""
    supplier_column: str = ""
    category: str = ""
    category_column: str = ""
    categories: dict[str, str] = field(default_factory=dict)

    @property
    def columns(self) -> list[str]:
        """Every column that the file must have."""
        single = [getattr(self, part.name) for part in fields(self) if part.name.endswith("_column")]
        named = [*self.id_columns, *single, *self.production_columns, self.skip_if_empty]
        return [name for name in dict.fromkeys(named) if name]


def rules_of(kind: str, data: Any, categories: list[str]) -> Rules:
    """Read and check a mapping's rules; raises RulesRefused naming all that is wrong."""
    known = {part.name: part for part in fields(Rules)}
    if not isinstance(data, dict):
        raise RulesRefused([_("The rules are no JSON object.")])
    wrong = [_("“%(name)s” is no rule.") % {"name": name} for name in data if name not in known]
    for name, value in data.items():
        if name in known and not _fits(str(known[name].type), value):
            wrong.append(_("“%(name)s” has a value of the wrong shape.") % {"name": name})
    if wrong:
        raise RulesRefused(wrong)
    blank: dict[str, Any] = {"provider": "", "id_columns": [], "day_column": "", "amount_column": ""}
    rules = Rules(**(blank | data))
    if wrong := [*_common_problems(rules), *(_cost if kind == "cost" else _revenue)(rules, categories)]:
        raise RulesRefused(wrong)
    return rules


def _fits(shape: str, value: Any) -> bool:
    if shape == "str":
        return isinstance(value, str) and len(value) <= 200
    if shape.startswith("list"):
        return isinstance(value, list) and all(isinstance(item, str) and item for item in value)
    return isinstance(value, dict) and all(isinstance(item, str) for pair in value.items() for item in pair)


def _common_problems(rules: Rules) -> list[str]:
    wrong = []
    for is_wrong, words in (
        (not SLUG.fullmatch(rules.provider), _("The provider needs small letters, digits, - or _.")),
        (not rules.id_columns, _("Name the column, or the columns, that tell one row from another.")),
        (not rules.day_column or not rules.amount_column, _("Name the columns of the day and of the amount.")),
        (rules.decimal not in {".", ","}, _("The decimal sign is . or ,")),
        (rules.grouping not in MARKS, _("Thousands are marked with , . ' or a space, or not at all.")),
        (rules.grouping == rules.decimal, _("One sign cannot mark both decimals and thousands.")),
        (rules.rows not in {"one", "add"}, _("Rows of one id are refused (one) or added up (add).")),
        (rules.negative not in {"refuse", "refund"}, _("A negative amount is refused (refuse) or a refund (refund).")),
        (rules.amount_is not in {"gross", "net"}, _("The amount is gross or net of the fee.")),
        (rules.fee_sign not in FEE_SIGNS, _("A fee is written as on the sales (sales), with a plus or with a minus.")),
        (rules.unmatched not in {"suspense", "refuse"}, _("What matches nothing waits (suspense) or is refused.")),
        (rules.encoding not in ENCODINGS, _("The encoding is one of %(known)s.") % {"known": ", ".join(ENCODINGS)}),
        (bool(rules.currency) == bool(rules.currency_column), _("Give either the currency or its column.")),
        (bool(rules.production) == bool(rules.production_columns), _("Give either the production or its columns.")),
        (bool(rules.currency) and not _is_currency(rules.currency), _("The currency is no ISO 4217 code.")),
        ("%y" not in rules.day_format.casefold(), _("The format of the day has no year (%%Y or %%y).")),
        (
            "%y" in rules.day_format.casefold() and not reads_days(rules.day_format),
            _("The format of the day reads no day; each part stands in it once, and minutes are %%M, months %%m."),
        ),
    ):
        if is_wrong:
            wrong.append(words)
    return wrong


def _revenue(rules: Rules, _categories: list[str]) -> list[str]:
    wrong = []
    if bool(rules.channel) == bool(rules.channel_column):
        wrong.append(_("Give either the channel or its column."))
    if rules.channel and (not SLUG.fullmatch(rules.channel) or rules.channel in TAKEN_CHANNELS):
        wrong.append(_("“%(name)s” is no channel.") % {"name": rules.channel})
    if rules.kind_column and not rules.kinds:
        wrong.append(_("Say which of their kinds are sale, refund, fee, rebate or skip."))
    if rules.kind not in KINDS or any(kind not in KINDS for kind in rules.kinds.values()):
        wrong.append(_("A kind is one of sale, refund, fee, rebate and skip."))
    return wrong


def _cost(rules: Rules, categories: list[str]) -> list[str]:
    wrong = []
    if bool(rules.supplier) == bool(rules.supplier_column):
        wrong.append(_("Give either the supplier or its column."))
    if bool(rules.category) == bool(rules.category_column):
        wrong.append(_("Give either the category or its column."))
    used = {rules.category, *rules.categories.values()} - {""}
    if not used <= set(categories):
        wrong.append(_("A category is one of %(known)s.") % {"known": ", ".join(categories)})
    if rules.fee_column or rules.fee_sign != "sales" or rules.sale_column or rules.kind_column:
        wrong.append(_("A cost has no fee, no sale and no kind."))
    if rules.negative != "refuse":
        wrong.append(_("A negative amount is a credit note and no cost: it is a mistake here, never a refund."))
    return wrong


def _is_currency(code: str) -> bool:
    try:
        exponent(code)
    except MoneyError:
        return False
    return True
