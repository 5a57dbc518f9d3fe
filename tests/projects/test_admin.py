"""Staff work in the admin: every button calls an action, refusals are told, all is recorded."""

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from profiles.models import Event
from projects import actions
from projects.models import (
    Consent,
    Consideration,
    Credit,
    Cue,
    Cut,
    Department,
    Outlet,
    Production,
    Project,
    Release,
    Role,
    Round,
    Step,
)
from tests.projects.conftest import place, produce, publish

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client, sam):
    """Sam at the admin's door."""
    client.force_login(sam)
    return client


def change(row):
    return reverse(f"admin:projects_{row._meta.model_name}_change", args=[row.pk])


def move(client, row, name, **data):
    return client.post(reverse(f"admin:projects_{row._meta.model_name}_move", args=[row.pk, name]), data, follow=True)


def code(rows, **lookup):
    return rows.objects.get(**lookup).pk


def test_a_stranger_finds_no_admin(client, alice, pitch):
    client.force_login(alice)
    assert client.get(change(pitch)).status_code == 302
    move(client, pitch, "green_light", reason="Mine.")
    pitch.refresh_from_db()
    assert pitch.status == Project.Status.PITCH


def test_a_green_light_with_its_reason_is_recorded_twice(staff, sam, pitch):
    assert "Give the green light" in staff.get(change(pitch)).content.decode()
    move(staff, pitch, "green_light", reason="It made us laugh.")
    pitch.refresh_from_db()
    assert (pitch.status, pitch.status_reason) == (Project.Status.GREEN_LIT, "It made us laugh.")
    assert Event.objects.filter(verb="projects.green_lit", actor=sam).exists()
    assert LogEntry.objects.filter(user=sam, object_id=str(pitch.pk)).exists()


def test_a_green_light_without_a_reason_is_refused_in_words(staff, pitch):
    page = move(staff, pitch, "green_light").content.decode()
    assert "everybody reads the reason" in page
    pitch.refresh_from_db()
    assert pitch.status == Project.Status.PITCH


def test_a_move_that_is_not_open_does_not_exist(staff, pitch):
    assert move(staff, pitch, "start").status_code == 404
    assert staff.get(reverse("admin:projects_project_move", args=[pitch.pk, "decline"])).status_code == 405


def test_several_pitches_are_declined_from_the_list(staff, pitch):
    data = {"action": "say_no", "_selected_action": [pitch.pk], "reason": "Not this year."}
    staff.post(reverse("admin:projects_project_changelist"), data)
    pitch.refresh_from_db()
    assert pitch.status == Project.Status.DECLINED


def test_staff_with_other_powers_look_and_may_not_move(client, dana, pitch):
    client.force_login(dana)
    assert client.get(change(pitch)).status_code == 200
    assert "Only producers may do this." in move(client, pitch, "green_light", reason="x").content.decode()


def test_a_round_is_announced(staff, alice, pitch):
    other = actions.pitch_project(actor=alice, title="Slow Weather", kind="tv", logline="Weather.")
    dates = {
        f"{name}_{part}": value
        for name, day in (("opens_at", "2030-01-01"), ("closes_at", "2030-01-09"), ("joined_before", "2030-01-01"))
        for part, value in ((0, day), (1, "00:00:00"))
    }
    data = {"title": "Winter", "question": "What next?", "projects": [pitch.pk, other.pk], **dates}
    staff.post(reverse("admin:projects_round_add"), data)
    found = Round.objects.get()
    assert {candidate.project for candidate in found.candidates.all()} == {pitch, other}
    assert LogEntry.objects.filter(object_id=str(found.pk), content_type__model="round").exists()
    assert "counted when it has closed" in move(staff, found, "close").content.decode()


def test_an_episode_is_planned(staff, sam, alice):
    season = produce(sam, alice, kind="tv", title="Everyone Is Awake")
    data = {"project": season.pk, "season": 1, "number": 2, "title": "The first shift", "topic": "Bread"}
    staff.post(reverse("admin:projects_production_add"), data)
    assert Production.objects.get(project=season).topic == "Bread"
    again = staff.post(reverse("admin:projects_production_add"), data, follow=True)
    assert Production.objects.filter(project=season).count() == 1
    assert again.status_code == 200


def management(**counts):
    """What the stock inlines post about themselves."""
    return {
        f"{prefix}-{name}": value
        for prefix, (total, initial) in counts.items()
        for name, value in (("TOTAL_FORMS", total), ("INITIAL_FORMS", initial))
    }


def test_steps_are_named_and_works_taken_in_on_the_page_of_a_production(staff, film, bob):
    work = publish(bob)
    assert staff.get(change(film)).status_code == 200
    data = {
        "title": "The Lid, restored",
        **management(cuts=(0, 0), steps=(1, 0), considerations=(1, 0)),
        "steps-0-title": "The crossing",
        "steps-0-status": "needed",
        "considerations-0-contribution": work.pk,
    }
    response = staff.post(change(film), data)
    assert response.status_code == 302
    film.refresh_from_db()
    assert film.title == "The Lid, restored"
    assert Step.objects.get().title == "The crossing"
    assert Consideration.objects.get().contribution == work


