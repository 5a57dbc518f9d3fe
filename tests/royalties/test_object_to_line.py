"""Comments, objections, answers and acceptance."""

import datetime as dt
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from profiles.models import Notice
from royalties import actions
from royalties.exceptions import ConflictOfInterest, NotAllowed, RoyaltiesRefused, WrongState
from royalties.models import Objection, StatementComment
from tests.royalties.conftest import later
from tests.support.cast import join


@pytest.fixture
def line(open_statement: Any, bob: Any) -> Any:
    return open_statement.current.lines.get(payee__artist=bob)


def test_any_member_comments_on_the_whole_or_on_a_line(open_statement: Any, line: Any, bob: Any, charlie: Any) -> None:
    whole = actions.comment(actor=charlie, statement=open_statement, body="  Looks right to me.  ")
    assert (whole.body, whole.line) == ("Looks right to me.", None)
    about = actions.comment(actor=charlie, statement=open_statement, body="Is the song counted?", line=line)
    assert about.payee == line.payee
    assert Notice.objects.filter(recipient=bob, event__verb="royalties.commented").count() == 1


def test_replies_make_threads_of_two_levels(open_statement: Any, line: Any, alice: Any, charlie: Any) -> None:
    root = actions.comment(actor=charlie, statement=open_statement, body="Why?", line=line)
    first = actions.comment(actor=alice, statement=open_statement, body="Because.", reply_to=root)
    second = actions.comment(actor=charlie, statement=open_statement, body="I see.", reply_to=first)
    assert {first.reply_to, second.reply_to} == {root}
    assert second.line == line


def test_a_form_that_is_sent_twice_speaks_once(open_statement: Any, line: Any, bob: Any) -> None:
    twice = [
        actions.raise_objection(actor=bob, statement=open_statement, kind="measure", body="Two minutes.", line=line)
        for _time in range(2)
    ]
    assert twice[0] == twice[1]
    assert StatementComment.objects.count() == 1
    later_on = open_statement.published_at + dt.timedelta(hours=1)
    assert actions.comment(actor=bob, statement=open_statement, body="Two minutes.", line=line, now=later_on)
    assert StatementComment.objects.count() == 2


@pytest.mark.parametrize("body", ["", "   ", "x" * 4001])
def test_a_comment_needs_words_but_not_too_many(open_statement: Any, charlie: Any, body: str) -> None:
    with pytest.raises(RoyaltiesRefused):
        actions.comment(actor=charlie, statement=open_statement, body=body)


def test_nobody_comments_on_a_draft(draft: Any, charlie: Any) -> None:
    with pytest.raises(WrongState):
        actions.comment(actor=charlie, statement=draft, body="Too early.")


def test_a_comment_becomes_an_objection_by_its_author(open_statement: Any, line: Any, bob: Any, charlie: Any) -> None:
    said = actions.comment(actor=bob, statement=open_statement, body="The song lasts longer.", line=line)
    with pytest.raises(NotAllowed):
        actions.object_to(actor=charlie, comment=said, kind="measure")
    objection = actions.object_to(actor=bob, comment=said, kind="measure")
    assert (objection.status, objection.line) == (Objection.Status.OPEN, line)
    with pytest.raises(WrongState):
        actions.object_to(actor=bob, comment=said, kind="role")


def test_an_objection_names_a_line_unless_a_work_is_missing(open_statement: Any, charlie: Any) -> None:
    said = actions.comment(actor=charlie, statement=open_statement, body="My kettle is in it too.")
    with pytest.raises(RoyaltiesRefused):
        actions.object_to(actor=charlie, comment=said, kind="measure")
    with pytest.raises(RoyaltiesRefused):
        actions.object_to(actor=charlie, comment=said, kind="nonsense")
    assert actions.object_to(actor=charlie, comment=said, kind="missing").line is None


