"""Makes every media file the tests use: good ones of each medium, and hostile ones.

Deterministic and small; nothing is downloaded or committed. Each maker writes one file at `path`
and returns it. `GOOD` and `HOSTILE` name whole sets.
"""

import io
import math
import random
import struct
import subprocess
import wave
import zipfile
import zlib
from collections.abc import Callable
from functools import partial
from pathlib import Path

import imageio_ffmpeg
from PIL import Image, ImageDraw

CANARY = "CANARY-7f3a"
LATITUDE = 48.8584
#: The corners of an upright picture, clockwise from top left.
CORNERS = ((220, 30, 30), (30, 160, 60), (240, 240, 235), (30, 60, 200))
POEM = """Low tide

The lamp turns once for every boat
    that never learned the shore,
and once for those who keep afloat
    by rowing as before.

Count slowly. Let the dark go by.
"""
STORY = """# The lighthouse

Ada *climbs* the **ninety-one** steps.

- one lamp
- two keepers

> Keep it lit.

| part | voice |
|------|-------|
| Ada  | alto  |

[a link](https://example.org/) and a <script>alert(1)</script> tag
"""
SCRIPTS = "Every voice\n\nكل صوت يُسمع هنا\n\nכל קול נשמע\n\nすべての声が聞こえる\n\nКаждый голос слышен\n"

Maker = Callable[[Path], Path]


def ffmpeg(*arguments: str) -> None:
    """Run ffmpeg; a test file that cannot be made fails the test."""
    start = [imageio_ffmpeg.get_ffmpeg_exe(), "-nostdin", "-y", "-v", "error", "-fflags", "+bitexact"]
    subprocess.run([*start, *arguments], check=True, capture_output=True, timeout=120)


# -- pictures


