"""The pages of projects: what they show, what they say when there is nothing, what they cost."""

import datetime as dt
import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from projects import actions, ballots, parts
from projects.models import Ballot, Credit, Production, Project
from tests.projects.conftest import newcomer, place, produce, publish

pytestmark = pytest.mark.django_db

EMPTY = {
    "/pitches/": "No pitch yet",
    "/rounds/": "No round yet",
    "/projects/": "Nothing is released yet",
    "/releases/": "Nothing is released yet",
}


@pytest.mark.parametrize(("address", "words"), EMPTY.items())
def test_an_empty_list_says_what_would_be_there(client, address, words):
    response = client.get(address)
    assert response.status_code == 200
    assert words in response.content.decode()


def text_of(client, address):
    response = client.get(address)
    assert response.status_code == 200, address
    return response.content.decode()


def pitch(artist, title, **words):
    return actions.pitch_project(actor=artist, title=title, kind="film", logline=f"{title} in one sentence.", **words)


def open_round(producer, *projects, opens=-1, closes=1):
    now = timezone.now()
    return actions.open_round(
        actor=producer,
        title="What do we make this winter?",
        projects=projects,
        opens_at=now + dt.timedelta(days=opens),
        closes_at=now + dt.timedelta(days=closes),
        joined_before=now + dt.timedelta(days=1),
    )


def ended(voting_round):
    """Let the round's time pass."""
    type(voting_round).objects.filter(pk=voting_round.pk).update(
        opens_at=timezone.now() - dt.timedelta(days=3), closes_at=timezone.now() - dt.timedelta(minutes=1)
    )
    voting_round.refresh_from_db()
    return voting_round


def test_a_pitch_shows_its_words_works_and_people(client, alice, bob):
    work = publish(bob, "Kettle without a lid")
    project = pitch(alice, "The Lid", pitch="Four minutes of linocut.", works=[work])
    actions.join_project(actor=bob, project=project, does="Lino prints")
    page = text_of(client, f"/pitches/{project.pk}/")
    for words in ("The Lid", "Four minutes of linocut.", "Kettle without a lid", "Lino prints", "Log in to help"):
        assert words in page


def test_anyone_signed_in_can_pitch(client, alice):
    client.force_login(alice)
    assert text_of(client, "/pitches/propose/").count("<form") >= 1
    response = client.post(
        "/pitches/propose/", {"title": "The Lid", "kind": "film", "logline": "A kettle.", "pitch": "Lino."}
    )
    project = Project.objects.get()
    assert response.headers["Location"] == f"/pitches/{project.pk}/"


def test_a_pitch_without_a_title_is_refused_with_a_summary(client, alice):
    client.force_login(alice)
    response = client.post("/pitches/propose/", {"title": "", "kind": "film", "logline": "A kettle.", "pitch": "x"})
    assert response.status_code == 422
    assert "error-summary" in response.content.decode()
    assert not Project.objects.exists()


def test_a_visitor_is_sent_to_the_log_in_to_pitch(client):
    assert client.get("/pitches/propose/").status_code == 302


def test_only_those_who_lead_find_the_edit_page(client, alice, bob):
    project = pitch(alice, "The Lid")
    client.force_login(bob)
    assert client.get(f"/pitches/{project.pk}/edit/").status_code == 404
    client.force_login(alice)
    changed = {"title": "The Lid", "kind": "film", "logline": "A lid looks for its kettle.", "pitch": "Lino."}
    assert client.post(f"/pitches/{project.pk}/edit/", changed).status_code == 302
    project.refresh_from_db()
    assert project.logline == "A lid looks for its kettle."


def test_helping_and_no_longer_helping(client, alice, bob):
    project = pitch(alice, "The Lid")
    client.force_login(bob)
    client.post(f"/pitches/{project.pk}/join/", {"does": "harmonica"})
    assert project.members.get(artist=bob).does == "harmonica"
    client.post(f"/pitches/{project.pk}/join/", {"stop": "1"})
    assert not project.members.filter(artist=bob).exists()


