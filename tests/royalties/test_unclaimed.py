"""Money that nobody asks for: warned of, set aside, claimed at any time, or given to the state by two people."""

import datetime as dt
from typing import Any

import pytest
from django.core import mail

from profiles.models import Notice
from royalties import actions, ledger
from royalties.exceptions import NotAllowed, RoyaltiesRefused, SecondPersonNeeded, WrongState
from royalties.models import UnclaimedCase
from tests.royalties.conftest import balances_add_up, later, payable
from tests.royalties.payees import ready, signed

YEARS = dt.timedelta(days=3 * 366)
NOTICE = dt.timedelta(days=91)


@pytest.fixture
def asleep(posted: Any, alice: Any, bob: Any) -> dt.datetime:
    """A moment at which nobody has been heard of for three years."""
    return later(posted) + YEARS


def sweep(moment: dt.datetime) -> tuple[int, int]:
    return actions.sweep_unclaimed(now=moment)


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
    from profiles.actions import grant_powers

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


def test_held_money_is_in_dispute_and_not_asleep(asleep: dt.datetime, alice: Any, dana: Any) -> None:
    actions.place_hold(actor=dana, payee=alice.payee, kind="dispute", reason="Somebody claims the poem.")
    assert sweep(asleep) == (1, 0)
    assert not UnclaimedCase.objects.filter(payee=alice.payee).exists()
