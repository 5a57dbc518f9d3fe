"""The missing source: prints of real files by real preparation, the kind question, its answers, and no leak."""

from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image, ImageOps

from contributions import actions, likeness
from contributions.errors import NotYours, WrongState
from contributions.fingerprints import Kind, Print
from contributions.models import Fingerprint, Likeness, Remix
from profiles.models import Event
from tests.contributions.likenesses import (
    LETTER,
    a_text,
    as_file,
    asked_about,
    drawing,
    ffmpeg,
    out_there,
    prepared,
    sounding,
    uploaded,
)
from tests.contributions.works import declared, run_jobs, written
from tests.support.queries import cost_of

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
    actions.prepare_text(actor=alice, contribution=mine, note="An end.")
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
        # Of an empty table every plan costs about the same: which one is taken depends on what ran before.
        cursor.execute(
            "INSERT INTO contributions_fingerprint (version_id, kind, place, value)"
            " SELECT %s, kind, place, hashint8extended(place, kind) FROM unnest(%s) kind, generate_series(1, 5000) place",
            [version.pk, [Kind.PICTURE, Kind.FRAME, Kind.SOUND, Kind.TEXT]],
        )
        cursor.execute("ANALYZE contributions_fingerprint")
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
