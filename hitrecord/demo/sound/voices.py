"""Speech-like sound: a throat of partials, vowels as moving formants, consonants as gaps and breath.

It reads the rhythm of a real text: syllables are found in the words, vowels by their letters, the melody of the
sentence falls to the full stop and rises to the comma. The words themselves stay on the other side of the wall.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from hitrecord.demo import writing
from hitrecord.demo.encoding import write_sound
from hitrecord.demo.sound.dsp import RATE, Mono, Stereo, add, band, count, fade, master, noise, pan, reverb, silence

FORMANTS: dict[str, tuple[float, float, float]] = {
    "a": (730, 1190, 2440),
    "e": (530, 1840, 2480),
    "i": (320, 2250, 2950),
    "o": (520, 900, 2400),
    "u": (340, 820, 2240),
    "y": (330, 2000, 2700),
}
STEP = 128  # samples between two settings of the throat


@dataclass(frozen=True)
class Syllable:
    start: float
    length: float
    vowel: str
    tone: float
    hiss: bool


def engine_voice(path: Path) -> None:
    write_sound(path, through_steel())


@lru_cache(maxsize=1)
def through_steel() -> Stereo:
    """Noor's seven lines from the next compartment, with the hull humming along."""
    lines = [line.strip() for line in writing.read("engine-room.md").splitlines()[1:] if line.strip()]
    syllables = phrase(lines, pace=0.165, tone=172)
    seconds = syllables[-1].start + 2.6
    voice = speak(syllables, seconds)
    dull = band(voice, 140, 620, 3) + band(voice, 900, 1500, 4) * np.float32(0.25)
    mix = silence(seconds)
    add(mix, pan(dull, -0.2), 0.7)
    mix = reverb(mix, length=2.8, wet=0.5, bright=1100, seed=31)
    hull = band(noise(seconds, 12), 38, 110) * np.float32(0.9)
    t = np.arange(len(mix)) / RATE
    hum = sum(np.sin(2 * np.pi * 48.6 * n * t + n) / n**1.4 for n in (1, 2, 3, 4)) * 0.018
    throb = (0.7 + 0.3 * np.sin(2 * np.pi * 1.9 * t)).astype(np.float32)
    add(mix, pan(((hull * 0.05 + hum) * throb).astype(np.float32), 0.15), 0)
    return fade(master(mix, 0.8), 0.4, 1.2)


def phrase(lines: list[str], *, pace: float, tone: float) -> list[Syllable]:
    """The syllables of those lines with their moments and pitches; a line is one breath."""
    out: list[Syllable] = []
    at = 0.2
    for number, line in enumerate(lines):
        words = re.findall(r"[^\W\d_]+|[.,:;]", line.lower())
        total = max(1, sum(len(word) > 1 for word in words))
        for place, word in enumerate(words):
            if word in ".,:;":
                at += 0.16 if word == "," else 0.3
                continue
            for piece in re.findall(r"[^aeiouy]*[aeiouy]+", word) or [word]:
                stress = 1.16 if piece.startswith(tuple("bdgmnlr")) or len(word) > 6 else 1.0
                fall = 1.1 - 0.3 * place / total + 0.03 * ((place * 7 + number * 3) % 4)
                vowel = next((letter for letter in piece if letter in FORMANTS), "e")
                length = pace * stress * (1.35 if len(piece) > 3 else 1.0)
                out.append(Syllable(at, length, vowel, tone * fall * stress**0.5, any(s in piece for s in "sfhtz")))
                at += length
            at += 0.035
        at += 0.42
    return out


def speak(syllables: list[Syllable], seconds: float) -> Mono:
    """Partials of a gliding pitch, each as loud as the formants let it be at that moment."""
    frames = np.arange(0, count(seconds), STEP) / RATE
    middle = [syllable.start + syllable.length / 2 for syllable in syllables]
    tone = np.interp(frames, middle, [syllable.tone for syllable in syllables])
    tracks = [np.interp(frames, middle, [FORMANTS[s.vowel][k] for s in syllables]) for k in range(3)]
    loud = np.zeros_like(frames)
    for syllable in syllables:
        inside = (frames - syllable.start) / syllable.length
        loud = np.maximum(loud, np.where((inside > 0) & (inside < 1), np.sin(np.clip(inside, 0, 1) * np.pi) ** 0.6, 0))
    return throat(frames, tone, tracks, loud, count(seconds)) + _consonants(syllables, seconds)


def throat(frames: np.ndarray, tone: np.ndarray, tracks: list[np.ndarray], loud: np.ndarray, length: int) -> Mono:
    positions = np.arange(length) / RATE
    sway = 1 + 0.006 * np.sin(2 * np.pi * 5.2 * positions)
    phase = np.cumsum(2 * np.pi * np.interp(positions, frames, tone) * sway / RATE).astype(np.float32)
    out = np.zeros(length, np.float32)
    for n in range(1, 19):
        freq = tone * n
        gain = sum(
            weight / (1 + ((freq - track) / width) ** 2)
            for track, weight, width in zip(tracks, (1.0, 0.6, 0.25), (90, 120, 180), strict=True)
        )
        level = np.interp(positions, frames, gain * loud / n**0.35).astype(np.float32)
        out += level * np.sin(np.float32(n) * phase)
    return out * np.float32(0.4)


def _consonants(syllables: list[Syllable], seconds: float) -> Mono:
    breath = band(noise(seconds, 4), 2600, 8000)
    gate = np.zeros(count(seconds), np.float32)
    for syllable in syllables:
        if syllable.hiss:
            start = count(max(0, syllable.start - 0.03))
            gate[start : start + count(0.06)] = 0.06
    return breath * gate
