"""The one spelling of a document: RFC 8785 (JCS) bytes, and their sha256."""

from __future__ import annotations

import hashlib
from typing import Any

import rfc8785

from royalties.allocation.document import AllocationRefused


def canonical_bytes(document: Any) -> bytes:
    """Return the RFC 8785 bytes of a JSON document; two equal documents give equal bytes."""
    try:
        return rfc8785.dumps(document)
    except (rfc8785.CanonicalizationError, UnicodeError, RecursionError) as problem:
        raise AllocationRefused(f"The document has no canonical form: {problem}.") from problem


def sha256_hex(data: bytes) -> str:
    """Return the sha256 that is published beside the bytes, in lower-case hex."""
    return hashlib.sha256(data).hexdigest()
