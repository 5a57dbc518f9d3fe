"""What pages and mails promise in numbers is read from where the numbers are kept."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from contributions.models import InfluenceRate
from royalties import actions, figures
from royalties.actions.mail import mail_payout
from royalties.views import panels
from tests.royalties.pages import page
from tests.royalties.panelists import live, members
from tests.royalties.payees import SEPA_ACCOUNT, owe, ready, with_bank_account
from tests.royalties.test_statement_page import shared_by
from tests.support.cast import PASSWORD


def test_how_it_works_tells_the_rates_the_threshold_and_the_window_that_hold(
    client: Any, db: None, settings: Any
) -> None:
    InfluenceRate.objects.create(kind="continues", rate_bps=1250)
    InfluenceRate.objects.create(kind="continues", rate_bps=9900, effective_at=timezone.now() + dt.timedelta(days=9))
    settings.STATEMENT_WINDOW_DAYS = 21
    settings.DEFAULT_CURRENCY = "EUR"
    settings.ROYALTY_POLICY = {"EUR": {"payout_threshold": 40_00}}
    html = page(client, "money")
    assert "30%, where it reuses material of its source" in html
    assert "12.5%, where it continues its source" in html
    assert "99%" not in html
    assert "stays open for 21 days." in html
    assert "Balances from €40.00 are paid out" in html


def test_the_steps_say_for_how_long_a_draft_is_open(draft: Any, settings: Any) -> None:
    settings.STATEMENT_WINDOW_DAYS = 21
    assert "Open for comment for 21 days" in [step["label"] for step in figures.steps_of(draft)]


def test_who_has_earned_nothing_yet_reads_it_in_the_currency_of_the_house(
    client: Any, open_statement: Any, alice: Any, settings: Any
) -> None:
    settings.DEFAULT_CURRENCY = "EUR"
    client.force_login(alice)
    assert "To be paid €0.00" in page(client, "earnings")


@pytest.mark.parametrize(("method", "promise"), [("paypal", "within a day"), ("sepa", "within two working days")])
def test_the_mail_says_what_the_form_said_of_when_a_payment_arrives(
    client: Any, posted: Any, alice: Any, sam: Any, dana: Any, settings: Any, method: str, promise: str
) -> None:
    settings.SEPA_ACCOUNT = SEPA_ACCOUNT
    if method == "sepa":
        with_bank_account(alice)
        owe(alice, 50_000, "EUR")
    else:
        ready(alice)
    batch = actions.batch_payouts(actor=sam, currency="EUR" if method == "sepa" else "USD", method=method)
    actions.submit_batch(actor=dana, batch=batch)
    mail_payout(payout_id=batch.payouts.get().pk)
    words = f"It usually arrives {promise}."
    assert f"is on its way to you. {words}" in mail.outbox[-1].body
    client.force_login(alice, backend="django.contrib.auth.backends.ModelBackend")
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    assert words in page(client, "destination", country="DE")


def test_a_member_of_a_panel_reads_how_many_shares_there_are_and_may_see_all(
    client: Any, alice: Any, sam: Any, dana: Any, finish_jobs: Any, monkeypatch: Any
) -> None:
    members(4)
    statement = shared_by(5, alice, sam, dana, finish_jobs, "Many")
    line = statement.current.lines.order_by("-rank").select_related("payee__artist")[0]
    objection = statement.objections.get(line__payee=line.payee)
    actions.answer_objection(actor=dana, objection=objection, outcome="declined", reason="We timed it again.")
    escalation = actions.escalate(actor=line.payee.artist, objection=objection, reason="You did not.")
    seat = live(escalation)[0]
    client.force_login(seat.member)
    monkeypatch.setattr(panels, "PAYEES", 3)
    html = page(client, "panel", seat.pk)
    assert "The 3 largest of 5." in html
    assert "Payee 5 $" not in html
    html = page(client, "panel", seat.pk, all=1)
    assert "largest of" not in html
    assert "Payee 5 $" in html
