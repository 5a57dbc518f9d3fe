"""The pages for one's own works: each answers, works without script, and says what is missing."""

from typing import Any

import pytest
from django.urls import reverse

from contributions import actions
from contributions.models import Contribution, DraftSource, Job
from tests.contributions.works import declared, png_file, published, run_jobs, written

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_alice(client: Any, alice: Any) -> Any:
    """A browser in which alice is logged in."""
    client.force_login(alice)
    return client


def url(name: str, *args: Any) -> str:
    return reverse(f"contributions:{name}", args=args)


def test_the_upload_page_opens_without_an_account(client):
    answer = client.get("/upload/")
    assert answer.status_code == 200
    assert b"data-login" in answer.content


def test_a_plain_form_uploads_a_picture(as_alice, alice):
    answer = as_alice.post("/upload/", {"file": png_file()})
    work = Contribution.objects.get(artist=alice)
    assert answer.status_code == 302
    assert answer.url == url("edit", work.pk)
    assert work.title == "Lamp room 02"
    assert work.status == Contribution.Status.PROCESSING


def test_the_upload_page_without_a_file_says_so(as_alice):
    answer = as_alice.post("/upload/", {})
    assert answer.status_code == 422
    assert b"error-summary" in answer.content


def test_a_signed_out_post_leads_to_the_login(client, db):
    answer = client.post("/upload/", {"file": png_file()})
    assert answer.status_code == 302
    assert "/accounts/login/" in answer.url
    assert not Contribution.objects.exists()


def test_a_remix_prefills_its_source(as_alice, bob):
    source = published(bob, "Two-colour lamp")
    assert b"Two-colour lamp" in as_alice.get(f"/upload/?remix={source.pk}").content
    as_alice.post(f"/upload/?remix={source.pk}", {"file": png_file(), "remix": source.pk})
    assert DraftSource.objects.get().source == source


def test_the_challenge_is_carried_through(as_alice, alice):
    assert b'data-meta-challenge="night"' in as_alice.get("/upload/?challenge=night").content
    as_alice.post("/upload/", {"file": png_file(), "challenge": "night"})
    assert Contribution.objects.get(artist=alice).challenge_slug == "night"


def test_writing_autosaves_one_draft_however_often(as_alice, alice):
    page = as_alice.get("/write/")
    key = str(page.context["form"].initial["draft_key"])
    for body in ("The", "The lamp", "The lamp is lit."):
        answer = as_alice.post("/write/autosave/", {"title": "Letter", "body": body, "draft_key": key})
        assert answer.status_code == 200
        assert answer.json()["saved_at"]
    work = Contribution.objects.get(artist=alice)
    assert work.versions.get().body == "The lamp is lit."
    assert not Job.objects.exists()


def test_writing_goes_on_to_the_details(as_alice, alice):
    answer = as_alice.post("/write/", {"title": "Letter", "body": "The lamp is lit.", "then": "publish"})
    work = Contribution.objects.get(artist=alice)
    assert answer.url == url("edit", work.pk)
    run_jobs()
    answer = as_alice.get(url("edit", work.pk))
    assert b"The lamp is lit." in answer.content


def test_an_empty_text_cannot_be_previewed(as_alice):
    answer = as_alice.post("/write/", {"title": "Letter", "body": " ", "then": "preview"})
    assert answer.status_code == 422


def test_drafts_show_what_waits_and_how_to_begin(as_alice, alice):
    assert b"Nothing is waiting" in as_alice.get("/drafts/").content
    written(alice, "Half a letter")
    assert b"Half a letter" in as_alice.get("/drafts/").content


