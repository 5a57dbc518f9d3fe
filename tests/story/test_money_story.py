"""The whole way of one statement in real browsers, from the sale to the receipt and the correction after it.

Everybody acts through pages, staff through the admin, each in a browser of their own, against gunicorn and
a real worker. The site runs with a window of three days, so that what who loses is left, seven, is seen to be more.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.story import correction, dispute, doors, ending, film, money, payout
from tests.story.stage import Stage
from tests.support.browsers import OpenPage
from tests.support.sites import Site

POOL = 1_447_766


@pytest.fixture
def live_site(site_factory: Any, settings: Any) -> Site:
    """With a short window; everything else is as it is delivered."""
    site: Site = site_factory(STATEMENT_WINDOW_DAYS="3")
    site.start_worker()
    site.start_web()
    settings.SITE_URL = site.url
    return site


def test_a_statement_is_disputed_decided_paid_and_corrected(
    live_site: Site, open_page: OpenPage, tmp_path: Path
) -> None:
    stage = Stage(live_site, open_page, tmp_path)
    film.people_and_their_film(stage)
    film.everybody_sits_down(stage)

    from_the_sale_to_the_first_draft(stage)
    from_an_objection_to_the_revision(stage)
    from_the_last_word_to_the_receipt(stage)
    from_a_late_claim_to_the_correction(stage)

    payout.the_ledger_is_right(stage)
    ending.both_files_verify(stage)
    ending.what_was_paid_is_what_was_published(stage)
    ending.nothing_needs_script(stage)
    ending.earnings_are_read(stage)


def from_the_sale_to_the_first_draft(stage: Stage) -> None:
    money.revenue_and_costs_come_in(stage, "30001.00")
    money.sam_drafts_and_the_worker_computes(stage)
    money.it_is_submitted(stage)
    doors.a_drafter_and_a_neighbour_publish_nothing(stage)
    money.it_is_published_by_another(stage, pool=POOL)


def from_an_objection_to_the_revision(stage: Stage) -> None:
    dispute.alice_comments(stage)
    dispute.bob_tries_other_measures(stage)
    dispute.bob_objects_with_it(stage)
    doors.nobody_speaks_for_another(stage)
    doors.alice_drafts_and_answers_nothing(stage)
    dispute.it_cannot_close(stage, "1 objection is not answered yet")
    dispute.dana_declines(stage)
    dispute.bob_takes_it_to_a_panel(stage)
    dispute.it_cannot_close(stage, "A panel has not decided yet")
    dispute.members_decide(stage)
    dispute.it_cannot_close(stage, "publish a revision that settles it first")
    doors.a_task_of_a_run_that_nobody_wants_does_nothing(stage)
    dispute.sam_begins_the_revision(stage)
    dispute.it_cannot_close(stage, "publish a revision that settles it first")
    doors.alice_and_erin_approve_no_revision(stage)
    dispute.dana_publishes_it(stage)
    dispute.the_loser_reads_why(stage)


def from_the_last_word_to_the_receipt(stage: Stage) -> None:
    money.it_closes_after_its_window_and_becomes_final(stage, days=7)
    payout.dana_posts(stage)
    payout.artists_say_where_to_pay(stage, "alice", "bob", "charlie")
    payout.sam_prepares_a_batch(stage)
    doors.a_large_batch_needs_three(stage)
    payout.dana_submits_it(stage)
    payout.the_file_pays_what_the_statement_says(stage)
    doors.nothing_is_settled_without_a_reference(stage)
    correction.dana_takes_in_the_report(stage)
    correction.receipts_are_read(stage, "alice", "bob", "charlie")
    payout.the_ledger_is_right(stage)


def from_a_late_claim_to_the_correction(stage: Stage) -> None:
    correction.the_visitor_claims_a_work(stage)
    correction.dana_grants_it(stage)
    correction.sam_cuts_anew(stage)
    correction.sam_drafts_a_correction(stage)
    money.it_is_submitted(stage, "correction")
    doors.a_drafter_and_a_neighbour_publish_nothing(stage, "correction")
    money.it_is_published_by_another(stage, "correction", pool=POOL)
    correction.everybody_sees_it(stage)
    money.it_closes_after_its_window_and_becomes_final(stage, "correction", days=3)
    payout.dana_posts(stage, "correction", correction.deltas)
    payout.artists_say_where_to_pay(stage, "hana")
    payout.sam_prepares_a_batch(stage)
    payout.dana_submits_it(stage)
    payout.the_file_pays_what_the_statement_says(stage, correction.deltas(stage))
    correction.dana_takes_in_the_report(stage)
    correction.receipts_are_read(stage, "hana")
    correction.the_first_statement_stays(stage)
