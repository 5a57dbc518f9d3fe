"""Money that nobody asks for: warned of, set aside, claimed at any time, or given to the state by two people."""

import datetime as dt
from typing import Any

import pytest
from django.core import mail

from profiles.actions import close_account, grant_powers
from profiles.models import Artist, Notice
from royalties import actions, ledger
from royalties.actions.payees import note_matches
from royalties.exceptions import NotAllowed, RoyaltiesRefused, SecondPersonNeeded, WrongState
from royalties.models import PayeeMatch, UnclaimedCase
from royalties.money import Money
from royalties.postings import Line
from tests.royalties.conftest import balances_add_up, later, payable
from tests.royalties.payees import owe, ready, signed

YEARS = dt.timedelta(days=3 * 366)
NOTICE = dt.timedelta(days=91)
NEW = 5_000


@pytest.fixture
def asleep(posted: Any, alice: Any, bob: Any) -> dt.datetime:
    """A moment at which nobody has been heard of for three years."""
    return later(posted) + YEARS


def sweep(moment: dt.datetime) -> tuple[int, int]:
    return actions.sweep_unclaimed(now=moment)


def earned_on(artist: Any, day: dt.date) -> None:
    """A further share, booked on a day of the test's own clock."""
    lines = [Line("expense:pr9:artist_share:USD", NEW), Line(f"payable:{artist.payee.code}:USD", -NEW)]
    ledger.post_entry(kind="statement_allocation", key="st:new:alloc", effective_on=day, source={}, lines=lines)


def matched(one: Any, other: Any) -> PayeeMatch:
    note_matches(payee=one.payee, others=[other.payee.pk], ground=PayeeMatch.Ground.TAX_ID)
    return PayeeMatch.objects.get()


def test_money_is_warned_of_and_set_aside_on_the_day_that_was_named(
    asleep: dt.datetime, alice: Any, finish_jobs: Any
) -> None:
    amount = payable(alice)
    assert sweep(asleep - YEARS) == (0, 0)
    with finish_jobs():
        assert sweep(asleep) == (2, 0)
    assert sweep(asleep) == (0, 0)
    case = UnclaimedCase.objects.get(payee=alice.payee)
    assert case.due_on.strftime("%Y") in next(m.body for m in mail.outbox if m.to == ["alice@example.com"])
    assert payable(alice) == amount
    with finish_jobs():
        assert sweep(asleep + NOTICE) == (0, 2)
    case.refresh_from_db()
    assert (case.status, case.amount_minor) == ("unclaimed", amount)
    assert (payable(alice), payable(alice, root="unclaimed")) == (0, amount)
    assert "set aside" in mail.outbox[-1].body
    assert Notice.objects.filter(recipient=alice, text__contains="set aside").exists()
    balances_add_up()


def test_a_sign_of_life_ends_the_warning(asleep: dt.datetime, alice: Any, bob: Any) -> None:
    sweep(asleep)
    signed(alice, now=asleep + dt.timedelta(days=1))
    assert sweep(asleep + NOTICE) == (0, 1)
    assert UnclaimedCase.objects.get(payee=alice.payee).status == "answered"
    assert payable(alice) > 0


def test_closing_the_account_is_a_sign_of_life(asleep: dt.datetime, alice: Any) -> None:
    close_account(actor=alice)
    Artist.objects.filter(pk=alice.pk).update(closed_at=asleep - dt.timedelta(days=1))
    assert sweep(asleep) == (1, 0)  # bob's
    assert not UnclaimedCase.objects.filter(payee=alice.payee).exists()


def test_a_sign_of_life_counts_for_all_the_accounts_of_a_person(
    asleep: dt.datetime, alice: Any, bob: Any, charlie: Any, dana: Any
) -> None:
    actions.decide_match(actor=dana, match=matched(alice, bob), outcome="one", reason="She said so.")
    signed(bob, now=asleep - dt.timedelta(days=1))
    assert sweep(asleep) == (0, 0)
    assert sweep(asleep + YEARS) == (2, 0)
    signed(bob, now=asleep + YEARS + dt.timedelta(days=1))
    assert sweep(asleep + YEARS + NOTICE) == (0, 0)
    assert {case.status for case in UnclaimedCase.objects.all()} == {"answered"}


def test_the_payee_takes_it_back_at_any_time(asleep: dt.datetime, alice: Any, bob: Any, sam: Any) -> None:
    amount = payable(alice)
    sweep(asleep)
    sweep(asleep + NOTICE)
    case = UnclaimedCase.objects.get(payee=alice.payee)
    with pytest.raises(NotAllowed):
        actions.claim_unclaimed(actor=bob, case=case)
    actions.claim_unclaimed(actor=alice, case=case)
    assert payable(alice) == amount
    with pytest.raises(WrongState):
        actions.claim_unclaimed(actor=alice, case=case)
    ready(alice)
    assert actions.batch_payouts(actor=sam, currency="USD").payouts.get().amount_minor == amount
    balances_add_up()