def test_drafts_cost_the_same_for_3_and_30(as_alice, alice, django_assert_max_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    for number in (3, 27):
        for _ in range(number):
            actions.write_text(actor=alice, title="A", body="b")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert as_alice.get("/drafts/").status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_edit_page_saves_details(as_alice, alice):
    work = written(alice)
    answer = as_alice.post(url("edit", work.pk), {"title": "New", "tags": "Rain, #sea, rain", "ai_use": "none"})
    assert answer.status_code == 302
    work.refresh_from_db()
    assert work.title == "New"
    assert set(work.tags.values_list("slug", flat=True)) == {"rain", "sea"}


def test_publishing_lists_everything_that_is_missing(as_alice, alice):
    work = written(alice)
    answer = as_alice.post(url("edit", work.pk), {"title": "", "publish": "1"})
    assert answer.status_code == 422
    for words in ("Give the work a title", "Choose a licence", "Say that you made it", "generative tool"):
        assert words in answer.content.decode()
    work.refresh_from_db()
    assert not work.is_published


def test_publishing_by_the_form(as_alice, alice):
    work = declared(written(alice))
    data = {
        "title": "Letter",
        "original_work": "on",
        "ai_use": "none",
        "licence": work.licence_id,
        "remix_permission": "anyone",
        "production_permission": "yes",
        "publish": "1",
    }
    answer = as_alice.post(url("edit", work.pk), data)
    work.refresh_from_db()
    assert work.is_published
    assert answer.url == work.get_absolute_url()


def test_rights_are_remembered(as_alice, alice):
    published(alice, code="CC-BY-SA", production_permission="yes")
    form = as_alice.get(url("edit", written(alice).pk)).context["form"]
    assert form.initial["licence"].code == "CC-BY-SA"
    assert form.initial["production_permission"] == "yes"


def test_another_persons_draft_does_not_exist(as_alice, bob):
    work = written(bob)
    for name in ("edit", "status", "sources", "versions", "withdraw", "discard", "requests"):
        assert as_alice.get(url(name, work.pk)).status_code == 404, name


def test_the_status_fragment_is_polled_until_it_is_ready(as_alice, alice):
    version = actions.receive_file(actor=alice, file=png_file())
    address = url("status", version.contribution_id)
    waiting = as_alice.get(address, headers={"HX-Request": "true"}).content.decode()
    assert "every 2s" in waiting
    run_jobs()
    ready = as_alice.get(address, headers={"HX-Request": "true"}).content.decode()
    assert "every 2s" not in ready
    assert "image/64.webp" in ready
    row = as_alice.get(f"{address}?as=row", headers={"HX-Request": "true"}).content.decode()
    assert 'class="up"' in row


def test_what_plays_already_is_left_alone_until_there_is_more(as_alice, alice):
    version = actions.receive_file(actor=alice, file=png_file())
    address, htmx = url("status", version.contribution_id), {"HX-Request": "true"}
    panel = as_alice.get(address, headers=htmx).content.decode()
    assert f'hx-get="{address}?shown=0"' in panel
    bar = as_alice.get(f"{address}?shown=0", headers=htmx)
    assert 'id="status-panel"' not in bar.content.decode()
    assert "<progress" in bar.content.decode()
    run_jobs()
    ready = as_alice.get(f"{address}?shown=0", headers=htmx)
    assert ready.headers["HX-Retarget"] == "#status-panel"
    assert "image/64.webp" in ready.content.decode()


def test_a_failure_is_told_and_can_be_tried_again(as_alice, alice):
    file = png_file()
    file.file.seek(0)
    file.file.truncate(60)
    file.size = 60
    version = actions.receive_file(actor=alice, file=file)
    run_jobs()
    page = as_alice.get(url("edit", version.contribution_id)).content.decode()
    assert "could not be prepared" in page
    job = Job.objects.get()
    answer = as_alice.post(url("retry", version.contribution_id), {"job": job.pk})
    assert answer.status_code == 302
    assert Job.objects.filter(status=Job.Status.QUEUED).count() == 1


def test_sources_are_found_without_script(as_alice, alice, bob):
    source = published(bob, "Harbour, wind from the east")
    work = written(alice)
    page = as_alice.get(url("sources", work.pk), {"q": "harbour"}).content.decode()
    assert "Harbour, wind from the east" in page
    answer = as_alice.post(
        url("sources", work.pk), {"source": source.get_absolute_url(), "kind": "adapts", "note": "x"}
    )
    assert answer.status_code == 302
    row = work.draft_sources.get()
    assert (row.source, row.kind, row.note) == (source, "adapts", "x")
    assert "Harbour" in as_alice.get(url("edit", work.pk)).content.decode()


@pytest.mark.parametrize("named", ["nonsense", "999999999", ""])
def test_a_source_that_is_not_there_is_refused(as_alice, alice, named):
    work = written(alice)
    answer = as_alice.post(url("sources", work.pk), {"source": named, "kind": "reuses"})
    assert answer.status_code == 422


def test_a_source_from_elsewhere_is_described(as_alice, alice):
    work = written(alice)
    data = {
        "from": "elsewhere",
        "external-title": "Tide tables",
        "external-author": "Harbour office",
        "external-licence_name": "CC BY 4.0",
        "external-kind": "reuses",
    }
    assert as_alice.post(url("sources", work.pk), data).status_code == 302
    row = work.draft_sources.get()
    assert row.external.title == "Tide tables"
    changed = {"kind": "inspired", "note": "Only the numbers", "on": "sources"}
    as_alice.post(url("source", work.pk, row.pk), changed)
    row.refresh_from_db()
    assert row.kind == "inspired"
    as_alice.post(url("source", work.pk, row.pk), {"remove": "1"})
    assert not work.draft_sources.exists()


def test_a_new_version_takes_the_place_of_the_first(as_alice, alice):
    first = actions.receive_file(actor=alice, file=png_file())
    run_jobs()
    answer = as_alice.post(url("versions", first.contribution_id), {"file": png_file(colour="#a35f05"), "note": "Warm"})
    assert answer.status_code == 302
    run_jobs()
    work = Contribution.objects.get()
    assert work.current_version.number == 2
    as_alice.post(url("versions", work.pk), {"show": "1"})
    work.refresh_from_db()
    assert work.current_version.number == 1
    assert b"Version 2" in as_alice.get(url("versions", work.pk)).content


def test_withdrawing_asks_first(as_alice, alice):
    work = published(alice)
    assert b"Withdraw" in as_alice.get(url("withdraw", work.pk)).content
    work.refresh_from_db()
    assert work.is_published
    as_alice.post(url("withdraw", work.pk), {"reason": "Found a better ending"})
    work.refresh_from_db()
    assert work.status == Contribution.Status.WITHDRAWN


def test_a_draft_is_deleted_after_a_question(as_alice, alice):
    work = written(alice)
    assert as_alice.get(url("discard", work.pk)).status_code == 200
    as_alice.post(url("discard", work.pk))
    assert not Contribution.objects.exists()


def test_comments_go_to_their_place_on_the_page(as_alice, bob):
    work = published(bob)
    answer = as_alice.post(url("comment", work.pk), {"body": "Lovely"})
    comment = work.comments.get()
    assert answer.url.endswith(f"#comment-{comment.pk}")
    assert as_alice.post(url("comment", work.pk), {"body": "  "}).status_code == 422
    as_alice.post(url("hide_comment", work.pk, comment.pk), {"reason": "typo"})
    comment.refresh_from_db()
    assert comment.hidden_at


def test_files_are_listed_for_all_and_originals_for_their_artist(as_alice, client, alice, bob):
    version = actions.receive_file(actor=alice, file=png_file("secret_name.png"))
    run_jobs()
    work = declared(Contribution.objects.get(), alt_text="Blue")
    actions.publish_contribution(actor=alice, contribution=work)
    assert "secret_name.png" in as_alice.get(url("files", work.pk)).content.decode()
    assert as_alice.get(url("original", work.pk, version.number)).status_code == 200
    client.force_login(bob)
    page = client.get(url("files", work.pk)).content.decode()
    assert "secret_name.png" not in page
    assert "image/64.webp" in page
    assert client.get(url("original", work.pk, version.number)).status_code == 404


def test_a_maker_who_wants_to_be_asked_answers_on_a_page(client, alice, bob):
    source = published(alice, remix_permission="ask")
    work = written(bob, "Reply")
    row = actions.add_source(actor=bob, contribution=work, source=source)
    client.force_login(alice)
    assert bob.display_name in client.get(url("requests", source.pk)).content.decode()
    client.post(url("requests", source.pk), {"row": row.pk, "answer": "yes"})
    row.refresh_from_db()
    assert row.granted


def test_shares_are_agreed_on_a_page(client, alice, bob):
    work = written(alice)
    actions.set_shares(actor=alice, contribution=work, shares={alice: (6000, "words"), bob: (4000, "music")})
    client.force_login(bob)
    assert b"40%" in client.get(url("shares", work.pk)).content
    client.post(url("shares", work.pk), {"agree": "1"})
    assert work.shares.get(artist=bob).agreed_at
