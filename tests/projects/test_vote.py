"""A green-light round: votes are saved at once, can be taken back, are counted once, and then stand."""

import datetime as dt

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from profiles.models import Event, Notice
from projects import actions, ballots
from projects.actions.rounds import papers_of
from projects.errors import NotAllowed, NotEligible, ProjectError, RoundClosed, WrongState
from projects.models import Approval, Ballot, Project, Round

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def pitches(alice):
    return [
        actions.pitch_project(actor=alice, title=title, kind="film", logline="One sentence.")
        for title in ("The Lid", "Slow Weather")
    ]


def announce(sam, pitches, *, opens=-DAY, closes=DAY, joined_before=DAY):
    now = timezone.now()
    return actions.open_round(
        actor=sam,
        title="Winter",
        projects=pitches,
        opens_at=now + opens,
        closes_at=now + closes,
        joined_before=now + joined_before,
    )


@pytest.fixture
def winter(sam, pitches):
    return announce(sam, pitches)


def passed(voting_round):
    Round.objects.filter(pk=voting_round.pk).update(opens_at=timezone.now() - 3 * DAY, closes_at=timezone.now())
    voting_round.refresh_from_db()
    return voting_round


def test_a_round_takes_its_pitches_and_tells_those_around(winter, pitches, alice):
    assert [candidate.project for candidate in winter.candidates.all()] == pitches
    assert set(Project.objects.values_list("status", flat=True)) == {Project.Status.IN_ROUND}
    assert Notice.objects.filter(recipient=alice, text__contains="Winter").exists()


def test_a_round_wants_producers_two_pitches_and_sense(sam, dana, pitches):
    with pytest.raises(NotAllowed):
        announce(dana, pitches)
    with pytest.raises(ProjectError, match="at least two"):
        announce(sam, pitches[:1])
    with pytest.raises(ProjectError, match="close after it opens"):
        announce(sam, pitches, closes=-2 * DAY)


def test_a_pitch_stands_in_one_round_at_a_time(winter, sam, pitches):
    with pytest.raises(WrongState, match="free to stand"):
        announce(sam, pitches)


def test_a_vote_is_saved_once_with_a_receipt_and_without_a_name_in_the_events(winter, bob):
    candidate = winter.candidates.first()
    assert not Ballot.objects.exists()
    ballot = actions.approve(actor=bob, candidate=candidate)
    again = actions.approve(actor=bob, candidate=candidate)
    assert (again, len(ballot.receipt), Approval.objects.count()) == (ballot, 12, 1)
    assert not Event.objects.filter(verb="projects.approved").exclude(actor=None).exists()


def test_a_vote_can_be_taken_back_while_the_round_is_open(winter, bob):
    candidate = winter.candidates.first()
    assert actions.withdraw_approval(actor=bob, candidate=candidate) is None
    ballot = actions.approve(actor=bob, candidate=candidate)
    assert actions.withdraw_approval(actor=bob, candidate=candidate) == ballot
    assert not Approval.objects.exists()


def test_accounts_that_are_too_young_are_told_from_when(sam, pitches, bob):
    young = announce(sam, pitches, joined_before=-DAY)
    with pytest.raises(NotEligible, match="joined before"):
        actions.approve(actor=bob, candidate=young.candidates.first())


def test_an_address_must_be_verified(winter, bob):
    bob.emailaddress_set.update(verified=False)
    with pytest.raises(NotEligible, match="Verify your e-mail"):
        actions.approve(actor=bob, candidate=winter.candidates.first())


@pytest.mark.parametrize(("opens", "closes"), [(DAY, 2 * DAY), (-2 * DAY, -DAY)])
def test_nobody_votes_before_it_opens_or_after_it_closed(sam, pitches, bob, opens, closes):
    voting_round = announce(sam, pitches, opens=opens, closes=closes)
    for action in (actions.approve, actions.withdraw_approval):
        with pytest.raises(RoundClosed):
            action(actor=bob, candidate=voting_round.candidates.first())


