"""Two at the same moment, about who is paid: accounts that are alike, and who holds a row that others refer to."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction

from profiles import leaving
from profiles.actions import close_account
from projects.actions import edit_production
from royalties import actions
from royalties.models import Cost, PayeeMatch, Revision
from royalties.sealing import destination_code
from tests.royalties.conftest import closed, cost_csv, later
from tests.royalties.payees import ready
from tests.royalties.test_money_races import while_it_is_open

NUMBER = {"country": "DE", "tax_id": "86095742719"}
SECONDS = 20


def is_done_meanwhile(act: Callable[[], Any]) -> bool:
    """Whether it is done, in a connection of its own, without waiting for what this one holds."""

    def one() -> None:
        try:
            act()
        finally:
            connection.close()

    thread = threading.Thread(target=one, daemon=True)
    thread.start()
    thread.join(SECONDS)
    return not thread.is_alive()


def test_two_accounts_that_sign_one_tax_number_at_once_are_matched(committed_db: str, alice: Any, bob: Any) -> None:
    second = while_it_is_open(
        lambda: actions.sign_tax_form(actor=alice, signed_name="Alice", **NUMBER),
        lambda: actions.sign_tax_form(actor=bob, signed_name="Bob", **NUMBER),
    )
    assert second.payee == bob.payee
    assert PayeeMatch.objects.get().ground == PayeeMatch.Ground.TAX_ID


def test_two_accounts_that_confirm_one_destination_at_once_are_matched(committed_db: str, alice: Any, bob: Any) -> None:
    codes = {
        artist: destination_code(actions.set_destination(actor=artist, address="both@pay.example"))
        for artist in (alice, bob)
    }
    while_it_is_open(
        lambda: actions.confirm_destination(actor=alice, code=codes[alice]),
        lambda: actions.confirm_destination(actor=bob, code=codes[bob]),
    )
    assert PayeeMatch.objects.get().ground == PayeeMatch.Ground.DESTINATION


def test_nobody_s_posting_waits_for_somebody_who_leaves(
    committed_db: str, open_statement: Any, alice: Any, sam: Any, dana: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Alice is told of it, and her account takes its time to close."""
    final = closed(open_statement, sam)
    done: list[bool] = []

    def slowly(*, artist: Any) -> None:
        done.append(is_done_meanwhile(lambda: actions.post_statement(actor=dana, statement=final, now=later(final))))

    monkeypatch.setattr(leaving, "_erasers", [slowly])
    close_account(actor=alice)
    assert done == [True]
    final.refresh_from_db()
    assert final.status == "posted"


@pytest.mark.parametrize("name", ["destination", "form", "hold", "batch"])
def test_no_computation_waits_for_whoever_decides_about_a_payee(
    committed_db: str, posted: Any, alice: Any, bob: Any, sam: Any, dana: Any, name: str
) -> None:
    ready(alice)
    ready(bob)
    batch = actions.batch_payouts(actor=sam, currency="USD")
    statement = actions.draft_correction(actor=sam, statement=posted, reason="We looked again.", funding="house")
    acts: dict[str, Callable[[], Any]] = {
        "destination": lambda: actions.set_destination(actor=alice, address="new@pay.example"),
        "form": lambda: actions.sign_tax_form(actor=alice, signed_name="Alice", **NUMBER),
        "hold": lambda: actions.place_hold(actor=dana, payee=alice.payee, kind="minor", reason="A guardian must sign."),
        "batch": lambda: actions.submit_batch(actor=dana, batch=batch),
    }
    with transaction.atomic():
        acts[name]()
        assert is_done_meanwhile(lambda: actions.compute_statement(statement_id=statement.pk, run=statement.run))
    assert Revision.objects.filter(statement=statement).count() == 1


def test_no_booking_waits_for_whoever_edits_its_production(committed_db: str, production: Any, sam: Any) -> None:
    with transaction.atomic():
        edit_production(actor=sam, production=production, title="The Lid, again")
        assert is_done_meanwhile(
            lambda: actions.import_csv(actor=sam, kind="cost", name="costs.csv", content=cost_csv(production))
        )
    assert Cost.objects.count() == 1
