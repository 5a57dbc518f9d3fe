"""The money pages in a real browser: every width and theme without an axe violation, and a comment without script.

With SHOTS=folder in the environment each page is also photographed, to be looked at.
"""

import os
import re
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from django.conf import settings
from django.urls import reverse

from projects import actions as projects
from royalties import actions
from royalties.views import statement as statement_page
from tests.contributions.works import published
from tests.royalties.conftest import FIRST, LAST, cost_csv, place, revenue_csv
from tests.support.browsers import axe_violations
from tests.support.cast import join
from tests.support.sites import eventually

SHOTS = os.environ.get("SHOTS", "")


@pytest.fixture
def ferry(alice: Any, bob: Any, sam: Any, dana: Any) -> Any:
    """A film by six artists in a chain of remixes, with its money."""
    from royalties.models import Cost

    mara, tomasz, ifeoma, hana = (join(name) for name in ("mara", "tomasz", "ifeoma", "hana"))
    letter = published(mara, "Keeper’s letter", production_permission="yes")
    script = published(alice, "What the tide keeps", production_permission="yes", sources=[(letter, "adapts")])
    lamp = published(tomasz, "Lamp study", production_permission="yes", sources=[(letter, "inspired")])
    twice = published(hana, "Two-colour lamp", production_permission="yes", sources=[(lamp, "reuses")])
    waltz = published(ifeoma, "Waltz for the crossing", production_permission="yes", sources=[(letter, "inspired")])
    cut_of = published(bob, "Night ferry, edit", production_permission="yes")
    project = projects.pitch_project(actor=alice, title="The Night Ferry", kind="film", logline="A lit ferry.")
    projects.green_light(actor=sam, project=project, reason="Go.")
    production = projects.start_production(actor=sam, project=project)[0]
    cut = projects.new_cut(actor=sam, production=production)
    place(cut, sam, script, "writing", "screenplay", "words", 900)
    place(cut, sam, letter, "writing", "read-aloud", "words", 140)
    place(cut, sam, lamp, "picture", "drawing", "screen_ms", 190_000)
    place(cut, sam, twice, "picture", "colour", "screen_ms", 161_000)
    place(cut, sam, waltz, "music", "music", "audible_ms", 112_000)
    place(cut, sam, cut_of, "edit", "direction-and-edit", "screen_ms", 544_000)
    projects.lock_cut(actor=sam, cut=cut)
    rows = ("t1,sale,15100.00", "t2,sale,3300.00", "t1,fee,320.00", "t3,refund,45.00")
    actions.import_csv(actor=sam, kind="revenue", name="s.csv", content=revenue_csv(production, *rows))
    actions.import_csv(actor=sam, kind="cost", name="c.csv", content=cost_csv(production, amount="4260.00"))
    actions.approve_cost(actor=dana, cost=Cost.objects.get())
    return production


def settled(statement: Any, run: int) -> None:
    """Wait for the worker."""

    def is_done() -> bool:
        statement.refresh_from_db()
        return bool(statement.run == run and statement.stage == "done")

    eventually(is_done, seconds=60, what="the computation")


def discussed(production: Any, alice: Any, bob: Any, sam: Any, dana: Any) -> Any:
    """Two revisions, an answered objection, an open one, and a thread."""
    statement = actions.draft_statement(
        actor=sam, production=production, first_day=FIRST, last_day=LAST, currency="USD"
    )
    settled(statement, 1)
    actions.submit_for_review(actor=sam, statement=statement)
    actions.publish(actor=dana, statement=statement)
    statement.refresh_from_db()
    lines = {line.payee.artist.handle: line for line in statement.current.lines.select_related("payee__artist")}
    said = actions.comment(
        actor=alice,
        statement=statement,
        line=lines["mara"],
        body="Everything descends from Mara’s letter. Counting only the seconds where it is read aloud undersells it.",
    )
    objection = actions.object_to(actor=alice, comment=said, kind="role")
    actions.comment(actor=bob, statement=statement, reply_to=said, body="I would give up half a point of mine.")
    actions.answer_objection(
        actor=dana, objection=objection, outcome="accepted", reason="Agreed: the letter counts half as much again."
    )
    factor = actions.propose_factor(
        actor=sam,
        statement=statement,
        cue=statement.cut.cues.get(contribution__title="Keeper’s letter"),
        factor_bps=15_000,
        reason="The letter is read over the whole of scene 2, not only in its seconds.",
    )
    actions.approve_adjustment(actor=dana, adjustment=factor)
    actions.revise(actor=sam, statement=statement, reason="The letter weighs more after an objection.")
    settled(statement, 2)
    actions.publish(actor=dana, statement=statement)
    statement.refresh_from_db()
    line = statement.current.lines.get(payee__artist__handle="ifeoma")
    actions.raise_objection(
        actor=line.payee.artist, statement=statement, kind="measure", line=line, body="The waltz runs to 2:04."
    )
    return statement


