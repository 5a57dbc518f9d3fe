"""Two songs: Ifeoma's sketch that is still waiting for words, and Bob's theme for long credit rolls."""

from pathlib import Path

import numpy as np

from hitrecord.demo.encoding import write_sound
from hitrecord.demo.sound import voices
from hitrecord.demo.sound.dsp import (
    RATE,
    Mono,
    Stereo,
    add,
    band,
    fade,
    master,
    noise,
    pan,
    pitch,
    reverb,
    silence,
    wander,
)  # fmt: skip
from hitrecord.demo.sound.instruments import brass, electric_piano, piano, strings
from hitrecord.demo.sound.score import FIRST_EIGHT

Line = tuple[tuple[float, float, float, str], ...]

# (start beat, beats, MIDI note, vowel) of the hum; a beat is an eighth in six-eight.
HUM: Line = (
    (0, 2, 67, "u"), (2, 1, 69, "o"), (3, 3, 71, "o"), (6, 2, 72, "u"), (8, 1, 71, "o"), (9, 3, 67, "u"),
    (12, 2, 64, "o"), (14, 1, 67, "a"), (15, 3, 69, "a"), (18, 5, 66, "u"),
    (24, 2, 67, "u"), (26, 1, 71, "o"), (27, 3, 74, "a"), (30, 2, 72, "o"), (32, 1, 71, "o"), (33, 3, 69, "u"),
    (36, 2, 67, "o"), (38, 1, 66, "u"), (39, 3, 64, "u"), (42, 6, 67, "u"),
)  # fmt: skip
SKETCH_CHORDS: tuple[tuple[int, ...], ...] = (
    (43, 59, 62, 66), (48, 60, 64, 67), (40, 59, 62, 67), (50, 57, 60, 66),
    (43, 59, 62, 66), (48, 60, 64, 69), (45, 60, 64, 67), (43, 59, 62, 67),
)  # fmt: skip


def wait_engineer(path: Path) -> None:
    """A rolling electric piano, a hum that has the shape of a verse, and a tape that is nearly done."""
    beat = 0.38
    seconds = 1.0 + 48 * beat + 3.0
    mix = silence(seconds)
    for bar, (bass, low, middle, high) in enumerate(SKETCH_CHORDS):
        start = 0.6 + bar * 6 * beat
        add(mix, pan(electric_piano(bass, 2.2, 0.6), -0.1), start, 0.5)
        for place, note in enumerate((low, middle, high, middle, high, middle)):
            add(mix, pan(electric_piano(note, 1.1, 0.4), 0.15), start + place * beat, 0.42)
    add(mix, pan(_hum(HUM, beat, seconds), -0.05), 0.6, 1.3)
    mix = _tape(reverb(mix, length=2.2, wet=0.34, seed=41))
    write_sound(path, fade(master(mix, 0.8), 0.05, 2.0))


def _hum(line: Line, beat: float, seconds: float) -> Mono:
    frames = np.arange(0, round(seconds * RATE), voices.STEP) / RATE
    times: list[float] = []
    tones: list[float] = []
    vowels: list[str] = []
    loud = np.zeros_like(frames)
    for start, beats, note, vowel in line:
        begin, end = start * beat, (start + beats) * beat
        times += [begin + 0.05, end - 0.04]
        tones += [pitch(note), pitch(note)]
        vowels += [vowel, vowel]
        shape = np.clip((frames - begin) / 0.12, 0, 1) * np.clip((end - frames) / 0.16, 0, 1)
        loud = np.maximum(loud, shape * (0.75 + 0.25 * np.sin(np.clip((frames - begin) / (end - begin), 0, 1) * np.pi)))
    tone = np.interp(frames, times, tones) / 2
    tracks = [np.interp(frames, times, [voices.FORMANTS[v][k] * 0.86 for v in vowels]) for k in range(3)]
    return band(voices.throat(frames, tone, tracks, loud, round(seconds * RATE)), 90, 2300, 2)


def _tape(sound: Stereo) -> Stereo:
    """Slow wow, less treble, and hiss."""
    seconds = len(sound) / RATE
    drift = (wander(seconds, 0.9, 51) - 0.5) * 0.0022 * RATE + np.arange(len(sound))
    out = np.stack([np.interp(drift, np.arange(len(sound)), sound[:, side]) for side in (0, 1)], 1)
    dull = np.stack([band(out[:, side].astype(np.float32), 60, 6000, 2) for side in (0, 1)], 1)
    hiss = np.stack([band(noise(seconds, 52 + side), 2000, 9000, 2) for side in (0, 1)], 1)
    return (dull + hiss * 0.0035).astype(np.float32)


# The chords under the straightened tune, a bar each: bass and three strings.
ROLL: tuple[tuple[int, ...], ...] = (
    (38, 57, 62, 65), (36, 57, 62, 65), (46, 58, 62, 65), (43, 58, 62, 67),
    (41, 57, 60, 65), (40, 58, 62, 67), (45, 57, 61, 64), (38, 57, 62, 65),
    (46, 58, 62, 65), (48, 60, 64, 67), (38, 57, 62, 66), (38, 57, 62, 66),
)  # fmt: skip


def credits_theme(path: Path) -> None:
    write_sound(path, credits_mix())


def credits_mix() -> Stereo:
    """Ifeoma's first eight bars in four, so that a roll can walk to it; the end is a bright D."""
    beat = 0.52
    bar_length = 4 * beat
    seconds = 0.4 + len(ROLL) * bar_length + 3.4
    mix = silence(seconds)
    for bar, (bass, *chord) in enumerate(ROLL):
        at = 0.4 + bar * bar_length
        for place, note in enumerate(chord):
            add(mix, pan(strings(note, round(bar_length + 0.5, 2), 0.5), (place - 1) * 0.55), at, 0.8)
        add(mix, pan(strings(bass, round(bar_length + 0.3, 2), 0.6), 0.0), at, 0.9)
        for step in range(4):
            add(mix, pan(piano(chord[(step * 2) % 3], 1.0, 0.45), -0.3), at + step * beat, 0.55)
    _walking_tune(mix, beat)
    for side, note in ((-0.5, 50), (-0.2, 57), (0.2, 62), (0.5, 66)):
        add(mix, pan(brass(note, 4.0, 0.7, 900), side), 0.4 + 10 * bar_length, 0.75)
    return fade(master(reverb(mix, length=3.0, wet=0.4, seed=61)), 0.3, 2.4)


def _walking_tune(mix: Stereo, beat: float) -> None:
    for bar, notes in enumerate(FIRST_EIGHT):
        at = 0.4 + bar * 4 * beat
        for place, (note, beats) in enumerate(notes):
            last = place == len(notes) - 1
            length = (beats + 1 if last else beats) * beat
            add(mix, pan(piano(note, round(length + 0.6, 2), 0.75), 0.25), at, 0.95)
            if bar >= 4:
                add(mix, pan(strings(note, round(length + 0.3, 2), 0.6), 0.35), at, 0.7)
            at += beats * beat
