"""Sound as arrays. Mono is float32 (n,), stereo is float32 (n, 2), both around ±1 at 44.1 kHz."""

from functools import lru_cache

import numpy as np
import numpy.typing as npt

Mono = npt.NDArray[np.float32]
Stereo = npt.NDArray[np.float32]

RATE = 44_100


def count(seconds: float) -> int:
    return round(seconds * RATE)


def clock(seconds: float) -> Mono:
    return (np.arange(count(seconds)) / RATE).astype(np.float32)


def silence(seconds: float) -> Stereo:
    return np.zeros((count(seconds), 2), np.float32)


def noise(seconds: float, seed: int) -> Mono:
    return np.random.default_rng(seed).standard_normal(count(seconds)).astype(np.float32)


def pitch(midi: float) -> float:
    return float(440 * 2 ** ((midi - 69) / 12))


def band(sound: Mono, low: float, high: float, slope: float = 4) -> Mono:
    """A soft band-pass in the frequency domain; `slope` is the order of its skirts."""
    size = fast_size(len(sound))
    spectrum = np.fft.rfft(sound, size)
    freq = np.fft.rfftfreq(size, 1 / RATE)
    gain = 1 / (1 + (freq / high) ** slope)
    if low > 0:
        gain *= 1 - 1 / (1 + (freq / low) ** slope)
    return np.fft.irfft(spectrum * gain, size)[: len(sound)].astype(np.float32)


def fast_size(length: int) -> int:
    """The next length made of small factors: an FFT of a prime length takes very long."""
    best = 1 << (length - 1).bit_length()
    for factor in (3, 5, 9, 15):
        size = factor
        while size < length:
            size *= 2
        best = min(best, size)
    return best


def fade(sound: Stereo, start: float = 0.02, end: float = 0.3) -> Stereo:
    """Soft edges, so that nothing begins or ends with a click."""
    out = sound.copy()
    head, tail = min(count(start), len(out)), min(count(end), len(out))
    out[:head] *= np.linspace(0, 1, head, dtype=np.float32)[:, None]
    out[len(out) - tail :] *= (np.linspace(1, 0, tail, dtype=np.float32) ** 1.5)[:, None]
    return out


def pan(sound: Mono, where: float) -> Stereo:
    """`where` from -1 (left) to 1 (right), at constant power."""
    angle = (where + 1) * np.pi / 4
    return np.stack([sound * np.cos(angle), sound * np.sin(angle)], 1).astype(np.float32)


def add(mix: Stereo, sound: Stereo, at: float, gain: float = 1) -> None:
    """Lay `sound` into `mix` from that second on; what would hang over the end is dropped."""
    start = count(at)
    length = min(len(sound), len(mix) - start)
    if length > 0 and start >= 0:
        mix[start : start + length] += sound[:length] * np.float32(gain)


def curve(seconds: float, points: list[tuple[float, float]]) -> Mono:
    """A line through (second, value) points."""
    times, values = zip(*points, strict=True)
    return np.asarray(np.interp(clock(seconds), times, values), np.float32)


def wander(seconds: float, step: float, seed: int) -> Mono:
    """A slow random walk between 0 and 1, one new thought every `step` seconds."""
    thoughts = np.random.default_rng(seed).random(int(seconds / step) + 4)
    position = clock(seconds) / step
    left = position.astype(int)
    part = position - left
    smooth = part * part * (3 - 2 * part)
    return np.asarray(thoughts[left] * (1 - smooth) + thoughts[left + 1] * smooth, np.float32)


@lru_cache(maxsize=8)
def _room(length: float, bright: float, seed: int) -> Stereo:
    shape = np.exp(-6.5 * clock(length) / length)
    sides = [band(noise(length, seed + side) * shape, 120, bright, 2) for side in (0, 1)]
    room = np.stack(sides, 1)
    return np.asarray(room / np.sqrt((room**2).sum(0)), np.float32)


def reverb(sound: Stereo, *, length: float, wet: float, bright: float = 4500, seed: int = 7) -> Stereo:
    """The sound in a room made of decaying noise: `length` to silence, `wet` of it mixed in."""
    room = _room(length, bright, seed)
    size = fast_size(len(sound) + len(room))
    tail = np.fft.irfft(np.fft.rfft(sound, size, axis=0) * np.fft.rfft(room, size, axis=0), size, axis=0)
    return (sound * (1 - wet * 0.4) + tail[: len(sound)].astype(np.float32) * wet).astype(np.float32)


def master(sound: Stereo, peak: float = 0.86) -> Stereo:
    """No rumble below hearing, gently rounded peaks, one loudness for all works."""
    clean = np.stack([band(sound[:, side], 28, 17_000) for side in (0, 1)], 1)
    level = float(np.sqrt((clean**2).mean())) or 1.0
    loud = np.tanh(clean * (0.11 / level))
    return np.asarray(loud * (peak / max(float(np.abs(loud).max()), 1e-6)), np.float32)
