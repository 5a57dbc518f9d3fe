"""The texts of the demo. They were written for it and lie beside this module, one file a text."""

from pathlib import Path

from hitrecord.demo.crew import BY_HANDLE

TEXTS = Path(__file__).parent / "texts"


def page(path: Path, name: str) -> None:
    """The text of that file name, as it stands."""
    path.write_text(read(name), encoding="utf-8")


def window_line(path: Path, handle: str) -> None:
    """The one sentence that somebody sent instead of a picture."""
    window = BY_HANDLE[handle]
    path.write_text(f"{window.line}\n\n{window.place}, four in the morning\n", encoding="utf-8")


def read(name: str) -> str:
    return (TEXTS / name).read_text(encoding="utf-8")


def words(name: str) -> int:
    return len(read(name).split())
