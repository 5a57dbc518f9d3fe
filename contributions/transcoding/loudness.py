"""What EBU R128 says of a recording, and the gain a player applies for it. Pure.

ffmpeg's ebur128 filter prints a summary when it ends. Levels travel as hundredths of a decibel.
"""

import math
import re
from collections.abc import Iterable
from itertools import pairwise
from typing import Final

TARGET_LUFS: Final = -16.0
CEILING_DBTP: Final = -1.0
MOST_GAIN_DB: Final = 12.0
SILENT_LUFS: Final = -69.0
BARS: Final = 150
FINE_BARS: Final = 1_000
PEAK_LINE: Final = re.compile(r"Peak_level=(-?inf|-?nan|-?\d+(?:\.\d+)?)")


def read_summary(words: str) -> dict[str, int]:
    """loudness_lufs_x100, true_peak_db_x100 and gain_db_x100 from what ffmpeg said; {} if nothing."""
    loudness = _last(r"\bI:\s+(-?inf|-?nan|-?\d+(?:\.\d+)?) LUFS", words)
    peak = _last(r"True peak:\s+Peak:\s+(-?inf|-?nan|-?\d+(?:\.\d+)?) dBFS", words)
    found: dict[str, int] = {}
    if peak is not None:
        found["true_peak_db_x100"] = round(peak * 100)
    if loudness is not None and loudness > SILENT_LUFS:
        found["loudness_lufs_x100"] = round(loudness * 100)
        found["gain_db_x100"] = round(100 * gain(loudness, 0.0 if peak is None else peak))
    return found


def gain(loudness: float, peak: float) -> float:
    """The decibels to the target loudness; turning up stops before the loudest moment clips."""
    wanted = TARGET_LUFS - loudness
    return wanted if wanted <= 0 else max(0.0, min(wanted, CEILING_DBTP - peak, MOST_GAIN_DB))


def _last(pattern: str, words: str) -> float | None:
    values = re.findall(pattern, words)
    number = float(values[-1]) if values else math.nan
    return number if math.isfinite(number) else None


def read_peaks(lines: Iterable[str]) -> list[float]:
    """The amplitude (0…1) of each window that astats printed."""
    found = (PEAK_LINE.search(line) for line in lines)
    levels = (float(match[1]) for match in found if match)
    return [min(1.0, 10 ** (level / 20)) if math.isfinite(level) else 0.0 for level in levels]


def bars(amplitudes: list[float], count: int) -> list[int]:
    """`count` bars (fewer when there is less to show), the loudest being 100."""
    top = max(amplitudes, default=0.0)
    if not top:
        return [0] * min(count, len(amplitudes))
    count = min(count, len(amplitudes))
    edges = [len(amplitudes) * number // count for number in range(count + 1)]
    loudest = (max(amplitudes[a:b]) for a, b in pairwise(edges))
    return [round(100 * value / top) for value in loudest]