def test_a_vote_is_saved_at_once_with_and_without_script(client, alice, bob, sam):
    first, second = pitch(alice, "The Lid"), pitch(alice, "Slow Weather")
    voting_round = open_round(sam, first, second)
    lid, weather = voting_round.candidates.all()
    client.force_login(bob)
    plain = client.post(reverse("projects:approve", args=[voting_round.pk, lid.pk]), follow=True)
    ballot = Ballot.objects.get(voter=bob)
    assert ballot.receipt in plain.content.decode()
    assert "You can take it back" in plain.content.decode()
    part = client.post(reverse("projects:approve", args=[voting_round.pk, weather.pk]), headers={"HX-Request": "true"})
    assert part.status_code == 200
    assert "<html" not in part.content.decode()
    assert "You approve 2 candidates" in part.content.decode()
    client.post(reverse("projects:withdraw", args=[voting_round.pk, lid.pk]))
    assert [mark.candidate for mark in ballot.approvals.all()] == [weather]


def test_a_round_says_who_may_not_vote_and_why(client, alice, bob, sam):
    voting_round = open_round(sam, pitch(alice, "The Lid"), pitch(alice, "Slow Weather"))
    address = voting_round.get_absolute_url()
    assert "Log in to vote." in text_of(client, address)
    bob.emailaddress_set.update(verified=False)
    client.force_login(bob)
    page = text_of(client, address)
    assert "Verify your e-mail address first" in page
    assert "hx-post" not in page.split('class="candidates"')[1].split("<aside")[0]
    candidate = voting_round.candidates.first()
    response = client.post(reverse("projects:approve", args=[voting_round.pk, candidate.pk]), follow=True)
    assert "Verify your e-mail address first" in response.content.decode()
    assert not Ballot.objects.exists()


def test_a_counted_round_shows_bars_and_publishes_its_ballots_by_receipt(client, alice, bob, charlie, sam):
    first, second = pitch(alice, "The Lid"), pitch(alice, "Slow Weather")
    voting_round = open_round(sam, first, second)
    lid, weather = voting_round.candidates.all()
    for voter, candidate in ((bob, lid), (charlie, lid), (charlie, weather)):
        actions.approve(actor=voter, candidate=candidate)
    csv, as_json = (reverse("projects:ballots", args=[voting_round.pk, form]) for form in ("csv", "json"))
    assert client.get(csv).status_code == 404
    actions.close_round(actor=sam, voting_round=ended(voting_round))
    page = text_of(client, voting_round.get_absolute_url())
    assert "2 voters" in page
    assert "share w-100" in page
    voting_round.refresh_from_db()
    published = text_of(client, csv)
    assert "bob" not in published.lower()
    assert ballots.tally(*ballots.read(published)).as_json() == voting_round.result
    assert ballots.tally(*ballots.read(text_of(client, as_json))).as_json() == voting_round.result
    assert json.loads(text_of(client, as_json))["titles"][str(first.pk)] == "The Lid"


@pytest.fixture
def released(cut, film, sam, alice, bob):
    """A film with two works and their ancestor, locked and released."""
    letter = publish(alice, "Letter")
    actions.add_step(actor=sam, production=film, title="Harbour, dusk", status="done")
    actions.add_step(actor=sam, production=film, title="Keeper’s room", need="Needs sound")
    place(cut, publish(bob, "Answer", sources=[(letter, "continues")]), sam, role="screenplay")
    actions.lock_cut(actor=sam, cut=cut)
    release = actions.release_production(actor=sam, production=film, format="Short film, four minutes")
    actions.add_outlet(
        actor=sam, release=release, name="Shop at the pier", url="https://example.org/lid", price="US$14"
    )
    return release


def test_a_project_shows_steps_sections_and_credits(client, released, film):
    page = text_of(client, film.get_absolute_url())
    for words in ("2 steps, 1 locked", "Needs sound", "Answer", "Screenplay by", "Also with works by", "Cut 1, locked"):
        assert words in page