def test_votes_are_counted_after_the_end_by_producers_and_once(winter, sam, alice, bob, charlie):
    lid, weather = winter.candidates.all()
    for voter, candidate in ((alice, lid), (bob, lid), (bob, weather)):
        actions.approve(actor=voter, candidate=candidate)
    actions.approve(actor=charlie, candidate=lid)
    actions.withdraw_approval(actor=charlie, candidate=lid)
    with pytest.raises(WrongState, match="still open"):
        actions.close_round(actor=sam, voting_round=winter)
    with pytest.raises(NotAllowed):
        actions.close_round(actor=bob, voting_round=passed(winter))
    counted = actions.close_round(actor=sam, voting_round=winter)
    assert counted.result["voters"] == 2
    assert [(s["candidate"], s["approvals"]) for s in counted.result["standings"]] == [
        (str(lid.project_id), 2),
        (str(weather.project_id), 1),
    ]
    assert Notice.objects.filter(recipient=bob, text__contains="is counted").exists()
    assert actions.close_round(actor=sam, voting_round=winter).closed_at == counted.closed_at


def test_anyone_comes_to_the_same_tally_from_the_published_ballots(winter, sam, bob):
    actions.approve(actor=bob, candidate=winter.candidates.first())
    counted = actions.close_round(actor=sam, voting_round=passed(winter))
    names = [str(c.project_id) for c in winter.candidates.all()]
    published = ballots.to_csv(papers_of(counted), names)
    assert ballots.tally(*ballots.read(published)).as_json() == counted.result


def test_no_green_light_before_the_count_and_then_it_may_follow(winter, sam, pitches):
    with pytest.raises(WrongState, match="not counted yet"):
        actions.green_light(actor=sam, project=pitches[0], reason="We know already.")
    actions.close_round(actor=sam, voting_round=passed(winter))
    assert actions.green_light(actor=sam, project=pitches[0], reason="You chose it.").status == "green_lit"


def refused(sql, *parameters):
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, parameters)


def test_postgresql_refuses_votes_once_the_round_is_counted(winter, sam, bob, charlie):
    first, second = winter.candidates.all()
    ballot = actions.approve(actor=bob, candidate=first)
    actions.close_round(actor=sam, voting_round=passed(winter))
    refused("INSERT INTO projects_approval (ballot_id, candidate_id, at) VALUES (%s, %s, now())", ballot.pk, second.pk)
    refused("DELETE FROM projects_approval WHERE ballot_id = %s", ballot.pk)
    refused("UPDATE projects_approval SET candidate_id = %s", second.pk)
    refused("DELETE FROM projects_ballot WHERE id = %s", ballot.pk)
    refused(
        "INSERT INTO projects_ballot (round_id, voter_id, receipt, created_at, changed_at)"
        " VALUES (%s, %s, 'late', now(), now())",
        winter.pk,
        charlie.pk,
    )
    refused("UPDATE projects_round SET result = NULL WHERE id = %s", winter.pk)
    refused("UPDATE projects_round SET closes_at = closes_at + interval '9 days' WHERE id = %s", winter.pk)
    refused("DELETE FROM projects_candidate WHERE id = %s", second.pk)
    refused("TRUNCATE projects_approval")


def test_postgresql_refuses_a_mark_for_a_candidate_of_another_round(winter, sam, alice, bob):
    others = [
        actions.pitch_project(actor=alice, title=title, kind="film", logline="x") for title in ("Third", "Fourth")
    ]
    stranger = announce(sam, others).candidates.first()
    ballot = actions.approve(actor=bob, candidate=winter.candidates.first())
    refused(
        "INSERT INTO projects_approval (ballot_id, candidate_id, at) VALUES (%s, %s, now())", ballot.pk, stranger.pk
    )


def test_a_vote_that_arrives_while_the_round_is_counted_is_refused_in_words(winter, sam, bob, monkeypatch):
    candidate = winter.candidates.first()
    actions.close_round(actor=sam, voting_round=passed(winter))
    monkeypatch.setattr(Round, "is_open", True)
    with pytest.raises(RoundClosed):
        actions.approve(actor=bob, candidate=candidate)
