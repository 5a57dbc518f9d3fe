"""After the window: a payee says that a line is wrong, staff answer, a correction carries it out; payees may still speak."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse

from contributions.models import Share
from profiles.models import Notice
from royalties import actions, correcting
from royalties.exceptions import NotAllowed, RoyaltiesRefused, WrongState
from royalties.models import Objection, Statement, StatementClaim, StatementComment
from tests.royalties.conftest import booked, closed, later
from tests.royalties.test_claim_missing_work import claimed
from tests.royalties.test_correct_statement import corrected

pytestmark = pytest.mark.usefixtures("db")

WORDS = {"name": "Bob", "work": "Steam", "evidence": "It lasts two minutes, as the cue sheet of the film says."}


def line_of(statement: Statement, artist: Any) -> Any:
    return statement.current.lines.get(payee__artist=artist)


def wrong(statement: Statement, bob: Any, kind: str = "measure", **more: Any) -> StatementClaim:
    return actions.claim_on_line(
        actor=bob, statement=statement, line=line_of(statement, bob), kind=kind, **{**WORDS, **more}
    )


def test_a_payee_says_after_the_window_that_a_measure_is_wrong(
    open_statement: Statement, bob: Any, sam: Any, dana: Any, client: Any
) -> None:
    closed(open_statement, sam)
    client.force_login(bob)
    page = line_of(open_statement, bob).get_absolute_url()
    address = f"{reverse('royalties:claim', args=[open_statement.pk])}?line={bob.payee.code}"
    html = client.get(page).text
    assert address in html
    assert "final answer" not in html
    form = client.get(address).text
    assert "What is wrong?" in form
    assert "$4,214.10" in form
    assert client.post(address, WORDS).status_code == 422
    answer = client.post(address, {**WORDS, "kind": "measure"})
    claim = StatementClaim.objects.get()
    assert (claim.status, claim.kind, claim.line) == ("late", "measure", line_of(open_statement, bob))
    assert answer["Location"] == claim.get_absolute_url()
    html = client.get(claim.get_absolute_url()).text
    assert "Wrong measure" in html
    assert "About the line of Bob" in html
    assert "Wrong measure: Steam" in client.get(open_statement.get_absolute_url()).text
    assert "Wrong measure" in Notice.objects.get(recipient=sam, event__verb="royalties.claimed_late").text


def test_staff_answer_it_and_a_correction_carries_it_out(
    posted: Statement, bob: Any, charlie: Any, sam: Any, dana: Any, client: Any, finish_jobs: Any
) -> None:
    from tests.royalties.test_money_admin import move

    claim = wrong(posted, bob, kind="split", now=later(posted))
    client.force_login(sam)
    html = client.get(reverse("admin:royalties_statementclaim_changelist")).text
    assert "Wrong split inside a work" in html
    assert "answered" in move(client, claim, "accept", "The layers show it.")[-1]
    assert Notice.objects.filter(recipient=bob, event__verb="royalties.claim_answered").count() == 1
    drawing = posted.cut.cues.get(contribution__title="Lid, drawn").contribution
    Share.objects.filter(contribution=drawing, artist=bob).update(artist=charlie)
    correction = corrected(posted, sam, dana, finish_jobs, "house")
    claim.refresh_from_db()
    assert claim.carried_out_by == correction


def test_while_objections_are_taken_it_is_one(open_statement: Statement, bob: Any, client: Any) -> None:
    claim = wrong(open_statement, bob)
    objection = Objection.objects.get()
    assert (claim.status, claim.objection) == ("case", objection)
    assert (objection.kind, objection.line, objection.raised_by) == ("measure", line_of(open_statement, bob), bob)
    assert objection.comment.payee == bob.payee
    assert wrong(open_statement, bob) == claim
    client.force_login(bob)
    assert "It becomes a public objection" in client.get(
        f"{reverse('royalties:claim', args=[open_statement.pk])}?line={bob.payee.code}"
    ).text  # fmt: skip


def test_whose_line_it_is_hears_of_what_another_claims_about_it(
    posted: Statement, bob: Any, charlie: Any, dana: Any
) -> None:
    claim = actions.claim_on_line(
        actor=charlie, statement=posted, line=line_of(posted, bob), kind="identity", **WORDS, now=later(posted)
    )
    actions.answer_claim(actor=dana, claim=claim, outcome="declined", reason="It is Bob.")
    for verb in ("royalties.claimed_late", "royalties.claim_answered"):
        assert Notice.objects.filter(recipient=bob, event__verb=verb).count() == 1


def test_it_needs_a_kind_a_line_of_this_statement_and_words(
    posted: Statement, bob: Any, charlie: Any, sam: Any, dana: Any, finish_jobs: Any
) -> None:
    drawing = posted.cut.cues.get(contribution__title="Lid, drawn").contribution
    Share.objects.filter(contribution=drawing, artist=bob).update(artist=charlie)
    other = corrected(posted, sam, dana, finish_jobs, "house")
    for lacking in ({"kind": "dislike"}, {"work": " "}, {"evidence": " "}, {"line": line_of(other, bob)}):
        words = {"kind": "measure", "line": line_of(posted, bob), **WORDS, **lacking}
        with pytest.raises(RoyaltiesRefused):
            actions.claim_on_line(actor=bob, statement=posted, **words)
    assert not StatementClaim.objects.exists()


def test_who_is_not_logged_in_is_asked_to_before_they_say_that_a_line_is_wrong(
    posted: Statement, bob: Any, client: Any
) -> None:
    claim = reverse("royalties:claim", args=[posted.pk])
    log_in = f"{reverse('account_login')}?next={claim}%3Fline%3D{bob.payee.code}"
    html = client.get(line_of(posted, bob).get_absolute_url()).text
    assert f'<a href="{log_in}">Log in to say that this line is wrong</a>' in html
    assert f'<a href="{claim}">' in html
    for ask in (client.get, client.post):
        assert ask(f"{claim}?line={bob.payee.code}")["Location"] == log_in
    client.force_login(bob)
    assert client.get(f"{reverse('royalties:claim', args=[posted.pk])}?line=nobody").status_code == 404


def test_the_database_keeps_what_was_claimed_and_that_it_names_a_line(
    posted: Statement, bob: Any, charlie: Any
) -> None:
    wrong(posted, bob, now=later(posted))
    claimed(posted, charlie, now=later(posted))
    for change in ({"kind": "other"}, {"line": None}):
        with pytest.raises(DatabaseError), transaction.atomic():
            StatementClaim.objects.filter(artist=bob).update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        StatementClaim.objects.create(statement=posted, artist=bob, kind="measure", **WORDS)


def test_payees_speak_always_and_others_until_it_is_closed(
    open_statement: Statement, bob: Any, charlie: Any, sam: Any, dana: Any, client: Any
) -> None:
    line = line_of(open_statement, bob)
    statuses = ("closing", "final", "posted")
    actions.close_statement(actor=sam, statement=open_statement, now=later(open_statement))
    for status in statuses:
        open_statement.refresh_from_db()
        assert open_statement.status == status
        client.force_login(bob)
        html = client.get(line.get_absolute_url()).text
        assert 'id="speak"' in html
        assert "Accept my share" not in html
        address = reverse("royalties:line_comment", args=[open_statement.pk, bob.payee.code])
        assert client.post(address, {"body": f"I am waiting, {status}.", "kind": ""}).status_code == 302
        assert client.post(address, {"body": "Wrong!", "kind": "measure"}).status_code == 422
        with pytest.raises(WrongState):
            actions.comment(actor=charlie, statement=open_statement, body="And I?")
        client.force_login(charlie)
        assert 'id="speak"' not in client.get(line.get_absolute_url()).text
        if status == "closing":
            actions.finalise(actor=sam, statement=open_statement)
        elif status == "final":
            actions.post_statement(actor=dana, statement=open_statement, now=later(open_statement))
    Statement.objects.filter(pk=open_statement.pk).update(status="paid")
    open_statement.refresh_from_db()
    actions.comment(actor=bob, statement=open_statement, body="It has arrived.", line=line)
    assert StatementComment.objects.filter(author=bob).count() == len(statuses) + 1


def test_who_lost_all_by_a_correction_speaks_and_claims_too(
    posted: Statement, bob: Any, charlie: Any, sam: Any, dana: Any, client: Any, finish_jobs: Any
) -> None:
    for share in Share.objects.filter(artist=bob):
        Share.objects.filter(pk=share.pk).update(artist=charlie)
    with finish_jobs():
        correction = actions.draft_correction(actor=sam, statement=posted, funding="shares", reason="All charlie’s.")
    correction.refresh_from_db()
    actions.submit_for_review(actor=sam, statement=correction)
    actions.publish(actor=dana, statement=correction)
    correction.refresh_from_db()
    correction = booked(correction, sam, dana)
    client.force_login(bob)
    page = client.get(reverse("royalties:line", args=[correction.pk, bob.payee.code])).text
    assert 'id="speak"' in page
    address = f"{reverse('royalties:claim', args=[correction.pk])}?line={bob.payee.code}"
    assert address in page
    assert client.post(address, {**WORDS, "kind": "identity"}).status_code == 302
    claim = StatementClaim.objects.get()
    assert claim.line == line_of(posted, bob)
    actions.answer_claim(actor=dana, claim=claim, outcome="accepted", reason="It is bob’s after all.")
    assert list(correcting.claims_to_carry_out(posted)) == [claim]


def test_nobody_answers_their_own_claim(posted: Statement, sam: Any, bob: Any) -> None:
    claim = actions.claim_on_line(
        actor=sam, statement=posted, line=line_of(posted, bob), kind="role", **WORDS, now=later(posted)
    )
    with pytest.raises(NotAllowed):
        actions.answer_claim(actor=sam, claim=claim, outcome="accepted", reason="Yes.")
