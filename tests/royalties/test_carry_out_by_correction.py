"""What was granted is carried out by a correction that moves something for whoever it is about, and by no other."""

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse

from royalties import actions, cases, correcting
from royalties.exceptions import RoyaltiesRefused, WrongState
from royalties.models import Objection, Statement, StatementClaim
from tests.royalties.conftest import closed, later
from tests.royalties.corrections import REASON, breaches, corrected, half_is_of, split_found_wrong
from tests.royalties.test_claim_missing_work import WORDS, claimed
from tests.royalties.test_publish_statement import revised, with_factor
from tests.support.cast import join

pytestmark = pytest.mark.usefixtures("db")
DAY = dt.timedelta(days=1)


def granted_claim(statement: Statement, dana: Any, claimant: Any, now: Any = None) -> StatementClaim:
    """A late claim that was accepted."""
    claim = claimed(statement, claimant, now=now or later(statement))
    return actions.answer_claim(actor=dana, claim=claim, outcome="accepted", reason="We hear it.")


def granted_objection(statement: Statement, dana: Any, artist: Any) -> Objection:
    """Somebody objected to their own line, and is right."""
    line = statement.current.lines.get(payee__artist=artist)
    said = {"kind": "measure", "body": "It lasts two minutes.", "line": line}
    objection = actions.raise_objection(actor=artist, statement=statement, **said)
    actions.answer_objection(actor=dana, objection=objection, outcome="accepted", reason="You are right.")
    return objection


def posted_unrevised(statement: Statement, sam: Any, dana: Any) -> Statement:
    """In the ledger, when it was too late for a revision."""
    statement.refresh_from_db()
    actions.close_statement(actor=sam, statement=statement, now=statement.published_at + 39 * DAY)
    actions.finalise(actor=sam, statement=statement)
    return actions.post_statement(actor=dana, statement=statement, now=later(statement))


def is_owed(objection: Objection) -> bool:
    return cases.promised(objection.statement).filter(pk=objection.pk).exists()


def owed_claims(original: Statement) -> list[StatementClaim]:
    return list(correcting.claims_to_carry_out(original))


def test_a_claim_stays_owed_where_the_correction_gives_the_claimant_nothing(
    posted: Any, alice: Any, bob: Any, charlie: Any, sam: Any, dana: Any, client: Any, finish_jobs: Any
) -> None:
    """Neither somebody without a line nor somebody whose line stays as it was has got what was granted."""
    absent, unchanged = (granted_claim(posted, dana, claimant) for claimant in (join("petra"), alice))
    split_found_wrong(posted, bob, charlie)
    corrected(posted, sam, dana, finish_jobs, "house")
    assert owed_claims(posted) == [absent, unchanged]
    page = client.get(absent.get_absolute_url()).text
    assert "owed by a correction statement" in page
    assert "that carries it out" not in page
    half_is_of(posted, charlie, alice)
    corrected(posted, sam, dana, finish_jobs, "house")
    assert owed_claims(posted) == [absent]


def test_an_objection_stays_owed_where_the_correction_leaves_its_line_as_it_was(
    open_statement: Any, alice: Any, bob: Any, charlie: Any, sam: Any, dana: Any, finish_jobs: Any
) -> None:
    other, one = (granted_objection(open_statement, dana, artist) for artist in (alice, bob))
    posted_unrevised(open_statement, sam, dana)
    split_found_wrong(open_statement, bob, charlie)
    corrected(open_statement, sam, dana, finish_jobs, "house")
    assert (is_owed(one), is_owed(other)) == (False, True)


def test_what_is_granted_on_a_correction_is_owed_by_the_next_one_of_the_original(
    posted: Any, alice: Any, bob: Any, charlie: Any, sam: Any, dana: Any, finish_jobs: Any
) -> None:
    split_found_wrong(posted, bob, charlie)
    with finish_jobs():
        first = actions.draft_correction(actor=sam, statement=posted, funding="house", reason=REASON)
    first.refresh_from_db()
    actions.submit_for_review(actor=sam, statement=first)
    actions.publish(actor=dana, statement=first)
    first.refresh_from_db()
    objection = granted_objection(first, dana, bob)
    posted_unrevised(first, sam, dana)
    claim = granted_claim(first, dana, alice, now=first.published_at + 40 * DAY)
    assert owed_claims(posted) == [claim]
    half_is_of(posted, charlie, alice)
    second = corrected(posted, sam, dana, finish_jobs, "house")
    claim.refresh_from_db()
    assert (claim.carried_out_by, is_owed(objection)) == (second, True)
    half_is_of(posted, alice, bob)
    corrected(posted, sam, dana, finish_jobs, "house")
    assert not is_owed(objection)
    assert not cases.is_owed_a_correction(posted)


