"""Every judgement in a draft is shown with its reason and the two who stand for it, also in the first draft."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from royalties import actions
from royalties.allocation import allocate
from royalties.explaining import explain, judgements_on
from royalties.models import Statement
from tests.royalties.conftest import opened
from tests.royalties.pages import page
from tests.royalties.productions import production
from tests.royalties.test_publish_statement import revised, with_factor

SIGNED = "Proposed by Sam, approved by Dana."


def awarded(statement: Statement, sam: Any, dana: Any, artist: Any) -> None:
    """An approved award off the top."""
    row = actions.propose_award(
        actor=sam, statement=statement, payee=artist.payee, amount_minor=10_00, reason="She found the ending."
    )
    actions.approve_adjustment(actor=dana, adjustment=row)


def computed_again(statement: Statement, sam: Any, finish_jobs: Any) -> None:
    with finish_jobs():
        actions.recompute_statement(actor=sam, statement=statement)
    statement.refresh_from_db()


@pytest.fixture
def judged(draft: Statement, alice: Any, sam: Any, dana: Any, finish_jobs: Any) -> Statement:
    """Draft 1 halves the song, takes the drawing out and awards alice something."""
    with_factor(draft, sam, dana, 5000, place=2)
    with_factor(draft, sam, dana, 0, place=3)
    awarded(draft, sam, dana, alice)
    computed_again(draft, sam, finish_jobs)
    return opened(draft, sam, dana)


def test_the_first_draft_shows_each_judgement_with_its_reason_and_who_stands_for_it(client: Any, judged: Any) -> None:
    html = page(client, "statement", judged.pk)
    assert f"Factor of 50% on cue L2, Steam It is read twice. {SIGNED}" in html
    assert f"Factor of 0% on cue L3, Lid, drawn It is read twice. {SIGNED}" in html
    assert f"Award Alice, $10.00 She found the ending. {SIGNED}" in html
    assert "Nobody’s judgement" not in html


def test_what_did_not_change_is_still_on_the_page_of_the_next_draft(
    client: Any, judged: Any, sam: Any, dana: Any, finish_jobs: Any
) -> None:
    with_factor(judged, sam, dana, 7000, place=1)
    revised(judged, sam, dana, finish_jobs)
    assert "Factor of 50% on cue L2, Steam" in page(client, "statement", judged.pk)
    assert "Factor of 50%" not in page(client, "changes", judged.pk)
    assert f"Factor of 70% on cue L1, Kettle new It is read twice. {SIGNED}" in page(client, "changes", judged.pk)


def test_a_draft_without_judgements_says_so(client: Any, open_statement: Any) -> None:
    assert "Nobody’s judgement is in this draft" in page(client, "statement", open_statement.pk)


def test_the_line_page_gives_the_reason_of_a_factor_and_of_an_award(
    client: Any, judged: Any, alice: Any, bob: Any
) -> None:
    html = page(client, "line", judged.pk, bob.payee.code)
    assert f"Weighed by a factor of 50%: It is read twice. {SIGNED}" in html
    # The drawing brings nothing any more, so it is no part of the sum; why stands there all the same.
    assert f"Factor of 0% on cue L3, Lid, drawn It is read twice. {SIGNED}" in html
    assert "Factor of 50% on cue L2" not in html
    assert "She found the ending." not in html
    html = page(client, "line", judged.pk, alice.payee.code)
    assert f"Award Alice, $10.00 She found the ending. {SIGNED}" in html
    # The song is made from her poem.
    assert f"Weighed by a factor of 50%: It is read twice. {SIGNED}" in html
    assert "Lid, drawn" not in html


def test_who_lost_all_by_a_judgement_reads_it_where_their_line_was(
    client: Any, open_statement: Any, bob: Any, sam: Any, dana: Any, finish_jobs: Any
) -> None:
    for place in (2, 3):
        with_factor(open_statement, sam, dana, 0, place=place)
    revised(open_statement, sam, dana, finish_jobs)
    html = page(client, "line", open_statement.pk, bob.payee.code)
    assert "Bob gets $0.00 now" in html
    assert f"Factor of 0% on cue L2, Steam It is read twice. {SIGNED}" in html


def test_a_panel_reads_the_reason_of_a_factor(judged: Any, bob: Any) -> None:
    from django.template.loader import render_to_string

    from royalties.coding import coded_items

    items = explain(judged.current.input, judged.current.result, bob.payee.code)
    line = judged.current.lines.get(payee=bob.payee)
    html = render_to_string(
        "royalties/_coded_items.html",
        {"items": coded_items(items), "line": line, "currency": "USD", "about": "Payee 1"},
    )
    assert "It is read twice." in html


@pytest.mark.parametrize("seed", range(40))
def test_an_item_carries_the_judgement_of_its_cue(seed: int) -> None:
    document = production(Random(seed))
    result = allocate(document)
    reasons = {row["line"]: row["reason"] for row in document["adjustments"] if row["type"] == "line_factor"}
    for payee in result["lines"]:
        for item in explain(document, result, payee):
            assert item.reason == reasons.get(item.line, "")
            assert bool(item.by) == bool(item.approved_by) == bool(item.reason)


@pytest.mark.parametrize("seed", range(40))
def test_a_judgement_touches_whom_it_gives_something_or_weighs(seed: int) -> None:
    """Awards to the payee, and factors on every cue that the payee's parts come from."""
    document = production(Random(seed))
    result = allocate(document)
    for payee, parts in result["lines"].items():
        found = judgements_on(document, result, payee)
        awards = [row for row in document["adjustments"] if row["type"] == "award" and row["payee"] == payee]
        assert [row for row in found if row["type"] == "award"] == awards
        factored = {row["line"] for row in found if row["type"] == "line_factor"}
        everywhere = {row["line"] for row in document["adjustments"] if row["type"] == "line_factor"}
        assert {label.split("/")[0] for label in parts} & everywhere <= factored
