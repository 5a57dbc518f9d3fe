"""Considering works, asking for consent, placing cues, naming people, releasing."""

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from contributions import actions as contributions
from contributions.errors import PublishRefused
from contributions.models import Licence, Remix
from profiles.models import Event, Notice
from projects import actions, sheet
from projects.blockers import blockers
from projects.cone import cone_of
from projects.cuesheet import CueSheetRefused
from projects.errors import NotAllowed, ProjectError, WrongState
from projects.models import Consent, Consideration, Credit, Cue, Department, Project, Role
from tests.projects.conftest import place, produce, publish

pytestmark = pytest.mark.django_db


def positions(cut):
    return list(cut.cues.order_by("position").values_list("position", "note"))


def test_a_considered_work_has_a_promised_day_and_its_artist_is_told(film, sam, bob):
    row = actions.consider(actor=sam, production=film, contribution=publish(bob))
    assert (row.fate, (row.promised_by - timezone.localdate()).days) == ("received", 21)
    assert Notice.objects.filter(recipient=bob, text__contains="You will have an answer by").exists()
    assert actions.consider(actor=sam, production=film, contribution=row.contribution) == row


def test_only_curators_consider_and_only_what_is_public(film, sam, alice, bob):
    work = publish(bob)
    with pytest.raises(NotAllowed):
        actions.consider(actor=alice, production=film, contribution=work)
    contributions.withdraw(actor=bob, contribution=work)
    work.refresh_from_db()
    with pytest.raises(ProjectError, match="not published"):
        actions.consider(actor=sam, production=film, contribution=work)


def test_a_work_is_not_put_aside_without_a_reason(film, sam, bob):
    row = actions.consider(actor=sam, production=film, contribution=publish(bob))
    with pytest.raises(ProjectError, match="reads the reason"):
        actions.decide_fate(actor=sam, consideration=row, fate="cut")
    with pytest.raises(ProjectError, match="follows from locking"):
        actions.decide_fate(actor=sam, consideration=row, fate="in_cut")
    actions.decide_fate(actor=sam, consideration=row, fate="shortlisted", reason="The steam.")
    actions.decide_fate(actor=sam, consideration=row, fate="cut", reason="Too much steam.")
    row.refresh_from_db()
    assert (row.fate, row.decided_by) == ("cut", sam)
    fates = Event.objects.filter(verb="projects.fate_decided").order_by("pk").values_list("payload__to", flat=True)
    assert list(fates) == ["shortlisted", "cut"]
    assert Notice.objects.filter(recipient=bob, text__contains="Too much steam.").exists()


def test_overdue_promises_are_found(film, sam, bob):
    row = actions.consider(actor=sam, production=film, contribution=publish(bob), promised_by=timezone.localdate())
    assert not Consideration.objects.overdue().exists()
    Consideration.objects.filter(pk=row.pk).update(promised_by="2020-01-01")
    assert list(Consideration.objects.overdue()) == [row]


def test_everybody_who_shares_a_work_is_asked_once(film, sam, bob, charlie):
    work = publish(bob, permission="ask", shares={bob: (5000, ""), charlie: (5000, "")})
    assert len(actions.ask_consent(actor=sam, production=film, contribution=work)) == 2
    assert len(actions.ask_consent(actor=sam, production=film, contribution=work)) == 2
    assert Consent.objects.count() == 2
    assert Notice.objects.filter(recipient=charlie, text__contains="Please answer").count() == 1


def test_nobody_is_asked_about_a_work_that_is_not_for_productions(film, sam, bob):
    with pytest.raises(ProjectError, match="not for productions"):
        actions.ask_consent(actor=sam, production=film, contribution=publish(bob, permission="no"))


def test_only_who_was_asked_answers(film, sam, bob, charlie):
    (consent,) = actions.ask_consent(actor=sam, production=film, contribution=publish(bob, permission="ask"))
    with pytest.raises(NotAllowed):
        actions.answer_consent(actor=charlie, consent=consent, answer="yes")
    with pytest.raises(ProjectError, match="yes or no"):
        actions.answer_consent(actor=bob, consent=consent, answer="asked")
    actions.answer_consent(actor=bob, consent=consent, answer="no")
    assert Notice.objects.filter(recipient=sam, text__contains="says no").exists()


