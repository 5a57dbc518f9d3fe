"""Reads texts, books and PDFs inside the sandbox and makes clean HTML of them.

Texts are Markdown in which a poem's line breaks and indentation survive, or screenplays in Fountain. Whatever comes
out has been through nh3: a few tags, no style, no script, no picture, links by http, https and mailto.
"""

import html
import re
from pathlib import Path
from typing import Any

import nh3

from contributions.transcoding.box import markup, screenplay
from contributions.transcoding.box.saying import refuse, say

CONTROLS = re.compile("[\0-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f]")
BREAKS = re.compile("\r\n|[\r\x0c\x85\u2028\u2029]")
# Overrides turn the rest of a page around; isolates end with their paragraph and may stay.
OVERRIDES = re.compile("[\u202a-\u202e]")
LISTED = re.compile(r"^ {0,3}([-+*]|\d{1,9}[.)])[ \t]|^ {0,3}(```|~~~|\|)", re.MULTILINE)
BLOCKS = re.compile(r"<(p|pre|h[2-6]|li|blockquote|dd|dt|td|th)>")
PREFORMED = re.compile(r"<pre.*?</pre>", re.DOTALL)
CLOSERS = re.compile(r"<(?:br|hr)[^>]*>|</(?:p|div|h[1-6]|li|blockquote|dd|dt|tr|pre)>")
WORDS = re.compile(r"[^\W\d_][\w'’-]*|\d+", re.UNICODE)
UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
SCRIPTS = (
    ("he", "\u0590-\u05ff"),
    ("ar", "\u0600-\u06ff"),
    ("ja", "\u3040-\u30ff"),
    ("ko", "\uac00-\ud7af"),
    ("zh", "\u4e00-\u9fff"),
    ("hi", "\u0900-\u097f"),
    ("th", "\u0e00-\u0e7f"),
    ("el", "\u0370-\u03ff"),
    ("ru", "\u0400-\u04ff"),
)
EXCERPT = 400
#: By so many characters a screenplay has shown itself.
TELLING = 20_000


def main(order: dict[str, Any]) -> None:
    """{"task": "inspect" or "make", "format": "text", "epub" or "pdf", "limits"}."""
    try:
        if order["format"] == "text":
            read_text(order["task"], order["limits"])
        elif order["format"] == "epub":
            read_book(order["task"], order["limits"])
        else:
            read_pdf(order["task"], order["limits"])
    except (MemoryError, RecursionError) as error:
        refuse("too-heavy", repr(error))


# -- plain text and Markdown


def read_text(task: str, limits: dict[str, int]) -> None:
    """Check a text file; when making, write it out as HTML."""
    words = decoded(Path("upload").read_bytes())
    if not words.strip():
        refuse("text-empty", "only white space")
    if deepest(words) > limits["nesting"] * 3:
        refuse("text-too-deep", f"{deepest(words)} open brackets")
    body = rendered(words, limits)
    if task == "inspect":
        say(inspected=facts_of(body) | {"excerpt": ""})
        return
    publish(body)


def decoded(raw: bytes) -> str:
    """The text with plain line ends, or a refusal: UTF-8, or UTF-16 that says so."""
    encoding = "utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        words = raw.decode(encoding)
    except UnicodeDecodeError as error:
        if b"\0" in raw:
            refuse("text-control", str(error))
        refuse("text-encoding", str(error))
    found = CONTROLS.search(words)
    if found:
        refuse("text-control", f"U+{ord(found[0]):04X} at {found.start()}")
    return OVERRIDES.sub("", BREAKS.sub("\n", words)).lstrip("\ufeff")


def deepest(words: str) -> int:
    """The most brackets open at once within a paragraph: each costs the parser a look ahead."""
    depth = most = 0
    for sign in re.findall(r"\n[ \t]*\n|[\[\]]", words):
        depth = depth + 1 if sign == "[" else max(0, depth - 1) if sign == "]" else 0
        most = max(most, depth)
    return most


