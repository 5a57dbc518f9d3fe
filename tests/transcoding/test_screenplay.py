"""Screenplays in Fountain: each element, what is left out, and that no other text is taken for one."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from contributions.transcoding import inspect
from contributions.transcoding.box.screenplay import Part, as_html, is_screenplay, parse
from tests import media
from tests.transcoding.conftest import Whole_of

SCRIPT = """\
Title:
    _**The Lamp Room**_
Credit: written by
Author: Alice
Draft date: 3 May 2026
Contact:
    alice@example.com
    @alice

FADE IN:

INT. LAMP ROOM - NIGHT #1#

The lamp turns. It is *slow* tonight, and **very** _bright_.
  A line kept where it was put.

KEEPER (V.O.)
(counting)
One boat.
(beat)
Two boats.

ALICE
Three!

BOB ^
Four!

CUT TO:

EXT. HARBOUR - DAY #2A#

> THE END <
"""


def kinds(text: str) -> list[str]:
    return [part.kind for part in parse(text).parts]


def only(text: str) -> Part:
    (part,) = parse(text).parts
    return part


def test_a_script_is_read_element_by_element() -> None:
    script = parse(SCRIPT)
    assert script.title["title"] == ["_**The Lamp Room**_"]
    assert script.title["contact"] == ["alice@example.com", "@alice"]
    assert kinds(SCRIPT) == ["action", "scene", "action", *["speech"] * 3, "transition", "scene", "centred"]
    keeper = script.parts[3]
    assert keeper.text == "KEEPER (V.O.)"
    assert [(line.kind, line.text) for line in keeper.lines] == [
        ("aside", "(counting)"),
        ("line", "One boat."),
        ("aside", "(beat)"),
        ("line", "Two boats."),
    ]
    assert [part.number for part in script.parts if part.kind == "scene"] == ["1", "2A"]
    assert [part.beside for part in script.parts if part.kind == "speech"] == [False, False, True]


@pytest.mark.parametrize(
    "heading",
    ["INT. ROOM", "ext. sea - day", "EST. HARBOUR", "INT./EXT. CAR", "INT/EXT CAR", "I/E CAR", ".ON THE STAIRS"],
)
def test_these_are_scenes(heading: str) -> None:
    assert kinds(f"Words.\n\n{heading}\n\nWords.") == ["action", "scene", "action"]


@pytest.mark.parametrize("line", ["Interior design", "INTERMEZZO", "EXTRA. EXTRA", "...and then", "INT. ROOM\nmore"])
def test_these_are_no_scenes(line: str) -> None:
    assert "scene" not in kinds(f"Words.\n\n{line}\n\nWords.")


@pytest.mark.parametrize(
    "cue", ["KEEPER", "KEEPER (on the radio)", "R2D2", "@McAlister", "ÉLODIE", "JO-ANN (O.S.) (CONT'D)"]
)
def test_these_speak(cue: str) -> None:
    part = only(f"{cue}\nHello.")
    assert (part.kind, part.text) == ("speech", cue.removeprefix("@"))


@pytest.mark.parametrize("cue", ["Keeper", "23", "!KEEPER", "KEEPER\n"])
def test_these_do_not_speak(cue: str) -> None:
    assert "speech" not in kinds(f"{cue}\nHello.")


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("~Row, row", "lyric"),
        ("> Burn to white.", "transition"),
        ("SMASH CUT TO:", "transition"),
        ("> centred <", "centred"),
        ("====", "break"),
        ("!INT. NO SCENE", "action"),
        ("CUT to:", "action"),
    ],
)
def test_a_mark_or_capitals_tell_what_a_line_is(line: str, kind: str) -> None:
    assert kinds(f"Words.\n\n{line}\n\nWords.")[1] == kind


def test_two_spaces_keep_an_empty_line_in_a_speech() -> None:
    assert only("KEEPER\nOne.\n  \nTwo.").lines == [Part("line", "One.\n\nTwo.")]


def test_what_is_the_writers_own_does_not_come_out() -> None:
    text = "# Act one\n\n= They meet.\n\nShe [[or he?]] waits.\n\n/* KEEPER\nStruck out. */\n\n[[A note\nof two lines]]"
    assert as_html(parse(text)).count("waits") == 1
    for words in ("Act one", "They meet", "or he", "Struck out", "two lines"):
        assert words not in as_html(parse(text))


def test_marks_that_are_never_closed_are_words() -> None:
    html = as_html(parse("A [[ stays\n\n]] and a /* too, *and _this"))
    assert "A [[ stays" in html
    assert "]] and a /* too, *and _this" in html


def test_the_layout_has_a_title_page_numbered_scenes_and_two_who_speak_at_once() -> None:
    html = as_html(parse(SCRIPT))
    assert '<p class="script-front-title" dir="auto"><u><strong>The Lamp Room</strong></u></p>' in html
    assert 'INT. LAMP ROOM - NIGHT <span class="script-number">1</span></h1>' in html
    assert "It is <em>slow</em> tonight, and <strong>very</strong> <u>bright</u>.<br>&nbsp;&nbsp;A line kept" in html
    assert html.count('<div class="script-dual"><div class="script-speech">') == 1
    assert html.index("ALICE") < html.index("Three!") < html.index("BOB") < html.index("Four!")


def test_a_backslash_keeps_a_star_and_html_stays_words() -> None:
    html = as_html(parse("\\*not stressed\\* and snake_case_word <b onclick=x> & co"))
    assert "*not stressed* and snake_case_word &lt;b onclick=x&gt; &amp; co" in html


@pytest.mark.parametrize(
    "text",
    [
        SCRIPT,
        "INT. ROOM - DAY\n\nKEEPER\nHello.\n",
        "FADE IN:\n\nEXT. SEA\n\nWaves.\n\nINT. SHIP\n\nNobody.\n",
        "Title: Ferry\n\nINT. FERRY - DAWN\n\nBOB (V.O.)\nStill asleep.\n",
    ],
)
def test_this_is_a_screenplay(text: str) -> None:
    assert is_screenplay(parse(text))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "The lamp turns.\n\nKEEPER\nwas his name.",
        "Title: A poem\nAuthor: Alice\n\nLow tide.\nHigh tide.",
        "Int. harbour, the note said.\n\nALICE\nWho writes like that?",
        "INT. ROOM - DAY",
        "# A story\n\nOnce.\n\nTwice.\n\nThrice.\n\nFour.\n\nFive.\n\nINT. ROOM - DAY\n\nKEEPER\nI am only quoted.",
        "int. room - day\n\nKEEPER\nHello.",
        media.STORY,
    ],
)
def test_this_is_none(text: str) -> None:
    assert not is_screenplay(parse(text))


@pytest.mark.parametrize(
    "piece", ["[[", "/*", "**a ", "*a", "_a ", "(", "~\n", "@A\n", "A (", "INT. X\n\n", "Title:\n"]
)
def test_half_a_megabyte_of_marks_is_read_in_a_moment(piece: str) -> None:
    began = time.process_time()
    as_html(parse(piece * (500_000 // len(piece))))
    assert time.process_time() - began < 10


def test_a_script_comes_out_laid_out_and_clean(tmp_path: Path, take: Whole_of) -> None:
    whole = take(media.words(tmp_path / "lamp.fountain", text=SCRIPT + "\n<script>alert(1)</script>\n"))
    body = whole.named("text/body.html").path.read_text(encoding="utf-8")
    assert '<h2 class="script-scene" dir="auto">INT. LAMP ROOM - NIGHT' in body
    assert '<p class="script-cue" dir="auto">KEEPER (V.O.)</p>' in body
    assert "<script>" not in body
    assert whole.facts.excerpt.startswith("The Lamp Room\nwritten by\nAlice")


def test_a_story_may_not_bring_our_classes(tmp_path: Path, take: Whole_of) -> None:
    whole = take(media.words(tmp_path / "a.md", text='<p class="script-cue">KEEPER</p>\n\nwords\n'))
    assert "class=" not in whole.named("text/body.html").path.read_text(encoding="utf-8").replace("&quot;", "").replace(
        "&lt;p class=", ""
    )


def test_its_name_counts_for_nothing(tmp_path: Path) -> None:
    seen = inspect(media.words(tmp_path / "lamp.fountain"), folder=tmp_path / "work")
    assert (seen.format, seen.medium) == ("text", "text")
