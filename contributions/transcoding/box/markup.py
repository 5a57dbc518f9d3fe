"""What HTML a text may hold: inside the sandbox that makes it, and again wherever it is printed."""

import re

import nh3

TAGS = {"p", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "em", "strong", "s", "b", "i", "u", "sub", "sup"}
TAGS |= {"blockquote", "ul", "ol", "li", "dl", "dt", "dd", "code", "pre", "a"}
TAGS |= {"table", "thead", "tbody", "tr", "th", "td"}
GONE = {"script", "style", "title", "svg", "math", "template", "iframe"}
ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}, "*": {"dir", "lang"}}
SCHEMES = {"http", "https", "mailto"}
LINKS = "nofollow noopener noreferrer ugc"
SCRIPT_TAGS = {"div", "span"}
#: What screenplay.py writes and static/css/components/script.css knows; nobody else gets a class.
SPEECH = {"script-cue", "script-aside", "script-line", "script-lyric"}
CLASSES = {
    "div": {"script", "script-front", "script-speech", "script-dual"},
    "p": SPEECH | {"script-action", "script-centred", "script-transition", "script-front-title", "script-front-line"},
    "h1": {"script-scene"},
    "h2": {"script-scene"},
    "span": {"script-number"},
}


def safe(body: str, *, classes: bool = False) -> str:
    """Only what a page may hold; the blocks and classes of a screenplay only where one is expected."""
    return nh3.clean(
        body,
        tags=TAGS | SCRIPT_TAGS if classes else TAGS,
        clean_content_tags=GONE,
        attributes=ATTRIBUTES,
        attribute_filter=fit_attribute,
        allowed_classes=CLASSES if classes else None,
        url_schemes=SCHEMES,
        link_rel=LINKS,
    )


def fit_attribute(tag: str, name: str, value: str) -> str | None:
    """Links lead to an address or a place on this site, never into a book's own folders."""
    if tag == "a" and name == "href":
        is_address = re.match(r"(?i)(https?://|mailto:)", value)
        return value if is_address or re.match(r"/(?![/\\])", value) else None
    if name == "dir":
        return value if value in ("ltr", "rtl", "auto") else None
    return value
