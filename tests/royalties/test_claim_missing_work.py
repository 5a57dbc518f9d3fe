"""A work is missing: by a member, by an outsider who confirms an address, in time or late."""

import datetime as dt
import re
from typing import Any

import pytest
from django.core import mail
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from profiles.models import Notice, Submission
from royalties import actions, tasks
from royalties.actions.claim_mail import token_of
from royalties.exceptions import ConflictOfInterest, NotAllowed, RoyaltiesRefused, WrongState
from royalties.models import Objection, StatementClaim
from tests.royalties.conftest import closed, later

WORDS = {"name": "Petra Holm", "work": "Three bells", "evidence": "It rings at 0:40; the tape is on my page."}


def claimed(statement: Any, actor: Any = None, **more: Any) -> StatementClaim:
    return actions.claim_missing_work(
        actor=actor, statement=statement, **{**WORDS, "email": "" if actor else "petra@example.org", **more}
    )


def test_a_members_claim_is_an_objection_at_once(open_statement: Any, charlie: Any, sam: Any) -> None:
    claim = claimed(open_statement, charlie)
    objection = Objection.objects.get()
    assert (claim.status, claim.objection, objection.kind, objection.raised_by) == (
        "case",
        objection,
        "missing",
        charlie,
    )
    assert "Three bells" in objection.comment.body
    assert Notice.objects.filter(recipient=sam, event__verb="royalties.objected").exists()
    assert claimed(open_statement, charlie) == claim


def test_an_outsiders_claim_counts_once_the_address_is_confirmed(
    client: Any, open_statement: Any, sam: Any, dana: Any, finish_jobs: Any
) -> None:
    url = reverse("royalties:claim", args=[open_statement.pk])
    assert "You need no account" in client.get(url).content.decode()
    assert client.post(url, {**WORDS, "email": "nonsense"}).status_code == 422
    with finish_jobs():
        assert client.post(url, {**WORDS, "email": "Petra@Example.org"}).status_code == 302
    sent = client.get(reverse("royalties:claim_sent", args=[open_statement.pk])).content.decode()
    assert "Look at your mail" in sent
    assert sent.count("Petra@Example.org") == 1
    assert "Petra@" not in client.get(reverse("royalties:claim_sent", args=[open_statement.pk])).content.decode()
    claim = StatementClaim.objects.get()
    assert (claim.status, Objection.objects.count()) == ("waiting", 0)
    assert client.get(claim.get_absolute_url()).status_code == 404
    assert mail.outbox[-1].to == ["petra@example.org"]
    (link,) = re.findall(rf"http://[^/]+(/statements/{open_statement.pk}/claim/\S+)", mail.outbox[-1].body)
    assert "Yes, this claim is mine" in client.get(link).content.decode()
    assert Objection.objects.count() == 0
    assert client.post(link).status_code == 302
    objection = Objection.objects.get()
    assert (objection.raised_by, objection.comment.speaker_name) == (None, "Petra Holm")
    assert client.get(link).status_code == 302
    html = client.get(open_statement.get_absolute_url()).content.decode()
    assert "Petra Holm" in html
    assert "Not a member" in html
    assert "example.org" not in html
    with pytest.raises(WrongState, match="not answered yet"):
        actions.close_statement(actor=sam, statement=open_statement, now=later(open_statement))
    with finish_jobs():
        actions.answer_objection(actor=dana, objection=objection, outcome="declined", reason="It is another bell.")
    assert "It is another bell." in mail.outbox[-1].body
    assert "It is another bell." in client.get(objection.get_absolute_url()).content.decode()


