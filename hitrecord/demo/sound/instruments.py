"""One note of each instrument, by adding partials. Velocities and levels run from 0 to 1."""

from functools import lru_cache

import numpy as np

from hitrecord.demo.sound.dsp import RATE, Mono, band, clock, count, noise, pitch

TAU = np.float32(2 * np.pi)


@lru_cache(maxsize=256)
def piano(midi: int, seconds: float, velocity: float = 0.7) -> Mono:
    """An upright that was tuned in spring: stretched partials, two strings a note, a felt thump."""
    t = clock(seconds)
    base = pitch(midi)
    out = np.zeros_like(t)
    stretch = 0.00035 * 2 ** ((midi - 60) / 14)
    decay = 0.9 + 2.0 * max(0.0, (midi - 48) / 36)
    for n in range(1, 15):
        freq = base * n * float(np.sqrt(1 + stretch * n * n))
        if freq > 9000:
            break
        hammer = abs(float(np.sin(np.pi * n / 8.3))) + 0.05
        level = hammer * n ** (-1.35 + 0.5 * (velocity - 0.7))
        fall = np.exp(-t * np.float32(decay * (0.55 + 0.28 * n)))
        fall = fall * np.float32(0.75) + np.exp(-t * np.float32(decay * 0.3 * (1 + 0.1 * n))) * np.float32(0.25)
        detune = 1 + (0.0009 if n % 2 else 0.0006)
        wave = np.sin(TAU * np.float32(freq) * t) + np.sin(TAU * np.float32(freq * detune) * t + n)
        out += np.float32(level) * fall * wave
    thump = band(noise(0.08, midi), 80, 900 + 900 * velocity) * np.exp(-clock(0.08) * 60)
    out[: len(thump)] += thump[: len(out)] * np.float32(0.9 * velocity)
    return _shaped(out, velocity * 0.3, attack=0.003, release=min(0.25, seconds / 3))


@lru_cache(maxsize=128)
def accordion(midi: int, seconds: float, level: float = 0.6) -> Mono:
    """Three reeds a few cents apart, so that they beat, and bellows that lean into the note."""
    t = clock(seconds)
    out = np.zeros_like(t)
    base = pitch(midi)
    for cents in (-7.5, 0.0, 8.5):
        tone = base * 2 ** (cents / 1200)
        for n in range(1, 22):
            freq = tone * n
            if freq > 8000:
                break
            body = (
                1
                + 1.6 * float(np.exp(-(((freq - 1150) / 520) ** 2)))
                + 0.9 * float(np.exp(-(((freq - 2700) / 700) ** 2)))
            )
            odd = 1.0 if n % 2 else 0.62
            out += np.float32(odd * body / n**1.12) * np.sin(TAU * np.float32(freq) * t + np.float32(n * cents))
    breath = np.interp(t, [0, 0.14, seconds * 0.45, seconds], [0.35, 0.85, 1.0, 0.8]).astype(np.float32)
    return _shaped(out * breath, level * 0.13, attack=0.05, release=0.09)


@lru_cache(maxsize=128)
def brass(midi: int, seconds: float, level: float = 0.7, body: float = 1400) -> Mono:
    """Brighter the harder it is blown: each partial has its own, later attack. `body` is the bell's ring in Hz."""
    t = clock(seconds)
    blow = np.interp(t, [0, 0.07, 0.2, max(0.25, seconds - 0.12), seconds], [0, 0.8, 1.0, 0.82, 0]).astype(np.float32)
    vibrato = np.float32(0.0035) * np.sin(TAU * np.float32(5.1) * t) * np.clip((t - 0.35) * 3, 0, 1)
    scoop = np.float32(-0.012) * np.exp(-t * 28)
    phase = np.cumsum(TAU * np.float32(pitch(midi) / RATE) * (1 + vibrato + scoop)).astype(np.float32)
    out = np.zeros_like(t)
    for n in range(1, 20):
        freq = pitch(midi) * n
        if freq > 9000:
            break
        ring = 0.35 + float(np.exp(-(((freq - body) / (body * 0.75)) ** 2))) * 1.3
        opening = blow ** np.float32(1 + n * 0.22 * (1.4 - level))
        out += np.float32(ring / n**0.75) * opening * np.sin(np.float32(n) * phase)
    air = band(noise(seconds, midi + 900), 900, 5000) * blow * np.float32(0.04)
    return _shaped(out + air, level * 0.16, attack=0.02, release=0.1)


@lru_cache(maxsize=64)
def strings(midi: int, seconds: float, level: float = 0.5) -> Mono:
    """Four players who do not quite agree, each with a vibrato of their own."""
    t = clock(seconds)
    out = np.zeros_like(t)
    for player, cents in enumerate((-6.0, -1.5, 3.0, 7.0)):
        sway = np.float32(0.003) * np.sin(TAU * np.float32(4.6 + player * 0.37) * t + np.float32(player * 1.7))
        phase = np.cumsum(TAU * np.float32(pitch(midi) * 2 ** (cents / 1200) / RATE) * (1 + sway)).astype(np.float32)
        for n in range(1, 12):
            if pitch(midi) * n > 6000:
                break
            out += np.float32(1 / n**1.25) * np.sin(np.float32(n) * phase + np.float32(player))
    return _shaped(out, level * 0.09, attack=min(0.5, seconds / 3), release=min(0.6, seconds / 3))


@lru_cache(maxsize=128)
def electric_piano(midi: int, seconds: float, velocity: float = 0.6) -> Mono:
    """A tine and a pick-up: one sine bends another, less and less."""
    t = clock(seconds)
    base = np.float32(pitch(midi))
    bend = np.float32(1.4 * velocity) * np.exp(-t * 5) * np.sin(TAU * base * t)
    bell = np.float32(0.35 * velocity) * np.exp(-t * 9) * np.sin(TAU * base * np.float32(7.02) * t)
    tone = np.sin(TAU * base * t + bend) + bell
    tremolo = 1 - np.float32(0.16) * (1 + np.sin(TAU * np.float32(4.2) * t)) / 2
    return _shaped(tone * np.exp(-t * 1.1) * tremolo, velocity * 0.5, attack=0.004, release=0.15)


@lru_cache(maxsize=128)
def ping(freq: float, seconds: float, seed: int, ring: float = 9) -> Mono:
    """Struck metal: a handful of modes that do not belong to one scale."""
    t = clock(seconds)
    rng = np.random.default_rng(seed)
    out = np.zeros_like(t)
    for n, ratio in enumerate((1.0, 2.76, 5.4, 8.93)):
        tone = np.float32(freq * ratio * (1 + rng.normal(0, 0.01)))
        if tone < 15_000:
            out += np.float32(0.8**n) * np.exp(-t * np.float32(ring * (1 + n * 0.8))) * np.sin(TAU * tone * t)
    return _shaped(out, 0.35, attack=0.001, release=seconds / 3)


def _shaped(sound: Mono, gain: float, *, attack: float, release: float) -> Mono:
    head, tail = min(count(attack), len(sound)), min(count(release), len(sound))
    out = sound * np.float32(gain)
    out[:head] *= np.linspace(0, 1, head, dtype=np.float32)
    out[len(out) - tail :] *= np.linspace(1, 0, tail, dtype=np.float32)
    return out
