"""Mails to somebody without an account: as long as a link is good the address stays, and nobody's inbox is filled."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from royalties import actions
from royalties.exceptions import WrongState
from royalties.models import OutboxMail, StatementClaim
from tests.royalties.test_claim_missing_work import WORDS, claimed

pytestmark = pytest.mark.usefixtures("db")

DAY = dt.timedelta(days=1)
PETRA = {**WORDS, "email": "petra@example.org"}


def link_in(letter: Any) -> str:
    (found,) = re.findall(r"http://[^/]+(/statements/\d+/claim/\S+)", letter.body)
    return str(found)


def test_an_address_is_kept_while_a_link_that_was_mailed_again_is_good(
    client: Any, open_statement: Any, finish_jobs: Any, time_machine: Any
) -> None:
    began = timezone.now()
    for day in (0, 6):
        time_machine.move_to(began + day * DAY, tick=False)
        with finish_jobs():
            claimed(open_statement)
    assert len(mail.outbox) == 2
    time_machine.move_to(began + 12 * DAY, tick=False)
    assert actions.forget_claim_addresses() == 0
    assert client.post(link_in(mail.outbox[1])).status_code == 302
    assert StatementClaim.objects.get().email == "petra@example.org"


def test_an_address_is_kept_for_a_week_from_the_mail_that_a_server_took_late(
    open_statement: Any, time_machine: Any
) -> None:
    claim = claimed(open_statement)
    owed, began = OutboxMail.objects.get(), timezone.now()
    assert actions.forget_claim_addresses(now=began + 8 * DAY) == 0, "the mail is still to be written"
    time_machine.move_to(began + 6 * DAY, tick=False)
    assert actions.write_mail(mail_id=owed.pk)
    assert actions.forget_claim_addresses(now=began + 12 * DAY) == 0
    assert actions.forget_claim_addresses(now=began + 14 * DAY) == 1
    claim.refresh_from_db()
    assert claim.email == ""


def test_a_claim_whose_address_is_forgotten_is_not_confirmed_any_more(client: Any, open_statement: Any) -> None:
    claim = claimed(open_statement)
    actions.write_mail(mail_id=OutboxMail.objects.get().pk)
    StatementClaim.objects.update(email="")
    for ask in (client.get, client.post):
        answer = ask(link_in(mail.outbox[0]))
        assert answer.status_code == 410
        assert "send the claim again" in answer.content.decode()
    with pytest.raises(WrongState, match="again"):
        actions.confirm_claim(actor=None, claim=claim)
    claim.refresh_from_db()
    assert claim.status == "waiting"


def test_the_first_mail_repeats_nothing_that_somebody_typed(open_statement: Any, finish_jobs: Any) -> None:
    typed = {"name": "See https://casino.example", "work": "Win at https://casino.example", "evidence": "casino"}
    with finish_jobs():
        claimed(open_statement, **typed)
    assert "casino" not in mail.outbox[0].body + mail.outbox[0].subject
    assert "The Lid" in mail.outbox[0].body


def test_one_address_gets_five_such_mails_a_day_whatever_they_are_about(
    client: Any, open_statement: Any, finish_jobs: Any, time_machine: Any
) -> None:
    began = timezone.now()
    url = reverse("royalties:claim", args=[open_statement.pk])
    with finish_jobs():
        for number in range(3):
            claimed(open_statement, work=f"Bell {number}")
    time_machine.move_to(began + dt.timedelta(hours=2), tick=False)
    with finish_jobs():
        for number in range(3):
            claimed(open_statement, work=f"Bell {number}")
    assert len(mail.outbox) == 5
    answer = client.post(url, {**PETRA, "work": "Bell 4"})
    assert answer.status_code == 422
    assert "five mails" in answer.content.decode().lower()
    assert "Bell 4" in answer.content.decode()
    assert StatementClaim.objects.count() == 3
    with finish_jobs():
        claimed(open_statement, email="olga@example.org", work="Bell 4")
    time_machine.move_to(began + 2 * DAY, tick=False)
    with finish_jobs():
        claimed(open_statement, work="Bell 5")
    assert len(mail.outbox) == 7


def test_from_one_place_ten_such_mails_an_hour_are_asked_for(client: Any, open_statement: Any, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"claim": "10/h/ip"}
    url = reverse("royalties:claim", args=[open_statement.pk])
    answers = [client.post(url, {**PETRA, "email": f"p{number}@example.org"}) for number in range(11)]
    assert [answer.status_code for answer in answers] == [302] * 10 + [422]
    assert "Try again in an hour" in answers[-1].content.decode()
    assert StatementClaim.objects.count() == 10
