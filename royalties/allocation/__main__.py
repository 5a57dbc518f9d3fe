"""`python -m royalties.allocation INPUT.json` prints the result; exit 2 and why if refused."""

from __future__ import annotations

import sys
from pathlib import Path

from royalties.allocation import AllocationRefused, allocate, canonical_bytes
from royalties.allocation.reading import parse_json


def main(arguments: list[str]) -> int:
    if len(arguments) != 1:
        print("Usage: python -m royalties.allocation INPUT.json", file=sys.stderr)
        return 2
    try:
        document = parse_json(Path(arguments[0]).read_bytes())
        result = canonical_bytes(allocate(document))
    except (AllocationRefused, OSError) as problem:
        print(f"Refused: {problem}", file=sys.stderr)
        return 2
    print(result.decode())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
