"""What a file is, told from its first bytes alone, before any decoder sees it.

Pure: no Django, no decoder. The name and the browser's word never count. The answer is one of
the formats taken (`Kind.format`), or a thing we know and refuse (`Kind.thing`), or nothing.
"""

import re
from dataclasses import dataclass

HEAD_BYTES = 64 * 1024


@dataclass(frozen=True, kw_only=True)
class Kind:
    """`format` when it may be taken, else `thing`, a key of reasons.THINGS (or empty)."""

    format: str = ""
    medium: str = ""
    mime: str = ""
    thing: str = ""


JPEG = Kind(format="jpeg", medium="image", mime="image/jpeg")
PNG = Kind(format="png", medium="image", mime="image/png")
GIF = Kind(format="gif", medium="image", mime="image/gif")
WEBP = Kind(format="webp", medium="image", mime="image/webp")
TIFF = Kind(format="tiff", medium="image", mime="image/tiff")
AVIF = Kind(format="avif", medium="image", mime="image/avif")
HEIC = Kind(format="heic", medium="image", mime="image/heic")
MP4 = Kind(format="mp4", medium="video", mime="video/mp4")
QUICKTIME = Kind(format="mp4", medium="video", mime="video/quicktime")
M4A = Kind(format="mp4", medium="audio", mime="audio/mp4")
MATROSKA = Kind(format="matroska", medium="video", mime="video/x-matroska")
WEBM = Kind(format="matroska", medium="video", mime="video/webm")
OGG = Kind(format="ogg", medium="audio", mime="audio/ogg")
WAV = Kind(format="wav", medium="audio", mime="audio/wav")
FLAC = Kind(format="flac", medium="audio", mime="audio/flac")
MP3 = Kind(format="mp3", medium="audio", mime="audio/mpeg")
AAC = Kind(format="aac", medium="audio", mime="audio/aac")
AIFF = Kind(format="aiff", medium="audio", mime="audio/aiff")
AVI = Kind(format="avi", medium="video", mime="video/x-msvideo")
TEXT = Kind(format="text", medium="text", mime="text/plain")
EPUB = Kind(format="epub", medium="text", mime="application/epub+zip")
PDF = Kind(format="pdf", medium="text", mime="application/pdf")
NOTHING = Kind()

#: (offset, bytes, answer), tried in order.
SIGNATURES: tuple[tuple[int, bytes, Kind], ...] = (
    (0, b"\xff\xd8\xff", JPEG),
    (0, b"\x89PNG\r\n\x1a\n", PNG),
    (0, b"GIF87a", GIF),
    (0, b"GIF89a", GIF),
    (0, b"II*\0", TIFF),
    (0, b"MM\0*", TIFF),
    (0, b"\x1aE\xdf\xa3", MATROSKA),
    (0, b"OggS", OGG),
    (0, b"fLaC", FLAC),
    (0, b"%PDF-", PDF),
    (0, b"PK\x03\x04", Kind(thing="archive")),
    (0, b"PK\x05\x06", Kind(thing="archive")),
    (0, b"\x1f\x8b", Kind(thing="archive")),
    (0, b"BZh", Kind(thing="archive")),
    (0, b"7z\xbc\xaf\x27\x1c", Kind(thing="archive")),
    (0, b"Rar!\x1a\x07", Kind(thing="archive")),
    (0, b"\xfd7zXZ\0", Kind(thing="archive")),
    (0, b"\x28\xb5\x2f\xfd", Kind(thing="archive")),
    (257, b"ustar", Kind(thing="archive")),
    (0, b"MZ", Kind(thing="program")),
    (0, b"\x7fELF", Kind(thing="program")),
    (0, b"\xcf\xfa\xed\xfe", Kind(thing="program")),
    (0, b"\xce\xfa\xed\xfe", Kind(thing="program")),
    (0, b"\xfe\xed\xfa\xce", Kind(thing="program")),
    (0, b"\xfe\xed\xfa\xcf", Kind(thing="program")),
    (0, b"\xca\xfe\xba\xbe", Kind(thing="program")),
    (0, b"\0asm", Kind(thing="program")),
    (0, b"!<arch>", Kind(thing="program")),
    (0, b"OTTO", Kind(thing="font")),
    (0, b"\0\1\0\0\0", Kind(thing="font")),
    (0, b"true\0", Kind(thing="font")),
    (0, b"ttcf", Kind(thing="font")),
    (0, b"wOFF", Kind(thing="font")),
    (0, b"wOF2", Kind(thing="font")),
    (0, b"%!PS", Kind(thing="postscript")),
    (0, b"\xc5\xd0\xd3\xc6", Kind(thing="postscript")),
    (0, b"8BPS", Kind(thing="photoshop")),
    (0, b"BM", Kind(thing="bmp")),
    (0, b"\0\0\1\0", Kind(thing="icon")),
    (0, b"\0\0\2\0", Kind(thing="icon")),
    (0, b"icns", Kind(thing="icon")),
    (4, b"jP  \r\n\x87\n", Kind(thing="jpeg2000")),
    (0, b"\xff\x4f\xff\x51", Kind(thing="jpeg2000")),
    (0, b"\xff\x0a", Kind(thing="jpegxl")),
    (4, b"JXL \r\n\x87\n", Kind(thing="jpegxl")),
    (0, b"\x01\xda", Kind(thing="raw-picture")),
    (0, b"DDS ", Kind(thing="raw-picture")),
    (0, b"\x0a\x05\x01\x08", Kind(thing="raw-picture")),
    (0, b"\x76\x2f\x31\x01", Kind(thing="raw-picture")),
    (0, b"IMPM", Kind(thing="tracker")),
    (0, b"Extended Module:", Kind(thing="tracker")),
    (44, b"SCRM", Kind(thing="tracker")),
    (1080, b"M.K.", Kind(thing="tracker")),
    (0, b"MThd", Kind(thing="midi")),
    (0, b"wvpk", Kind(thing="wavpack")),
    (0, b"MPCK", Kind(thing="musepack")),
    (0, b"MP+", Kind(thing="musepack")),
    (0, b"FLV\x01", Kind(thing="flash")),
    (0, b"FWS", Kind(thing="flash")),
    (0, b"CWS", Kind(thing="flash")),
    (0, b"0&\xb2u\x8ef\xcf\x11", Kind(thing="wmv")),
    (0, b".RMF", Kind(thing="real")),
    (0, b"\0\0\1\xba", Kind(thing="mpeg-stream")),
    (0, b"\0\0\1\xb3", Kind(thing="mpeg-stream")),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Kind(thing="office")),
    (0, b"{\\rtf", Kind(thing="rtf")),
    (0, b"SQLite format 3\0", Kind(thing="database")),
)

