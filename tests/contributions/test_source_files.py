"""Source files: given by the artist, cleaned in the sandbox, taken by others, asked for once."""

import datetime as dt
import io
import uuid

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from contributions import actions, files, scratch
from contributions.errors import NotYours, QuotaExceeded, WrongState
from contributions.models import Contribution, SourceFile, Upload
from profiles.models import Event, Notice
from tests import media
from tests.contributions.works import but_for_credentials, given, png, png_file, published, uploaded, written
from tests.support.queries import cost_of


@pytest.fixture
def work(alice):
    """A published text, to which files can be given."""
    return published(alice)


def body(answer):
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def files_of(client, work):
    return client.get(reverse("contributions:files", args=[work.pk])).content.decode()


def test_a_file_is_given_cleaned_and_taken(client, anywhere, alice, charlie, work):
    row = actions.receive_source_file(actor=alice, contribution=work, file=png_file(), label=" Lamp,  layer 1 ")
    assert (row.label, row.status, row.ready_at) == ("Lamp, layer 1", "queued", None)
    client.force_login(charlie)
    assert client.get(row.get_absolute_url()).status_code == 404
    actions.run_cleaning(row_id=row.pk)
    row.refresh_from_db()
    assert (row.status, row.progress, row.mime, row.clean_mime) == ("done", 100, "image/png", "image/png")
    answer = client.get(row.get_absolute_url())
    assert answer["Content-Disposition"] == f"attachment; filename*=UTF-8''{work.pk}-source-{row.pk}.png"
    assert answer["X-Content-Type-Options"] == "nosniff"
    with Image.open(io.BytesIO(body(answer))) as taken, Image.open(io.BytesIO(png())) as meant:
        assert taken.tobytes() == meant.tobytes()
    row.refresh_from_db()
    assert row.clean_sha256 in files_of(client, work)


def test_a_second_run_changes_nothing(alice, work):
    row = given(work, png_file())
    actions.run_cleaning(row_id=row.pk)
    assert SourceFile.objects.get(pk=row.pk).clean_key == row.clean_key
    assert Event.objects.filter(verb="contributions.source_file_ready").count() == 1


def test_the_untouched_original_is_its_artists_alone(client, alice, charlie, sam, work):
    row = given(work, png_file())
    address = reverse("contributions:source_original", args=[work.pk, row.pk])
    for viewer, status in ((charlie, 404), (sam, 404), (alice, 200)):
        client.force_login(viewer)
        answer = client.get(address)
        assert answer.status_code == status
    assert (answer["Content-Type"], body(answer)) == ("application/octet-stream", png())


def test_it_comes_by_tus_through_the_same_path(tusd, alice, work):
    metadata = {"filename": "bass-dry.png", "purpose": "source_file", "contribution": str(work.pk)}
    address = tusd.create(len(png()), **metadata)["Location"]
    tusd.patch(address, png(), 0)
    row = SourceFile.objects.get()
    assert (row.label, row.bytes, row.upload.purpose) == ("Bass dry", len(png()), "source_file")
    assert work.versions.count() == 1
    fragment = tusd.client.get(reverse("contributions:upload_row", args=[row.upload_id]))
    assert "A clean copy for others is being made" in fragment.content.decode()
    again = actions.receive_upload(actor=alice, upload=row.upload)
    assert again == row


def test_a_purpose_that_nothing_has_is_refused(tusd, bob, work):
    assert tusd.create(5, purpose="malware").status_code == 400
    assert tusd.create(5, purpose="source_file").status_code == 400
    other = published(bob)
    assert tusd.create(5, purpose="source_file", contribution=str(other.pk)).status_code == 404


def test_nobody_gives_files_with_anothers_work_or_one_that_is_gone(alice, bob, work):
    with pytest.raises(NotYours):
        actions.receive_source_file(actor=bob, contribution=work, file=png_file())
    actions.withdraw(actor=alice, contribution=work)
    with pytest.raises(WrongState):
        actions.receive_source_file(actor=alice, contribution=work, file=png_file())