def corners(size: tuple[int, int] = (400, 300)) -> Image.Image:
    """A picture whose four corners tell which way up it is."""
    picture = Image.new("RGB", size, (120, 120, 120))
    draw = ImageDraw.Draw(picture)
    width, height = size
    places = ((0, 0), (width // 2, 0), (width // 2, height // 2), (0, height // 2))
    for colour, (x, y) in zip(CORNERS, places, strict=True):
        draw.rectangle((x, y, x + width // 2, y + height // 2), fill=colour)
    for number in range(0, width, 20):
        draw.line((number, height // 3, number + 10, height // 3), fill=(number % 256, 90, 140))
    return picture


def picture(path: Path, *, size: tuple[int, int] = (400, 300), mode: str = "RGB") -> Path:
    """An upright picture; the suffix of `path` chooses the format."""
    made = corners(size)
    if mode == "RGBA":
        made.putalpha(Image.linear_gradient("L").resize(size))
    elif mode == "I;16":
        grey = made.convert("L")
        made = Image.frombytes("I;16", size, b"".join(struct.pack("<H", v * 257) for v in grey.tobytes()))
    elif mode != "RGB":
        made = made.convert(mode)
    if path.suffix in (".heic", ".heif"):
        import pillow_heif

        pillow_heif.register_heif_opener()
    made.save(path)
    return path


def turned(path: Path, *, orientation: int = 6, gps: bool = True) -> Path:
    """A JPEG as a camera held sideways writes it, with a place, a serial number and a thumbnail."""
    undo = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}
    stored = corners()
    if orientation in undo:
        stored = stored.transpose(Image.Transpose(undo[orientation]))
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010E] = f"{CANARY} description"
    exif.get_ifd(0x8769)[0xA431] = f"{CANARY} serial"
    if gps:
        exif.get_ifd(0x8825).update({1: "N", 2: (48.0, 51.0, 30.24), 3: "E", 4: (2.0, 17.0, 40.2)})
    stored.save(path, "JPEG", quality=92, exif=exif, comment=f"{CANARY} comment {LATITUDE}".encode())
    return path


def animation(path: Path, *, frames: int = 6, size: tuple[int, int] = (160, 120)) -> Path:
    """A moving GIF or WebP."""
    still = corners(size)
    moving = [still.rotate(60 * number) for number in range(frames)]
    moving[0].save(path, save_all=True, append_images=moving[1:], duration=80, loop=0)
    return path


# -- sound


def tone(seconds: float = 2.0, *, rate: int = 44_100, channels: int = 2, level: float = 0.4) -> bytes:
    """A short melody as 16 bit samples."""
    notes = (220.0, 277.2, 329.6, 440.0)
    samples = []
    for number in range(int(seconds * rate)):
        pitch = notes[number * 4 // int(seconds * rate)]
        value = int(32_767 * level * math.sin(2 * math.pi * pitch * number / rate))
        samples.extend([value] * channels)
    return struct.pack(f"<{len(samples)}h", *samples)


def recording(path: Path, *, seconds: float = 2.0, level: float = 0.4, channels: int = 2) -> Path:
    """A recording; the suffix of `path` chooses the format."""
    plain = path if path.suffix == ".wav" else path.with_suffix(".made.wav")
    with wave.open(str(plain), "wb") as out:
        out.setnchannels(channels)
        out.setsampwidth(2)
        out.setframerate(44_100)
        out.writeframes(tone(seconds, channels=channels, level=level))
    if plain != path:
        ffmpeg("-i", str(plain), "-metadata", f"title={CANARY}", str(path))
        plain.unlink()
    return path


# -- film


def film(
    path: Path,
    *,
    seconds: float = 2.0,
    size: tuple[int, int] = (320, 180),
    colour: str = "",
    sound: bool = True,
    pixels: str = "yuv420p",
    rotation: int = 0,
    more: tuple[str, ...] = (),
) -> Path:
    """A film; the suffix of `path` chooses the format."""
    shape = f"s={size[0]}x{size[1]}:r=25:d={seconds}"
    source = f"color=c={colour}:{shape}" if colour else f"testsrc2={shape}"
    arguments = ["-f", "lavfi", "-i", source]
    if sound:
        arguments += ["-f", "lavfi", "-i", f"sine=frequency=330:duration={seconds}"]
    if path.suffix == ".webm":
        arguments += ["-c:v", "libvpx", "-b:v", "300k", "-c:a", "libopus"]
    elif path.suffix in (".mp4", ".mov", ".mkv"):
        arguments += ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", pixels, "-c:a", "aac"]
    if path.suffix == ".mov":
        arguments += ["-metadata", f"location=+{LATITUDE}+002.2944/", "-metadata", f"title={CANARY}"]
    plain = path.with_name(f"plain-{path.name}") if rotation else path
    ffmpeg(*arguments, *more, "-t", str(seconds), str(plain))
    if rotation:
        ffmpeg("-display_rotation", str(rotation), "-i", str(plain), "-c", "copy", str(path))
        plain.unlink()
    return path


def red_film(path: Path) -> Path:
    """Another member's private film: its plain red must never show in anybody's output."""
    return film(path, colour="red", seconds=3)


# -- text


def words(path: Path, *, text: str = POEM) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def book(path: Path, *, chapters: int = 2, encrypted: bool = False, chapter: str = "") -> Path:
    """An EPUB 3."""
    names = [f"c{number}.xhtml" for number in range(chapters)]
    items = "".join(f'<item id="{n}" href="{n}" media-type="application/xhtml+xml"/>' for n in names)
    spine = "".join(f'<itemref idref="{name}"/>' for name in names)
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf" version="3.0"><metadata '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Low tide</dc:title></metadata>'
        f"<manifest>{items}</manifest><spine>{spine}</spine></package>"
    )
    rootfile = '<rootfile full-path="OEBPS/content.opf" media-type="application/oebps-package+xml"/>'
    container = f'<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>{rootfile}</rootfiles></container>'
    with zipfile.ZipFile(path, "w") as out:
        for name, text, way in (
            ("mimetype", "application/epub+zip", zipfile.ZIP_STORED),
            ("META-INF/container.xml", container, zipfile.ZIP_DEFLATED),
            ("OEBPS/content.opf", package, zipfile.ZIP_DEFLATED),
        ):
            out.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), text, way)
        if encrypted:
            secret = '<encryption><EncryptedData><EncryptionMethod Algorithm="http://www.w3.org/2001/04/xmlenc#aes128-cbc"/></EncryptedData></encryption>'
            out.writestr(zipfile.ZipInfo("META-INF/encryption.xml"), secret)
        for number, name in enumerate(names):
            body = chapter or f"<h1>Part {number + 1}</h1><p>The lamp turns.<script>alert(1)</script></p>"
            page = f"<html xmlns='http://www.w3.org/1999/xhtml'><head><title>x</title></head><body>{body}</body></html>"
            out.writestr(zipfile.ZipInfo(f"OEBPS/{name}"), page, zipfile.ZIP_DEFLATED)
    return path


def pdf(path: Path, *, text: str = "The lamp turns once for every boat") -> Path:
    """A one-page PDF, written by hand."""
    content = f"BT /F1 24 Tf 40 700 Td ({text}) Tj ET".encode()
    objects = [
        b"<</Type/Catalog/Pages 2 0 R/OpenAction<</S/JavaScript/JS(app.alert(1))>>>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(content), content),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    trailer = b"trailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % len(out)
    path.write_bytes(out + b"xref\n0 6\n0000000000 65535 f \n" + table + trailer)
    return path


# -- hostile


def raw(path: Path, *, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def svg_named(path: Path) -> Path:
    return raw(path, data=b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>')


def hls_trap(path: Path, *, target: str = "private_red.mp4") -> Path:
    """A playlist named .mp4 that points at another member's film."""
    return raw(path, data=f"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1.0,\n{target}\n#EXT-X-ENDLIST\n".encode())


def concat_trap(path: Path) -> Path:
    return raw(path, data=b"ffconcat version 1.0\nfile private_red.mp4\n")


def png_chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def huge_png(path: Path, *, side: int = 30_000, rows: int = 2) -> Path:
    """A few bytes that claim 900 million pixels."""
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\0" * (rows * (side * 3 + 1)))
    chunks = png_chunk(b"IHDR", header) + png_chunk(b"IDAT", body) + png_chunk(b"IEND", b"")
    return raw(path, data=b"\x89PNG\r\n\x1a\n" + chunks)


def text_bomb_png(path: Path) -> Path:
    """A compressed comment that unpacks to a hundred megabytes."""
    small = io.BytesIO()
    corners((40, 30)).save(small, "PNG")
    bomb = png_chunk(b"zTXt", b"c\0\0" + zlib.compress(b"\0" * 100_000_000, 9))
    data = small.getvalue()
    return raw(path, data=data[:33] + bomb + data[33:])


def zip_bomb_book(path: Path) -> Path:
    return book(path, chapters=1, chapter="<p>" + "a" * 80_000_000 + "</p>")


def cut_short(path: Path, *, maker: Maker, keep: float = 0.5) -> Path:
    """A good file that ends too early."""
    maker(path)
    data = path.read_bytes()
    return raw(path, data=data[: int(len(data) * keep)])


def garbage(path: Path, *, magic: bytes) -> Path:
    """The right first bytes, then noise."""
    return raw(path, data=magic + random.Random(7).randbytes(4096))


def silent_wav(path: Path, *, rate: int = 44_100, channels: int = 2, bits: int = 16) -> Path:
    """A WAV header with impossible values."""
    fmt = struct.pack("<HHIIHH", 1, channels, rate, rate * channels * bits // 8, channels * bits // 8, bits)
    body = b"WAVEfmt " + struct.pack("<I", 16) + fmt + b"data" + struct.pack("<I", 400) + bytes(400)
    return raw(path, data=b"RIFF" + struct.pack("<I", len(body)) + body)


def emptied_film(path: Path) -> Path:
    """Only the beginning of a fragmented film: tracks without a single picture."""
    film(path, seconds=1, more=("-movflags", "+frag_keyframe+empty_moov"))
    data = path.read_bytes()
    return raw(path, data=data[: data.index(b"moof") - 4])


def locked_film(path: Path) -> Path:
    """A film whose tracks say that they are encrypted."""
    film(path, seconds=1)
    return raw(path, data=path.read_bytes().replace(b"avc1\0\0\0\0\0\0", b"encv\0\0\0\0\0\0"))


GOOD: dict[str, Maker] = {
    "photo.jpg": partial(picture, size=(1400, 900)),
    "drawing.png": partial(picture, mode="RGBA"),
    "tiny.png": partial(picture, size=(40, 30)),
    "grey16.png": partial(picture, mode="I;16"),
    "print.tiff": partial(picture, mode="CMYK"),
    "photo.webp": picture,
    "photo.avif": picture,
    "phone.heic": picture,
    "sideways.jpg": turned,
    "moving.gif": animation,
    "moving.webp": animation,
    "song.wav": recording,
    "song.mp3": recording,
    "song.flac": recording,
    "song.ogg": recording,
    "song.opus": recording,
    "song.m4a": recording,
    "song.aac": recording,
    "song.aiff": recording,
    "short.wav": partial(recording, seconds=0.05),
    "film.mp4": film,
    "film.webm": film,
    "film.mkv": film,
    "film.mov": film,
    "film.avi": film,
    "silent.mp4": partial(film, sound=False),
    "odd.mp4": partial(film, size=(321, 181), pixels="yuv444p"),
    "upright.mp4": partial(film, rotation=90),
    "name%03d.png": picture,
    "poem.txt": words,
    "story.md": partial(words, text=STORY),
    "scripts.txt": partial(words, text=SCRIPTS),
    "bom.md": partial(words, text="\ufeff# Title\n"),
    "book.epub": book,
    "page.pdf": pdf,
}

HOSTILE: dict[str, Maker] = {
    "svg_named.jpg": svg_named,
    "hls_beside.mp4": hls_trap,
    "hls_absolute.mp4": partial(hls_trap, target="file:///tmp/canary/private.mp4"),
    "hls_http.mp4": partial(hls_trap, target="http://127.0.0.1:9/x.ts"),
    "concat.mp4": concat_trap,
    "metadata.mp4": partial(raw, data=b";FFMETADATA1\ntitle=x\n"),
    "page.html": partial(raw, data=b"<!DOCTYPE html><script>alert(1)</script>"),
    "huge.png": huge_png,
    "text_bomb.png": text_bomb_png,
    "bomb.epub": zip_bomb_book,
    "locked.epub": partial(book, encrypted=True),
    "archive.zip": partial(raw, data=b"PK\x03\x04" + bytes(40)),
    "program.exe": partial(raw, data=b"MZ\0\0PE\0\0"),
    "font.ttf": partial(raw, data=b"\0\1\0\0\0\x0e" + bytes(40)),
    "empty.jpg": partial(raw, data=b""),
    "cut.jpg": partial(cut_short, maker=picture),
    "cut.mp4": partial(cut_short, maker=film, keep=0.3),
    "garbage.png": partial(garbage, magic=b"\x89PNG\r\n\x1a\n"),
    "garbage.webp": partial(garbage, magic=b"RIFF\0\x10\0\0WEBP"),
    "garbage.mp3": partial(garbage, magic=b"ID3\4\0\0\0\0\0\0"),
    "garbage.mp4": partial(garbage, magic=b"\0\0\0\x18ftypisom\0\0\2\0isomiso2"),
    "rate_0.wav": partial(silent_wav, rate=0),
    "channels_0.wav": partial(silent_wav, channels=0),
    "emptied.mp4": emptied_film,
    "locked.mp4": locked_film,
    "enormous.mp4": partial(film, size=(4200, 2400), seconds=0.08, sound=False),
    "null.txt": partial(raw, data=b"a\0b"),
    "latin1.txt": partial(raw, data="Café Zoë, déjà vu, mañana\n".encode("latin-1")),
    "escape.txt": partial(raw, data=b"\x1b[2Jhello\n" * 100),
    "brackets.md": partial(raw, data=b"[" * 50_000),
}
