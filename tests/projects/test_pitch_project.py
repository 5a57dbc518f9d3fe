"""From a pitch to a production: who may say what, and when."""

import pytest
from django.core.exceptions import ValidationError

from profiles.models import Event, Follow, Notice
from projects import actions
from projects.errors import NotAllowed, ProjectError, WrongState
from projects.models import Production, Project, ProjectMember, Step
from tests.projects.conftest import produce, publish

pytestmark = pytest.mark.django_db
Status = Project.Status


def pitch_of(artist, title="The Lid", **words):
    return actions.pitch_project(actor=artist, **({"title": title, "kind": "film", "logline": "A kettle."} | words))


def test_anyone_pitches_and_leads(alice):
    assert not Project.objects.exists()
    project = pitch_of(alice)
    assert (project.status, project.slug) == (Status.PITCH, "the-lid")
    assert project.members.get().role == ProjectMember.Role.LEADER
    assert Event.objects.filter(verb="projects.pitched", topic=f"project:{project.pk}").exists()
    assert Follow.objects.filter(artist=alice, topic=f"project:{project.pk}").exists()


def test_two_pitches_of_one_title_have_two_addresses(alice, bob):
    assert [pitch_of(alice).slug, pitch_of(bob).slug, pitch_of(bob).slug] == ["the-lid", "the-lid-2", "the-lid-3"]


def test_a_title_without_latin_letters_still_has_an_address(alice):
    assert pitch_of(alice, "森の中").slug == "project"


def test_a_pitch_that_does_not_fit_is_refused(alice):
    for words in ({"title": ""}, {"kind": "opera"}, {"logline": "x" * 241}):
        with pytest.raises(ValidationError):
            pitch_of(alice, **words)


def test_a_draft_cannot_stand_with_a_pitch(alice):
    from contributions.actions import write_text

    draft = write_text(actor=alice, title="Secret", body="Not yet.")
    for words in ({"works": [draft]}, {"cover": draft}):
        with pytest.raises(ProjectError, match="not published"):
            pitch_of(alice, **words)


def test_leaders_change_their_pitch_and_others_do_not(alice, bob):
    project = pitch_of(alice)
    actions.update_pitch(actor=alice, project=project, logline="A lid.", works=[publish(bob)])
    project.refresh_from_db()
    assert (project.logline, project.works.count()) == ("A lid.", 1)
    with pytest.raises(NotAllowed):
        actions.update_pitch(actor=bob, project=project, logline="Mine.")


def test_a_pitch_in_a_round_keeps_its_words(alice):
    project = pitch_of(alice)
    Project.objects.filter(pk=project.pk).update(status=Status.IN_ROUND)
    with pytest.raises(WrongState):
        actions.update_pitch(actor=alice, project=project, logline="Other words.")


def test_helpers_join_once_and_leaders_hear_of_it(alice, bob):
    project = pitch_of(alice)
    actions.join_project(actor=bob, project=project, does="Harmonica")
    again = actions.join_project(actor=bob, project=project, does="Harmonica and lino")
    assert again.does == "Harmonica and lino"
    assert project.members.count() == 2
    assert Notice.objects.filter(recipient=alice, text__startswith="Bob would like to help").count() == 1


def test_nobody_makes_themselves_a_leader(alice, bob, sam):
    project = pitch_of(alice)
    with pytest.raises(NotAllowed):
        actions.join_project(actor=bob, project=project, role="leader")
    member = actions.join_project(actor=bob, project=project, role="leader", added_by=alice)
    assert member.role == "leader"
    assert actions.join_project(actor=sam, project=project, role="producer", added_by=sam).role == "producer"


def test_leaders_hear_that_somebody_was_taken_in_by_no_name_that_may_change(alice, bob, charlie):
    project = pitch_of(alice)
    actions.join_project(actor=bob, project=project, role="leader", added_by=alice)
    actions.join_project(actor=charlie, project=project, role="producer", added_by=alice)
    assert Notice.objects.get(recipient=bob, event__payload__artist=charlie.pk).text == "“The Lid” has a new member."
    assert not Notice.objects.filter(text__contains="Charlie").exists()


def test_a_leader_does_not_simply_leave(alice, bob):
    project = pitch_of(alice)
    with pytest.raises(WrongState, match="hand it over"):
        actions.leave_project(actor=alice, project=project)
    actions.leave_project(actor=bob, project=project)


