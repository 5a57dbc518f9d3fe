"""Reads screenplays written in Fountain (fountain.io) and lays them out as HTML: pure, in one pass over the lines.

`parse` never fails: what is nothing else is action. `is_screenplay` is strict, because every plain text is asked:
a script opens with a scene, and people speak in it or it has more scenes than one. Sections, synopses, notes and what
is struck out are the writer's own and do not come out.
"""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

#: What a title page may say, in the order in which we print it.
TITLE_KEYS = ("title", "credit", "author", "authors", "source", "draft date", "date", "copyright", "contact", "notes")
KEY = re.compile(r"([A-Za-z][A-Za-z ]{0,30}):[ \t]*(.*)")
SCENE = re.compile(r"(?:INT|EXT|EST|INT\.?/EXT|EXT\.?/INT|I\.?/E)[. ]", re.IGNORECASE)
NUMBERED = re.compile(r"(.*\S)[ \t]+#([\w.-]{1,12})#$")
NAMED = re.compile(r"([^()]*[^()\s])[ \t]*((?:\([^()]*\)[ \t]*)*)$")
#: A line that begins so belongs to no paragraph of action.
MARKS = ("#", "=", "~", "!", ">", "@")
#: How far down the first scene may be: after a title page there may be a card and a FADE IN.
OPENING = 4
#: Nobody stresses words across so long a line; looking would cost its square.
LONGEST_STRESSED = 2000
STRESSES = (
    (re.compile(r"\*\*\*(?=\S)(.+?)(?<=\S)\*\*\*"), r"<strong><em>\1</em></strong>"),
    (re.compile(r"\*\*(?=\S)(.+?)(?<=\S)\*\*"), r"<strong>\1</strong>"),
    (re.compile(r"\*(?=\S)(.+?)(?<=\S)\*"), r"<em>\1</em>"),
    (re.compile(r"(?<!\w)_(?=\S)(.+?)(?<=\S)_(?!\w)"), r"<u>\1</u>"),
)
ESCAPES = {"\\*": "\ue000", "\\_": "\ue001"}


@dataclass
class Part:
    """One element: its kind, its lines, a scene's number, and for a speech who speaks and what stands beneath."""

    kind: str
    text: str = ""
    number: str = ""
    lines: "list[Part]" = field(default_factory=list)
    beside: bool = False


@dataclass
class Screenplay:
    """The title page by its keys in lower case, and what follows."""

    title: dict[str, list[str]]
    parts: list[Part]


def parse(words: str) -> Screenplay:
    """A text with plain line ends, read as Fountain."""
    kept = without_notes(without_between(words, "/*", "*/")).expandtabs(4)
    title, rest = title_page(kept.lstrip("\n").split("\n"))
    return Screenplay(title, list(Reader(rest).parts()))


def is_screenplay(script: Screenplay) -> bool:
    """Whether it can be nothing else."""
    body = [part for part in script.parts if part.kind not in ("break", "centred")]
    scenes = [part for part in body if part.kind == "scene" and part.text == part.text.upper()]
    opens = any(part in scenes for part in body[:OPENING])
    spoken = any(part.kind == "speech" for part in body)
    return opens and (spoken or len(scenes) > 1)


# -- what does not come out


def without_between(words: str, start: str, stop: str) -> str:
    """Without what stands between two marks; one that is never closed is a text like any other."""
    kept, at = [], 0
    while (begin := words.find(start, at)) >= 0 and (end := words.find(stop, begin + len(start))) >= 0:
        kept.append(words[at:begin])
        at = end + len(stop)
    return "".join([*kept, words[at:]])


def without_notes(words: str) -> str:
    """Without [[notes]], which end at the latest with their paragraph."""
    paragraphs = re.split(r"(\n\n+)", words)
    return "".join(without_between(paragraph, "[[", "]]") for paragraph in paragraphs)


# -- the title page


def title_page(lines: list[str]) -> tuple[dict[str, list[str]], list[str]]:
    """Keys and values at the very top, up to the first empty line, and the lines after it."""
    found: dict[str, list[str]] = {}
    key = ""
    for number, line in enumerate(lines):
        match = KEY.fullmatch(line.rstrip())
        if not line.strip():
            return found, lines[number:]
        if match and match[1].lower() in TITLE_KEYS:
            key = match[1].lower()
            found[key] = [match[2]] if match[2] else []
        elif key and (match or line[:1] == " "):
            # A key we do not print, or one more line of the last one.
            key = "" if match and line[:1] != " " else key
            if key:
                found[key].append(line.strip())
        elif not (found and (match or line[:1] == " ")):
            return {}, lines
    return found, []


# -- the body


