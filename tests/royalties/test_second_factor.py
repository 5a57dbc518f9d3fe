"""Drafts and other people's receipts are for staff with the second factor that the admin asks them for."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse

from royalties import actions
from royalties.models import Payout
from tests.royalties.conftest import later
from tests.royalties.payees import ready

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def asked(settings: Any) -> None:
    settings.STAFF_SECOND_FACTOR = True


def with_factor(artist: Any) -> None:
    Authenticator.objects.create(user=artist, type=Authenticator.Type.TOTP, data={"secret": "made-up"})


def test_an_unpublished_draft_asks_for_it(client: Any, draft: Any, sam: Any, asked: None) -> None:
    client.force_login(sam)
    pages = [draft.get_absolute_url(), f"{draft.get_absolute_url()}?revision=draft"]
    pages += [f"{draft.get_absolute_url()}{name}" for name in ("statement.json", "statement.csv", "progress/")]
    assert {page: client.get(page).status_code for page in pages} == dict.fromkeys(pages, 404)
    with_factor(sam)
    assert {page: client.get(page).status_code for page in pages} == dict.fromkeys(pages, 200)


def test_a_receipt_of_somebody_else_asks_for_it(
    client: Any, posted: Any, alice: Any, sam: Any, dana: Any, asked: None
) -> None:
    ready(alice)
    batch = actions.batch_payouts(actor=sam, currency="USD", now=later(posted, days=5))
    actions.submit_batch(actor=dana, batch=batch, now=later(posted, days=5))
    receipt = reverse("royalties:payout", args=[Payout.objects.get().code])
    client.force_login(dana)
    assert client.get(receipt).status_code == 404
    with_factor(dana)
    assert client.get(receipt).status_code == 200
    client.force_login(alice)
    assert client.get(receipt).status_code == 200


def test_where_the_house_asks_for_none_none_is_needed(client: Any, draft: Any, sam: Any, settings: Any) -> None:
    settings.STAFF_SECOND_FACTOR = False
    client.force_login(sam)
    assert client.get(draft.get_absolute_url()).status_code == 200
