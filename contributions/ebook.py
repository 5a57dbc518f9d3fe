"""An EPUB of one published text: its title page, its words, and a colophon that names everybody it is built on.

Made when somebody asks for it, from the HTML that readers see. Reads rows and storage, and writes nothing.
"""

from __future__ import annotations

import io
import re
from typing import Final

from django.conf import settings
from django.db.models import F
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from ebooklib import epub

from contributions.models import Contribution, LaterCredit, Remix

MIME: Final = "application/epub+zip"
#: What a language tag says of words in no language we know.
UNKNOWN_LANGUAGE: Final = "und"
NOT_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
STYLE: Final = """
body { line-height: 1.5; margin: 5%; }
.title-page { margin-top: 30%; text-align: center; }
.colophon { font-size: 0.9em; }
.script { font-family: "Courier Prime", "Courier New", Courier, monospace; line-height: 1.3; }
.script-scene { font-size: 1em; margin-top: 2em; }
.script-number { float: right; }
.script-transition { text-align: right; }
.script-front, .script-centred { text-align: center; }
.script-speech { margin: 1em 15%; }
.script-speech p { margin: 0; }
.script-cue { padding-left: 24%; }
.script-aside { padding-left: 12%; }
.script-lyric { font-style: italic; }
"""


def book_of(work: Contribution) -> bytes:
    """The whole file; `work` is a published text with its licence and its artist."""
    language = work.language or UNKNOWN_LANGUAGE
    book = epub.EpubBook()
    describe(book, work, language)
    style = epub.EpubItem("style", "style.css", "text/css", STYLE.encode())
    book.add_item(style)
    pages = [
        page("title.xhtml", work.title, render_to_string("contributions/book/title.html", {"work": work}), language),
        page("text.xhtml", work.title, f"<div>{work.body_html}</div>", language),
        page("colophon.xhtml", _("About this text"), colophon(work), settings.LANGUAGE_CODE),
    ]
    for one in pages:
        one.add_item(style)
        book.add_item(one)
    text, last = pages[1:]
    chapters = [
        epub.Link(f"{text.file_name}#{anchor}", cleaned(words) or "–", anchor)
        for anchor, words in work.reading.contents
    ]
    book.toc = [(text, chapters) if chapters else text, last]
    book.add_item(epub.EpubNcx())
    book.add_item(epub.EpubNav(title=_("Contents")))
    book.spine = [pages[0], "nav", *pages[1:]] if chapters else pages
    written = io.BytesIO()
    epub.write_epub(written, book, {"mtime": work.changed_at, "raise_exceptions": True})
    return written.getvalue()


def describe(book: epub.EpubBook, work: Contribution, language: str) -> None:
    """What a library's catalogue reads."""
    book.set_identifier(address_of(work))
    book.set_title(cleaned(work.title))
    book.set_language(language)
    book.set_direction(work.media.direction if work.media.direction in ("ltr", "rtl") else "default")
    book.add_author(cleaned(work.artist.display_name))
    book.add_metadata("DC", "publisher", settings.SITE_NAME)
    book.add_metadata("DC", "source", address_of(work))
    if work.published_at is not None:
        book.add_metadata("DC", "date", work.published_at.date().isoformat())
    if work.licence is not None:
        book.add_metadata("DC", "rights", " ".join(filter(None, (work.licence.name, work.licence.url))))
    if work.description:
        book.add_metadata("DC", "description", cleaned(work.description))


def page(name: str, title: str, body: str, language: str) -> epub.EpubHtml:
    """One document of the book."""
    return epub.EpubHtml(file_name=name, title=cleaned(title), lang=language, content=cleaned(body))


def colophon(work: Contribution) -> str:
    """Credits, sources and licence as HTML."""
    edges = Remix.objects.filter(child=work).select_related("parent__artist", "parent__licence", "external")
    credits_ = LaterCredit.objects.filter(contribution=work).select_related("source__artist", "source__licence")
    context = {
        "work": work,
        "address": address_of(work),
        "edges": edges.order_by(F("parent__generation").desc(nulls_last=True), "-rate_bps", "pk"),
        "later_credits": credits_,
        "shares": work.shares.exclude(artist=work.artist_id).select_related("artist").order_by("pk"),
        "site": settings.SITE_NAME,
        "site_url": settings.SITE_URL,
    }
    return render_to_string("contributions/book/colophon.html", context)


def address_of(work: Contribution) -> str:
    """Where the work is on this site: also what tells this book from every other."""
    return f"{settings.SITE_URL}{work.get_absolute_url()}"


def cleaned(words: str) -> str:
    """Without the few signs that XML cannot hold."""
    return NOT_XML.sub("", words)
