"""Projects from pitch to release. Keys are the slugs other modules refer to."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["film", "album", "book", "dvd", "tv"]
Stage = Literal["pitch", "in_round", "green_lit", "in_production", "released"]
Fate = Literal["received", "shortlisted", "in_cut", "cut"]


@dataclass(frozen=True)
class Step:
    title: str
    state: Literal["done", "doing", "needed"]
    note: str
    # The key of a work that shows it.
    picture: str = ""


@dataclass(frozen=True)
class Update:
    author: str
    day: int
    text: str


@dataclass(frozen=True)
class Considered:
    """A work put forward for a project, its fate and the reason its artist was told."""

    work: str
    fate: Fate
    reason: str


@dataclass(frozen=True)
class Episode:
    number: int
    topic: str
    title: str
    logline: str
    stage: Literal["in_production", "planned"]


@dataclass(frozen=True)
class Outlet:
    name: str
    kind: Literal["watch", "buy", "listen", "see"]
    url: str
    note: str


@dataclass(frozen=True)
class Release:
    title: str
    day: int
    catalogue: str
    note: str
    outlets: tuple[Outlet, ...]


@dataclass(frozen=True, kw_only=True)
class Project:
    key: str
    title: str
    kind: Kind
    stage: Stage
    pitched_by: str
    logline: str
    pitch: str
    cover: str
    pitched_day: int
    green_lit_day: int | None = None
    leads: tuple[tuple[str, str], ...] = ()
    steps: tuple[Step, ...] = ()
    updates: tuple[Update, ...] = ()
    considered: tuple[Considered, ...] = ()
    episodes: tuple[Episode, ...] = ()
    release: Release | None = None
    pitch_works: tuple[str, ...] = ()


NIGHT_FERRY = Project(
    key="the-night-ferry",
    title="The Night Ferry",
    kind="film",
    stage="released",
    pitched_by="amir",
    logline="A keeper writes to the last ferry. One night, somebody on board writes back. It began as one letter.",
    pitch=(
        "Mara wrote a letter, Tomasz drew its tower, Hana printed a sunrise on it, Ifeoma heard a waltz in the "
        "sunrise and Leo "
        "waited for a ferry to fit the waltz. That is already a film; we only have to stop before we spoil it. "
        "Six scenes, "
        "almost no talk. Everything in it exists or is being made by somebody here tonight."
    ),
    cover="poster",
    pitched_day=-290,
    green_lit_day=-262,
    leads=(("leo", "Director and editor"), ("amir", "Screenplay"), ("sam", "Producer")),
    steps=(
        Step("1. Harbour, dusk", "done", "Kofi’s harbour, Leo’s still.", picture="ferry-still"),
        Step(
            "2. The letter", "done", "Tomasz’s animatic stayed. The pen is slower than any actor.", picture="animatic"
        ),
        Step("3. The beam", "done", "Hana’s print, one turn of eleven.", picture="beam"),
        Step("4. Approach road", "done", "One take, heater broken.", picture="headlights"),
        Step("5. The crossing", "done", "Shot 12, whole, to the waltz.", picture="shot-12"),
    ),
    updates=(
        Update("leo", -240, "First assembly: eleven minutes. Amir says nine. The ferry says nothing and wins."),
        Update("leo", -218, "Locked. I took out every shot in which I was clever."),
        Update(
            "sam",
            -205,
            "First showing in a boat shed in Esbjerg: 140 chairs, 163 people, one dog. The dog left at scene 3.",
        ),
    ),
    considered=(
        Considered("shot-12", "in_cut", "The last scene, whole."),
        Considered("animatic", "in_cut", "Scene 2. It was meant as a sketch and nobody could improve on it."),
        Considered("beam", "in_cut", "Between the letter and the road."),
        Considered("headlights", "in_cut", "Scene 4, three seconds of one take."),
        Considered("harbour-east", "in_cut", "Scene 1, and under everything wet."),
        Considered("engine-voice", "in_cut", "The voice we never see, under the letter."),
        Considered("chart-40", "in_cut", "On the wheelhouse table for a second and a half."),
        Considered("keeper-seated", "cut", "We decided never to show his face. Kept for the book, with thanks."),
        Considered(
            "engine-drone", "cut", "Two engines were one too many; Noor’s stayed because it speaks. It is on the DVD."
        ),
        Considered("title-shapes", "cut", "Beautiful and too cheerful for this door. It opens the DVD instead."),
    ),
    release=Release(
        title="The Night Ferry",
        day=-200,
        catalogue="HR-F-001",
        note=(
            "Nine minutes in cinemas, the short cut here. Subtitles in English, Spanish and Arabic from the "
            "translated letters."
        ),
        outlets=(
            Outlet("Watch here", "watch", "https://example.org/watch/the-night-ferry", "Free, the short cut"),
            Outlet("Harbour Light Film Days", "see", "https://example.org/harbour-light", "Festival, two screenings"),
            Outlet("Small Boats On Demand", "buy", "https://example.org/small-boats/night-ferry", "US$3.50 to rent"),
        ),
    ),
    pitch_works=("keepers-letter", "lamp-study", "two-colour-lamp", "waltz"),
)

SEVEN_INCH = Project(
    key="waltz-seven-inch",
    title="Waltz for the Crossing",
    kind="album",
    stage="released",
    pitched_by="bob",
    logline="A seven-inch: the waltz on one side, the harbour band on the other, the lamp motor in the run-out groove.",
    pitch=(
        "People keep asking where to buy the waltz. I have a lathe friend in Lower Hutt, Kofi has a band, and "
        "Hana has ink. "
        "Three hundred copies, no more, sleeves printed by hand. It will lose a little or earn a little; it "
        "should exist."
    ),
    cover="two-colour-lamp",
    pitched_day=-170,
    green_lit_day=-150,
    leads=(("bob", "Mastering"), ("ifeoma", "Composer"), ("sam", "Producer")),
    steps=(
        Step("Side A, Waltz for the crossing", "done", "Cut loud.", picture="signal-shapes"),
        Step("Side B, Waltz, brass only", "done", "One take; there is a cough.", picture="swell"),
        Step("Sleeve", "done", "Two colours, three hundred times.", picture="two-colour-lamp"),
    ),
    updates=(
        Update("bob", -95, "Test pressing plays. The tick in the run-out groove kept my neighbour awake, so it works."),
    ),
    considered=(
        Considered("waltz", "in_cut", "Side A."),
        Considered("waltz-brass", "in_cut", "Side B."),
        Considered("two-colour-lamp", "in_cut", "The sleeve."),
        Considered(
            "harbour-remembered",
            "cut",
            "Too quiet for vinyl; the noise of the groove would drown it. Wanted for the DVD.",
        ),
    ),
    release=Release(
        title="Waltz for the Crossing, seven-inch",
        day=-80,
        catalogue="HR-V-001",
        note="Three hundred numbered copies, 45 rpm, sleeve printed in Matsuyama.",
        outlets=(
            Outlet("The shop at the pier", "buy", "https://example.org/pier-shop/waltz", "US$14 and postage"),
            Outlet("Listen here", "listen", "https://example.org/listen/waltz", "Both sides, free"),
        ),
    ),
    pitch_works=("waltz", "waltz-brass"),
)

AWAKE = Project(
    key="awake-somewhere",
    title="Everyone Is Awake Somewhere",
    kind="tv",
    stage="in_production",
    pitched_by="alice",
    logline="A television hour for people who should be asleep. One topic an episode, made by everybody who is not.",
    pitch=(
        "Priya drew a building at four in the morning and Charlie said: one of those is my ward. So: every "
        "episode takes one "
        "ordinary thing that is awake at night and asks the whole community for theirs. Half of it is made "
        "beforehand, half is "
        "live, from somebody’s kitchen. The closing credits are the point: they should be longer than the cold open."
    ),
    cover="title-card",
    pitched_day=-120,
    green_lit_day=-88,
    leads=(("alice", "Series editor"), ("priya", "Art"), ("sam", "Producer")),
    steps=(
        Step("Windows from everywhere", "done", "Seventy-two came, from fifty-eight countries.", picture="window-seat"),
        Step("Cold open: the lift", "done", "Priya’s lift, Bob’s theme.", picture="title-card"),
        Step("Live kitchen", "doing", "Ana cooks, Mara reads. Rehearsal on Sunday.", picture="hedge"),
        Step("Closing roll", "doing", "Everybody’s name. Please check yours.", picture="ridge"),
    ),
    updates=(
        Update(
            "alice",
            -60,
            "The call is out: what do you see from your window at four? One small picture or one sentence.",
        ),
        Update(
            "alice", -21, "Seventy-two windows. I have put them all on my kitchen wall and now the wall is awake too."
        ),
    ),
    considered=(
        Considered("window-seat", "in_cut", "The building everything else looks out of."),
        Considered("windows-treatment", "in_cut", "The script, near enough."),
        Considered("late-soup", "in_cut", "The live kitchen."),
        Considered("credits-theme", "in_cut", "For the long roll."),
        Considered("rain-tin", "in_cut", "Under the wall of windows."),
        Considered("ridge", "shortlisted", "For the last minute, if the night ends."),
    ),
    episodes=(
        Episode(1, "Windows", "What is lit at four", "Seventy-two windows, one lift, one soup.", "in_production"),
        Episode(2, "Bread", "The first shift", "Whoever gets up so that you can have breakfast.", "planned"),
        Episode(
            3, "Last buses", "Not in service", "Where drivers go with an empty bus, and who is really on it.", "planned"
        ),
        Episode(
            4, "Radios", "Somebody left it on", "Voices that talk to nobody in particular, and who answers.", "planned"
        ),
    ),
    pitch_works=("window-seat", "windows-treatment"),
)

LETTERS = Project(
    key="letters-to-a-lighthouse",
    title="Letters to a Lighthouse",
    kind="book",
    stage="green_lit",
    pitched_by="mara",
    logline="He wrote one letter in nineteen years. This is the post he should have had.",
    pitch=(
        "The keeper ends with a question, and people answer: in Spanish, in Arabic, as a soup, as a plan of his "
        "own room. I would "
        "like to sew them into one book, left page to him, right page from him, and leave some pages empty on purpose."
    ),
    cover="book-cover",
    pitched_day=-70,
    green_lit_day=-32,
    leads=(("mara", "Editor"), ("alice", "Design and binding"), ("sam", "Producer")),
    steps=(
        Step("The letter and one answer", "done", "Mara on the left, Alice on the right.", picture="lamp-study"),
        Step("Translations", "done", "Two chosen, one invited back."),
        Step("The room", "doing", "Challenge open: furnish it.", picture="room-plan"),
        Step(
            "Answers from the other side of the world",
            "needed",
            "We have no letter from the southern hemisphere that is angry with him.",
        ),
    ),
    updates=(Update("mara", -25, "The translations are chosen. I cannot read two of them and know both are right."),),
    considered=(
        Considered("keepers-letter", "shortlisted", "Page one."),
        Considered("answer-mainland", "shortlisted", "Page two."),
        Considered("carta-farero", "shortlisted", "Chosen by its readers."),
        Considered("risalat-haris", "shortlisted", "Chosen by its readers; set from the back of the book."),
        Considered("strait-map", "shortlisted", "Endpapers."),
        Considered("engine-room", "received", "Read; waiting until we know how many pages are not letters."),
        Considered("brief-waerter", "received", "Wanted, after a second draft."),
    ),
    pitch_works=("keepers-letter", "answer-mainland", "book-cover"),
)

SCRAPS = Project(
    key="crossings-and-scraps",
    title="Crossings and Scraps",
    kind="dvd",
    stage="in_production",
    pitched_by="leo",
    logline="The film, and everything that fell on the floor and was too good to sweep.",
    pitch=(
        "For people with a player and no signal, which is to say every ferry I ever worked on. The nine minutes, "
        "the animatic, "
        "eleven turns of the beam, Bob’s engine, forty-second harbours as menus. Region zero, like the sea."
    ),
    cover="ferry-still",
    pitched_day=-110,
    green_lit_day=-64,
    leads=(("leo", "Author"), ("kofi", "Menus and sound")),
    steps=(
        Step("Main feature", "done", "The locked cut.", picture="shot-12"),
        Step("Menu beds", "doing", "From Forty seconds of harbour; reviews until next week.", picture="title-shapes"),
        Step("Sleeve notes", "needed", "Two hundred words by somebody who gets seasick."),
    ),
    considered=(
        Considered("engine-drone", "shortlisted", "The loop on the extras menu."),
        Considered("title-shapes", "shortlisted", "Opens the disc."),
        Considered("harbour-remembered", "shortlisted", "Scene selection."),
    ),
    pitch_works=("night-ferry-film", "beam", "engine-drone"),
)

PROJECTS: tuple[Project, ...] = (NIGHT_FERRY, SEVEN_INCH, AWAKE, SCRAPS, LETTERS)