def test_the_list_of_a_year_scrolls_within_the_page(
    committed_db: str, live_site: Any, open_page: Any, dana: Any
) -> None:
    page = open_page(width=390, as_=dana)
    page.goto(reverse("admin:royalties_payee_year", args=[2026]))
    wider = "each => each.scrollWidth - each.clientWidth"
    assert page.locator(".wide-table").evaluate(wider) > 0
    assert page.locator("html").evaluate(wider) <= 0
    assert axe_violations(page) == []


def test_money_pages_hold_in_every_width_and_theme_and_on_paper(
    committed_db: str,
    live_site: Any,
    open_page: Any,
    ferry: Any,
    alice: Any,
    bob: Any,
    sam: Any,
    dana: Any,
    tmp_path: Path,
    client: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    statement = discussed(ferry, alice, bob, sam, dana)
    ifeoma = statement.current.lines.get(payee__artist__handle="ifeoma").payee
    mara = statement.current.lines.get(payee__artist__handle="mara").payee
    paths = {
        "statement": statement.get_absolute_url(),
        "line": reverse("royalties:line", args=[statement.pk, mara.code]),
        "own-line": reverse("royalties:line", args=[statement.pk, ifeoma.code]),
        "changes": reverse("royalties:changes", args=[statement.pk]),
        "money": reverse("royalties:money"),
        "production": reverse("royalties:production_money", args=[ferry.pk]),
        "earnings": reverse("royalties:earnings"),
        "payout": reverse("royalties:payout_details"),
    }
    found = {}
    for width, dark in ((1280, False), (390, False), (1280, True), (390, True)):
        page = open_page(width=width, dark=dark, as_=ifeoma.artist)
        for name, path in paths.items():
            response = page.goto(path)
            assert response.status == 200, path
            wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert wide <= 0, f"{name} scrolls sideways by {wide} at {width}"
            if violations := axe_violations(page):
                found[name, width, dark] = violations
            if SHOTS:
                theme = "-dark" if dark else ""
                page.screenshot(path=str(Path(SHOTS) / f"{name}-{width}{theme}.png"), full_page=True)
    assert found == {}
    print_on_both_papers(open_page(), statement, tmp_path)
    print_where_it_comes_from(open_page(as_=ifeoma.artist), paths, tmp_path)
    monkeypatch.setattr(statement_page, "ROWS", 4)
    lengthen_the_table(open_page(), statement, client)
    comment_without_script(open_page(script=False, as_=alice), statement)
    what_if_at_once(open_page(as_=ifeoma.artist), statement)
    what_if_before_the_scripts(open_page(as_=ifeoma.artist), statement)
    look_for_another_cue(open_page(as_=ifeoma.artist), statement)
    begin_again_where_it_was_refused(open_page(width=390, as_=bob), statement)


def what_if_at_once(page: Any, statement: Any) -> None:
    """A measure is changed, who gains stands beside it without a reload, and it is kept under its own address."""
    url = reverse("royalties:what_if", args=[statement.pk]) + "?find=writing"
    page.goto(url)
    page.locator("#id_L2-quantity").fill("900")
    page.keyboard.press("Tab")
    page.locator("#outcome", has_text="In all").wait_for()
    assert page.url.endswith(url)
    page.locator("#outcome button").click()
    page.locator("h2", has_text="What is measured otherwise").wait_for()
    assert "/what-if/" in page.url
    assert not page.url.endswith(url)


def what_if_before_the_scripts(page: Any, statement: Any) -> None:
    """A measure that is changed while the scripts are on their way is computed as soon as they come."""
    held: list[Any] = []

    def hold(script: Any) -> None:
        held.append(script)

    page.route("**/vendor/htmx*.js", hold)
    with page.expect_request("**/vendor/htmx*.js"):
        page.goto(reverse("royalties:what_if", args=[statement.pk]) + "?find=writing", wait_until="commit")
    page.locator("#id_L2-quantity").fill("900")
    page.keyboard.press("Tab")
    # The scripts run in their order: those of the site wait for this one.
    held[0].continue_()
    page.locator("#outcome", has_text="In all").wait_for()


def look_for_another_cue(page: Any, statement: Any) -> None:
    """What was changed, and what cannot be read, stays while another cue is looked for."""
    page.goto(reverse("royalties:what_if", args=[statement.pk]) + "?find=writing")
    page.locator("#id_L2-quantity").fill("900")
    page.locator("#id_L2-factor").fill("5000")
    page.keyboard.press("Tab")
    page.locator("#outcome a", has_text="Cue L2, Factor in per cent").wait_for()
    page.locator("#find").fill("Waltz")
    page.keyboard.press("Enter")
    page.wait_for_url("**find=Waltz**")
    assert [page.locator(f"#id_L2-{name}").input_value() for name in ("quantity", "factor")] == ["900", "5000"]
    assert page.locator("legend", has_text="altz").count() == 1
    assert axe_violations(page) == []


def begin_again_where_it_was_refused(page: Any, statement: Any) -> None:
    """After a refusal the focus stands in the words, on either form of the statement's page."""
    page.goto(statement.get_absolute_url())
    page.locator("#composer textarea").fill("   ")
    page.locator("#composer button").click()
    page.locator("#composer textarea:focus").wait_for()
    reply = page.locator("#threads > article details", has=page.locator("summary", has_text="Reply")).first
    reply.locator("summary").click()
    reply.locator("textarea").fill("   ")
    reply.locator("button").click()
    page.locator("#threads details[open] textarea:focus").wait_for()
    assert page.locator("#threads .error").count() == 1
    assert page.evaluate("document.activeElement.getBoundingClientRect().bottom < innerHeight")
    page.wait_for_function("document.getAnimations().length === 0")
    assert axe_violations(page) == []


def print_on_both_papers(page: Any, statement: Any, folder: Path) -> None:
    """A PDF of the whole statement has every share, the sum in steps and the hash, whatever the paper."""
    page.goto(f"{statement.get_absolute_url()}?all=1")
    names = [line.payee.shown_name for line in statement.current.lines.select_related("payee__artist")]
    for paper in ("A4", "Letter"):
        words = printed(page, folder / f"{paper}.pdf", paper)
        assert all(name in words for name in names), paper
        assert statement.current.result_sha256 in words.replace(" ", ""), paper
        assert "The sum in steps" in words, paper
        assert "Post comment" not in words, paper


def print_where_it_comes_from(page: Any, paths: dict[str, str], folder: Path) -> None:
    """Every sheet says of which address it is, and of which moment."""
    for name in ("statement", "line", "own-line", "changes", "money", "production", "earnings"):
        page.goto(paths[name])
        words = printed(page, folder / f"{name}.pdf", "A4")
        assert re.search(r"\d{1,2} [A-Z][a-z]+ 20\d\d, \d\d:\d\d UTC", words), name
        assert f"{settings.SITE_URL}{paths[name]}·" in words.replace(" ", ""), name


def printed(page: Any, path: Path, paper: str) -> str:
    """The words of all sheets that the page becomes."""
    page.pdf(path=str(path), format=paper, print_background=True)
    with pypdfium2.PdfDocument(path) as document:
        return " ".join(" ".join(sheet.get_textpage().get_text_range() for sheet in document).split())


def lengthen_the_table(page: Any, statement: Any, client: Any) -> None:
    """What the table says of the shares that are not in it goes with them, as more are shown."""
    address = statement.get_absolute_url()
    bodies = {query: client.get(f"{address}{query}").content.decode() for query in ("", "?after=4")}
    page.route(
        re.compile(re.escape(address) + r"(\?after=4)?$"),
        lambda route: route.fulfill(
            body=bodies["?after=4" if "after" in route.request.url else ""], content_type="text/html"
        ),
    )
    page.goto(address)
    caption = page.locator("table.ledger.stacked caption")
    assert caption.text_content() == "Shares of 4 of 6 contributors"
    assert page.locator("#shares-behind", has_text="2 more").count() == 1
    page.locator("[data-more=shares] a").click()
    caption.get_by_text("Shares of 6 of 6").wait_for()
    assert page.locator("#shares > tr").count() == 6
    assert page.locator("#shares-behind, [data-more=shares]").count() == 0


def comment_without_script(page: Any, statement: Any) -> None:
    """A member writes and objects with nothing but forms."""
    page.goto(statement.get_absolute_url())
    page.get_by_label("Comment on the whole statement").fill("It looks right to me.")
    page.get_by_role("button", name="Post comment").click()
    page.get_by_text("It looks right to me.").wait_for()
    if SHOTS:
        page.emulate_media(media="print")
        page.screenshot(path=str(Path(SHOTS) / "statement-print.png"), full_page=True)