def rendered(words: str, limits: dict[str, int]) -> str:
    """Fountain or Markdown to clean HTML."""
    if screenplay.is_screenplay(screenplay.parse(words[:TELLING])):
        return clean(screenplay.as_html(screenplay.parse(words)), classes=True)
    from markdown_it import MarkdownIt

    options = {"html": False, "breaks": True, "maxNesting": limits["nesting"]}
    reader = MarkdownIt("commonmark", options).enable(["table", "strikethrough"])
    # An indented line is a poet's, not a programmer's; and pictures are uploads, not addresses.
    reader.disable(["code", "image", "html_block", "html_inline"])
    tokens = reader.parse(indented(words))
    if any(token.level >= limits["nesting"] - 1 for token in tokens):
        refuse("text-too-deep", f"more than {limits['nesting']} levels")
    body = str(reader.renderer.render(tokens, reader.options, {}))
    if len(body) > 8 * len(words) + 100_000:
        refuse("too-heavy", f"{len(words)} characters become {len(body)}")
    return clean(body)


def indented(words: str) -> str:
    """Keep the indentation of verse, which Markdown would drop; lists need theirs as it is."""
    if LISTED.search(words):
        return words
    return re.sub(
        r"^([ \t]{2,})(?=\S)",
        lambda found: "&nbsp;" * min(40, len(found[1].expandtabs(4))),
        words,
        flags=re.MULTILINE,
    )


# -- what all of them share


def clean(body: str, *, classes: bool = False) -> str:
    """Only what a reader page may hold, headings one lower, each block in its own direction."""
    lower = re.sub(r"<(/?)h([1-5])", lambda h: f"<{h[1]}h{int(h[2]) + 1}", markup.safe(body, classes=classes))
    return BLOCKS.sub(r'<\1 dir="auto">', lower)


def plain(body: str) -> str:
    """The words alone, a line for each line."""
    kept = PREFORMED.sub(lambda part: part[0].replace("\n", "<br>"), re.sub(r"<br ?/?>\n?", "<br>", body))
    lines = CLOSERS.sub("\n", kept.replace("\n", " "))
    words = html.unescape(nh3.clean(lines, tags=set()))
    return re.sub(r"\n{2,}", "\n", re.sub(r" *\n *", "\n", words)).strip()


def facts_of(body: str) -> dict[str, Any]:
    """Word count, excerpt, and which script it is mostly written in."""
    words = plain(body)
    unspaced = len(UNSPACED.findall(words))
    count = len(WORDS.findall(UNSPACED.sub(" ", words))) + unspaced
    language = ""
    letters = sum(1 for sign in words[:20_000] if sign.isalpha()) or 1
    for name, signs in SCRIPTS:
        if len(re.findall(f"[{signs}]", words[:20_000])) > letters * 0.3:
            language = name
            break
    return {
        "word_count": count,
        "excerpt": excerpt(words),
        "language": language,
        "direction": "rtl" if language in ("ar", "he") else "ltr",
    }


