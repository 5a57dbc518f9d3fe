"""Payout details, tax form, receipts and years, as artists and staff see them."""

import csv
import io
from typing import Any

import pytest
from django.core import mail
from django.urls import reverse

from royalties import actions
from royalties.models import Destination, PayeeMatch, PayoutHold, ReportRow, TaxForm, UnclaimedCase, WithholdingRate
from royalties.sealing import destination_code
from tests.royalties.conftest import later, payable
from tests.royalties.payees import SEPA_ACCOUNT, ready, report, with_a_key_that_gets_lost, with_bank_account
from tests.royalties.test_unclaimed import NOTICE, YEARS
from tests.support.cast import PASSWORD

DETAILS, WHERE, TAX = "/earnings/payout/", "/earnings/payout/destination/", "/earnings/payout/tax/"
BANK = {"country": "NL", "holder": "Zoë", "iban": "NL91ABNA0417164300", "bic": "", "town": "Utrecht"}
SIGNED = {"country": "DE", "tax_id": "86095742719", "signed_name": "Alice A.", "is_true": "on"}


def fresh(client: Any, artist: Any) -> None:
    """Logged in, and just asked again who it is."""
    client.force_login(artist, backend="django.contrib.auth.backends.ModelBackend")
    assert client.post(reverse("account_reauthenticate"), {"password": PASSWORD}).status_code == 302


@pytest.mark.parametrize("address", [WHERE, TAX])
def test_one_must_just_have_said_who_one_is(client: Any, alice: Any, address: str) -> None:
    assert client.get(address).status_code == 302
    client.force_login(alice, backend="django.contrib.auth.backends.ModelBackend")
    response = client.get(address)
    assert response["Location"].startswith(reverse("account_reauthenticate") + "?next=")
    fresh(client, alice)
    assert client.get(address).status_code == 200


def test_what_was_typed_is_kept_when_the_moment_is_over(client: Any, alice: Any) -> None:
    client.force_login(alice, backend="django.contrib.auth.backends.ModelBackend")
    response = client.post(TAX, SIGNED)
    html = response.content.decode()
    assert (response.status_code, "86095742719" in html, "<a href=" in html) == (422, True, True)
    assert "Confirm it in a new tab</a>" in html
    assert not TaxForm.objects.exists()
    assert client.post(WHERE, {"country": "DE", "address": "a@pay.example"}).status_code == 422
    assert not Destination.objects.exists()


def test_the_country_comes_first_and_decides_what_is_asked(client: Any, alice: Any, settings: Any) -> None:
    fresh(client, alice)
    first = client.get(WHERE).content.decode()
    assert 'name="country"' in first
    assert 'name="address"' not in first
    assert 'name="iban"' not in client.get(WHERE, {"country": "DE"}).content.decode()
    settings.SEPA_ACCOUNT = SEPA_ACCOUNT
    germany, america = (client.get(WHERE, {"country": code}).content.decode() for code in ("DE", "US"))
    assert ('name="iban"' in germany, 'name="iban"' in america) == (True, False)
    assert 'name="address"' in germany
    assert 'name="address"' in america
    assert 'name="address"' not in client.get(WHERE, {"country": "Nowhere"}).content.decode()


def test_a_bank_account_is_entered_confirmed_and_shown_masked(client: Any, alice: Any, settings: Any) -> None:
    settings.SEPA_ACCOUNT = SEPA_ACCOUNT
    fresh(client, alice)
    bad = client.post(WHERE, {**BANK, "iban": "NL91ABNA0417164301"})
    assert bad.status_code == 422
    assert "compare it with your bank" in bad.content.decode()
    assert "Utrecht" in bad.content.decode()
    assert client.post(WHERE, BANK).status_code == 302
    html = client.get(DETAILS).content.decode()
    assert "NL… 4300" in html
    assert "0417164300" not in html
    assert client.post(DETAILS, {"code": "wrong"}).status_code == 422
    code = destination_code(Destination.objects.get())
    assert client.post(DETAILS, {"code": code}, follow=True).status_code == 200
    assert Destination.objects.get().verified_at is not None


def test_a_way_of_payment_is_removed_after_a_look(client: Any, posted: Any, alice: Any, bob: Any) -> None:
    ready(alice)
    destination = Destination.objects.get()
    address = reverse("royalties:remove_destination", args=[destination.pk])
    client.force_login(alice, backend="django.contrib.auth.backends.ModelBackend")
    assert address in client.get(DETAILS).content.decode()
    assert client.get(address)["Location"].startswith(reverse("account_reauthenticate"))
    stale = client.post(address)
    assert (stale.status_code, "Confirm it in a new tab</a>" in stale.content.decode()) == (422, True)
    fresh(client, bob)
    assert client.get(address).status_code == client.post(address).status_code == 404
    fresh(client, alice)
    html = client.get(address).content.decode()
    assert "a…@pay.example" in html
    assert "It is the only one" in html
    assert "Nothing is paid there any more." in client.post(address, follow=True).content.decode()
    assert Destination.objects.get().replaced_at is not None
    assert client.get(address)["Location"] == DETAILS


