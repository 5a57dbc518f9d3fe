"""Texts that a test needs only in order to begin: the same words go through the sandbox once in a run.

What the sandbox said and made of them the first time is handed out again, so that a test which wants ten published
texts does not start twenty interpreters. Tests of the preparation itself call `run_jobs`, which knows nothing of this.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

Key = tuple[bytes, str, tuple[tuple[str, int], ...]]

_probed: dict[Key, tuple[dict[str, Any], int]] = {}
_made: dict[Key, tuple[list[tuple[Any, bytes]], dict[str, Any]]] = {}
_printed: dict[bytes, list[Any]] = {}


def key_of(source: Path, kind: str, limits: Mapping[str, int]) -> Key:
    """What the sandbox's answer depends on."""
    return source.read_bytes(), kind, tuple(sorted(limits.items()))


@contextmanager
def known_texts() -> Iterator[None]:
    """Within the block, jobs of texts whose words were prepared before are done at once."""
    # Within the function, because these want Django set up, and the tests of pure modules do without it.
    from contributions.transcoding import inspecting, printing, running, texts

    look, make, compare = inspecting._probe, texts.steps, printing._child

    def probe(source: Path, folder: Path, kind: Any, limits: dict[str, int]) -> tuple[dict[str, Any], int]:
        if kind.medium != "text":
            return look(source, folder, kind, limits)
        key = key_of(source, kind.format, limits)
        if key not in _probed:
            _probed[key] = look(source, folder, kind, limits)
        found, peak_mb = _probed[key]
        return dict(found), peak_mb

    def steps(job: Any) -> Any:
        key = key_of(job.source, job.inspection.format, job.limits)
        if key in _made:
            return (yield from again(job, *_made[key]))
        kept: list[tuple[Any, bytes]] = []
        facts = yield from noting(make(job), kept)
        _made[key] = kept, dict(facts)
        return facts

    def child(medium: str, box: Path, duration_ms: int, report: Any) -> list[Any]:
        if medium != "text":
            return compare(medium, box, duration_ms, report)
        words = (box / "upload").read_bytes()
        if words not in _printed:
            _printed[words] = compare(medium, box, duration_ms, report)
        return list(_printed[words])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(inspecting, "_probe", probe)
        patch.setitem(running.MAKERS, "text", steps)
        patch.setattr(printing, "_child", child)
        yield


def noting(real: Any, kept: list[tuple[Any, bytes]]) -> Any:
    """The real work, with a copy of each file."""
    while True:
        try:
            made = next(real)
        except StopIteration as end:
            return end.value
        kept.append((made, made.path.read_bytes()))
        yield made


def again(job: Any, kept: list[tuple[Any, bytes]], facts: dict[str, Any]) -> Any:
    """The same files in the folder of another job, and the same facts."""
    job.tell("text", 1)
    for made, content in kept:
        path = job.folder / "again" / made.name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        yield replace(made, path=path)
    return dict(facts)
