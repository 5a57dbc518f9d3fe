"""Probes sound and video inside the sandbox: what the streams are, and that they decode at all.

The demuxer is the one our own look at the bytes chose, never guessed; lists forbid every other
format and protocol, and every decoder that no camera, recorder or editor of today writes.
"""

import contextlib
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import av

from contributions.transcoding.box.boxes import PROTECTED, tracks_of
from contributions.transcoding.box.codecs_taken import DECODERS, DEMUXERS, FORMATS
from contributions.transcoding.box.saying import refuse, say

SOUND_ONLY = ("wav", "flac", "mp3", "aac", "aiff")
PACKETS_TRIED = 400
PACKETS_COUNTED = 3_000_000
CHAPTERS_READ = 200
HDR = {16: "pq", 18: "hlg"}


def main(order: dict[str, Any]) -> None:
    """{"task": "inspect", "format", "limits"} on the file "upload"."""
    limits = order["limits"]
    if order["format"] == "mp4":
        check_boxes(limits)
    try:
        with av.open(
            "upload",
            format=DEMUXERS[order["format"]],
            options={
                "protocol_whitelist": "file",
                "format_whitelist": FORMATS,
                "codec_whitelist": DECODERS,
            },
            metadata_errors="ignore",
        ) as container:
            found = look(container, order["format"], limits)
    except MemoryError:
        refuse("too-heavy", "out of memory")
    except (av.error.FFmpegError, OSError, ValueError, OverflowError, ArithmeticError) as error:
        refuse("damaged", f"{type(error).__name__}: {error}")
    say(inspected=found)


def check_boxes(limits: dict[str, int]) -> None:
    """What an MP4 says of itself, refused before a decoder allocates anything for it."""
    tracks = tracks_of("upload")
    if any(track.kind in PROTECTED for track in tracks):
        refuse("encrypted", ", ".join(track.kind for track in tracks))
    for track in tracks:
        if track.kind in ("avc1", "avc3", "hvc1", "hev1", "vp09", "av01", "mp4v", "jpeg"):
            check_picture(track.width, track.height, limits)


def check_picture(width: int, height: int, limits: dict[str, int]) -> None:
    most = (limits["video_width"], limits["video_height"])
    # A video held upright may use the limits the other way round.
    if max(width, height) > max(most) or min(width, height) > min(most):
        refuse("picture-too-large", f"{width}×{height}", width=most[0], height=most[1])


def look(container: Any, format_name: str, limits: dict[str, int]) -> dict[str, Any]:
    """Choose the streams, check the limits, decode a little of each."""
    if format_name == "avi" and any(s.type == "subtitle" for s in container.streams):
        refuse("subtitle-trick", "subtitles inside AVI")
    video = None if format_name in SOUND_ONLY else first_video(container)
    audio = next((s for s in container.streams if s.type == "audio" and s.codec_context), None)
    if video is None and audio is None:
        refuse("nothing-to-play", f"streams: {[s.type for s in container.streams]}")
    found: dict[str, Any] = {"container": container.format.name, "medium": "video" if video else "audio"}
    if video is not None:
        found |= seen(video, limits)
    if audio is not None:
        found["audio"] = heard(audio, limits)
    duration = duration_of(container, video or audio, limits, "video" if video else "audio")
    found["duration_ms"] = duration
    found["chapters"] = chapters_of(container)
    decode_some(container, video, audio, found)
    if video is not None:
        turn_and_rate(found, limits)
    return found


def first_video(container: Any) -> Any:
    """The first moving picture; a cover is none."""
    for stream in container.streams:
        if stream.type == "video" and stream.codec_context is not None:
            covers = av.stream.Disposition.attached_pic | av.stream.Disposition.timed_thumbnails
            if not stream.disposition & covers:
                return stream
    return None


def seen(video: Any, limits: dict[str, int]) -> dict[str, Any]:
    context = video.codec_context
    check_picture(context.width, context.height, limits)
    aspect = video.sample_aspect_ratio or context.sample_aspect_ratio
    rate = video.average_rate or video.guessed_rate
    return {
        "video": {
            "index": video.index,
            "codec": video.codec.canonical_name if video.codec else context.name,
            "coded_width": context.width,
            "coded_height": context.height,
            "pixels": context.pix_fmt,
            "aspect": float(aspect) if aspect and 0.1 < aspect < 10 else 1.0,
            "fps": float(rate) if rate else 0.0,
            "profile": str(context.profile or ""),
            "hdr": HDR.get(int(context.color_trc or 0), ""),
        }
    }


def heard(audio: Any, limits: dict[str, int]) -> dict[str, Any]:
    context = audio.codec_context
    channels, rate = context.channels or 0, context.sample_rate or 0
    if channels > limits["audio_channels"]:
        refuse("too-many-channels", f"{channels}", limit=limits["audio_channels"])
    if rate > limits["audio_rate"] or rate < 1000:
        refuse("sample-rate", f"{rate} Hz")
    profile = str(context.profile or "")
    return {"index": audio.index, "codec": context.name, "channels": channels, "rate": rate, "profile": profile}


