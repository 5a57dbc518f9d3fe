"""Whose line is gone from a further draft, or by a correction: they are told, and may still speak and object."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from contributions.models import Share
from profiles.models import Notice
from projects import actions as projects
from royalties import actions
from royalties.models import Objection, Statement, StatementLine
from tests.royalties.panelists import live, members
from tests.royalties.test_publish_statement import revised

pytestmark = pytest.mark.usefixtures("db")

LOST = "The drawing was charlie’s alone; the split was forgotten."


def without_bob(statement: Statement, sam: Any, dana: Any, finish_jobs: Any) -> StatementLine:
    """A second draft of a cut without bob's works; his line in the first."""
    line = StatementLine.objects.get(revision=statement.current_id, payee__artist__handle="bob")
    cut = projects.new_cut(actor=sam, production=statement.production)
    for cue in list(cut.cues.filter(contribution__artist__handle="bob").order_by("-position")):
        projects.remove_cue(actor=sam, cue=cue)
    projects.lock_cut(actor=sam, cut=cut)
    revised(statement, sam, dana, finish_jobs, reason="Without the song.")
    return line


def without_bob_by_correction(posted: Statement, bob: Any, charlie: Any, sam: Any, dana: Any, finish_jobs: Any) -> Any:
    """A correction, open for comment, in which everything of bob's is charlie's."""
    for share in Share.objects.filter(artist=bob):
        Share.objects.filter(pk=share.pk).update(artist=charlie)
    with finish_jobs():
        correction = actions.draft_correction(actor=sam, statement=posted, funding="shares", reason=LOST)
    correction.refresh_from_db()
    actions.submit_for_review(actor=sam, statement=correction)
    actions.publish(actor=dana, statement=correction)
    correction.refresh_from_db()
    return correction


def told(artist: Any, verb: str = "royalties.statement_published") -> Notice:
    return Notice.objects.filter(recipient=artist, event__verb=verb).latest("pk")


def test_who_loses_everything_is_told_what_it_was(
    open_statement: Any, bob: Any, sam: Any, dana: Any, client: Any, finish_jobs: Any
) -> None:
    without_bob(open_statement, sam, dana, finish_jobs)
    notice = told(bob)
    assert "Draft 2" in notice.text
    assert "your share $0.00, before $4,214.10" in notice.text
    client.force_login(bob)
    assert client.get(notice.url).status_code == 200


def test_the_page_of_a_lost_line_says_what_it_was_and_takes_an_objection(
    open_statement: Any, bob: Any, alice: Any, sam: Any, dana: Any, client: Any, finish_jobs: Any
) -> None:
    first = actions.raise_objection(
        actor=bob,
        statement=open_statement,
        kind="other",
        body="Hm.",
        line=open_statement.current.lines.get(payee__artist=bob),
    )
    line = without_bob(open_statement, sam, dana, finish_jobs)
    client.force_login(bob)
    html = client.get(line.get_absolute_url()).text
    assert "$0.00 now" in html
    assert "It was $4,214.10 in draft 1" in html
    assert f"{line.get_absolute_url()}?revision=1" in html
    assert f'id="comment-{first.comment_id}"' in html
    assert "It was $4,214.10 in draft 1" in client.get(open_statement.get_absolute_url()).text
    address = reverse("royalties:line_comment", args=[open_statement.pk, line.payee.code])
    assert client.post(address, {"body": "Where is it?", "kind": ""}).status_code == 302
    assert client.post(address, {"body": "Where is my song?", "kind": "other"}).status_code == 302
    objection = Objection.objects.latest("pk")
    assert (objection.line, objection.raised_by) == (line, bob)
    assert "$4,214.10 in draft 1" in client.get(objection.get_absolute_url()).text
    assert client.get(f"{line.get_absolute_url()}?revision=2").status_code == 200
    client.force_login(alice)
    assert "It was $4,214.10" not in client.get(open_statement.get_absolute_url()).text


def test_who_never_had_a_line_has_no_page_of_one(open_statement: Any, sam: Any, charlie: Any, client: Any) -> None:
    payee = actions.payees_for([charlie])[charlie.pk]
    assert client.get(reverse("royalties:line", args=[open_statement.pk, payee.code])).status_code == 404


def test_a_panel_sees_what_a_lost_line_was(
    open_statement: Any, bob: Any, sam: Any, dana: Any, client: Any, finish_jobs: Any
) -> None:
    members(4)
    line = without_bob(open_statement, sam, dana, finish_jobs)
    objection = actions.raise_objection(actor=bob, statement=open_statement, kind="other", body="Mine!", line=line)
    actions.answer_objection(actor=dana, objection=objection, outcome="declined", reason="It is not in the cut.")
    objection.refresh_from_db()
    seat = live(actions.escalate(actor=bob, objection=objection, reason="It is."))[0]
    client.force_login(seat.member)
    html = client.get(seat.get_absolute_url()).text
    assert "It was $4,214.10 in draft 1" in html
    assert "Bob" not in html


def test_who_loses_everything_by_a_correction_is_told_and_may_object(
    posted: Any, bob: Any, charlie: Any, sam: Any, dana: Any, client: Any, finish_jobs: Any
) -> None:
    correction = without_bob_by_correction(posted, bob, charlie, sam, dana, finish_jobs)
    assert not correction.current.lines.filter(payee__artist=bob).exists()
    notice = told(bob)
    assert "your share $0.00, before $4,214.10" in notice.text
    assert notice.url == reverse("royalties:line", args=[correction.pk, bob.payee.code])
    client.force_login(bob)
    html = client.get(notice.url).text
    assert "It was $4,214.10 before this correction" in html
    address = reverse("royalties:line_comment", args=[correction.pk, bob.payee.code])
    assert client.post(address, {"body": "It is mine.", "kind": "split"}).status_code == 302
    objection = Objection.objects.get()
    assert objection.statement == correction
    assert "as booked" in client.get(objection.get_absolute_url()).text
