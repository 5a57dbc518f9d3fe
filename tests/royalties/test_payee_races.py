"""Two at the same moment, about who is paid: accounts that are alike."""

from typing import Any

from royalties import actions
from royalties.models import PayeeMatch
from royalties.sealing import destination_code
from tests.royalties.test_money_races import while_it_is_open

NUMBER = {"country": "DE", "tax_id": "86095742719"}


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
