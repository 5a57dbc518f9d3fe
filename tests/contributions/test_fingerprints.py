"""The missing source: prints of real files by real preparation, the kind question, its answers, and no leak."""

import io
import subprocess
from pathlib import Path

import imageio_ffmpeg
import numpy as np
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image, ImageDraw, ImageOps

from contributions import actions, likeness
from contributions.actions.fingerprinting import compare
from contributions.errors import LeaseLost, NotYours, WrongState
from contributions.fingerprints import EDITION, Kind, Print
from contributions.models import Contribution, Fingerprint, Likeness, Remix
from contributions.transcoding.printing import wanted
from profiles.models import Event
from tests.contributions.works import declared, published, run_jobs, written
from tests.support.queries import cost_of

LETTER = """The lamp turns once for every boat that never learned the shore, and once for those who keep
afloat by rowing as before. Count slowly. Let the dark go by. Nobody is asked to be brave for longer than
the beam is away, and it is never away for longer than eleven seconds, which I have measured on the
kitchen clock with the door open and my coat on."""


def drawing(seed: int = 1, size: tuple[int, int] = (400, 320)) -> Image.Image:
    """A picture with something to see, unlike that of any other seed."""
    rng = np.random.default_rng(seed)
    coarse = Image.fromarray(rng.integers(0, 255, (7, 9, 3), dtype=np.uint8)).resize(size, Image.Resampling.BICUBIC)
    draw = ImageDraw.Draw(coarse)
    for _ in range(6):
        x, y, reach = (int(part) for part in rng.integers(20, 300, 3))
        draw.ellipse((x, y, x + reach, y + reach // 2), fill=tuple(int(part) for part in rng.integers(0, 255, 3)))
    return coarse


def as_file(picture: Image.Image, name: str = "a.png", **options: int) -> SimpleUploadedFile:
    """The picture as a form sends it."""
    out = io.BytesIO()
    picture.save(out, "jpeg" if name.endswith("jpg") else "png", **options)
    return SimpleUploadedFile(name, out.getvalue())


def prepared(artist, file) -> Contribution:
    """A draft of this file, ready to be published."""
    version = actions.receive_file(actor=artist, file=file)
    run_jobs()
    return Contribution.objects.get(pk=version.contribution_id)


def out_there(artist, file, title: str = "Lamp study", **details) -> Contribution:
    """The same, published."""
    work = declared(prepared(artist, file), title=title, alt_text="A lamp", **details)
    return actions.publish_contribution(actor=artist, contribution=work)


def a_text(artist, body: str, title: str = "A letter", **details) -> Contribution:
    """A published text."""
    return actions.publish_contribution(actor=artist, contribution=declared(written(artist, title, body), **details))


def asked_about(work: Contribution) -> list[int]:
    """Which works the artist of a draft is asked about."""
    return [row.source_id for row in likeness.questions_for(work)]


# -- one of each medium, through the sandbox


def test_a_cropped_mirrored_and_recompressed_picture_is_known_again(alice, bob):
    source = out_there(alice, as_file(drawing()))
    out_there(alice, as_file(drawing(2)), "Another")
    changed = ImageOps.mirror(drawing()).crop((0, 0, 360, 288))
    assert asked_about(prepared(bob, as_file(changed, "b.jpg", quality=60))) == [source.pk]


def test_the_very_same_file_is_the_strongest(alice, bob):
    source = a_text(alice, "The lamp is lit.")
    draft = written(bob, "Mine", "The lamp is lit.")
    assert [(row.source_id, row.strength) for row in likeness.questions_for(draft)] == [(source.pk, 1000)]


def test_an_excerpt_of_a_text_is_known_again_in_other_clothes(alice, bob):
    source = a_text(alice, LETTER)
    a_text(alice, "Bread, oil, two wicks, the good scissors, a letter for the mainland and nothing else.", "A list")
    excerpt = " ".join(LETTER.split()[8:50]).upper()
    assert asked_about(written(bob, "Mine", f"It was written on a wall:\n\n{excerpt}\n\nand I read it.")) == [source.pk]


def sounding(path: Path, seed: int, seconds: int = 16) -> Path:
    """A recording of notes and noise."""
    rng, rate = np.random.default_rng(seed), 22_050
    sound = rng.normal(0, 300, seconds * rate)
    for begin in np.arange(0, seconds - 1, 0.25):
        time = np.arange(rate) / rate
        pitch = 110 * 2 ** (rng.integers(0, 36) / 12)
        shape = sum(np.sin(2 * np.pi * pitch * n * time) / n for n in (1, 2, 3)) * np.exp(-3 * time)
        sound[int(begin * rate) : int(begin * rate) + rate] += 5000 * shape
    raw = sound.clip(-32_000, 32_000).astype("<i2").tobytes()
    ffmpeg("-f", "s16le", "-ar", str(rate), "-ac", "1", "-i", "-", str(path), body=raw)
    return path


def ffmpeg(*arguments: str, body: bytes = b"") -> None:
    """Run it; a failure fails the test."""
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-y", "-v", "error", *arguments]
    subprocess.run(command, input=body, check=True, capture_output=True, timeout=60)


def uploaded(path: Path) -> SimpleUploadedFile:
    """A file as a form sends it."""
    return SimpleUploadedFile(path.name, path.read_bytes())


def test_ten_seconds_of_a_sound_a_little_higher_are_known_again(alice, bob, tmp_path):
    source = out_there(alice, uploaded(sounding(tmp_path / "whole.flac", 1)))
    out_there(alice, uploaded(sounding(tmp_path / "other.flac", 2)), "Another")
    part = tmp_path / "part.mp3"
    higher = "asetrate=22713,aresample=22050,atempo=0.971"
    ffmpeg("-ss", "4", "-t", "10", "-i", str(tmp_path / "whole.flac"), "-af", higher, str(part))
    assert asked_about(prepared(bob, uploaded(part))) == [source.pk]


def moving(path: Path, seeds: list[int], sound: Path) -> Path:
    """A film that looks across one drawing after the other, two seconds each."""
    frames = b"".join(
        drawing(seed).crop((n * 4, n * 2, n * 4 + 240, n * 2 + 180)).tobytes() for seed in seeds for n in range(20)
    )
    still = ("-f", "rawvideo", "-pix_fmt", "rgb24", "-s", "240x180", "-r", "10", "-i", "-")
    ffmpeg(*still, "-i", str(sound), "-shortest", "-pix_fmt", "yuv420p", str(path), body=frames)
    return path


def test_a_silent_excerpt_of_a_film_and_its_mere_sound_are_known_again(alice, bob, tmp_path):
    sound = sounding(tmp_path / "sound.flac", 3, seconds=12)
    film = moving(tmp_path / "film.mp4", [1, 2, 3, 4, 5], sound)
    source = out_there(alice, uploaded(film))
    ffmpeg("-ss", "2.3", "-t", "6", "-i", str(film), "-an", "-vf", "scale=160:120", str(tmp_path / "part.mp4"))
    assert asked_about(prepared(bob, uploaded(tmp_path / "part.mp4"))) == [source.pk]
    assert asked_about(prepared(bob, uploaded(sound))) == [source.pk]


def test_a_plain_picture_is_like_none(alice, bob):
    out_there(alice, as_file(Image.new("RGB", (300, 200), "teal")))
    assert asked_about(prepared(bob, as_file(Image.new("RGB", (310, 210), "teal")))) == []


# -- whom it names, and whom it never does


def test_drafts_withdrawn_and_removed_works_are_never_named(alice, bob, charlie, sam):
    written(alice, "Half a letter", LETTER)
    withdrawn = a_text(alice, LETTER)
    actions.withdraw(actor=alice, contribution=withdrawn)
    removed = a_text(charlie, LETTER)
    draft = written(bob, "Mine", LETTER)
    assert asked_about(draft) == [removed.pk]
    actions.remove(actor=sam, contribution=removed, reason="Spam")
    assert asked_about(draft) == []
    assert asked_about(written(bob, "Mine too", LETTER)) == []


def test_withdrawing_deletes_the_fingerprints(alice):
    work = a_text(alice, LETTER)
    assert Fingerprint.objects.filter(version__contribution=work, kind=Kind.TEXT).count() > 10
    actions.withdraw(actor=alice, contribution=work)
    assert not Fingerprint.objects.exists()


def test_a_discarded_draft_leaves_no_fingerprint(alice, bob):
    a_text(alice, LETTER)
    draft = written(bob, "Mine", LETTER)
    actions.discard_draft(actor=bob, contribution=draft)
    assert set(Fingerprint.objects.values_list("version__contribution__artist", flat=True)) == {alice.pk}
    assert not Likeness.objects.exists()


def test_an_artist_is_asked_about_an_own_work_but_not_about_the_work_itself(alice, client):
    mine = a_text(alice, LETTER)
    draft = written(alice, "Again", LETTER)
    assert asked_about(draft) == [mine.pk]
    client.force_login(alice)
    assert "your own" in client.get(draft.edit_url).content.decode()
    mine = actions.write_text(actor=alice, contribution=mine, title="A letter", body=f"{LETTER} The end.")
    actions.prepare_text(actor=alice, contribution=mine)
    run_jobs()
    assert Fingerprint.objects.filter(kind=Kind.EDITION, version__contribution=mine).count() == 2
    assert not Likeness.objects.filter(contribution=mine).exists()


def test_sources_and_their_sources_are_not_asked_about(alice, bob, charlie):
    first = a_text(alice, LETTER)
    second = declared(written(bob, "Second", LETTER + " And the lamp goes on turning over the water until morning."))
    assert asked_about(second) == [first.pk]
    actions.add_source(actor=bob, contribution=second, source=first)
    assert asked_about(second) == []
    second = actions.publish_contribution(actor=bob, contribution=second)
    third = written(charlie, "Third", LETTER)
    assert set(asked_about(third)) == {first.pk, second.pk}
    actions.add_source(actor=charlie, contribution=third, source=second)
    assert asked_about(third) == []


def test_at_most_three_are_asked_about_the_most_alike_first(alice, bob):
    words = LETTER.split()
    works = [a_text(alice, " ".join(words[: 20 + 14 * n]), f"Part {n}") for n in range(4)]
    assert asked_about(written(bob, "All", LETTER)) == [work.pk for work in reversed(works[1:])]


def test_every_look_up_has_its_index(alice):
    version = written(alice).versions.get()
    with CaptureQueriesContext(connection) as asked:
        likeness.resembled_by(version, [Print(Kind.PICTURE, 0, 77), Print(Kind.TEXT, 0, 77)])
    plans = ""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        for query in asked.captured_queries:
            if "contributions_fingerprint" in query["sql"]:
                cursor.execute(f"EXPLAIN {query['sql']}")
                plans += "\n".join(row[0] for row in cursor.fetchall())
    for index in ("fingerprint_value", *(f"fingerprint_band_{band}" for band in range(4))):
        assert f"Index Only Scan using {index}" in plans


# -- the answer


def test_one_press_names_the_source(alice, bob, client):
    source = a_text(alice, LETTER, remix_permission="no")
    draft = written(bob, "Mine", LETTER)
    client.force_login(bob)
    page = client.get(draft.edit_url).content.decode()
    assert "A letter" in page
    assert "only be named as an inspiration" in page
    answer = client.post(reverse("contributions:likeness", args=[draft.pk, source.pk]), {"yes": "1"})
    assert answer.status_code == 302
    assert draft.draft_sources.get().kind == "inspired"
    assert "Did you build on" not in client.get(draft.edit_url).content.decode()


def test_no_is_remembered_also_when_the_words_change(alice, bob, client):
    source = a_text(alice, LETTER)
    draft = written(bob, "Mine", LETTER)
    client.force_login(bob)
    client.post(reverse("contributions:likeness", args=[draft.pk, source.pk]), {"no": "1"})
    assert asked_about(draft) == []
    assert Event.objects.filter(verb="contributions.likeness_denied", actor=bob).count() == 1
    actions.write_text(actor=bob, contribution=draft, title="Mine", body=f"{LETTER} The end.")
    actions.prepare_text(actor=bob, contribution=draft)
    run_jobs()
    assert asked_about(draft) == []
    assert not draft.draft_sources.exists()
    with pytest.raises(WrongState):
        actions.deny_likeness(actor=bob, contribution=draft, source=source)


def test_only_its_artist_answers_and_only_what_was_asked(alice, bob, charlie, client):
    source = a_text(alice, LETTER)
    hidden = written(alice, "Not for you")
    draft = written(bob, "Mine", LETTER)
    with pytest.raises(NotYours):
        actions.deny_likeness(actor=charlie, contribution=draft, source=source)
    client.force_login(charlie)
    assert client.post(reverse("contributions:likeness", args=[draft.pk, source.pk]), {"yes": "1"}).status_code == 404
    client.force_login(bob)
    address = reverse("contributions:likeness", args=[draft.pk, hidden.pk])
    page = client.post(address, {"yes": "1"}, follow=True)
    assert "not open any more" in page.content.decode()
    assert not draft.draft_sources.exists()
    assert client.get(address).status_code == 405


def test_nothing_of_it_blocks_or_shows_once_published(alice, bob, client):
    source = a_text(alice, LETTER)
    work = a_text(bob, LETTER, "Copy")
    assert work.is_published
    assert not Remix.objects.exists()
    assert asked_about(work) == []
    client.force_login(bob)
    for address in (work.get_absolute_url(), work.edit_url, source.get_absolute_url()):
        assert "Did you build on" not in client.get(address).content.decode()


def test_the_question_comes_with_the_status_when_the_file_is_ready(alice, bob, client):
    a_text(alice, LETTER)
    draft = written(bob, "Mine", LETTER)
    client.force_login(bob)
    address = reverse("contributions:status", args=[draft.pk])
    part = client.get(address, headers={"HX-Request": "true"}).content.decode()
    assert 'id="likenesses" hx-swap-oob="true"' in part
    row = client.get(address, {"as": "row"}, headers={"HX-Request": "true"}).content.decode()
    assert "likenesses" not in row


def test_the_page_costs_the_same_for_one_question_and_for_three(alice, bob, client):
    client.force_login(bob)
    a_text(alice, LETTER)
    draft = written(bob, "Mine", LETTER)
    before = cost_of(client, draft.edit_url)
    for number in range(3):
        a_text(alice, LETTER, f"Again {number}")
    more = written(bob, "Mine too", LETTER)
    assert len(asked_about(more)) == 3
    assert cost_of(client, more.edit_url) == before


# -- doing it again, and for works prepared earlier


def stored(version) -> list[tuple[int, int, int]]:
    """The prints of a version."""
    return sorted(version.fingerprints.values_list("kind", "place", "value"))


def test_preparing_a_work_again_replaces_its_prints_and_its_questions(alice, bob):
    source = a_text(alice, LETTER)
    draft = written(bob, "Mine", LETTER)
    version = draft.versions.get()
    assert asked_about(draft) == [source.pk]
    before = stored(version)
    actions.write_text(actor=bob, contribution=draft, title="Mine", body="Bread, oil, two wicks and the good scissors.")
    actions.prepare_text(actor=bob, contribution=draft)
    run_jobs()
    assert draft.versions.get() == version
    assert not {row for row in stored(version) if row[0] == Kind.TEXT} & set(before)
    assert asked_about(draft) == []
    actions.write_text(actor=bob, contribution=draft, title="Mine", body=LETTER)
    actions.prepare_text(actor=bob, contribution=draft)
    run_jobs()
    assert stored(version) == before
    assert asked_about(draft) == [source.pk]


def test_prints_are_not_kept_by_a_worker_that_lost_the_job(alice, tmp_path):
    version = written(alice, "A letter", LETTER).versions.get()
    before = stored(version)

    def lost() -> None:
        raise LeaseLost("job 1")

    (tmp_path / "body.html").write_text("<p>Other words than those, and enough of them to have a print.</p>")
    with pytest.raises(LeaseLost):
        compare(version, {"text/body.html": tmp_path / "body.html"}, tmp_path, lambda *_: None, holding=lost)
    assert stored(version) == before


def test_signing_the_files_leaves_the_prints_as_they_are(alice, tmp_path):
    works = [
        out_there(alice, as_file(drawing())),
        out_there(alice, uploaded(sounding(tmp_path / "a.flac", 5, seconds=8)), "Steps"),
    ]
    for work in works:
        version = work.versions.get()
        before = stored(version)
        for rendition in version.renditions.filter(name__in=wanted(work.medium, version.rendition_names)):
            assert actions.sign_for_download(rendition=rendition).signed_at
        assert stored(version) == before
        version.fingerprints.filter(kind=Kind.EDITION).delete()
        assert actions.fingerprint_version(version_id=version.pk)
        assert stored(version) == before


def test_a_second_run_leaves_the_same_prints(alice):
    version = written(alice, "A letter", LETTER).versions.get()
    before = sorted(Fingerprint.objects.values_list("version", "kind", "place", "value"))
    Fingerprint.objects.filter(kind=Kind.EDITION).delete()
    assert actions.fingerprint_version(version_id=version.pk)
    assert sorted(Fingerprint.objects.values_list("version", "kind", "place", "value")) == before
    assert not actions.fingerprint_version(version_id=version.pk)


def test_the_command_fills_in_what_was_prepared_earlier(alice, bob, finish_jobs, capsys):
    source = a_text(alice, LETTER)
    draft = written(bob, "Mine", LETTER)
    text = published(alice)
    Fingerprint.objects.all().delete()
    Likeness.objects.all().delete()
    with finish_jobs():
        call_command("fingerprint_works", most=2)
    assert "2 queued, 1 left" in capsys.readouterr().out
    with finish_jobs():
        call_command("fingerprint_works")
    assert "1 queued, 0 left" in capsys.readouterr().out
    done = Fingerprint.objects.filter(kind=Kind.EDITION, value=EDITION)
    assert set(done.values_list("version__contribution", flat=True)) == {source.pk, draft.pk, text.pk}
    assert asked_about(draft) == [source.pk]
    with pytest.raises(CommandError):
        call_command("fingerprint_works", most=0)


def test_a_version_whose_files_are_gone_is_left_without_and_says_so(alice, caplog):
    work = a_text(alice, LETTER)
    version = work.versions.get()
    Fingerprint.objects.all().delete()
    version.renditions.all().delete()
    assert actions.fingerprint_version(version_id=version.pk)
    assert not Fingerprint.objects.exclude(kind=Kind.EDITION).exists()