def duration_of(container: Any, stream: Any, limits: dict[str, int], medium: str) -> int:
    """The length in ms: the header's word when it is plausible, else counted packet by packet."""
    most = limits[f"{medium}_ms"]
    said = container.duration / 1000 if container.duration else 0
    if not said and stream.duration and stream.time_base:
        said = float(stream.duration * stream.time_base * 1000)
    if not 0 < said <= most:
        said = counted(container, stream)
    if said > most:
        refuse("too-long", f"{said:.0f} ms", limit=most // 3_600_000)
    return round(said)


def chapters_of(container: Any) -> list[dict[str, Any]]:
    """The chapter marks as they stand in the file; a broken list is no list."""
    with contextlib.suppress(ValueError, OverflowError, ArithmeticError):
        return [
            {"start_ms": round(mark["start"] * mark["time_base"] * 1000), "title": mark["metadata"].get("title", "")}
            for mark in container.chapters()[:CHAPTERS_READ]
        ]
    return []


def counted(container: Any, stream: Any) -> float:
    """The sum of the packets' own lengths, in ms: what a false header cannot change."""
    total = Fraction(0)
    with contextlib.suppress(av.error.FFmpegError):
        for number, packet in enumerate(container.demux(stream)):
            if packet.duration and 0 < packet.duration * packet.time_base < 60:
                total += packet.duration * packet.time_base
            if number > PACKETS_COUNTED:
                break
        container.seek(0)
    return float(total * 1000)


def decode_some(container: Any, video: Any, audio: Any, found: dict[str, Any]) -> None:
    """Decode until a picture and some sound have come out; refuse when neither will."""
    want_video, want_audio = video is not None, audio is not None
    tried = bad = sounds = 0
    streams = [stream for stream in (video, audio) if stream is not None]
    for stream in streams:
        stream.codec_context.thread_count = 1
    for packet in packets(container, streams):
        tried += 1
        try:
            frames = packet.decode()
        except (av.error.FFmpegError, ValueError) as error:
            bad += 1
            found["trouble"] = f"{type(error).__name__}: {error}"[:300]
            continue
        for frame in frames:
            if isinstance(frame, av.VideoFrame) and want_video:
                want_video = False
                note_picture(frame, found)
            elif isinstance(frame, av.AudioFrame) and want_audio and frame.samples:
                sounds += 1
                want_audio = sounds < 3
        if tried > PACKETS_TRIED or not (want_video or want_audio):
            break
    verdict(found, tried, bad, no_picture=want_video, no_sound=audio is not None and not sounds)


def packets(container: Any, streams: list[Any]) -> Iterator[Any]:
    """Packets as far as the demuxer gets."""
    with contextlib.suppress(av.error.FFmpegError):
        container.seek(0)
    try:
        yield from container.demux(*streams)
    except av.error.FFmpegError as error:
        if error.errno is None:
            raise


def verdict(found: dict[str, Any], tried: int, bad: int, *, no_picture: bool, no_sound: bool) -> None:
    """A file that gives nothing is refused; a video whose sound is broken loses only its sound."""
    trouble = f"{tried} packets, {bad} bad: {found.get('trouble', '')}"
    if "video" in found:
        if no_picture:
            refuse("damaged" if bad else "nothing-to-play", trouble)
        if no_sound:
            found.pop("audio", None)
    elif no_sound:
        refuse("damaged" if bad else "nothing-to-play", trouble)
    elif bad * 2 > tried:
        refuse("damaged", trouble)


def note_picture(frame: Any, found: dict[str, Any]) -> None:
    video = found["video"]
    video["rotation"] = int(frame.rotation or 0) % 360
    video["interlaced"] = bool(frame.interlaced_frame)
    video["coded_width"], video["coded_height"] = frame.width, frame.height
    video["pixels"] = frame.format.name


def turn_and_rate(found: dict[str, Any], limits: dict[str, int]) -> None:
    """The size as shown (square pixels, upright) and a believable rate."""
    video = found["video"]
    check_picture(video["coded_width"], video["coded_height"], limits)
    width, height = video["coded_width"] * video["aspect"], float(video["coded_height"])
    if video["rotation"] % 180 == 90:
        width, height = height, width
    found["width"], found["height"] = max(1, round(width)), max(1, round(height))
    if video["fps"] > limits["video_fps"]:
        video["fps"] = measured_rate(limits)


def measured_rate(limits: dict[str, int]) -> float:
    """Frames a second by the clock of the packets; recordings from a browser claim a thousand."""
    times: list[float] = []
    with av.open("upload", options={"protocol_whitelist": "file", "format_whitelist": FORMATS}) as again:
        for packet in again.demux(video=0):
            if packet.pts is not None and packet.time_base:
                times.append(float(packet.pts * packet.time_base))
            if len(times) > 600:
                break
    span = max(times) - min(times) if times else 0.0
    rate = (len(times) - 1) / span if span > 0 else 30.0
    if rate > limits["video_fps"] * 1.02:
        refuse("too-fast", f"{rate:.1f} frames a second", limit=limits["video_fps"])
    return rate