def test_a_release_says_where_to_get_it_and_what_is_in_it(client, released):
    page = text_of(client, released.get_absolute_url())
    for words in ("Shop at the pier", "US$14", "Short film, four minutes", "Answer", "Bob"):
        assert words in page
    assert "The Lid" in text_of(client, "/releases/")


def test_the_slots_of_upper_apps_are_drawn(client, released, film, monkeypatch):
    monkeypatch.setattr(parts, "_providers", {slot: [] for slot in parts.SLOTS})
    parts.register("money", lambda _request, production: ("parts/_empty.html", {"title": production.title}))
    parts.register(
        "steps", lambda _request, steps: {steps[1].pk: {"label": "Open challenge", "kind": "live", "url": "/c/"}}
    )
    page = text_of(client, film.get_absolute_url())
    assert 'class="empty"' in page
    assert "Open challenge" in page
    assert "One needs you: Keeper’s room" in page


def test_who_is_named_confirms_the_name_on_the_credits_page(client, released, film, bob):
    client.force_login(bob)
    address = film.get_credits_url()
    assert "Is your name right?" in text_of(client, address)
    assert client.post(address, {"name": ""}).status_code == 422
    assert client.post(address, {"name": "Bob B. Baker"}).status_code == 302
    assert "Bob B. Baker" in text_of(client, address)


def test_others_cannot_confirm_a_name(client, released, film, charlie):
    client.force_login(charlie)
    client.post(film.get_credits_url(), {"name": "Charlie"})
    assert not Credit.objects.filter(name="Charlie").exists()


def test_those_who_lead_write_the_diary(client, film, alice, bob):
    address = reverse("projects:updates", args=[film.project.slug])
    client.force_login(bob)
    client.post(address, {"body": "Not mine to say."})
    assert "Not mine to say" not in text_of(client, address)
    client.force_login(alice)
    client.post(address, {"title": "First print", "body": "It smells of ink."})
    assert "It smells of ink." in text_of(client, address)


def test_an_episode_shows_topic_segments_and_dozens_of_names(client, alice, sam):
    project = produce(sam, alice, kind="tv", title="Everyone Is Awake Somewhere")
    episode = actions.add_episode(
        actor=sam, project=project, season=1, number=1, title="What is lit at four", topic="Windows", synopsis="Many."
    )
    people = [newcomer(f"window{number}", f"Window {number:02}") for number in range(40)]
    work = publish(people[0], "The wall", shares=dict.fromkeys(people, (250, "a window")))
    cut = actions.new_cut(actor=sam, production=episode)
    sections = [
        {"id": "wall", "title": "Forty windows", "bps": 6000, "segment": "pre_mixed"},
        {"id": "kitchen", "title": "Live kitchen", "bps": 4000, "segment": "live"},
    ]
    cut = actions.set_sections(actor=sam, cut=cut, sections=sections)
    for section in ("wall", "kitchen"):
        place(cut, work, sam, section=section)
    actions.lock_cut(actor=sam, cut=cut)
    page = text_of(client, f"/projects/{project.slug}/s1/e1/")
    for words in ("Windows", "Forty windows", "Pre-mixed", "Live kitchen", "Window 00", "Window 39", "40 artists"):
        assert words in page
    assert "What is lit at four" in text_of(client, project.get_absolute_url())
    assert "Window 39" in text_of(client, f"/projects/{project.slug}/s1/e1/credits/")


def test_a_question_about_a_work_is_answered_on_its_page(client, film, sam, bob, charlie):
    work = publish(bob, permission="ask")
    (consent,) = actions.ask_consent(actor=sam, production=film, contribution=work, use="Under the titles.")
    client.force_login(charlie)
    assert client.get(consent.get_absolute_url()).status_code == 404
    client.force_login(bob)
    assert "Under the titles." in text_of(client, consent.get_absolute_url())
    client.post(consent.get_absolute_url(), {"answer": "yes"})
    consent.refresh_from_db()
    assert consent.answer == "yes"


