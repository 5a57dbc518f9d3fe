"""Words of sounds and films: read strictly, written anew, served behind the access check."""

import re
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from contributions import actions
from contributions.errors import CaptionsRefused, NotYours, WrongState
from contributions.models import Caption, Contribution
from contributions.models.languages import language_name, tidy
from contributions.subtitles import LONGEST_CUE, MOST_BYTES, Cue, Unreadable, decoded, parse, plain, written
from profiles.models import Event
from tests import media
from tests.contributions.works import declared, published, run_jobs
from tests.pages.world import published_file

VTT = b"""WEBVTT - made by hand

STYLE
::cue { background: url(https://example.org/spy) }

REGION
id:fred width:40%

NOTE the second voice was recorded later

intro
00:00.500 --> 00:01.000 line:0 position:20%
<v Mara>The <b>lamp</b> is <c.loud>lit</c>.

00:01.100 --> 00:01.900
&lt;script&gt; and --&gt; are words
of two lines
"""
SRT = "1\r\n00:00:00,500 --> 00:00:01,000\r\n{\\an8}<i>Der Leuchtturm</i>\r\n\r\n2\r\n00:00:01,2 --> 00:00:01,9\r\nbrennt\r\n"


# Reading and writing


def test_webvtt_becomes_plain_words_with_times():
    assert parse(decoded(VTT)) == [
        Cue(500, 1000, "Mara: The lamp is lit."),
        Cue(1100, 1900, "<script> and --> are words\nof two lines"),
    ]


def test_srt_is_read_as_well():
    assert parse(SRT) == [Cue(500, 1000, "Der Leuchtturm"), Cue(1200, 1900, "brennt")]


def test_what_is_written_holds_nothing_that_a_browser_could_follow():
    text = written(parse(decoded(VTT)))
    assert text.startswith("WEBVTT\n\n00:00:00.500 --> 00:00:01.000\nMara: The lamp is lit.\n")
    for word in ("STYLE", "url(", "REGION", "line:0", "<", "NOTE"):
        assert word not in text
    assert text.count("-->") == 2


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_every_unicode_is_read(encoding):
    assert parse(decoded(SRT.replace("brennt", "灯台 é").encode(encoding)))[1].text == "灯台 é"


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("", "empty", 0),
        ("WEBVTT\n\nNOTE nothing yet\n", "empty", 0),
        ("<!doctype html>\n<p>Not captions</p>", "no-time", 1),
        ("WEBVTT\n\nOnly words\n", "no-time", 3),
        ("WEBVTT\n\n00:01 --> 00:02\nShort\n", "time", 3),
        ("WEBVTT\n\n00:61:00.000 --> 00:62:00.000\nLate\n", "time", 3),
        ("WEBVTT\n\n99:00:00.000 --> 99:00:01.000\nLate\n", "time", 3),
        ("WEBVTT\n\n00:02.000 --> 00:01.000\nBackwards\n", "backwards", 3),
        (f"WEBVTT\n\n00:01.000 --> 00:02.000\n{'a' * (LONGEST_CUE + 1)}\n", "too-long", 4),
        ("1\n00:00:01,000 --> 00:00:02,000\nGood\n\n2\nno time here\nat all\n", "no-time", 5),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_line(text, code, line):
    with pytest.raises(Unreadable) as refused:
        parse(text)
    assert (refused.value.code, refused.value.line) == (code, line)


def test_other_letters_and_too_much_are_refused():
    with pytest.raises(Unreadable, match="encoding in line 3"):
        decoded("1\n00:00:01,000 --> 00:00:02,000\nÄ".encode("latin-1"))
    with pytest.raises(Unreadable, match="too-large"):
        decoded(b"a" * (MOST_BYTES + 1))


def test_too_many_cues_are_refused(monkeypatch):
    monkeypatch.setattr("contributions.subtitles.MOST_CUES", 2)
    with pytest.raises(Unreadable, match="too-many"):
        parse("\n\n".join(f"00:0{n}.000 --> 00:0{n}.900\nx" for n in range(3)))


@given(st.text(max_size=200), st.text(max_size=200))
def test_whatever_the_words_they_come_back_as_they_were_written(first, second):
    cues = [Cue(n, n + 1, plain(text)) for n, text in enumerate((first, second)) if plain(text)]
    if cues:
        text = written(cues)
        assert text.count(" --> ") == len(cues)
        assert [cue.text for cue in parse(text)] == [cue.text for cue in cues]


@pytest.mark.parametrize(
    ("code", "neat", "name"),
    [
        ("EN", "en", "English"),
        ("pt-br", "pt-BR", "Português (Brasil)"),
        ("zh-hant", "zh-Hant", "中文 (繁體)"),
        ("qaa", "qaa", "qaa"),
    ],
)
def test_a_language_is_written_in_its_usual_letters_and_called_by_its_own_name(code, neat, name):
    assert tidy(code) == neat
    assert language_name(neat) == name


# The action


@pytest.fixture
def song(db, alice, tmp_path: Path) -> Contribution:
    """A published sound of two seconds."""
    return published_file(alice, media.recording(tmp_path / "song.wav", seconds=2), "Waltz")


def set_(work, **more):
    given_ = {"actor": work.artist, "contribution": work, "language": "en", "content": VTT, **more}
    return actions.set_captions(**given_)


def test_captions_are_kept_replaced_and_told(song):
    first = set_(song, language="EN")
    assert (first.language, first.label, first.cue_count, first.kind) == ("en", "English", 2, "captions")
    second = set_(song, content=SRT.encode(), kind="subtitles")
    assert second.pk == first.pk
    assert "Leuchtturm" in Caption.objects.get().body
    events = Event.objects.filter(verb="contributions.captions_set").order_by("pk")
    assert [event.payload["cues"] for event in events] == [2, 2]
    assert events[1].payload == {"language": "en", "kind": "subtitles", "cues": 2}


