"""A correction takes and gives money of its production alone, beside advances, holds, batches and who has left."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from profiles.actions import close_account
from royalties import actions, ledger, postings
from royalties.advances import recoupment_of
from royalties.checks.corrections import validate_shares_are_not_overspent
from royalties.models import Payee, Statement
from royalties.money import Money
from royalties.years import summaries_of
from tests.royalties.conftest import balances_add_up, closed, later, payable
from tests.royalties.corrections import (
    breaches,
    corrected,
    half_is_of,
    next_quarter,
    open_quarter,
    quarter,
    split_found_wrong,
)
from tests.royalties.payees import owe, ready

pytestmark = pytest.mark.usefixtures("db")

FROM_ANOTHER_FILM = 70_000


@pytest.fixture
def wrong_split(posted: Statement, bob: Any, charlie: Any) -> Statement:
    """It comes out that charlie made half of bob's drawing; charlie has no money of any film yet."""
    Payee.objects.get_or_create(artist=charlie)
    return split_found_wrong(posted, bob, charlie)


def advanced(artist: Any, statement: Statement, minor: int, sam: Any, dana: Any) -> None:
    row = actions.propose_advance(
        actor=sam,
        payee=Payee.objects.get(artist=artist),
        production=statement.production,
        money=Money(minor, "USD"),
        paid_on=dt.date(2026, 10, 5),
        reason="Paper and ink.",
    )
    actions.approve_advance(actor=dana, advance=row)


def open_advance(artist: Any, statement: Statement) -> int:
    return ledger.balance(f"advance:{artist.payee.code}:pr{statement.production_id}:USD").amount_minor


def share_of(artist: Any, statement: Statement) -> int:
    line = statement.current.lines.filter(payee=artist.payee).first()
    return line.amount_minor if line else 0


def moved_by(statement: Statement) -> dict[tuple[int, str], int]:
    """What a statement moved, by the correction and whose it is."""
    rows = statement.moved_corrections.select_related("payee__artist")
    return {(row.correction_id, row.payee.artist.handle): row.amount_minor for row in rows}


def paid_out(sam: Any, dana: Any, moment: dt.datetime) -> None:
    batch = actions.batch_payouts(actor=sam, currency="USD", now=moment)
    actions.submit_batch(actor=dana, batch=batch, now=moment)


# --- advances ---


def test_a_share_that_an_advance_took_does_not_pay_out_of_another_film(
    wrong_split, sam, dana, bob, charlie, finish_jobs
):
    corrected(wrong_split, sam, dana, finish_jobs, "shares")
    ready(bob)
    paid_out(sam, dana, later(wrong_split, days=60))
    owe(bob, FROM_ANOTHER_FILM, "USD", key="another")
    advanced(bob, wrong_split, 900_000, sam, dana)
    assert payable(bob) == FROM_ANOTHER_FILM
    following = next_quarter(wrong_split.production, sam, dana, finish_jobs)
    assert open_advance(bob, wrong_split) == 900_000 - share_of(bob, following)
    assert moved_by(following) == {}
    assert (payable(bob), payable(charlie)) == (FROM_ANOTHER_FILM, share_of(charlie, following))
    balances_add_up()
    assert breaches() == []


def test_what_an_advance_leaves_of_a_share_pays_the_correction(wrong_split, sam, dana, bob, charlie, finish_jobs):
    correction = corrected(wrong_split, sam, dana, finish_jobs, "shares")
    had = payable(bob)
    advanced(bob, wrong_split, 10_000, sam, dana)
    following = next_quarter(wrong_split.production, sam, dana, finish_jobs)
    taken = share_of(bob, following) - 10_000
    assert moved_by(following) == {(correction.pk, "bob"): -taken, (correction.pk, "charlie"): taken}
    assert (payable(bob), open_advance(bob, wrong_split)) == (had, 0)
    balances_add_up()
    assert breaches() == []


def test_what_the_house_pays_goes_into_an_advance_of_the_same_film_first(
    wrong_split, sam, dana, charlie, client, finish_jobs
):
    advanced(charlie, wrong_split, 5_000, sam, dana)
    correction = corrected(wrong_split, sam, dana, finish_jobs, "house")
    gain = correction.correction_shares.get(payee=charlie.payee).delta_minor
    assert (payable(charlie), open_advance(charlie, wrong_split)) == (gain - 5_000, 0)
    line = correction.current.lines.get(payee=charlie.payee)
    found = recoupment_of(line, correction)
    assert found is not None
    assert (found.taken.amount_minor, found.paid.amount_minor, found.still_open.amount_minor) == (
        5_000,
        gain - 5_000,
        0,
    )
    (year,) = summaries_of([charlie.payee], correction.posted_at.year)[charlie.payee.pk]
    assert (year.earned_minor, year.recouped_minor) == (gain, 5_000)
    client.force_login(charlie)
    assert "$50.00 of this went into the advance" in client.get(line.get_absolute_url()).text
    balances_add_up()
    assert breaches() == []


