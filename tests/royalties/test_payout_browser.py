"""The payout pages in a real browser: every width and theme without an axe violation, and a form without script.

With SHOTS=folder in the environment each page is also photographed, to be looked at.
"""

import datetime as dt
import os
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from royalties import actions
from royalties.models import Destination, TaxForm
from tests.royalties.conftest import later
from tests.royalties.payees import SEPA_ACCOUNT, news, owe, rate_of, ready, report, with_bank_account
from tests.support.browsers import axe_violations

SHOTS = os.environ.get("SHOTS", "")
ADDRESSES = {
    "details": "/earnings/payout/",
    "destination": "/earnings/payout/destination/",
    "bank": "/earnings/payout/destination/?country=NL",
    "tax": "/earnings/payout/tax/",
    "earnings": "/earnings/",
}


@pytest.fixture
def live_site(site_factory: Any, settings: Any) -> Any:
    """A site that also pays by bank transfer; nothing here needs a worker."""
    site = site_factory(SEPA_ACCOUNT=",".join(SEPA_ACCOUNT))
    site.start_web()
    settings.SITE_URL, settings.SEPA_ACCOUNT = site.url, SEPA_ACCOUNT
    return site


def paid_and_returned(posted: Any, alice: Any, bob: Any, sam: Any, dana: Any) -> Any:
    """Alice is paid less tax; bob's comes back, and he must wait."""
    actions.enter_rate(
        actor=dana,
        authority="irs",
        country="",
        rate_bps=3_000,
        valid_from=later(posted).date(),
        note="26 USC 1441, no treaty",
    )
    ready(alice)
    ready(bob)
    batch = actions.batch_payouts(actor=sam, currency="USD", now=later(posted))
    actions.submit_batch(actor=dana, batch=batch, now=later(posted))
    first, second = batch.payouts.get(payee=alice.payee), batch.payouts.get(payee=bob.payee)
    rows = (news(first, "Completed", "PP-1", fee="0.25"), news(second, "Completed", "PP-2"))
    actions.import_report(actor=dana, form="paypal", name="first.csv", content=report(*rows), now=later(posted))
    back = report(news(second, "Returned", "PP-3", reason="The account is closed"))
    actions.import_report(actor=dana, form="paypal", name="second.csv", content=back, now=later(posted))
    actions.place_hold(actor=dana, payee=bob.payee, kind="staff", reason="Write to us: your account is closed.")
    first.refresh_from_db()
    return first, second


def paid_in_euros(charlie: Any, moment: Any, sam: Any, dana: Any) -> Any:
    """Charlie has dollars and a bank account: some have arrived as euros, others wait."""
    today = timezone.now()
    with_bank_account(charlie, now=today - dt.timedelta(days=5))
    rate_of(dana, moment.date())
    owe(charlie, 80_00, "USD")
    batch = actions.batch_payouts(actor=sam, currency="USD", method="sepa", now=moment)
    actions.submit_batch(actor=dana, batch=batch, now=moment)
    payout = batch.payouts.get()
    actions.settle_payout(actor=dana, payout=payout, provider_reference="SCT-1", now=moment)
    rate_of(dana, today.date())
    owe(charlie, 30_00, "USD", "more")
    return payout


def test_payout_pages_hold_in_every_width_and_theme(
    committed_db: str,
    posted: Any,
    live_site: Any,
    open_page: Any,
    alice: Any,
    bob: Any,
    charlie: Any,
    sam: Any,
    dana: Any,
) -> None:
    first, second = paid_and_returned(posted, alice, bob, sam, dana)
    third = paid_in_euros(charlie, later(posted), sam, dana)
    year = {"year": reverse("royalties:year", args=[first.settled_at.year])}
    looks = {
        alice: ADDRESSES | year | {"receipt": first.get_absolute_url()},
        bob: {"held": "/earnings/payout/", "waits": "/earnings/", "returned": second.get_absolute_url()},
        charlie: {"euros": third.get_absolute_url(), "would be": "/earnings/", "year in euros": year["year"]},
    }
    found = {}
    for width, dark in ((1280, False), (390, True)):
        for artist, pages in looks.items():
            page = open_page(width=width, dark=dark, as_=artist)
            for name, address in pages.items():
                assert page.goto(address).status == 200, address
                wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
                assert wide <= 0, f"{name} scrolls sideways by {wide} at {width}"
                if violations := axe_violations(page):
                    found[name, width, dark] = violations
                if SHOTS:
                    theme = "-dark" if dark else ""
                    page.screenshot(path=str(Path(SHOTS) / f"{name}-{width}{theme}.png"), full_page=True)
            if artist == charlie:
                page.goto("/earnings/")
                assert page.get_by_text("Your bank account takes euros: today it would be €27.27").is_visible()
    assert found == {}
    bank_without_script(open_page(script=False, as_=bob), bob)


def bank_without_script(page: Any, bob: Any) -> None:
    """A bank account with a slip of the pen, mended, and nothing typed lost."""
    page.goto(ADDRESSES["destination"])
    page.get_by_label("Country where you live").select_option("NL")
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("IBAN").fill("NL91 ABNA 0417 1643 01")
    page.get_by_label("Town").fill("Utrecht")
    page.get_by_role("button", name="Use this account").click()
    assert page.get_by_label("Town").input_value() == "Utrecht"
    page.get_by_label("IBAN").fill("NL91 ABNA 0417 1643 00")
    page.get_by_role("button", name="Use this account").click()
    page.get_by_text("NL… 4300", exact=True).wait_for()
    assert Destination.objects.filter(method="sepa", payee=bob.payee).count() == 1
    assert TaxForm.objects.count() == 3
