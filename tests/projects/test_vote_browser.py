"""Voting in a real browser: by keyboard with script, by a plain form without it."""

import datetime as dt

from django.utils import timezone

from projects import actions
from projects.models import Approval
from tests.support.browsers import axe_violations


def test_a_vote_is_cast_by_keyboard_and_without_script(live_site, open_page, alice, bob, charlie, sam):
    pitches = [
        actions.pitch_project(actor=alice, title=title, kind="film", logline="One sentence.")
        for title in ("The Lid", "Slow Weather")
    ]
    now = timezone.now()
    voting_round = actions.open_round(
        actor=sam,
        title="What do we make this winter?",
        projects=pitches,
        opens_at=now - dt.timedelta(hours=1),
        closes_at=now + dt.timedelta(days=1),
        joined_before=now + dt.timedelta(hours=1),
    )
    first, second = voting_round.candidates.all()

    page = open_page(width=390, dark=True, as_=bob)
    page.goto(voting_round.get_absolute_url())
    page.focus(f"#vote-{first.pk}")
    page.keyboard.press("Enter")
    page.wait_for_selector(f"#vote-{first.pk}[aria-pressed=true]")
    # The focus stays on the button that was swapped, and a reader hears one sentence.
    assert page.evaluate("document.activeElement.id") == f"vote-{first.pk}"
    assert page.inner_text("#vote-status") == "Saved. You can take it back until the round closes."
    assert page.inner_text("#receipt code") == bob.ballots.get().receipt
    assert axe_violations(page) == []
    page.keyboard.press("Enter")
    page.wait_for_selector(f"#vote-{first.pk}[aria-pressed=false]")
    assert not Approval.objects.exists()

    page = open_page(script=False, as_=charlie)
    page.goto(voting_round.get_absolute_url())
    page.click(f"#vote-{second.pk}")
    assert page.url.endswith(f"#candidate-{second.pk}")
    assert page.get_attribute(f"#vote-{second.pk}", "aria-pressed") == "true"
    assert list(Approval.objects.values_list("candidate", "ballot__voter")) == [(second.pk, charlie.pk)]
