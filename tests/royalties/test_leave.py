"""Who closes an account takes address, tax number and name along; what they are owed stays theirs."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from profiles import actions as profiles
from profiles.actions import close_account, grant_powers
from profiles.models import Event, StaffPower
from royalties import actions, ledger, policy, sealing
from royalties.checks import run_checks
from royalties.exceptions import NotAllowed, RoyaltiesRefused, WrongState
from royalties.models import (
    Batch,
    Destination,
    Payee,
    PayeeMatch,
    PayoutReport,
    ReportRow,
    StatementClaim,
    TaxForm,
    UnclaimedCase,
)
from royalties.money import Money
from royalties.postings import Line
from royalties.standing import due_in
from tests.royalties.conftest import booked, later, payable
from tests.royalties.corrections import corrected, next_quarter, split_found_wrong
from tests.royalties.payees import confirmed, news, ready, report
from tests.royalties.test_claim_missing_work import claimed
from tests.support.cast import join

pytestmark = pytest.mark.usefixtures("db")


def known_of(artist: Any) -> list[bytes]:
    """Every sealed word about the person."""
    words = [bytes(row.address_encrypted) for row in Destination.objects.filter(payee__artist=artist)]
    for form in TaxForm.objects.filter(payee__artist=artist):
        words += [bytes(form.tax_id_encrypted), bytes(form.signed_name_encrypted)]
    return words


def test_an_address_and_a_tax_number_go_at_once_where_nothing_is_owed(charlie):
    ready(charlie)
    assert all(known_of(charlie))
    close_account(actor=charlie)
    assert set(known_of(charlie)) == {b""}
    assert actions.forget_left_payees() == 0


def test_what_is_owed_is_paid_to_the_old_address_first(posted, alice, sam, dana):
    destination = ready(alice)
    address = sealing.address_of(destination)
    owed = ledger.balance(f"payable:{destination.payee.code}:USD").amount_minor
    assert owed < 0
    close_account(actor=alice)
    destination.refresh_from_db()
    assert sealing.address_of(destination) == address
    assert actions.forget_left_payees() == 0
    batch = actions.batch_payouts(actor=sam, currency="USD", now=later(posted, days=5))
    actions.submit_batch(actor=dana, batch=batch, now=later(posted, days=5))
    payout = batch.payouts.get()
    assert actions.forget_left_payees() == 0, "the money is still on its way"
    actions.settle_payout(actor=dana, payout=payout, provider_reference="PP-1")
    assert actions.forget_left_payees() == 1
    assert set(known_of(alice)) == {b""}
    assert [breach for _name, found in run_checks() for breach in found] == []


def codes_of(artist: Any, moment: dt.datetime) -> list[str]:
    (due,) = due_in("USD", moment, payees=[artist.payee])
    return [obstacle.code for obstacle in due.obstacles]


def test_who_leaves_between_publication_and_posting_is_paid_like_the_others(
    open_statement: Any, alice: Any, bob: Any, sam: Any, dana: Any
) -> None:
    for artist in (alice, bob):
        ready(artist)
    close_account(actor=alice)
    assert all(known_of(alice)), "a line of theirs is published"
    assert actions.forget_left_payees() == 0
    posted = booked(open_statement, sam, dana)
    now = later(posted, days=5)
    batch = actions.submit_batch(actor=dana, batch=actions.batch_payouts(actor=sam, currency="USD", now=now), now=now)
    payouts = {payout.payee_id: payout for payout in batch.payouts.all()}
    assert payouts.keys() == {alice.payee.pk, bob.payee.pk}
    actions.settle_payout(actor=dana, payout=payouts[alice.payee.pk], provider_reference="PP-1", now=now)
    assert actions.forget_left_payees() == 1
    assert set(known_of(alice)) == {b""}


def test_less_than_the_threshold_goes_out_once_the_account_is_closed(
    posted: Any, alice: Any, sam: Any, dana: Any, settings: Any, client: Any
) -> None:
    ready(alice)
    now, amount = later(posted, days=5), payable(alice)
    settings.ROYALTY_POLICY = {"USD": {"payout_threshold": 10**9}}
    with pytest.raises(RoyaltiesRefused, match="reached the threshold"):
        actions.batch_payouts(actor=sam, currency="USD", now=now)
    client.force_login(alice)
    assert "however little it is" in client.get(reverse("profiles:close")).text
    close_account(actor=alice)
    batch = actions.submit_batch(actor=dana, batch=actions.batch_payouts(actor=sam, currency="USD", now=now), now=now)
    payout = batch.payouts.get()
    assert (payout.payee, payout.amount_minor) == (alice.payee, amount)
    actions.settle_payout(actor=dana, payout=payout, provider_reference="PP-1", now=now)
    assert actions.forget_left_payees() == 1
    assert set(known_of(alice)) == {b""}


def test_what_is_set_aside_keeps_no_address(posted: Any, alice: Any) -> None:
    ready(alice)
    asleep = later(posted) + dt.timedelta(days=3 * 366)
    actions.sweep_unclaimed(now=asleep)
    actions.sweep_unclaimed(now=asleep + policy.UNCLAIMED_NOTICE)
    assert payable(alice, root="unclaimed") > 0
    close_account(actor=alice)
    assert set(known_of(alice)) == {b""}


@pytest.mark.parametrize("account", ["advance:{}:pr9:USD", "overpaid:{}:USD"])
def test_what_the_person_owes_keeps_no_address(charlie: Any, account: str) -> None:
    ready(charlie)
    lines = [Line(account.format(charlie.payee.code), 5_000), Line("clearing:paypal:USD", -5_000)]
    ledger.post_entry(kind="advance", key="adv:9", effective_on=dt.date(2026, 10, 1), source={}, lines=lines)
    close_account(actor=charlie)
    assert set(known_of(charlie)) == {b""}


def test_a_statement_that_is_withdrawn_keeps_no_address(open_statement: Any, alice: Any, dana: Any) -> None:
    ready(alice)
    close_account(actor=alice)
    actions.withdraw_statement(actor=dana, statement=open_statement, reason="The wrong film.")
    assert actions.forget_left_payees() == 1
    assert set(known_of(alice)) == {b""}


def test_what_comes_back_after_the_address_is_forgotten_waits_and_the_others_are_paid(
    client: Any, paid: Batch, alice: Any, bob: Any, sam: Any, dana: Any
) -> None:
    close_account(actor=alice)
    assert not Destination.objects.filter(payee__artist=alice, replaced_at=None).exists()
    now = paid.prepared_at
    for payout in paid.payouts.order_by("pk"):
        actions.return_payout(actor=dana, payout=payout, reason="Closed", now=now)
    batch = actions.batch_payouts(actor=sam, currency="USD", now=now)
    actions.submit_batch(actor=dana, batch=batch, now=now)
    assert batch.payouts.get().payee == bob.payee
    assert codes_of(alice, now) == ["left"]
    client.force_login(dana)
    page = client.get(reverse("admin:royalties_payee_change", args=[alice.payee.pk])).text
    assert "The person has left" in page
    assert [breach for _name, found in run_checks() for breach in found] == []


def test_an_address_that_was_blanked_in_force_is_never_paid_to(
    posted: Any, alice: Any, bob: Any, sam: Any, dana: Any
) -> None:
    for artist in (alice, bob):
        ready(artist)
    now = later(posted, days=5)
    batch = actions.batch_payouts(actor=sam, currency="USD", now=now)
    close_account(actor=alice)
    Destination.objects.filter(payee__artist=alice).update(address_encrypted=b"")
    assert codes_of(alice, now) == ["left", "on_its_way"]
    actions.submit_batch(actor=dana, batch=batch, now=now)
    assert batch.payouts.get(status="sent").payee == bob.payee


def test_a_form_that_was_blanked_is_in_force_no_more(posted: Any, alice: Any) -> None:
    ready(alice)
    TaxForm.objects.filter(payee__artist=alice).update(tax_id_encrypted=b"")
    assert codes_of(alice, later(posted, days=5)) == ["tax_form"]


def test_what_nobody_can_be_sent_is_set_aside_as_unclaimed(paid: Batch, alice: Any, dana: Any) -> None:
    payout = paid.payouts.get(payee__artist=alice)
    close_account(actor=alice)
    now = paid.prepared_at
    actions.return_payout(actor=dana, payout=payout, reason="Closed", now=now)
    asleep = now + dt.timedelta(days=6 * 366)
    assert actions.sweep_unclaimed(now=asleep)[0] > 0
    actions.sweep_unclaimed(now=asleep + policy.UNCLAIMED_NOTICE)
    assert payable(alice, root="unclaimed") == payout.amount_minor


def test_who_comes_back_claims_what_was_set_aside_for_the_account_that_is_closed(
    client: Any, paid: Batch, alice: Any, bob: Any, charlie: Any, dana: Any
) -> None:
    """With the same tax number, once staff have said that it is the same person."""
    payout = paid.payouts.get(payee__artist=alice)
    close_account(actor=alice)
    actions.return_payout(actor=dana, payout=payout, reason="Closed", now=paid.prepared_at)
    asleep = paid.prepared_at + dt.timedelta(days=6 * 366)
    actions.sweep_unclaimed(now=asleep)
    actions.sweep_unclaimed(now=asleep + policy.UNCLAIMED_NOTICE)
    case = UnclaimedCase.objects.get(payee=alice.payee, status="unclaimed")
    actions.sign_tax_form(
        actor=charlie, country="DE", tax_id=f"86095742{alice.pk:03d}", signed_name="Alice A.", now=asleep
    )
    for actor in (charlie, bob):
        with pytest.raises(NotAllowed):
            actions.claim_unclaimed(actor=actor, case=case)
    match = PayeeMatch.objects.get(ground="tax_id")
    actions.decide_match(actor=dana, match=match, outcome="one", reason="She came back; passport seen.")
    client.force_login(charlie)
    url = reverse("royalties:claim_unclaimed", args=[case.pk])
    assert url in client.get(reverse("royalties:earnings")).text
    client.post(url)
    assert (payable(alice, root="unclaimed"), payable(alice)) == (0, 0)
    assert payable(charlie) == payout.amount_minor
    assert [breach for _name, found in run_checks() for breach in found] == []


@pytest.fixture
def paid(posted: Any, alice: Any, bob: Any, sam: Any, dana: Any) -> Batch:
    """Alice and Bob are paid by one file, of which a report has told."""
    for artist in (alice, bob):
        ready(artist)
    now = later(posted, days=5)
    batch = actions.batch_payouts(actor=sam, currency="USD", now=now)
    actions.submit_batch(actor=dana, batch=batch, now=now)
    rows = [news(payout, "Completed", f"PP-{payout.pk}") for payout in batch.payouts.all()]
    actions.import_report(actor=dana, form="paypal", name="report.csv", content=report(*rows), now=now)
    return batch


def kept() -> tuple[bool, bool]:
    """Whether the file that was sent and the report that came back are still there."""
    return bool(Batch.objects.get().file_encrypted), bool(PayoutReport.objects.get().content_encrypted)


def test_the_files_of_a_payment_go_when_they_are_old(paid: Batch, dana: Any) -> None:
    day = paid.submitted_at or paid.prepared_at
    assert actions.forget_payout_files(now=day + policy.PAYOUT_FILES_KEPT) == 0
    assert kept() == (True, True)
    sha256 = Batch.objects.get().file_sha256
    assert actions.forget_payout_files(now=day + policy.PAYOUT_FILES_KEPT + dt.timedelta(seconds=1)) == 2
    assert kept() == (False, False)
    assert Batch.objects.get().file_sha256 == sha256
    with pytest.raises(WrongState, match="no longer kept"):
        actions.take_batch_file(actor=dana, batch=Batch.objects.get())
    assert actions.forget_payout_files(now=day + 2 * policy.PAYOUT_FILES_KEPT) == 0
    assert Event.objects.filter(verb="royalties.payout_file_forgotten", actor=None).count() == 2
    assert [breach for _name, found in run_checks() for breach in found] == []


def test_who_leaves_and_is_owed_nothing_goes_from_the_files_at_once(paid: Batch, alice: Any) -> None:
    close_account(actor=alice)
    assert not any(known_of(alice))
    assert actions.forget_payout_files(now=paid.submitted_at) == 2
    assert kept() == (False, False)


def test_a_file_is_kept_while_a_payment_of_it_is_on_its_way(posted: Any, alice: Any, sam: Any, dana: Any) -> None:
    ready(alice)
    batch = actions.batch_payouts(actor=sam, currency="USD", now=later(posted, days=5))
    batch = actions.submit_batch(actor=dana, batch=batch, now=later(posted, days=5))
    assert actions.forget_payout_files(now=later(posted, days=5000)) == 0
    actions.fail_payout(actor=dana, payout=batch.payouts.get(), reason="Closed")
    assert actions.forget_payout_files(now=later(posted, days=5000)) == 1


def test_a_report_is_kept_while_a_row_of_it_waits_for_a_verdict(posted: Any, sam: Any, dana: Any) -> None:
    puzzle = report("po-nobody,PP-1,Completed,25.00,USD,,")
    actions.import_report(actor=dana, form="paypal", name="report.csv", content=puzzle, now=later(posted))
    assert actions.forget_payout_files(now=later(posted, days=5000)) == 0
    grant_powers(actor=None, artist=sam, powers=[StaffPower.FINANCE])
    sam = type(sam).objects.get(pk=sam.pk)
    actions.decide_row(actor=sam, row=ReportRow.objects.get(), outcome="wrong", reason="A test payment.")
    assert actions.forget_payout_files(now=later(posted, days=5000)) == 1


def test_an_address_that_is_no_longer_used_is_forgotten_in_time(
    client: Any, posted: Any, alice: Any, sam: Any, dana: Any
) -> None:
    old = ready(alice)
    now = later(posted, days=5)
    batch = actions.batch_payouts(actor=sam, currency="USD", now=now)
    actions.submit_batch(actor=dana, batch=batch, now=now)
    actions.remove_destination(actor=alice, destination=old, now=now)
    new = confirmed(alice, "new@pay.example", now=now)
    end = now + policy.PAYOUT_FILES_KEPT + dt.timedelta(seconds=1)
    assert actions.forget_old_destinations(now=end) == 0, "money is on its way there"
    payout = actions.settle_payout(actor=dana, payout=batch.payouts.get(), provider_reference="PP-1", now=now)
    assert actions.forget_old_destinations(now=now + policy.PAYOUT_FILES_KEPT) == 0
    assert actions.forget_old_destinations(now=end) == 1
    assert actions.forget_old_destinations(now=end) == 0
    old.refresh_from_db()
    new.refresh_from_db()
    assert (bytes(old.address_encrypted), sealing.address_of(new)) == (b"", "new@pay.example")
    client.force_login(alice)
    assert client.get(payout.get_absolute_url()).status_code == 200


@pytest.mark.parametrize("change", [{"name": "other.csv"}, {"content_encrypted": b"x"}, {"row_count": 3}])
def test_postgresql_lets_a_report_forget_its_file_and_nothing_else(paid: Batch, change: dict[str, Any]) -> None:
    with pytest.raises(DatabaseError, match=r"append-only|permission denied"), transaction.atomic():
        PayoutReport.objects.update(**change)
    assert PayoutReport.objects.update(content_encrypted=b"") == 1


def test_the_statement_names_a_former_member_and_keeps_the_amount(posted, alice, client):
    line = posted.current.lines.get(payee__artist=alice)
    close_account(actor=alice)
    page = client.get(posted.get_absolute_url()).text
    assert "Former member" in page
    assert "Alice" not in page
    assert Payee.objects.get(artist=alice).code == line.payee.code
    assert posted.current.lines.get(payee__artist=alice).amount_minor == line.amount_minor


def test_the_name_on_a_claim_goes_and_its_words_stay(posted, charlie):
    actions.claim_missing_work(
        actor=charlie,
        statement=posted,
        name="Charlie Quagga",
        work="Lid",
        evidence="See the layers.",
        now=later(posted),
    )
    close_account(actor=charlie)
    claim = StatementClaim.objects.get()
    assert (claim.name, claim.evidence) == ("Former member", "See the layers.")


def test_who_is_owed_something_is_told_before_leaving(posted, alice, client):
    client.force_login(alice)
    assert "is not paid out yet" in client.get(reverse("profiles:close")).text


def test_the_name_of_a_claim_goes_wherever_it_was_said(open_statement, client):
    claim = actions.confirm_claim(actor=None, claim=claimed(open_statement, email="petra@example.com"))
    page = claim.objection.get_absolute_url()
    assert "Petra Holm" in client.get(page).text
    close_account(actor=join("petra"))
    assert "Petra Holm" not in client.get(page).text
    claim.refresh_from_db()
    assert (claim.name, claim.email) == ("Former member", "")


def test_who_joins_with_an_address_that_is_not_theirs_takes_no_claim_along(open_statement):
    claim = actions.confirm_claim(actor=None, claim=claimed(open_statement))
    close_account(actor=profiles.join(handle="mallory", display_name="M", email="petra@example.org"))
    claim.refresh_from_db()
    assert (claim.name, claim.email) == ("Petra Holm", "petra@example.org")


def test_the_page_names_a_share_that_is_still_to_come(open_statement, alice, client):
    client.force_login(alice)
    assert "not final yet" in client.get(reverse("profiles:close")).text


def test_what_later_shares_still_bring_is_named_and_keeps_the_way_there(
    posted: Any, bob: Any, charlie: Any, sam: Any, dana: Any, finish_jobs: Any, client: Any
) -> None:
    ready(charlie)
    correction = corrected(split_found_wrong(posted, bob, charlie), sam, dana, finish_jobs, "shares")
    owed = Money(correction.correction_shares.get(payee=charlie.payee).delta_minor, "USD")
    client.force_login(charlie)
    assert f"{owed.format()} comes to you" in client.get(reverse("profiles:close")).text
    close_account(actor=charlie)
    assert actions.forget_left_payees() == 0
    assert all(known_of(charlie))
    following = next_quarter(posted.production, sam, dana, finish_jobs, amount="12000.00")
    now = later(following, days=5)
    batch = actions.submit_batch(actor=dana, batch=actions.batch_payouts(actor=sam, currency="USD", now=now), now=now)
    payout = batch.payouts.get(payee=charlie.payee)
    assert payout.amount_minor > owed.amount_minor
    actions.settle_payout(actor=dana, payout=payout, provider_reference="PP-1", now=now)
    assert actions.forget_left_payees() == 1
    assert set(known_of(charlie)) == {b""}


def test_the_page_names_money_that_is_held(posted, alice, dana, client):
    client.force_login(alice)
    amount = ledger.balance(f"payable:{alice.payee.code}:USD")
    actions.place_hold(actor=dana, payee=alice.payee, kind="dispute", reason="Two wills.")
    assert f"{(-amount).format()} of yours is held" in client.get(reverse("profiles:close")).text
