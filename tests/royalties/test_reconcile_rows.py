"""Rows of a provider's report: of which kind it is, what was told before, and what the provider took."""

from typing import Any

import pytest
from django.contrib import admin
from django.db import DatabaseError, transaction

from profiles.actions import grant_powers
from profiles.models import StaffPower
from royalties import actions, ledger
from royalties.exceptions import ImportRefused, RoyaltiesRefused
from royalties.models import Payout, PayoutReport, ReportRow
from tests.royalties.conftest import balances_add_up
from tests.royalties.payees import news, ready
from tests.royalties.test_reconcile import take


@pytest.fixture
def sent(posted: Any, alice: Any, sam: Any, dana: Any) -> Payout:
    """A payment of alice's whole share, on its way."""
    ready(alice)
    batch = actions.batch_payouts(actor=sam, currency="USD")
    actions.submit_batch(actor=dana, batch=batch)
    return batch.payouts.get()


def with_all_powers(artist: Any) -> Any:
    grant_powers(actor=None, artist=artist, powers=list(StaffPower))
    return type(artist).objects.get(pk=artist.pk)


def test_a_report_of_the_wrong_kind_is_refused_in_words_and_taken_in_rightly(sent: Payout, dana: Any) -> None:
    row = news(sent, "Completed", "PP-1")
    with pytest.raises(ImportRefused) as refusal, transaction.atomic():
        take(dana, row, form="sepa")
    ((line, words),) = refusal.value.problems
    assert line == 2
    assert sent.code in words
    assert "PayPal" in words
    assert not PayoutReport.objects.exists()
    assert take(dana, row) == ["settled"]


def test_a_file_of_another_kind_is_another_file_and_tells_other_news(sent: Payout, dana: Any) -> None:
    row = "po-of-nobody,PP-7,Completed,12.00,USD,,"
    assert take(dana, row, form="sepa") == ["unknown"]
    assert take(dana, row) == ["unknown"]
    assert [report.format for report in PayoutReport.objects.order_by("pk")] == ["sepa", "paypal"]
    assert take(dana, row, "pox,PP-9,Pending,1.00,USD,,") == ["known", "waiting"]
    twin = PayoutReport.objects.order_by("pk")[0]
    twin.pk = None
    with pytest.raises(DatabaseError), transaction.atomic():
        twin.save(force_insert=True)


def test_what_was_told_by_a_report_that_was_wrong_is_news_when_it_is_told_again(
    sent: Payout, alice: Any, sam: Any, dana: Any
) -> None:
    take(dana, news(sent, "Completed", "PP-1"))
    twice = news(sent, "Completed", "PP-2")
    other = "pox,PP-9,Pending,1.00,USD,,"
    assert take(dana, twice) == ["contradicts"]
    assert take(dana, twice, other) == ["known", "waiting"]
    row = ReportRow.objects.open().get()
    actions.decide_row(actor=with_all_powers(sam), row=row, outcome="wrong", reason="Not yet.")
    assert take(dana, other, twice) == ["known", "contradicts"]
    assert ledger.balance(f"overpaid:{alice.payee.code}:USD").amount_minor == sent.net_minor
    assert take(dana, twice, other, other) == ["known", "known", "known"]
    balances_add_up()


def fees() -> int:
    return ledger.balance("expense:payout_fees:USD").amount_minor


def test_the_fee_of_what_was_settled_by_hand_is_booked_once(sent: Payout, dana: Any) -> None:
    actions.settle_payout(actor=dana, payout=sent, provider_reference="PP-1")
    row = news(sent, "Completed", "PP-1", fee="0.25")
    assert take(dana, row) == ["known"]
    assert fees() == 25
    assert take(dana, row, "pox,PP-9,Pending,1.00,USD,,") == ["known", "waiting"]
    assert fees() == 25
    assert ledger.balance("clearing:paypal:USD").amount_minor == -sent.net_minor - 25
    balances_add_up()


def test_the_fee_of_what_failed_or_came_back_is_booked_once(sent: Payout, dana: Any) -> None:
    assert take(dana, news(sent, "Failed", "PP-1", fee="0.10")) == ["failed"]
    assert fees() == 10
    # The same transaction has the same fee, another has its own.
    assert take(dana, news(sent, "Returned", "PP-1", fee="0.10")) == ["known"]
    assert fees() == 10
    assert take(dana, news(sent, "Returned", "PP-2", fee="0.30")) == ["known"]
    assert fees() == 40
    balances_add_up()


def test_a_return_has_its_own_fee_beside_that_of_the_payment(sent: Payout, dana: Any) -> None:
    rows = news(sent, "Completed", "PP-1", fee="0.25"), news(sent, "Returned", "PP-2", fee="3.00")
    assert take(dana, *rows) == ["settled", "returned"]
    assert fees() == 325
    assert ledger.balance("clearing:paypal:USD").amount_minor == -325
    balances_add_up()


def test_what_stands_in_the_books_is_not_left_as_nothing_to_book(sent: Payout, alice: Any, sam: Any, dana: Any) -> None:
    take(dana, news(sent, "Completed", "PP-1"))
    assert take(dana, news(sent, "Completed", "PP-2"), "po-of-nobody,PP-3,Failed,2.00,USD,,") == [
        "contradicts",
        "unknown",
    ]
    booked, idle = ReportRow.objects.open().order_by("-booked")
    frank = with_all_powers(sam)
    with pytest.raises(RoyaltiesRefused, match="stands in the books"):
        actions.decide_row(actor=frank, row=booked, outcome="noted", reason="Nothing.")
    assert ReportRow.objects.open().count() == 2
    page = admin.site.get_model_admin(ReportRow)
    assert [[move.action for move in page.moves(row)] for row in (booked, idle)] == [
        ["wrong", "owed", "lost"],
        ["noted"],
    ]
    actions.decide_row(actor=frank, row=idle, outcome="noted", reason="Of nobody.")
