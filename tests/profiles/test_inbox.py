"""The inbox page and the mails of what was not read."""

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from profiles import actions
from profiles.models import Notice

pytestmark = pytest.mark.django_db


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


def test_a_forged_stop_link_is_not_found(client, alice):
    assert client.post(reverse("profiles:unsubscribe", args=[f"{alice.pk}:forged"])).status_code == 404