@pytest.mark.parametrize("verified", [True, False])
def test_an_address_that_cannot_be_read_any_more_is_said_to_be_so_and_can_be_given_again(
    client: Any, posted: Any, alice: Any, verified: bool, finish_jobs: Any, settings: Any
) -> None:
    with with_a_key_that_gets_lost(settings):
        lost = ready(alice) if verified else actions.set_destination(actor=alice, address="alice@pay.example")
    fresh(client, alice)
    for page in (DETAILS, reverse("royalties:remove_destination", args=[lost.pk]), reverse("royalties:earnings")):
        html = client.get(page).content.decode()
        assert ("cannot be read any more" in html) == (page != reverse("royalties:earnings"))
    mail.outbox.clear()
    with finish_jobs():
        assert client.post(WHERE, {"country": "US", "address": "alice@pay.example"}).status_code == 302
    lost.refresh_from_db()
    assert lost.replaced_at is not None
    assert "a…@pay.example" in client.get(DETAILS).content.decode()
    told = [letter for letter in mail.outbox if "go to another address now" in letter.subject]
    assert [letter.to for letter in told] == [[alice.email]]


def test_what_is_on_its_way_to_a_removed_address_is_said(
    client: Any, posted: Any, alice: Any, sam: Any, dana: Any, settings: Any
) -> None:
    settings.SEPA_ACCOUNT = SEPA_ACCOUNT
    destination = ready(alice)
    batch = actions.batch_payouts(actor=sam, currency="USD", now=later(posted))
    actions.submit_batch(actor=dana, batch=batch, now=later(posted))
    with_bank_account(alice)
    fresh(client, alice)
    html = client.get(reverse("royalties:remove_destination", args=[destination.pk])).content.decode()
    assert "is on its way there already" in html
    assert batch.payouts.get().get_absolute_url() in html
    assert "NL… 4300" in html
    assert "nothing is paid there for 72 hours" in html


def test_a_tax_form_is_signed_and_shown(client: Any, alice: Any) -> None:
    fresh(client, alice)
    unsigned = client.post(TAX, {**SIGNED, "is_true": ""})
    assert unsigned.status_code == 422
    assert "Confirm that it is true" in unsigned.content.decode()
    assert client.post(TAX, {**SIGNED, "tax_id": "1"}).status_code == 422
    assert client.post(TAX, SIGNED).status_code == 302
    html = client.get(DETAILS).content.decode()
    assert "Germany" in html
    assert "86095742719" not in html


def test_the_page_says_what_is_in_the_way(client: Any, posted: Any, alice: Any, dana: Any) -> None:
    client.force_login(alice)
    html = client.get("/earnings/").content.decode()
    assert "You have not said where your money should go." in html
    assert "No tax form of yours is in force" in html
    ready(alice)
    assert "It goes out with the next batch." in client.get("/earnings/").content.decode()
    actions.place_hold(actor=dana, payee=alice.payee, kind="dispute", reason="Somebody claims the poem.")
    html = client.get(DETAILS).content.decode()
    assert "Somebody claims the poem." in html
    assert "is held until then" in html


@pytest.fixture
def arrived(posted: Any, alice: Any, sam: Any, dana: Any) -> Any:
    """A payout with tax kept, arrived."""
    actions.enter_rate(
        actor=dana, authority="irs", country="", rate_bps=3_000, valid_from=later(posted).date(), note="Section 1441."
    )
    ready(alice)
    batch = actions.batch_payouts(actor=sam, currency="USD", now=later(posted))
    actions.submit_batch(actor=dana, batch=batch, now=later(posted))
    payout = batch.payouts.get()
    actions.settle_payout(actor=dana, payout=payout, provider_reference="PP-1", now=later(posted))
    payout.refresh_from_db()
    return payout


def test_a_receipt_shows_gross_tax_and_net_to_its_payee_alone(
    client: Any, arrived: Any, alice: Any, bob: Any, dana: Any
) -> None:
    url = arrived.get_absolute_url()
    client.force_login(bob)
    assert client.get(url).status_code == 404
    client.force_login(alice)
    html = client.get(url).content.decode()
    for words in ("Section 1441.", "PP-1", "a…@pay.example", "Arrived", "IRS, 30%"):
        assert words in html
    client.force_login(dana)
    assert "a…@pay.example" not in client.get(url).content.decode()
    actions.return_payout(actor=dana, payout=arrived, reason="Account closed")
    client.force_login(alice)
    assert "It came back: Account closed" in client.get(url).content.decode()


