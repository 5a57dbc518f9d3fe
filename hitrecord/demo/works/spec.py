"""The shape of one demo work, and the rules that hold for all of them.

A work's file is made by its `recipe`, written "package.module:function" and called with the path (and with
`argument`, when one function serves many works). It is resolved only when the file is wanted, so that reading the
list costs no numpy, and so that a work can be handed to another process.
"""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Literal, cast

Medium = Literal["image", "audio", "video", "text"]
Kind = Literal["reuses", "adapts", "continues", "inspired"]
Permission = Literal["yes", "ask"]
Maker = Callable[..., None]

PACKAGE = "hitrecord.demo"


@dataclass(frozen=True)
class Source:
    """One edge to an earlier work, with the sentence the remixer wrote for it."""

    work: str
    kind: Kind
    note: str


@dataclass(frozen=True)
class Comment:
    """`at_ms` is None unless the comment is pinned to a moment of a sound or film."""

    author: str
    at_ms: int | None
    text: str


@dataclass(frozen=True)
class Recommendation:
    """`to` is "curators" or the key of a project in `world.projects`."""

    author: str
    to: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class Work:
    key: str
    artist: str
    medium: Medium
    title: str
    description: str
    recipe: str
    extension: str
    licence: str
    tags: tuple[str, ...]
    alt: str = ""
    notes: tuple[str, ...] = ()
    language: str = "en"
    sources: tuple[Source, ...] = ()
    ai_use: str = "none"
    ai_note: str = ""
    production: Permission = "yes"
    comments: tuple[Comment, ...] = ()
    hearts: tuple[str, ...] = ()
    recommendations: tuple[Recommendation, ...] = ()
    argument: str = ""

    @property
    def filename(self) -> str:
        return f"{self.key}.{self.extension}"

    def maker(self) -> Maker:
        """The function that its recipe names."""
        module, name = self.recipe.split(":")
        return cast("Maker", getattr(import_module(f"{PACKAGE}.{module}"), name))

    def make(self, path: Path) -> None:
        """Write the real file to `path`; the same bytes every time on the same machine."""
        if self.argument:
            self.maker()(path, self.argument)
        else:
            self.maker()(path)


# What a licence lets a descendant carry when it takes material ("inspired" takes none, so it is not asked).
# SITE-1.0 allows remixing here only, so what is built on it stays here.
HEIRS: dict[str, frozenset[str]] = {
    "CC0-1.0": frozenset({"CC0-1.0", "CC-BY-4.0", "CC-BY-SA-4.0", "CC-BY-NC-4.0", "SITE-1.0"}),
    "CC-BY-4.0": frozenset({"CC-BY-4.0", "CC-BY-SA-4.0", "CC-BY-NC-4.0", "SITE-1.0"}),
    "CC-BY-SA-4.0": frozenset({"CC-BY-SA-4.0"}),
    "CC-BY-NC-4.0": frozenset({"CC-BY-NC-4.0"}),
    "SITE-1.0": frozenset({"SITE-1.0"}),
}
