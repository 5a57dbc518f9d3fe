"""Who has an interest has it also while a draft pays nobody, or before a new cut is computed."""

from collections.abc import Callable
from typing import Any

import pytest

from profiles.actions import grant_powers
from profiles.models import StaffPower
from royalties import actions
from royalties.exceptions import ConflictOfInterest
from royalties.models import Adjustment, AllocationLine
from tests.contributions.works import published
from tests.royalties.conftest import drafted, earned, place
from tests.royalties.test_publish_statement import with_factor
from tests.royalties.test_statement_doors import erin, refused, refused_by_button, relocked
from tests.support.cast import join

__all__ = ["erin"]


@pytest.fixture
def unpaid(production: Any, sam: Any, finish_jobs: Any) -> Any:
    """A computed draft of a quarter in which nothing is booked yet."""
    statement = drafted(sam, production, finish_jobs)
    assert (statement.stage, statement.pending.pool_minor) == ("done", 0)
    assert not AllocationLine.objects.exists()
    return statement


def every_move(artist: Any, statement: Any, row: Adjustment, awarded: Any) -> list[Callable[[], object]]:
    """What a draft is changed by."""
    cue = statement.cut.cues.get(position=1)
    return [
        lambda: actions.recompute_statement(actor=artist, statement=statement),
        lambda: actions.submit_for_review(actor=artist, statement=statement),
        lambda: actions.withdraw_statement(actor=artist, statement=statement, reason="No."),
        lambda: actions.propose_factor(actor=artist, statement=statement, cue=cue, factor_bps=1, reason="No."),
        lambda: actions.propose_award(actor=artist, statement=statement, payee=awarded, amount_minor=1, reason="No."),
        lambda: actions.approve_adjustment(actor=artist, adjustment=row),
        lambda: actions.withdraw_adjustment(actor=artist, adjustment=row),
    ]


@pytest.mark.usefixtures("db")
def test_in_a_draft_without_money_a_payee_and_a_neighbour_do_nothing(
    client: Any, unpaid: Any, erin: Any, bob: Any, alice: Any, sam: Any
) -> None:
    cue = unpaid.cut.cues.get(position=2)
    row = actions.propose_factor(actor=sam, statement=unpaid, cue=cue, factor_bps=100_000, reason="Long.")
    grant_powers(actor=None, artist=bob, powers=list(StaffPower))
    for artist in (erin, bob):
        refused(*every_move(artist, unpaid, row, alice.payee))
        client.force_login(artist)
        refused_by_button(client, unpaid, "recompute", "submit", "withdraw")
        refused_by_button(client, row, "approve", "take_back")


@pytest.mark.usefixtures("db")
def test_a_draft_that_takes_somebody_out_does_not_make_them_impartial(
    draft: Any, alice: Any, sam: Any, dana: Any, finish_jobs: Any
) -> None:
    for number in (1, 2):
        with_factor(draft, sam, dana, 0, place=number)
    with finish_jobs():
        actions.recompute_statement(actor=sam, statement=draft)
    draft.refresh_from_db()
    assert not draft.pending.lines.filter(payee__artist=alice, amount_minor__gt=0).exists()
    grant_powers(actor=None, artist=alice, powers=list(StaffPower))
    refused(
        lambda: actions.recompute_statement(actor=alice, statement=draft),
        lambda: actions.withdraw_adjustment(actor=alice, adjustment=Adjustment.objects.first(), reason="No."),
    )


def with_a_dance(statement: Any, sam: Any, charlie: Any) -> None:
    """A new cut, in which charlie stands as well, who is staff by now."""
    dance = published(charlie, "Steam, danced", production_permission="yes")
    relocked(statement, sam, lambda cut: place(cut, sam, dance, "picture", "drawing", "screen_ms", 9000))
    grant_powers(actor=None, artist=charlie, powers=list(StaffPower))


@pytest.mark.usefixtures("db")
def test_who_stands_in_the_new_cut_alone_judges_nothing_before_it_is_computed(
    open_statement: Any, charlie: Any, sam: Any
) -> None:
    with_a_dance(open_statement, sam, charlie)
    refused(lambda: actions.revise(actor=charlie, statement=open_statement, reason="With me."))
    actions.revise(actor=sam, statement=open_statement, reason="A new cut.")
    open_statement.refresh_from_db()
    assert open_statement.pending is None
    dance = open_statement.cut.cues.get(position=4)
    row = actions.propose_factor(actor=sam, statement=open_statement, cue=dance, factor_bps=5000, reason="Short.")
    refused(
        lambda: actions.propose_factor(
            actor=charlie, statement=open_statement, cue=dance, factor_bps=100_000, reason="Mine."
        ),
        lambda: actions.approve_adjustment(actor=charlie, adjustment=row),
        lambda: actions.drop_revision(actor=charlie, statement=open_statement),
    )


@pytest.mark.usefixtures("db")
def test_who_stands_in_the_new_cut_alone_begins_no_correction_with_it(posted: Any, charlie: Any, sam: Any) -> None:
    with_a_dance(posted, sam, charlie)
    refused(lambda: actions.draft_correction(actor=charlie, statement=posted, funding="house", reason="With me."))


@pytest.mark.usefixtures("db")
def test_who_stands_in_the_new_cut_alone_recomputes_no_draft(draft: Any, charlie: Any, sam: Any) -> None:
    with_a_dance(draft, sam, charlie)
    refused(lambda: actions.recompute_statement(actor=charlie, statement=draft))


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize("has_left", [False, True])
def test_a_judgement_of_somebody_who_came_near_since_is_not_published(
    unpaid: Any, alice: Any, sam: Any, dana: Any, finish_jobs: Any, has_left: bool
) -> None:
    """Also of who has no powers any more: what they judged would count."""
    frank = join("frank", powers=tuple(StaffPower))
    row = with_factor(unpaid, sam, frank, 20_000)
    published(frank, "Kettle, a reply", sources=[(alice.contributions.get(), "inspired")])
    if has_left:
        grant_powers(actor=None, artist=frank, powers=[])
    earned(unpaid.production, sam, dana)
    with finish_jobs():
        actions.recompute_statement(actor=sam, statement=unpaid)
    actions.submit_for_review(actor=sam, statement=unpaid)
    with pytest.raises(ConflictOfInterest, match="take those adjustments back"):
        actions.publish(actor=dana, statement=unpaid)
    actions.send_back(actor=dana, statement=unpaid, reason="Frank is near.")
    actions.withdraw_adjustment(actor=sam, adjustment=row, reason="Frank is near.")
    actions.approve_taking_back(actor=dana, adjustment=row)
    with finish_jobs():
        actions.recompute_statement(actor=sam, statement=unpaid)
    actions.submit_for_review(actor=sam, statement=unpaid)
    actions.publish(actor=dana, statement=unpaid)


@pytest.mark.usefixtures("db")
def test_a_judgement_that_everybody_has_seen_stays_though_its_judge_came_near(
    open_statement: Any, alice: Any, sam: Any, dana: Any, finish_jobs: Any
) -> None:
    frank = join("frank", powers=tuple(StaffPower))
    with_factor(open_statement, sam, frank, 20_000)
    for title in ("As agreed.", "The same again."):
        with finish_jobs():
            actions.revise(actor=sam, statement=open_statement, reason=title)
        actions.publish(actor=dana, statement=open_statement)
        open_statement.refresh_from_db()
        if open_statement.current.number == 2:
            published(frank, "Kettle, a reply", sources=[(alice.contributions.get(), "inspired")])
    assert open_statement.current.number == 3
    assert len(open_statement.current.input["adjustments"]) == 1