def test_the_state_gets_it_only_by_two_people_and_a_reference(
    asleep: dt.datetime, alice: Any, sam: Any, dana: Any
) -> None:
    sweep(asleep)
    sweep(asleep + NOTICE)
    case = UnclaimedCase.objects.get(payee=alice.payee)
    with pytest.raises(WrongState):
        actions.escheat(actor=dana, case=case, reference="NY-1")
    actions.ask_escheat(actor=dana, case=case)
    with pytest.raises(SecondPersonNeeded):
        actions.escheat(actor=dana, case=case, reference="NY-1")
    grant_powers(actor=None, artist=sam, powers=["approver"])
    sam = type(sam).objects.get(pk=sam.pk)
    with pytest.raises(RoyaltiesRefused, match="reference"):
        actions.escheat(actor=sam, case=case, reference="")
    before = ledger.balance("bank:USD").amount_minor
    actions.escheat(actor=sam, case=case, reference="NY-1")
    case.refresh_from_db()
    assert ledger.balance("bank:USD").amount_minor == before - case.amount_minor
    assert payable(alice, root="unclaimed") == 0
    with pytest.raises(WrongState):
        actions.claim_unclaimed(actor=alice, case=case)
    balances_add_up()


def test_the_payee_hears_that_the_state_wants_it_and_that_it_got_it(
    asleep: dt.datetime, alice: Any, sam: Any, dana: Any, finish_jobs: Any
) -> None:
    sweep(asleep)
    sweep(asleep + NOTICE)
    case = UnclaimedCase.objects.get(payee=alice.payee)
    amount = Money(case.amount_minor, "USD").format()
    with finish_jobs():
        actions.ask_escheat(actor=dana, case=case)
        actions.ask_escheat(actor=dana, case=case)
    assert Notice.objects.filter(recipient=alice, text__contains="before it is given to the state").count() == 1
    assert mail.outbox[-1].to == ["alice@example.com"]
    assert f"{amount} of yours" in mail.outbox[-1].body
    assert "The law wants it now" in mail.outbox[-1].body
    grant_powers(actor=None, artist=sam, powers=["approver"])
    with finish_jobs():
        actions.escheat(actor=type(sam).objects.get(pk=sam.pk), case=case, reference="NY-1")
    assert Notice.objects.filter(recipient=alice, text__contains="NY-1").exists()
    assert "given to the state" in mail.outbox[-1].subject
    assert "NY-1" in mail.outbox[-1].body


def test_held_money_is_in_dispute_and_not_asleep(asleep: dt.datetime, alice: Any, dana: Any) -> None:
    actions.place_hold(actor=dana, payee=alice.payee, kind="dispute", reason="Somebody claims the poem.")
    assert sweep(asleep) == (1, 0)
    assert not UnclaimedCase.objects.filter(payee=alice.payee).exists()


# --- silence that is not theirs ---


def test_money_that_came_after_the_warning_is_not_set_aside_and_neither_is_the_rest(
    asleep: dt.datetime, alice: Any
) -> None:
    amount = payable(alice)
    sweep(asleep)
    earned_on(alice, (asleep + dt.timedelta(days=89)).date())
    assert sweep(asleep + NOTICE) == (0, 1)  # bob's
    assert UnclaimedCase.objects.get(payee=alice.payee).status == "answered"
    assert payable(alice) == amount + NEW
    assert sweep(asleep + NOTICE + dt.timedelta(days=300)) == (0, 0)
    assert sweep(asleep + NOTICE + YEARS) == (1, 0)
    assert sweep(asleep + NOTICE + YEARS + NOTICE) == (0, 1)
    assert payable(alice, root="unclaimed") == amount + NEW
    balances_add_up()


def test_a_hold_ends_a_warning_and_new_money_under_it_stays(asleep: dt.datetime, alice: Any, dana: Any) -> None:
    amount = payable(alice)
    sweep(asleep)
    actions.place_hold(actor=dana, payee=alice.payee, kind="minor", reason="A guardian must sign.", now=asleep)
    owe(alice, NEW, "USD", key="new")
    assert sweep(asleep + NOTICE) == (0, 1)  # bob's
    assert UnclaimedCase.objects.get(payee=alice.payee).status == "answered"
    assert (payable(alice), payable(alice, root="held")) == (NEW, amount)
    assert sweep(asleep + NOTICE + YEARS) == (0, 0)


def test_who_may_be_one_person_with_another_is_not_warned_before_staff_have_looked(
    asleep: dt.datetime, alice: Any, bob: Any, dana: Any
) -> None:
    match = matched(alice, bob)
    assert sweep(asleep) == (0, 0)
    actions.decide_match(actor=dana, match=match, outcome="two", reason="Two sisters.")
    assert sweep(asleep) == (2, 0)


def test_a_match_ends_a_warning_and_after_it_all_the_days_are_given_again(
    asleep: dt.datetime, alice: Any, bob: Any, dana: Any
) -> None:
    sweep(asleep)
    match = matched(alice, bob)
    assert sweep(asleep + dt.timedelta(days=60)) == (0, 0)
    assert {case.status for case in UnclaimedCase.objects.all()} == {"answered"}
    actions.decide_match(actor=dana, match=match, outcome="two", reason="Two sisters.")
    assert sweep(asleep + dt.timedelta(days=61)) == (2, 0)
    assert sweep(asleep + NOTICE) == (0, 0)
    assert sweep(asleep + dt.timedelta(days=61) + NOTICE) == (0, 2)


def test_who_has_a_payment_on_its_way_is_not_warned(asleep: dt.datetime, alice: Any, sam: Any, dana: Any) -> None:
    ready(alice)
    batch = actions.batch_payouts(actor=sam, currency="USD")
    actions.submit_batch(actor=dana, batch=batch)
    owe(alice, NEW, "USD", key="new")
    assert sweep(asleep) == (1, 0)  # bob's
    assert not UnclaimedCase.objects.filter(payee=alice.payee).exists()
    assert payable(alice) == NEW
