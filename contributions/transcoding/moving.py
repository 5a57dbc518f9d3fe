"""Videos: one decode, one ffmpeg, a split graph. HLS ladder, poster and storyboard, loudness.

What would keep its artist waiting first gets a version to watch meanwhile ("preview"): its own packets
where browsers play them (copying.py), else a quick encode. The plain MP4 is a copy of one rung's
packets, never a second encode.
"""

import logging
from pathlib import Path
from typing import Any, Final

import ffmpeg

from contributions.transcoding import loudness
from contributions.transcoding.copying import PREVIEW_NAME, can_copy, copy_command
from contributions.transcoding.ffmpeg import AAC, CLEAN, Stream, command, opened, ours, out_ms, progress
from contributions.transcoding.images import bounds_for as picture_bounds
from contributions.transcoding.ladder import (
    POSTER_MOST,
    Board,
    Rung,
    board_for,
    board_track,
    even,
    progressive_of,
    rungs_for,
)
from contributions.transcoding.records import Made, Refused
from contributions.transcoding.sandbox import Bounds, make_box, run_program
from contributions.transcoding.sound import measured, two_ears
from contributions.transcoding.steps import Job, Steps, made, python_steps

logger = logging.getLogger(__name__)

#: Pixels after which even the plain version takes its time: two seconds of 1080p at 30.
COPY_FROM_PIXELS: Final = 1920 * 1080 * 30 * 2
#: Pixels after which waiting for the whole ladder would be too long: ten seconds of 1080p at 30.
PREVIEW_FROM_PIXELS: Final = 1920 * 1080 * 30 * 10
PREVIEW_SIDE: Final = 480
FASTEST: Final = 60
SHORT_MS: Final = 250
#: The order of decoding runs so far before that of showing.
PICTURES_AHEAD: Final = 3
#: Stills come out of the one decode as small films of JPEGs, of which `closing_command` makes pictures. As
#: pictures they would have their first frame at the film's end, and ffmpeg tells no progress before every
#: output has one.
MOMENTS: Final = "poster/moments.mov"
TILES: Final = "storyboard/tiles.mov"
MOMENTS_MOST: Final = 20
STILLS: Final[dict[str, Any]] = CLEAN | {
    "f": "mov",
    "c:v": "mjpeg",
    # A JPEG holds the full range of brightness, a video does not.
    "pix_fmt": "yuvj420p",
    "fps_mode": "vfr",
}
HLS_MIME: Final = "application/vnd.apple.mpegurl"
X264: Final[dict[str, Any]] = {
    "c:v": "libx264",
    "pix_fmt": "yuv420p",
    "sc_threshold": 0,
    # Captions and other words hidden in the picture's own packets stay behind.
    "a53cc": 0,
    "udu_sei": 0,
    "force_key_frames": "expr:gte(t,n_forced*2)",
    "fps_mode": "vfr",
}
TO_SDR: Final = (
    ("zscale", {"t": "linear", "npl": 100}),
    ("format", {"pix_fmts": "gbrpf32le"}),
    ("zscale", {"p": "bt709"}),
    ("tonemap", {"tonemap": "hable", "desat": 0}),
    ("zscale", {"t": "bt709", "m": "bt709", "r": "tv"}),
)


def bounds_for(job: Job) -> Bounds:
    """Generous in time, for a busy machine; a stalled or runaway child is still stopped."""
    seconds = (job.inspection.duration_ms or 0) // 1000
    return Bounds(
        memory_bytes=job.limits["video_memory_bytes"],
        cpu_seconds=300 + 60 * seconds,
        wall_seconds=900 + 120 * seconds,
        file_bytes=2 * job.limits["video_bytes"],
        stall_seconds=job.limits["stall_seconds"],
    )


