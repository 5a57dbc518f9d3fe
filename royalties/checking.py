"""What a report would book: fresh items, what is known already, and every problem by its line.

The same look serves the preview, the worker and each of its parts, so that none sees other
rules than another. Reading only; amounts are positive minor units in Money.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from django.db.models import Sum
from django.utils.translation import gettext as _

from projects.models import Production
from royalties.known import Bill, KnownBills, KnownIncomes, Number
from royalties.mapping import MappedRow, Problems, RulesRefused, read, rules_of
from royalties.matching import Names
from royalties.models import Cost, Income, Mapping, Suspense
from royalties.money import Money
from royalties.settled import is_settled, open_from

SALE, REFUND, FEE, REBATE = Income.Kind.SALE, Income.Kind.REFUND, Income.Kind.FEE, Income.Kind.REBATE
WAITS, COST = "suspense", "cost"
# Sales before what takes from them, so that a refund finds its sale and no suspense is overdrawn.
ORDER = {SALE: 0, WAITS: 0, REFUND: 1, FEE: 2, REBATE: 3, COST: 4}
AT_ONCE = 5_000


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to book: a sale, refund, fee, rebate or cost of a production, or a sale that waits."""

    kind: str
    row: MappedRow
    amount: Money
    production: Production | None = None

    @property
    def is_refunds_fee(self) -> bool:
        """Whether it is what came of the fee with a refund."""
        return self.kind in {FEE, REBATE} and self.row.kind == REFUND

    @property
    def transaction(self) -> str:
        return self.row.fee_transaction if self.is_refunds_fee else self.row.transaction

    @property
    def key(self) -> tuple[str, str]:
        return self.transaction, SALE if self.kind == WAITS else self.kind

    @property
    def keys(self) -> list[tuple[str, str]]:
        """What it takes: its own key, and that of a fee that waits with it."""
        return [self.key, *([(self.transaction, FEE)] if self.kind == WAITS and self.row.fee else [])]


@dataclass(slots=True)
class Checked:
    """All of a file."""

    provider: str
    fresh: list[Item] = field(default_factory=list)
    known: int = 0
    empty: int = 0
    problems: Problems = field(default_factory=list)

    @property
    def total(self) -> int:
        return len(self.fresh) + self.known


def check_report(content: bytes, mapping: Mapping) -> Checked:
    """Read a file by a mapping and hold every row against what is there."""
    try:
        rules = rules_of(mapping.kind, mapping.rules, Cost.Category.values)
    except RulesRefused as refusal:
        # It was kept before there was a rule against it.
        return Checked("", problems=[(0, _("%(why)s Keep its next version.") % {"why": refusal})])
    reading = read(content, rules, mapping.kind)
    checked = Checked(rules.provider, empty=reading.empty, problems=list(reading.problems))
    items = _placed(reading.rows, rules.unmatched, Names(rules.provider), checked)
    hold_against_books(list(_each_once(items, checked)), checked)
    checked.fresh.sort(key=lambda item: (ORDER[item.kind], item.row.number))
    checked.problems.sort()
    if not reading.rows and not checked.problems:
        checked.problems.append((1, _("The file has no rows that mean money.")))
    return checked


def hold_against_books(items: Sequence[Item], checked: Checked) -> None:
    """Sort items into fresh ones, known ones and problems."""
    days = open_from()
    books = Books(checked.provider, items)
    for item in items:
        problem = books.contradiction(item)
        if problem is None and books.knows(item):
            checked.known += 1
            continue
        if problem is None and item.production is not None:
            day = item.row.day
            if is_settled(days, item.production.pk, item.amount.currency, day):
                problem = _("%(day)s and what came before it is settled; give a later day") % {"day": day}
        if problem is None:
            problem = books.refund_problem(item)
        if problem is not None:
            checked.problems.append((item.row.number, problem))
        else:
            checked.fresh.append(item)


def _each_once(items: Iterable[Item], checked: Checked) -> Iterator[Item]:
    """Those whose number stands once in the file for what they are; each line of another is named once."""
    seen: dict[tuple[str, str], int] = {}
    named = 0
    for item in items:
        line = item.row.number
        before = {seen.setdefault(key, line) for key in item.keys} - {line}
        if not before:
            yield item
        elif named != line:
            named = line
            is_beside = item.kind != item.row.kind and item.kind != WAITS and item.kind != COST
            words = _("its fee has the id of one in line %(line)d") if is_beside else _("the same id as line %(line)d")
            checked.problems.append((line, words % {"line": min(before)}))