def excerpt(words: str) -> str:
    """The first lines, cut between two words."""
    if len(words) <= EXCERPT:
        return words
    cut = words[: EXCERPT + 1]
    at = max(cut.rfind(" "), cut.rfind("\n"))
    return cut[: at if at > EXCERPT // 2 else EXCERPT].rstrip() + "…"


def publish(body: str) -> None:
    """Write the HTML and say what it holds."""
    facts = facts_of(body)
    if not facts["word_count"] and not plain(body):
        refuse("text-empty", "nothing is left to read")
    Path("text").mkdir(exist_ok=True)
    Path("text/body.html").write_text(body, encoding="utf-8")
    say(facts=facts)
    say(made={"kind": "html", "label": "body", "name": "text/body.html", "mime": "text/html"})


# -- books


def read_book(task: str, limits: dict[str, int]) -> None:
    """An EPUB's chapters in reading order."""
    from contributions.transcoding.box.books import Book, Unreadable

    try:
        book = Book("upload", limits)
        if task == "inspect":
            say(inspected={"chapters": len(book.chapters), "title": book.title[:200]})
            return
        bodies = [clean(chapter) for chapter in book.read_chapters()]
    except Unreadable as error:
        refuse(error.code, str(error), **error.values)
    whole = "\n<hr>\n".join(body.strip() for body in bodies if plain(body))
    check_length(plain(whole), limits)
    publish(whole)


def check_length(words: str, limits: dict[str, int]) -> None:
    size = len(words.encode())
    if size > limits["text_bytes"] * 4:
        refuse("text-too-long", f"{size} bytes of text", limit=limits["text_bytes"] * 4 // 1000)


# -- PDF


def read_pdf(task: str, limits: dict[str, int]) -> None:
    """A PDF's words page by page, and its first page as a picture."""
    import pypdfium2 as pdfium

    try:
        document = pdfium.PdfDocument("upload")
    except pdfium.PdfiumError as error:
        refuse("encrypted" if "assword" in str(error) else "damaged", str(error))
    pages = len(document)
    if not pages:
        refuse("nothing-to-play", "no pages")
    if pages > limits["document_pages"]:
        refuse("too-many-pages", f"{pages} pages", limit=limits["document_pages"])
    try:
        if task == "inspect":
            width, height = document[0].get_size()
            say(inspected={"pages": pages, "page_width": round(width), "page_height": round(height)})
            return
        texts = []
        for number in range(pages):
            texts.append(page_words(document[number]))
            if number % 10 == 0:
                say(progress=80 * number // pages)
        publish_pdf(texts, limits)
        first_page(document[0])
    except pdfium.PdfiumError as error:
        refuse("damaged", str(error))


def page_words(page: Any) -> str:
    words = page.get_textpage().get_text_bounded()
    return OVERRIDES.sub("", CONTROLS.sub("", BREAKS.sub("\n", words.replace("\ufffe", "-"))))


def publish_pdf(texts: list[str], limits: dict[str, int]) -> None:
    check_length("".join(texts), limits)
    if not "".join(texts).strip():
        refuse("pdf-no-text", f"{len(texts)} pages without a word")
    parts = [paragraph for text in texts for paragraph in paragraphs(text)]
    publish(clean("\n".join(f"<p>{part}</p>" for part in parts)))


def paragraphs(text: str) -> list[str]:
    """A page's lines as paragraphs: short lines are verse and stay, long ones flow together."""
    lines = [line.strip() for line in text.split("\n")]
    lengths = sorted(len(line) for line in lines if line)
    if not lengths:
        return []
    full = lengths[len(lengths) * 9 // 10]
    parts: list[str] = []
    current = ""
    for line in [*lines, ""]:
        if current:
            joint = "" if current.endswith("-") and line[:1].islower() else " "
            current = (current[:-1] if not joint else current) + (joint if line else "")
        current += html.escape(line)
        if full < 55 and line:
            current += "<br>"
        elif len(line) < full * 0.7:
            parts.append(current.strip())
            current = ""
    return [re.sub(r"(<br> ?)+$", "", part) for part in parts if part]


def first_page(page: Any) -> None:
    """The first page, as wide as a reader's screen, and the card made of it."""
    from contributions.transcoding.box import pictures

    width, height = page.get_size()
    if width <= 0 or height <= 0 or height > 4 * width:
        return
    still = page.render(scale=min(4.0, 1280 / width)).to_pil().convert("RGB")
    Path("page").mkdir(exist_ok=True)
    still.save("page/1.webp", quality=82)
    say(facts=pictures.look_of(still))
    say(
        made={
            "kind": "page",
            "label": "1",
            "name": "page/1.webp",
            "mime": "image/webp",
            "width": still.width,
            "height": still.height,
        }
    )
    pictures.write_card(still)
