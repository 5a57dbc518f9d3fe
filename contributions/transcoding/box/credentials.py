"""Reads and writes content credentials (C2PA manifests) inside the sandbox.

The library is native code and reads files that strangers have made, so it runs here alone. No key
comes in: what is to be signed is said to the parent, which lays the signature into the box.
"""

import base64
import json
import time
from pathlib import Path
from typing import Any

import c2pa

from contributions.transcoding.box.saying import refuse, say

ORDER = "order.json"
SIGNATURE = "signature"
#: How long the parent may take for one signature, in seconds.
PATIENCE = 30
LONGEST_WORDS = 500
MOST_ROWS = 200
#: A signature, a certificate and their trust are told by these codes of the C2PA specification.
NO_CREDENTIALS = ("ManifestNotFound", "NotSupported", "UnsupportedType")


def main(arguments: dict[str, Any]) -> None:
    """{"task": "sign" or "read"}; what to do exactly stands in the box, because it may be long."""
    order = json.loads(Path(ORDER).read_text(encoding="utf-8"))
    try:
        if arguments["task"] == "sign":
            for number, file in enumerate(order["files"]):
                sign(number, file, order)
        else:
            say(found=read(order))
    except MemoryError as error:
        refuse("too-heavy", repr(error))


def context(roots: str) -> c2pa.Context:
    """What is trusted; nothing is ever fetched, and no thumbnail is made."""
    told: dict[str, Any] = {
        "verify": {
            "verify_trust": True,
            "verify_after_sign": False,
            "remote_manifest_fetch": False,
            "ocsp_fetch": False,
        },
        "trust": {"trust_anchors": roots} if roots else {},
        "builder": {"thumbnail": {"enabled": False}},
    }
    return c2pa.Context(c2pa.Settings.from_dict(told))


# -- signing


def sign(number: int, file: dict[str, Any], order: dict[str, Any]) -> None:
    """Sign one file and read it again as a stranger would; say how that went."""
    trusting = context(order["root"])

    def ask(words: bytes) -> bytes:
        say(sign=base64.b64encode(words).decode("ascii"), number=number)
        return answer(number)

    try:
        builder = c2pa.Builder(file["manifest"], context=trusting)
        for ingredient in file["ingredients"]:
            with Path(ingredient["file"]).open("rb") as source:
                builder.add_ingredient(ingredient["told"], ingredient["mime"], source)
        signer = c2pa.Signer.from_callback(ask, c2pa.C2paSigningAlg.ES256, order["certificates"])
        target = Path(f"signed-{number}")
        with Path(file["source"]).open("rb") as source, target.open("w+b") as out:
            manifest = builder.sign(signer, file["mime"], source, out)
        with target.open("rb") as made, c2pa.Reader(file["mime"], made, context=trusting) as reader:
            state = reader.get_validation_state()
            told = json.loads(reader.json())
    except c2pa.C2paError as error:
        say(failed=number, why=f"{type(error).__name__}: {error}"[:LONGEST_WORDS])
        return
    if state == "Trusted":
        say(signed=number, credentials_bytes=len(manifest))
    else:
        say(failed=number, why=f"it reads as {state}: {codes(told, 'failure')}"[:LONGEST_WORDS])


def answer(number: int) -> bytes:
    """The parent's signature: it appears in one piece, under its number."""
    path, deadline = Path(f"{SIGNATURE}-{number}"), time.monotonic() + PATIENCE
    while not path.exists():
        if time.monotonic() > deadline:
            return b""
        time.sleep(0.002)
    return path.read_bytes()


# -- reading


def read(order: dict[str, Any]) -> dict[str, Any]:
    """What the file says of itself, cut to what a page shows."""
    found = look(order["root"])
    if found.get("state") == "Valid" and order["anchors"]:
        # Not one of ours: perhaps of somebody whose root this site knows as well.
        found["known"] = look(order["anchors"]).get("state") == "Trusted"
    return found


def look(roots: str) -> dict[str, Any]:
    """The file as it reads for one who trusts these roots."""
    try:
        with Path("upload").open("rb") as file, c2pa.Reader(None, file, context=context(roots)) as reader:
            state = reader.get_validation_state()
            told = json.loads(reader.json())
    except c2pa.C2paError as error:
        return trouble(error)
    active = told.get("manifests", {}).get(told.get("active_manifest"), {})
    return {"state": state, **manifest(active), "good": codes(told, "success"), "bad": codes(told, "failure")}


def trouble(error: c2pa.C2paError) -> dict[str, Any]:
    """No credentials, credentials that lie elsewhere, or something that cannot be read as such."""
    words = f"{type(error).__name__}: {error}"[:LONGEST_WORDS]
    if "RemoteManifest" in words:
        return {"state": "Remote", "why": words}
    none = any(name in words for name in NO_CREDENTIALS) or "type is unsupported" in words
    return {"state": "None" if none else "Broken", "why": words}


def codes(told: dict[str, Any], kind: str) -> list[str]:
    """The codes of the specification that hold for the file itself, not for its ingredients."""
    rows = told.get("validation_results", {}).get("activeManifest", {}).get(kind, [])
    return sorted({text(row.get("code")) for row in rows[:MOST_ROWS]})


def manifest(active: dict[str, Any]) -> dict[str, Any]:
    """Who signed, what was done, and what it was made from."""
    signature = active.get("signature_info") or {}
    assertions = (active.get("assertions") or [])[:MOST_ROWS]
    return {
        "title": text(active.get("title")),
        "maker": maker(active),
        **described(assertions),
        "issuer": text(signature.get("issuer")),
        "signer": text(signature.get("common_name")),
        "signed_at": text(signature.get("time")),
        "actions": [action(row) for row in actions(assertions)],
        "ingredients": [ingredient(row) for row in (active.get("ingredients") or [])[:MOST_ROWS]],
        "work": next((data_of(row) for row in assertions if text(row.get("label")).endswith(".contribution")), {}),
    }


def maker(active: dict[str, Any]) -> str:
    """The program that wrote the manifest."""
    told = (active.get("claim_generator_info") or [{}])[0]
    return text(told.get("name") or active.get("claim_generator"))


def described(assertions: list[dict[str, Any]]) -> dict[str, str]:
    """Makers and licence, where a metadata assertion names them."""
    data = next((data_of(row) for row in assertions if text(row.get("label")).endswith(".metadata")), {})
    makers = data.get("dc:creator")
    return {
        "made_by": ", ".join(text(one) for one in (makers if isinstance(makers, list) else [makers])[:20]),
        "licence": text(data.get("xmpRights:UsageTerms")),
    }


def actions(assertions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows of every assertion of actions."""
    rows: list[dict[str, Any]] = []
    for row in assertions:
        if text(row.get("label")).startswith("c2pa.actions"):
            rows += data_of(row).get("actions") or []
    return rows[:MOST_ROWS]


def action(row: dict[str, Any]) -> dict[str, str]:
    return {
        "action": text(row.get("action")),
        "when": text(row.get("when")),
        "source_type": text(row.get("digitalSourceType")),
        "description": text(row.get("description") or (row.get("parameters") or {}).get("description")),
    }


def ingredient(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "title": text(row.get("title")),
        "relationship": text(row.get("relationship")),
        "url": text(row.get("informational_URI")),
        "signed": bool(row.get("active_manifest")),
    }


def data_of(row: dict[str, Any]) -> dict[str, Any]:
    data = row.get("data")
    return data if isinstance(data, dict) else {}


def text(value: Any) -> str:
    """Words of a stranger: one line, not too long."""
    return " ".join(str(value or "").split())[:LONGEST_WORDS]
