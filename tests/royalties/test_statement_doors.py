"""The same refusal through every door: the action itself, a button of the admin, a page, a task."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from contributions.models import Share
from profiles.actions import grant_powers
from profiles.models import StaffPower
from projects import actions as projects
from royalties import actions, tasks
from royalties.actions.computing import changed_tables
from royalties.exceptions import ConflictOfInterest, NotAllowed, RoyaltiesRefused, SecondPersonNeeded, WrongState
from royalties.models import Objection, Reserve, Statement, StatementComment
from royalties.money import Money
from tests.contributions.works import published
from tests.royalties.conftest import FIRST, LAST, closed, later
from tests.royalties.test_money_admin import move
from tests.support.cast import join


@pytest.fixture
def erin(alice: Any, production: Any) -> Any:
    """Staff with every power, whose own work was made from one that earns here."""
    erin = join("erin", powers=tuple(StaffPower))
    published(erin, "Kettle, a reply", sources=[(alice.contributions.get(), "inspired")])
    return erin


def refused(*calls: Callable[[], object]) -> None:
    """Each of them for her interest, and nothing else."""
    for call in calls:
        with pytest.raises(ConflictOfInterest):
            call()


def refused_by_button(client: Any, row: Any, *names: str) -> None:
    """The admin's buttons say the same and change nothing."""
    before = type(row).objects.filter(pk=row.pk).values().get()
    for name in names:
        said = move(client, row, name, "A good reason.")
        assert any("somebody else must do this" in words for words in said), (name, said)
    assert type(row).objects.filter(pk=row.pk).values().get() == before


def test_a_neighbour_drafts_and_reviews_nothing(client: Any, draft: Any, erin: Any, sam: Any) -> None:
    client.force_login(erin)
    refused(
        lambda: actions.draft_statement(
            actor=erin, production=draft.production, first_day=FIRST.replace(year=2025), last_day=LAST.replace(year=2025),
            currency="USD",
        ),
        lambda: actions.recompute_statement(actor=erin, statement=draft),
        lambda: actions.submit_for_review(actor=erin, statement=draft),
    )  # fmt: skip
    days = {"first_day": "2025-07-01", "last_day": "2025-09-30", "currency": "USD", "production": draft.production.pk}
    answer = client.post(reverse("admin:royalties_statement_add"), days)
    assert answer.status_code == 422
    assert "somebody else must do this" in answer.content.decode()
    refused_by_button(client, draft, "recompute", "submit", "withdraw")
    actions.submit_for_review(actor=sam, statement=draft)
    draft.refresh_from_db()
    refused(
        lambda: actions.publish(actor=erin, statement=draft),
        lambda: actions.send_back(actor=erin, statement=draft, reason="No."),
        lambda: actions.withdraw_statement(actor=erin, statement=draft, reason="No."),
    )
    refused_by_button(client, draft, "publish", "send_back", "withdraw")


def test_a_neighbour_answers_revises_adjusts_hides_and_closes_nothing(
    client: Any, open_statement: Any, erin: Any, bob: Any, charlie: Any, sam: Any, alice: Any
) -> None:
    line = open_statement.current.lines.get(payee__artist=bob)
    objection = actions.raise_objection(actor=bob, statement=open_statement, kind="other", body="Hm.", line=line)
    said = actions.comment(actor=charlie, statement=open_statement, body="Rubbish.")
    cue = open_statement.cut.cues.get(position=1)
    row = actions.propose_factor(actor=sam, statement=open_statement, cue=cue, factor_bps=5000, reason="Short.")
    refused(
        lambda: actions.answer_objection(actor=erin, objection=objection, outcome="declined", reason="No."),
        lambda: actions.hide_comment(actor=erin, comment=said, reason="Rude."),
        lambda: actions.revise(actor=erin, statement=open_statement, reason="No."),
        lambda: actions.drop_revision(actor=erin, statement=open_statement),
        lambda: actions.close_statement(actor=erin, statement=open_statement, now=later(open_statement)),
        lambda: actions.propose_factor(actor=erin, statement=open_statement, cue=cue, factor_bps=1, reason="No."),
        lambda: actions.propose_award(
            actor=erin, statement=open_statement, payee=alice.payee, amount_minor=1, reason="No."
        ),
        lambda: actions.approve_adjustment(actor=erin, adjustment=row),
        lambda: actions.withdraw_adjustment(actor=erin, adjustment=row),
    )
    client.force_login(erin)
    refused_by_button(client, open_statement, "revise", "drop_revision", "close", "withdraw")
    refused_by_button(client, objection, "accept", "accept_partly", "decline")
    refused_by_button(client, said, "hide")
    refused_by_button(client, row, "approve", "take_back")