def test_a_yes_on_which_a_cut_was_locked_stays(film, cut, sam, bob):
    work = publish(bob, permission="ask")
    (consent,) = actions.ask_consent(actor=sam, production=film, contribution=work)
    actions.answer_consent(actor=bob, consent=consent, answer="yes")
    place(cut, work, sam)
    actions.lock_cut(actor=sam, cut=cut)
    with pytest.raises(WrongState, match="earlier yes"):
        actions.answer_consent(actor=bob, consent=consent, answer="no")


@pytest.mark.parametrize(
    ("licence", "blocked"),
    [("CC BY 4.0", False), ("Public domain", False), ("CC BY-NC 4.0", True), ("CC BY-ND 4.0", True), ("mine", True)],
)
def test_sources_from_elsewhere_must_allow_it_by_their_licence(cut, sam, bob, licence, blocked):
    draft = contributions.write_text(actor=bob, title="Hymn", body="Words after an old hymn.")
    contributions.add_external_source(
        actor=bob, contribution=draft, title="Old hymn", author="A. Sailor", licence_name=licence, kind="adapts"
    )
    work = _published(bob, draft)
    place(cut, work, sam)
    assert [blocker.code for blocker in blockers(cut)] == (["licence_elsewhere"] if blocked else [])


def _published(artist, draft):
    """As far as the production is concerned: public, for productions, with its edges."""
    contributions.update_details(
        actor=artist,
        contribution=draft,
        licence=Licence.objects.get(code="SITE"),
        original_work=True,
        production_permission="yes",
        ai_use="none",
    )
    job = contributions.prepare_text(actor=artist, contribution=draft)
    contributions.run_transcode(job_id=job.pk)
    draft.refresh_from_db()
    try:
        return contributions.publish_contribution(actor=artist, contribution=draft)
    except PublishRefused:
        # A licence that forbids building on it is refused at publish; here it was learnt later.
        row = draft.draft_sources.get()
        external, licence_name = row.external, row.external.licence_name
        type(external).objects.filter(pk=external.pk).update(licence_name="CC BY 4.0")
        work = contributions.publish_contribution(actor=artist, contribution=draft)
        type(external).objects.filter(pk=external.pk).update(licence_name=licence_name)
        assert Remix.objects.filter(child=work, external=external).exists()
        return work


def test_the_cone_holds_all_ancestors_and_can_leave_out_inspiration(alice, bob, charlie):
    letter = publish(alice, "Letter")
    answer = publish(bob, "Answer", sources=[(letter, "inspired")])
    reading = publish(charlie, "Reading", sources=[(answer, "adapts")])
    assert [(row.contribution_id, row.depth) for row in cone_of([reading.pk])] == [
        (reading.pk, 0),
        (answer.pk, 1),
        (letter.pk, 2),
    ]
    assert [row.contribution_id for row in cone_of([reading.pk], material_only=True)] == [reading.pk, answer.pk]
    assert cone_of([]) == []


def test_who_asked_to_be_unlinked_is_not_named(cut, sam, alice, bob):
    letter = publish(alice, "Letter")
    answer = publish(bob, "Answer", sources=[(letter, "continues")])
    contributions.unlink(actor=alice, remix=answer.source_edges.get())
    place(cut, answer, sam)
    actions.lock_cut(actor=sam, cut=cut)
    assert list(Credit.objects.values_list("artist__handle", flat=True)) == ["bob"]


def test_cues_stand_in_order_wherever_they_are_placed_moved_and_removed(cut, sam, bob):
    work = publish(bob)
    a, _b, c = (place(cut, work, sam, note=name) for name in "abc")
    place(cut, work, sam, note="x", position=2)
    assert positions(cut) == [(1, "a"), (2, "x"), (3, "b"), (4, "c")]
    actions.move_cue(actor=sam, cue=c, position=1)
    assert positions(cut) == [(1, "c"), (2, "a"), (3, "x"), (4, "b")]
    actions.move_cue(actor=sam, cue=c, position=99)
    assert positions(cut) == [(1, "a"), (2, "x"), (3, "b"), (4, "c")]
    actions.remove_cue(actor=sam, cue=a)
    assert positions(cut) == [(1, "x"), (2, "b"), (3, "c")]


