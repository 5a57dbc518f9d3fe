"""Recordings: AAC and Opus, loudness, true peak and a waveform, all from one decode."""

import json
from pathlib import Path
from typing import Any, Final

import ffmpeg

from contributions.transcoding import loudness
from contributions.transcoding.ffmpeg import AAC, CLEAN, Stream, command, opened, out_ms, progress
from contributions.transcoding.records import Refused
from contributions.transcoding.sandbox import Bounds, run_program
from contributions.transcoding.steps import Job, Steps, made

PEAKS_FILE: Final = "peaks.txt"


def bounds_for(job: Job) -> Bounds:
    """Sound costs little a second; the floor is for a busy machine."""
    seconds = (job.inspection.duration_ms or 0) // 1000
    return Bounds(
        memory_bytes=job.limits["picture_memory_bytes"],
        cpu_seconds=120 + seconds,
        wall_seconds=600 + 4 * seconds,
        file_bytes=2 * job.limits["audio_bytes"],
        stall_seconds=job.limits["stall_seconds"],
    )


def two_ears(source: Stream, audio: dict[str, Any], rate: int) -> Stream:
    """The recording as two channels at one rate, settled before it is split.

    Left open, the branches would agree on what the narrowest wants: one channel for all of them.
    """
    return source[str(audio["index"])].filter("aformat", channel_layouts="stereo", sample_rates=rate)


def measured(stream: Stream) -> Stream:
    """An output that only measures loudness and true peak; they are printed at the end."""
    return ffmpeg.output(stream.filter("ebur128", peak="true", framelog="quiet"), "-", f="null")


def peaked(stream: Stream, duration_ms: int) -> Stream:
    """An output that only notes the loudest sample of each of about a thousand windows."""
    window = max(240, min(48_000, 48 * duration_ms // loudness.FINE_BARS))
    mono = stream.filter("aformat", channel_layouts="mono", sample_rates=48_000)
    stats = mono.filter("asetnsamples", n=window, p=0).filter(
        "astats", metadata=1, reset=1, measure_perchannel="none", measure_overall="Peak_level"
    )
    key = "lavfi.astats.Overall.Peak_level"
    return ffmpeg.output(stats.filter("ametadata", "print", key=key, file=PEAKS_FILE), "-", f="null")


def audio_command(job: Job) -> list[str]:
    audio = job.inspection.probe["audio"]
    rate = 44_100 if audio["rate"] in (11_025, 22_050, 44_100, 88_200) else 48_000
    source = opened(job.inspection, most_ms=job.limits["audio_ms"])
    parts = two_ears(source, audio, rate).filter_multi_output("asplit", 4)
    return command(
        ffmpeg.output(
            parts[0],
            "audio/master.m4a",
            **AAC,
            **CLEAN,
            ar=rate,
            # The edit list hides the encoder's run-up and its padding; to the sample only in the sound's own clock.
            movie_timescale=rate,
            **{"b:a": "192k", "movflags": "+faststart"},
        ),
        ffmpeg.output(
            parts[1],
            "audio/opus.webm",
            **CLEAN,
            **{"c:a": "libopus", "b:a": "128k", "ac": 2, "ar": 48_000, "f": "webm"},
        ),
        measured(parts[2]),
        peaked(parts[3], job.inspection.duration_ms or 0),
    )


def steps(job: Job) -> Steps:
    """Make a recording's renditions."""
    job.tell("audio", 1)
    box = job.box("audio")
    (box / "audio").mkdir()
    expected = job.inspection.duration_ms or 0
    duration_ms = 0
    with run_program(audio_command(job), box=box, bounds=bounds_for(job)) as child:
        try:
            for block in progress(child):
                duration_ms = max(duration_ms, out_ms(block))
                job.tell(percent=min(95, 95 * duration_ms // expected) if expected else None)
        finally:
            job.note_peak(child)
    if not duration_ms:
        raise Refused("nothing-to-play", child.words())
    amplitudes = read_amplitudes(box)
    facts: dict[str, Any] = loudness.read_summary(child.words(whole=True))
    facts |= {"duration_ms": duration_ms, "peaks": loudness.bars(amplitudes, loudness.BARS), "has_audio": True}
    length = {"duration_ms": duration_ms}
    yield made(box, "audio", "master", "audio/master.m4a", "audio/mp4", **length)
    yield made(box, "audio", "opus", "audio/opus.webm", "audio/webm", **length)
    fine = {"duration_ms": duration_ms, "peaks": loudness.bars(amplitudes, loudness.FINE_BARS)}
    (box / "audio/waveform.json").write_text(json.dumps(fine, separators=(",", ":")))
    yield made(box, "waveform", "waveform", "audio/waveform.json", "application/json", **length)
    return facts


def read_amplitudes(box: Path) -> list[float]:
    """The windows that were noted; a recording without any has no waveform."""
    path = box / PEAKS_FILE
    if not path.is_file():
        return []
    with path.open(encoding="ascii", errors="replace") as lines:
        return loudness.read_peaks(lines)
