"""Locking a cut: what blocks it, what follows from it, and that PostgreSQL keeps it."""

import pytest
from django.db import DatabaseError, connection, transaction

from profiles.models import Event, Notice
from projects import actions, sheet
from projects.blockers import blockers
from projects.errors import CutBlocked, CutLocked, NotAllowed
from projects.models import Consideration, Credit, Cue, Cut
from tests.projects.conftest import newcomer, place, publish

pytestmark = pytest.mark.django_db


def codes(cut):
    return [blocker.code for blocker in blockers(cut)]


def refused(sql, *parameters):
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, parameters)


@pytest.fixture
def locked(cut, sam, bob):
    place(cut, publish(bob), sam)
    return actions.lock_cut(actor=sam, cut=cut)


def test_it_locks_with_a_hash_and_an_event(cut, sam, bob):
    place(cut, publish(bob), sam)
    assert cut.status == Cut.Status.DRAFT
    locked = actions.lock_cut(actor=sam, cut=cut)
    locked.refresh_from_db()
    assert (locked.status, locked.locked_by, len(locked.sha256)) == (Cut.Status.LOCKED, sam, 64)
    assert locked.sha256 == sheet.digest_of(locked)
    assert Event.objects.filter(verb="projects.cut_locked", topic=f"cut:{cut.pk}", actor=sam).exists()


def test_credits_follow_and_the_artist_is_told(locked, bob):
    credit = Credit.objects.get()
    assert (credit.artist, credit.heading, credit.credit_line) == (bob, "Writing", "Story by")
    assert Notice.objects.filter(recipient=bob, text__contains="you are in its credits").exists()


def test_only_producers_lock(cut, bob, dana):
    for stranger in (bob, dana):
        with pytest.raises(NotAllowed):
            actions.lock_cut(actor=stranger, cut=cut)


def test_an_empty_cut_is_refused(cut, sam):
    with pytest.raises(CutBlocked) as refusal:
        actions.lock_cut(actor=sam, cut=cut)
    assert [blocker.code for blocker in refusal.value.blockers] == ["no_cues"]
    cut.refresh_from_db()
    assert not cut.is_locked


def test_a_withdrawn_work_blocks(cut, sam, bob):
    from contributions.actions import withdraw

    work = publish(bob)
    place(cut, work, sam)
    assert codes(cut) == []
    withdraw(actor=bob, contribution=work)
    assert codes(cut) == ["not_published"]


def test_a_work_that_is_not_for_productions_blocks(cut, sam, bob):
    place(cut, publish(bob, permission="no"), sam)
    assert codes(cut) == ["not_for_productions"]


def test_a_work_whose_artist_wants_to_be_asked_blocks_until_the_yes(cut, film, sam, bob):
    work = publish(bob, permission="ask")
    place(cut, work, sam)
    assert codes(cut) == ["consent_missing"]
    assert blockers(cut)[0].ask == work
    (consent,) = actions.ask_consent(actor=sam, production=film, contribution=work)
    assert codes(cut) == ["consent_waiting"]
    actions.answer_consent(actor=bob, consent=consent, answer="no")
    assert codes(cut) == ["consent_refused"]
    actions.answer_consent(actor=bob, consent=consent, answer="yes")
    assert codes(cut) == []


def test_every_ancestor_counts_and_what_merely_inspired_does_not(cut, sam, alice, bob, charlie):
    closed = publish(alice, "Letter", permission="no")
    inspired = publish(bob, "Answer", sources=[(closed, "inspired")])
    place(cut, inspired, sam)
    assert codes(cut) == []
    adapted = publish(bob, "Translation", sources=[(closed, "adapts")])
    place(cut, publish(charlie, "Reading", sources=[(adapted, "continues")]), sam)
    assert codes(cut) == ["not_for_productions"]
    assert "which a work of the cut was made from" in blockers(cut)[0].text


def test_a_split_that_is_not_agreed_blocks(cut, sam, bob, charlie):
    from contributions.models import Share

    work = publish(bob, shares={bob: (6000, "words"), charlie: (4000, "pictures")})
    place(cut, work, sam)
    assert codes(cut) == []
    Share.objects.filter(artist=charlie).update(agreed_at=None)
    assert codes(cut) == ["split_open"]
    assert "Charlie has not answered" in blockers(cut)[0].text


def test_two_units_in_one_department_block(cut, sam, bob):
    work = publish(bob)
    place(cut, work, sam)
    place(cut, work, sam, unit="items", quantity=1)
    assert codes(cut) == ["mixed_units"]
    assert "words and items" in blockers(cut)[0].text


def test_sections_must_add_up_and_hold_every_cue(cut, sam, bob):
    place(cut, publish(bob), sam)
    actions.set_sections(actor=sam, cut=cut, sections=[{"id": "one", "title": "One", "bps": 9000}])
    cut.refresh_from_db()
    assert codes(cut) == ["sections_sum", "section_missing"]


def test_all_that_is_wrong_is_listed_at_once(cut, sam, bob, charlie):
    place(cut, publish(bob, permission="ask"), sam)
    place(cut, publish(charlie, permission="no"), sam, unit="items")
    with pytest.raises(CutBlocked) as refusal:
        actions.lock_cut(actor=sam, cut=cut)
    assert {b.code for b in refusal.value.blockers} == {"mixed_units", "consent_missing", "not_for_productions"}


