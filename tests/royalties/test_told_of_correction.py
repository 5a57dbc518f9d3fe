"""What payees hear when a correction is posted: the difference, and who pays it when; never their whole share again."""

from __future__ import annotations

from typing import Any

import pytest

from contributions.models import Share
from profiles.models import Notice
from royalties.models import Statement
from tests.royalties.conftest import payable
from tests.royalties.test_correct_statement import corrected

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