def test_source_files_count_towards_the_room_of_their_artist(alice, work, settings):
    given(work, png_file())
    settings.ARTIST_QUOTA_BYTES = SourceFile.objects.get().bytes + 10
    with pytest.raises(QuotaExceeded):
        actions.begin_upload(actor=alice, length=11, contribution=work, purpose=Upload.Purpose.SOURCE_FILE)


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("stems.zip", b"PK\x03\x04" + bytes(60), "an archive"),
        ("mix.gz", b"\x1f\x8b" + bytes(60), "an archive"),
        ("art.svg", b'<svg xmlns="http://www.w3.org/2000/svg"/>', "an SVG drawing"),
        ("layers.psd", b"8BPS" + bytes(60), "a Photoshop file"),
        ("what.bin", bytes(range(128, 256)) * 8, "could not tell"),
        ("nothing.wav", b"", "empty"),
    ],
)
def test_what_we_cannot_clean_is_refused_with_a_reason(client, alice, charlie, work, name, data, words):
    row = given(work, SimpleUploadedFile(name, data))
    assert row.status == SourceFile.Status.FAILED
    assert words in row.failure_reason
    assert words in Notice.objects.get(recipient=alice).text
    client.force_login(alice)
    assert words in files_of(client, work)
    client.force_login(charlie)
    assert "No source files given" in files_of(client, work)
    assert client.get(row.get_absolute_url()).status_code == 404


def test_a_failed_file_can_be_tried_again_by_its_artist(client, alice, bob, work):
    row = given(work, SimpleUploadedFile("nothing.wav", b""))
    with pytest.raises(NotYours):
        actions.retry_source_file(actor=bob, row=row)
    client.force_login(alice)
    address = reverse("contributions:change_source_file", args=[work.pk, row.pk])
    assert client.post(address, {"retry": "1"}).status_code == 302
    row.refresh_from_db()
    assert (row.status, row.failure_reason, row.attempts) == ("queued", "", 0)
    with pytest.raises(WrongState):
        actions.retry_source_file(actor=alice, row=row)


def test_a_file_whose_worker_died_is_taken_by_another(alice, work):
    row = actions.receive_source_file(actor=alice, contribution=work, file=png_file())
    late = timezone.now() - dt.timedelta(minutes=5)
    SourceFile.objects.filter(pk=row.pk).update(status="running", lease=uuid.uuid4(), lease_until=late, attempts=1)
    assert actions.reap_source_files() == 1
    assert SourceFile.objects.get(pk=row.pk).status == "queued"
    actions.run_cleaning(row_id=row.pk)
    assert SourceFile.objects.get(pk=row.pk).attempts == 2
    assert actions.reap_source_files() == 0


def test_a_file_that_wears_out_its_workers_is_given_up(alice, work):
    row = actions.receive_source_file(actor=alice, contribution=work, file=png_file())
    SourceFile.objects.filter(pk=row.pk).update(attempts=3)
    actions.run_cleaning(row_id=row.pk)
    row.refresh_from_db()
    assert (row.status, row.failure_code) == ("failed", "worn-out")


def test_a_kill_from_outside_does_not_count_as_an_attempt_and_leaves_no_copy(alice, work):
    row = actions.receive_source_file(actor=alice, contribution=work, file=png_file())
    default_storage.save(f"{files.folder_of_given(row.pk)}/of-a-killed-worker.png", ContentFile(b"half"))
    late = timezone.now() - dt.timedelta(minutes=5)
    SourceFile.objects.filter(pk=row.pk).update(status="running", lease=uuid.uuid4(), lease_until=late, attempts=3)
    assert actions.reap_source_files() == 1
    actions.run_cleaning(row_id=row.pk)
    row.refresh_from_db()
    assert (row.status, row.attempts) == ("done", 4)
    assert Event.objects.filter(verb="contributions.preparation_interrupted").count() == 1
    assert list(files.stored_below(files.folder_of_given(row.pk))) == [row.clean_key]


def test_a_storage_that_lost_the_file_is_tried_again_later(alice, work):
    row = actions.receive_source_file(actor=alice, contribution=work, file=png_file())
    default_storage.delete(row.key)
    actions.run_cleaning(row_id=row.pk)
    row.refresh_from_db()
    assert (row.status, row.attempts) == ("queued", 1)
    assert "cannot be read" in row.log


def test_the_folder_of_work_under_way_is_not_swept(alice, work, tmp_path, settings):
    settings.SCRATCH_DIR = str(tmp_path)
    row = actions.receive_source_file(actor=alice, contribution=work, file=png_file())
    row.lease, row.status = uuid.uuid4(), "running"
    row.save()
    with scratch.private_folder(row) as folder:
        assert scratch.sweep() == 0
        assert folder.exists()
        SourceFile.objects.filter(pk=row.pk).update(lease=uuid.uuid4())
        assert scratch.sweep() == 1


