"""Texts come out as clean HTML in which a poem is still a poem."""

from pathlib import Path

import pytest

from contributions.transcoding import Refused, inspect
from tests import media
from tests.transcoding.conftest import Whole, Whole_of


def body_of(whole: Whole) -> str:
    return whole.named("text/body.html").path.read_text(encoding="utf-8")


def test_the_line_breaks_and_indents_of_a_poem_survive(tmp_path: Path, take: Whole_of) -> None:
    whole = take(media.words(tmp_path / "a.txt"))
    body = body_of(whole)
    assert body.count("<br") == 3
    assert "\u00a0\u00a0that never learned" in body.replace("&nbsp;", "\u00a0")
    assert whole.facts.word_count == 32
    assert whole.facts.excerpt.startswith("Low tide\n")


def test_markdown_becomes_clean_html(tmp_path: Path, take: Whole_of) -> None:
    body = body_of(take(media.words(tmp_path / "a.md", text=media.STORY)))
    assert '<h2 dir="auto">The lighthouse</h2>' in body
    assert "<em>climbs</em>" in body
    assert "<table>" in body
    assert "<script" not in body
    assert 'rel="nofollow noopener noreferrer ugc"' in body


@pytest.mark.parametrize(
    "payload",
    [
        "[x](javascript:alert(1))",
        "![x](https://evil.example/pixel.png)",
        "<img src=x onerror=alert(1)>",
        "<svg/onload=alert(1)>",
        "<a href='data:text/html,x' hx-get='/x'>x</a>",
        "[x](//evil.example)",
        "<https://example.org/\"onmouseover='alert(1)'>",
    ],
)
def test_nothing_active_survives(payload: str, tmp_path: Path, take: Whole_of) -> None:
    body = body_of(take(media.words(tmp_path / "a.md", text=f"words {payload} words\n")))
    for sign in ("<img", "<svg", "<script", 'href="javascript', 'href="//', 'href="data', "<a hx-"):
        assert sign not in body


def test_each_block_has_its_own_direction(tmp_path: Path, take: Whole_of) -> None:
    whole = take(media.words(tmp_path / "a.txt", text="كل صوت يُسمع هنا\n"))
    assert body_of(whole).startswith('<p dir="auto">')
    assert (whole.facts.language, whole.facts.direction) == ("ar", "rtl")


@pytest.mark.parametrize(
    ("text", "language"),
    [("すべての声が聞こえる", "ja"), ("Каждый голос слышен", "ru"), ("Every voice", ""), ("每个声音", "zh")],
)
def test_the_script_hints_at_the_language(text: str, language: str, tmp_path: Path, take: Whole_of) -> None:
    facts = take(media.words(tmp_path / "a.txt", text=text)).facts
    assert facts.language == language
    assert facts.word_count > 1


def test_utf_16_with_its_mark_is_read(tmp_path: Path, take: Whole_of) -> None:
    source = tmp_path / "a.txt"
    source.write_bytes("The lamp turns".encode("utf-16"))
    assert take(source).facts.word_count == 3


def test_an_svg_hidden_in_utf_16_is_still_an_svg(tmp_path: Path) -> None:
    source = tmp_path / "a.txt"
    source.write_bytes("<svg onload='alert(1)'/>".encode("utf-16"))
    with pytest.raises(Refused) as refused:
        inspect(source, folder=tmp_path / "work")
    assert refused.value.code == "not-media"


def test_a_book_is_read_in_its_order_without_its_scripts(tmp_path: Path, take: Whole_of) -> None:
    body = body_of(take(media.book(tmp_path / "a.epub")))
    assert body.index("Part 1") < body.index("Part 2")
    assert "alert" not in body


def test_verse_set_in_a_books_own_lines_keeps_them(tmp_path: Path, take: Whole_of) -> None:
    whole = take(media.book(tmp_path / "a.epub", chapter="<pre>The lamp turns\nonce for every boat</pre>"))
    assert whole.facts.excerpt.startswith("The lamp turns\nonce for every boat")


def test_a_pdf_gives_its_words_and_its_first_page(tmp_path: Path, take: Whole_of) -> None:
    whole = take(media.pdf(tmp_path / "a.pdf"))
    assert "The lamp turns once for every boat" in body_of(whole)
    assert whole.named("page/1.webp").width == 1280
    assert whole.facts.word_count == 7


@pytest.mark.parametrize(
    "text",
    [
        "[" * 50_000,
        "> " * 5000 + "x",
        "- " * 5000 + "x",
        "[a]: " + "x" * 100 + "\n" + "[a]" * 50_000,
        "*a **a " * 20_000,
        "`" + " ``".join("`" * n for n in range(1, 300)),
        "<div>" * 20_000,
    ],
)
def test_a_text_made_to_choke_the_parser_is_read_or_refused_within_a_second(
    text: str, tmp_path: Path, take: Whole_of
) -> None:
    source = media.words(tmp_path / "a.md", text=text)
    code, body = "", ""
    try:
        body = body_of(take(source))
    except Refused as refused:
        code = refused.code
    assert code in ("", "text-too-deep", "too-heavy")
    assert len(body) < 9 * len(text) + 100_000
