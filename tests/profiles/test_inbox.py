"""The inbox page and the mails of what was not read."""

import smtplib
from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils import timezone

from profiles import actions
from profiles.models import Notice

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def tell(artist, actor, times):
    for number in range(times):
        event = actions.record_event(actor=actor, verb="test.happened", about=artist, payload={"n": number})
        actions.notify(event=event, recipients=[artist], text=f"Thing {number} happened.", url="/explore/")


def test_it_asks_for_a_log_in(client):
    assert client.get(reverse("inbox")).status_code == 302


def test_an_empty_inbox_says_what_will_be_here(client, alice):
    client.force_login(alice)
    page = client.get(reverse("inbox"))
    assert page.status_code == 200
    assert "Nothing yet" in page.text


def test_notices_are_marked_as_read(client, alice, bob):
    tell(alice, bob, 2)
    client.force_login(alice)
    page = client.get(reverse("inbox"))
    assert "Thing 1 happened." in page.text
    newest = Notice.objects.latest("pk")
    client.post(reverse("profiles:read_inbox"), {"before": newest.pk})
    assert not Notice.objects.filter(read_at=None).exists()


def test_reading_up_to_no_number_marks_everything(client, alice, bob):
    tell(alice, bob, 2)
    client.force_login(alice)
    assert client.post(reverse("profiles:read_inbox"), {"before": "²"}).status_code == 302
    assert not Notice.objects.filter(read_at=None).exists()


def test_nobody_reads_the_inbox_of_another(client, alice, bob):
    tell(alice, bob, 1)
    client.force_login(bob)
    assert "Thing 0" not in client.get(reverse("inbox")).text


def test_the_inbox_costs_the_same_for_3_and_for_30(client, alice, bob, django_assert_max_num_queries):
    client.force_login(alice)
    costs = []
    for more in (3, 27):
        tell(alice, bob, more)
        with django_assert_max_num_queries(20) as captured:
            client.get(reverse("inbox"))
        costs.append(len(captured))
    assert costs[0] == costs[1]


def test_older_notices_are_a_link_away(client, alice, bob):
    tell(alice, bob, 35)
    client.force_login(alice)
    page = client.get(reverse("inbox"))
    assert "Thing 4 happened." not in page.text
    assert "after=" in page.text
    oldest = Notice.objects.order_by("-pk")[29]
    assert "Thing 4 happened." in client.get(reverse("inbox"), {"after": oldest.pk}).text


def test_what_waited_is_mailed_once_with_a_one_click_stop(client, alice, bob):
    tell(alice, bob, 2)
    assert actions.mail_notices() == 0, "a fresh notice may still be read on the site"
    Notice.objects.update(created_at=timezone.now() - timedelta(hours=2))
    assert actions.mail_notices() == 1
    assert actions.mail_notices() == 0
    (message,) = mail.outbox
    assert message.to == [alice.email]
    assert "Thing 1 happened." in message.body
    link = message.extra_headers["List-Unsubscribe"].strip("<>")
    assert client.post(link.removeprefix("http://localhost:8000")).status_code == 200
    alice.refresh_from_db()
    assert not alice.wants_mail


@pytest.fixture
def refused(monkeypatch):
    """What the mail server says to each address that it does not take; empty as long as it takes all."""
    answers = {}
    send = EmailMessage.send

    def sending(message, fail_silently=False):
        if message.to[0] in answers:
            raise answers[message.to[0]]
        return send(message, fail_silently)

    monkeypatch.setattr(EmailMessage, "send", sending)
    return answers


def wait(waited=2 * HOUR):
    Notice.objects.filter(mailed_at=None).update(created_at=timezone.now() - waited)


@pytest.mark.parametrize("why", [{"x@example": (550, b"no such mailbox")}, UnicodeEncodeError("ascii", "ö", 0, 1, "")])
def test_an_address_that_is_refused_keeps_nobody_elses_mail(alice, bob, charlie, refused, caplog, why):
    for artist in (alice, bob, charlie):
        tell(artist, None, 1)
    wait()
    refused[bob.email] = smtplib.SMTPRecipientsRefused(why) if isinstance(why, dict) else why
    assert [actions.mail_notices() for _minute in range(3)] == [2, 0, 0]
    assert [letter.to for letter in mail.outbox] == [[alice.email], [charlie.email]]
    assert [record.message for record in caplog.records if record.name == actions.__name__] == ["digest put off"]
    assert bob.email not in caplog.text
    assert list(Notice.objects.filter(mailed_at=None).values_list("recipient", flat=True)) == [bob.pk]


def test_what_was_put_off_goes_with_the_rest_once_it_is_taken(alice, bob, refused):
    tell(alice, bob, 2)
    wait()
    refused[alice.email] = smtplib.SMTPDataError(451, b"later")
    assert actions.mail_notices() == 0
    tell(alice, bob, 1)
    Notice.objects.filter(mail_again_at=None).update(created_at=timezone.now() - 2 * HOUR)
    refused.clear()
    assert actions.mail_notices() == 0, "it is put off for as long as it has waited"
    assert Notice.objects.exclude(mail_again_at=None).first().mail_again_at > timezone.now() + HOUR
    Notice.objects.exclude(mail_again_at=None).update(mail_again_at=timezone.now())
    assert actions.mail_notices() == 1
    assert len(mail.outbox) == 1
    assert not Notice.objects.filter(mailed_at=None).exists()


def test_nobody_waits_at_a_mail_server_that_is_away(alice, bob, charlie, refused):
    for artist in (alice, bob, charlie):
        tell(artist, None, 1)
    wait()
    refused[alice.email] = TimeoutError("timed out")
    assert actions.mail_notices() == 0
    assert mail.outbox == []
    assert actions.mail_notices() == 2, "if it was one letter that the server chokes on, the others go"


def test_what_could_not_be_mailed_for_a_week_is_in_the_inbox_alone(alice, bob):
    tell(alice, bob, 1)
    wait(timedelta(days=8))
    assert actions.mail_notices() == 0
    assert alice.notices.filter(read_at=None).count() == 1


def test_a_forged_stop_link_is_not_found(client, alice):
    assert client.post(reverse("profiles:unsubscribe", args=[f"{alice.pk}:forged"])).status_code == 404