def test_it_is_named_anew_and_taken_away_by_its_artist_alone(
    client, alice, bob, work, django_capture_on_commit_callbacks
):
    row = given(work, png_file())
    with pytest.raises(NotYours):
        actions.remove_source_file(actor=bob, row=row)
    with pytest.raises(NotYours):
        actions.label_source_file(actor=bob, row=row, label="Mine")
    with pytest.raises(WrongState):
        actions.label_source_file(actor=alice, row=row, label="  ")
    address = reverse("contributions:change_source_file", args=[work.pk, row.pk])
    client.force_login(bob)
    assert client.post(address, {"remove": "1"}).status_code == 404
    client.force_login(alice)
    client.post(address, {"label": "Bass, wet"})
    assert "Bass, wet" in files_of(client, work)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(address, {"remove": "1"})
    assert not SourceFile.objects.exists()
    assert not default_storage.exists(row.key)
    assert not default_storage.exists(row.clean_key)
    actions.remove_source_file(actor=alice, row=row)


def test_a_discarded_draft_takes_its_source_files_along(alice, django_capture_on_commit_callbacks):
    draft = written(alice)
    row = given(draft, png_file())
    with django_capture_on_commit_callbacks(execute=True):
        actions.discard_draft(actor=alice, contribution=draft)
    assert not Contribution.objects.exists()
    assert not default_storage.exists(row.clean_key)


def test_files_are_asked_for_once_a_person_and_the_answer_is_told(client, alice, charlie, work):
    client.force_login(charlie)
    address = reverse("contributions:ask_for_files", args=[work.pk])
    assert "Ask Alice for them" in files_of(client, work)
    assert "has been asked" in client.post(address, follow=True).content.decode()
    assert "asked Alice before" in client.post(address, follow=True).content.decode()
    assert Notice.objects.filter(recipient=alice, event__verb="contributions.files_asked").count() == 1
    assert "You have asked Alice" in files_of(client, work)
    given(work, png_file())
    assert "has a source file now" in Notice.objects.get(recipient=charlie).text


def test_one_does_not_ask_oneself_or_for_a_draft(alice, bob, work):
    with pytest.raises(NotYours):
        actions.ask_for_files(actor=alice, contribution=work)
    with pytest.raises(WrongState):
        actions.ask_for_files(actor=bob, contribution=written(alice))


def test_a_plain_form_gives_a_file_and_an_empty_one_says_so(client, alice, charlie, work):
    address = reverse("contributions:files", args=[work.pk])
    client.force_login(charlie)
    assert client.post(address, {"file": png_file()}).status_code == 404
    client.force_login(alice)
    assert client.post(address, {}).status_code == 422
    assert "The file has arrived" in client.post(address, {"file": png_file()}, follow=True).content.decode()
    assert SourceFile.objects.get().label == "Lamp room 02"


def test_thirty_files_cost_no_more_queries_than_three(client, alice, work):
    row = given(work, png_file())
    address = reverse("contributions:files", args=[work.pk])

    def more(numbers):
        SourceFile.objects.bulk_create(
            SourceFile(
                contribution=work,
                label=f"Take {n}",
                key=f"k{n}",
                bytes=1,
                ready_at=row.ready_at,
                clean_mime="image/png",
            )
            for n in numbers
        )

    more(range(3))
    before = cost_of(client, address)
    more(range(3, 30))
    assert cost_of(client, address) == before


SOURCES = {
    "photo.jpg": media.turned,
    "take.mp3": lambda path: media.recording(path, seconds=1),
    "take.flac": lambda path: media.recording(path, seconds=1),
    "take.m4a": lambda path: media.recording(path, seconds=1),
    "shot.mov": lambda path: media.film(path, seconds=1),
    "shot.mkv": lambda path: media.film(path, seconds=1, more=("-metadata", f"title={media.CANARY}")),
    "moving.gif": lambda path: media.animation(path, frames=3),
    "words.md": lambda path: media.words(path, text=media.SCRIPTS),
    "book.epub": media.book,
}
KINDS = {
    "photo.jpg": "image/jpeg",
    "take.mp3": "audio/flac",
    "take.flac": "audio/flac",
    "take.m4a": "audio/flac",
    "shot.mov": "video/mp4",
    "shot.mkv": "video/mp4",
    "moving.gif": "image/webp",
    "words.md": "text/plain",
    "book.epub": "text/html",
}


@pytest.mark.parametrize("name", list(SOURCES))
def test_nothing_hidden_in_a_source_file_is_handed_out(client, tmp_path, alice, work, name):
    path = SOURCES[name](tmp_path / name)
    row = given(work, uploaded(path))
    assert row.failure_reason == ""
    assert row.clean_mime == KINDS[name]
    data = but_for_credentials(body(client.get(row.get_absolute_url())))
    for hidden in (media.CANARY.encode(), str(media.LATITUDE).encode(), b"Exif\0\0", b"ID3\4\0", b"Lavf", b"x264"):
        assert hidden not in data
