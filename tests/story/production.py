"""Chapter: an idea is voted for, green-lit, filled, cut, locked once everybody has said yes, and released."""

from __future__ import annotations

import csv
import datetime as dt
import io

import time_machine
from django.utils import timezone
from playwright.sync_api import Page

from projects import actions
from projects.models import Consent, Consideration, Credit, Cut, Project, Release, Round
from tests.story.desk import desk, done, new, pick, press, refused, save
from tests.story.stage import Stage, said

CUES = [
    ("text", "writing", "Poem", "words", "120"),
    ("audio", "music", "Song", "audible_ms", "90000"),
    ("image", "picture", "Drawing", "screen_ms", "40000"),
    ("video", "picture", "Footage", "screen_ms", "20000"),
]


def alice_and_bob_pitch(stage: Stage) -> None:
    for handle, title, words in (
        ("alice", "The Lid", "A kettle looks for its lid."),
        ("bob", "Salt", "Who counts the ferries?"),
    ):
        page = stage.at(handle, "/pitches/propose/")
        page.locator("#id_title").fill(title)
        page.locator("#id_kind").select_option("film")
        page.locator("#id_logline").fill(words)
        page.locator("#id_pitch").fill("Four minutes of linocut, and a waltz.")
        page.get_by_role("button", name="Put it out").click()
        page.wait_for_url("**/pitches/*/")
        stage.rows[title] = Project.objects.get(title=title)


def sam_opens_a_round(stage: Stage) -> None:
    page = new(stage, "sam", "projects_round")
    page.locator("#id_title").fill("What do we make this winter?")
    page.locator("#id_question").fill("Approve as many as you like.")
    now = timezone.now()
    for name, moment in (
        ("opens_at", now - dt.timedelta(minutes=1)),
        ("closes_at", now + dt.timedelta(days=7)),
        ("joined_before", now),
    ):
        page.locator(f"#id_{name}_0").fill(moment.strftime("%Y-%m-%d"))
        page.locator(f"#id_{name}_1").fill(moment.strftime("%H:%M:%S"))
    page.locator("#id_projects").select_option(label=["The Lid", "Salt"])
    save(page)
    stage.rows["round"] = Round.objects.get()


def members_vote(stage: Stage) -> None:
    """Saved at once; taken back and given again; the receipt is found in the published ballots."""
    address = stage.rows["round"].get_absolute_url()
    for handle in ("bob", "charlie"):
        page = stage.at(handle, address)
        page.get_by_role("button", name="Approve The Lid").click()
        page.get_by_role("button", name="Approved: The Lid").wait_for()
    page = stage.at("charlie", address)
    page.get_by_role("button", name="Approve Salt").click()
    page.get_by_role("button", name="Approved: Salt").click()
    page.get_by_role("button", name="Approve Salt").wait_for()


def the_round_is_counted(stage: Stage) -> None:
    """A week later, which only the clock is told."""
    voting_round = stage.rows["round"]
    page = desk(stage, "sam", voting_round)
    press(page, "Count the votes")
    refused(page, "still open")
    with time_machine.travel(voting_round.closes_at + dt.timedelta(minutes=1)):
        actions.close_round(actor=stage.artist("sam"), voting_round=voting_round)
    page = stage.at("visitor", voting_round.get_absolute_url())
    said(page, "Counted")
    ballots = page.request.get(f"{voting_round.get_absolute_url()}ballots.csv")
    assert ballots.status == 200
    receipts = {row[0] for row in csv.reader(io.StringIO(ballots.text()))}
    assert set(voting_round.ballots.values_list("receipt", flat=True)) <= receipts


def sam_gives_the_green_light(stage: Stage) -> None:
    page = desk(stage, "sam", stage.rows["The Lid"])
    press(page, "Give the green light", words="Two thirds of you want it, and so do we.")
    done(page)
    press(page, "Start production")
    done(page)
    project = stage.again("The Lid")
    assert project.status == Project.Status.IN_PRODUCTION
    stage.rows["production"] = project.productions.get()
    said(stage.at("visitor", project.get_absolute_url()), "The Lid")


