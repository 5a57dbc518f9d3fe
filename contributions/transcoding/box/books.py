"""EPUB: a ZIP of web pages, opened with guards against what ZIPs and XML can do."""

import posixpath
import zipfile
import zlib
from collections.abc import Iterator
from urllib.parse import unquote
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

CONTAINER = "META-INF/container.xml"
ENCRYPTION = "META-INF/encryption.xml"
RIGHTS = "META-INF/rights.xml"
# Scrambled fonts are common and hide no words.
FONT_SCRAMBLING = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")
PAGES = ("application/xhtml+xml", "text/html", "application/html+xml")
SMALL = 2_000_000


class Unreadable(Exception):
    """The book cannot be taken; `code` is the refusal's."""

    def __init__(self, code: str, detail: str, **values: int) -> None:
        super().__init__(detail)
        self.code = code
        self.values = values


class Book:
    """The chapters of one EPUB in reading order."""

    def __init__(self, path: str, limits: dict[str, int]) -> None:
        self.limits = limits
        try:
            self.archive = zipfile.ZipFile(path)
            self.check_entries()
            self.check_open()
            self.title, self.chapters = self.contents()
        except (zipfile.BadZipFile, zlib.error, KeyError, ValueError, NotImplementedError, OSError) as error:
            raise Unreadable("damaged", f"{type(error).__name__}: {error}") from error
        except (ParseError, DefusedXmlException) as error:
            raise Unreadable("damaged", f"{type(error).__name__}: {error}") from error
        if not self.chapters:
            raise Unreadable("text-empty", "no chapters")

    def check_entries(self) -> None:
        """Nothing is unpacked before the sizes that the archive itself declares are bearable."""
        entries = self.archive.infolist()
        total = sum(entry.file_size for entry in entries)
        if len(entries) > self.limits["book_entries"] or total > self.limits["book_bytes"]:
            raise Unreadable("packed-too-tightly", f"{len(entries)} entries, {total} bytes")
        for entry in entries:
            ratio = entry.file_size / max(1, entry.compress_size)
            if ratio > self.limits["book_ratio"] and entry.file_size > 100_000:
                raise Unreadable("packed-too-tightly", f"{entry.filename}: {ratio:.0f} times")
            if entry.flag_bits & 1:
                raise Unreadable("encrypted", entry.filename)

    def read(self, name: str, most: int) -> bytes:
        """One entry, never more than `most` bytes whatever its header says."""
        with self.archive.open(name) as file:
            data = file.read(most + 1)
        if len(data) > most:
            raise Unreadable("packed-too-tightly", f"{name} is over {most} bytes")
        return data

    def check_open(self) -> None:
        """Refuse copy protection, except scrambled fonts."""
        names = set(self.archive.namelist())
        if RIGHTS in names:
            raise Unreadable("encrypted", RIGHTS)
        if ENCRYPTION not in names:
            return
        for node in fromstring(self.read(ENCRYPTION, SMALL)).iter():
            if local(node) == "EncryptionMethod" and node.get("Algorithm") not in FONT_SCRAMBLING:
                raise Unreadable("encrypted", str(node.get("Algorithm")))

    def contents(self) -> tuple[str, list[str]]:
        """Title and chapter names, from the package document's spine."""
        package = ""
        for node in fromstring(self.read(CONTAINER, SMALL)).iter():
            if local(node) == "rootfile" and not package:
                package = node.get("full-path", "")
        root = fromstring(self.read(package, SMALL))
        base = posixpath.dirname(package)
        items: dict[str, str] = {}
        spine: list[str] = []
        title = ""
        for node in root.iter():
            kind = local(node)
            if kind == "item" and node.get("media-type") in PAGES:
                items[node.get("id", "")] = entry_name(base, node.get("href", ""))
            elif kind == "itemref":
                spine.append(node.get("idref", ""))
            elif kind == "title" and not title:
                title = (node.text or "").strip()
        names = set(self.archive.namelist())
        return title, [items[name] for name in spine if items.get(name) in names]

    def read_chapters(self) -> Iterator[str]:
        """Each chapter's markup, to be cleaned by the caller."""
        left = self.limits["book_bytes"]
        for name in self.chapters:
            try:
                data = self.read(name, min(left, self.limits["text_bytes"] * 8))
            except (zipfile.BadZipFile, zlib.error, ValueError, OSError, EOFError) as error:
                raise Unreadable("damaged", f"{name}: {error}") from error
            left -= len(data)
            try:
                yield data.decode("utf-8-sig").replace("\0", "")
            except UnicodeDecodeError as error:
                raise Unreadable("text-encoding", f"{name}: {error}") from error


def local(node: Element) -> str:
    """A tag's name without its namespace."""
    return str(node.tag).rpartition("}")[2]


def entry_name(base: str, href: str) -> str:
    """A reference inside the package as the archive names it."""
    return posixpath.normpath(posixpath.join(base, unquote(href.partition("#")[0])))
