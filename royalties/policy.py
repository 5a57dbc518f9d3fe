"""The policy of royalties in numbers: amounts in minor units per currency, rates in bps.

A statement snapshots what it uses into its canonical input, so a later change here changes
nothing that is already drafted. `settings.ROYALTY_POLICY` may replace single numbers:
{"USD": {"payout_threshold": 5000}}.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from django.conf import settings

from royalties.money import exponent

POOL_BPS = 5000
MAX_DEPTH = 4
PASS_CAP_BPS = 5000
AWARD_CAP_BPS = 1000
FLOOR = 0

# How long people have: the window is counted from the last notice.
REVISION_LEAVES = dt.timedelta(hours=72)
LOSER_LEAVES = dt.timedelta(days=7)
NO_REVISION_AFTER = dt.timedelta(days=38)
NO_OBJECTION_AFTER = dt.timedelta(days=45)
DESTINATION_HOLD = dt.timedelta(hours=72)
# A code goes to whatever address is typed: to those that are not confirmed so many a day, and to each once an hour.
DESTINATION_CODES_A_DAY = 6
DESTINATION_CODE_AGAIN = dt.timedelta(hours=1)
# A declaration of somebody abroad holds to the end of the third year after its own.
TAX_FORM_YEARS = 3
UNCLAIMED_NOTICE = dt.timedelta(days=90)
# Banks recall a transfer for up to thirteen months; until then somebody may ask what a payout file said.
PAYOUT_FILES_KEPT = dt.timedelta(days=400)
LOSS_BPS = 500
LATE_CLAIMS_MONTHS = 24

# A panel: how many members, how long they have, and who counts as in good standing.
PANEL_SIZE = 3
PANEL_ANSWER_WITHIN = dt.timedelta(days=3)
PANEL_VOTE_WITHIN = dt.timedelta(days=7)
STANDING_SINCE = dt.timedelta(days=30)

# A what-if of at most so many cues and works is computed while the reader waits.
WHAT_IF_AT_ONCE = 2000
WHAT_IF_LINES = 20

# Money in: how far back a person's small costs are added up, how old a rate may be, how much a reserve may hold.
ONE_PERSON_WITHIN = dt.timedelta(days=30)
RATE_AT_MOST_OLD = dt.timedelta(days=7)
RESERVE_CAP_BPS = 2500


@dataclass(frozen=True, slots=True)
class Policy:
    """What depends on the currency, in its minor units."""

    least_pool: int
    least_pool_per_payee: int
    payout_threshold: int
    loss_worth_notice: int
    # What one person may enter or take back alone, per production and 30 days.
    one_person_limit: int
    # Batches from here on need a third person.
    third_person_from: int


# Written for two decimals; a currency without them or with three is scaled.
_USUAL = Policy(
    least_pool=50_00,
    least_pool_per_payee=25,
    payout_threshold=25_00,
    loss_worth_notice=5_00,
    one_person_limit=100_00,
    third_person_from=10_000_00,
)
# Where a unit is worth about a hundredth of a dollar, the amounts are given outright.
_OWN = {
    "JPY": Policy(7_500, 40, 3_500, 750, 15_000, 1_500_000),
    "KRW": Policy(70_000, 350, 35_000, 7_000, 140_000, 14_000_000),
}


def policy_of(currency: str) -> Policy:
    """The amounts that hold for a currency."""
    found = _OWN.get(currency) or _scaled(exponent(currency))
    changes = getattr(settings, "ROYALTY_POLICY", {}).get(currency, {})
    return replace(found, **changes)


def window() -> dt.timedelta:
    """How long a first publication stays open for objections."""
    return dt.timedelta(hours=24 * settings.STATEMENT_WINDOW_DAYS)


def _scaled(places: int) -> Policy:
    numbers = (
        _USUAL.least_pool,
        _USUAL.least_pool_per_payee,
        _USUAL.payout_threshold,
        _USUAL.loss_worth_notice,
        _USUAL.one_person_limit,
        _USUAL.third_person_from,
    )
    if places >= 2:
        return Policy(*(number * 10 ** (places - 2) for number in numbers))
    return Policy(*(max(number // 10 ** (2 - places), 1) for number in numbers))
