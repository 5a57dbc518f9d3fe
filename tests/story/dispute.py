"""Chapter: a comment, a what-if, an objection declined, a panel that wants it changed, and the revision."""

from __future__ import annotations

import datetime as dt

import pytest
from playwright.sync_api import Page

from royalties import actions
from royalties.exceptions import WrongState
from royalties.models import Adjustment, Escalation, Objection, Publication, WhatIf
from royalties.money import Money
from tests.royalties.panelists import live
from tests.story.desk import desk, done, new, press, refused
from tests.story.film import line_of
from tests.story.looks import look
from tests.story.money import Status, computed
from tests.story.stage import Stage, said

PAYEES = ("Alice", "Bob", "Charlie")
WHY = "We counted the frames again: twenty seconds, as the cue sheet says."
CARRIED_OUT = "The ferry is on the screen for forty seconds, as the panel has found."


def alice_comments(stage: Stage) -> None:
    """On bob's line; anybody may, and it changes nothing."""
    amount = line_of(stage, "bob").amount_minor
    page = stage.at("alice", line_of(stage, "bob").get_absolute_url())
    page.locator("#speak textarea[name=body]").fill("Is the ferry not in the last scene too?")
    page.get_by_role("button", name="Post", exact=True).click()
    said(page, "Is the ferry not in the last scene too?")
    assert line_of(stage, "bob").amount_minor == amount


def bob_tries_other_measures(stage: Stage) -> None:
    """He sees at once who gains and whom it costs, and keeps it."""
    page = stage.at("bob", line_of(stage, "bob").get_absolute_url())
    page.get_by_role("link", name="What if it were measured otherwise?").click()
    cue = page.locator("fieldset.measures", has_text="The ferry, shot 12")
    cue.get_by_label("Seconds on screen").fill("40")
    page.keyboard.press("Tab")
    page.locator("#outcome", has_text="In all").wait_for()
    gains = page.locator("#outcome .gains li")
    assert [gains.filter(has_text=name).count() for name in ("Bob", "Charlie", "Alice")] == [1, 1, 0]
    said(page.locator("#outcome").page, "+")
    look(page, "what-if")
    page.locator("#outcome button").click()
    page.locator("h2", has_text="What is measured otherwise").wait_for()
    stage.rows["what_if"] = WhatIf.objects.get()
    assert page.url.endswith(stage.rows["what_if"].get_absolute_url())
    look(page, "what-if-kept")


def bob_objects_with_it(stage: Stage) -> None:
    page = stage.at("bob", stage.rows["what_if"].get_absolute_url())
    page.get_by_role("link", name="Object with this").click()
    said(page, "With other measures attached")
    page.locator("#speak textarea[name=body]").fill("The shot runs for forty seconds, not twenty.")
    page.locator("#speak select[name=kind]").select_option("measure")
    page.get_by_role("button", name="Post", exact=True).click()
    said(page, "Your objection is a case now.")
    objection = stage.rows["objection"] = Objection.objects.get()
    assert objection.comment.what_if == stage.rows["what_if"]
    visitor = stage.at("visitor", objection.get_absolute_url())
    visitor.get_by_role("link", name="What if: the measures that are asked for").click()
    said(visitor, "What is measured otherwise")


def dana_declines(stage: Stage) -> None:
    page = desk(stage, "dana", stage.rows["objection"])
    press(page, "Decline", words=WHY)
    done(page)
    said(stage.at("visitor", stage.rows["objection"].get_absolute_url()), WHY)


def bob_takes_it_to_a_panel(stage: Stage) -> None:
    page = stage.at("bob", stage.rows["objection"].get_absolute_url())
    page.locator("#id_reason").fill("Nobody has looked at the last scene.")
    page.locator("form[action$='/escalation/'] button").click()
    said(page, "Three members are being asked.")
    stage.rows["escalation"] = Escalation.objects.get()
    said(stage.at("visitor", stage.rows["statement"].get_absolute_url()), "Before a panel")


