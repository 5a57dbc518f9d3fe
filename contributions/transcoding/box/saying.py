"""How a child speaks to its parent: one JSON object a line on standard output."""

import json
import sys
from typing import Any, NoReturn


def say(**message: Any) -> None:
    """Send one message."""
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


def refuse(code: str, detail: str = "", **values: int) -> NoReturn:
    """Give up on the file for a reason the artist will be told."""
    say(refused=code, detail=detail[:2000], values=values)
    sys.exit(0)