RIFF = {b"WAVE": WAV, b"WEBP": WEBP, b"AVI ": AVI}
FORM = {b"AIFF": AIFF, b"AIFC": AIFF}
BRANDS = {
    "avif": AVIF,
    "avis": AVIF,
    "heic": HEIC,
    "heix": HEIC,
    "heim": HEIC,
    "heis": HEIC,
    "mif1": HEIC,
    "msf1": HEIC,
    "M4A": M4A,
    "M4B": M4A,
    "qt": QUICKTIME,
    "jxl": Kind(thing="jpegxl"),
    "crx": Kind(thing="raw-picture"),
}

#: Text that is really an instruction to some program, by how it begins.
SPEAKING: tuple[tuple[str, str], ...] = (
    (r"#EXTM3U", "playlist"),
    (r"ffconcat\b", "playlist"),
    (r"\[playlist\]", "playlist"),
    (r"(file|duration|inpoint|stream)\s+\S+\s*\n(?=(file|duration|inpoint)\s)", "playlist"),
    (r"v=0\r?\no=", "playlist"),
    (r";FFMETADATA", "metadata"),
    (r"WEBVTT\b", "subtitles"),
    (r"#!\s*/", "script"),
    (r"<\?php", "script"),
    (r"\{\\rtf", "rtf"),
    (r"%!PS", "postscript"),
    (r"X5O!P%@AP\[4\\PZX54\(P\^\)7CC\)7\}\$EICAR", "virus-test"),
    (r"<!doctype\s+html", "html"),
    (r"<html\b", "html"),
    (r"<(head|body|script|iframe|object|embed)\b", "html"),
    (r"(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)*(<!doctype\s+svg[^>]*(\[.*?\])?\s*>\s*)?<(\w+:)?svg\b", "svg"),
    (r"<\?xml[^>]*>\s*\+ADw-svg", "svg"),
    (r"\+ADw-", "html"),
    (r"(<\?xml[^>]*>\s*)?<MPD\b", "playlist"),
    (r"(<\?xml[^>]*>\s*)?<(SmoothStreamingMedia|smil|playlist|asx)\b", "playlist"),
    (r"<\?xml\b", "xml"),
    (r"<!(doctype|entity)\b", "xml"),
)
SPEAKING_RULES = tuple((re.compile(p, re.IGNORECASE | re.DOTALL), thing) for p, thing in SPEAKING)


def tell(head: bytes) -> Kind:
    """The kind of a file whose first HEAD_BYTES are `head`."""
    for answer in (_boxed(head), _signed(head), _sounding(head)):
        if answer is not None:
            return answer
    return _written(head)