def test_the_green_light_makes_the_production_and_tells_followers(alice, bob, sam):
    from profiles.actions import follow

    project = pitch_of(alice)
    follow(actor=bob, topic=f"project:{project.pk}")
    actions.green_light(actor=sam, project=project, reason="It made us laugh.")
    assert Production.objects.get(project=project).title == "The Lid"
    assert {n.recipient for n in Notice.objects.filter(text__contains="It made us laugh.")} == {alice, bob}


def test_a_season_has_no_production_until_its_first_episode(alice, sam):
    project = produce(sam, alice, kind="tv")
    assert not project.productions.exists()
    episode = actions.add_episode(actor=sam, project=project, season=1, number=1, title="Windows", topic="Windows")
    assert episode.get_absolute_url() == f"/projects/{project.slug}/s1/e1/"
    with pytest.raises(ProjectError, match="already has an episode"):
        actions.add_episode(actor=sam, project=project, season=1, number=1, title="Again")
    with pytest.raises(ProjectError, match="counted from 1"):
        actions.add_episode(actor=sam, project=project, season=0, number=1, title="Zero")


def test_only_seasons_have_episodes(film, sam):
    with pytest.raises(WrongState, match="Only TV seasons"):
        actions.add_episode(actor=sam, project=film.project, season=1, number=1, title="No")


def test_only_producers_decide_and_never_on_their_own_pitch(alice, sam, dana):
    project = pitch_of(alice)
    for stranger in (alice, dana):
        with pytest.raises(NotAllowed):
            actions.green_light(actor=stranger, project=project, reason="Please.")
    with pytest.raises(NotAllowed, match="Somebody else"):
        actions.green_light(actor=sam, project=pitch_of(sam, "Mine"), reason="Mine.")
    with pytest.raises(ProjectError, match="reads the reason"):
        actions.green_light(actor=sam, project=project, reason="  ")


def test_a_decision_is_taken_once(alice, sam):
    project = pitch_of(alice)
    actions.decline(actor=sam, project=project, reason="Not this year.")
    project.refresh_from_db()
    assert (project.status, project.status_reason) == (Status.DECLINED, "Not this year.")
    assert project.get_absolute_url() == f"/pitches/{project.pk}/"
    with pytest.raises(WrongState):
        actions.green_light(actor=sam, project=project, reason="Changed our mind.")


def test_a_production_starts_from_the_green_light_only(alice, sam):
    project = pitch_of(alice)
    with pytest.raises(WrongState):
        actions.start_production(actor=sam, project=project)
    actions.green_light(actor=sam, project=project, reason="Yes.")
    (production,) = actions.start_production(actor=sam, project=project)
    project.refresh_from_db()
    assert (project.status, production.project) == (Status.IN_PRODUCTION, project)


def test_steps_are_counted_and_moved_by_those_who_lead(film, alice, bob):
    first = actions.add_step(actor=alice, production=film, title="Harbour")
    second = actions.add_step(actor=alice, production=film, title="Letter", need="Needs sound")
    assert [first.position, second.position] == [1, 2]
    actions.update_step(actor=alice, step=first, status=Step.Status.DONE)
    assert Event.objects.filter(verb="projects.step_updated", payload__to="done").exists()
    with pytest.raises(NotAllowed):
        actions.update_step(actor=bob, step=first, status=Step.Status.NEEDED)
    with pytest.raises(ProjectError):
        actions.add_step(actor=alice, production=film, title=" ")


def test_the_diary_tells_members_and_followers(film, alice, bob, charlie):
    actions.join_project(actor=bob, project=film.project)
    actions.post_update(actor=alice, project=film.project, body="It smells of ink.")
    assert Notice.objects.filter(recipient=bob, text__contains="It smells of ink.").exists()
    assert not Notice.objects.filter(recipient=charlie).exists()
    with pytest.raises(NotAllowed):
        actions.post_update(actor=charlie, project=film.project, body="Not mine.")


def test_an_archived_project_keeps_its_reason_and_a_released_one_stays(alice, sam):
    project = pitch_of(alice)
    actions.archive_project(actor=sam, project=project, reason="Pitched twice.")
    project.refresh_from_db()
    assert (project.status, project.status_reason) == (Status.ARCHIVED, "Pitched twice.")
    Project.objects.filter(pk=project.pk).update(status=Status.RELEASED)
    with pytest.raises(WrongState):
        actions.archive_project(actor=sam, project=project, reason="No.")
