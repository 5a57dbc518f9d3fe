"""What is typed for a move is kept whole, or refused with how long it is and may be; never cut."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse

from profiles.actions import grant_powers
from profiles.models.artist import StaffPower
from royalties import actions
from royalties.actions.payees import note_matches
from royalties.exceptions import RoyaltiesRefused
from royalties.models import PayeeMatch, Payout, ReportRow, UnclaimedCase
from tests.royalties.conftest import later
from tests.royalties.payees import ready
from tests.royalties.test_reconcile import take
from tests.royalties.test_unclaimed import NOTICE, YEARS, sweep

Said = Callable[[str], Any]


@pytest.fixture
def second(sam: Any) -> Any:
    """Somebody with every power, who has done none of the first halves."""
    grant_powers(actor=None, artist=sam, powers=list(StaffPower))
    return type(sam).objects.get(pk=sam.pk)


@pytest.fixture
def sent(posted: Any, alice: Any, sam: Any, dana: Any) -> Payout:
    ready(alice)
    batch = actions.batch_payouts(actor=sam, currency="USD")
    actions.submit_batch(actor=dana, batch=batch)
    return batch.payouts.get()


def refuses(most: int, said: Said) -> Any:
    """It takes so many signs and not one more; line ends are one sign each. Returns what was kept."""
    with pytest.raises(RoyaltiesRefused, match=f"Write at most {most} characters; these are {most + 1}"):
        said("x" * (most + 1))
    return said("\r\n".join(["x"] * ((most + 1) // 2)) + "x" * ((most + 1) % 2))


def test_a_reference_of_a_payout_is_kept_whole(sent: Payout, dana: Any) -> None:
    done = refuses(80, lambda words: actions.settle_payout(actor=dana, payout=sent, provider_reference=words))
    assert len(done.provider_reference) == 80
    done = refuses(300, lambda words: actions.return_payout(actor=dana, payout=sent, reason=words))
    assert len(done.failure) == 300


def test_why_a_payout_failed_is_kept_whole(sent: Payout, dana: Any) -> None:
    assert len(refuses(300, lambda words: actions.fail_payout(actor=dana, payout=sent, reason=words)).failure) == 300


def test_what_a_provider_says_too_long_is_cut_since_nobody_can_shorten_it(sent: Payout, dana: Any) -> None:
    amount = f"{sent.paid.plain()},{sent.paid.currency}"
    assert take(dana, f"{sent.code},PP-1,Failed,{amount},," + "x" * 400) == ["failed"]
    sent.refresh_from_db()
    assert len(sent.failure) == 300


def test_why_a_hold_is_placed_and_lifted_is_kept_whole(posted: Any, alice: Any, second: Any, dana: Any) -> None:
    hold = refuses(300, lambda words: actions.place_hold(actor=dana, payee=alice.payee, kind="staff", reason=words))
    assert len(hold.reason) == 300
    lifted = refuses(300, lambda words: actions.lift_hold(actor=second, hold=hold, reason=words))
    assert len(lifted.lifted_because) == 300


def test_verdicts_are_kept_whole(sent: Payout, alice: Any, bob: Any, second: Any, dana: Any) -> None:
    note_matches(payee=alice.payee, others=[bob.payee.pk], ground=PayeeMatch.Ground.TAX_ID)
    match = PayeeMatch.objects.get()
    said = refuses(300, lambda words: actions.decide_match(actor=dana, match=match, outcome="two", reason=words))
    assert len(said.reason) == 300
    assert take(dana, "po-of-nobody,PP-7,Completed,12.00,USD,,") == ["unknown"]
    row = ReportRow.objects.get()
    said = refuses(300, lambda words: actions.decide_row(actor=second, row=row, outcome="wrong", reason=words))
    assert len(said.reason) == 300


def test_why_a_comment_is_hidden_is_kept_whole(open_statement: Any, charlie: Any, sam: Any) -> None:
    rude = actions.comment(actor=charlie, statement=open_statement, body="You are all thieves.")
    hidden = refuses(300, lambda words: actions.hide_comment(actor=sam, comment=rude, reason=words))
    assert len(hidden.hidden_reason) == 300


def test_the_number_of_an_authority_is_kept_whole(posted: Any, alice: Any, second: Any, dana: Any) -> None:
    asleep = later(posted) + YEARS
    sweep(asleep)
    sweep(asleep + NOTICE)
    case = UnclaimedCase.objects.get(payee=alice.payee)
    actions.ask_escheat(actor=dana, case=case)
    done = refuses(80, lambda words: actions.escheat(actor=second, case=case, reference=words))
    assert len(done.reference) == 80


def test_a_field_lets_nobody_type_more_than_its_move_takes(
    client: Any, sent: Payout, alice: Any, second: Any, dana: Any
) -> None:
    hold = actions.place_hold(actor=dana, payee=alice.payee, kind="staff", reason="Who is it?")
    client.force_login(second)
    for row, fields in ((sent, {"settle": 80, "fail": 300}), (hold, {"lift": 300})):
        html = client.get(reverse(f"admin:royalties_{row._meta.model_name}_change", args=[row.pk])).content.decode()
        for move, most in fields.items():
            assert f'<input id="words-{move}" name="words" size="60" maxlength="{most}" required>' in html