def test_objections_end_with_the_window_and_at_day_45(open_statement: Any, line: Any, bob: Any) -> None:
    said = actions.comment(actor=bob, statement=open_statement, body="Wait.", line=line)
    with pytest.raises(WrongState):
        actions.object_to(actor=bob, comment=said, kind="other", now=later(open_statement))
    type(open_statement).objects.filter(pk=open_statement.pk).update(
        window_ends_at=open_statement.published_at + dt.timedelta(days=60)
    )
    with pytest.raises(WrongState, match="45 days"):
        actions.object_to(
            actor=bob, comment=said, kind="other", now=open_statement.published_at + dt.timedelta(days=46)
        )


@pytest.fixture
def objection(open_statement: Any, line: Any, bob: Any) -> Any:
    return actions.raise_objection(
        actor=bob, statement=open_statement, kind="measure", body="It lasts two minutes.", line=line
    )


def test_staff_answer_with_a_public_reason(objection: Any, bob: Any, dana: Any) -> None:
    with pytest.raises(RoyaltiesRefused):
        actions.answer_objection(actor=dana, objection=objection, outcome="accepted", reason=" ")
    with pytest.raises(RoyaltiesRefused):
        actions.answer_objection(actor=dana, objection=objection, outcome="maybe", reason="Hm.")
    answer = actions.answer_objection(actor=dana, objection=objection, outcome="declined", reason="We timed it.")
    objection.refresh_from_db()
    assert (objection.status, answer.reason) == ("answered", "We timed it.")
    assert Notice.objects.filter(recipient=bob, event__verb="royalties.objection_answered").exists()
    with pytest.raises(WrongState):
        actions.answer_objection(actor=dana, objection=objection, outcome="accepted", reason="On second thought.")


def test_members_and_the_interested_answer_nothing(objection: Any, charlie: Any, bob: Any) -> None:
    from profiles.actions import grant_powers
    from profiles.models import StaffPower

    with pytest.raises(NotAllowed):
        actions.answer_objection(actor=charlie, objection=objection, outcome="accepted", reason="Yes.")
    grant_powers(actor=None, artist=bob, powers=list(StaffPower))
    with pytest.raises(NotAllowed, match="own objection"):
        actions.answer_objection(actor=bob, objection=objection, outcome="accepted", reason="Yes.")


def test_staff_with_a_line_answer_nothing(objection: Any, alice: Any) -> None:
    from profiles.actions import grant_powers
    from profiles.models import StaffPower

    grant_powers(actor=None, artist=alice, powers=list(StaffPower))
    with pytest.raises(ConflictOfInterest):
        actions.answer_objection(actor=alice, objection=objection, outcome="declined", reason="No.")


def test_an_objection_cannot_be_hidden_and_a_comment_leaves_a_tombstone(
    objection: Any, open_statement: Any, charlie: Any, sam: Any
) -> None:
    with pytest.raises(NotAllowed):
        actions.hide_comment(actor=sam, comment=objection.comment, reason="Rude.")
    rude = actions.comment(actor=charlie, statement=open_statement, body="You are all thieves.")
    with pytest.raises(NotAllowed):
        actions.hide_comment(actor=charlie, comment=rude, reason="Sorry.")
    hidden = actions.hide_comment(actor=sam, comment=rude, reason="Insults.")
    assert (hidden.body, hidden.hidden_reason) == ("You are all thieves.", "Insults.")


def test_postgresql_keeps_what_was_said(objection: Any) -> None:
    for change in (
        lambda: StatementComment.objects.update(body="Never mind."),
        lambda: Objection.objects.update(kind="other"),
        lambda: StatementComment.objects.all()._raw_delete("default"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_a_payee_accepts_the_line_in_force(open_statement: Any, line: Any, bob: Any, charlie: Any) -> None:
    with pytest.raises(NotAllowed):
        actions.accept_line(actor=charlie, line=line)
    first = actions.accept_line(actor=bob, line=line)
    assert actions.accept_line(actor=bob, line=line) == first


def test_a_stranger_who_closed_the_account_says_nothing(open_statement: Any) -> None:
    gone = join("gone")
    gone.is_active = False
    with pytest.raises(NotAllowed):
        actions.comment(actor=gone, statement=open_statement, body="Still here.")