def members_decide(stage: Stage) -> None:
    """One leaves the seat to the fourth; one upholds, two want it changed. None of them reads a name."""
    first, *_others = live(stage.rows["escalation"])
    page = open_case(stage, first.member.handle)
    page.get_by_role("button", name="Decline", exact=True).click()
    said(page, "Somebody else is asked.")
    seats = live(stage.rows["escalation"])
    assert len(seats) == 3
    assert first.member_id not in [seat.member_id for seat in seats]
    case = stage.rows["objection"].get_absolute_url()
    for seat, choice in zip(seats, ("uphold", "change", "change"), strict=True):
        said(stage.at("visitor", case), "Before three members")
        page = open_case(stage, seat.member.handle)
        page.get_by_role("button", name="Take part, vote later").click()
        said(page, "Please vote within seven days.")
        words = page.locator("main").inner_text()
        assert not [name for name in PAYEES if name in words]
        if choice == "uphold":
            look(page, "panel")
        page.locator(f"input[name=choice][value={choice}]").check()
        page.locator("#id_reason").fill(f"I looked at the last scene, and say {choice}.")
        page.get_by_role("button", name="Cast my vote").click()
        said(page, "You voted")
    page = stage.at("visitor", case)
    said(page, "The panel: The answer must be changed")
    assert page.get_by_text("I looked at the last scene, and say").count() == 3
    look(page, "case")


def open_case(stage: Stage, handle: str) -> Page:
    """From the list of one's panels."""
    stage.come(handle)
    page = stage.at(handle, "/panels/")
    page.locator("#seats").get_by_role("link", name="The Lid").click()
    said(page, "Does this answer stand?")
    return page


def it_cannot_close(stage: Stage, because: str) -> None:
    """Not now, by the button, and not after its window either."""
    page = desk(stage, "sam", stage.rows["statement"])
    press(page, "Close the discussion")
    refused(page, "nobody can shorten it")
    statement = stage.again("statement")
    after = statement.window_ends_at + dt.timedelta(days=4)
    with pytest.raises(WrongState, match=because):
        actions.close_statement(actor=stage.artist("sam"), statement=statement, now=after)
    assert stage.again("statement").status == Status.PUBLISHED


def sam_begins_the_revision(stage: Stage) -> None:
    """The cue weighs twice as much, which frida approves; the worker computes it anew."""
    page = new(stage, "sam", "royalties_adjustment")
    page.locator("#id_statement").select_option(str(stage.rows["statement"].pk))
    page.locator("#id_kind").select_option("line_factor")
    page.locator("#id_cue").fill(str(stage.rows["cut"].cues.get(contribution=stage.works["shot"]).position))
    page.locator("#id_factor").fill("200")
    page.locator("#id_reason").fill("Forty seconds, where twenty were entered.")
    page.locator("input[type=submit]").click()
    page.wait_for_load_state()
    done(page)
    page = desk(stage, "frida", Adjustment.objects.get())
    press(page, "Approve")
    done(page)
    page = desk(stage, "sam", stage.rows["statement"])
    press(page, "Begin a revision; it settles what was granted and is still owed", words=CARRIED_OUT)
    done(page)
    computed(stage)


def dana_publishes_it(stage: Stage) -> None:
    """Charlie loses more than one in twenty of his cents, so the three days that were left become seven."""
    before = line_of(stage, "charlie")
    ended = stage.again("statement").window_ends_at
    assert ended - stage.rows["statement"].published_at == dt.timedelta(days=3)
    page = desk(stage, "dana", stage.rows["statement"])
    press(page, "Publish the waiting revision")
    done(page)
    second = Publication.objects.get(statement=stage.rows["statement"], number=2)
    assert second.window_ends_at - second.published_at == dt.timedelta(days=7)
    assert stage.again("statement").window_ends_at == second.window_ends_at
    now = line_of(stage, "charlie")
    assert before.amount_minor - now.amount_minor > before.amount_minor // 20
    stage.rows["before"], stage.rows["now"] = before, now


def the_loser_reads_why(stage: Stage) -> None:
    """The old amount is struck; the page of changes names the case that it settles."""
    old, new_ = (Money(stage.rows[name].amount_minor, "USD").format("en") for name in ("before", "now"))
    statement = stage.rows["statement"]
    page = stage.at("charlie", "/inbox/")
    page.get_by_role("link", name="The Lid").first.click()
    page = stage.at("charlie", statement.get_absolute_url())
    said(page, f"It was {old} in draft 1.")
    assert page.locator("aside del", has_text=old).count() == 1
    assert page.locator("aside ins", has_text=new_).count() == 1
    said(page, CARRIED_OUT)
    look(page, "statement")
    page.get_by_role("link", name="All changes, with reasons").click()
    said(page, "Objections this draft settles")
    assert page.locator("del", has_text=old).count() == 1
    said(page, "Panel: The answer must be changed")
    look(page, "changes")
    page.get_by_role("link", name=f"Case {stage.rows['objection'].pk}").first.click()
    said(page, "Carried out by draft 2")
    page = stage.at("charlie", line_of(stage, "charlie").get_absolute_url())
    said(page, f"In draft 1 it was {old}.")
    look(page, "line")