def test_a_time_is_its_own_quantity(cut, sam, bob):
    cue = actions.place_cue(
        actor=sam,
        cut=cut,
        contribution=publish(bob),
        department="picture",
        role="drawing",
        unit="screen_ms",
        start_ms=4500,
        duration_ms=3000,
    )
    assert cue.quantity == 3000
    with pytest.raises(ProjectError, match="how much"):
        place(cut, cue.contribution, sam, quantity=None)


def test_a_cue_chooses_from_the_tables_of_its_kind(cut, sam, bob):
    work = publish(bob)
    for wrong in (
        {"department": "cover"},
        {"role": "drawing"},
        {"prominence": "loud"},
        {"department": Department.objects.get(kind="tv", code="writing")},
        {"role": Role.objects.get(department_code="edit", code="edit")},
    ):
        with pytest.raises(ProjectError):
            place(cut, work, sam, **wrong)
    with pytest.raises(ValidationError):
        place(cut, work, sam, unit="frames")
    assert not Cue.objects.exists()


def test_a_cue_takes_the_kind_of_its_segment(alice, sam, bob):
    season = produce(sam, alice, kind="tv")
    episode = actions.add_episode(actor=sam, project=season, season=1, number=1, title="Windows")
    cut = actions.new_cut(actor=sam, production=episode)
    cut = actions.set_sections(
        actor=sam, cut=cut, sections=[{"id": "kitchen", "title": "Kitchen", "bps": 10_000, "segment": "live"}]
    )
    assert place(cut, publish(bob), sam, section="kitchen").segment == "live"
    with pytest.raises(ProjectError, match="pre-mixed or live"):
        actions.set_sections(actor=sam, cut=cut, sections=[{"id": "x", "bps": 1, "segment": "taped"}])


def test_one_draft_at_a_time(cut, film, sam):
    with pytest.raises(WrongState, match="still a draft"):
        actions.new_cut(actor=sam, production=film)


def test_only_curators_cut(cut, alice, bob):
    with pytest.raises(NotAllowed):
        place(cut, publish(bob), alice)


def test_a_cut_gives_the_numbers_of_its_statement(cut, sam, bob):
    work = publish(bob)
    with pytest.raises(CueSheetRefused):
        sheet.measures_of(cut)
    place(cut, work, sam, prominence="texture", role="read-aloud")
    measured = sheet.measures_of(cut)
    assert measured["departments"] == {"writing": 1500, "voice": 2000, "picture": 4000, "music": 1500, "edit": 1000}
    assert measured["lines"] == [
        {
            "line": "L1",
            "contribution": f"c{work.pk}",
            "dept": "writing",
            "unit": "words",
            "quantity": 10,
            "role_weight": 150,
            "prominence": 25,
        }
    ]


def test_a_later_table_changes_nothing_that_is_locked(cut, sam, bob):
    place(cut, publish(bob), sam)
    locked = actions.lock_cut(actor=sam, cut=cut)
    before = sheet.measures_of(locked)
    shares = {"writing": ("Writing", 9000), "picture": ("Picture", 1000)}
    actions.set_departments(actor=sam, kind="film", shares=shares)
    assert sheet.measures_of(locked) == before
    assert sheet.departments_of("film") == {"writing": 9000, "picture": 1000, "voice": 0, "music": 0, "edit": 0}
    assert sheet.digest_of(locked) == locked.sha256


@pytest.mark.parametrize("kind", ["film", "tv", "album", "book", "dvd"])
def test_the_published_tables_add_up(kind):
    assert sum(sheet.departments_of(kind).values()) == 10_000


def test_the_usual_sections_follow_the_published_default():
    album = sheet.usual_sections("album", {"a": 36_000, "b": 32_000}, {"a": "Side A"})
    assert [(s["id"], s["title"], s["bps"]) for s in album] == [
        ("a", "Side A", 4765),
        ("b", "B", 4235),
        ("sleeve", "Sleeve", 1000),
    ]
    disc = sheet.usual_sections("dvd", {}, {})
    assert [(s["id"], s["bps"]) for s in disc] == [("main", 7000), ("extras", 2000), ("packaging", 1000)]
    assert disc[2]["departments"] == {"packaging": 10_000}


