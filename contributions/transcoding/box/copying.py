"""Makes the copy of a picture or a text that may be given to others, inside the sandbox.

The same pixels and the same words in a file made anew: nothing that hung on the old one comes along.
"""

from pathlib import Path
from typing import Any

from PIL import Image, ImageSequence

from contributions.transcoding.box import pictures, writing
from contributions.transcoding.box.saying import refuse, say

#: Formats whose pixels were never rounded: their copy must not round them either.
EXACT = ("png", "gif", "tiff")
NOTHING: dict[str, Any] = {"exif": b"", "xmp": b"", "icc_profile": b""}


def main(order: dict[str, Any]) -> None:
    """{"format", "limits"} on the file "upload"; one file in clean/ comes out."""
    Path("clean").mkdir()
    if order["format"] == "text":
        copy_text()
        return
    limits = order["limits"]
    with pictures.upload_opened(order["format"], limits) as picture:
        copy_picture(picture, order["format"], limits)


def copy_picture(picture: Image.Image, format_name: str, limits: dict[str, int]) -> None:
    """Upright and in sRGB at its full size: PNG where the pixels were exact, else a fine JPEG or WebP."""
    if pictures.frames_of(picture, limits["image_frames"]) > 1:
        copy_animation(picture, limits["image_frames"])
        return
    turn = 1 if picture.format == "HEIF" else pictures.orientation_of(picture)
    profile = picture.info.get("icc_profile")
    if picture.mode.startswith("I;16"):
        still = Image.frombytes(picture.mode, picture.size, picture.tobytes())
    else:
        still = pictures.in_srgb(pictures.eight_bits(picture), profile)
    for method in pictures.TURNS.get(turn, ()):
        still = still.transpose(method)
    if format_name in EXACT or still.mode.startswith("I;16"):
        still.save("clean/copy.png", compress_level=6)
        made("png", "image/png", still.size)
    elif still.mode == "RGBA":
        still.save("clean/copy.webp", lossless=True, **NOTHING)
        made("webp", "image/webp", still.size)
    else:
        still.save("clean/copy.jpg", quality=95, subsampling=0, optimize=True)
        made("jpg", "image/jpeg", still.size)


def copy_animation(picture: Image.Image, most: int) -> None:
    """Every frame with its own length, without loss."""
    frames, lengths = [], []
    for number, frame in enumerate(ImageSequence.Iterator(picture)):
        if number >= most:
            break
        lengths.append(int(frame.info.get("duration") or 100))
        clean = Image.new("RGBA", picture.size)
        clean.paste(frame.convert("RGBA"))
        frames.append(clean)
    first, *others = frames
    first.save(
        "clean/copy.webp", save_all=True, append_images=others, duration=lengths, loop=0, lossless=True, **NOTHING
    )
    made("webp", "image/webp", picture.size)


def copy_text() -> None:
    """The words as UTF-8 with plain line ends."""
    words = writing.decoded(Path("upload").read_bytes())
    if not words.strip():
        refuse("text-empty", "only white space")
    Path("clean/copy.txt").write_text(words, encoding="utf-8")
    made("txt", "text/plain", None)


def made(suffix: str, mime: str, size: tuple[int, int] | None) -> None:
    """Tell of the one file."""
    message: dict[str, Any] = {"kind": "clean", "label": suffix, "name": f"clean/copy.{suffix}", "mime": mime}
    if size:
        message |= {"width": size[0], "height": size[1]}
    say(made=message)
