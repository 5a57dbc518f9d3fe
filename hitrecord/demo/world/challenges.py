"""Three challenges: one open, one being reviewed, one closed with its results."""

from dataclasses import dataclass
from typing import Literal

Phase = Literal["open", "reviewing", "closed"]
Outcome = Literal["", "chosen", "thanked"]


@dataclass(frozen=True)
class Entry:
    """`reviews` are (reviewer, marks of one to five a criterion, one helpful sentence)."""

    work: str
    outcome: Outcome = ""
    reviews: tuple[tuple[str, tuple[int, ...], str], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Challenge:
    key: str
    title: str
    issuer: str
    phase: Phase
    prompt: str
    brief: str
    rules: tuple[str, ...]
    media: tuple[str, ...]
    skills: tuple[str, ...]
    criteria: tuple[str, ...]
    project: str
    pay: str
    opens_day: int
    closes_day: int
    review_ends_day: int
    results_day: int
    entries: tuple[Entry, ...]
    materials: tuple[str, ...] = ()
    result_note: str = ""
    # The title of the project's step that the challenge serves.
    step: str = ""


CHALLENGES: tuple[Challenge, ...] = (
    Challenge(
        key="translate-the-letter",
        title="Translate the letter",
        issuer="mara",
        phase="closed",
        prompt="Put the keeper’s letter into any language or dialect that somebody shouted at you as a child.",
        brief=(
            "Keep his voice: short sentences, no complaints. If a word has no twin in your language, tell us which "
            "one you gave him instead. Spoken versions are as welcome as written ones."
        ),
        rules=(
            "Any language, any dialect, any alphabet.",
            "Say what you changed in one sentence.",
            "If a machine helped, say which part.",
        ),
        media=("text", "audio"),
        skills=("writing", "translation", "voice"),
        criteria=("Voice", "Ear", "Courage"),
        project="letters-to-a-lighthouse",
        pay="Credit, and a copy of the book when there is one",
        opens_day=-75,
        closes_day=-40,
        review_ends_day=-30,
        results_day=-26,
        materials=("keepers-letter",),
        entries=(
            Entry(
                "carta-farero",
                "chosen",
                (
                    ("ana", (5, 5, 4), "Reads as if it had been posted in 1958 in a town with one post box."),
                    ("amir", (5, 4, 4), "The steamer is a real decision, and it holds for the whole page."),
                ),
            ),
            Entry(
                "risalat-haris",
                "chosen",
                (
                    (
                        "amir",
                        (5, 5, 5),
                        "The verbs do the grieving. Not one adjective more than he would have paid for.",
                    ),
                    ("soledad", (4, 5, 5), "I read it aloud without understanding half of it and still heard him."),
                ),
            ),
            Entry(
                "brief-waerter",
                "thanked",
                (
                    ("tomasz", (4, 3, 3), "The greeting is perfect; the third paragraph still smells of the machine."),
                    ("hana", (3, 4, 3), "I like how rude it is. Could it be a little ruder at the end?"),
                ),
            ),
        ),
        result_note=(
            "Three languages, six readers. The Arabic and the Spanish letters go into the book; the German one is"
            " thanked and "
            "asked for a second draft without help. Marks are averaged per criterion, shrunk towards the middle "
            "for few readers."
        ),
    ),
    Challenge(
        key="forty-seconds-of-harbour",
        title="Forty seconds of harbour",
        issuer="kofi",
        phase="reviewing",
        prompt="Forty seconds or less of a place where boats are kept. No music, unless the place makes it.",
        brief=(
            "Any harbour, slip, pontoon, puddle. Put the microphone where you would put a child: safe, low, near "
            "the water. "
            "We need beds for the DVD’s menus and for scene one."
        ),
        rules=(
            "Forty seconds at most; 44.1 or 48 kHz.",
            "One place, one time. Layers only if they were there.",
            "Remixing another entry is welcome and counts for both of you.",
        ),
        media=("audio",),
        skills=("field recording", "sound design"),
        criteria=("A place you can stand in", "Patience", "Usable under speech"),
        project="crossings-and-scraps",
        pay="US$600 shared by the recordings we use",
        opens_day=-30,
        closes_day=-2,
        review_ends_day=5,
        results_day=8,
        entries=(
            Entry(
                "harbour-east",
                reviews=(
                    ("ifeoma", (5, 5, 4), "I could draw the pier from this. The generator is the price of the truth."),
                ),
            ),
            Entry(
                "slipway",
                reviews=(
                    ("kofi", (4, 5, 3), "The counting man is worth the sock noise. Could you go back and stay longer?"),
                ),
            ),
            Entry(
                "harbour-remembered", reviews=(("hana", (4, 4, 5), "Not a place I have been, but one I have left."),)
            ),
            Entry("rain-tin"),
        ),
    ),
    Challenge(
        key="the-lighthouse-keepers-room",
        step="The room",
        title="The lighthouse keeper’s room",
        issuer="sam",
        phase="open",
        prompt="The keeper has lived in one round room for nineteen years. Draw it, build it, record it or write it.",
        brief=(
            "A round room, 4.2 metres across, one window facing north and the lamp machinery turning overhead. We"
            " need to "
            "believe someone chose to stay. Real objects, real wear. No ghosts."
        ),
        rules=(
            "Any medium. Stills at 1200 px or more, audio at 44.1 kHz or more.",
            "Up to three entries each; remixing another entry counts for both of you.",
            "If a generative tool made part of it, say which part.",
        ),
        media=("image", "audio", "text", "video"),
        skills=("illustration", "collage", "writing", "field recording"),
        criteria=("Lived-in detail", "Light", "Usable on set"),
        project="letters-to-a-lighthouse",
        pay="US$1,200 shared by the works we use",
        opens_day=-15,
        closes_day=6,
        review_ends_day=13,
        results_day=16,
        materials=("room-plan", "lamp-motor", "keepers-letter"),
        entries=(
            Entry("room-plan"),
            Entry("inventory"),
            Entry("kettle"),
            Entry("garden-tower"),
            Entry("fog-pattern"),
            Entry("strait-map"),
            Entry("keeper-seated"),
        ),
    ),
)
