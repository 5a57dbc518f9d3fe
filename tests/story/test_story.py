"""The whole loop of the house in real browsers, against the real site and a real worker.

Two artists, a member, two staff with different powers and a visitor, with a real file of each medium:
upload, remix, challenge, review, pitch, vote, cut, consent, release, revenue, statement, objection,
ledger, payout. What one does is looked at through the eyes of another.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.story import community, money, payout, production, works
from tests.story.stage import Stage
from tests.support.browsers import OpenPage
from tests.support.sites import Site


def test_a_drawing_becomes_a_waltz_a_film_and_a_payment(
    bob: Any, charlie: Any, sam: Any, dana: Any, live_site: Site, open_page: OpenPage, tmp_path: Path
) -> None:
    stage = Stage(live_site, open_page, tmp_path)

    works.alice_joins(stage)
    works.everybody_else_comes(stage)
    works.alice_uploads_a_picture(stage)
    works.bob_remixes_it_in_sound(stage)
    works.alice_writes(stage)
    works.bob_films(stage)

    community.charlie_issues_a_challenge(stage)
    community.bob_enters(stage)
    community.members_say_what_they_think(stage)

    production.alice_and_bob_pitch(stage)
    production.sam_opens_a_round(stage)
    production.members_vote(stage)
    production.the_round_is_counted(stage)
    production.sam_gives_the_green_light(stage)
    production.sam_shortlists(stage)
    production.sam_cuts(stage)
    production.the_lock_names_what_is_missing(stage)
    production.sam_locks(stage)
    production.sam_releases(stage)

    money.revenue_and_costs_come_in(stage)
    money.sam_drafts_and_the_worker_computes(stage)
    money.it_is_submitted(stage)
    money.it_is_published_by_another(stage)
    money.the_visitor_reads_and_verifies(stage)
    money.charlie_comments_and_alice_objects(stage)
    money.sam_answers_and_bob_accepts(stage)
    money.it_closes_after_its_window_and_becomes_final(stage)

    payout.dana_posts(stage)
    payout.artists_say_where_to_pay(stage, "alice", "bob")
    payout.sam_prepares_a_batch(stage)
    payout.dana_submits_it(stage)
    payout.the_file_pays_what_the_statement_says(stage)
    payout.dana_settles(stage)
    payout.the_ledger_is_right(stage)
