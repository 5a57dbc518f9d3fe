"""Closing an account: the person goes from every table and file, what others rely on stays."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from contributions import actions as work_actions
from contributions.models import Contribution
from profiles import actions
from profiles.models import Artist, Follow, Notice
from projects.models import Credit
from tests.contributions.works import declared, png_file, run_jobs
from tests.projects.conftest import produce
from tests.support.cast import PASSWORD

pytestmark = pytest.mark.django_db

NAMES = ("Zebulon", "zebulon", "Quagga", "quagga", "Ouagadougou")


@pytest.fixture
def zebulon() -> Artist:
    """Somebody whose names stand nowhere else."""
    artist = actions.join(
        handle="zebulon_q",
        display_name="Zebulon Quagga",
        email="zebulon@quagga.example",
        password=PASSWORD,
        credit_name="Z. Quagga",
        bio="Quagga draws.",
        location="Ouagadougou",
        links=["https://quagga.example/"],
    )
    actions.verify_email(actor=artist, artist=artist)
    return artist


@pytest.fixture
def traces(zebulon: Artist, bob: Artist, sam: Artist) -> Contribution:
    """The person has published, drafted, talked, followed, been followed, remixed and credited."""
    work = picture(zebulon, "Lamp room")
    remix = picture(bob, "Lamp room, again", sources=[work])
    for one in (work, remix):
        work_actions.sign_version(version_id=one.current_version_id)
    work_actions.start_draft(actor=zebulon, medium="text", title="Only mine")
    work_actions.comment_on(actor=zebulon, contribution=remix, body="I like the light.")
    work_actions.comment_on(actor=bob, contribution=work, body="So do I.")
    actions.follow(actor=bob, topic=f"artist:{zebulon.pk}")
    actions.follow(actor=zebulon, topic=f"artist:{bob.pk}")
    Authenticator.objects.create(user=zebulon, type=Authenticator.Type.TOTP, data={"secret": "x"})
    Credit.objects.create(
        production=produce(sam, bob).productions.get(),
        artist=zebulon,
        name="Z. Quagga",
        credit_line="Ink",
        contribution=work,
    )
    return work


def picture(artist: Artist, title: str, *, sources: Any = ()) -> Contribution:
    version = work_actions.receive_file(actor=artist, file=png_file(width=700, height=500))
    run_jobs()
    work = declared(Contribution.objects.get(pk=version.contribution_id), title=title, alt_text="Blue")
    for source in sources:
        work_actions.add_source(actor=artist, contribution=work, source=source, kind="adapts")
    return work_actions.publish_contribution(actor=artist, contribution=work)


def tables_naming(words: tuple[str, ...]) -> list[str]:
    """Every table and column in which one of the words stands, whatever its type."""
    found = []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public' "
            "AND table_name IN (SELECT tablename FROM pg_tables WHERE schemaname = 'public')"
        )
        for table, column in cursor.fetchall():
            likes = " OR ".join(f'"{column}"::text LIKE %s' for _word in words)
            cursor.execute(f'SELECT 1 FROM "{table}" WHERE {likes} LIMIT 1', [f"%{word}%" for word in words])
            if cursor.fetchone():
                found.append(f"{table}.{column}")
    return found


def files_naming(words: tuple[str, ...]) -> list[str]:
    """Every stored file whose bytes have one of the words in them."""
    root = Path(default_storage.path("."))
    stored = [path for path in root.rglob("*") if path.is_file()]
    assert stored
    return [path.name for path in stored if any(word.encode() in path.read_bytes() for word in words)]


def test_the_person_is_in_no_table_and_no_file_afterwards(zebulon, traces, bob, django_capture_on_commit_callbacks):
    assert "profiles_artist.display_name" in tables_naming(NAMES)
    assert "profiles_notice.text" in tables_naming(NAMES)
    assert files_naming(NAMES), "the credentials of the files name their maker"
    with django_capture_on_commit_callbacks(execute=True):
        actions.close_account(actor=zebulon)
    for work in Contribution.objects.published().order_by("published_seq"):
        with django_capture_on_commit_callbacks(execute=True):
            work_actions.sign_version(version_id=work.current_version_id)
    assert tables_naming(NAMES) == []
    assert files_naming(NAMES) == []


@pytest.fixture
def history(zebulon: Artist, traces: Contribution, sam: Artist, client: Any) -> None:
    """Staff have added, kept and taken away credits of the person; a superuser has written to their addresses."""
    client.force_login(sam)
    line = {"production": Credit.objects.get().production_id, "artist": zebulon.pk, "heading": "", "billing_line": ""}
    for name, role in (("Zeb Quagga", "Lamps"), ("Quagga the Younger", "Ropes")):
        client.post(reverse("admin:projects_credit_add"), line | {"name": name, "credit_line": role})
    gone = Credit.objects.get(credit_line="Ropes")
    client.post(reverse("admin:projects_credit_delete", args=[gone.pk]), {"post": "yes"})
    root = Artist.objects.create_superuser(email="root@example.org", password=PASSWORD, handle="root")
    client.force_login(root)
    for email in ("quagga@other.example", "zebulon@third.example"):
        client.post(reverse("admin:account_emailaddress_add"), {"user": zebulon.pk, "email": email})
    gone = EmailAddress.objects.get(email="zebulon@third.example")
    client.post(reverse("admin:account_emailaddress_delete", args=[gone.pk]), {"post": "yes"})
    client.post(reverse("admin:mfa_authenticator_delete", args=[zebulon.authenticator_set.get().pk]), {"post": "yes"})


def test_the_history_of_the_admin_keeps_no_name_and_no_address(zebulon, history, bob):
    of_bob = log_of(EmailAddress.objects.get(user=bob))
    # As credits were called in it once.
    LogEntry.objects.filter(content_type__model="credit").update(object_repr="Ropes Quagga the Younger")
    assert "django_admin_log.object_repr" in tables_naming(NAMES)
    actions.close_account(actor=zebulon)
    assert "django_admin_log.object_repr" not in tables_naming(NAMES)
    of_bob.refresh_from_db()
    assert of_bob.object_repr == "bob@example.com", "what is another's is called as before"


def test_the_history_of_credits_has_no_name_in_it_from_the_first_day_on(history):
    entries = LogEntry.objects.filter(content_type__model="credit")
    assert entries.count() == 3
    assert not entries.filter(object_repr__contains="Quagga").exists()


def log_of(row: Any) -> LogEntry:
    """What the admin keeps of a change of this row."""
    sam = Artist.objects.get(handle="sam")
    return LogEntry.objects.log_actions(sam.pk, [row], 2, change_message=[], single_object=True)


def test_what_others_rely_on_stays_as_a_former_members(zebulon, traces, bob, client):
    actions.close_account(actor=zebulon)
    zebulon.refresh_from_db()
    assert (zebulon.display_name, zebulon.handle) == ("Former member", f"former_{zebulon.pk}")
    assert Contribution.objects.get(pk=traces.pk).is_published
    page = client.get(traces.get_absolute_url())
    assert page.status_code == 200
    assert "Former member" in page.text
    assert client.get(zebulon.get_absolute_url()).status_code == 410
    assert client.get("/@zebulon_q/").status_code == 404
    assert Credit.objects.get(artist=zebulon).name == "A former member"


def test_drafts_follows_addresses_and_second_factors_go(zebulon, traces, bob):
    actions.close_account(actor=zebulon)
    assert not Contribution.objects.filter(artist=zebulon, published_seq=None).exists()
    assert not Follow.objects.filter(topic=f"artist:{zebulon.pk}").exists()
    assert not Follow.objects.filter(artist=zebulon).exists()
    assert not EmailAddress.objects.filter(user=zebulon).exists()
    assert not Authenticator.objects.filter(user=zebulon).exists()
    assert not Notice.objects.filter(recipient=zebulon).exists()
    assert Notice.objects.filter(recipient=bob, text__startswith="a former member commented").exists()


def test_a_name_inside_another_word_is_left_alone(zebulon, bob):
    zebulon.credit_name = "Mo"
    zebulon.save()
    event = actions.record_event(actor=zebulon, verb="profiles.tested", about=zebulon)
    actions.notify(event=event, recipients=[bob], text="Mo commented on “Moments”", url="/")
    actions.close_account(actor=zebulon)
    assert Notice.objects.get(recipient=bob).text == "a former member commented on “Moments”"


def test_a_closed_account_cannot_log_in_and_its_address_is_free(zebulon, client):
    actions.close_account(actor=zebulon)
    assert not client.login(email="zebulon@quagga.example", password=PASSWORD)
    assert (
        actions.join(handle="zebulon_q", display_name="Another", email="zebulon@quagga.example", password=PASSWORD).pk
        != zebulon.pk
    )


def test_an_ended_session_goes_in_the_night_with_the_address_in_it(zebulon, bob, client):
    client.post(reverse("account_request_login_code"), {"email": zebulon.email})
    assert any(zebulon.email in str(session.get_decoded()) for session in Session.objects.all())
    other = Client()
    other.post(reverse("account_login"), {"login": bob.email, "password": PASSWORD})
    other.get("/")
    assert (Session.objects.count(), UserSession.objects.count()) == (2, 1)
    assert actions.sweep_sessions() == 0
    assert UserSession.objects.count() == 1
    assert actions.sweep_sessions(now=timezone.now() + dt.timedelta(days=15)) == 2
    assert not UserSession.objects.exists(), "where the session was used from is forgotten with it"


def test_closing_twice_changes_nothing(zebulon):
    first = actions.close_account(actor=zebulon)
    again = actions.close_account(actor=zebulon)
    assert first.closed_at == again.closed_at


def test_staff_give_their_powers_back_first(sam, client):
    with pytest.raises(actions.StillStaff):
        actions.close_account(actor=sam)
    log_in_now(client, sam)
    page = client.post(reverse("profiles:close"), {"knowing": "on"})
    assert page.status_code == 422
    assert "staff powers" in page.text
    sam.refresh_from_db()
    assert sam.closed_at is None


def test_the_page_asks_once_more_and_says_what_stays(zebulon, client):
    log_in_now(client, zebulon)
    page = client.get(reverse("profiles:close"))
    assert "What stays" in page.text
    page = client.post(reverse("profiles:close"))
    assert page.status_code == 422
    assert "Say that you know" in page.text
    answer = client.post(reverse("profiles:close"), {"knowing": "on"})
    assert answer.status_code == 302
    zebulon.refresh_from_db()
    assert zebulon.closed_at is not None
    assert client.get(reverse("profiles:settings")).status_code == 302


def test_the_page_wants_the_password_again(zebulon, client):
    client.force_login(zebulon)
    answer = client.post(reverse("profiles:close"), {"knowing": "on"})
    assert answer.status_code == 302
    assert "reauthenticate" in answer.headers["Location"]
    zebulon.refresh_from_db()
    assert zebulon.closed_at is None


def log_in_now(client: Any, artist: Artist) -> None:
    """Logged in, and the password given once more just now."""
    client.force_login(artist)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
