"""The money of each year, for everybody to see."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from royalties import actions, ledger, postings, totals, yearly
from royalties.money import Money
from royalties.movement import production_code
from tests.royalties.conftest import later
from tests.royalties.payees import confirmed, signed

pytestmark = pytest.mark.usefixtures("db")


def usd(minor: int) -> Money:
    return Money(minor, "USD")


def sale(production: str, transaction: str, minor: int, day: dt.date) -> None:
    draft = postings.revenue_received(
        production=production, channel="shop", provider="paypal", transaction=transaction, money=usd(minor)
    )
    ledger.post(draft, effective_on=day, source={})


def test_income_and_costs_stand_in_the_year_in_which_they_moved(db):
    sale("pr1", "a", 5000, dt.date(2025, 12, 31))
    sale("pr1", "b", 7000, dt.date(2026, 1, 1))
    cost = postings.cost_paid(production="pr1", category="post", invoice="c1", money=usd(1000))
    ledger.post(cost, effective_on=dt.date(2026, 2, 1), source={})
    refund = postings.refund(production="pr1", provider="paypal", transaction="b", money=usd(500))
    ledger.post(refund, effective_on=dt.date(2026, 3, 1), source={})
    later, earlier = yearly.by_year()["USD"]
    assert (earlier.year, earlier.revenue, earlier.costs) == (2025, 5000, 0)
    assert (later.year, later.revenue, later.costs) == (2026, 6500, 1000)


def test_a_new_entry_is_seen_at_once_although_years_are_kept(db):
    sale("pr1", "a", 5000, dt.date(2026, 1, 1))
    assert yearly.by_year()["USD"][0].revenue == 5000
    sale("pr1", "b", 1, dt.date(2026, 1, 1))
    assert yearly.by_year()["USD"][0].revenue == 5001


def test_productions_are_told_apart_by_their_whole_number(db, production):
    sale(production_code(production.pk), "a", 5000, dt.date(2026, 1, 1))
    sale(production_code(production.pk * 10 + 1), "b", 7000, dt.date(2026, 1, 1))
    assert yearly.by_year(production)["USD"][0].revenue == 5000


def test_the_two_halves_stand_in_the_year_of_the_posting(posted):
    # What it shares came in in 2026, whenever it is posted.
    (year,) = [each for each in yearly.by_year(posted.production)["USD"] if each.year == posted.posted_at.year]
    result = posted.current.result["waterfall"]
    assert (year.artists, year.house) == (result["pool"], result["company"])
    assert (year.people, year.statements) == (posted.current.payee_count, 1)


def test_what_was_paid_is_counted_by_people_and_countries(posted, alice, bob, sam, dana):
    for artist, country in ((alice, "DE"), (bob, "KE")):
        signed(artist, country)
        confirmed(artist)
    batch = actions.batch_payouts(actor=sam, currency="USD", now=later(posted, days=5))
    actions.submit_batch(actor=dana, batch=batch, now=later(posted, days=5))
    paid = list(batch.payouts.all())
    for number, payout in enumerate(paid):
        actions.settle_payout(actor=dana, payout=payout, provider_reference=f"PP-{number}")
    (year,) = [year for year in yearly.by_year()["USD"] if year.paid]
    assert (year.paid, year.paid_people, year.countries) == (sum(row.amount_minor for row in paid), 2, 2)
    assert yearly.by_year(posted.production)["USD"][0].paid == 0


def test_bars_are_on_one_scale_and_never_below_nothing():
    years = [
        yearly.Year(2026, "USD", revenue=2000, costs=500, house=750, artists=750),
        yearly.Year(2025, "USD", revenue=-10, costs=500),
    ]
    bars = [[bar.percent for bar in row["bars"]] for row in yearly.chart(years)]
    assert bars == [[100, 25, 37.5, 37.5], [0, 25, 0, 0]]
    assert yearly.chart([yearly.Year(2026, "USD")])[0]["bars"][0].percent == 0


def test_the_page_of_a_production_shows_its_years_and_statements(client, posted):
    page = client.get(reverse("royalties:production_money", args=[posted.production_id]))
    assert page.status_code == 200
    assert "Year by year, USD" in page.text
    assert posted.get_absolute_url() in page.text


def test_a_production_without_a_published_statement_has_no_such_page(client, production):
    assert client.get(reverse("royalties:production_money", args=[production.pk])).status_code == 404


def test_productions_beyond_the_shown_ones_are_told_together_in_each_currency(client, posted, monkeypatch):
    in_euros = postings.revenue_received(
        production=production_code(posted.production_id),
        channel="shop",
        provider="paypal",
        transaction="e",
        money=Money(700, "EUR"),
    )
    ledger.post(in_euros, effective_on=dt.date(2026, 1, 1), source={})
    euros, dollars = totals.by_production()
    monkeypatch.setattr(totals, "PRODUCTIONS", 0)
    others = totals.by_production()
    assert [row.currency for row in others] == ["EUR", "USD"]
    for shown, other in zip((euros, dollars), others, strict=True):
        assert (other.production, other.production_count) == (None, 1)
        assert (other.revenue, other.costs, other.artists) == (shown.revenue, shown.costs, shown.artists)
    assert "1 more production<" in client.get(reverse("royalties:money")).text
