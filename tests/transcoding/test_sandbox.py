"""A decoder has bounds, no network and no family that outlives it."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from contributions.transcoding import Cancelled, Failed, Refused, inspect, sandbox, transcode
from contributions.transcoding.limits import ffmpeg_path
from contributions.transcoding.sandbox import Bounds, Child, run_program
from tests import media

BOUNDS = Bounds(memory_bytes=1 << 30, cpu_seconds=20, wall_seconds=20, file_bytes=1 << 20)


def python(code: str, box: Path, bounds: Bounds = BOUNDS) -> tuple[str, Child]:
    """What a piece of Python says inside the sandbox."""
    with run_program([sys.executable, "-I", "-S", "-c", code], box=box, bounds=bounds) as child:
        said = b"\n".join(line for line in child.lines() if line is not None)
        child.finish()
    return said.decode(), child


def test_the_environment_is_empty_and_the_limits_are_set(tmp_path: Path) -> None:
    code = (
        "import os,resource,json;print(json.dumps([sorted(os.environ),"
        "resource.getrlimit(resource.RLIMIT_CORE),resource.getrlimit(resource.RLIMIT_AS)]))"
    )
    said, _ = python(code, tmp_path)
    names, core, memory = json.loads(said)
    assert set(names) <= {"LANG", "PATH", "HOME", "TMPDIR", "MALLOC_ARENA_MAX", "LC_CTYPE"}
    assert core == [0, 0]
    assert memory == [1 << 30, 1 << 30]


def test_a_decoder_can_gain_no_rights(tmp_path: Path) -> None:
    said, _ = python("print(open('/proc/self/status').read())", tmp_path)
    assert "NoNewPrivs:\t1" in said


def test_a_decoder_reaches_no_network_where_the_machine_allows_it(tmp_path: Path) -> None:
    said, child = python(
        "import os;print(sorted(os.listdir('/sys/class/net')), os.readlink('/proc/self/ns/net'))", tmp_path
    )
    outside = str(Path("/proc/self/ns/net").readlink())
    assert outside not in said or "sandbox: the network is not cut off" in child.words()


def test_a_decoder_opens_nothing_but_its_box_where_the_kernel_allows_it(tmp_path: Path) -> None:
    private, box = tmp_path / "private.mp4", tmp_path / "box"
    box.mkdir()
    private.write_text("secret")
    code = (
        "for path,mode in (('../private.mp4','r'),('../private.mp4','a'),('/etc/passwd','r'),('own','w')):\n"
        "  try: open(path,mode); print(path,mode,'opened')\n"
        "  except PermissionError: print(path,mode,'denied')\n"
        "import os\n"
        "try: os.truncate('../private.mp4',0)\n"
        "except PermissionError: print('not cut')"
    )
    said, child = python(code, box)
    if "sandbox: files are not fenced off" not in child.words():
        assert said.split("\n") == [
            "../private.mp4 r denied",
            "../private.mp4 a denied",
            "/etc/passwd r denied",
            "own w opened",
            "not cut",
        ]
        assert private.read_text() == "secret"
    else:
        assert "own w opened" in said


@pytest.mark.parametrize(
    ("code", "bounds"),
    [
        ("x=bytearray(1<<31)", BOUNDS),
        ("while True: pass", Bounds(memory_bytes=1 << 30, cpu_seconds=1, wall_seconds=20, file_bytes=1 << 20)),
        ("import time;time.sleep(60)", Bounds(memory_bytes=1 << 30, cpu_seconds=9, wall_seconds=1, file_bytes=1)),
        (
            "import time;time.sleep(60)",
            Bounds(memory_bytes=1 << 30, cpu_seconds=9, wall_seconds=60, file_bytes=1, stall_seconds=1),
        ),
        ("import signal;signal.signal(25,0);open('big','wb').write(bytes(1<<21))", BOUNDS),
    ],
)
def test_going_beyond_a_bound_is_a_refusal(code: str, bounds: Bounds, tmp_path: Path) -> None:
    begun = time.monotonic()
    with pytest.raises(Refused) as refused:
        python(code, tmp_path, bounds)
    assert refused.value.code == "too-heavy"
    assert time.monotonic() - begun < 15


def test_a_decoder_killed_from_outside_is_our_failure_and_not_the_files(tmp_path: Path) -> None:
    with pytest.raises(Failed):
        python("import os,signal;os.kill(os.getpid(),signal.SIGKILL)", tmp_path)


def test_a_missing_decoder_is_our_failure_and_not_the_files(tmp_path: Path) -> None:
    with pytest.raises(Failed):
        python("import no_such_decoder", tmp_path)


def test_a_box_holds_only_the_upload(tmp_path: Path) -> None:
    source = tmp_path / "-i %03d.png"
    source.write_bytes(b"x")
    (tmp_path / "private.mp4").write_bytes(b"secret")
    box = sandbox.make_box(tmp_path / "work", source, "a")
    assert [path.name for path in box.iterdir()] == ["upload"]
    assert box.stat().st_mode & 0o777 == 0o700


def test_what_a_decoder_started_dies_with_it(tmp_path: Path) -> None:
    code = "import os,time\nif os.fork()==0: time.sleep(300)\nprint(os.getpid(),flush=True);time.sleep(300)"
    with run_program([sys.executable, "-I", "-S", "-c", code], box=tmp_path, bounds=BOUNDS) as child:
        leader = int(next(line for line in child.lines() if line))
        assert group_members(leader) >= 2
    wait_for(lambda: group_members(leader) == 0)


def test_a_decoder_dies_with_a_killed_worker(tmp_path: Path) -> None:
    code = (
        "import sys,time;from pathlib import Path;"
        "from contributions.transcoding.sandbox import Bounds,run_program;"
        "b=Bounds(memory_bytes=1<<30,cpu_seconds=20,wall_seconds=60,file_bytes=1);"
        "c=run_program([sys.executable,'-I','-S','-c','import os,time;print(os.getpid(),flush=True);time.sleep(300)'],"
        "box=Path(sys.argv[1]),bounds=b).__enter__();"
        "print(next(l for l in c.lines() if l).decode(),flush=True);time.sleep(300)"
    )
    worker = subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE)
    assert worker.stdout is not None
    leader = int(worker.stdout.readline())
    assert group_members(leader) == 1
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    worker.stdout.close()
    wait_for(lambda: group_members(leader) == 0)


def test_cancelling_kills_the_encoder_at_once(tmp_path: Path) -> None:
    source = media.film(tmp_path / "a.mp4", seconds=20, size=(1280, 720))
    inspection = inspect(source, folder=tmp_path / "work")

    def report(stage: str, percent: int) -> None:
        if percent > 1:
            raise Cancelled

    before = children()
    with pytest.raises(Cancelled):
        list(transcode(source, folder=tmp_path / "work", inspection=inspection, report=report))
    assert children() == before


def test_ffmpeg_itself_opens_no_playlist_even_when_asked_to(tmp_path: Path) -> None:
    """The lists hold by themselves, without our own look at the first bytes."""
    from contributions.transcoding.box.codecs_taken import FORMATS

    media.red_film(tmp_path / "private_red.mp4")
    trap = media.hls_trap(tmp_path / "trap.mp4", target=str(tmp_path / "private_red.mp4"))
    guards = ["-protocol_whitelist", "file", "-format_whitelist", FORMATS]
    stock = [ffmpeg_path(), "-v", "error", "-nostdin", "-y"]
    more = ["-allowed_extensions", "ALL", "-allowed_segment_extensions", "ALL", "-extension_picky", "0", "-f", "hls"]
    open_door = subprocess.run(
        [*stock, *more, "-i", str(trap), str(tmp_path / "a.mp4")], capture_output=True, check=False
    )
    assert open_door.returncode == 0, open_door.stderr
    for asked in (more, []):
        closed = subprocess.run(
            [*stock, *guards, *asked, "-i", str(trap), str(tmp_path / "b.mp4")], capture_output=True, check=False
        )
        assert closed.returncode != 0
        assert not (tmp_path / "b.mp4").exists()


def children() -> set[str]:
    return {
        path.name for path in Path("/proc").iterdir() if path.name.isdigit() and parent_of(path.name) == os.getpid()
    }


def parent_of(pid: str) -> int:
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0


def group_members(group: int) -> int:
    """How many living processes are in a group; zombies are dead."""
    count = 0
    for path in Path("/proc").iterdir():
        if path.name.isdigit():
            try:
                state, _, pgid = (path / "stat").read_text().rpartition(")")[2].split()[:3]
            except OSError:
                continue
            count += int(pgid) == group and state != "Z"
    return count


def wait_for(condition: Callable[[], bool]) -> None:
    for _ in range(100):
        if condition():
            return
        time.sleep(0.05)
    raise AssertionError("it never came true")
