"""What payees hear when a correction is posted: the difference, and who pays it when; never their whole share again."""

from __future__ import annotations

from typing import Any

import pytest

from contributions.models import Share
from profiles.models import Notice
from projects import actions as projects
from royalties.models import Statement
from tests.royalties.conftest import payable
from tests.royalties.corrections import corrected, next_quarter

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def wrong_split(posted: Statement, bob: Any, charlie: Any) -> Statement:
    """It comes out that charlie made half of bob's drawing."""
    drawing = posted.cut.cues.get(contribution__title="Lid, drawn").contribution
    Share.objects.filter(contribution=drawing, artist=bob).update(share_bps=5000)
    Share.objects.create(
        contribution=drawing, artist=charlie, role="ink", share_bps=5000, agreed_at=drawing.published_at
    )
    return posted


def told(artist: Any, statement: Statement) -> list[Notice]:
    return list(
        Notice.objects.filter(
            recipient=artist, event__verb="royalties.statement_posted", event__topic=f"statement:{statement.pk}"
        )
    )


def difference(correction: Statement, artist: Any) -> str:
    amount = correction.correction_shares.get(payee__artist=artist).delta_minor
    return f"${abs(amount) / 100:,.2f}"


def test_where_the_house_pays_who_had_too_little_hears_how_much_more_is_theirs_now(
    wrong_split: Statement, sam: Any, dana: Any, charlie: Any, finish_jobs: Any
) -> None:
    correction = corrected(wrong_split, sam, dana, finish_jobs, "house")
    (notice,) = told(charlie, correction)
    assert f"{difference(correction, charlie)} more is yours, paid by the house now" in notice.text
    assert payable(charlie) == correction.correction_shares.get(payee__artist=charlie).delta_minor


def test_where_later_shares_pay_nobody_is_promised_money_that_is_not_there(
    wrong_split: Statement, sam: Any, dana: Any, charlie: Any, finish_jobs: Any
) -> None:
    correction = corrected(wrong_split, sam, dana, finish_jobs, "shares")
    (notice,) = told(charlie, correction)
    assert payable(charlie) == 0
    assert "is yours" not in notice.text
    assert f"{difference(correction, charlie)} more than was booked" in notice.text
    assert "out of later shares" in notice.text


@pytest.mark.parametrize(
    ("funding", "words"),
    [("house", "the house bears it"), ("shares", "comes out of what this production brings you later")],
)
def test_who_had_too_much_hears_what_is_less_and_that_nothing_is_paid_back(
    wrong_split: Statement, sam: Any, dana: Any, bob: Any, finish_jobs: Any, funding: str, words: str
) -> None:
    correction = corrected(wrong_split, sam, dana, finish_jobs, funding)
    (notice,) = told(bob, correction)
    assert f"{difference(correction, bob)} less than was booked" in notice.text
    assert "You pay nothing back" in notice.text
    assert words in notice.text
    assert "is yours" not in notice.text


def test_a_later_statement_tells_both_what_it_moved_between_them(
    wrong_split: Statement, sam: Any, dana: Any, alice: Any, bob: Any, charlie: Any, finish_jobs: Any
) -> None:
    """Charlie has a line in it, as half of the drawing is theirs now; alice is not concerned."""
    corrected(wrong_split, sam, dana, finish_jobs, "shares")
    had = payable(bob), payable(charlie)
    following = next_quarter(wrong_split.production, sam, dana, finish_jobs, amount="900.00")
    moved = amount_of(following.moved_corrections.get(payee__artist=charlie).amount_minor)
    share = {who: following.current.lines.get(payee__artist=who).amount_minor for who in (alice, bob, charlie)}
    (to_alice,), (to_bob,), (to_charlie,) = (told(who, following) for who in (alice, bob, charlie))
    assert to_alice.text.endswith(f"is final: {amount_of(share[alice])} is yours")
    left = amount_of(payable(bob) - had[0])
    assert f"of your share of {amount_of(share[bob])}, {moved} goes to" in to_bob.text
    assert to_bob.text.endswith(f"{left} is yours")
    assert f"{amount_of(share[charlie])} is yours, and {moved} more" in to_charlie.text
    assert (
        payable(charlie) - had[1]
        == share[charlie] + following.moved_corrections.get(payee__artist=charlie).amount_minor
    )


def test_who_has_no_share_in_a_later_statement_hears_what_it_brings_them_and_where_to_read_it(
    wrong_split: Statement, sam: Any, dana: Any, alice: Any, bob: Any, charlie: Any, client: Any, finish_jobs: Any
) -> None:
    corrected(wrong_split, sam, dana, finish_jobs, "shares")
    cut_without_the_drawing(wrong_split, sam)
    following = next_quarter(wrong_split.production, sam, dana, finish_jobs, amount="900.00")
    assert not following.current.lines.filter(payee__artist=charlie).exists()
    brought = amount_of(payable(charlie))
    (notice,) = told(charlie, following)
    assert f"{brought} is yours" in notice.text
    client.force_login(charlie)
    assert brought in client.get(notice.url).text


def cut_without_the_drawing(statement: Statement, sam: Any) -> None:
    """A later cut without the drawing, so that only the others' works earn from now on."""
    cut = projects.new_cut(actor=sam, production=statement.production)
    projects.remove_cue(actor=sam, cue=cut.cues.get(contribution__title="Lid, drawn"))
    projects.lock_cut(actor=sam, cut=cut)


def amount_of(minor: int) -> str:
    return f"${minor / 100:,.2f}"


@pytest.mark.parametrize("funding", ["house", "shares"])
def test_what_is_put_right_again_before_it_was_paid_is_not_promised_as_money(
    wrong_split: Statement, sam: Any, dana: Any, bob: Any, charlie: Any, finish_jobs: Any, funding: str
) -> None:
    corrected(wrong_split, sam, dana, finish_jobs, "shares")
    had = payable(bob)
    Share.objects.filter(artist=charlie).delete()
    Share.objects.filter(artist=bob).update(share_bps=10_000)
    back = corrected(wrong_split, sam, dana, finish_jobs, funding)
    (notice,) = told(bob, back)
    assert f"{difference(back, bob)} more than was booked, which you have had already" in notice.text
    assert payable(bob) == had


@pytest.mark.parametrize("funding", ["house", "shares"])
def test_whose_share_is_right_hears_of_no_money(
    wrong_split: Statement, sam: Any, dana: Any, alice: Any, finish_jobs: Any, funding: str
) -> None:
    correction = corrected(wrong_split, sam, dana, finish_jobs, funding)
    assert told(alice, correction) == []
    assert "is yours" in told(alice, wrong_split)[0].text


def test_who_lost_the_whole_share_hears_it_and_the_notice_leads_to_what_it_was(
    posted: Statement, sam: Any, dana: Any, bob: Any, charlie: Any, client: Any, finish_jobs: Any
) -> None:
    for share in Share.objects.filter(artist=bob):
        Share.objects.filter(pk=share.pk).update(artist=charlie)
    correction = corrected(posted, sam, dana, finish_jobs, "shares")
    if correction.current.lines.filter(payee__artist=bob).exists():
        pytest.fail("bob still has a line, so nothing is told here")
    (notice,) = told(bob, correction)
    assert "$4,214.10 less than was booked" in notice.text
    assert "before this correction" in client.get(notice.url).text
