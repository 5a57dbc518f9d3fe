"""What an upload costs: the ladder, the wait until something plays, the finish call, bytes on disk and memory.

The clip is half a minute of 1080p that ffmpeg's generators make. Processor time is that of the children, so that
others at work on the machine count for little; the two wall times of one ratio are the best of two each.
"""

import statistics
import tempfile
from collections.abc import Iterator
from pathlib import Path

from contributions import actions
from contributions.models import Job
from tests.bench._ladders import Ladders, clip
from tests.bench._uploading import Browser, Zeros, forget_peak, peak_kb, running_site, tree, written
from tests.bench.figures import Figure
from tests.support.sites import Site, eventually

MB = 1_000_000
# A camera's colours, which no browser plays.
CAMERA = ("-pix_fmt", "yuv422p")


def measure() -> Iterator[Figure]:
    """Every figure of docs/media.md."""
    with tempfile.TemporaryDirectory(prefix="hr-bench-") as name:
        folder = Path(name)
        phone, camera = clip(folder / "phone.mp4"), clip(folder / "camera.mp4", *CAMERA)
        yield from ladder(phone, folder)
        with running_site(folder / "logs") as site:
            yield from waiting(site, phone, camera)
            yield from storing(site)


def ladder(source: Path, folder: Path) -> Iterator[Figure]:
    """Our way against a process for each output, and against its own bare command."""
    work = folder / "work"
    work.mkdir()
    ways = Ladders(source, work)
    ours, bare = [ways.ours()], [ways.bare(), ways.bare()]
    ours.append(ways.ours())
    apart = ways.apart()
    cpu = min(cost.cpu for cost in ours)
    note = f"{cpu:.1f} s against {apart.cpu:.1f} s, preview and card included"
    yield Figure(name="ladder_cpu_ratio", value=cpu / apart.cpu, most=0.80, note=note)
    walls = [min(cost.wall for cost in costs) for costs in (ours, bare)]
    note = f"{walls[0]:.1f} s over {walls[1]:.1f} s"
    yield Figure(name="ladder_wall_over_bare", value=walls[0] / walls[1], most=1.10, note=note)


def waiting(site: Site, phone: Path, camera: Path) -> Iterator[Figure]:
    """From the answer that ends an upload to the first rendition being served."""
    browser = Browser(site, "ada")
    for name, source, most in (
        ("first_playable_copy_s", phone, 3.0),
        ("first_playable_other_s", camera, None),
    ):
        with source.open("rb") as body:
            version, _took, ended = browser.upload(body, source.stat().st_size)
        served = browser.until_served(version, "video/preview.mp4")
        note = f"30 s of 1080p, {source.stat().st_size // MB} MB"
        yield Figure(name=name, value=served - ended, unit="s", most=most, note=note)
        actions.discard_draft(actor=browser.artist, contribution=version.contribution)


def storing(site: Site) -> Iterator[Figure]:
    """The finish, and what an upload costs in disk and memory. The files are refused when they have been fetched."""
    browser = Browser(site, "bea")
    size = 200 * MB
    before, finishes = written(site), []
    for _ in range(3):
        version, took, _ended = browser.upload(Zeros(size), size)
        finishes.append(1000 * took)
        looked_at = Job.objects.filter(version=version, status=Job.Status.FAILED)
        eventually(looked_at.exists, seconds=120, what="the look at it")
    note = f"the last PATCH, of one byte, to its answer; slowest of 3: {max(finishes):.0f} ms"
    yield Figure(name="finish_ms_200mb", value=statistics.median(finishes), unit="ms", most=100, note=note)
    ratio = (written(site) - before) / (3 * size)
    note = "write_bytes of web and worker, three originals of 200 MB"
    yield Figure(name="bytes_written_ratio", value=ratio, most=2, note=note)
    yield held(site, browser)


def held(site: Site, browser: Browser) -> Figure:
    """How much more memory the web process holds at most while 2 GB go through it."""
    (process,) = tree(site.processes["web"].pid)[1:]
    size = 2_000 * MB
    forget_peak(process)
    before = peak_kb(process)
    browser.upload(Zeros(size), size)
    growth = (peak_kb(process) - before) * 1024 / MB
    note = f"from {before // 1024} MB, at its peak"
    return Figure(name="upload_rss_mb_2gb", value=growth, unit="MB", most=64, note=note)