def test_fates_are_decided_in_the_list_of_considered_works(staff, sam, film, bob):
    row = actions.consider(actor=sam, production=film, contribution=publish(bob))
    address = reverse("admin:projects_consideration_changelist")
    assert "Kettle" in staff.get(address).content.decode()
    staff.post(address, {"action": "say_not_used", "_selected_action": [row.pk], "reason": ""})
    row.refresh_from_db()
    assert row.fate == "received"
    staff.post(address, {"action": "say_not_used", "_selected_action": [row.pk], "reason": "Two kettles."})
    row.refresh_from_db()
    assert (row.fate, row.reason) == ("cut", "Two kettles.")


def cue_row(number, work, **changes):
    usual = {
        "contribution": work.pk,
        "department": code(Department, kind="film", code="writing"),
        "role": code(Role, department_code="writing", code="story"),
        "prominence": 1,
        "unit": "words",
        "quantity": 10,
    }
    return {f"cues-{number}-{name}": value for name, value in (usual | changes).items()}


def sheet(rows, initial=0, sections="[]"):
    merged = {"frame_rate_milli": 24000, "sections": sections, **management(cues=(len(rows), initial))}
    for row in rows:
        merged |= row
    return merged


def test_the_cue_sheet_is_written_changed_ordered_and_shortened(staff, cut, bob, charlie):
    first, second = publish(bob, "First"), publish(charlie, "Second")
    assert staff.get(change(cut)).status_code == 200
    response = staff.post(change(cut), sheet([cue_row(0, first), cue_row(1, second, quantity=20)]))
    assert response.status_code == 302, response.context["errors"]
    one, two = Cue.objects.order_by("position")
    assert (one.contribution, two.contribution, two.quantity) == (first, second, 20)
    rows = [
        cue_row(0, first, id=one.pk, cut=cut.pk, place=2, quantity=11),
        cue_row(1, second, id=two.pk, cut=cut.pk, place=2, quantity=20),
    ]
    assert staff.post(change(cut), sheet(rows, initial=2)).status_code == 302
    assert list(Cue.objects.order_by("position").values_list("contribution__title", "quantity")) == [
        ("Second", 20),
        ("First", 11),
    ]
    rows = [
        cue_row(0, second, id=two.pk, cut=cut.pk, place=1, quantity=20, DELETE="on"),
        cue_row(1, first, id=one.pk, cut=cut.pk, place=2, quantity=11),
    ]
    assert staff.post(change(cut), sheet(rows, initial=2)).status_code == 302
    assert list(Cue.objects.values_list("contribution__title", "position")) == [("First", 1)]
    assert {"projects.cue_placed", "projects.cue_changed", "projects.cue_moved", "projects.cue_removed"} <= set(
        Event.objects.values_list("verb", flat=True)
    )


def test_a_role_of_another_department_is_refused_beside_its_row(staff, cut, bob):
    wrong = cue_row(0, publish(bob), role=code(Role, department_code="edit", code="edit"))
    response = staff.post(change(cut), sheet([wrong]))
    assert response.status_code == 200
    assert "does not belong to" in response.content.decode()
    assert not Cue.objects.exists()


def test_sections_are_set_with_the_cues(staff, cut):
    sections = '[{"id": "one", "title": "One", "bps": 10000}]'
    staff.post(change(cut), sheet([], sections=sections))
    cut.refresh_from_db()
    assert cut.sections == [{"id": "one", "title": "One", "bps": 10000}]


def test_the_page_that_locks_lists_every_blocker_and_asks(staff, cut, sam, bob, charlie):
    asked, closed = publish(bob, "Letter", permission="ask"), publish(charlie, "Diary", permission="no")
    place(cut, asked, sam)
    cue = place(cut, closed, sam)
    address = reverse("admin:projects_cut_lock", args=[cut.pk])
    assert staff.post(reverse("admin:projects_cut_move", args=[cut.pk, "lock"])).headers["Location"] == address
    # The button only leads there: nothing is done yet, and nothing is recorded as done.
    assert not LogEntry.objects.exists()
    page = staff.get(address).content.decode()
    assert "2 things keep this cut from being locked" in page
    assert "Ask Bob about “Letter”" in page
    assert staff.post(address).status_code == 422
    cut.refresh_from_db()
    assert not cut.is_locked
    staff.post(address, {"ask": asked.pk, "use": "Under the titles."})
    consent = Consent.objects.get()
    assert (consent.artist, consent.use) == (bob, "Under the titles.")
    actions.answer_consent(actor=bob, consent=consent, answer="yes")
    actions.remove_cue(actor=sam, cue=cue)
    assert "Nothing blocks this cut" in staff.get(address).content.decode()
    assert staff.post(address).status_code == 302
    cut.refresh_from_db()
    assert cut.is_locked
    assert LogEntry.objects.filter(object_id=str(cut.pk), change_message__contains="Locked").exists()