def test_what_later_shares_bring_goes_into_an_advance_of_the_same_film_first(
    wrong_split, sam, dana, bob, charlie, finish_jobs
):
    corrected(wrong_split, sam, dana, finish_jobs, "shares")
    following = next_quarter(wrong_split.production, sam, dana, finish_jobs, amount="200.00")
    own, brought = share_of(charlie, following), share_of(bob, following)
    assert payable(charlie) == own + brought > 0
    advanced(charlie, wrong_split, own + 1_000_000, sam, dana)
    last = quarter(wrong_split.production, sam, dana, finish_jobs, first_day=dt.date(2027, 1, 1), amount="200.00")
    brought_again = last.moved_corrections.get(payee=charlie.payee).amount_minor
    assert payable(charlie) == own + brought
    assert open_advance(charlie, wrong_split) == own + 1_000_000 - share_of(charlie, last) - brought_again
    balances_add_up()
    assert breaches() == []


def test_before_a_correction_is_posted_the_line_foretells_what_is_missing_and_not_the_whole(
    wrong_split, sam, dana, bob, charlie, finish_jobs
):
    advanced(bob, wrong_split, 5_000, sam, dana)
    advanced(charlie, wrong_split, 5_000, sam, dana)
    with finish_jobs():
        correction = actions.draft_correction(actor=sam, statement=wrong_split, funding="house", reason="Found out.")
    correction.refresh_from_db()
    missing = correction.pending.lines.get(payee=charlie.payee)
    found = recoupment_of(missing, correction)
    assert found is not None
    assert (found.taken.amount_minor, found.still_open.amount_minor) == (5_000, 0)
    # bob had too much, so nothing is booked for him and nothing goes into his advance.
    assert recoupment_of(correction.pending.lines.get(payee=bob.payee), correction) is None


@pytest.mark.parametrize(("amount", "is_left"), [("4000.00", False), ("40000.00", True)])
def test_the_line_says_what_is_left_of_a_share_once_an_advance_and_a_correction_have_had_theirs(
    wrong_split, sam, dana, bob, charlie, client, finish_jobs, amount, is_left
):
    corrected(wrong_split, sam, dana, finish_jobs, "shares")
    advanced(bob, wrong_split, 10_000, sam, dana)
    first_day, had = dt.date(2026, 10, 1), payable(bob)
    following = open_quarter(wrong_split.production, sam, dana, finish_jobs, first_day=first_day, amount=amount)
    line = following.current.lines.get(payee=bob.payee)
    client.force_login(bob)
    foretold, words = recoupment_of(line, following), client.get(line.get_absolute_url()).text
    closed(following, sam)
    following = actions.post_statement(actor=dana, statement=following, now=later(following))
    (moved,) = [-minor for (_correction, handle), minor in moved_by(following).items() if handle == "bob"]
    found = recoupment_of(line, following)
    assert foretold is not None
    assert found is not None
    left = share_of(bob, following) - 10_000 - moved
    assert (left > 0) is is_left
    for each in (foretold, found):
        parts = (each.taken, each.passed_on, each.paid, each.still_open)
        assert [part.amount_minor for part in parts] == [10_000, moved, left, 0]
    assert payable(bob) == had + left
    shown = [Money(minor, "USD").format() for minor in (10_000, moved, left)]
    assert f"{shown[0]} of it goes into the advance you had for this production" in words
    assert "{} goes to those who once had too little, and {} is added".format(*shown[1:]) in words
    words = client.get(line.get_absolute_url()).text
    assert "{} went to those who once had too little; {} was added".format(*shown[1:]) in words


def test_a_share_that_was_spent_twice_is_found(wrong_split, sam, dana, bob, charlie, finish_jobs):
    corrected(wrong_split, sam, dana, finish_jobs, "shares")
    following = next_quarter(wrong_split.production, sam, dana, finish_jobs)
    assert list(validate_shares_are_not_overspent()) == []
    advanced(bob, wrong_split, 5_000, sam, dana)
    draft = postings.advance_recouped(
        statement=following.code,
        payee=bob.payee.code,
        production=f"pr{wrong_split.production_id}",
        currency="USD",
        amounts={bob.payee.code: 5_000},
    )
    ledger.post(draft, effective_on=dt.date(2027, 1, 1), source={"statement": following.pk})
    assert list(validate_shares_are_not_overspent()) == [
        f"statement {following.code} gave {bob.payee.code} 5000 less than it took from them"
    ]


# --- two corrections ---


def test_what_a_first_correction_brings_is_what_a_second_one_passes_on(
    wrong_split, sam, dana, alice, bob, charlie, finish_jobs
):
    corrected(wrong_split, sam, dana, finish_jobs, "shares")
    half_is_of(wrong_split, charlie, alice)
    corrected(wrong_split, sam, dana, finish_jobs, "shares")
    had = payable(alice)
    following = next_quarter(wrong_split.production, sam, dana, finish_jobs)
    assert payable(charlie) == 0
    assert payable(alice) == had + share_of(alice, following) + share_of(bob, following)
    balances_add_up()
    assert breaches() == []