class Reader:
    """Walks down the lines once."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        self.at = 0

    def parts(self) -> Iterator[Part]:
        """Each element in turn."""
        after_blank = True
        while self.at < len(self.lines):
            line = self.lines[self.at]
            if not line.strip():
                self.at += 1
                after_blank = True
                continue
            part = self.marked(line.strip()) or (after_blank and self.upper(line.strip())) or self.action()
            after_blank = part.kind == "speech"
            if part.kind != "hidden":
                yield part

    def ends_here(self) -> bool:
        """Whether an empty line follows, or nothing."""
        return self.at + 1 >= len(self.lines) or not self.lines[self.at + 1].strip()

    def take(self, kind: str, text: str, number: str = "") -> Part:
        """This line is an element of its own."""
        self.at += 1
        return Part(kind, text.strip(), number)

    def marked(self, line: str) -> Part | None:
        """What a mark at its beginning makes of a line, wherever it stands."""
        if re.fullmatch("={3,}", line):
            return self.take("break", "")
        if line[0] in "#=":
            return self.take("hidden", line)
        if line[0] == "~":
            return self.take("lyric", line[1:])
        if line[0] == "!":
            return self.action(forced=True)
        if line[0] == ">":
            return self.take("centred", line[1:-1]) if line[-1] == "<" else self.take("transition", line[1:])
        if line[0] == "@" and len(line) > 1 and not self.ends_here():
            return self.speech(line[1:])
        if line[0] == "." and line[1:2].isalnum():
            return self.scene(line[1:])
        return None

    def upper(self, line: str) -> Part | None:
        """What a line after an empty one is by its first words or its capitals."""
        if SCENE.match(line) and self.ends_here():
            return self.scene(line)
        if self.ends_here():
            is_turn = line == line.upper() and line.endswith("TO:")
            return self.take("transition", line) if is_turn else None
        name = NAMED.fullmatch(line.rstrip("^").rstrip())
        if name and name[1] == name[1].upper() and any(sign.isalpha() for sign in name[1]):
            return self.speech(line)
        return None

    def scene(self, line: str) -> Part:
        """A heading, and the number it may end with."""
        numbered = NUMBERED.fullmatch(line)
        return self.take("scene", numbered[1], numbered[2]) if numbered else self.take("scene", line)

    def speech(self, cue: str) -> Part:
        """Who speaks, and every line down to the next empty one; two spaces keep an empty line."""
        spoken = Part("speech", cue.rstrip("^").strip(), beside=cue.endswith("^"))
        self.at += 1
        while self.at < len(self.lines) and (self.lines[self.at].strip() or len(self.lines[self.at]) >= 2):
            line = self.lines[self.at].strip()
            kind = "lyric" if line[:1] == "~" else "aside" if line[:1] == "(" and line[-1:] == ")" else "line"
            line = line[1:].strip() if kind == "lyric" else line
            if spoken.lines and spoken.lines[-1].kind == kind:
                spoken.lines[-1].text += f"\n{line}"
            else:
                spoken.lines.append(Part(kind, line))
            self.at += 1
        return spoken

    def action(self, *, forced: bool = False) -> Part:
        """A paragraph with its line breaks and its indents."""
        taken = [self.lines[self.at].strip()[1:] if forced else self.lines[self.at].rstrip()]
        self.at += 1
        while self.at < len(self.lines) and (line := self.lines[self.at]).strip():
            if line.lstrip().startswith(MARKS):
                break
            taken.append(line.rstrip())
            self.at += 1
        return Part("action", "\n".join(taken))


# -- HTML


def as_html(script: Screenplay) -> str:
    """The whole of it, in a block of its own; scenes are headings of the first order."""
    blocks = [front(script.title)] if script.title else []
    parts = script.parts
    number = 0
    while number < len(parts):
        part = parts[number]
        following = parts[number + 1] if number + 1 < len(parts) else None
        if part.kind == "speech" and following and following.kind == "speech" and following.beside:
            blocks.append(f'<div class="script-dual">{block(part)}{block(following)}</div>')
            number += 1
        else:
            blocks.append(block(part))
        number += 1
    return '<div class="script">' + "\n".join(blocks) + "</div>"


def front(title: dict[str, list[str]]) -> str:
    """The title page."""
    lines = []
    for key in TITLE_KEYS:
        if any(title.get(key, ())):
            name = key.replace(" ", "-").removesuffix("s") if key != "notes" else key
            lines.append(paragraph(f"front-{name}" if key == "title" else "front-line", "\n".join(title[key])))
    return '<div class="script-front">' + "".join(lines) + "</div><hr>" if lines else ""


def block(part: Part) -> str:
    """One element."""
    if part.kind == "break":
        return "<hr>"
    if part.kind == "scene":
        number = f' <span class="script-number">{html.escape(part.number)}</span>' if part.number else ""
        return f'<h1 class="script-scene" dir="auto">{inline(part.text)}{number}</h1>'
    if part.kind == "speech":
        beneath = "".join(paragraph(line.kind, line.text) for line in part.lines)
        return f'<div class="script-speech">{paragraph("cue", part.text)}{beneath}</div>'
    return paragraph(part.kind, part.text)


def paragraph(kind: str, text: str) -> str:
    """Its lines, each as long as it was written."""
    return f'<p class="script-{kind}" dir="auto">{"<br>".join(inline(line) for line in text.split(chr(10)))}</p>'


def inline(line: str) -> str:
    """Stress as HTML, everything else as it stands; an indent is kept."""
    indent = len(line) - len(line.lstrip(" "))
    for mark, stand_in in ESCAPES.items():
        line = line.replace(mark, stand_in)
    words = html.escape(line.strip(" "), quote=False)
    if len(words) <= LONGEST_STRESSED:
        for rule, tags in STRESSES:
            words = rule.sub(tags, words)
    for mark, stand_in in ESCAPES.items():
        words = words.replace(stand_in, mark[1])
    return "&nbsp;" * min(indent, 40) + words
