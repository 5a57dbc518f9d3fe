"""Made-up people, works and talk for the style page; nothing of it touches the database."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.templatetags.static import static
from django.utils.translation import gettext_lazy as _


@dataclass
class Person:
    """An artist, as the parts see one."""

    pk: int
    display_name: str
    initials: str

    @property
    def tint(self) -> int:
        return self.pk % 8

    def get_absolute_url(self) -> str:
        return "#artist"


@dataclass
class Work:
    """A contribution, as the parts see one (docs: the contract in templates/parts/_card.html)."""

    pk: int
    title: str
    artist: Person
    medium: str
    generation: int = 0
    remix_count: int = 0
    aspect_class: str = "ar-150"
    art: str = ""
    duration_ms: int = 0
    excerpt: str = ""
    alt_text: str = ""
    language: str = "en"
    srcset_avif: str = ""
    srcset_webp: str = ""
    hls_url: str = ""
    width: int = 960
    height: int = 640
    body_html: str = ""
    captions: list[dict[str, str]] = field(default_factory=list)
    media_sources: list[dict[str, str]] = field(default_factory=list)

    def get_absolute_url(self) -> str:
        return "#work"

    def picture(self, width: int) -> str:
        return static(f"img/specimens/{self.art}.svg") if self.art else ""

    @property
    def poster_url(self) -> str:
        return self.picture(1280)

    @property
    def wave_path(self) -> str:
        """A waveform drawn by arithmetic: two slow swells under a quick one."""
        if self.medium != "audio":
            return ""
        heights = (
            8 + 80 * abs(math.sin(x / 75 + self.pk) * math.sin(x / 19) * math.cos(x / 190 - 0.6))
            for x in range(2, 600, 4)
        )
        bars = (f"M{2 + i * 4} {50 - h / 2:.0f}v{h:.0f}" for i, h in enumerate(heights))
        return "".join(bars)


@dataclass
class Remark:
    """A comment, as the parts see one."""

    pk: int
    artist: Person
    body: str
    at_ms: int | None = None
    created_at: dt.datetime = dt.datetime(2026, 11, 19, 18, 20, tzinfo=dt.UTC)
    children: list[Remark] = field(default_factory=list)
    status_label: str = ""
    status_kind: str = ""
    reply_url: str = "#composer"
    report_url: str = "#report"
    hidden_at: dt.datetime | None = None

    @property
    def artist_id(self) -> int:
        return self.artist.pk


class SpecimenForm(forms.Form):
    """Each kind of control once."""

    title = forms.CharField(label=_("Title"), max_length=140, initial="Lamp room, slow pan")
    alt_text = forms.CharField(
        label=_("Description for people who cannot see it"),
        help_text=_("One or two sentences on what happens. Captions can be added later."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    challenge = forms.ChoiceField(
        label=_("Answer a challenge"), required=False, choices=[("", _("None")), ("1", "The lighthouse keeper’s room")]
    )
    remix = forms.ChoiceField(
        label=_("Who may build on it?"),
        widget=forms.RadioSelect,
        choices=[
            ("anyone", _("Anyone here may remix it, with credit")),
            ("ask", _("Ask me first")),
            ("no", _("No remixes")),
        ],
        initial="anyone",
    )
    inside = forms.MultipleChoiceField(
        label=_("What is in it that you did not make?"),
        widget=forms.CheckboxSelectMultiple,
        choices=[("voice", _("Someone’s voice, face or performance")), ("ai", _("Output from a generative AI tool"))],
    )
    agree = forms.BooleanField(
        label=_("I made this, but for the sources named"), help_text=_("You keep the copyright.")
    )


def refused_form() -> SpecimenForm:
    """The same after a refusal; its ids differ so that both can stand on one page."""
    return SpecimenForm({"title": "", "remix": "ask"}, prefix="refused")


PEOPLE = [
    Person(1, "Mara Quist", "MQ"), Person(2, "Tomasz Wilk", "TW"), Person(3, "Hana Ito", "HI"), Person(4, "Ifeoma Kalu", "IK"),
    Person(5, "Leo Brandt", "LB"), Person(6, "Noor Al-Sayed", "NA"), Person(7, "Kofi Mensah", "KM"), Person(8, "O", "O"),
]  # fmt: skip
LETTER = "The last ferry leaves at ten. I have asked the engineer to wait, though he says the tide will not.\n\nLeave the lamp as you found it."
WORKS = [
    Work(1, "Keeper’s letter", PEOPLE[0], "text", 0, 31, "ar-85", excerpt=LETTER, body_html=f"<p>{LETTER}</p>"),
    Work(
        2,
        "Ridge at 05:40",
        PEOPLE[1],
        "image",
        1,
        9,
        "ar-150",
        "ridge",
        alt_text="Five layers of mountains fading into a pink dusk sky",
    ),
    Work(
        3,
        "Two-colour lamp",
        PEOPLE[2],
        "image",
        2,
        5,
        "ar-80",
        "lamp",
        alt_text="A striped lighthouse before a red sun",
        width=640,
        height=800,
    ),
    Work(4, "Waltz for the crossing", PEOPLE[3], "audio", 3, 4, "ar-175", duration_ms=192_000),
    Work(
        5,
        "The Night Ferry, shot 12",
        PEOPLE[4],
        "video",
        4,
        1,
        "ar-180",
        "ferry",
        duration_ms=22_000,
        alt_text="A lit ferry on dark water",
    ),
    Work(
        6,
        "A title that somebody made much too long for any tile, with all the words that came to mind on the ferry home",
        PEOPLE[6],
        "audio",
        5,
        10_000,
        "ar-150",
        duration_ms=3_672_000,
    ),
    Work(
        7,
        "هنا أسمع المحرك تحت الماء",
        PEOPLE[5],
        "text",
        6,
        0,
        "ar-100",
        excerpt="هنا أسمع المحرك تحت الماء. شكرًا على هذه اللحظة.",
        language="ar",
    ),
    Work(8, "Not yet ready", PEOPLE[7], "video", 0, 0, "ar-135"),
]


def lineage() -> list[dict[str, Any]]:
    """Five generations, two branches, one of them with more than is shown."""
    shot = {"work": WORKS[4], "note": "In The Night Ferry", "children": []}
    brass = {"work": WORKS[5], "children": [], "more_count": 12, "more_url": "#tree"}
    waltz = {"work": WORKS[3], "current": True, "children": [shot, brass]}
    lamp = {"work": WORKS[2], "children": [waltz]}
    ridge = {"work": WORKS[1], "children": [lamp, {"work": WORKS[7], "children": []}]}
    return [{"work": WORKS[0], "children": [ridge, {"work": WORKS[6], "children": []}]}]


def thread() -> list[Remark]:
    """A timed comment with an answer, one in Arabic, one hidden."""
    answer = Remark(
        12, PEOPLE[3], "Then it stays untouched. I will upload a version with eight more bars if you need a tail."
    )
    return [
        Remark(
            11,
            PEOPLE[4],
            "The accordion breathing in here is exactly how long the ferry takes to clear the frame.",
            79_000,
            children=[answer],
        ),
        Remark(
            13,
            PEOPLE[5],
            "هنا أسمع المحرك تحت الماء. شكرًا على هذه اللحظة.",
            121_000,
            status_label="Awaiting answer",
            status_kind="warn",
        ),
        Remark(14, PEOPLE[1], "", hidden_at=dt.datetime(2026, 11, 20, tzinfo=dt.UTC)),
    ]


CLOSES = dt.datetime(2026, 11, 29, 23, 59, tzinfo=dt.UTC)
PHASES = [
    {"label": _("Make and submit"), "words": _("until"), "moment": CLOSES, "state": "now", "percent": 71},
    {"label": _("Rate"), "words": "30 Nov to 6 Dec", "state": "later"},
    {"label": _("Results"), "words": "9 Dec", "state": "later"},
]
STEPS = [
    {"label": "Draft 1 published, 3 November", "state": "done"},
    {"label": "Comments close in 9 days", "state": "now"},
    {"label": "Final statement, 7 December", "state": "later"},
]
FLOW = [
    {"label": "Direct costs", "amount": "$4,260.00", "percent": 23.2, "kind": "cost"},
    {"label": "The house, half of the rest", "amount": "$7,070.00", "percent": 38.4, "kind": "house"},
    {"label": "Contributors, the other half", "amount": "$7,070.00", "percent": 38.4, "kind": "artists"},
]
PILLS = [
    {"url": "#", "label": _("Everything"), "current": True},
    {"url": "#i", "label": _("Images"), "icon": "image"},
    {"url": "#v", "label": _("Video"), "icon": "video"},
    {"url": "#a", "label": _("Audio"), "icon": "audio"},
    {"url": "#t", "label": _("Writing"), "icon": "text"},
]
# Every symbol of static/img/icons.svg.
ICONS = [
    "image",
    "video",
    "audio",
    "text",
    "play",
    "pause",
    "plus",
    "search",
    "remix",
    "rec",
    "save",
    "down",
    "grid",
    "flag",
    "film",
    "you",
    "money",
    "bell",
    "talk",
    "link",
    "check",
    "warn",
    "book",
    "disc",
    "tv",
    "key",
]