def test_a_correction_that_is_taken_back_before_anything_moved_moves_nothing(
    wrong_split, sam, dana, bob, charlie, finish_jobs
):
    corrected(wrong_split, sam, dana, finish_jobs, "shares")
    half_is_of(wrong_split, charlie, bob)
    corrected(wrong_split, sam, dana, finish_jobs, "shares")
    had = payable(bob)
    following = next_quarter(wrong_split.production, sam, dana, finish_jobs)
    assert payable(bob) == had + share_of(bob, following)
    assert payable(charlie) == 0
    balances_add_up()
    assert breaches() == []


def test_the_house_pays_nothing_for_a_correction_that_is_taken_back_before_anything_moved(
    wrong_split, sam, dana, bob, charlie, finish_jobs
):
    corrected(wrong_split, sam, dana, finish_jobs, "shares")
    half_is_of(wrong_split, charlie, bob)
    had = payable(bob)
    second = corrected(wrong_split, sam, dana, finish_jobs, "house")
    assert not second.correction_moves.exists()
    assert payable(bob) == had
    following = next_quarter(wrong_split.production, sam, dana, finish_jobs)
    assert moved_by(following) == {}
    assert payable(bob) == had + share_of(bob, following)
    assert breaches() == []


def test_the_house_gives_back_only_what_a_correction_that_is_taken_back_has_moved(
    wrong_split, sam, dana, bob, charlie, finish_jobs
):
    corrected(wrong_split, sam, dana, finish_jobs, "shares")
    following = next_quarter(wrong_split.production, sam, dana, finish_jobs, amount="200.00")
    moved = moved_by(following)
    half_is_of(wrong_split, charlie, bob)
    had, got = payable(bob), payable(charlie)
    second = corrected(wrong_split, sam, dana, finish_jobs, "house")
    (given_back,) = second.correction_moves.all()
    assert (given_back.payee, given_back.amount_minor) == (bob.payee, share_of(bob, following))
    assert -given_back.amount_minor in moved.values()
    assert (payable(bob), payable(charlie)) == (had + given_back.amount_minor, got)
    assert breaches() == []


def test_who_is_paid_by_the_house_for_another_leaves_nothing_for_that_other_to_get(
    wrong_split, sam, dana, alice, bob, charlie, finish_jobs
):
    corrected(wrong_split, sam, dana, finish_jobs, "shares")
    half_is_of(wrong_split, charlie, alice)
    had = payable(alice)
    second = corrected(wrong_split, sam, dana, finish_jobs, "house")
    assert payable(alice) == had + second.correction_shares.get(payee=alice.payee).delta_minor
    following = next_quarter(wrong_split.production, sam, dana, finish_jobs)
    assert moved_by(following) == {}
    assert payable(charlie) == 0
    assert breaches() == []


# --- holds, batches, who has left ---


def test_what_is_held_stays_held_and_the_share_that_comes_pays(wrong_split, sam, dana, bob, charlie, finish_jobs):
    corrected(wrong_split, sam, dana, finish_jobs, "shares")
    actions.place_hold(actor=dana, payee=bob.payee, kind="dispute", reason="Somebody claims the song.")
    held = payable(bob, root="held")
    following = next_quarter(wrong_split.production, sam, dana, finish_jobs)
    assert payable(charlie) == share_of(charlie, following) + share_of(bob, following)
    assert (payable(bob), payable(bob, root="held")) == (0, held)
    balances_add_up()
    assert breaches() == []


def test_what_is_on_its_way_in_a_batch_is_not_taken_from(wrong_split, sam, dana, bob, charlie, finish_jobs):
    corrected(wrong_split, sam, dana, finish_jobs, "shares")
    ready(bob)
    moment = later(wrong_split, days=60)
    batch = actions.batch_payouts(actor=sam, currency="USD", now=moment)
    prepared = batch.payouts.get(payee=bob.payee).amount_minor
    following = next_quarter(wrong_split.production, sam, dana, finish_jobs, amount="200.00")
    assert payable(bob) == prepared
    actions.submit_batch(actor=dana, batch=batch, now=moment)
    assert payable(bob) == 0
    last = quarter(wrong_split.production, sam, dana, finish_jobs, first_day=dt.date(2027, 1, 1), amount="200.00")
    assert payable(bob) == 0
    assert payable(charlie) == sum(share_of(each, row) for each in (bob, charlie) for row in (following, last))
    balances_add_up()
    assert breaches() == []


def test_who_has_left_is_still_owed_what_was_missing(wrong_split, sam, dana, charlie, finish_jobs):
    close_account(actor=charlie)
    correction = corrected(wrong_split, sam, dana, finish_jobs, "house")
    assert payable(charlie) == correction.correction_shares.get(payee=charlie.payee).delta_minor > 0
    balances_add_up()
    assert breaches() == []


def test_who_has_left_with_too_much_gives_of_later_shares_as_everybody(
    wrong_split, sam, dana, bob, charlie, finish_jobs
):
    corrected(wrong_split, sam, dana, finish_jobs, "shares")
    had = payable(bob)
    close_account(actor=bob)
    following = next_quarter(wrong_split.production, sam, dana, finish_jobs)
    assert payable(bob) == had
    assert payable(charlie) == share_of(charlie, following) + share_of(bob, following)
    balances_add_up()
    assert breaches() == []
