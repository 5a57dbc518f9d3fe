"""What is sealed opens in any row: another's address or number in the place of one's own is told by its fingerprint."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, transaction

from royalties import actions, checks
from royalties.exceptions import RoyaltiesRefused
from royalties.models import Batch, Destination, Payout, PayoutReport, TaxForm
from royalties.sealing import NotAsGiven, address_of, seal, shown_address
from tests.royalties.conftest import balances_add_up
from tests.royalties.payees import SEPA_ACCOUNT, bank_account, news, ready, report, signed

CHECK = "what_is_sealed_is_what_was_given"


def said() -> list[str]:
    """What check_ledger says of sealed rows."""
    (outcome,) = checks.outcomes([CHECK])
    return outcome.breaches


def sealed_in(row: Destination | TaxForm) -> bytes:
    row.refresh_from_db()
    return bytes(row.address_encrypted if isinstance(row, Destination) else row.tax_id_encrypted)


def test_the_site_itself_forgets_what_is_sealed_and_puts_nothing_in_its_place(alice: Any, bob: Any) -> None:
    own, other = ready(alice), ready(bob)
    for row, foreign, columns in [
        (own, other, ["address_encrypted"]),
        (*TaxForm.objects.order_by("pk"), ["tax_id_encrypted", "signed_name_encrypted"]),
    ]:
        for column in columns:
            with transaction.atomic(), pytest.raises(DatabaseError, match="is forgotten, never changed"):
                type(row).objects.filter(pk=row.pk).update(**{column: getattr(foreign, column)})
            assert type(row).objects.filter(pk=row.pk).update(**{column: b""}) == 1


def test_nothing_is_paid_to_an_address_that_was_copied_into_the_row(
    thief: Any, posted: Any, alice: Any, bob: Any, sam: Any, dana: Any
) -> None:
    own, other = ready(alice), ready(bob)
    batch = actions.batch_payouts(actor=sam, currency="USD")
    assert said() == []
    thief(own, address_encrypted=sealed_in(other))
    assert said() == [f"destination {own.pk} of payee {alice.payee.code} holds something else than it was given"]
    with pytest.raises(RoyaltiesRefused, match=f"is not the one that payee {alice.payee.code} gave"):
        actions.submit_batch(actor=dana, batch=batch)
    own.refresh_from_db()
    assert "cannot be read any more" in shown_address(own)
    actions.place_hold(actor=dana, payee=alice.payee, kind="staff", reason="We look for your address.")
    assert actions.submit_batch(actor=dana, batch=batch).payouts.get(status="sent").payee == bob.payee
    balances_add_up()


def test_a_bank_account_is_told_by_its_number(alice: Any, bob: Any, settings: Any) -> None:
    settings.SEPA_ACCOUNT = SEPA_ACCOUNT
    own = actions.set_destination(actor=alice, account=bank_account())
    paypal = ready(bob)
    for foreign in (bank_account(iban="DE89370400440532013000").sealed_text(), address_of(paypal)):
        own.address_encrypted = seal(foreign.encode())
        with pytest.raises(NotAsGiven):
            address_of(own)


def test_the_number_of_another_form_and_other_files_are_named(
    thief: Any, posted: Any, alice: Any, bob: Any, sam: Any, dana: Any
) -> None:
    ready(alice)
    form, other = TaxForm.objects.get(), signed(bob)
    batch = actions.submit_batch(actor=dana, batch=actions.batch_payouts(actor=sam, currency="USD"))
    content = report(news(Payout.objects.get(), "Completed", "PP-1"))
    taken = actions.import_report(actor=dana, form="paypal", name="may.csv", content=content)
    assert said() == []
    for row, values, name in [
        (form, {"tax_id_encrypted": sealed_in(other)}, f"tax form {form.pk}"),
        (taken, {"sha256": "0" * 64}, f"report {taken.pk}"),
        (taken, {"content_encrypted": seal(b"nothing")}, f"report {taken.pk}"),
        (batch, {"file_encrypted": seal(b"nothing")}, f"batch {batch.pk}"),
    ]:
        before = type(row).objects.values(*values).get(pk=row.pk)
        thief(row, **values)
        assert said() == [f"{name} holds something else than it was given"]
        thief(row, **{column: bytes(value) if "encrypted" in column else value for column, value in before.items()})
    for model in (Batch, PayoutReport):
        thief(model.objects.get(), **{"file_encrypted" if model is Batch else "content_encrypted": b""})
    assert said() == [], "what is forgotten cannot be held against anything"


def test_a_new_key_changes_nothing_and_a_lost_one_is_said(alice: Any, bob: Any, settings: Any) -> None:
    own, form = ready(alice), TaxForm.objects.get()
    settings.PAYOUT_KEYS = ["new", settings.SECRET_KEY]
    theirs = ready(bob)
    assert said() == []
    assert actions.set_destination(actor=alice, address=address_of(own)) == own
    settings.PAYOUT_KEYS = [settings.SECRET_KEY]
    (words,) = said()
    assert words.startswith(f"no key of this site opens destination {theirs.pk} of payee {bob.payee.code}, tax form ")
    assert f"tax form {form.pk}," not in words
