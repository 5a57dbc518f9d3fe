"""The project's own files, read as trees and as lines, for the tests that hold its style."""

import ast
import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
APPS = ("profiles", "contributions", "projects", "challenges", "reviews", "royalties")


@dataclass(frozen=True)
class Module:
    """One Python file: its path from the root, and its tree."""

    path: str
    text: str
    tree: ast.Module

    @property
    def parts(self) -> tuple[str, ...]:
        """The path's parts without the ending: ("royalties", "actions", "payees")."""
        return Path(self.path).with_suffix("").parts

    def where(self, node: ast.AST) -> str:
        """As an editor opens it."""
        return f"{self.path}:{getattr(node, 'lineno', 1)}"


@cache
def files() -> list[str]:
    """Every file that is or would be committed."""
    if shutil.which("git") is None:
        return sorted(walked())
    command = ["git", "ls-files", "-co", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    return sorted(name for name in listed if (ROOT / name).is_file())


def walked() -> Iterator[str]:
    """The same on a machine without git: every file that .gitignore does not name."""
    lines = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    patterns = [".git/", *(line for line in lines if line and not line.startswith("#"))]

    def ignored(path: Path) -> bool:
        inside = path.relative_to(ROOT)
        return any(
            fnmatch(str(inside), pattern.strip("/")) or ("/" not in pattern[:-1] and inside.match(pattern.strip("/")))
            for pattern in patterns
        )

    for folder, folders, names in os.walk(ROOT):
        here = Path(folder)
        folders[:] = [name for name in folders if not ignored(here / name)]
        yield from (str((here / name).relative_to(ROOT)) for name in names if not ignored(here / name))


@cache
def modules() -> list[Module]:
    """Every Python file but migrations, which Django writes."""
    found = []
    for name in files():
        if name.endswith(".py") and "/migrations/" not in name:
            text = (ROOT / name).read_text(encoding="utf-8")
            found.append(Module(name, text, ast.parse(text, name)))
    return found


def of_the_site() -> list[Module]:
    """Those that run in production."""
    return [module for module in modules() if module.parts[0] in {*APPS, "hitrecord"}]


def of_the_apps() -> list[Module]:
    """Those of the six apps."""
    return [module for module in modules() if module.parts[0] in APPS]


def functions(module: Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function and method, nested ones too."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines from the def to the end, without the docstring."""
    body = node.body
    first = body[0]
    documented = (
        isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str)
    )
    quoted = (first.end_lineno or 0) - first.lineno + 1 if documented else 0
    return (node.end_lineno or 0) - node.lineno + 1 - quoted


def statements(node: ast.FunctionDef | ast.AsyncFunctionDef) -> list[ast.stmt]:
    """The body without its docstring."""
    first, *rest = node.body
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str):
        return rest
    return node.body


def decorators(node: ast.FunctionDef | ast.AsyncFunctionDef) -> set[str]:
    """The bare names of its decorators."""
    names = set()
    for decorator in node.decorator_list:
        target = decorator.func if isinstance(decorator, ast.Call) else decorator
        names.add(target.attr if isinstance(target, ast.Attribute) else getattr(target, "id", ""))
    return names


def templates() -> list[tuple[str, str]]:
    """Every template of pages, with its text."""
    wanted = [name for name in files() if name.endswith((".html", ".txt")) and "templates/" in name]
    return [(name, (ROOT / name).read_text(encoding="utf-8")) for name in wanted]
