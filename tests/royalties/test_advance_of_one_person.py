"""An advance is a person's: it is taken out of their share, whichever of their accounts had it and whichever earns."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.urls import reverse

from royalties import actions, ledger
from royalties.advances import advances_of, recoupment_of
from royalties.models import Payee, Statement
from royalties.money import Money
from royalties.years import summaries_of
from tests.royalties.conftest import balances_add_up, booked, payable
from tests.royalties.corrections import breaches, corrected, split_found_wrong
from tests.royalties.test_one_person import tied
from tests.support.cast import join


def advanced(artist: Any, statement: Statement, minor: int, sam: Any, dana: Any) -> None:
    row = actions.propose_advance(
        actor=sam,
        payee=Payee.objects.get_or_create(artist=artist)[0],
        production=statement.production,
        money=Money(minor, "USD"),
        paid_on=dt.date(2026, 10, 5),
        reason="Paper and ink.",
    )
    actions.approve_advance(actor=dana, advance=row)


def open_advance(artist: Any, statement: Statement) -> int:
    return ledger.balance(f"advance:{artist.payee.code}:pr{statement.production_id}:USD").amount_minor


def told(artist: Any, statement: Statement) -> tuple[int, int, int]:
    """What the artist reads on their line: taken, paid, still open."""
    found = recoupment_of(statement.current.lines.get(payee=artist.payee), statement)
    assert found is not None
    return found.taken.amount_minor, found.paid.amount_minor, found.still_open.amount_minor


def test_an_advance_of_another_account_is_taken_out_of_the_persons_share(
    client: Any, open_statement: Any, alice: Any, charlie: Any, sam: Any, dana: Any
) -> None:
    advanced(charlie, open_statement, 5_000, sam, dana)
    tied(alice, charlie)
    share = open_statement.current.lines.get(payee=alice.payee).amount_minor
    assert told(alice, open_statement) == (5_000, share - 5_000, 0)
    statement = booked(open_statement, sam, dana)
    assert (payable(alice), open_advance(charlie, statement)) == (share - 5_000, 0)
    assert told(alice, statement) == (5_000, share - 5_000, 0)
    for account in (alice, charlie):
        (had,) = advances_of(account.payee)
        assert (had.had.amount_minor, had.still_open.amount_minor) == (5_000, 0)
    (year,) = summaries_of([alice.payee], statement.posted_at.year)[alice.payee.pk]
    assert (year.earned_minor, year.recouped_minor) == (share, 5_000)
    client.force_login(alice)
    assert "Fully taken" in client.get(reverse("royalties:earnings")).content.decode()
    balances_add_up()
    assert breaches() == []


def test_each_account_pays_for_its_own_advance_first(
    open_statement: Any, alice: Any, bob: Any, sam: Any, dana: Any
) -> None:
    """Two lines of one person: what is more than the one gives is taken from the other, and no more than it gives."""
    shares = {
        artist.handle: open_statement.current.lines.get(payee=artist.payee).amount_minor for artist in (alice, bob)
    }
    advanced(alice, open_statement, shares["alice"] + shares["bob"] + 700, sam, dana)
    advanced(bob, open_statement, 4_000, sam, dana)
    tied(alice, bob)
    before = told(alice, open_statement), told(bob, open_statement)
    statement = booked(open_statement, sam, dana)
    assert (payable(alice), payable(bob)) == (0, 0)
    assert (open_advance(alice, statement), open_advance(bob, statement)) == (4_700, 0)
    assert (told(alice, statement), told(bob, statement)) == before
    assert before == ((shares["alice"], 0, 4_700), (shares["bob"], 0, 4_700))
    balances_add_up()
    assert breaches() == []


def test_what_a_correction_brings_goes_into_the_advance_of_another_account_as_well(
    posted: Any, bob: Any, charlie: Any, sam: Any, dana: Any, finish_jobs: Any
) -> None:
    erin = join("erin")
    split_found_wrong(posted, bob, charlie)
    advanced(erin, posted, 5_000, sam, dana)
    tied(charlie, erin)
    correction = corrected(posted, sam, dana, finish_jobs, "house")
    gain = correction.correction_shares.get(payee=charlie.payee).delta_minor
    assert (payable(charlie), open_advance(erin, posted)) == (gain - 5_000, 0)
    assert told(charlie, correction) == (5_000, gain - 5_000, 0)
    assert breaches() == []


def test_the_advance_of_somebody_else_stays_open(
    open_statement: Any, alice: Any, charlie: Any, sam: Any, dana: Any
) -> None:
    advanced(charlie, open_statement, 5_000, sam, dana)
    tied(alice, charlie)
    tied(alice, charlie, "two")
    share = open_statement.current.lines.get(payee=alice.payee).amount_minor
    statement = booked(open_statement, sam, dana)
    assert (payable(alice), open_advance(charlie, statement)) == (share, 5_000)
    assert advances_of(alice.payee) == []