def _boxed(head: bytes) -> Kind | None:
    """Container families: RIFF, FORM, ISO base media, EPUB inside ZIP, WebM inside Matroska."""
    if head[:4] == b"RIFF":
        return RIFF.get(head[8:12], NOTHING)
    if head[:4] == b"FORM":
        return FORM.get(head[8:12], NOTHING)
    if head[4:8] == b"ftyp":
        return _brand(head)
    if head[4:8] in (b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"):
        return QUICKTIME
    if head[:4] == b"PK\x03\x04" and head[30:58] == b"mimetypeapplication/epub+zip":
        return EPUB
    if head[:4] == b"\x1aE\xdf\xa3" and b"webm" in head[:64]:
        return WEBM
    if head[:4] == b"OggS" and b"theora" in head[:512]:
        return Kind(format="ogg", medium="video", mime="video/ogg")
    return None


def _brand(head: bytes) -> Kind:
    size = int.from_bytes(head[:4], "big")
    names = [head[8:12], *(head[at : at + 4] for at in range(16, min(size, 256), 4))]
    brands = [name.decode("latin-1").strip(" \0") for name in names]
    if brands[0] not in ("mif1", "msf1"):
        return BRANDS.get(brands[0], MP4)
    # "mif1" says only "a picture"; the compatible brands say which codec.
    return AVIF if {"avif", "avis"} & set(brands) else HEIC


def _signed(head: bytes) -> Kind | None:
    for offset, mark, kind in SIGNATURES:
        if head[offset : offset + len(mark)] == mark:
            return kind
    return None


def tag_bytes(head: bytes) -> int:
    """The length of the ID3v2 tag that a file begins with; 0 when there is none."""
    if head[:3] != b"ID3" or len(head) < 10 or max(head[6:10]) > 0x7F:
        return 0
    length = 0
    for seven_bits in head[6:10]:
        length = length << 7 | seven_bits
    return 10 + length + (10 if head[5] & 0x10 else 0)


def _sounding(head: bytes) -> Kind | None:
    """MP3 and ADTS have no magic number: an ID3 tag, or two frame headers that follow each other."""
    if head[:3] == b"ID3":
        return MP3
    for at in range(min(len(head) - 4, 4096)):
        if head[at] == 0xFF and head[at + 1] & 0xE0 == 0xE0:
            kind = _framed(head, at)
            if kind is not None:
                return kind
        elif at == 0 and head[:1] and head[0] >= 0x20:
            break
    return None


MPEG1_KBPS = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
MPEG2_KBPS = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)


def _framed(head: bytes, at: int) -> Kind | None:
    if head[at + 1] & 0xF6 == 0xF0:
        length = (head[at + 3] & 3) << 11 | head[at + 4] << 3 | head[at + 5] >> 5 if at + 6 < len(head) else 0
        follows = head[at + length : at + length + 2]
        is_frame = len(follows) == 2 and follows[0] == 0xFF and follows[1] & 0xF6 == 0xF0
        return AAC if length > 7 and is_frame else None
    length = _mpeg_frame_bytes(head[at : at + 4])
    follows = head[at + length : at + length + 4]
    return MP3 if length and (at + length >= len(head) or _mpeg_frame_bytes(follows)) else None


def _mpeg_frame_bytes(header: bytes) -> int:
    """The length of the layer III frame that this header begins, 0 if it begins none."""
    if len(header) < 4 or header[0] != 0xFF or header[1] & 0xE6 != 0xE2:
        return 0
    version, rate_index, speed = header[1] >> 3 & 3, header[2] >> 4, header[2] >> 2 & 3
    if version == 1 or rate_index in (0, 15) or speed == 3:
        return 0
    first = version == 3
    kbps = (MPEG1_KBPS if first else MPEG2_KBPS)[rate_index]
    hertz = (44100, 48000, 32000)[speed] >> {3: 0, 2: 1, 0: 2}[version]
    return (144 if first else 72) * kbps * 1000 // hertz + (header[2] >> 1 & 1)


def _written(head: bytes) -> Kind:
    """Text, unless it speaks to a program. The whole file's encoding is checked later."""
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        words = head.decode("utf-16", "replace")
        return _speaking(words) or TEXT
    words = head.decode("utf-8-sig", "replace")
    answer = _speaking(words)
    if answer is not None:
        return answer
    odd = sum(1 for sign in words if sign == "�" or (sign < " " and sign not in "\t\n\r\f\x1b"))
    # Bytes that are mostly not text are no badly saved text but something we do not know.
    return TEXT if odd * 4 <= len(words) or (len(words) < 64 and odd <= 3) else NOTHING


def _speaking(words: str) -> Kind | None:
    words = words.lstrip("\ufeff \t\r\n\f")
    for rule, thing in SPEAKING_RULES:
        if rule.match(words):
            return Kind(thing=thing)
    if (words[:1] == "{" and '"nbformat"' in words) or '"cell_type"' in words[:2000]:
        return Kind(thing="notebook")
    return None