def test_an_archived_project_is_gone_for_the_public(client, alice, sam):
    project = pitch(alice, "The Lid")
    actions.archive_project(actor=sam, project=project, reason="Pitched twice.")
    assert client.get(f"/pitches/{project.pk}/").status_code == 404
    client.force_login(sam)
    assert client.get(f"/pitches/{project.pk}/").status_code == 200


def test_a_pitch_is_no_project_page_yet(client, alice):
    assert client.get(f"/projects/{pitch(alice, 'The Lid').slug}/").status_code == 404


def queries_of(client, address):
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_lists_cost_the_same_for_3_rows_and_for_30(client, alice, sam):
    work = publish(alice)

    def grow(first, last):
        for number in range(first, last):
            pitch(alice, f"Pitch {number}", cover=work, works=[work])
            made = produce(sam, alice, title=f"Film {number}")
            production = Production.objects.get(project=made)
            cut = actions.new_cut(actor=sam, production=production)
            place(cut, work, sam)
            actions.lock_cut(actor=sam, cut=cut)
            actions.release_production(actor=sam, production=production, format="Film", cover=work)
            actions.post_update(actor=sam, project=made, body=f"Note {number}")

    lists = ["/pitches/", "/projects/", "/projects/?stage=released", "/releases/"]
    grow(0, 3)
    few = {address: queries_of(client, address) for address in lists}
    grow(3, 30)
    assert {address: queries_of(client, address) for address in lists} == few
    assert "after=" in text_of(client, "/pitches/")
    # A digit to Python that is no number: the first page, as for any other nonsense.
    assert "after=" in text_of(client, "/pitches/?after=²")
    assert text_of(client, "/releases/").count("Film") > 20


def test_pages_of_one_production_cost_the_same_for_3_rows_and_for_30(client, cut, film, alice, bob, sam):
    letter = publish(alice, "Letter")
    work = publish(bob, "Answer", sources=[(letter, "continues")])
    addresses = [film.get_absolute_url(), film.get_credits_url(), reverse("projects:updates", args=[film.project.slug])]

    def grow(cut, first, last):
        for number in range(first, last):
            place(cut, work, sam, credit_line=f"Line {number} by")
            actions.add_step(actor=sam, production=film, title=f"Step {number}", picture=work)
            actions.post_update(actor=sam, project=film.project, body=f"Note {number}")
            actions.join_project(actor=newcomer(f"helper{number}"), project=film.project)
        actions.lock_cut(actor=sam, cut=cut)

    grow(cut, 0, 3)
    few = {address: queries_of(client, address) for address in addresses}
    grow(actions.new_cut(actor=sam, production=film), 3, 30)
    assert {address: queries_of(client, address) for address in addresses} == few


def test_a_round_costs_the_same_for_3_candidates_and_for_30(client, alice, bob, sam):
    small = open_round(sam, *(pitch(alice, f"Pitch {number}") for number in range(3)))
    large = open_round(sam, *(pitch(alice, f"Other {number}") for number in range(30)))
    client.force_login(bob)
    assert queries_of(client, small.get_absolute_url()) == queries_of(client, large.get_absolute_url())


def test_426_artists_stand_on_the_credits_page_in_a_fixed_number_of_queries(client, cut, film, sam):
    people = [newcomer(f"artist{number}", f"Artist {number:03}") for number in range(426)]
    shares = {person: (24 if number < 200 else 23, "") for number, person in enumerate(people)}
    shares[people[0]] = (24 + 10_000 - sum(bps for bps, _role in shares.values()), "")
    place(cut, publish(people[0], "Everybody", shares=shares), sam)
    actions.lock_cut(actor=sam, cut=cut)
    assert Credit.objects.count() == 426
    assert queries_of(client, film.get_credits_url()) < 25
    page = text_of(client, film.get_credits_url())
    assert page.index("Artist 000") < page.index("Artist 200") < page.index("Artist 425")
