"""Looks at a file that anybody has dropped: is it ours, and is it as we made it?

The file is opened in the sandbox alone. What comes out of it are a stranger's words, so pages show them as
text, and make a link only of what this site knows by itself.
"""

from __future__ import annotations

import json
import shutil
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from contributions.transcoding import Refused
from contributions.transcoding.sandbox import Bounds, make_box, messages, run_python

MB: Final = 1_000_000
# The most that the page takes: whoever has a longer film asks a program of their own.
MOST_BYTES: Final = 100 * MB
# The content differs from what was signed. Anything else that fails is a fault of the credentials themselves.
CHANGED: Final = ("assertion.dataHash", "assertion.bmffHash", "assertion.boxesHash", "assertion.collectionHash")
CHANGED_ENDS: Final = ("mismatch", "malformed")
UNTRUSTED: Final = frozenset({"signingCredential.untrusted"})
EXPIRED: Final = "signingCredential.expired"
OURS: Final = "signingCredential.trusted"
WORDS: Final = ("title", "maker", "made_by", "licence", "issuer", "signer", "signed_at")
SIGNATURE: Final = "claimSignature.validated"


@dataclass(frozen=True)
class Finding:
    """What a file says of itself, and what we make of it.

    verdict: ours, ours_expired, ours_changed, other, other_changed, broken, remote, none.
    """

    verdict: str
    title: str = ""
    maker: str = ""
    made_by: str = ""
    licence: str = ""
    issuer: str = ""
    signer: str = ""
    signed_at: str = ""
    is_known: bool = False
    actions: list[dict[str, str]] = field(default_factory=list)
    ingredients: list[dict[str, Any]] = field(default_factory=list)
    work: dict[str, Any] = field(default_factory=dict)

    @property
    def is_ours(self) -> bool:
        """Signed by this site, whatever has become of the file since."""
        return self.verdict.startswith("ours")

    @property
    def work_pk(self) -> int | None:
        """The work it is a file of; only our own signature is believed in this."""
        pk = self.work.get("contribution")
        return pk if self.is_ours and isinstance(pk, int) else None


def examine(path: Path, *, root: str, anchors: str, folder: Path) -> Finding:
    """Read a file's credentials. `folder` is the caller's. Raises Failed when this machine is at fault."""
    box = make_box(folder, path, f"reading-{uuid.uuid4().hex[:8]}")
    try:
        (box / "order.json").write_text(json.dumps({"root": root, "anchors": anchors}), encoding="utf-8")
        with run_python("credentials", {"task": "read"}, box=box, bounds=_bounds(path)) as child:
            found = [message["found"] for message in messages(child) if message and "found" in message]
    except Refused:
        # The library gave up on it, or would have taken more than it may.
        return Finding("broken")
    finally:
        shutil.rmtree(box, ignore_errors=True)
    return judge(found[0]) if found and isinstance(found[0], dict) else Finding("broken")


def _bounds(path: Path) -> Bounds:
    size = path.stat().st_size
    return Bounds(memory_bytes=600 * MB + 4 * size, cpu_seconds=20, wall_seconds=40, file_bytes=MB, stall_seconds=40)


def judge(found: dict[str, Any]) -> Finding:
    """The verdict, from the state and the codes of the specification."""
    shown = {name: found[name] for name in WORDS if name in found}
    rows = {name: found[name] for name in ("actions", "ingredients", "work") if name in found}
    return Finding(_verdict(found), is_known=bool(found.get("known")), **shown, **rows)


def _verdict(found: dict[str, Any]) -> str:
    state = found.get("state")
    if state in {"None", "Remote", "Broken"}:
        return str(state).lower()
    good, bad = set(found.get("good", [])), set(found.get("bad", [])) - UNTRUSTED
    if SIGNATURE not in good:
        return "broken"
    whose = "ours" if OURS in good else "other"
    if not bad:
        return whose
    if whose == "ours" and bad == {EXPIRED}:
        return "ours_expired"
    if all(code.startswith(CHANGED) and code.endswith(CHANGED_ENDS) for code in bad - {EXPIRED}):
        return f"{whose}_changed"
    return "broken"