class Books:
    """What is known of the transactions of some items. Few queries, whatever their number."""

    def __init__(self, provider: str, items: Sequence[Item]) -> None:
        names = {name for item in items for name in (item.transaction, item.row.transaction, item.row.sale) if name}
        self._provider = provider
        self._incomes = KnownIncomes(sorted(names), provider)
        self._waiting = {
            row.transaction: row
            for some in _in_parts(sorted(names))
            for row in Suspense.objects.filter(provider=provider, transaction__in=some).order_by("again")
        }
        self._bills = KnownBills([item.row.transaction for item in items if item.kind == COST])
        self._sales = {item.row.transaction: item for item in items if item.kind == SALE}
        self._given_back: dict[str, int] = {}
        for some in _in_parts(sorted({item.row.sale for item in items if item.row.sale})):
            backs = Income.objects.filter(kind=REFUND, sale__provider=provider, sale__transaction__in=some)
            backs = backs.exclude(reversals__approved_at__isnull=False)
            summed = backs.values_list("sale__transaction").annotate(total=Sum("amount_minor"))
            self._given_back.update(summed)

    def knows(self, item: Item) -> bool:
        if item.kind == COST:
            return self._bills.knows(item.row.transaction, _bill(item))
        if self._waits(item) is not None:
            return True
        return any(self._figures(item) == self._figures_of(item, row) for row in self._rows(item))

    def contradiction(self, item: Item) -> str | None:
        """How a row that stands differs from what the file says now; what was taken back contradicts nothing."""
        if item.kind == COST:
            return self._bills.problem(item.row.transaction, _bill(item))
        named, waits = {"id": unquote(item.transaction)}, self._waits(item)
        others = _("transaction %(id)s is known with other figures") % named
        if waits is not None:
            return others if self._figures(item) != _figures_of_waiting(item, waits) else None
        if self.knows(item):
            return None
        if any(self._incomes.standing(number) is not None for number in self._numbers(item)):
            return others
        if item.kind == WAITS and self._rows(item):
            return _("the sale %(id)s was taken back; say under “providers’ names” which production it is of") % named
        if item.kind == WAITS and item.row.fee and self._fee_of(item):
            return _("the fee of transaction %(id)s is booked already") % named
        if item.kind == REBATE and self._incomes.standing(self._under_refund(item, FEE)) is not None:
            return _("what is given back with refund %(id)s is booked as a fee; take that back first") % named
        return None

    def again(self, item: Item) -> int:
        """How many of the number of a fresh item were taken back before it."""
        return self._incomes.again(self._number_of(*item.key))

    def sale_of(self, item: Item) -> tuple[Production | None, Money, Income | None] | None:
        """The sale that a refund gives back: production, amount and row; None where there is none."""
        number = self._provider, item.row.sale, str(SALE)
        known, fresh = self._incomes.last(number), self._sales.get(item.row.sale)
        if self._incomes.standing(number) is None and fresh is not None and not self.knows(fresh):
            return fresh.production, fresh.amount, None
        return (known.production, Money(known.amount_minor, known.currency), known) if known is not None else None

    def refund_problem(self, item: Item) -> str | None:
        """A refund that names its sale gives back no more than that, of the same production."""
        if item.kind != REFUND or not item.row.sale:
            return None
        found = self.sale_of(item)
        if found is None:
            return _("no sale %(id)s is known that this could give back") % {"id": item.row.sale}
        production, amount, row = found
        if row is not None and _is_taken_back(row):
            return _("the sale %(id)s was taken back itself") % {"id": item.row.sale}
        back = self._given_back.get(item.row.sale, 0) + item.amount.amount_minor
        if item.amount.currency != amount.currency or back > amount.amount_minor:
            return _("gives back more than the sale %(id)s of %(amount)s") % {"id": item.row.sale, "amount": amount}
        if production != item.production:
            return _("the sale %(id)s is of another production") % {"id": item.row.sale}
        self._given_back[item.row.sale] = back
        return None

    def _under_refund(self, item: Item, kind: str) -> Number:
        """The number of the refund itself, where what came of its fee may stand under it; one of nothing elsewhere."""
        number = item.row.transaction
        is_sales = number in self._sales or number in self._waiting or self._incomes.rows(self._number_of(number, SALE))
        return self._number_of("" if is_sales or not item.is_refunds_fee else number, kind)

    def _waits(self, item: Item) -> Suspense | None:
        """What an earlier report brought to suspense by this number; what is given back is a fact of its own."""
        row = self._waiting.get(item.transaction) if item.kind not in {REFUND, REBATE} else None
        if row is not None and item.kind == FEE and not row.fee_minor:
            # None had come with its sale: once that is income, a fee is a fact of its own as well.
            is_own = row.resolution == Suspense.Resolution.INCOME or bool(self._rows(item))
            return None if is_own else row
        return row

    def _fee_of(self, item: Item) -> int:
        fee = self._incomes.last((self._provider, item.transaction, str(FEE)))
        return fee.amount_minor if fee is not None else 0

    def _figures(self, item: Item) -> tuple[Any, ...]:
        """What must be the same: a row that names no production cannot contradict that of another file."""
        if self._waits(item) is not None:
            return (item.amount, item.row.day) if item.kind != FEE else (item.amount,)
        if item.kind == WAITS:
            return item.amount, item.row.day, item.row.fee.amount_minor if item.row.fee else 0
        return item.amount, item.production.pk if item.production else None, item.row.day

    def _figures_of(self, item: Item, income: Income) -> tuple[Any, ...]:
        amount = Money(income.amount_minor, income.currency)
        if item.kind == WAITS:
            return amount, income.received_on, self._fee_of(item)
        return amount, income.production_id, income.received_on

    def _number_of(self, transaction: str, kind: str) -> Number:
        return self._provider, transaction, str(kind)

    def _numbers(self, item: Item) -> tuple[Number, Number]:
        """Its own, and that of the refund it came with."""
        return self._number_of(*item.key), self._under_refund(item, item.kind)

    def _rows(self, item: Item) -> list[Income]:
        own, refunds = self._numbers(item)
        return self._incomes.rows(own) or self._incomes.rows(refunds)


