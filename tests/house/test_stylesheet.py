"""The style sheet: joined into one, whole, and within its budget."""

import re
from pathlib import Path

import brotli
from django.conf import settings

from hitrecord import stylesheet

STATIC = Path(settings.BASE_DIR) / "static"
BUDGET_BYTES = 12_000
# What few pages need is a sheet of its own, which only they ask for.
ALONE_BYTES = 1_500
SHADES = re.compile(r"#[0-9a-f]{3,8}\b", re.IGNORECASE)


def read(name: str) -> str:
    return (STATIC / name).read_text(encoding="utf-8")


def test_every_file_is_imported_once() -> None:
    imported = stylesheet.IMPORT.findall(read(stylesheet.ENTRY))
    alone = set((STATIC / "css" / "alone").glob("*.css"))
    present = {str(path.relative_to(STATIC / "css")) for path in set((STATIC / "css").rglob("*.css")) - alone}
    assert len(imported) == len(set(imported))
    assert set(imported) == present - {"site.css", "admin.css"}


def test_joining_leaves_no_import_and_keeps_the_layers_first() -> None:
    text = stylesheet.joined(read)
    assert "@import" not in text
    assert text.startswith("@layer reset, tokens, base, layout, components, pages, utilities, print;")


def test_it_is_within_the_byte_budget() -> None:
    assert len(brotli.compress(stylesheet.joined(read).encode())) <= BUDGET_BYTES


def test_a_sheet_of_few_pages_is_small_and_asked_for_by_them() -> None:
    templates = [path.read_text(encoding="utf-8") for path in (Path(settings.BASE_DIR) / "templates").rglob("*.html")]
    for path in (STATIC / "css" / "alone").glob("*.css"):
        assert len(brotli.compress(path.read_bytes())) <= ALONE_BYTES, path.name
        assert any(f"{{% static 'css/alone/{path.name}' %}}" in text for text in templates), path.name


def test_only_fonts_name_other_files() -> None:
    for path in (STATIC / "css").rglob("*.css"):
        if path.name not in {"fonts.css", "site.css"}:
            assert "url(" not in path.read_text(encoding="utf-8"), path.name


def test_components_take_their_colours_from_the_tokens() -> None:
    """Black, white and the two inks of the screen are the only shades outside tokens.css."""
    allowed = {"#000", "#fff", "#0f1218", "#232933", "#9db0ff", "#12171f"}
    for path in [
        path for folder in ("components", "pages", "alone") for path in (STATIC / "css" / folder).glob("*.css")
    ]:
        assert set(SHADES.findall(path.read_text(encoding="utf-8"))) <= allowed, path.name


def test_every_class_that_the_tags_print_exists() -> None:
    text = read("css/quantised.css")
    assert all(f".ar-{step} " in text for step in range(50, 301, 5))
    assert all(f".w-{percent} " in text for percent in range(101))
    assert all(f".tint-{tint} " in read("css/tokens.css") for tint in range(8))


def test_every_symbol_that_a_template_names_is_in_the_sprite() -> None:
    sprite = set(re.findall(r'id="i-([a-z]+)"', read("img/icons.svg")))
    templates = (Path(settings.BASE_DIR) / "templates").rglob("*.html")
    named = {name for path in templates for name in re.findall(r'{% icon "([a-z]+)"', path.read_text(encoding="utf-8"))}
    assert named <= sprite