def test_a_neighbour_keeps_nothing_back_and_lets_nothing_go(
    open_statement: Any, erin: Any, sam: Any, dana: Any
) -> None:
    refused(
        lambda: actions.propose_reserve(actor=erin, statement=open_statement, money=Money(100, "USD"), reason="No.")
    )
    proposed = Reserve.objects.create(statement=open_statement, amount_minor=100, reason="Returns.", proposed_by=sam)
    refused(lambda: actions.approve_reserve(actor=erin, reserve=proposed))
    Reserve.objects.filter(pk=proposed.pk).update(approved_by=dana, approved_at=later(open_statement))
    refused(lambda: actions.release_reserve(actor=erin, reserve=proposed, statement=open_statement))


def test_a_neighbour_finalises_and_posts_nothing(client: Any, open_statement: Any, erin: Any, sam: Any) -> None:
    client.force_login(erin)
    actions.close_statement(actor=sam, statement=open_statement, now=later(open_statement))
    open_statement.refresh_from_db()
    refused(lambda: actions.finalise(actor=erin, statement=open_statement))
    refused_by_button(client, open_statement, "finalise")
    actions.finalise(actor=sam, statement=open_statement)
    open_statement.refresh_from_db()
    refused(lambda: actions.post_statement(actor=erin, statement=open_statement))
    refused_by_button(client, open_statement, "post")


def test_who_stood_in_an_earlier_draft_still_has_an_interest(
    open_statement: Any, alice: Any, sam: Any, dana: Any, finish_jobs: Any
) -> None:
    """A revision that takes somebody out does not make them impartial."""
    for place in (1, 2):
        cue = open_statement.cut.cues.get(position=place)
        row = actions.propose_factor(actor=sam, statement=open_statement, cue=cue, factor_bps=0, reason="Cut.")
        actions.approve_adjustment(actor=dana, adjustment=row)
    with finish_jobs():
        actions.revise(actor=sam, statement=open_statement, reason="Alice is out.")
    actions.publish(actor=dana, statement=open_statement)
    open_statement.refresh_from_db()
    assert not open_statement.current.lines.filter(payee__artist=alice, amount_minor__gt=0).exists()
    grant_powers(actor=None, artist=alice, powers=list(StaffPower))
    refused(lambda: actions.close_statement(actor=alice, statement=open_statement, now=later(open_statement)))


def test_four_eyes_by_button(client: Any, draft: Any, open_statement: Any) -> None:
    both = join("frida", powers=tuple(StaffPower))
    Statement.objects.filter(pk=open_statement.pk).update(drafter=both)
    closed(open_statement, both)
    with pytest.raises(SecondPersonNeeded):
        actions.post_statement(actor=both, statement=open_statement)
    client.force_login(both)
    assert "cannot also post" in move(client, open_statement, "post")[-1]


def test_nobody_shortens_a_window(client: Any, open_statement: Any, sam: Any) -> None:
    with pytest.raises(WrongState, match="nobody can shorten"):
        actions.close_statement(actor=sam, statement=open_statement)
    client.force_login(sam)
    assert "nobody can shorten" in move(client, open_statement, "close")[-1]
    earlier = open_statement.window_ends_at - dt.timedelta(hours=1)
    with pytest.raises(DatabaseError), transaction.atomic():
        Statement.objects.filter(pk=open_statement.pk).update(window_ends_at=earlier)


def test_nobody_hides_an_objection(client: Any, open_statement: Any, bob: Any, sam: Any) -> None:
    line = open_statement.current.lines.get(payee__artist=bob)
    objection = actions.raise_objection(actor=bob, statement=open_statement, kind="other", body="Hm.", line=line)
    with pytest.raises(NotAllowed):
        actions.hide_comment(actor=sam, comment=objection.comment, reason="Rude.")
    client.force_login(sam)
    assert "never hidden" in move(client, objection.comment, "hide", "Rude.")[-1]
    for rows in (Objection.objects.all(), StatementComment.objects.all()):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows._raw_delete("default")


