"""Who hears that a way of payment was changed or removed: the account, and the way itself once it was confirmed."""

import datetime as dt
from contextlib import suppress
from smtplib import SMTPDataError, SMTPRecipientsRefused, SMTPSenderRefused
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import timezone

from profiles.mail import is_refused_for_good
from profiles.models import Event
from royalties import actions
from royalties.models import OutboxMail
from tests.royalties.payees import SEPA_ACCOUNT, bank_account, confirmed, with_bank_account
from tests.royalties.test_payee_standing import codes


def test_a_second_way_is_held_like_a_change_and_told_to_the_first(alice: Any, finish_jobs: Any, settings: Any) -> None:
    settings.SEPA_ACCOUNT = SEPA_ACCOUNT
    confirmed(alice)
    with finish_jobs():
        second = actions.set_destination(actor=alice, account=bank_account())
    assert second.held_until - second.created_at == dt.timedelta(hours=72)
    # A letter each, so that none says where else she is reached: the warning to both, the code to the account.
    assert sorted(message.to for message in mail.outbox[-3:]) == [
        ["alice@example.com"],
        ["alice@example.com"],
        ["alice@pay.example"],
    ]
    assert alice.payee.destinations.filter(replaced_at=None).count() == 2


def test_an_address_that_was_mistyped_hears_nothing_of_the_right_one(alice: Any, finish_jobs: Any) -> None:
    actions.set_destination(actor=alice, address="stranger@pay.example")
    mail.outbox.clear()
    with finish_jobs():
        actions.set_destination(actor=alice, address="alice@pay.example")
    assert sorted(message.to for message in mail.outbox) == [["alice@example.com"], ["alice@pay.example"]]


@pytest.mark.parametrize("dead", ["a-dead@pay.example", "z-dead@pay.example"])
def test_a_dead_address_keeps_the_warning_from_nobody_and_repeats_it_to_nobody(
    alice: Any, dead: str, finish_jobs: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    confirmed(alice, dead)
    send = EmailMessage.send

    def sending(message: EmailMessage, fail_silently: bool = False) -> int:
        if message.to == [dead]:
            raise SMTPRecipientsRefused({dead: (550, b"no such mailbox")})
        return send(message, fail_silently)

    monkeypatch.setattr(EmailMessage, "send", sending)
    mail.outbox.clear()
    with finish_jobs():
        actions.set_destination(actor=alice, address="alice@pay.example")
        actions.resume_mails(now=timezone.now() + dt.timedelta(hours=1))
    assert [message.to for message in mail.outbox].count(["alice@example.com"]) == 1


@pytest.mark.parametrize("slow", ["alice@pay.example", "alice@example.com"])
def test_a_server_that_puts_the_warning_off_gets_it_later_and_the_other_address_once(
    alice: Any, slow: str, finish_jobs: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    confirmed(alice)
    send, later = EmailMessage.send, timezone.now()

    def sending(message: EmailMessage, fail_silently: bool = False) -> int:
        if message.to == [slow]:
            raise SMTPRecipientsRefused({slow: (451, b"greylisted, come again")})
        return send(message, fail_silently)

    mail.outbox.clear()
    actions.remove_destination(actor=alice, destination=alice.payee.destinations.get())
    with monkeypatch.context() as greylisting:
        greylisting.setattr(EmailMessage, "send", sending)
        for row in OutboxMail.objects.order_by("pk"):
            with suppress(SMTPRecipientsRefused), transaction.atomic():
                actions.write_mail(mail_id=row.pk)
    (first,) = mail.outbox
    assert first.to != [slow]
    with finish_jobs():
        actions.resume_mails(now=later + dt.timedelta(hours=1))
    assert sorted(message.to for message in mail.outbox) == [["alice@example.com"], ["alice@pay.example"]]
    assert not OutboxMail.objects.exists()


@pytest.mark.parametrize(
    ("problem", "for_good"),
    [
        (SMTPRecipientsRefused({"a": (550, b"no such mailbox")}), True),
        (SMTPRecipientsRefused({"a": (450, b"busy")}), False),
        (SMTPRecipientsRefused({"a": (550, b"gone"), "b": (451, b"greylisted")}), False),
        (SMTPDataError(554, b"no"), True),
        (SMTPDataError(451, b"later"), False),
        (SMTPSenderRefused(452, b"full", "us"), False),
        (ValueError("two lines"), True),
    ],
)
def test_a_server_that_asks_to_come_again_has_refused_nothing_for_good(problem: Exception, for_good: bool) -> None:
    assert is_refused_for_good(problem) is for_good


def test_a_way_that_is_removed_is_told_and_the_other_one_waits(alice: Any, finish_jobs: Any, settings: Any) -> None:
    settings.SEPA_ACCOUNT = SEPA_ACCOUNT
    paypal = confirmed(alice)
    bank = with_bank_account(alice)
    day = bank.held_until + dt.timedelta(days=30)
    mail.outbox.clear()
    with finish_jobs():
        removed = actions.remove_destination(actor=alice, destination=paypal, now=day)
    assert removed.replaced_at == day
    assert [message.to for message in mail.outbox] == [["alice@example.com"], ["alice@pay.example"]]
    assert "no longer paid by “PayPal” to a…@pay.example" in mail.outbox[0].body
    bank.refresh_from_db()
    assert bank.held_until == day + dt.timedelta(hours=72)
    assert codes(alice, day) == {"changed"}
    assert actions.remove_destination(actor=alice, destination=paypal).replaced_at == day
    assert Event.objects.filter(verb="royalties.destination_removed").count() == 1