def test_only_producers_change_tables_and_only_whole_ones(sam, dana):
    with pytest.raises(NotAllowed):
        actions.set_departments(actor=dana, kind="film", shares={"picture": ("Picture", 10_000)})
    with pytest.raises(ProjectError, match="9999 instead of 10,000"):
        actions.set_departments(actor=sam, kind="film", shares={"picture": ("Picture", 9999)})
    actions.add_role(actor=sam, code="foley", name="Foley", department_code="music", credit_line="Foley by", weight=75)
    actions.add_prominence(actor=sam, code="glimpse", name="Glimpse", weight=10)


def test_only_the_one_who_is_named_says_how(cut, sam, bob, charlie):
    place(cut, publish(bob), sam)
    actions.lock_cut(actor=sam, cut=cut)
    credit = Credit.objects.get()
    with pytest.raises(NotAllowed):
        actions.confirm_credit(actor=charlie, credit=credit, name="Charlie")
    for name, words in (("   ", "Write the name"), ("x" * 81, "too long")):
        with pytest.raises(ProjectError, match=words):
            actions.confirm_credit(actor=bob, credit=credit, name=name)
    actions.confirm_credit(actor=bob, credit=credit, name="  Bob   B. Baker ")
    credit.refresh_from_db()
    assert credit.name == "Bob B. Baker"
    assert credit.confirmed_at is not None


def test_staff_lines_survive_a_new_cut_and_lines_of_the_cut_cannot_be_taken_away(film, cut, sam, bob):
    place(cut, publish(bob), sam)
    actions.lock_cut(actor=sam, cut=cut)
    line = actions.add_credit(actor=sam, production=film, name="Sam Rivers", credit_line="Produced by")
    actions.lock_cut(actor=sam, cut=actions.new_cut(actor=sam, production=film))
    assert Credit.objects.filter(pk=line.pk).exists()
    with pytest.raises(WrongState, match="follows from the cut"):
        actions.remove_credit(actor=sam, credit=Credit.objects.get(artist=bob))
    actions.remove_credit(actor=sam, credit=line)
    assert Credit.objects.count() == 1


def test_a_release_wants_a_locked_cut_and_an_answer_for_every_work(film, cut, sam, alice, bob):
    with pytest.raises(WrongState, match="Lock a cut first"):
        actions.release_production(actor=sam, production=film, format="Film")
    actions.consider(actor=sam, production=film, contribution=publish(alice, "Left out"))
    place(cut, publish(bob), sam)
    actions.lock_cut(actor=sam, cut=cut)
    with pytest.raises(WrongState, match="wait for an answer"):
        actions.release_production(actor=sam, production=film, format="Film")
    row = Consideration.objects.get()
    actions.decide_fate(actor=sam, consideration=row, fate="cut", reason="Kept for the book.")
    release = actions.release_production(actor=sam, production=film, format="Film", identifiers={"isan": "0000"})
    film.project.refresh_from_db()
    assert (release.slug, film.project.status) == ("the-lid", Project.Status.RELEASED)
    assert Notice.objects.filter(recipient=bob, text__contains="is out").exists()
    with pytest.raises(WrongState, match="already released"):
        actions.release_production(actor=sam, production=film, format="Film")


def test_a_season_is_released_with_its_last_episode(alice, sam, bob):
    season = produce(sam, alice, kind="tv")
    work = publish(bob)
    for number in (1, 2):
        actions.add_episode(actor=sam, project=season, season=1, number=number, title=f"Episode {number}")
    for episode in season.productions.all():
        cut = actions.new_cut(actor=sam, production=episode)
        place(cut, work, sam)
        actions.lock_cut(actor=sam, cut=cut)
    states = []
    for episode in season.productions.all():
        actions.release_production(actor=sam, production=episode, format="Episode")
        season.refresh_from_db()
        states.append(season.status)
    assert states == [Project.Status.IN_PRODUCTION, Project.Status.RELEASED]
