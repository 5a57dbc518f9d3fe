"""Who is left out of a statement: by what they were when the work was made public, and by what they gave up before it."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from profiles.actions import grant_powers
from profiles.models import Artist
from profiles.models.artist import StaffPower
from projects import actions as projects
from royalties import actions
from royalties.document import holders_of
from royalties.models import Payee, Revision, Statement
from tests.contributions.works import published
from tests.royalties.conftest import booked, drafted, earned, opened, place
from tests.royalties.test_publish_statement import revised
from tests.support.cast import PASSWORD, join

pytestmark = pytest.mark.usefixtures("db")


def amounts(revision: Revision) -> dict[str, int]:
    """What everybody gets, by handle."""
    rows = revision.lines.values_list("payee__artist__handle", "amount_minor")
    return dict(rows)


def powers(artist: Any, *names: StaffPower) -> Any:
    """The artist with these powers and no others, as the next request sees them."""
    grant_powers(actor=None, artist=artist, powers=names)
    return Artist.objects.get(pk=artist.pk)


def recomputed(statement: Statement, sam: Any, finish_jobs: Any) -> Revision:
    with finish_jobs():
        actions.recompute_statement(actor=sam, statement=statement)
    statement.refresh_from_db()
    assert statement.pending is not None
    return statement.pending


def correction_of(statement: Statement, sam: Any, finish_jobs: Any) -> Revision:
    """What a correction for some other reason would say."""
    with finish_jobs():
        row = actions.draft_correction(actor=sam, statement=statement, funding="shares", reason="Another thing.")
    row.refresh_from_db()
    assert row.pending is not None, row.failure
    return row.pending


def test_who_is_hired_between_two_drafts_keeps_what_they_earned(
    open_statement: Any, bob: Any, sam: Any, dana: Any, finish_jobs: Any
) -> None:
    before = amounts(open_statement.current)
    assert before["bob"] > 0
    powers(bob, StaffPower.CURATOR)
    revised(open_statement, sam, dana, finish_jobs, reason="A typo.")
    assert open_statement.current.number == 2
    assert amounts(open_statement.current) == before


def test_who_is_hired_after_posting_loses_nothing_by_a_correction(
    posted: Any, bob: Any, sam: Any, finish_jobs: Any
) -> None:
    before = amounts(posted.current)
    powers(bob, StaffPower.APPROVER)
    assert amounts(correction_of(posted, sam, finish_jobs)) == before


def test_who_is_hired_later_still_earns_by_older_works_in_new_statements(
    earning: Any, bob: Any, sam: Any, finish_jobs: Any
) -> None:
    powers(bob, StaffPower.CURATOR)
    assert amounts(drafted(sam, earning, finish_jobs).pending)["bob"] > 0


def test_what_was_made_as_paid_work_earns_nothing_once_its_maker_has_left_the_staff(
    production: Any, dana: Any, sam: Any, finish_jobs: Any
) -> None:
    erin = powers(join("erin"), StaffPower.PRODUCER)
    grade = published(erin, "Grade", production_permission="yes")
    powers(erin)
    own = published(erin, "Ashore", production_permission="yes")
    cut = projects.new_cut(actor=sam, production=production)
    graded = place(cut, sam, grade, "edit", "edit", "screen_ms", 60_000)
    placed = place(cut, sam, own, "edit", "edit", "screen_ms", 20_000)
    projects.lock_cut(actor=sam, cut=cut)
    statement = drafted(sam, earned(production, sam, dana), finish_jobs)
    works = statement.pending.input["contributions"]
    assert works[f"c{graded.contribution_id}"]["kind"] == "staff"
    assert works[f"c{placed.contribution_id}"]["kind"] == "community"
    earning_works = statement.pending.lines.get(payee__artist=erin).items.values_list("contribution", flat=True)
    assert set(earning_works) == {own.pk}


def test_who_leaves_the_staff_between_two_drafts_is_paid_nothing_for_paid_work(
    production: Any, dana: Any, sam: Any, finish_jobs: Any
) -> None:
    erin = powers(join("erin"), StaffPower.PRODUCER)
    cut = projects.new_cut(actor=sam, production=production)
    place(cut, sam, published(erin, "Grade", production_permission="yes"), "edit", "edit", "screen_ms", 60_000)
    projects.lock_cut(actor=sam, cut=cut)
    statement = opened(drafted(sam, earned(production, sam, dana), finish_jobs), sam, dana)
    before = amounts(statement.current)
    powers(erin)
    revised(statement, sam, dana, finish_jobs, reason="A typo.")
    assert amounts(statement.current) == before
    assert not Payee.objects.filter(artist=erin).exists()


def test_a_superuser_of_the_command_line_was_staff_before_any_powers_were_granted() -> None:
    root = Artist.objects.create_superuser(email="root@example.com", password=PASSWORD, handle="root")
    grade = published(root, "Grade")
    holders, _artists = holders_of([grade.pk])
    assert holders[grade.pk].kind == "staff"
    powers(root, StaffPower.FINANCE)
    holders, _artists = holders_of([grade.pk])
    assert holders[grade.pk].kind == "staff"


def test_what_is_given_up_after_posting_stays_in_corrections_of_it(
    posted: Any, alice: Any, sam: Any, finish_jobs: Any
) -> None:
    before = amounts(posted.current)
    actions.waive_share(actor=alice, contribution=alice.contributions.get())
    assert amounts(correction_of(posted, sam, finish_jobs)) == before


def test_what_is_given_up_between_two_drafts_stays_in_the_second(
    open_statement: Any, alice: Any, sam: Any, dana: Any, finish_jobs: Any
) -> None:
    before = amounts(open_statement.current)
    actions.waive_share(actor=alice, contribution=alice.contributions.get())
    revised(open_statement, sam, dana, finish_jobs, reason="A typo.")
    assert amounts(open_statement.current) == before


def test_what_is_given_up_between_the_computation_and_the_first_publication_is_for_later_statements(
    draft: Any, alice: Any, sam: Any, dana: Any, finish_jobs: Any
) -> None:
    actions.waive_share(actor=alice, contribution=alice.contributions.get())
    opened(draft, sam, dana)
    before = amounts(draft.current)
    assert before["alice"] > 0
    revised(draft, sam, dana, finish_jobs, reason="A typo.")
    assert amounts(draft.current) == before


def test_what_is_given_up_counts_at_the_next_computation_before_anything_is_published(
    draft: Any, alice: Any, sam: Any, finish_jobs: Any
) -> None:
    actions.waive_share(actor=alice, contribution=alice.contributions.get())
    assert set(amounts(recomputed(draft, sam, finish_jobs))) == {"bob"}


def test_what_was_given_up_before_stays_so_in_revisions_and_corrections(
    earning: Any, alice: Any, sam: Any, dana: Any, finish_jobs: Any
) -> None:
    actions.waive_share(actor=alice, contribution=alice.contributions.get())
    statement = opened(drafted(sam, earning, finish_jobs), sam, dana)
    revised(statement, sam, dana, finish_jobs, reason="A typo.")
    assert set(amounts(statement.current)) == {"bob"}
    booked(statement, sam, dana)
    assert set(amounts(correction_of(statement, sam, finish_jobs))) == {"bob"}


def test_it_takes_the_same_queries_however_many_people_made_the_works(production: Any, bob: Any, sam: Any) -> None:
    works = [published(bob, "One").pk, published(sam, "Two").pk]
    with CaptureQueriesContext(connection) as few:
        holders_of(works[:1])
    works += [published(join(handle), "Three").pk for handle in ("erin", "frank", "gail")]
    with CaptureQueriesContext(connection) as many:
        holders_of(works)
    assert len(few) == len(many)
