"""Chapter: revenue and costs come in, a statement is drafted, computed, published, checked and talked about."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from django.utils import timezone
from playwright.sync_api import Page

from royalties import actions
from royalties.models import Cost, Income, Objection, Statement
from tests.story.desk import desk, done, new, press, refused
from tests.story.stage import PATIENCE, Stage, said
from tests.support.sites import eventually

REVENUE = "provider,transaction,channel,kind,amount,currency,received_on,production\n"
COSTS = "invoice,supplier,category,amount,currency,paid_on,production\n"
Status = Statement.Status


def period() -> tuple[dt.date, dt.date]:
    """The ninety days before today."""
    today = timezone.now().date()
    return today - dt.timedelta(days=90), today - dt.timedelta(days=1)


def revenue_and_costs_come_in(stage: Stage, sale: str = "12345.67") -> None:
    """Dana takes in what the shops paid, sam the invoice; the second person approves it."""
    day = period()[0] + dt.timedelta(days=40)
    slug = stage.rows["The Lid"].slug
    sales = f"{REVENUE}bandcamp,t1,shop,sale,{sale},USD,{day},{slug}\nbandcamp,t2,shop,refund,45.67,USD,{day},{slug}\n"
    invoice = f"{COSTS}INV-7,Ferryman Post,post,1000.01,USD,{day},{slug}\n"
    take_in(stage, "dana", "revenue", sales)
    take_in(stage, "sam", "cost", invoice)
    assert [Income.objects.count(), Cost.objects.count()] == [2, 1]
    take_in(stage, "dana", "revenue", sales)
    assert Income.objects.count() == 2
    cost = Cost.objects.get()
    assert "Approve this cost" in desk(stage, "sam", cost).content()
    page = desk(stage, "sam", cost)
    press(page, "Approve this cost")
    assert page.locator(".messagelist .error").count() == 1
    page = desk(stage, "dana", cost)
    press(page, "Approve this cost")
    done(page)


def take_in(stage: Stage, handle: str, kind: str, words: str) -> None:
    page = new(stage, handle, "royalties_import")
    page.locator("#id_kind").select_option(kind)
    file: Any = {"name": f"{kind}.csv", "mimeType": "text/csv", "buffer": words.encode()}
    page.locator("#id_file").set_input_files(file)
    page.get_by_role("button", name="Take in a file").click()
    page.wait_for_load_state()
    done(page)


def sam_drafts_and_the_worker_computes(stage: Stage) -> None:
    page = new(stage, "sam", "royalties_statement")
    page.locator("#id_production").select_option(label="The Lid")
    first, last = period()
    page.locator("#id_first_day").fill(first.isoformat())
    page.locator("#id_last_day").fill(last.isoformat())
    page.get_by_role("button", name="Draft a statement").click()
    page.wait_for_load_state()
    done(page)
    statement = stage.rows["statement"] = Statement.objects.get()
    computed(stage)
    assert stage.browsers["visitor"].goto(statement.get_absolute_url()).status == 404


def computed(stage: Stage, name: str = "statement") -> None:
    """The worker has done what was wanted of it."""
    eventually(lambda: stage.again(name).pending_id, seconds=PATIENCE, what="the worker's computation")
    assert not stage.again(name).failure


def it_is_submitted(stage: Stage, name: str = "statement") -> None:
    """By sam, who cannot publish it too."""
    page = desk(stage, "sam", stage.rows[name])
    press(page, "Submit for review")
    done(page)
    press(page, "Publish")
    assert stage.again(name).status == Status.REVIEW


def it_is_published_by_another(stage: Stage, name: str = "statement", pool: int = 565_000) -> None:
    """12,345.67 less 45.67 and 1,000.01 is 11,299.99; half of it, rounded in the artists' favour, is theirs."""
    page = desk(stage, "dana", stage.rows[name])
    press(page, "Publish")
    done(page)
    statement = stage.again(name)
    assert statement.status == Status.PUBLISHED
    assert statement.current.pool_minor == pool
    assert sum(statement.current.lines.values_list("amount_minor", flat=True)) == pool


def the_visitor_reads_and_verifies(stage: Stage) -> None:
    """Without an account: from the money page to the file that a program of its own finds right."""
    page = stage.at("visitor", "/money/")
    page.locator(f"a[href='{stage.rows['statement'].get_absolute_url()}']").first.click()
    said(page, "$5,650.00")
    said(page, "Alice")
    document = download(page, stage.folder, "statement.json")
    program = download(page, stage.folder, "verify.py")
    assert verify(program, document) == (0, "verified")
    tampered = json.loads(document.read_text())
    tampered["input"]["lines"][0]["quantity"] += 1
    document.write_text(json.dumps(tampered))
    assert verify(program, document)[0] == 1


def download(page: Page, folder: Path, name: str) -> Path:
    with page.expect_download() as waiting:
        page.locator("#check").get_by_role("link", name=name).click()
    path = folder / name
    waiting.value.save_as(path)
    return path


def verify(program: Path, document: Path) -> tuple[int, str]:
    """Alone, outside of the project."""
    command = [sys.executable, "-I", str(program), str(document)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False, cwd=document.parent, timeout=60)
    return ran.returncode, (ran.stdout.strip().splitlines() or [""])[-1]


def line_of(stage: Stage, handle: str) -> Any:
    return stage.again("statement").current.lines.get(payee__artist__handle=handle)


def charlie_comments_and_alice_objects(stage: Stage) -> None:
    line = line_of(stage, "alice")
    page = stage.at("charlie", line.get_absolute_url())
    page.locator("#speak textarea[name=body]").fill("Why does the drawing count for more than the ferry?")
    page.get_by_role("button", name="Post", exact=True).click()
    said(page, "Why does the drawing count")
    page = stage.at("alice", stage.rows["statement"].get_absolute_url())
    said(page, "Your share")
    page.get_by_role("link", name="Why this number").click()
    page.locator("#speak textarea[name=body]").fill("My drawing is on the screen for longer.")
    page.locator("#speak select[name=kind]").select_option("measure")
    page.get_by_role("button", name="Post", exact=True).click()
    said(page, "Your objection is a case now.")
    assert Objection.objects.get().status == Objection.Status.OPEN
    said(stage.at("visitor", stage.rows["statement"].get_absolute_url()), "1 objection, 0 answered")


def sam_answers_and_bob_accepts(stage: Stage) -> None:
    page = desk(stage, "sam", Objection.objects.get())
    press(page, "Decline", words="We counted the frames again: forty seconds, as the cue sheet says.")
    done(page)
    page = stage.at("alice", line_of(stage, "alice").get_absolute_url())
    said(page, "We counted the frames again")
    page = stage.at("bob", stage.rows["statement"].get_absolute_url())
    page.get_by_role("button", name="Accept my share").click()
    said(page, "You accepted this")


def it_closes_after_its_window_and_becomes_final(stage: Stage, name: str = "statement", days: int = 14) -> None:
    """Nobody can shorten the window; the clock alone is moved past it."""
    page = desk(stage, "sam", stage.rows[name])
    press(page, "Close the discussion")
    refused(page, "nobody can shorten it")
    statement = stage.again(name)
    assert statement.status == Status.PUBLISHED
    after = statement.window_ends_at + dt.timedelta(minutes=1)
    assert after - statement.published_at > dt.timedelta(days=days)
    actions.close_statement(actor=stage.artist("sam"), statement=statement, now=after)
    page = desk(stage, "sam", statement)
    press(page, "Compute once more and make final")
    done(page)
    assert stage.again(name).status == Status.FINAL
    said(stage.at("visitor", statement.get_absolute_url()), "final")