def test_works_in_the_cut_and_works_left_out_get_their_fate(cut, film, sam, alice, bob, charlie):
    used, unused, decided = publish(alice), publish(bob, "Lid"), publish(charlie, "Steam")
    for work in (used, unused, decided):
        actions.consider(actor=sam, production=film, contribution=work)
    row = Consideration.objects.get(contribution=decided)
    actions.decide_fate(actor=sam, consideration=row, fate="cut", reason="Two kettles were one too many.")
    place(cut, used, sam)
    actions.lock_cut(actor=sam, cut=cut, unused_reason="Kept for the book, with thanks.")
    fates = {row.contribution_id: (row.fate, row.reason) for row in Consideration.objects.all()}
    assert fates[used.pk][0] == "in_cut"
    assert fates[unused.pk] == ("cut", "Kept for the book, with thanks.")
    assert fates[decided.pk] == ("cut", "Two kettles were one too many.")
    assert Notice.objects.filter(recipient=bob, text__contains="Kept for the book").exists()


def test_the_actions_refuse_to_change_a_locked_cut(locked, sam, bob):
    cue = locked.cues.get()
    for attempt in (
        lambda: place(locked, cue.contribution, sam),
        lambda: actions.move_cue(actor=sam, cue=cue, position=1),
        lambda: actions.change_cue(actor=sam, cue=cue, quantity=3),
        lambda: actions.remove_cue(actor=sam, cue=cue),
        lambda: actions.set_sections(actor=sam, cut=locked, sections=[]),
        lambda: actions.lock_cut(actor=sam, cut=locked),
    ):
        with pytest.raises(CutLocked):
            attempt()


def test_postgresql_refuses_to_change_a_locked_cut_by_raw_sql(locked):
    refused("UPDATE projects_cut SET number = 9 WHERE id = %s", locked.pk)
    refused("UPDATE projects_cut SET status = 'draft' WHERE id = %s", locked.pk)
    refused("DELETE FROM projects_cut WHERE id = %s", locked.pk)
    refused("UPDATE projects_cue SET quantity = 1 WHERE cut_id = %s", locked.pk)
    refused("DELETE FROM projects_cue WHERE cut_id = %s", locked.pk)
    refused("TRUNCATE projects_cue")
    refused(
        "INSERT INTO projects_cue (cut_id, position, section, contribution_id, department_id, role_id, prominence_id,"
        " unit, quantity, segment, credit_line, note) SELECT cut_id, 99, section, contribution_id, department_id,"
        " role_id, prominence_id, unit, quantity, segment, credit_line, note FROM projects_cue WHERE cut_id = %s",
        locked.pk,
    )


def test_postgresql_refuses_to_smuggle_a_cue_into_or_out_of_a_locked_cut(locked, film, sam):
    draft = actions.new_cut(actor=sam, production=film)
    refused("UPDATE projects_cue SET cut_id = %s, position = 9 WHERE cut_id = %s", locked.pk, draft.pk)
    refused("UPDATE projects_cue SET cut_id = %s, position = 9 WHERE cut_id = %s", draft.pk, locked.pk)


def test_postgresql_refuses_a_cut_that_is_born_locked_or_locked_without_a_hash(cut):
    refused(
        "INSERT INTO projects_cut (production_id, number, status, frame_rate_milli, sections, sha256, created_at)"
        " SELECT production_id, 7, 'locked', 24000, '[]', '', now() FROM projects_cut WHERE id = %s",
        cut.pk,
    )
    refused("UPDATE projects_cut SET status = 'locked' WHERE id = %s", cut.pk)


def test_postgresql_refuses_to_rewrite_the_dated_tables():
    refused("UPDATE projects_department SET share_bps = 1")
    refused("UPDATE projects_role SET weight = 999")
    refused("DELETE FROM projects_prominence")


def test_a_later_cut_is_a_copy_and_leaves_the_locked_one_alone(locked, film, sam):
    later = actions.new_cut(actor=sam, production=film)
    assert later.number == 2
    assert list(later.cues.values_list("position", "contribution_id", "quantity")) == list(
        locked.cues.values_list("position", "contribution_id", "quantity")
    )
    actions.remove_cue(actor=sam, cue=later.cues.get())
    assert locked.cues.count() == 1


def test_blockers_cost_the_same_for_3_cues_and_for_30(cut, sam, alice, bob, charlie, django_assert_num_queries):
    from django.test.utils import CaptureQueriesContext

    works = [publish(artist) for artist in (alice, bob, charlie)]
    for work in works:
        place(cut, work, sam)
    with CaptureQueriesContext(connection) as few:
        assert blockers(cut) == []
    for number in range(27):
        place(cut, works[number % 3], sam)
    assert Cue.objects.filter(cut=cut).count() == 30
    with django_assert_num_queries(len(few)):
        assert blockers(cut) == []


def test_people_who_share_a_work_are_all_credited_and_ancestors_below(cut, sam, alice, bob, charlie):
    letter = publish(alice, "Letter")
    song = publish(bob, "Song", sources=[(letter, "adapts")], shares={bob: (5000, ""), charlie: (5000, "")})
    place(cut, song, sam, credit_line="From a song by")
    actions.lock_cut(actor=sam, cut=cut)
    rows = list(Credit.objects.values_list("artist__handle", "credit_line", "source"))
    assert rows == [
        ("bob", "From a song by", "cue"),
        ("charlie", "From a song by", "cue"),
        ("alice", "Also with works by", "influence"),
    ]


def test_a_confirmed_name_is_kept_by_the_next_cut(locked, film, sam, bob):
    credit = Credit.objects.get()
    actions.confirm_credit(actor=bob, credit=credit, name="Bob B. Baker")
    later = actions.new_cut(actor=sam, production=film)
    place(later, publish(newcomer("zoe")), sam)
    actions.lock_cut(actor=sam, cut=later)
    assert dict(Credit.objects.values_list("artist__handle", "name")) == {"bob": "Bob B. Baker", "zoe": "Zoe"}
