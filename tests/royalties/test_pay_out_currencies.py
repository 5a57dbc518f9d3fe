"""What PayPal pays in, and what it does not: another way, a word, or whole units with the rest left where it is."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from royalties import actions
from royalties.checks import run_checks
from royalties.exceptions import RoyaltiesRefused
from royalties.standing import due_in
from tests.royalties.conftest import later, payable
from tests.royalties.payees import SEPA_ACCOUNT, but_for_owed, confirmed, owe, ready, with_bank_account


def test_what_paypal_does_not_pay_in_waits_and_says_so(posted: Any, alice: Any, sam: Any, settings: Any) -> None:
    ready(alice)
    owe(alice, 900_000, "KWD")
    (due,) = due_in("KWD", later(posted), payees=[alice.payee])
    assert [obstacle.text for obstacle in due.obstacles] == [
        "PayPal does not pay in KWD, so it waits until we have another way."
    ]
    settings.SEPA_ACCOUNT = SEPA_ACCOUNT
    (due,) = due_in("KWD", later(posted), payees=[alice.payee])
    assert [obstacle.code for obstacle in due.obstacles] == ["currency"]
    assert "Name a bank account in euros" in due.obstacles[0].text
    with pytest.raises(RoyaltiesRefused, match="Nobody"):
        actions.batch_payouts(actor=sam, currency="KWD", now=later(posted))


def test_what_paypal_does_not_pay_in_goes_to_the_bank_account_beside_it(
    client: Any, posted: Any, alice: Any, sam: Any, dana: Any, settings: Any
) -> None:
    settings.SEPA_ACCOUNT = SEPA_ACCOUNT
    confirmed(alice)
    now = with_bank_account(alice).held_until
    owe(alice, 900_000, "KWD")
    (due,) = due_in("KWD", now, payees=[alice.payee])
    assert [obstacle.code for obstacle in due.obstacles] == ["rate"]
    assert "PayPal" not in due.obstacles[0].text
    content = f"day,base,quote,rate\n{now.date()},EUR,KWD,0.3500\n".encode()
    actions.import_csv(actor=dana, kind="rates", name="rates.csv", content=content)
    client.force_login(alice)
    assert "name a PayPal account" not in client.get(reverse("royalties:earnings")).text
    batch = actions.batch_payouts(actor=sam, currency="KWD", now=now)
    assert (batch.method, batch.bought) == ("sepa", "EUR")
    actions.submit_batch(actor=dana, batch=batch, now=now)


@pytest.mark.parametrize(("currency", "bps"), [("HUF", 0), ("TWD", 0), ("HUF", 1_937)])
def test_what_paypal_pays_in_whole_units_leaves_the_rest_in_the_balance(
    posted: Any, alice: Any, sam: Any, dana: Any, currency: str, bps: int
) -> None:
    ready(alice)
    owe(alice, 934_567, currency)
    now = later(posted)
    facts: dict[str, Any] = {"authority": "irs", "country": "", "rate_bps": bps, "note": "Section 1441."}
    actions.enter_rate(actor=dana, valid_from=now.date(), **facts, now=now)
    batch = actions.submit_batch(
        actor=dana, batch=actions.batch_payouts(actor=sam, currency=currency, now=now), now=now
    )
    payout = batch.payouts.get()
    assert payout.net_minor % 100 == 0
    assert payable(alice, currency) == 934_567 - payout.amount_minor
    assert 0 < payable(alice, currency) < 200
    assert f",{payout.net_minor // 100},{currency},".encode() in actions.batch_file(batch)
    actions.settle_payout(actor=dana, payout=payout, provider_reference="PP-1", now=now)
    assert but_for_owed(breach for _name, found in run_checks() for breach in found) == []
