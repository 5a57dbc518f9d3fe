"""Looks at a picture, and makes its renditions, inside the sandbox.

A picture is brought down to the largest size wanted as early as possible, so that fifty million
pixels fit into the memory allowed. Nothing of the file but its pixels goes into an output.
"""

import errno
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image, ImageCms, ImageFilter, ImageOps, UnidentifiedImageError

from contributions.transcoding.box.saying import refuse, say

PILLOW_NAMES = {
    "jpeg": "JPEG",
    "png": "PNG",
    "gif": "GIF",
    "webp": "WEBP",
    "tiff": "TIFF",
    "avif": "AVIF",
    "heic": "HEIF",
}
# One macroblock: what every player of H.264, in software or hardware, can show.
SMALLEST_MOVING = 16
STEPS = (320, 640, 1280, 2560)
CARD = (1200, 630)
TURNS = {
    2: (Image.Transpose.FLIP_LEFT_RIGHT,),
    3: (Image.Transpose.ROTATE_180,),
    4: (Image.Transpose.FLIP_TOP_BOTTOM,),
    5: (Image.Transpose.TRANSPOSE,),
    6: (Image.Transpose.ROTATE_270,),
    7: (Image.Transpose.TRANSVERSE,),
    8: (Image.Transpose.ROTATE_90,),
}
ORIENTATION = 0x0112
MILLISECOND = Fraction(1, 1000)
# No room to write: that says nothing of the file.
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
# What decoders raise for a bad file. MemoryError is not among them: that is a limit, not damage.
DAMAGE = (
    OSError,
    ValueError,
    SyntaxError,
    RuntimeError,
    IndexError,
    KeyError,
    TypeError,
    AttributeError,
    OverflowError,
    ArithmeticError,
    EOFError,
    UnidentifiedImageError,
)


def main(order: dict[str, Any]) -> None:
    """{"task": "inspect", "make" or "card", "format", "limits"} on the file "upload"."""
    limits = order["limits"]
    with upload_opened(order["format"], limits) as picture:
        if order["task"] == "inspect":
            inspect(picture, limits)
        elif order["task"] == "card":
            flat = flattened(upright(picture, 1, None))
            say(facts=look_of(flat))
            write_card(flat)
        else:
            make(picture, limits)


