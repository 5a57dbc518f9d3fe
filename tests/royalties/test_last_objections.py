"""The time for objections ends with the window, or with day 45; pages say so, and open the door that comes after it."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.urls import reverse
from django.utils.formats import date_format

from profiles.models import Notice
from royalties import actions
from royalties.exceptions import WrongState
from royalties.models import Statement
from tests.royalties.test_publish_statement import revised, with_factor

DAY = dt.timedelta(days=1)


@pytest.fixture
def late(open_statement: Statement, sam: Any, dana: Any, finish_jobs: Any) -> Statement:
    """A draft of day 44 by which bob loses, so that its window is open until day 51."""
    began = open_statement.published_at
    assert began is not None
    with_factor(open_statement, sam, dana, 0, place=3, now=began + 30 * DAY)
    revised(open_statement, sam, dana, finish_jobs, now=began + 44 * DAY)
    assert open_statement.window_ends_at == began + 51 * DAY
    return open_statement


def pages_of(client: Any, statement: Statement, payee: str) -> list[str]:
    urls = [statement.get_absolute_url(), reverse("royalties:line", args=[statement.pk, payee])]
    return [" ".join(re.sub("<[^>]+>", "", client.get(url).content.decode()).split()) for url in urls]


def test_no_page_invites_objections_until_after_day_45(
    client: Any, late: Statement, bob: Any, time_machine: Any
) -> None:
    assert late.published_at is not None
    assert late.window_ends_at is not None
    time_machine.move_to(late.published_at + 44 * DAY + dt.timedelta(hours=1), tick=False)
    client.force_login(bob)
    statement, line = pages_of(client, late, bob.payee.code)
    last, beyond = (date_format(day, "j F") for day in (late.published_at + 45 * DAY, late.window_ends_at))
    assert f"Comment and object until {last}" in statement
    assert f"Objections close today or tomorrow, {last}" in statement
    assert beyond not in statement
    assert "Is something wrong?" in line
    assert "This line is wrong" not in line


def test_after_day_45_pages_lead_to_the_late_claim_although_the_window_is_open(
    client: Any, late: Statement, bob: Any, time_machine: Any
) -> None:
    assert late.published_at is not None
    assert late.current is not None
    line = late.current.lines.get(payee__artist=bob)
    actions.comment(actor=bob, statement=late, body="It was half.", line=line)
    time_machine.move_to(late.published_at + 46 * DAY, tick=False)
    with pytest.raises(WrongState, match="late claim"):
        actions.raise_objection(actor=bob, statement=late, kind="measure", body="Hm.", line=line)
    client.force_login(bob)
    for page in pages_of(client, late, bob.payee.code):
        assert "objections being answered" in page
        for words in ("Is something wrong?", "Make this an objection", "Object until", "Comment and object"):
            assert words not in page
    statement, page = pages_of(client, late, bob.payee.code)
    assert "The time for objections is over" in statement
    assert f"Objections closed {date_format(late.published_at + 45 * DAY, 'j F')}" in statement
    assert "This line is wrong" in page
    claim = client.post(
        f"{reverse('royalties:claim', args=[late.pk])}?line={bob.payee.code}",
        {"kind": "measure", "name": "Bob", "work": "Lid, drawn", "evidence": "It is there."},
    )
    assert claim.status_code == 302


def test_lists_say_until_when_objections_are_taken_and_then_that_they_are_not(
    client: Any, open_statement: Statement, time_machine: Any
) -> None:
    assert open_statement.window_ends_at is not None
    lists = [
        reverse("royalties:money"),
        reverse("royalties:production_money", args=[open_statement.production_id]),
        open_statement.production.get_absolute_url(),
    ]
    for url in lists:
        assert re.search("open (for comment )?until <time", client.get(url).content.decode())
    time_machine.move_to(open_statement.window_ends_at + DAY, tick=False)
    for url in lists:
        html = client.get(url).content.decode()
        assert "until <time" not in html
        assert "the time for objections is over" in html


def test_a_draft_that_comes_after_that_names_no_last_day(
    open_statement: Statement, bob: Any, sam: Any, dana: Any, finish_jobs: Any
) -> None:
    began = open_statement.published_at
    assert began is not None
    with_factor(open_statement, sam, dana, 0, place=3, now=began + 30 * DAY)
    revised(open_statement, sam, dana, finish_jobs, now=began + 46 * DAY)
    told = Notice.objects.filter(recipient=bob).latest("pk")
    assert "before $" in told.text
    assert "until" not in told.text
    assert "a claim is still taken" in told.text