def test_nobody_adjusts_without_a_reason_and_a_second_person(client: Any, open_statement: Any, sam: Any) -> None:
    grant_powers(actor=None, artist=sam, powers=list(StaffPower))
    cue = open_statement.cut.cues.get(position=1)
    client.force_login(sam)
    form = {"statement": open_statement.pk, "kind": "line_factor", "cue": 1, "factor": "50", "reason": " "}
    answer = client.post(reverse("admin:royalties_adjustment_add"), form)
    assert (answer.status_code, open_statement.adjustments.count()) == (422, 0)
    with pytest.raises(RoyaltiesRefused):
        actions.propose_factor(actor=sam, statement=open_statement, cue=cue, factor_bps=5000, reason=" ")
    row = actions.propose_factor(actor=sam, statement=open_statement, cue=cue, factor_bps=5000, reason="Short.")
    with pytest.raises(SecondPersonNeeded):
        actions.approve_adjustment(actor=sam, adjustment=row)
    assert "cannot also approve" in move(client, row, "approve")[-1]
    with pytest.raises(DatabaseError), transaction.atomic():
        type(row).objects.filter(pk=row.pk).update(approved_by=sam)


def test_a_rate_table_that_changes_does_not_touch_an_open_statement(
    open_statement: Any, sam: Any, dana: Any, finish_jobs: Any
) -> None:
    """A new table, and a new cut locked under it: the revision is still divided by the published one."""
    before = open_statement.current.input["departments"]
    shares = before | {"picture": before["picture"] - 1000, "writing": before["writing"] + 1000}
    table = {code: (code.title(), bps) for code, bps in shares.items()}
    projects.set_departments(actor=sam, kind="film", shares=table)
    cut = projects.new_cut(actor=sam, production=open_statement.production)
    projects.lock_cut(actor=sam, cut=cut)
    with finish_jobs():
        actions.revise(actor=sam, statement=open_statement, reason="A new cut.")
    open_statement.refresh_from_db()
    assert (open_statement.stage, open_statement.cut_id) == ("done", cut.pk)
    assert open_statement.pending.input["departments"] == before
    assert open_statement.pending.result["amounts"] == open_statement.current.result["amounts"]


def test_the_task_refuses_parameters_that_are_not_the_published_ones(
    open_statement: Any, sam: Any, monkeypatch: Any
) -> None:
    monkeypatch.setattr("royalties.policy.PASS_CAP_BPS", 4000)
    actions.revise(actor=sam, statement=open_statement, reason="With other tables.")
    open_statement.refresh_from_db()
    tasks.compute_statement(open_statement.pk, open_statement.run)
    open_statement.refresh_from_db()
    assert (open_statement.stage, open_statement.pending) == ("failed", None)
    assert "rate table was changed" in open_statement.failure
    assert "pass_cap_bps" in open_statement.failure


def relocked(statement: Any, sam: Any, change: Callable[[Any], object]) -> None:
    """The next cut of its production, changed and locked."""
    cut = projects.new_cut(actor=sam, production=statement.production)
    change(cut)
    projects.lock_cut(actor=sam, cut=cut)


def revising(statement: Any, sam: Any, finish_jobs: Any) -> Any:
    with finish_jobs():
        actions.revise(actor=sam, statement=statement, reason="A new cut.")
    statement.refresh_from_db()
    return statement


def test_a_new_cut_brings_no_department_table_of_its_own(open_statement: Any, sam: Any, finish_jobs: Any) -> None:
    def by_sections(cut: Any) -> None:
        table = {"writing": 9000, "picture": 500, "music": 500}
        whole = {"id": "all", "title": "All", "bps": 10_000, "departments": table}
        projects.set_sections(actor=sam, cut=cut, sections=[whole])
        for cue in cut.cues.all():
            projects.change_cue(actor=sam, cue=cue, section="all")

    relocked(open_statement, sam, by_sections)
    statement = revising(open_statement, sam, finish_jobs)
    assert (statement.stage, statement.pending) == ("failed", None)
    assert "rate table was changed" in statement.failure
    assert "departments of all" in statement.failure


