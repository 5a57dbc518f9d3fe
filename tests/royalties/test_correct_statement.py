"""A posted statement is corrected by a further one: only differences are booked, and nobody pays back."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from contributions.models import Share
from profiles.models import Notice
from royalties import actions, correcting, ledger
from royalties.by_work import earned_by_work
from royalties.earned import sums_by_year, year_rows
from royalties.exceptions import ConflictOfInterest, NotAllowed, RoyaltiesRefused, WrongState
from royalties.models import CorrectionMove, CorrectionShare, Payee, Statement
from royalties.yearly import by_year
from tests.royalties.conftest import balances_add_up, later
from tests.royalties.corrections import (
    REASON,
    breaches,
    corrected,
    half_is_of,
    next_quarter,
    quarter,
    split_found_wrong,
)
from tests.support.cast import join

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def wrong_split(posted: Statement, bob: Any, charlie: Any) -> Statement:
    """It comes out that charlie made half of bob's drawing."""
    return split_found_wrong(posted, bob, charlie)


def owed(artist: Any) -> int:
    code = Payee.objects.get(artist=artist).code
    return -ledger.balance(f"payable:{code}:USD").amount_minor


def test_where_the_house_erred_it_pays_what_was_missing_and_nobody_pays_back(
    wrong_split, sam, dana, bob, charlie, finish_jobs
):
    had = owed(bob)
    correction = corrected(wrong_split, sam, dana, finish_jobs, "house")
    deltas = {row.payee.artist.handle: row.delta_minor for row in correction.correction_shares.all()}
    assert deltas["charlie"] > 0
    assert deltas == {"charlie": deltas["charlie"], "bob": -deltas["charlie"]}
    assert owed(charlie) == deltas["charlie"]
    assert owed(bob) == had
    assert ledger.balance(f"pool:pr{correction.production_id}:USD").amount_minor == 0
    balances_add_up()
    assert breaches() == []


def test_otherwise_it_comes_out_of_later_shares_of_the_same_production(
    wrong_split, sam, dana, bob, charlie, finish_jobs
):
    had = owed(bob)
    correction = corrected(wrong_split, sam, dana, finish_jobs, "shares")
    missing = correction.correction_shares.get(payee__artist=charlie).delta_minor
    assert (owed(bob), owed(charlie)) == (had, 0)
    following = next_quarter(wrong_split.production, sam, dana, finish_jobs)
    lines = {line.payee.artist.handle: line.amount_minor for line in following.current.lines.all()}
    moved = {row.payee.artist.handle: row.amount_minor for row in following.moved_corrections.all()}
    taken = min(missing, lines["bob"])
    assert moved == {"bob": -taken, "charlie": taken}
    assert owed(bob) == had + lines["bob"] - taken
    assert owed(charlie) == lines["charlie"] + taken
    balances_add_up()
    assert breaches() == []


def test_what_one_quarter_cannot_pay_waits_for_the_next(wrong_split, sam, dana, bob, charlie, finish_jobs):
    correction = corrected(wrong_split, sam, dana, finish_jobs, "shares")
    missing = correction.correction_shares.get(payee__artist=charlie).delta_minor
    following = next_quarter(wrong_split.production, sam, dana, finish_jobs, amount="200.00")
    taken = following.moved_corrections.get(payee__artist=charlie).amount_minor
    assert 0 < taken < missing
    rest = correcting.rest_of(wrong_split)
    assert rest is not None
    assert rest.correction == correction
    assert list(rest.owed.values()) == list(rest.owing.values()) == [missing - taken]


def test_one_out_of_later_shares_says_so_and_is_paid_once_nothing_is_left_to_move(
    wrong_split, sam, dana, client, settings, finish_jobs
):
    settings.ROYALTY_POLICY = {"USD": {"payout_threshold": 10**9}}
    correction = corrected(wrong_split, sam, dana, finish_jobs, "shares")
    next_quarter(wrong_split.production, sam, dana, finish_jobs, amount="200.00")
    actions.mark_all_paid()
    correction.refresh_from_db()
    assert correction.status == "posted"
    page = client.get(correction.get_absolute_url()).text
    assert "Final, out of later shares" in page
    assert "What was missing comes out of later shares of this production" in page
    assert "Payouts are on their way" not in page
    assert "being paid" not in page
    quarter(wrong_split.production, sam, dana, finish_jobs, first_day=dt.date(2027, 1, 1), amount="9000.00")
    assert not correcting.rest_of(wrong_split).owed
    actions.mark_all_paid()
    correction.refresh_from_db()
    assert correction.status == "paid"
    assert "Final, paid" in client.get(correction.get_absolute_url()).text