def test_only_the_artist_gives_a_work_its_words(song, bob):
    with pytest.raises(NotYours):
        set_(song, actor=bob)
    caption = set_(song)
    with pytest.raises(NotYours):
        actions.remove_captions(actor=bob, caption=caption)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"language": "englisch!"}, "code such as"),
        ({"content": b"no captions"}, "Line 1"),
        ({"content": b"\xff"}, "UTF-8"),
        ({"content": b""}, "no captions in this file"),
        ({"content": b"x" * (MOST_BYTES + 1)}, "1 MB"),
        ({"content": b"00:59:00.000 --> 00:59:01.000\nLate"}, "another one"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_kept(song, more, words):
    with pytest.raises((CaptionsRefused, WrongState), match=words):
        set_(song, **more)
    assert not Caption.objects.exists()


def test_writing_has_no_captions(alice, db):
    with pytest.raises(WrongState, match="sounds and films"):
        set_(published(alice))


def test_one_language_once_says_the_database_too(song):
    caption = set_(song)
    caption.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        caption.save(force_insert=True)


def test_taking_captions_away_twice_is_one_event(song, alice):
    caption = set_(song)
    for _ in range(2):
        actions.remove_captions(actor=alice, caption=caption)
    assert not Caption.objects.exists()
    assert Event.objects.filter(verb="contributions.captions_removed").count() == 1


def test_a_withdrawn_work_takes_its_words_along(song, alice, client):
    address = set_(song).url
    assert client.get(address).status_code == 200
    actions.withdraw(actor=alice, contribution=song)
    assert not Caption.objects.exists()
    assert client.get(address).status_code == 410


def test_a_removed_work_keeps_its_words_out_of_reach(song, sam, client):
    caption = set_(song)
    actions.remove(actor=sam, contribution=song, reason="Not hers")
    assert client.get(caption.url).status_code == 410
    assert client.get(caption.transcript_url).status_code == 410
    actions.restore(actor=sam, contribution=song)
    assert client.get(caption.url).status_code == 200


def test_a_draft_with_captions_can_be_discarded(alice, db, tmp_path):
    version = actions.receive_file(
        actor=alice,
        file=SimpleUploadedFile("a.wav", media.recording(tmp_path / "a.wav", seconds=2).read_bytes()),
    )
    run_jobs()
    work = declared(Contribution.objects.get(pk=version.contribution_id))
    set_(work)
    actions.discard_draft(actor=alice, contribution=work)
    assert not Caption.objects.exists()


# The pages


def test_the_track_has_the_headers_of_a_file(song, client):
    caption = set_(song)
    answer = client.get(caption.url)
    assert answer.headers["Content-Type"] == "text/vtt; charset=utf-8"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "private, max-age=60"
    assert answer.content.decode() == caption.body
    assert client.get(caption.url, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
    assert client.get(reverse("contributions:caption", args=[song.pk, "de"])).status_code == 404


def test_an_artist_adds_replaces_and_takes_away_on_one_page(song, alice, client):
    client.force_login(alice)
    address = reverse("contributions:captions", args=[song.pk])
    assert "No captions yet" in client.get(address).content.decode()
    file = SimpleUploadedFile("en.srt", SRT.encode())
    answer = client.post(address, {"language": "de", "kind": "captions", "content": file}, follow=True)
    assert "Deutsch: 2 captions." in answer.content.decode()
    caption = Caption.objects.get()
    answer = client.post(address, {"remove": caption.pk}, follow=True)
    assert "Deutsch is taken away." in answer.content.decode()
    assert not Caption.objects.exists()
    assert client.post(address, {"remove": "x"}).status_code == 404


def test_a_refused_file_names_its_line_and_keeps_the_answers(song, alice, client):
    client.force_login(alice)
    file = SimpleUploadedFile("en.vtt", b"WEBVTT\n\n00:02.000 --> 00:01.000\nx\n")
    address = reverse("contributions:captions", args=[song.pk])
    answer = client.post(address, {"language": "pt-BR", "kind": "subtitles", "content": file})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Line 3: the end is not after the beginning." in page
    assert 'value="pt-BR"' in page
    assert re.search(r'value="subtitles"[^>]*checked', page)
    for missing in ({}, {"language": "x y", "content": file}):
        assert client.post(address, missing).status_code == 422


def test_the_page_belongs_to_the_artist(song, bob, client):
    address = reverse("contributions:captions", args=[song.pk])
    assert client.get(address).status_code == 302
    client.force_login(bob)
    assert client.get(address).status_code == 404


def test_the_work_shows_the_transcript_in_the_readers_language(song, client):
    set_(song, language="de", content=SRT.encode())
    set_(song)
    page = client.get(song.get_absolute_url()).content.decode()
    assert "Mara: The lamp is lit." in page
    assert "&lt;script&gt; and --&gt; are words" in page
    assert "brennt" not in page
    assert 'href="#t=1" data-seek="1100"' in page
    whole = client.get(reverse("contributions:transcript", args=[song.pk, "de"])).content.decode()
    assert "brennt" in whole
    assert f'href="{song.get_absolute_url()}#t=1"' in whole


def test_a_long_transcript_stands_on_its_own_page(song, client):
    many = "\n\n".join(f"00:00.{n:03d} --> 00:01.{n:03d}\nWord number {n}" for n in range(100))
    caption = set_(song, content=many.encode())
    page = client.get(song.get_absolute_url()).content.decode()
    assert "Word number 59" in page
    assert "Word number 60" not in page
    assert "All of it, 100 captions" in page
    assert "Word number 99" in client.get(caption.transcript_url).content.decode()
