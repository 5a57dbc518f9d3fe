"""Mails about money: owed with what gives reason for them, written once, tried again until they are."""

from __future__ import annotations

import datetime as dt
import smtplib
import socket
from typing import Any

import pytest
from django.core import mail
from django.db import transaction
from django.utils import timezone

from profiles.actions import close_account
from royalties import actions
from royalties.actions import outbox
from royalties.models import Destination, OutboxMail, UnclaimedCase
from royalties.sealing import destination_code

pytestmark = pytest.mark.usefixtures("db")

MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def owed(alice: Any) -> OutboxMail:
    """A code that is to be mailed, and whose message nobody has got."""
    actions.set_destination(actor=alice, address="alice@pay.example")
    return OutboxMail.objects.get()


@pytest.fixture
def refusing(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """A mail server that takes nothing."""

    def send_mail(*_words: Any) -> int:
        raise smtplib.SMTPServerDisconnected

    monkeypatch.setattr("royalties.actions.mail.send_mail", send_mail)
    return monkeypatch


def test_a_mail_is_written_once_and_its_row_is_gone(owed: OutboxMail) -> None:
    assert [actions.write_mail(mail_id=owed.pk) for _time in range(2)] == [True, False]
    assert [letter.to for letter in mail.outbox] == [["alice@pay.example"]]
    assert destination_code(Destination.objects.get()) in mail.outbox[0].body
    assert not OutboxMail.objects.exists()


def test_nothing_is_owed_for_what_did_not_happen(alice: Any) -> None:
    with transaction.atomic():
        actions.set_destination(actor=alice, address="alice@pay.example")
        transaction.set_rollback(True)
    assert not OutboxMail.objects.exists()


def test_what_waits_is_asked_for_again_ever_later(
    owed: OutboxMail, refusing: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    now = owed.owed_at
    assert actions.resume_mails(now=now + 4 * MINUTE) == 0
    for minutes, tries in ((6, 1), (18, 2), (40, 3)):
        assert actions.resume_mails(now=now + minutes * MINUTE) == 1
        assert actions.resume_mails(now=now + (minutes + 1) * MINUTE) == 0
        owed.refresh_from_db()
        assert owed.tries == tries
    with pytest.raises(smtplib.SMTPServerDisconnected), transaction.atomic():
        actions.write_mail(mail_id=owed.pk)
    refusing.undo()
    with django_capture_on_commit_callbacks() as asked:
        assert actions.resume_mails(now=now + dt.timedelta(days=1)) == 1
    assert len(asked) == 1
    assert actions.write_mail(mail_id=owed.pk)
    assert len(mail.outbox) == 1
    assert not OutboxMail.objects.exists()


def test_a_mail_server_that_says_nothing_is_left_and_the_mail_stays_owed(owed: OutboxMail, settings: Any) -> None:
    assert settings.EMAIL_TIMEOUT, "else a worker waits for ever"
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = silent.getsockname()
        settings.EMAIL_TIMEOUT = 0.2
        with pytest.raises(OSError, match="timed out"), transaction.atomic():
            actions.write_mail(mail_id=owed.pk)
    owed.refresh_from_db()


def test_what_cannot_be_written_for_a_week_is_given_up_and_logged(
    owed: OutboxMail, caplog: pytest.LogCaptureFixture
) -> None:
    assert actions.resume_mails(now=owed.owed_at + outbox.GIVEN_UP_AFTER + MINUTE) == 0
    assert not OutboxMail.objects.exists()
    assert [record.message for record in caplog.records if record.name == outbox.__name__] == ["mail given up"]


def test_who_has_left_meanwhile_is_not_written_to(posted: Any, alice: Any) -> None:
    payee, now = posted.current.lines.get(payee__artist=alice).payee, timezone.now()
    case = UnclaimedCase.objects.create(payee=payee, currency="USD", warned_at=now, due_on=now.date())
    owed = [
        actions.owe_mail(OutboxMail.Kind.UNCLAIMED, case.pk),
        actions.owe_mail(OutboxMail.Kind.LEDGER_BROKEN, 0, recipient=alice),
    ]
    close_account(actor=alice)
    mail.outbox.clear()
    assert [actions.write_mail(mail_id=row.pk) for row in owed] == [True, True]
    assert mail.outbox == []


def test_every_kind_of_mail_has_its_writer() -> None:
    assert {*outbox.WRITERS} == {*OutboxMail.Kind.values}