def test_the_original_stays_as_it_was_and_names_its_correction(wrong_split, sam, dana, client, finish_jobs):
    before = (wrong_split.current_id, wrong_split.status, bytes(wrong_split.current.result_bytes))
    correction = corrected(wrong_split, sam, dana, finish_jobs, "house")
    wrong_split.refresh_from_db()
    assert before == (wrong_split.current_id, wrong_split.status, bytes(wrong_split.current.result_bytes))
    assert correction.get_absolute_url() in client.get(wrong_split.get_absolute_url()).text
    page = client.get(correction.get_absolute_url()).text
    assert wrong_split.get_absolute_url() in page
    assert "Nobody pays anything back." in page
    changes = client.get(reverse("royalties:changes", args=[correction.pk])).text
    assert "against what is booked" in changes
    assert REASON in changes


def test_money_and_rules_are_the_originals_and_no_coin_falls_anew(wrong_split, sam, finish_jobs):
    with finish_jobs():
        correction = actions.draft_correction(actor=sam, statement=wrong_split, funding="house", reason=REASON)
    correction.refresh_from_db()
    old, new = wrong_split.current.input, correction.pending.input
    assert {name: new[name] for name in ("statement", "money", "params", "lines")} == {
        name: old[name] for name in ("statement", "money", "params", "lines")
    }


def test_a_correction_that_changes_nothing_is_refused(posted, sam, finish_jobs):
    with finish_jobs():
        correction = actions.draft_correction(actor=sam, statement=posted, funding="house", reason=REASON)
    correction.refresh_from_db()
    with pytest.raises(RoyaltiesRefused, match="Nothing changes"):
        actions.submit_for_review(actor=sam, statement=correction)


def test_a_second_correction_counts_from_the_first(wrong_split, sam, dana, alice, charlie, finish_jobs):
    corrected(wrong_split, sam, dana, finish_jobs, "house")
    drawing = wrong_split.cut.cues.get(contribution__title="Lid, drawn").contribution
    Share.objects.filter(contribution=drawing, artist=charlie).update(artist=alice)
    second = corrected(wrong_split, sam, dana, finish_jobs, "shares")
    deltas = {row.payee.artist.handle: row.delta_minor for row in second.correction_shares.all()}
    assert deltas["charlie"] < 0
    assert deltas["alice"] == -deltas["charlie"]
    assert "bob" not in deltas
    assert breaches() == []


def test_its_reason_stays_when_it_is_computed_again(wrong_split, sam, dana, finish_jobs):
    with finish_jobs():
        correction = actions.draft_correction(actor=sam, statement=wrong_split, funding="house", reason=REASON)
    with finish_jobs():
        actions.recompute_statement(actor=sam, statement=correction)
    correction.refresh_from_db()
    actions.submit_for_review(actor=sam, statement=correction)
    published = actions.publish(actor=dana, statement=correction)
    assert published.revision.reason == REASON


@pytest.mark.parametrize("funding", ["house", "shares"])
def test_what_somebody_kept_because_the_house_bore_it_is_not_paid_again(
    wrong_split, sam, dana, bob, charlie, finish_jobs, funding
):
    had = owed(bob)
    corrected(wrong_split, sam, dana, finish_jobs, "house")
    half_is_of(wrong_split, charlie, bob)
    back = corrected(wrong_split, sam, dana, finish_jobs, funding)
    assert back.correction_shares.get(payee__artist=bob).delta_minor > 0
    assert owed(bob) == had
    rest = correcting.rest_of(wrong_split)
    assert rest is None or not rest.owed
    following = next_quarter(wrong_split.production, sam, dana, finish_jobs)
    assert not following.moved_corrections.exists()
    (notice,) = Notice.objects.filter(
        recipient=bob, event__verb="royalties.statement_posted", event__topic=f"statement:{back.pk}"
    )
    assert "which you have had already" in notice.text
    balances_add_up()
    assert breaches() == []


@pytest.mark.parametrize("reason", ["", "   "])
def test_it_needs_a_public_reason(wrong_split, sam, reason):
    with pytest.raises(RoyaltiesRefused, match="reason"):
        actions.draft_correction(actor=sam, statement=wrong_split, funding="house", reason=reason)


def test_it_needs_somebody_who_pays(wrong_split, sam):
    with pytest.raises(RoyaltiesRefused, match="who pays"):
        actions.draft_correction(actor=sam, statement=wrong_split, funding="nobody", reason=REASON)


def test_only_drafters_without_an_interest_correct(wrong_split, bob, dana):
    with pytest.raises(NotAllowed):
        actions.draft_correction(actor=dana, statement=wrong_split, funding="house", reason=REASON)
    from profiles.actions import grant_powers
    from profiles.models import StaffPower

    grant_powers(actor=None, artist=bob, powers=[StaffPower.DRAFTER])
    with pytest.raises(ConflictOfInterest):
        actions.draft_correction(actor=bob, statement=wrong_split, funding="house", reason=REASON)


def test_what_is_not_posted_is_revised_and_not_corrected(open_statement, sam):
    with pytest.raises(WrongState):
        actions.draft_correction(actor=sam, statement=open_statement, funding="house", reason=REASON)


