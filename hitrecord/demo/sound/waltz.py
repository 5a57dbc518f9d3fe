"""The waltz: Ifeoma's for upright and accordion over the lamp motor, and Kofi's for five brass."""

from functools import lru_cache
from pathlib import Path

import numpy as np

from hitrecord.demo.encoding import write_sound
from hitrecord.demo.sound.dsp import Mono, Stereo, add, band, clock, fade, master, noise, pan, reverb, silence
from hitrecord.demo.sound.instruments import accordion, brass, piano, ping
from hitrecord.demo.sound.score import BAR, BEAT, CHORDS, INTRO_BARS, MELODY

WALTZ_SECONDS = 36.0
BRASS_SECONDS = 32.0


def waltz(path: Path) -> None:
    write_sound(path, waltz_mix())


def waltz_brass(path: Path) -> None:
    write_sound(path, brass_mix())


@lru_cache(maxsize=1)
def waltz_mix() -> Stereo:
    """Two bars of motor, eight of piano, eight with accordion, four of coda; the films cut from this too."""
    rng = np.random.default_rng(3)
    mix = silence(WALTZ_SECONDS)
    for bar, (bass, chord) in enumerate(CHORDS):
        at = (INTRO_BARS + bar) * BAR + _leaning(bar)
        calm = 0.85 if bar < 16 else 0.7
        add(mix, pan(piano(bass, 2.2, 0.7), -0.25), at, calm)
        for beat in (1, 2):
            for note in chord:
                add(mix, pan(piano(note, 0.9, 0.4), -0.1), at + beat * BEAT + rng.normal(0, 0.006), calm * 0.8)
    _piano_melody(mix, rng)
    _accordion_melody(mix)
    mix = reverb(mix, length=2.4, wet=0.3)
    add(mix, motor(WALTZ_SECONDS), 0, 0.34)
    return fade(master(mix), 0.01, 2.2)


def _leaning(bar: int) -> float:
    """The hands fall a little behind the motor towards the end of a phrase, and catch up."""
    return 0.018 * (bar % 4) + (0.05 * max(0, bar - 17) ** 1.5 if bar > 17 else 0)


def _piano_melody(mix: Stereo, rng: np.random.Generator) -> None:
    for bar, notes in enumerate(MELODY):
        at = (INTRO_BARS + bar) * BAR + _leaning(bar)
        softer = 0.55 if 8 <= bar < 16 else 1.0
        for note, beats in notes:
            length = min(2.6, beats * BEAT + 0.7)
            when = at + 0.012 + abs(rng.normal(0, 0.008))
            add(mix, pan(piano(note, round(length, 2), 0.8), 0.2), when, softer)
            if bar < 16 and beats >= 2:
                add(mix, pan(piano(note - 12, round(length, 2), 0.5), 0.1), when, softer * 0.6)
            at += beats * BEAT


def _accordion_melody(mix: Stereo) -> None:
    for bar in range(8, 18):
        at = (INTRO_BARS + bar) * BAR + _leaning(bar)
        if bar < 16:
            for note, beats in MELODY[bar]:
                add(mix, pan(accordion(note, beats * BEAT + 0.05, 0.6), 0.35), at, 0.62)
                at += beats * BEAT
        at = (INTRO_BARS + bar) * BAR
        for note in CHORDS[bar][1][:2]:
            add(mix, pan(accordion(note, BAR + 0.1, 0.35), 0.5), at, 0.42)


@lru_cache(maxsize=2)
def motor(seconds: float) -> Stereo:
    """The gearbox: a tick a beat, the first of three heavier, over a hum that swells once a turn."""
    mix = silence(seconds)
    for beat in range(int(seconds / BEAT)):
        heavy = beat % 3 == 0
        tick = ping(1480 if heavy else 2350, 0.12, beat % 6, 60) * np.float32(0.8)
        body = band(noise(0.07, beat % 6), 140, 700 if heavy else 1500) * np.exp(-clock(0.07) * 70)
        add(mix, pan(tick, -0.15), beat * BEAT, 0.55 if heavy else 0.3)
        add(mix, pan(body, 0.1), beat * BEAT, 1.1 if heavy else 0.5)
    t = clock(seconds)
    swell = 0.6 + 0.4 * np.sin(2 * np.pi * t / BAR)
    hum: Mono = sum((np.sin(2 * np.pi * 49 * n * t) / n**1.6 for n in (1, 2, 3, 5)), np.zeros_like(t))
    whirr = band(noise(seconds, 5), 500, 1400) * np.float32(0.05)
    add(mix, pan((hum * swell * 0.03 + whirr * swell).astype(np.float32), 0), 0)
    return reverb(mix, length=0.7, wet=0.22, bright=2600)


@lru_cache(maxsize=1)
def brass_mix() -> Stereo:
    """Trumpet tune, second trumpet below, two trombones off the beat, a tuba that means well."""
    mix = silence(BRASS_SECONDS)
    for bar in range(20):
        at = 0.3 + bar * BAR + _leaning(bar)
        bass, chord = CHORDS[bar]
        add(mix, pan(brass(bass if bass > 40 else bass + 12, 0.62, 0.75, 380), 0.05), at, 1.1)
        for beat in (1, 2):
            for side, note in ((-0.5, chord[0] - 12), (0.45, chord[1] - 12)):
                add(mix, pan(brass(note, 0.36, 0.5, 620), side), at + beat * BEAT, 0.62)
        for note, beats in MELODY[bar]:
            length = round(beats * BEAT * 0.94, 3)
            add(mix, pan(brass(note, length, 0.8, 1500), -0.2), at, 0.95)
            if bar >= 4:
                add(mix, pan(brass(_below(note, chord), length, 0.6, 1250), 0.25), at + 0.015, 0.55)
            at += beats * BEAT
    cough = band(noise(0.16, 77), 350, 1800) * np.exp(-((clock(0.16) - 0.05) ** 2) * 900)
    add(mix, pan(cough, 0.7), 30.9, 0.22)
    return fade(master(reverb(mix, length=1.9, wet=0.36, bright=3800, seed=21)), 0.01, 1.4)


def _below(note: int, chord: tuple[int, ...]) -> int:
    """The nearest chord note at least a third under the tune."""
    tones = [tone + 12 * octave for tone in chord for octave in (0, 1, 2)]
    return max((tone for tone in tones if tone <= note - 3), default=note - 12)