def test_a_section_comes_only_with_a_table_that_is_published() -> None:
    usual, own = {"composition": 4000, "performance": 6000}, {"composition": 10_000}
    album = {"pool_bps": 5000, "departments of waltz": usual, "departments of hymn": usual}
    assert changed_tables(album, {**album, "departments of reel": usual}) == []
    assert changed_tables(album, {**album, "departments of reel": own}) == ["departments of reel"]
    assert changed_tables(album, {**album, "departments of hymn": own}) == ["departments of hymn"]
    assert changed_tables(album, {"pool_bps": 5000, "departments of waltz": usual}) == []
    assert changed_tables(album, {"pool_bps": 5000, "departments": usual}) == ["departments"]
    assert changed_tables(album, {"departments of waltz": usual, "floor": 0}) == ["floor", "pool_bps"]


def test_a_new_cut_brings_no_other_weight_of_a_role_or_prominence(
    open_statement: Any, sam: Any, finish_jobs: Any
) -> None:
    before = open_statement.current.input["lines"]
    projects.add_prominence(actor=sam, code="featured", name="Featured", weight=300)
    role = open_statement.cut.cues.get(position=2).role
    words = {"code": role.code, "department_code": role.department_code, "credit_line": role.credit_line}
    projects.add_role(actor=sam, name=role.name, weight=700, **words)

    def by_new_weights(cut: Any) -> None:
        projects.change_cue(actor=sam, cue=cut.cues.get(position=2), prominence="featured", role=role.code)

    relocked(open_statement, sam, by_new_weights)
    statement = revising(open_statement, sam, finish_jobs)
    assert statement.cut.cues.get(position=2).role.weight == 700
    assert statement.pending.input["lines"] == before


def test_a_role_that_came_later_counts_for_later_statements(open_statement: Any, sam: Any, finish_jobs: Any) -> None:
    old = open_statement.cut.cues.get(position=2).role
    words = {"department_code": old.department_code, "credit_line": "Sung by"}
    projects.add_role(actor=sam, code="whistle", name="Whistle", weight=700, **words)
    relocked(
        open_statement, sam, lambda cut: projects.change_cue(actor=sam, cue=cut.cues.get(position=2), role="whistle")
    )
    statement = revising(open_statement, sam, finish_jobs)
    assert (statement.stage, statement.pending) == ("failed", None)
    assert "count for later statements only: Whistle" in statement.failure


def test_who_had_a_line_in_what_is_corrected_approves_no_correction(
    posted: Any, bob: Any, charlie: Any, sam: Any, finish_jobs: Any
) -> None:
    """It comes out that charlie made what bob was paid for, so the correction itself has no line of his."""
    Share.objects.filter(artist=bob).update(artist=charlie)
    grant_powers(actor=None, artist=bob, powers=list(StaffPower))
    with finish_jobs():
        correction = actions.draft_correction(actor=sam, statement=posted, funding="shares", reason="He is hired.")
    correction.refresh_from_db()
    assert not correction.pending.lines.filter(payee__artist=bob, amount_minor__gt=0).exists()
    actions.submit_for_review(actor=sam, statement=correction)
    with pytest.raises(ConflictOfInterest, match="have a line"):
        actions.publish(actor=bob, statement=correction)


def test_pages_refuse_late_objections_and_other_peoples_cases(
    client: Any, open_statement: Any, bob: Any, charlie: Any, time_machine: Any
) -> None:
    line = open_statement.current.lines.get(payee__artist=bob)
    said = actions.comment(actor=bob, statement=open_statement, body="Wait.", line=line)
    url = reverse("royalties:object", args=[open_statement.pk, said.pk])
    client.force_login(charlie)
    assert "Only who wrote" in client.post(url, {"kind": "measure"}, follow=True).content.decode()
    client.force_login(bob)
    time_machine.move_to(later(open_statement), tick=True)
    client.force_login(bob)
    assert "time for objections is over" in client.post(url, {"kind": "measure"}, follow=True).content.decode()
    assert not Objection.objects.exists()