def test_one_correction_at_a_time_and_none_of_a_correction(wrong_split, sam, dana, finish_jobs):
    with finish_jobs():
        first = actions.draft_correction(actor=sam, statement=wrong_split, funding="house", reason=REASON)
    with pytest.raises(WrongState, match="on its way"):
        actions.draft_correction(actor=sam, statement=wrong_split, funding="house", reason=REASON)
    first.refresh_from_db()
    actions.withdraw_statement(actor=dana, statement=first, reason="Begun too early.")
    done = corrected(wrong_split, sam, dana, finish_jobs, "house")
    with pytest.raises(WrongState, match="first statement"):
        actions.draft_correction(actor=sam, statement=done, funding="house", reason=REASON)


def test_after_24_months_nothing_is_corrected(wrong_split, sam):
    moment = wrong_split.published_at + dt.timedelta(days=732)
    with pytest.raises(WrongState, match="24 months"):
        actions.draft_correction(actor=sam, statement=wrong_split, funding="house", reason=REASON, now=moment)


def test_a_granted_late_claim_is_carried_out_by_the_next_correction(
    wrong_split, sam, dana, charlie, client, finish_jobs
):
    claim = actions.claim_missing_work(
        actor=charlie,
        statement=wrong_split,
        name="Charlie",
        work="Lid, drawn",
        evidence="The ink is mine, as the layers show.",
        now=later(wrong_split),
    )
    actions.answer_claim(actor=dana, claim=claim, outcome="accepted", reason="The layers show it.")
    correction = corrected(wrong_split, sam, dana, finish_jobs, "house")
    claim.refresh_from_db()
    assert claim.carried_out_by == correction
    assert correction.get_absolute_url() in client.get(claim.get_absolute_url()).text


def test_sums_count_the_original_once_and_the_correction_by_what_it_moved(
    wrong_split, sam, dana, bob, charlie, finish_jobs
):
    before = by_year(wrong_split.production)["USD"][0]
    correction = corrected(wrong_split, sam, dana, finish_jobs, "house")
    gain = correction.correction_shares.get(payee__artist=charlie).delta_minor
    year = by_year(wrong_split.production)["USD"][0]
    assert (year.house, year.statements, year.artists) == (before.house, 1, before.artists + gain)
    payee = Payee.objects.get(artist=charlie)
    assert [money.amount_minor for money in sums_by_year(payee)[0][1]] == [gain]
    assert [row.what for row in year_rows(payee, correction.posted_at.year)] == ["correction"]
    (line,) = wrong_split.current.lines.filter(payee__artist=bob)
    rows = earned_by_work(Payee.objects.get(artist=bob))
    assert sum(row.money.amount_minor for row in rows) == line.amount_minor


def test_the_artist_reads_what_was_corrected(wrong_split, sam, dana, charlie, client, finish_jobs):
    corrected(wrong_split, sam, dana, finish_jobs, "house")
    client.force_login(charlie)
    assert "the house has paid the rest" in client.get(reverse("royalties:earnings")).text


def test_staff_correct_by_a_button_with_a_reason(wrong_split, sam, client):
    client.force_login(sam)
    address = reverse("admin:royalties_statement_changelist")
    form = {"action": "correct_by_house", "_selected_action": wrong_split.pk, "index": 0, "words": ""}
    client.post(address, form)
    assert not wrong_split.corrections.exists()
    client.post(address, form | {"words": REASON})
    assert wrong_split.corrections.get().funding == "house"


def test_moves_share_what_is_taken_by_what_each_is_owed(posted):
    people = [join(f"p{number}") for number in range(4)]
    payees = actions.payees_for(people)
    a, b, c, d = (payees[person.pk].pk for person in people)
    rest = correcting.Rest(correction=posted, owing={a: 700, b: 300}, owed={c: 999, d: 1})
    assert correcting.next_moves(rest, {}) == {}
    assert correcting.next_moves(rest, {a: 5000, b: 5000}) == {a: -700, b: -300, c: 999, d: 1}
    moves = correcting.next_moves(rest, {a: 100, b: 1})
    assert (moves[a], moves[b]) == (-100, -1)
    assert sum(moves.values()) == 0
    assert 0 <= moves.get(d, 0) <= 1


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE royalties_correctionshare SET delta_minor = 1",
        "DELETE FROM royalties_correctionmove",
        "UPDATE royalties_statement SET funding = 'shares' WHERE corrects_id IS NOT NULL",
        "UPDATE royalties_statement SET corrects_id = NULL, funding = '' WHERE corrects_id IS NOT NULL",
    ],
)
def test_the_database_keeps_what_a_correction_says(wrong_split, sam, dana, finish_jobs, sql):
    corrected(wrong_split, sam, dana, finish_jobs, "house")
    assert CorrectionShare.objects.exists()
    assert CorrectionMove.objects.exists()
    with pytest.raises(Exception, match=r"denied|never|refused|append"), transaction.atomic():
        connection.cursor().execute(sql)


def test_the_database_refuses_a_correction_that_nobody_pays(posted):
    with pytest.raises(IntegrityError), transaction.atomic():
        Statement.objects.create(
            production=posted.production,
            cut=posted.cut,
            currency="USD",
            period=posted.period,
            drafter=posted.drafter,
            corrects=posted,
        )