def test_the_same_claim_again_has_a_lost_mail_sent_again_once_an_hour(
    client: Any, open_statement: Any, finish_jobs: Any, time_machine: Any
) -> None:
    url = reverse("royalties:claim", args=[open_statement.pk])
    began, mails = timezone.now(), []
    for minute in (0, 10, 61, 70, 120, 125):
        time_machine.move_to(began + dt.timedelta(minutes=minute), tick=False)
        with finish_jobs():
            assert client.post(url, {**WORDS, "email": "petra@example.org"}).status_code == 302
        mails.append(len(mail.outbox))
    assert mails == [1, 1, 2, 2, 2, 3]
    assert StatementClaim.objects.count() == 1
    (link,) = re.findall(rf"http://[^/]+(/statements/{open_statement.pk}/claim/\S+)", mail.outbox[-1].body)
    assert client.post(link).status_code == 302
    time_machine.move_to(began + dt.timedelta(hours=4), tick=False)
    with finish_jobs():
        client.post(url, {**WORDS, "email": "petra@example.org"})
    assert len(mail.outbox) == 3


CLOUD = "https://files.example.com/:v:/g/personal/petra/" + "Ea7Bx" * 50 + "?e=4hTq1Z&download=1"


def test_a_link_as_long_as_those_of_clouds_is_kept(client: Any, open_statement: Any) -> None:
    url = reverse("royalties:claim", args=[open_statement.pk])
    assert client.post(url, {**WORDS, "email": "petra@example.org", "link": CLOUD}).status_code == 302
    assert StatementClaim.objects.get().link == CLOUD


@pytest.mark.parametrize(
    ("field", "typed"),
    [("link", f"https://files.example.com/{'a' * 500}"), ("email", f"{'p' * 60}@{'a.' * 100}example.org")],
)
def test_what_is_too_long_is_refused_at_its_field_and_kept(
    client: Any, open_statement: Any, field: str, typed: str
) -> None:
    url = reverse("royalties:claim", args=[open_statement.pk])
    answer = client.post(url, {**WORDS, "email": "petra@example.org", field: typed})
    assert answer.status_code == 422
    html = answer.content.decode()
    assert f'id="id_{field}_error"' in html
    assert typed in html
    assert WORDS["evidence"] in html
    assert not StatementClaim.objects.exists()


def test_a_link_that_is_forged_or_of_another_statement_is_gone(client: Any, open_statement: Any) -> None:
    claim = claimed(open_statement)
    for token, pk in (("nonsense", open_statement.pk), (token_of(claim), open_statement.pk + 1)):
        assert client.get(reverse("royalties:claim_confirm", args=[pk, token])).status_code == 410


def test_a_claim_needs_words_and_an_address_and_not_too_many_at_once(open_statement: Any, draft: Any) -> None:
    for lacking in ({"email": ""}, {"name": " "}, {"work": " "}, {"evidence": " "}):
        with pytest.raises(RoyaltiesRefused):
            claimed(open_statement, **lacking)
    for number in range(5):
        claimed(open_statement, work=f"Bell {number}")
    with pytest.raises(WrongState, match="Five claims"):
        claimed(open_statement, work="One more bell")


def test_nothing_is_claimed_of_a_draft_or_after_24_months(draft: Any, sam: Any, dana: Any) -> None:
    with pytest.raises(WrongState):
        claimed(draft)
    actions.submit_for_review(actor=sam, statement=draft)
    actions.publish(actor=dana, statement=draft)
    draft.refresh_from_db()
    with pytest.raises(WrongState, match="24 months"):
        claimed(draft, now=draft.published_at + dt.timedelta(days=732))
    assert claimed(draft, now=draft.published_at + dt.timedelta(days=725))