def sam_shortlists(stage: Stage) -> None:
    """Every work that stands for the film gets an answer with a reason."""
    for name in ("text", "audio", "image", "video"):
        page = desk(stage, "sam", stage.rows["production"])
        number = page.locator("#id_considerations-INITIAL_FORMS").input_value()
        pick(page, f"id_considerations-{number}-contribution", stage.works[name].title)
        save(page)
    rows = Consideration.objects.filter(production=stage.rows["production"])
    assert rows.count() == 4
    page = stage.at("sam", "/admin/projects/consideration/")
    page.locator("#action-toggle").check()
    page.locator("select[name=action]").select_option("shortlist")
    page.locator("input[name=reason]").first.fill("It belongs to the lamp.")
    page.get_by_role("button", name="Go").or_(page.get_by_role("button", name="Run")).first.click()
    page.wait_for_load_state()
    assert set(rows.values_list("fate", flat=True)) == {Consideration.Fate.SHORTLISTED}
    said(stage.at("bob", "/inbox/"), "The Lid")


def sam_cuts(stage: Stage) -> None:
    """The cue sheet, row by row."""
    page = desk(stage, "sam", stage.rows["production"])
    press(page, "Begin a cut")
    cut = stage.rows["cut"] = Cut.objects.get()
    for number, cue in enumerate(CUES):
        page = desk(stage, "sam", cut)
        place_cue(page, stage, number, cue)
        save(page)
    assert list(cut.cues.values_list("contribution__title", flat=True)) == [
        stage.works[name].title for name, *_rest in CUES
    ]


def place_cue(page: Page, stage: Stage, number: int, cue: tuple[str, ...]) -> None:
    name, department, role, unit, quantity = cue
    prefix = f"id_cues-{number}"
    pick(page, f"{prefix}-contribution", stage.works[name].title)
    choose(page, f"{prefix}-department", department)
    choose(page, f"{prefix}-role", role)
    choose(page, f"{prefix}-prominence", "featured")
    page.locator(f"#{prefix}-unit").select_option(unit)
    page.locator(f"#{prefix}-quantity").fill(quantity)


def choose(page: Page, field: str, words: str) -> None:
    """The option of a select whose words contain these, whatever the case."""
    options = page.locator(f"#{field} option").all_inner_texts()
    page.locator(f"#{field}").select_option(label=next(each for each in options if words.lower() in each.lower()))


def the_lock_names_what_is_missing(stage: Stage) -> None:
    """Bob has not been asked about his film: asked from the list, he answers on the page."""
    cut = stage.rows["cut"]
    page = desk(stage, "sam", cut)
    press(page, "Look at the blockers and lock")
    said(page, "thing keeps this cut from being locked")
    said(page, "The ferry, shot 12")
    assert page.get_by_role("button", name="Lock this cut").count() == 0
    page.locator("input[name=use]").fill("Twenty seconds under the title")
    page.get_by_role("button", name="Ask now").click()
    page.wait_for_load_state()
    consent = Consent.objects.get()
    assert consent.answer == Consent.Answer.ASKED
    bobs = stage.at("bob", "/inbox/")
    bobs.get_by_role("link", name="Please answer").first.click()
    said(bobs, "Twenty seconds under the title")
    bobs.get_by_role("button", name="Yes, use it").click()
    said(bobs, "Thank you. The producers know.")


def sam_locks(stage: Stage) -> None:
    page = desk(stage, "sam", stage.rows["cut"])
    press(page, "Look at the blockers and lock")
    page.get_by_role("button", name="Lock this cut").click()
    page.wait_for_load_state()
    cut = stage.again("cut")
    assert cut.is_locked
    assert cut.sha256
    names = set(Credit.objects.filter(production=cut.production).values_list("artist__handle", flat=True))
    assert names == {"alice", "bob"}
    said(stage.at("alice", "/inbox/"), "is locked and you are in its credits")


def sam_releases(stage: Stage) -> None:
    page = desk(stage, "sam", stage.rows["production"])
    press(page, "Release")
    page.locator("#id_title").fill("The Lid")
    page.locator("#id_format").fill("Short film, 4 minutes")
    assert page.locator("#id_released_on").input_value()
    save(page)
    release = stage.rows["release"] = Release.objects.get()
    page = stage.at("visitor", "/releases/")
    page.get_by_role("link", name="The Lid").first.click()
    page.wait_for_url(f"**{release.get_absolute_url()}")
    page = stage.at("visitor", stage.rows["production"].get_credits_url())
    for words in ("Alice", "Bob", "Waltz for the lamp"):
        said(page, words)
