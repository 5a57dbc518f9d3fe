"""The settings pages and the follow button."""

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.urls import reverse

from profiles.actions import AccountClosed, close_account, notify, record_event, update_profile
from profiles.mail import UNSUBSCRIBE
from profiles.models import Artist, Event, Follow, Notice
from tests.support.cast import PASSWORD

pytestmark = pytest.mark.django_db

PROFILE = {
    "display_name": "Alice Moore",
    "handle": "alice",
    "bio": "Draws.",
    "skills": "ink, riso",
    "languages": "en",
    "links": "https://example.org/a\nhttps://example.org/b",
}


def test_a_profile_is_saved(client, alice):
    client.force_login(alice)
    assert client.post(reverse("profiles:settings"), PROFILE).status_code == 302
    alice.refresh_from_db()
    assert alice.skills == ["ink", "riso"]
    assert len(alice.links) == 2


def test_a_bad_handle_is_named_and_nothing_is_lost(client, alice):
    client.force_login(alice)
    page = client.post(reverse("profiles:settings"), PROFILE | {"handle": "No Spaces"})
    assert page.status_code == 422
    assert "small letters" in page.text
    assert "Draws." in page.text
    alice.refresh_from_db()
    assert alice.handle == "alice"


def test_a_link_must_be_an_address(client, alice):
    client.force_login(alice)
    assert client.post(reverse("profiles:settings"), PROFILE | {"links": "javascript:alert(1)"}).status_code == 422


def test_preferences_are_saved(client, alice):
    client.force_login(alice)
    answer = client.post(
        reverse("profiles:preferences"), {"time_zone": "Africa/Accra", "theme": "dark", "language": ""}
    )
    assert answer.status_code == 302
    alice.refresh_from_db()
    assert (alice.time_zone, alice.theme, alice.wants_mail) == ("Africa/Accra", "dark", False)


def test_following_needs_no_script_and_returns_to_the_page(client, alice, bob):
    client.force_login(alice)
    answer = client.post(reverse("profiles:follow"), {"topic": f"artist:{bob.pk}", "next": "/explore/"})
    assert answer.headers["Location"] == "/explore/"
    assert Follow.objects.filter(artist=alice, topic=f"artist:{bob.pk}").exists()
    client.post(reverse("profiles:follow"), {"topic": f"artist:{bob.pk}", "stop": "1"})
    assert not Follow.objects.exists()


def test_following_never_leads_to_another_site(client, alice, bob):
    client.force_login(alice)
    answer = client.post(reverse("profiles:follow"), {"topic": f"artist:{bob.pk}", "next": "https://evil.example/"})
    assert answer.headers["Location"] == "/"


def test_another_address_takes_the_password_and_is_told_to_the_former(client, alice, finish_jobs):
    client.post(reverse("account_login"), {"login": alice.email, "password": PASSWORD})
    session = client.session
    session["account_authentication_methods"] = []
    session.save()
    page = reverse("account_email")
    answer = client.post(page, {"action_add": "", "email": "thief@example.org"})
    assert reverse("account_reauthenticate") in answer["Location"]
    assert not EmailAddress.objects.filter(email="thief@example.org").exists()
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    EmailAddress.objects.create(user=alice, email="alice@new.example", verified=True)
    mail.outbox.clear()
    client.post(page, {"action_primary": "", "email": "alice@new.example"})
    assert [letter.to for letter in mail.outbox] == [["alice@example.com"]]
    assert "alice@new.example" in mail.outbox[0].body


def test_a_new_name_stands_in_what_others_were_told_and_in_no_title(client, alice, bob):
    event = record_event(actor=alice, verb="profiles.followed", about=bob)
    notify(event=event, recipients=[bob], text="Alice commented on “Alice in May”", url="/")
    client.force_login(alice)
    client.post(reverse("profiles:settings"), PROFILE)
    assert Notice.objects.get(recipient=bob).text == "Alice Moore commented on “Alice in May”"


def test_a_longer_name_takes_the_place_of_the_old_one_in_a_long_notice(alice, bob):
    event = record_event(actor=alice, verb="profiles.followed", about=bob)
    notify(event=event, recipients=[bob], text="Alice commented on “" + "May " * 100, url="/")
    update_profile(actor=alice, display_name="Alice Moore of the Lamp Room")
    text = Notice.objects.get(recipient=bob).text
    assert text.startswith("Alice Moore of the Lamp Room commented on “May")
    assert len(text) == Notice.TEXT_MOST


def test_a_profile_saved_while_the_account_closes_brings_nobody_back(client, alice):
    client.force_login(alice)
    link = reverse("profiles:unsubscribe", args=[UNSUBSCRIBE.sign(alice.pk)])
    stale = Artist.objects.get(pk=alice.pk)
    close_account(actor=alice)
    with pytest.raises(AccountClosed):
        update_profile(actor=stale, display_name="Alice Moore", handle="alice")
    closed = Artist.objects.get(pk=alice.pk)
    assert (closed.display_name, closed.handle) == ("Former member", f"former_{alice.pk}")
    before = Event.objects.count()
    assert client.post(link).status_code == 200
    assert Event.objects.count() == before, "nobody is left who could change anything"


def test_another_address_of_who_was_made_by_hand_is_told_to_the_first(client):
    root = Artist.objects.create_superuser(email="root@example.org", password=PASSWORD, handle="root")
    EmailAddress.objects.create(user=root, email="root@new.example", verified=True)
    client.post(reverse("account_login"), {"login": root.email, "password": PASSWORD})
    mail.outbox.clear()
    client.post(reverse("account_email"), {"action_primary": "", "email": "root@new.example"})
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    client.post(reverse("account_email"), {"action_primary": "", "email": "root@new.example"})
    assert ["root@example.org"] in [letter.to for letter in mail.outbox]


def test_a_mail_about_an_account_names_where_the_proxy_saw_it_done(client, alice, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    came = {"HTTP_X_FORWARDED_FOR": "203.0.113.9", "REMOTE_ADDR": "172.18.0.2"}
    client.post(reverse("account_login"), {"login": alice.email, "password": PASSWORD}, **came)
    mail.outbox.clear()
    fresh = "another long enough passphrase 43"
    facts = {"oldpassword": PASSWORD, "password1": fresh, "password2": fresh}
    assert client.post(reverse("account_change_password"), facts, **came).status_code == 302
    assert "203.0.113.9" in mail.outbox[-1].body