def test_what_comes_after_the_window_is_a_late_claim_which_staff_answer(
    client: Any, open_statement: Any, charlie: Any, sam: Any, dana: Any, alice: Any
) -> None:
    closed(open_statement, sam)
    client.force_login(charlie)
    form = {"work": "Three bells", "name": "Charlie", "evidence": "At 0:40."}
    url = reverse("royalties:claim", args=[open_statement.pk])
    assert "can still be claimed until" in client.get(url).content.decode()
    answer = client.post(url, form)
    claim = StatementClaim.objects.get()
    assert (claim.status, answer["Location"]) == ("late", claim.get_absolute_url())
    assert "awaiting answer" in client.get(open_statement.get_absolute_url()).content.decode()
    assert Notice.objects.filter(recipient=sam, event__verb="royalties.claimed_late").exists()
    with pytest.raises(NotAllowed):
        actions.answer_claim(actor=alice, claim=claim, outcome="declined", reason="No.")
    for outcome, reason in (("maybe", "Hm."), ("accepted", " ")):
        with pytest.raises(RoyaltiesRefused):
            actions.answer_claim(actor=dana, claim=claim, outcome=outcome, reason=reason)
    actions.answer_claim(actor=dana, claim=claim, outcome="accepted", reason="We hear the bells.")
    html = client.get(claim.get_absolute_url()).content.decode()
    assert "We hear the bells." in html
    assert "Accepted" in html
    assert Notice.objects.filter(recipient=charlie, event__verb="royalties.claim_answered").exists()
    with pytest.raises(WrongState):
        actions.answer_claim(actor=dana, claim=claim, outcome="declined", reason="On second thought.")
    with pytest.raises(DatabaseError), transaction.atomic():
        StatementClaim.objects.update(reason="Never mind.")
    with pytest.raises(DatabaseError), transaction.atomic():
        StatementClaim.objects.update(evidence="Never mind.")


def test_staff_answer_late_claims_by_button_unless_they_have_an_interest(
    client: Any, open_statement: Any, sam: Any, alice: Any, charlie: Any
) -> None:
    from profiles.actions import grant_powers
    from profiles.models import StaffPower
    from tests.royalties.test_money_admin import move

    closed(open_statement, sam)
    claim = claimed(open_statement, charlie)
    grant_powers(actor=None, artist=alice, powers=list(StaffPower))
    with pytest.raises(ConflictOfInterest):
        actions.answer_claim(actor=alice, claim=claim, outcome="declined", reason="No.")
    client.force_login(alice)
    assert "somebody else must do this" in move(client, claim, "decline", "No.")[-1]
    client.force_login(sam)
    assert "Late claims to answer" in client.get(reverse("admin:index")).content.decode()
    assert "answered" in move(client, claim, "decline", "It is another bell.")[-1]
    claim.refresh_from_db()
    assert (claim.status, claim.outcome) == ("answered", "declined")


def test_addresses_are_forgotten_once_nobody_needs_them(
    open_statement: Any, sam: Any, dana: Any, finish_jobs: Any
) -> None:
    day = dt.timedelta(days=1)
    with finish_jobs():
        dead, waiting = claimed(open_statement), claimed(open_statement, work="Four bells")
    waiting = actions.confirm_claim(actor=None, claim=waiting)
    began = waiting.created_at
    assert actions.forget_claim_addresses(now=began + 6 * day) == 0
    tasks.forget_claim_addresses()
    assert actions.forget_claim_addresses(now=began + 8 * day) == 1
    dead.refresh_from_db()
    assert dead.email == ""
    assert waiting.objection is not None
    with finish_jobs():
        actions.answer_objection(
            actor=dana, objection=waiting.objection, outcome="declined", reason="It is another.", now=began + 10 * day
        )
    assert actions.forget_claim_addresses(now=began + 39 * day) == 0
    assert actions.forget_claim_addresses(now=began + 41 * day) == 1


def test_the_address_is_not_kept_with_the_answer_to_the_form(client: Any, open_statement: Any) -> None:
    url = reverse("royalties:claim", args=[open_statement.pk])
    for _time in range(2):
        answer = client.post(url, {**WORDS, "email": "petra@example.org", "submission": "a-key"})
        assert answer["Location"] == reverse("royalties:claim_sent", args=[open_statement.pk])
    assert StatementClaim.objects.count() == 1
    assert "petra" not in str(Submission.objects.get().said)
    assert "The mail goes to petra@example.org" in client.get(answer["Location"]).text