def test_a_locked_cut_is_only_to_be_read(staff, cut, sam, bob):
    place(cut, publish(bob), sam)
    actions.lock_cut(actor=sam, cut=cut)
    page = staff.get(change(cut)).content.decode()
    assert "TOTAL_FORMS" not in page or 'name="cues-0-quantity"' not in page
    assert staff.post(change(cut), sheet([])).status_code == 403


def test_a_cut_begins_a_production_is_released_and_shops_are_named(staff, film, sam, bob):
    move(staff, film, "new_cut")
    cut = Cut.objects.get()
    place(cut, publish(bob), sam)
    refusal = staff.post(
        reverse("admin:projects_release_add"),
        {"production": film.pk, "title": "The Lid", "format": "Film", "released_on": "2026-11-23", "identifiers": "{}"},
        follow=True,
    )
    assert "Lock a cut first" in refusal.content.decode()
    actions.lock_cut(actor=sam, cut=cut)
    data = {
        "production": film.pk,
        "title": "The Lid",
        "format": "Film",
        "released_on": "2026-11-23",
        "identifiers": "{}",
    }
    staff.post(reverse("admin:projects_release_add"), data)
    release = Release.objects.get()
    shops = {**management(outlets=(1, 0)), "outlets-0-kind": "buy", "outlets-0-name": "Pier shop"}
    assert staff.post(change(release), shops).status_code == 302
    outlet = Outlet.objects.get()
    gone = {
        **management(outlets=(1, 1)),
        "outlets-0-id": outlet.pk,
        "outlets-0-release": release.pk,
        "outlets-0-DELETE": "on",
    }
    staff.post(change(release), gone)
    assert not Outlet.objects.exists()


def test_staff_lines_stand_in_the_credits_and_can_be_taken_away(staff, film):
    data = {
        "production": film.pk,
        "name": "Sam Rivers",
        "credit_line": "Produced by",
        "heading": "",
        "billing_line": "",
    }
    staff.post(reverse("admin:projects_credit_add"), data)
    credit = Credit.objects.get()
    assert credit.source == Credit.Source.STAFF
    staff.post(reverse("admin:projects_credit_delete", args=[credit.pk]), {"post": "yes"})
    assert not Credit.objects.exists()


def test_a_table_changes_as_a_whole_from_a_day_on(staff):
    lines = "text 6000 Text\nillustration 3000 Illustration\ncover 900 Cover"
    year = timezone.now().year + 2
    data = {"kind": "book", "effective_at_0": f"{year}-01-01", "effective_at_1": "00:00:00", "shares": lines}
    refused = staff.post(reverse("admin:projects_department_add"), data, follow=True)
    assert "9900 instead of 10,000" in refused.content.decode()
    staff.post(reverse("admin:projects_department_add"), data | {"shares": lines.replace("900", "1000")})
    assert dict(Department.objects.filter(kind="book", effective_at__year=year).values_list("code", "share_bps")) == {
        "text": 6000,
        "illustration": 3000,
        "cover": 1000,
        "editing": 0,
    }


def test_every_page_of_the_admin_opens(staff, film, cut, sam, bob):
    place(cut, publish(bob), sam)
    for name in ("project", "production", "cut", "round", "consideration", "consent", "credit", "release"):
        assert staff.get(reverse(f"admin:projects_{name}_changelist")).status_code == 200
    for name in ("department", "role", "prominence"):
        assert staff.get(reverse(f"admin:projects_{name}_changelist")).status_code == 200
        assert staff.get(reverse(f"admin:projects_{name}_add")).status_code == 200
    for row in (film.project, film, cut):
        assert staff.get(change(row)).status_code == 200


def test_the_lists_cost_the_same_for_3_rows_and_for_30(staff, film, cut, sam, alice, bob):
    works = [publish(bob, f"Work {number}") for number in range(30)]
    lists = [reverse(f"admin:projects_{name}_changelist") for name in ("project", "consideration")]

    def cost():
        found = []
        for address in lists:
            staff.get(address)
            with CaptureQueriesContext(connection) as captured:
                assert staff.get(address).status_code == 200
            found.append(len(captured))
        return found

    def grow(first, last):
        for number in range(first, last):
            actions.consider(actor=sam, production=film, contribution=works[number])
            actions.pitch_project(actor=alice, title=f"Pitch {number}", kind="film", logline="One sentence.")

    grow(0, 3)
    few = cost()
    grow(3, 30)
    assert cost() == few
