"""Field recordings of places that do not exist: waves, gulls, halyards, rain, chains, engines."""

from functools import lru_cache
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
    clock,
    curve,
    fade,
    master,
    noise,
    pan,
    pitch,
    reverb,
    silence,
    wander,
)  # fmt: skip
from hitrecord.demo.sound.instruments import accordion, ping
from hitrecord.demo.sound.waltz import motor


def harbour_east(path: Path) -> None:
    write_sound(path, harbour_mix(26))


def lamp_motor(path: Path) -> None:
    write_sound(path, fade(master(motor(12.0), 0.7), 0.05, 0.8))


@lru_cache(maxsize=2)
def harbour_mix(seconds: float) -> Stereo:
    """Under the pier before six: swell, halyards on the left, gulls, one slow generator."""
    mix = water(seconds, 11, swell=4.2)
    rng = np.random.default_rng(5)
    at = 0.6
    while at < seconds - 1:
        note = pitch(80 if rng.random() < 0.6 else 84) * (1 + rng.normal(0, 0.002))
        add(mix, pan(ping(round(note, 1), 0.9, int(rng.integers(6)), 7), -0.7), at, 0.2 + 0.2 * rng.random())
        at += float(rng.choice([0.31, 0.33, 0.9, 1.7]))
    for start, side, far in ((3.2, 0.3, 0.7), (8.1, -0.2, 0.35), (9.0, 0.5, 0.5), (15.4, 0.7, 0.9), (21.2, -0.5, 0.4)):
        if start < seconds - 3:
            add(mix, reverb(pan(gull(int(start * 10)), side), length=1.6, wet=0.5), start, 0.5 * far)
    t = clock(seconds)
    rest = (0.6 + 0.4 * np.sin(2 * np.pi * 0.21 * t)) * (1 + 0.25 * np.sign(np.sin(2 * np.pi * 12.5 * t)))
    engine = band((np.sin(2 * np.pi * 50 * t) + 0.5 * np.sin(2 * np.pi * 150 * t)) * rest, 40, 320)
    add(mix, pan(engine.astype(np.float32), 0.4), 0, 0.045)
    return fade(master(mix, 0.74), 0.8, 1.5)


def water(seconds: float, seed: int, *, swell: float, near: float = 1.0) -> Stereo:
    """Waves that arrive a little late, each with a body that falls and a lace of bright noise that follows."""
    out = silence(seconds)
    rng = np.random.default_rng(seed)
    for side in (0, 1):
        bed = band(noise(seconds, seed + side), 60, 700, 2) * (0.25 + 0.5 * wander(seconds, 1.3, seed + 20 + side))
        out[:, side] += bed * np.float32(0.5)
    lace = [band(noise(seconds, seed + 40 + side), 1400, 7000, 2) for side in (0, 1)]
    body = [band(noise(seconds, seed + 50 + side), 120, 1100, 2) for side in (0, 1)]
    t = clock(seconds)
    at = 0.4
    while at < seconds:
        size = 0.6 + 0.6 * rng.random()
        rise = np.clip((t - at) / 0.9, 0, 1) ** 2 * np.exp(-np.clip(t - at - 0.9, 0, None) * 1.3)
        wash = np.clip((t - at - 0.7) / 0.5, 0, 1) * np.exp(-np.clip(t - at - 1.2, 0, None) * 1.0)
        lean = 0.5 + 0.3 * rng.normal()
        for side, weight in ((0, 1 - lean), (1, lean)):
            out[:, side] += (body[side] * rise * 0.9 + lace[side] * wash * 0.22 * near) * np.float32(size * weight)
        at += swell * (0.75 + 0.5 * rng.random())
    return out


def gull(seed: int) -> Mono:
    """Three or four falling cries, nasal, the last one an afterthought."""
    rng = np.random.default_rng(seed)
    out = np.zeros(round(2.4 * RATE), np.float32)
    at = 0.0
    for cry in range(int(rng.integers(3, 5))):
        length = 0.34 - 0.04 * cry
        top = 1150 + rng.normal(0, 60)
        line = curve(length, [(0, top * 0.78), (length * 0.25, top), (length, top * 0.6)])
        phase = np.cumsum(2 * np.pi * line / RATE)
        voice = sum(np.sin(n * phase) * weight for n, weight in ((1, 0.5), (2, 1.0), (3, 0.6), (4, 0.25)))
        shape = np.sin(np.linspace(0, np.pi, len(line))) ** 0.7
        start = round(at * RATE)
        out[start : start + len(line)] += (voice * shape * (1 - 0.15 * cry)).astype(np.float32)
        at += length + 0.12 + 0.1 * rng.random()
    return out * np.float32(0.4)