def test_a_year_adds_up_on_page_and_in_the_list_of_staff(
    client: Any, arrived: Any, alice: Any, bob: Any, dana: Any
) -> None:
    year = arrived.settled_at.year
    client.force_login(alice)
    html = client.get(reverse("royalties:year", args=[year])).content.decode()
    for words in ("Share of “The Lid”", "Kept for IRS", "Arrived"):
        assert words in html
    assert "Nothing was booked" in client.get(reverse("royalties:year", args=[year - 5])).content.decode()
    client.force_login(dana)
    page = client.get(reverse("admin:royalties_payee_year", args=[year]))
    assert alice.payee.code in page.content.decode()
    content = client.get(reverse("admin:royalties_payee_year_csv", args=[year])).content.decode()
    rows = {row["payee"]: row for row in csv.DictReader(io.StringIO(content))}
    mine = rows[alice.payee.code]
    assert mine["gross paid"] == f"{arrived.amount_minor / 100:.2f}"
    assert mine["withheld"] == f"{arrived.withheld_minor / 100:.2f}"
    assert mine["paid"] == f"{arrived.net_minor / 100:.2f}"
    assert rows[bob.payee.code]["paid"] == "0.00"
    client.force_login(alice)
    assert client.get(reverse("admin:royalties_payee_year", args=[year])).status_code == 302


def test_staff_hold_enter_rates_and_take_reports_in_the_admin(
    client: Any, posted: Any, alice: Any, sam: Any, dana: Any
) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    client.force_login(dana)
    hold = {"payee": alice.payee.code, "kind": "staff", "reason": "We look into it."}
    assert client.post(reverse("admin:royalties_payouthold_add"), {**hold, "payee": "nobody"}).status_code == 422
    assert client.post(reverse("admin:royalties_payouthold_add"), hold).status_code == 302
    assert PayoutHold.objects.get().placed_by == dana
    rate = {"authority": "irs", "country": "", "rate": "30.25", "valid_from": "2199-01-01", "note": "Section 1441."}
    add = reverse("admin:royalties_withholdingrate_add")
    for wrong in ("100.01", "-1", "30.255", "a third"):
        assert client.post(add, {**rate, "rate": wrong}).status_code == 422
    assert client.post(add, rate).status_code == 302
    assert WithholdingRate.objects.get().rate_bps == 3_025
    url = reverse("admin:royalties_payoutreport_add")
    bad = SimpleUploadedFile("r.csv", report("po1,PP-1,Perhaps,1.00,USD,,"), "text/csv")
    assert "no status that we know" in client.post(url, {"form": "paypal", "file": bad}).content.decode()
    good = SimpleUploadedFile("r.csv", report("po-of-nobody,PP-1,Completed,1.00,USD,,"), "text/csv")
    assert client.post(url, {"form": "paypal", "file": good}).status_code == 302
    row = ReportRow.objects.get()
    html = client.get(reverse("admin:royalties_reportrow_change", args=[row.pk])).content.decode()
    assert "reverse the entry" in html
    assert client.get(reverse("admin:royalties_reportrow_changelist"), {"open": "1"}).context["cl"].result_count == 1
    assert "Rows of payout reports that do not fit" in client.get(reverse("admin:index")).content.decode()


def test_set_aside_money_is_claimed_from_the_page(client: Any, posted: Any, alice: Any) -> None:
    moment = later(posted) + YEARS
    actions.sweep_unclaimed(now=moment)
    case = UnclaimedCase.objects.get(payee=alice.payee)
    client.force_login(alice)
    assert "We have not heard of you" in client.get("/earnings/").content.decode()
    actions.sweep_unclaimed(now=moment + NOTICE)
    case.refresh_from_db()
    assert "Claim it" in client.get("/earnings/").content.decode()
    url = reverse("royalties:claim_unclaimed", args=[case.pk])
    assert client.get(url)["Location"] == reverse("royalties:earnings"), "nothing is claimed by a look"
    assert client.post(url).status_code == 302
    assert payable(alice) == case.amount_minor > 0


def test_staff_decide_a_match_and_give_unclaimed_money_to_the_state(
    client: Any, posted: Any, alice: Any, bob: Any, dana: Any
) -> None:
    ready(alice, "shared@pay.example")
    ready(bob, "shared@pay.example")
    client.force_login(dana)
    match = PayeeMatch.objects.get()
    url = reverse("admin:royalties_payeematch_changelist")
    assert client.get(url, {"open": "1"}).context["cl"].result_count == 1
    move = {"action": "two", "_selected_action": match.pk, "index": 0}
    client.post(url, {**move, "words": ""})
    assert not match.verdicts.exists()
    client.post(url, {**move, "words": "A couple, both seen."})
    assert match.verdicts.get().outcome == "two"
    assert client.get(url, {"open": "1"}).context["cl"].result_count == 0
    moment = later(posted) + YEARS
    for day in (moment, moment + NOTICE):
        actions.sweep_unclaimed(now=day)
    case = UnclaimedCase.objects.get(payee=bob.payee)
    cases = reverse("admin:royalties_unclaimedcase_changelist")
    client.post(cases, {"action": "ask", "_selected_action": case.pk, "index": 0, "words": ""})
    case.refresh_from_db()
    assert case.escheat_asked_by == dana


def test_a_payout_that_is_none_is_not_found(client: Any, bob: Any) -> None:
    client.force_login(bob)
    assert client.get(reverse("royalties:payout", args=["po-unknown"])).status_code == 404
    assert client.get(reverse("royalties:year", args=[2026])).status_code == 404
    assert client.post(reverse("royalties:claim_unclaimed", args=[999])).status_code == 404