def steps(job: Job) -> Steps:
    """Make a video's renditions."""
    seen = job.inspection
    if not (seen.width and seen.height):
        raise Refused("damaged", "no size")
    rungs = rungs_for(seen.width, seen.height, seen.probe["video"]["fps"])
    box = job.box("video")
    for name in ("hls", "video", "poster", "storyboard"):
        (box / name).mkdir()
    yield from first_to_watch(job, box)
    board = board_for(rungs[0].width, rungs[0].height, seen.duration_ms or 0)
    duration_ms, facts = run(job, "video", ladder_command(job, rungs, board), box, share=90)
    yield from finished(job, box, rungs, board, duration_ms)
    yield from card_of(job, box)
    return (
        job.facts
        | facts
        | {
            "width": seen.width,
            "height": seen.height,
            "duration_ms": duration_ms,
            "has_audio": "audio" in seen.probe,
        }
    )


def pixels_of(job: Job) -> float:
    """How much there is to encode: the pixels of all pictures together."""
    seen = job.inspection
    frames = (seen.duration_ms or 0) / 1000 * max(float(seen.probe["video"]["fps"]), 10)
    return (seen.width or 0) * (seen.height or 0) * frames


def run(job: Job, stage: str, order: list[str], box: Path, *, share: int) -> tuple[int, dict[str, int]]:
    """Run one command to its end; the length that came out, and its loudness."""
    job.tell(stage, 1)
    expected = job.inspection.duration_ms or 0
    duration_ms = 0
    with run_program(order, box=box, bounds=bounds_for(job)) as child:
        try:
            for block in progress(child):
                duration_ms = max(duration_ms, out_ms(block))
                job.tell(percent=min(share, share * duration_ms // expected) if expected else None)
        finally:
            job.note_peak(child)
    if not duration_ms:
        raise Refused("nothing-to-play", child.words())
    rate = job.inspection.probe["video"]["fps"]
    if abs(expected - duration_ms) < SHORT_MS + (PICTURES_AHEAD * 1000 / rate if rate else 0):
        # ffmpeg tells where the last picture begins, by the clock of the decoder; the header knows how long it stays.
        duration_ms = expected
    return duration_ms, loudness.read_summary(child.words(whole=True))


# -- the commands


def poster_size(top: Rung) -> tuple[int, int]:
    scale = min(1.0, POSTER_MOST / max(top.width, top.height))
    return even(top.width * scale), even(top.height * scale)


def picture_of(job: Job, source: Stream, width: int, height: int) -> Stream:
    """The source's picture, upright, with square pixels, in the colours every screen knows."""
    video = job.inspection.probe["video"]
    stream = source[str(video["index"])]
    if video.get("interlaced"):
        stream = stream.filter("bwdif", mode="send_frame", deint="interlaced")
    if video["fps"] > FASTEST:
        stream = stream.filter("fps", fps=FASTEST)
    if video.get("hdr"):
        stream = stream.filter("scale", w=width, h=height)
        for name, options in TO_SDR:
            stream = stream.filter(name, **options)
    return stream.filter("scale", w=width, h=height).filter("setsar", "1").filter("format", "yuv420p")


def ladder_command(job: Job, rungs: list[Rung], board: Board) -> list[str]:
    """Everything from one decode."""
    source = opened(job.inspection, most_ms=job.limits["video_ms"])
    top = rungs[0]
    parts = picture_of(job, source, top.width, top.height).filter_multi_output("split", len(rungs) + 2)
    pictures = [parts[0], *(parts[n].filter("scale", w=r.width, h=r.height) for n, r in enumerate(rungs) if n)]
    outputs = [poster(parts[len(rungs)], top), storyboard(parts[len(rungs) + 1], board)]
    sounds: list[Stream] = []
    if "audio" in job.inspection.probe:
        audio = two_ears(source, job.inspection.probe["audio"], 48_000).filter_multi_output("asplit", 2)
        sounds.append(audio[0])
        outputs.append(measured(audio[1]))
    return command(hls(pictures, sounds, rungs), *outputs)


def hls(pictures: list[Stream], sounds: list[Stream], rungs: list[Rung]) -> Stream:
    """One HLS output with all variants; each variant is one file, its segments byte ranges of it."""
    options: dict[str, Any] = X264 | CLEAN | {"preset": "veryfast", "crf": 22}
    for number, rung in enumerate(rungs):
        options[f"maxrate:v:{number}"] = f"{rung.kbps}k"
        options[f"bufsize:v:{number}"] = f"{2 * rung.kbps}k"
    group = ",agroup:sound" if sounds else ""
    variants = [f"v:{number},name:{rung.label}{group}" for number, rung in enumerate(rungs)]
    if sounds:
        variants.insert(0, "a:0,name:sound,agroup:sound,default:yes")
        options |= AAC | {"b:a": "128k", "ar": 48_000}
    return ffmpeg.output(
        *pictures,
        *sounds,
        "hls/%v.m3u8",
        f="hls",
        hls_time=4,
        hls_playlist_type="vod",
        hls_segment_type="fmp4",
        hls_flags="single_file+independent_segments",
        hls_segment_filename="hls/%v.mp4",
        master_pl_name="master.m3u8",
        var_stream_map=" ".join(variants),
        **options,
    )


def poster(stream: Stream, top: Rung) -> Stream:
    """The moments of the first seconds among which the poster is chosen, as large as it will be."""
    still = stream.filter("select", "isnan(prev_selected_t)+gte(t-prev_selected_t,0.5)")
    width, height = poster_size(top)
    return ffmpeg.output(
        still.filter("scale", w=width, h=height), MOMENTS, **STILLS, **{"frames:v": MOMENTS_MOST, "q:v": 2}
    )


def storyboard(stream: Stream, board: Board) -> Stream:
    """One small picture for each step, by the clock: a picture that stays for long fills as many as it lasts."""
    tiles = stream.filter("fps", fps=f"1000/{board.step_ms}", start_time=0, round="up")
    return ffmpeg.output(tiles.filter("scale", w=board.width, h=board.height), TILES, **STILLS, **{"q:v": 2})


def closing_command(job: Job, rung: Rung, board: Board) -> list[str]:
    """What is put together from the ladder's files: the plain film, packets copied; the poster; the storyboard."""
    streams = [ours(f"hls/{rung.label}.mp4")["v:0"]]
    if "audio" in job.inspection.probe:
        streams.append(ours("hls/sound.mp4")["a:0"])
    film = ffmpeg.output(*streams, f"video/{rung.label}.mp4", f="mp4", c="copy", movflags="+faststart", **CLEAN)
    chosen = ours(MOMENTS)["v:0"].filter("thumbnail", n=MOMENTS_MOST)
    tiles = ours(TILES)["v:0"].filter("tile", layout=f"{board.columns}x{board.rows}")
    one = CLEAN | {"frames:v": 1, "update": 1, "fps_mode": "vfr"}
    return command(
        film,
        ffmpeg.output(chosen, "poster/poster.jpg", **one, **{"q:v": 3}),
        ffmpeg.output(tiles, "storyboard/board.jpg", **one, **{"q:v": 5}),
    )


def preview_command(job: Job, width: int, height: int) -> list[str]:
    source = opened(job.inspection, most_ms=job.limits["video_ms"])
    streams = [picture_of(job, source, width, height)]
    options: dict[str, Any] = X264 | CLEAN | {"preset": "ultrafast", "crf": 27, "maxrate": "1500k", "bufsize": "3M"}
    if "audio" in job.inspection.probe:
        streams.append(source[str(job.inspection.probe["audio"]["index"])])
        options |= AAC | {"b:a": "96k", "ar": 48_000}
    return command(ffmpeg.output(*streams, PREVIEW_NAME, f="mp4", movflags="+faststart", **options))


# -- what comes of them


def first_to_watch(job: Job, box: Path) -> Steps:
    """Something to watch meanwhile, when there is a meanwhile; the caller drops it once all is there."""
    if pixels_of(job) > COPY_FROM_PIXELS and can_copy(job.inspection):
        try:
            copy = copied(job, box)
        except Refused as refused:
            # Packets that cannot be told apart may still be decoded: that is for the encode to say.
            logger.info("no copy to watch first: %s", refused.detail)
        else:
            yield copy
            return {}
    if pixels_of(job) > PREVIEW_FROM_PIXELS:
        yield from preview(job, box)
    return {}


def copied(job: Job, box: Path) -> Made:
    """The film's own packets, cleaned; as large as the film."""
    length, _ = run(job, "copy", copy_command(job), box, share=100)
    size = {"width": job.inspection.width, "height": job.inspection.height, "duration_ms": length}
    return made(box, "video", "preview", PREVIEW_NAME, "video/mp4", **size)


def preview(job: Job, box: Path) -> Steps:
    """A quick encode."""
    width, height = job.inspection.width or 2, job.inspection.height or 2
    scale = min(1.0, PREVIEW_SIDE / min(width, height))
    width, height = even(width * scale), even(height * scale)
    length, _ = run(job, "preview", preview_command(job, width, height), box, share=100)
    size = {"width": width, "height": height, "duration_ms": length}
    yield made(box, "video", "preview", PREVIEW_NAME, "video/mp4", **size)
    return {}


def finished(job: Job, box: Path, rungs: list[Rung], board: Board, duration_ms: int) -> Steps:
    """The files of the ladder, the one a page plays first being first."""
    plain = progressive_of(rungs)
    yield closed(job, box, plain, board, duration_ms)
    width, height = poster_size(rungs[0])
    yield made(box, "poster", "poster", "poster/poster.jpg", "image/jpeg", width=width, height=height)
    length = {"duration_ms": duration_ms}
    for rung in rungs:
        size = {"width": rung.width, "height": rung.height, **length}
        yield made(box, "hls_media", rung.label, f"hls/{rung.label}.mp4", "video/mp4", **size)
        yield made(box, "hls_playlist", rung.label, f"hls/{rung.label}.m3u8", HLS_MIME, **size)
    if "audio" in job.inspection.probe:
        yield made(box, "hls_media", "sound", "hls/sound.mp4", "audio/mp4", **length)
        yield made(box, "hls_playlist", "sound", "hls/sound.m3u8", HLS_MIME, **length)
    yield made(box, "hls_playlist", "master", "hls/master.m3u8", HLS_MIME, **length)
    size = {"width": board.width * board.columns, "height": board.height * board.rows}
    yield made(box, "storyboard", "storyboard", "storyboard/board.jpg", "image/jpeg", **size)
    (box / "storyboard/board.vtt").write_text(board_track(board, "board.jpg", duration_ms))
    yield made(box, "storyboard_track", "storyboard", "storyboard/board.vtt", "text/vtt", **length)
    return {}


def closed(job: Job, box: Path, rung: Rung, board: Board, duration_ms: int) -> Made:
    """Put together what is left; the plain film."""
    with run_program(closing_command(job, rung, board), box=box, bounds=bounds_for(job)) as child:
        try:
            for _ in progress(child):
                job.tell("video")
        finally:
            job.note_peak(child)
    size = {"width": rung.width, "height": rung.height, "duration_ms": duration_ms}
    return made(box, "video", rung.label, f"video/{rung.label}.mp4", "video/mp4", **size)


def card_of(job: Job, box: Path) -> Steps:
    """The card, colour and blurred impression, from our own poster."""
    second = make_box(job.folder, box / "poster/poster.jpg", "card")
    order = {"task": "card", "format": "jpeg", "limits": dict(job.limits)}
    yield from python_steps(job, "pictures", order, box=second, bounds=picture_bounds(dict(job.limits)))
    return {}