@contextmanager
def upload_opened(format_name: str, limits: dict[str, int]) -> Iterator[Image.Image]:
    """The picture in the file "upload"; whatever its decoder raises in here is a refusal."""
    warnings.simplefilter("ignore")
    Image.MAX_IMAGE_PIXELS = limits["image_pixels"]
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    if format_name == "heic":
        import pillow_heif

        pillow_heif.register_heif_opener(thumbnails=False)
    try:
        yield Image.open("upload", formats=[PILLOW_NAMES[format_name]])
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        refuse("too-many-pixels", str(error), limit=limits["image_pixels"] // 1_000_000)
    except MemoryError:
        refuse("too-heavy", "out of memory")
    except DAMAGE as error:
        if isinstance(error, OSError) and error.errno in FULL:
            raise
        refuse("damaged", f"{type(error).__name__}: {error}")


def orientation_of(picture: Image.Image) -> int:
    """The camera's turn; a broken EXIF block is no reason to refuse the pixels."""
    try:
        turn = picture.getexif().get(ORIENTATION, 1)
    except DAMAGE:
        return 1
    return turn if isinstance(turn, int) and turn in TURNS else 1


def frames_of(picture: Image.Image, most: int) -> int:
    """How many frames there are, counted only as far as the limit."""
    if not getattr(picture, "is_animated", False) or picture.format not in ("GIF", "WEBP"):
        return 1
    if picture.format == "WEBP":
        return int(getattr(picture, "n_frames", 1))
    count = 1
    while count <= most:
        try:
            picture.seek(count)
        except EOFError:
            break
        count += 1
    picture.seek(0)
    return count


def inspect(picture: Image.Image, limits: dict[str, int]) -> None:
    """Say what the header says, refusing what is beyond the limits."""
    width, height = picture.size
    if width < 1 or height < 1:
        refuse("nothing-to-play", f"{width}×{height}")
    if width * height > limits["image_pixels"]:
        refuse("too-many-pixels", f"{width}×{height}", limit=limits["image_pixels"] // 1_000_000)
    frames = frames_of(picture, limits["image_frames"])
    if frames > limits["image_frames"] or frames * width * height > 40 * limits["image_pixels"]:
        refuse("too-many-frames", f"{frames} frames", limit=limits["image_frames"])
    if frames > 1 and min(width, height) < SMALLEST_MOVING:
        refuse("too-small-to-move", f"{width}×{height}", limit=SMALLEST_MOVING)
    turn = orientation_of(picture)
    if turn >= 5 and picture.format != "HEIF":
        width, height = height, width
    say(
        inspected={
            "width": width,
            "height": height,
            "mode": picture.mode,
            "frames": frames,
            "orientation": turn,
            "has_profile": "icc_profile" in picture.info,
        }
    )


def make(picture: Image.Image, limits: dict[str, int]) -> None:
    """All renditions, the one a page shows first being made first."""
    turn = 1 if picture.format == "HEIF" else orientation_of(picture)
    profile = picture.info.get("icc_profile")
    if picture.format == "JPEG":
        # Decodes at a half, quarter or eighth when that is still enough.
        picture.draft(None, (2 * STEPS[-1], 2 * STEPS[-1]))
    full = original_size(picture.size, turn)
    picture.load()
    still = upright(picture, turn, profile)
    if picture.format not in ("GIF", "WEBP"):
        picture.close()
    flat = flattened(still)
    say(facts=look_of(flat))
    Path("image").mkdir(exist_ok=True)
    sizes = list(steps_for(full[0]))
    first = min(sizes, key=lambda width: abs(width - 640))
    for done, width in enumerate(sorted(sizes, key=lambda width: (width != first, width))):
        say(progress=10 + 70 * done // len(sizes))
        write_pair(still, width)
    write_card(flat)
    frames = frames_of(picture, limits["image_frames"]) if picture.format in ("GIF", "WEBP") else 1
    if frames > 1:
        say(progress=85)
        write_loop(picture, frames)


def original_size(size: tuple[int, int], turn: int) -> tuple[int, int]:
    """How large the picture is when upright; after draft this is the size still wanted."""
    return (size[1], size[0]) if turn >= 5 else size


def steps_for(width: int) -> Iterator[int]:
    """The widths to make: never wider than the picture, and its own width when between steps."""
    wanted = [step for step in STEPS if step <= width]
    if not wanted or (wanted[-1] < STEPS[-1] and width > wanted[-1] * 1.1):
        wanted.append(width)
    return iter(wanted)


def upright(picture: Image.Image, turn: int, profile: bytes | None) -> Image.Image:
    """An RGB or RGBA picture in sRGB, no larger than needed, turned as the camera was held."""
    width = original_size(picture.size, turn)[0]
    scale = min(1.0, STEPS[-1] / width)
    small = eight_bits(picture)
    if scale < 1:
        target = (max(1, round(small.width * scale)), max(1, round(small.height * scale)))
        small = small.resize(target, Image.Resampling.LANCZOS, reducing_gap=2.0)
    small = in_srgb(small, profile)
    for method in TURNS.get(turn, ()):
        small = small.transpose(method)
    return small


def eight_bits(picture: Image.Image) -> Image.Image:
    """Any of Pillow's modes as L, RGB, RGBA or CMYK with eight bits a channel."""
    mode = picture.mode
    if mode in ("L", "RGB", "RGBA", "CMYK"):
        has_key = mode in ("L", "RGB") and "transparency" in picture.info
        return picture.convert("RGBA") if has_key else picture
    if mode.startswith("I;16"):
        return stretched(picture.convert("I"))
    if mode in ("I", "F"):
        return stretched(picture)
    if mode in ("LA", "PA", "La", "RGBa") or "transparency" in picture.info:
        return picture.convert("RGBA")
    return picture.convert("L" if mode == "1" else "RGB")


def stretched(picture: Image.Image) -> Image.Image:
    """Sixteen bits or more: whole numbers by their likely white, broken ones by their own range."""
    low, high = (float(end) for end in picture.getextrema())  # type: ignore[arg-type]  # one band, so two numbers
    if picture.mode == "I" and low >= 0 and 255 < high <= 65_535:
        low, high = 0.0, 65_535.0
    elif picture.mode == "I" and low >= 0 and high <= 255:
        low, high = 0.0, 255.0
    span = max(high - low, 1e-9)
    return picture.point(lambda value: value * (255 / span) + (-low * 255 / span)).convert("L")


def in_srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """Colours as browsers expect them; an unusable profile is passed over."""
    alpha = picture.getchannel("A") if picture.mode == "RGBA" else None
    colours = picture.convert("RGB") if alpha is not None else picture
    if profile:
        try:
            source = ImageCms.ImageCmsProfile(BytesIO(profile))
            converted = ImageCms.profileToProfile(colours, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
            colours = converted if converted is not None else colours
        except (ImageCms.PyCMSError, *DAMAGE):
            pass
    colours = colours.convert("RGB")
    if alpha is not None and alpha.getextrema() != (255, 255):
        colours.putalpha(alpha)
    # A new image: whatever hung on the old one (EXIF, XMP, comments) stays behind.
    clean = Image.new(colours.mode, colours.size)
    clean.paste(colours)
    return clean


def flattened(picture: Image.Image) -> Image.Image:
    """On white, for places that know no transparency."""
    if picture.mode == "RGB":
        return picture
    ground = Image.new("RGB", picture.size, "white")
    ground.paste(picture, mask=picture.getchannel("A"))
    return ground


def write_pair(still: Image.Image, width: int) -> None:
    """WebP (quick, everywhere) and AVIF (small) of one width."""
    height = max(1, round(still.height * width / still.width))
    small = still if still.width == width else still.resize((width, height), Image.Resampling.LANCZOS)
    ways: tuple[tuple[str, dict[str, Any]], ...] = (
        ("webp", {"quality": 82, "method": 4}),
        ("avif", {"quality": 62, "speed": 8 if width > 1280 else 7, "max_threads": 2}),
    )
    for suffix, options in ways:
        name = f"image/{width}.{suffix}"
        small.save(name, **options)
        say(
            made={
                "kind": "image",
                "label": str(width) if suffix == "avif" else f"{width}-webp",
                "name": name,
                "mime": f"image/{suffix}",
                "width": small.width,
                "height": small.height,
            }
        )


def write_card(flat: Image.Image) -> None:
    """1200×630 for links elsewhere: the whole picture on a soft enlargement of itself."""
    ground = ImageOps.fit(flat, (CARD[0] // 8, CARD[1] // 8), Image.Resampling.BILINEAR)
    ground = ground.filter(ImageFilter.GaussianBlur(6)).resize(CARD, Image.Resampling.BICUBIC)
    ground = ground.point(lambda value: value * 0.72)
    front = ImageOps.contain(flat, CARD, Image.Resampling.LANCZOS)
    ground.paste(front, ((CARD[0] - front.width) // 2, (CARD[1] - front.height) // 2))
    Path("image").mkdir(exist_ok=True)
    ground.save("image/card.jpg", quality=84, optimize=True, progressive=True)
    say(
        made={
            "kind": "card",
            "label": "card",
            "name": "image/card.jpg",
            "mime": "image/jpeg",
            "width": CARD[0],
            "height": CARD[1],
        }
    )


def look_of(flat: Image.Image) -> dict[str, str]:
    """The colour and the blurred impression a page shows before the picture has come."""
    import blurhash

    tiny = flat.resize((32, 32), Image.Resampling.BOX)
    rows = [[tiny.getpixel((x, y)) for x in range(32)] for y in range(32)]
    return {
        "dominant_colour": dominant(flat),
        "blurhash": blurhash.encode(rows, components_x=4, components_y=3),
    }


def dominant(flat: Image.Image) -> str:
    """The most present colour, a lively one weighing more than a grey one."""
    few = flat.resize((64, 64), Image.Resampling.BOX).quantize(8, Image.Quantize.MEDIANCUT)
    palette = few.getpalette() or [0, 0, 0]
    best, best_weight = (0, 0, 0), -1.0
    for count, index in few.getcolors() or []:
        if not isinstance(index, int):
            continue
        red, green, blue = palette[3 * index : 3 * index + 3]
        weight = count * (0.35 + (max(red, green, blue) - min(red, green, blue)) / 255)
        if weight > best_weight:
            best, best_weight = (red, green, blue), weight
    return "#{:02x}{:02x}{:02x}".format(*best)


def write_loop(picture: Image.Image, frames: int) -> None:
    """An animation as a silent video, frame by frame, with each frame's own length."""
    import av

    width, height = (max(2, side // 2 * 2) for side in fitted(picture.size, 720))
    Path("video").mkdir(exist_ok=True)
    at_ms = 0
    options = {"movflags": "+faststart", "fflags": "+bitexact"}
    with av.open("video/loop.mp4", "w", format="mp4", options=options) as out:
        stream = out.add_stream("libx264", rate=50, options={"crf": "23", "preset": "veryfast"})
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        stream.codec_context.time_base = stream.time_base = MILLISECOND
        stream.codec_context.flags |= av.codec.context.Flags.bitexact
        for number in range(frames):
            picture.seek(number)
            lasts = int(picture.info.get("duration") or 0)
            flat = flattened(picture.convert("RGBA")).resize((width, height), Image.Resampling.LANCZOS)
            frame: Any = av.VideoFrame.from_image(flat)  # type: ignore[no-untyped-call]  # PyAV leaves it out
            frame.pts, frame.time_base = at_ms, MILLISECOND
            # Browsers show anything shorter than two hundredths as a tenth.
            at_ms += lasts if lasts >= 20 else 100
            out.mux(stream.encode(frame))
            if number % 10 == 0:
                say(progress=85 + 14 * number // frames)
        out.mux(stream.encode(None))
    say(
        made={
            "kind": "video",
            "label": "loop",
            "name": "video/loop.mp4",
            "mime": "video/mp4",
            "width": width,
            "height": height,
            "duration_ms": at_ms,
        }
    )


def fitted(size: tuple[int, int], most: int) -> tuple[int, int]:
    """The size with neither side above `most`, in the same shape."""
    scale = min(1.0, most / max(size))
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))
