"""Chapter: who has money in it, or did the first half, is stopped at every door, and reads why."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.urls import reverse

from profiles.actions import grant_powers
from royalties import actions, tasks
from royalties.exceptions import RoyaltiesRefused
from royalties.models import Payout, Statement
from tests.story.desk import desk, new, press, refused
from tests.story.film import EVERY_POWER, line_of
from tests.story.stage import Stage, said

OWN_LINE = "You have a line in this statement yourself, so somebody else must do this."
NEIGHBOUR = "A work of yours is a source or a remix of a work with a line in this statement"
DRAFTED = "Who drafted a statement cannot also approve it."
NO = "No."


def shut(
    stage: Stage,
    handle: str,
    row: Any,
    *,
    button: str,
    move: str,
    because: str,
    call: Callable[[], object],
    words: str = "",
) -> None:
    """The button, the same move posted by hand, and a call in the shell: one refusal, and nothing has changed."""
    before = type(row).objects.filter(pk=row.pk).values().get()
    page = desk(stage, handle, row)
    press(page, button, words=words)
    refused(page, because)
    meta = row._meta
    posted = page.request.post(
        reverse(f"admin:{meta.app_label}_{meta.model_name}_changelist"),
        form={
            "csrfmiddlewaretoken": page.locator("#moves input[name=csrfmiddlewaretoken]").first.input_value(),
            "action": move,
            "_selected_action": str(row.pk),
            "index": "0",
            "words": words,
        },
        headers={"Referer": page.url},
    )
    assert because in posted.text()
    with pytest.raises(RoyaltiesRefused, match=re.escape(because)):
        call()
    assert type(row).objects.filter(pk=row.pk).values().get() == before


@contextmanager
def hired(stage: Stage, handle: str) -> Iterator[Any]:
    """Somebody with a line is of the staff for a while, with every power there is."""
    artist = grant_powers(actor=None, artist=stage.artist(handle), powers=EVERY_POWER)
    yield artist
    grant_powers(actor=None, artist=artist, powers=[])


def a_drafter_and_a_neighbour_publish_nothing(stage: Stage, name: str = "statement") -> None:
    """Sam drafted it; erin has no line, but a remix of a work that has one."""
    statement = stage.rows[name]
    for handle, because in (("sam", DRAFTED), ("erin", NEIGHBOUR)):
        who = stage.artist(handle)
        shut(
            stage,
            handle,
            statement,
            button="Publish",
            move="publish",
            because=because,
            call=lambda who=who: actions.publish(actor=who, statement=statement),
        )


def alice_drafts_and_answers_nothing(stage: Stage) -> None:
    """A payee of the statement, with all powers; bob's objection waits for an answer."""
    with hired(stage, "alice") as alice:
        page = new(stage, "alice", "royalties_statement")
        page.locator("#id_production").select_option(label="The Lid")
        first, last = dt.date(2020, 1, 1), dt.date(2020, 3, 31)
        page.locator("#id_first_day").fill(first.isoformat())
        page.locator("#id_last_day").fill(last.isoformat())
        page.get_by_role("button", name="Draft a statement").click()
        said(page, NEIGHBOUR)
        with pytest.raises(RoyaltiesRefused, match=NEIGHBOUR):
            actions.draft_statement(
                actor=alice, production=stage.rows["production"], first_day=first, last_day=last, currency="USD"
            )
        assert Statement.objects.count() == 1
        objection = stage.rows["objection"]
        for outcome, button, move in (("declined", "Decline", "decline"), ("accepted", "Accept", "accept")):
            shut(
                stage,
                "alice",
                objection,
                button=button,
                move=move,
                because=OWN_LINE,
                words=NO,
                call=lambda outcome=outcome: actions.answer_objection(
                    actor=alice, objection=objection, outcome=outcome, reason=NO
                ),
            )


def alice_and_erin_approve_no_revision(stage: Stage) -> None:
    """It waits to be published; neither may, nor may sam, who began it."""
    statement = stage.rows["statement"]
    reasons = {"sam": DRAFTED, "erin": NEIGHBOUR, "alice": OWN_LINE}
    with hired(stage, "alice"):
        for handle, because in reasons.items():
            who = stage.artist(handle)
            shut(
                stage,
                handle,
                statement,
                button="Publish the waiting revision",
                move="publish",
                because=because,
                call=lambda who=who: actions.publish(actor=who, statement=statement),
            )


def nobody_speaks_for_another(stage: Stage) -> None:
    """A form of a member's page, sent by somebody else."""
    line = line_of(stage, "alice")
    page = stage.at("bob", line.get_absolute_url())
    sent = page.request.post(
        reverse("royalties:accept", args=[line.revision.statement_id, line.payee.code]),
        form={"csrfmiddlewaretoken": page.locator("[name=csrfmiddlewaretoken]").first.input_value()},
        headers={"Referer": page.url},
    )
    assert "Only the person whose line it is can accept it." in sent.text()
    with pytest.raises(RoyaltiesRefused, match="Only the person whose line"):
        actions.accept_line(actor=stage.artist("bob"), line=line)
    assert not hasattr(line_of(stage, "alice"), "acceptance")


def a_task_of_a_run_that_nobody_wants_does_nothing(stage: Stage) -> None:
    """An old message comes again, one comes for a run that never was; the worker gets both before its next work."""
    statement = stage.again("statement")
    before = (statement.run, statement.pending_id, statement.revisions.count())
    for run in (statement.run, statement.run + 7):
        tasks.compute_statement.delay(statement.pk, run)  # type: ignore[attr-defined]  # of Celery for Django
        tasks.compute_statement(statement.pk, run)
    statement = stage.again("statement")
    assert (statement.run, statement.pending_id, statement.revisions.count()) == before


def a_large_batch_needs_three(stage: Stage) -> None:
    """Sam prepared it and may neither approve nor submit it; dana may not submit it before frida has approved."""
    batch, sam, dana = stage.rows["batch"], stage.artist("sam"), stage.artist("dana")
    shut(
        stage,
        "sam",
        batch,
        button="Approve (large batches need it)",
        move="approve",
        because="Who prepared a batch cannot also approve it.",
        call=lambda: actions.approve_batch(actor=sam, batch=batch),
    )
    shut(
        stage,
        "dana",
        batch,
        button="Submit and make the file",
        move="submit",
        because="are approved by a third person before they are submitted",
        call=lambda: actions.submit_batch(actor=dana, batch=batch),
    )
    frida = desk(stage, "frida", batch)
    press(frida, "Approve (large batches need it)")
    said(frida, "approved")
    shut(
        stage,
        "frida",
        batch,
        button="Submit and make the file",
        move="submit",
        because="Who approved a batch cannot also submit it.",
        call=lambda: actions.submit_batch(actor=stage.artist("frida"), batch=batch),
    )


def nothing_is_settled_without_a_reference(stage: Stage) -> None:
    """The provider's word is asked for by the page itself, and by whoever goes around it."""
    payout = stage.rows["batch"].payouts.first()
    page = desk(stage, "dana", payout)
    press(page, "It arrived")
    assert page.locator("#words-settle:invalid").count() == 1
    sent = page.request.post(
        reverse("admin:royalties_payout_changelist"),
        form={
            "csrfmiddlewaretoken": page.locator("#moves input[name=csrfmiddlewaretoken]").first.input_value(),
            "action": "settle",
            "_selected_action": str(payout.pk),
            "index": "0",
            "words": " ",
        },
        headers={"Referer": page.url},
    )
    assert "without it nothing is settled" in sent.text()
    assert Payout.objects.get(pk=payout.pk).status == Payout.Status.SENT