def engine_drone(path: Path) -> None:
    """Nineteen seconds in three vowels: A, O, and one long U in the bilge."""
    seconds = 19.0
    frames = np.arange(0, round(seconds * RATE), voices.STEP) / RATE
    spots = [0.0, 5.0, 7.0, 11.0, 13.0, 19.0]
    tracks = [np.interp(frames, spots, [voices.FORMANTS[v][k] for v in "aaoouu"]) for k in range(3)]
    mix = silence(seconds)
    loud = np.interp(frames, [0, 2, 17, 19], [0.2, 1, 0.9, 0.1])
    for tone, side in ((55.0, -0.5), (55.35, 0.5), (82.6, 0.0)):
        throat = voices.throat(frames, np.full_like(frames, tone), tracks, loud, len(mix))
        add(mix, pan(throat, side), 0)
    knock = band(noise(0.12, 3), 60, 240) * np.exp(-clock(0.12) * 40)
    for stroke in range(int(seconds / 0.42)):
        add(mix, pan(knock, 0.2 if stroke % 2 else -0.2), stroke * 0.42, 1.2)
    add(mix, water(seconds, 61, swell=6, near=0.2), 0, 0.15)
    write_sound(path, fade(master(reverb(mix, length=3.2, wet=0.45, bright=1500)), 1.2, 2))


def rain_tin(path: Path) -> None:
    """The roof, then the gutter, then the bucket."""
    seconds = 22.0
    rng = np.random.default_rng(14)
    mix = silence(seconds)
    for side in (0, 1):
        roof = band(noise(seconds, 70 + side), 900, 6500, 2) * (0.5 + 0.5 * wander(seconds, 2.5, 80 + side))
        mix[:, side] += roof * np.float32(0.16)
    for _ in range(1500):
        at, size = rng.random() * seconds, rng.random() ** 3
        drop = ping(float(rng.choice([620, 910, 1340, 1890, 2600])), 0.09, int(rng.integers(8)), 70)
        add(mix, pan(drop, rng.uniform(-0.9, 0.9)), at, 0.06 + 0.5 * size)
    gutter = (
        band(noise(seconds, 90), 300, 900)
        * (0.3 + 0.7 * wander(seconds, 0.18, 91))
        * curve(seconds, [(0, 0), (5, 0), (9, 1), (22, 1)])
    )
    add(mix, pan(gutter, 0.55), 0, 0.28)
    at = 8.4
    while at < seconds - 0.6:
        t = clock(0.28)
        rise = np.sin(2 * np.pi * (520 * t + 900 * t * t)) * np.exp(-t * 18)
        add(mix, reverb(pan(rise.astype(np.float32), -0.45), length=0.6, wet=0.4), at, 0.45)
        at += float(rng.choice([0.62, 0.62, 0.93, 1.24]))
    write_sound(path, fade(master(mix, 0.72), 1.0, 1.8))


def slipway(path: Path) -> None:
    """Low tide by telephone: small waves, a chain, a winch, one man counting."""
    seconds = 20.0
    rng = np.random.default_rng(23)
    mix = water(seconds, 33, swell=2.6, near=0.5) * np.float32(0.55)
    for start in (2.4, 7.9, 13.6):
        for link in range(26):
            at = start + link * 0.075 + rng.normal(0, 0.01)
            add(
                mix,
                pan(ping(float(rng.choice([1750, 2080, 2460, 3150])), 0.2, link % 7, 26), 0.4),
                at,
                0.25 + 0.2 * rng.random(),
            )
        for tooth in range(9):
            click = band(noise(0.03, tooth), 500, 3000) * np.exp(-clock(0.03) * 160)
            add(mix, pan(click, 0.2), start + 2.2 + tooth * 0.21, 0.5)
    for start, line in ((4.8, ["mot, hai, ba."]), (10.6, ["bon, nam, sau."]), (16.2, ["bay. tam. xong."])):
        counted = voices.speak(voices.phrase(line, pace=0.24, tone=118), 3.2)
        add(mix, reverb(pan(band(counted, 200, 2200), -0.5), length=1.3, wet=0.5), start, 0.4)
    write_sound(path, fade(master(_telephone(mix), 0.7), 0.3, 0.8))


def _telephone(sound: Stereo) -> Stereo:
    """A small microphone in a sock: no bottom, no top, hardly any sides."""
    left, right = band(sound[:, 0], 180, 5200), band(sound[:, 1], 180, 5200)
    return np.stack([left * 0.75 + right * 0.25, left * 0.25 + right * 0.75], 1).astype(np.float32)


def harbour_remembered(path: Path) -> None:
    """Waves at half speed under an accordion with its bellows almost shut."""
    seconds = 30.0
    mix = water(seconds, 11, swell=7.5, near=0.35) * np.float32(0.5)
    chords = ((57, 64, 69), (53, 60, 69), (50, 57, 65), (52, 59, 68))
    for turn, chord in enumerate((*chords, *chords[:3])):
        at = 1.0 + turn * 4.0
        swell = np.sin(np.linspace(0, np.pi, round(5.0 * RATE))) ** 1.6
        for place, note in enumerate(chord):
            tone = band(accordion(note, 5.0, 0.5), 0, 1500, 2) * swell
            add(mix, pan(tone.astype(np.float32), (place - 1) * 0.5), at, 0.7)
    for start, side in ((6.0, 0.6), (14.0, -0.4), (23.0, 0.2)):
        add(mix, pan(band(gull(int(start)), 300, 2200), side), start, 0.14)
    write_sound(path, fade(master(reverb(mix, length=4.5, wet=0.6, bright=2600), 0.76), 2.0, 3.5))
