"""Lists about one's own money, and the late claims of a statement, end with the way to what is older."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from django.urls import reverse

from royalties import actions
from royalties.models import CorrectionMove, Payout
from royalties.views import earnings as earnings_page
from royalties.views import statement as statement_page
from tests.royalties.conftest import closed, later
from tests.royalties.corrections import corrected, split_found_wrong
from tests.royalties.payees import ready
from tests.royalties.test_claim_missing_work import claimed

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture(autouse=True)
def one_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(earnings_page, "ROWS", 1)
    monkeypatch.setattr(statement_page, "LATE", 1)


def part(text: str, name: str) -> str:
    """One list of a page, and whether more of it follows."""
    found = re.search(
        rf'<ul[^>]* id="{name}">(.*?)</ul>\s*(<p class="more[^>]*data-more="{name}">.*?</p>)?', text, re.DOTALL
    )
    assert found is not None
    return found[0]


def older(client: Any, page: str, name: str) -> tuple[str, str]:
    """The list of the first page, and of the one that its link leads to, which is the last."""
    first = part(client.get(page).content.decode(), name)
    (link,) = re.findall(r'data-more="[\w-]+"><a class="btn quiet" href="([^"]+)"', first)
    address = html.unescape(link)
    second = part(client.get(address if address.startswith("/") else f"{page}{address}").content.decode(), name)
    assert "data-more" not in second
    return first, second


def test_a_payment_of_long_ago_is_found(client: Any, posted: Any, alice: Any, sam: Any, dana: Any) -> None:
    ready(alice)
    moment = later(posted, days=5)
    for _time in range(2):
        batch = actions.batch_payouts(actor=sam, currency="USD", now=moment)
        actions.submit_batch(actor=dana, batch=batch, now=moment)
        actions.fail_payout(actor=dana, payout=batch.payouts.get(), reason="Closed", now=moment)
    new, old = Payout.objects.order_by("-pk").values_list("code", flat=True)
    client.force_login(alice)
    first, second = older(client, reverse("royalties:earnings"), "payouts")
    assert (new in first, old in first) == (True, False)
    assert (new in second, old in second) == (False, True)


def test_a_correction_of_long_ago_is_found(
    client: Any, posted: Any, bob: Any, charlie: Any, sam: Any, dana: Any, finish_jobs: Any
) -> None:
    correction = corrected(split_found_wrong(posted, bob, charlie), sam, dana, finish_jobs, "house")
    # As a later statement would move it; which one it is does not matter here.
    CorrectionMove.objects.create(correction=correction, by=posted, payee=charlie.payee, amount_minor=7_77)
    client.force_login(charlie)
    first, second = older(client, reverse("royalties:earnings"), "corrections")
    assert ("$7.77" in first, "$7.77" in second) == (True, False)
    assert "the house has paid the rest" in second


def test_every_late_claim_is_found(client: Any, open_statement: Any, charlie: Any, sam: Any) -> None:
    closed(open_statement, sam)
    for work in ("Three bells", "Four bells"):
        claimed(open_statement, charlie, work=work, now=later(open_statement))
    first, second = older(client, open_statement.get_absolute_url(), "late-claims")
    assert ("Three bells" in first, "Four bells" in first) == (True, False)
    assert ("Three bells" in second, "Four bells" in second) == (False, True)