def _figures_of_waiting(item: Item, waits: Suspense) -> tuple[Any, ...]:
    amount = Money(waits.fee_minor if item.kind == FEE else waits.amount_minor, waits.currency)
    return (amount, waits.received_on) if item.kind != FEE else (amount,)


def _is_taken_back(row: Income) -> bool:
    return row.reversals.filter(approved_at__isnull=False).exists()


def _bill(item: Item) -> Bill:
    place = item.production.pk if item.production else 0
    return Bill(item.amount, place, item.row.supplier, item.row.category, item.row.day)


def _placed(rows: Iterable[MappedRow], unmatched: str, names: Names, checked: Checked) -> Iterator[Item]:
    """Each row as what it books; the fee of a sale that waits goes with it."""
    sales = {row.transaction: row for row in rows if row.kind == SALE}
    for row in rows:
        production = names.find(row.names or _names_of_sale(row, sales, checked.provider))
        if production is not None:
            yield Item(row.kind, row, row.amount, production)
            if row.fee is not None:
                yield Item(FEE if row.fee.amount_minor > 0 else REBATE, row, abs(row.fee), production)
            continue
        called = row.names[0] if row.names else ""
        if row.kind == SALE and unmatched == "suspense":
            fee = row.fee or Money(0, row.amount.currency)
            if fee.amount_minor < 0:
                words = _("a fee is given back with it, and it matches no production")
                checked.problems.append((row.number, words))
                continue
            if fee >= row.amount:
                checked.problems.append((row.number, _("the fee takes all of it, and it matches no production")))
                continue
            yield Item(WAITS, row, row.amount)
            continue
        checked.problems.append(
            (row.number, _("“%(name)s” is no production; say under “providers’ names” which") % {"name": called})
        )


def _names_of_sale(row: MappedRow, sales: dict[str, MappedRow], provider: str) -> tuple[str, ...]:
    """A refund without a name is of the production of its sale."""
    if row.kind != REFUND or not row.sale:
        return ()
    if row.sale in sales:
        return sales[row.sale].names
    known = Income.objects.filter(provider=provider, transaction=row.sale, kind=SALE)
    slug = known.values_list("production__project__slug", "production__season", "production__number").first()
    if slug is None:
        return ()
    return (slug[0] if slug[1] is None else f"{slug[0]}/s{slug[1]}e{slug[2]}",)


def _in_parts(names: Sequence[str]) -> Iterator[Sequence[str]]:
    for begin in range(0, len(names), AT_ONCE):
        yield names[begin : begin + AT_ONCE]


def shown_row(item: Item) -> dict[str, Any]:
    """An item for the preview."""
    return {
        "line": item.row.number,
        "kind": str(item.kind),
        "id": unquote(item.transaction),
        "day": item.row.day.isoformat(),
        "amount_minor": item.amount.amount_minor,
        "currency": item.amount.currency,
        "channel": item.row.channel or item.row.supplier,
        "production": str(item.production) if item.production else "",
        "called": ", ".join(item.row.names),
    }


def totals(items: Iterable[Item]) -> dict[str, dict[str, int]]:
    """Sums in minor units by currency and kind."""
    sums: dict[str, dict[str, int]] = {}
    for item in items:
        of = sums.setdefault(item.amount.currency, {})
        of[item.kind] = of.get(item.kind, 0) + item.amount.amount_minor
    return sums


__all__ = ["Books", "Checked", "Item", "check_report", "hold_against_books", "shown_row", "totals"]