def test_what_was_granted_at_the_end_of_the_24_months_is_still_carried_out(
    posted: Any, bob: Any, charlie: Any, sam: Any, dana: Any, finish_jobs: Any
) -> None:
    last = cases.last_moment_to_claim(posted)
    split_found_wrong(posted, bob, charlie)
    wanted = {"actor": sam, "statement": posted, "funding": "house", "reason": REASON}
    claim = claimed(posted, charlie, now=last - DAY)
    with pytest.raises(WrongState, match="24 months"):
        actions.draft_correction(**wanted, now=last + DAY)
    actions.answer_claim(actor=dana, claim=claim, outcome="accepted", reason="We hear it.", now=last + DAY)
    with finish_jobs():
        correction = actions.draft_correction(**wanted, now=last + DAY)
    correction.refresh_from_db()
    actions.submit_for_review(actor=sam, statement=correction)
    actions.publish(actor=dana, statement=correction)
    assert owed_claims(posted) == []
    actions.withdraw_statement(actor=dana, statement=correction, reason="Begun too early.")
    assert owed_claims(posted) == [claim]


def test_staff_may_name_the_claims_that_a_correction_carries_out(
    posted: Any, alice: Any, bob: Any, charlie: Any, sam: Any, dana: Any, finish_jobs: Any
) -> None:
    hers, outsiders = granted_claim(posted, dana, charlie), claimed(posted, now=later(posted))
    actions.confirm_claim(actor=None, claim=outsiders, now=later(posted))
    split_found_wrong(posted, bob, charlie)
    wanted = {"actor": sam, "statement": posted, "funding": "house", "reason": REASON}
    with pytest.raises(RoyaltiesRefused, match="granted and are owed"):
        actions.draft_correction(**wanted, claims=[outsiders])
    actions.answer_claim(actor=dana, claim=outsiders, outcome="accepted", reason="We hear it.")
    with finish_jobs():
        correction = actions.draft_correction(**wanted, claims=[hers])
    correction.refresh_from_db()
    actions.submit_for_review(actor=sam, statement=correction)
    actions.publish(actor=dana, statement=correction)
    assert owed_claims(posted) == [outsiders]


def test_a_factor_of_the_correction_replaces_the_one_that_was_wrong(
    open_statement: Any, bob: Any, charlie: Any, sam: Any, dana: Any, finish_jobs: Any
) -> None:
    with_factor(open_statement, sam, dana, 20_000, place=2)
    revised(open_statement, sam, dana, finish_jobs)
    closed(open_statement, sam)
    actions.post_statement(actor=dana, statement=open_statement, now=later(open_statement))
    split_found_wrong(open_statement, bob, charlie)
    with finish_jobs():
        correction = actions.draft_correction(actor=sam, statement=open_statement, funding="house", reason=REASON)
    correction.refresh_from_db()
    with_factor(correction, sam, dana, 10_000, place=2)
    with finish_jobs():
        actions.recompute_statement(actor=sam, statement=correction)
    correction.refresh_from_db()
    assert (correction.stage, correction.failure) == ("done", "")
    assert [row["factor_bps"] for row in correction.pending.input["adjustments"]] == [10_000]
    actions.submit_for_review(actor=sam, statement=correction)
    actions.publish(actor=dana, statement=correction)
    correction.refresh_from_db()
    closed(correction, sam)
    actions.post_statement(actor=dana, statement=correction, now=later(correction))
    assert breaches() == []


def test_staff_tick_the_claims_that_a_correction_carries_out(
    posted: Any, bob: Any, charlie: Any, sam: Any, dana: Any, client: Any, finish_jobs: Any
) -> None:
    client.force_login(sam)
    row = reverse("admin:royalties_statement_change", args=[posted.pk])
    address = reverse("admin:royalties_statement_ask", args=[posted.pk, "correct"])
    assert "ask/correct/" not in client.get(row).text
    ticked, left = (granted_claim(posted, dana, claimant) for claimant in (charlie, bob))
    assert "ask/correct/" in client.get(row).text
    assert "Three bells, by Petra Holm" in client.get(address).text
    split_found_wrong(posted, bob, charlie)
    with finish_jobs():
        client.post(address, {"claims": [ticked.pk], "funding": "house", "reason": REASON})
    correction = posted.corrections.get()
    actions.submit_for_review(actor=sam, statement=correction)
    actions.publish(actor=dana, statement=correction)
    assert owed_claims(posted) == [left]


def test_a_claim_on_a_line_is_about_whose_line_it_is(
    posted: Any, alice: Any, bob: Any, charlie: Any, sam: Any, dana: Any, finish_jobs: Any
) -> None:
    """Bob gets less by the correction: that carries out what was said of his line, not what he said of another's."""
    claims = []
    for claimant, owner in ((alice, bob), (bob, alice)):
        line = posted.current.lines.get(payee__artist=owner)
        claim = actions.claim_on_line(
            actor=claimant, statement=posted, line=line, kind="role", **WORDS, now=later(posted)
        )
        claims.append(actions.answer_claim(actor=dana, claim=claim, outcome="accepted", reason="We looked again."))
    split_found_wrong(posted, bob, charlie)
    corrected(posted, sam, dana, finish_jobs, "house")
    assert owed_claims(posted) == claims[1:]
