"""An EPUB of one text: a reader opens it, and its last page says whose it is."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import ebooklib
from django.test import Client
from django.urls import reverse
from ebooklib import epub
from lxml import etree

from contributions import actions
from contributions.models import Contribution
from tests.contributions.works import declared, licence, png_file, published, run_jobs, written

CHAPTERS = "# One\n\nThe lamp.\n\n# Two\n\nThe *boat*.\n\n# Three\n\nThe shore & the sea.\n"


def address(work: Contribution) -> str:
    return reverse("contributions:book", args=[work.pk])


def opened(client: Client, work: Contribution) -> tuple[zipfile.ZipFile, Any]:
    """The archive, and the book as a reader sees it."""
    answer = client.get(address(work))
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/epub+zip"
    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    return archive, epub.read_epub(io.BytesIO(answer.content))


def texts(book: Any) -> dict[str, str]:
    return {item.get_name(): item.get_content().decode() for item in book.get_items_of_type(ebooklib.ITEM_DOCUMENT)}


def chaptered(artist: Any, title: str = "Lamp, boat, shore") -> Contribution:
    return actions.publish_contribution(actor=artist, contribution=declared(written(artist, title, CHAPTERS)))


def test_it_is_an_archive_as_readers_want_it(client: Client, alice: Any) -> None:
    archive, _ = opened(client, chaptered(alice))
    first = archive.infolist()[0]
    assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
    assert archive.read("mimetype") == b"application/epub+zip"
    assert archive.read("META-INF/container.xml")
    assert archive.testzip() is None
    for name in archive.namelist():
        if name != "mimetype" and not name.endswith(".css"):
            etree.fromstring(archive.read(name))


def test_a_reader_finds_title_artist_language_and_chapters(client: Client, alice: Any) -> None:
    work = chaptered(alice)
    _, book = opened(client, work)
    said = {name: book.get_metadata("DC", name)[0][0] for name in ("title", "creator", "rights", "identifier")}
    assert said["title"] == "Lamp, boat, shore"
    assert said["creator"] == "Alice"
    assert said["rights"].startswith("CC BY 4.0")
    assert said["identifier"].endswith(work.get_absolute_url())
    text = texts(book)["text.xhtml"]
    _, chapters = book.toc[0]
    assert [chapter.title for chapter in chapters] == ["One", "Two", "Three"]
    for chapter in chapters:
        anchor = chapter.href.partition("#")[2]
        assert text.count(f'id="{anchor}"') == 1
    assert "The <em>boat</em>." in text
    assert "shore &amp; the sea" in text


def test_its_colophon_names_licence_and_sources(client: Client, alice: Any, bob: Any) -> None:
    first = published(alice, "Keeper’s letter")
    work = published(bob, "Reply", sources=[(first, "continues")])
    _, book = opened(client, work)
    last = texts(book)["colophon.xhtml"]
    for words in ("Bob", "CC BY 4.0", "continues", "Keeper’s letter", "by Alice", first.get_absolute_url()):
        assert words in last, words


def test_it_names_a_source_from_elsewhere_and_none_that_asked_not_to_be(client: Client, alice: Any, bob: Any) -> None:
    first = published(alice, "Secret letter")
    work = declared(written(bob, "Reply"))
    actions.add_source(actor=bob, contribution=work, source=first, kind="reuses")
    actions.add_external_source(
        actor=bob, contribution=work, title="Tide tables", author="Harbour office", licence_name="CC BY 4.0"
    )
    work = actions.publish_contribution(actor=bob, contribution=work)
    actions.unlink(actor=alice, remix=work.source_edges.get(parent=first))
    last = texts(opened(client, work)[1])["colophon.xhtml"]
    assert "Harbour office" in last
    assert "Secret letter" not in last


def test_signs_that_xml_cannot_hold_do_not_spoil_it(client: Client, alice: Any) -> None:
    work = actions.publish_contribution(
        actor=alice, contribution=declared(written(alice, "Bell \x07 & <b>", "Ding \ufffe dong."))
    )
    _, book = opened(client, work)
    assert book.get_metadata("DC", "title")[0][0] == "Bell  & <b>"
    assert "Ding  dong." in texts(book)["text.xhtml"]


def test_only_published_texts_are_books(client: Client, alice: Any) -> None:
    client.force_login(alice)
    draft = written(alice)
    assert client.get(address(draft)).status_code == 404
    version = actions.receive_file(actor=alice, file=png_file())
    run_jobs()
    picture = declared(Contribution.objects.get(pk=version.contribution_id), alt_text="Blue")
    actions.publish_contribution(actor=alice, contribution=picture)
    assert client.get(address(picture)).status_code == 404


def test_a_withdrawn_text_is_gone(client: Client, alice: Any) -> None:
    work = published(alice)
    assert client.get(address(work)).status_code == 200
    actions.withdraw(actor=alice, contribution=work, reason="Not mine.")
    assert client.get(address(work)).status_code == 410


def test_the_work_and_its_files_lead_to_it(client: Client, alice: Any) -> None:
    work = published(alice)
    for page in (work.get_absolute_url(), reverse("contributions:files", args=[work.pk])):
        assert address(work) in client.get(page).content.decode(), page


def test_the_licence_is_that_of_the_work(client: Client, alice: Any) -> None:
    work = published(alice, code="CC0")
    assert licence("CC0").name in texts(opened(client, work)[1])["colophon.xhtml"]


def test_a_text_in_chapters_lists_them_and_each_leads_to_its_place(client: Client, alice: Any) -> None:
    page = client.get(chaptered(alice).get_absolute_url()).content.decode()
    for number, words in enumerate(("One", "Two", "Three"), 1):
        assert f'<li><a href="#part-{number}">{words}</a></li>' in page
        assert f'<h2 id="part-{number}" dir="auto">{words}</h2>' in page


def test_a_text_with_two_headings_lists_nothing(client: Client, alice: Any) -> None:
    work = written(alice, "Two", "# One\n\nThe lamp.\n\n# Two\n\nThe boat.")
    client.force_login(alice)
    page = client.get(work.get_absolute_url()).content.decode()
    assert "The boat." in page
    assert "part-1" not in page
