"""A statement is taken back: everybody it concerns hears why, nobody is asked for anything more, its pages say so."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from profiles.actions import grant_powers
from profiles.models import Artist, Notice
from royalties import actions
from royalties.exceptions import RoyaltiesRefused, SecondPersonNeeded, WrongState
from royalties.models import Objection, OutboxMail, PanelSeat, Statement, StatementClaim
from tests.royalties.conftest import closed, drafted, later, opened
from tests.royalties.panelists import answered, live, members
from tests.royalties.test_claim_missing_work import claimed

pytestmark = pytest.mark.usefixtures("db")

WHY = "The shop sent the figures of another film."


def withdrawn(statement: Statement, dana: Any, reason: str = WHY) -> Statement:
    actions.withdraw_statement(actor=dana, statement=statement, reason=reason)
    statement.refresh_from_db()
    return statement


def told(artist: Any) -> list[str]:
    verbs = ("royalties.statement_withdrawn", "royalties.panel_released")
    notices = Notice.objects.filter(recipient=artist, event__verb__in=verbs)
    return list(notices.values_list("text", flat=True))


def before_a_panel(statement: Statement, bob: Any, dana: Any) -> Any:
    members(8)
    return actions.escalate(actor=bob, objection=answered(statement, bob, dana), reason="It is not right.")


def test_payees_objectors_claimants_and_the_panel_are_told_why(
    open_statement: Any, alice: Any, bob: Any, charlie: Any, sam: Any, dana: Any
) -> None:
    seats = live(before_a_panel(open_statement, bob, dana))
    claimed(open_statement, charlie)
    stranger = members(1, "stranger")[0]
    withdrawn(open_statement, dana)
    for person in (alice, bob, charlie, sam, *(seat.member for seat in seats)):
        (text,) = told(person)
        assert "withdrawn" in text
        assert WHY in text
    assert told(stranger) == told(dana) == []


def test_a_draft_that_nobody_saw_is_withdrawn_without_a_word_to_its_payees(draft: Any, alice: Any, dana: Any) -> None:
    withdrawn(draft, dana)
    assert told(alice) == []


def test_a_panel_is_let_go_and_nobody_is_drawn_any_more(open_statement: Any, bob: Any, dana: Any, client: Any) -> None:
    escalation = before_a_panel(open_statement, bob, dana)
    seat, count = live(escalation)[0], escalation.seats.count()
    withdrawn(open_statement, dana)
    assert live(escalation) == []
    assert set(escalation.seats.values_list("status", flat=True)) == {PanelSeat.Status.RELEASED}
    assert actions.replace_silent_panelists(now=timezone.now() + dt.timedelta(days=4)) == 0
    assert escalation.seats.count() == count
    client.force_login(seat.member)
    html = client.get(seat.get_absolute_url()).text
    assert WHY in html
    assert reverse("royalties:panel_vote", args=[seat.pk]) not in html


def test_who_claimed_without_an_account_is_written_to_and_then_forgotten(open_statement: Any, dana: Any) -> None:
    unconfirmed = claimed(open_statement, work="Four bells")
    OutboxMail.objects.all().delete()
    row = actions.confirm_claim(actor=None, claim=claimed(open_statement))
    OutboxMail.objects.all().delete()
    withdrawn(open_statement, dana)
    assert [actions.write_mail(mail_id=owed.pk) for owed in OutboxMail.objects.all()] == [True]
    assert mail.outbox[-1].to == ["petra@example.org"]
    assert WHY in mail.outbox[-1].body
    assert open_statement.get_absolute_url() in mail.outbox[-1].body
    day = dt.timedelta(days=1)
    assert actions.forget_claim_addresses(now=timezone.now() + 8 * day) == 1
    unconfirmed.refresh_from_db()
    assert unconfirmed.email == ""
    assert actions.forget_claim_addresses(now=timezone.now() + 29 * day) == 0
    assert actions.forget_claim_addresses(now=timezone.now() + 31 * day) == 1
    row.refresh_from_db()
    assert row.email == ""


def test_a_seat_that_was_left_invited_lapses_without_drawing_the_next(
    open_statement: Any, bob: Any, dana: Any, client: Any
) -> None:
    """As withdrawals left them that did not let the panel go."""
    escalation = before_a_panel(open_statement, bob, dana)
    count, seat = escalation.seats.count(), live(escalation)[0]
    Statement.objects.filter(pk=open_statement.pk).update(status="withdrawn", withdrawn_reason=WHY)
    assert actions.replace_silent_panelists(now=timezone.now() + dt.timedelta(days=4)) == 0
    assert escalation.seats.count() == count
    client.force_login(seat.member)
    assert reverse("royalties:panel_vote", args=[seat.pk]) not in client.get(seat.get_absolute_url()).text


def test_every_page_below_it_says_why_since_when_and_what_came_instead(
    open_statement: Any, bob: Any, sam: Any, dana: Any, client: Any, finish_jobs: Any
) -> None:
    revision = open_statement.current
    tried = actions.propose_what_if(
        actor=bob, revision=revision, wanted={revision.input["lines"][0]["line"]: {"quantity": 9}}
    )
    pages = [
        reverse(f"royalties:{name}", args=[open_statement.pk, *more])
        for name, *more in (
            ("statement",),
            ("line", bob.payee.code),
            ("changes",),
            ("what_if",),
            ("what_if_shared", tried.code),
            ("claim",),
            ("claim_sent",),
        )
    ]
    withdrawn(open_statement, dana)
    for address in pages:
        response = client.get(address)
        assert response.status_code == 410, address
        assert WHY in response.text
        assert f'datetime="{timezone.now():%Y-%m-%d}' in response.text
        assert "Another statement may follow" in response.text
    follower = opened(drafted(sam, open_statement.production, finish_jobs), sam, dana)
    assert follower != open_statement
    html = client.get(pages[1]).text
    assert follower.get_absolute_url() in html
    assert "Another statement may follow" not in html
    client.force_login(bob)
    for name, *more in (("comment",), ("line_comment", bob.payee.code), ("accept", bob.payee.code), ("what_if",)):
        response = client.post(reverse(f"royalties:{name}", args=[open_statement.pk, *more]), {"body": "But why?"})
        assert response.status_code == 410, name


def test_of_a_draft_that_was_never_public_nobody_learns(draft: Any, alice: Any, dana: Any, client: Any) -> None:
    withdrawn(draft, dana)
    for name, *more in (("statement",), ("changes",), ("line", alice.payee.code), ("claim",)):
        assert client.get(reverse(f"royalties:{name}", args=[draft.pk, *more])).status_code == 404


def test_cases_and_what_was_said_stay_to_be_read(open_statement: Any, bob: Any, dana: Any, client: Any) -> None:
    before_a_panel(open_statement, bob, dana)
    objection = Objection.objects.get()
    withdrawn(open_statement, dana)
    html = client.get(objection.get_absolute_url()).text
    assert "It lasts two minutes." in html
    assert WHY in html
    assert "Before a panel" not in html
    html = client.get(open_statement.get_absolute_url()).text
    assert f'id="comment-{objection.comment_id}"' in html
    assert "<form" not in html[html.index('id="talk"') : html.index("</main>")]


def test_a_late_claim_to_a_withdrawn_statement_waits_for_nobody(
    open_statement: Any, bob: Any, charlie: Any, sam: Any, dana: Any, client: Any
) -> None:
    line = open_statement.current.lines.get(payee__artist=bob)
    actions.raise_objection(actor=bob, statement=open_statement, kind="other", body="Hm.", line=line)
    claim = claimed(open_statement, charlie, now=later(open_statement))
    client.force_login(sam)
    home = client.get(reverse("admin:index")).text
    assert "Objections to answer" in home
    assert "Late claims to answer" in home
    withdrawn(open_statement, dana)
    home = client.get(reverse("admin:index")).text
    assert "Objections to answer" not in home
    assert "Late claims to answer" not in home
    with pytest.raises(WrongState):
        actions.answer_claim(actor=sam, claim=claim, outcome="accepted", reason="Yes.")
    html = client.get(claim.get_absolute_url()).text
    assert WHY in html
    assert StatementClaim.objects.get().status == "late"


def test_a_pile_of_the_admin_leads_to_what_it_counts(
    open_statement: Any, bob: Any, charlie: Any, sam: Any, client: Any
) -> None:
    line = open_statement.current.lines.get(payee__artist=bob)
    actions.raise_objection(actor=bob, statement=open_statement, kind="other", body="Hm.", line=line)
    claimed(open_statement, charlie, now=later(open_statement))
    client.force_login(sam)
    from hitrecord.admin import waiting

    for pile in [pile for pile in waiting(sam) if pile.count and ("objection" in pile.url or "claim" in pile.url)]:
        response = client.get(pile.url)
        assert response.status_code == 200
        assert response.context["cl"].result_count == pile.count


@pytest.mark.parametrize("length", [500, 501, 900])
def test_a_reason_that_is_too_long_is_refused_and_never_cut(open_statement: Any, dana: Any, length: int) -> None:
    reason = "x" * length
    if length <= 500:
        assert withdrawn(open_statement, dana, reason).withdrawn_reason == reason
    else:
        with pytest.raises(RoyaltiesRefused, match=f"500.*{length}"):
            withdrawn(open_statement, dana, reason)


def test_who_drafted_does_not_withdraw_alone_once_comments_are_closed(open_statement: Any, sam: Any, dana: Any) -> None:
    grant_powers(actor=None, artist=sam, powers=["drafter", "approver"])
    drafter = Artist.objects.get(pk=sam.pk)
    actions.close_statement(actor=sam, statement=open_statement, now=later(open_statement))
    with pytest.raises(SecondPersonNeeded):
        withdrawn(open_statement, drafter)
    actions.finalise(actor=sam, statement=open_statement)
    with pytest.raises(SecondPersonNeeded):
        withdrawn(open_statement, drafter)
    assert withdrawn(open_statement, dana).status == "withdrawn"


def test_until_then_who_drafted_may_take_it_back(open_statement: Any, sam: Any) -> None:
    grant_powers(actor=None, artist=sam, powers=["drafter", "approver"])
    assert withdrawn(open_statement, Artist.objects.get(pk=sam.pk)).status == "withdrawn"


def test_a_final_statement_is_withdrawn_by_button(open_statement: Any, sam: Any, dana: Any, client: Any) -> None:
    from tests.royalties.test_money_admin import move

    final = closed(open_statement, sam)
    client.force_login(dana)
    assert "withdrawn" in move(client, final, "withdraw", WHY)[-1]
    final.refresh_from_db()
    assert (final.status, final.withdrawn_reason) == ("withdrawn", WHY)
