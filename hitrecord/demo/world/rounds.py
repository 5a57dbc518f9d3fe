"""One green-light round, open now: four pitches, and who has approved which so far."""

from dataclasses import dataclass

from hitrecord.demo.world.projects import Project


@dataclass(frozen=True)
class Ballot:
    """Approval voting: a member approves as many candidates as they would like to see made."""

    voter: str
    approves: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Round:
    key: str
    title: str
    question: str
    opens_day: int
    closes_day: int
    candidates: tuple[Project, ...]
    ballots: tuple[Ballot, ...]


CANDIDATES: tuple[Project, ...] = (
    Project(
        key="the-lid",
        title="The Lid",
        kind="film",
        stage="in_round",
        pitched_by="charlie",
        logline="A kettle looks for its lid. The lid is doing fine.",
        pitch=(
            "Mara’s inventory has a kettle with no lid and a lid with no kettle, one line apart, and I cannot "
            "stop thinking about it. "
            "Four minutes, linocut, one print a second. I have the lino. I have never made a film. Somebody hold "
            "my hand."
        ),
        cover="kettle",
        pitched_day=-12,
        pitch_works=("kettle", "inventory"),
    ),
    Project(
        key="field-guide-to-ferries",
        title="A Field Guide to Ferries at Night",
        kind="book",
        stage="in_round",
        pitched_by="jun",
        logline="How to tell them apart by their lights, their engines, and who gets off.",
        pitch=(
            "Pocket size, waterproof paper. One ferry a spread: its lights plotted to scale, its engine as a "
            "waveform, and "
            "a sentence from somebody who has slept on it. I can plot; I need thirty sleepers."
        ),
        cover="strait-map",
        pitched_day=-20,
        pitch_works=("strait-map", "timetable", "ferry-still"),
    ),
    Project(
        key="radio-for-nobody",
        title="Radio for Nobody",
        kind="album",
        stage="in_round",
        pitched_by="noor",
        logline="An album of rooms in which a radio was left on.",
        pitch=(
            "Engine rooms, kitchens, a night ward, a taxi. One recording each, one voice each, no two languages "
            "the same. "
            "Kofi and I have five rooms already. It should sound as if you had walked in by mistake and were "
            "allowed to stay."
        ),
        cover="currents",
        pitched_day=-18,
        pitch_works=("engine-voice", "harbour-remembered"),
    ),
    Project(
        key="slow-weather",
        title="Slow Weather",
        kind="tv",
        stage="in_round",
        pitched_by="soledad",
        logline="Six episodes, one kind of weather each, forecast by the people who stand in it.",
        pitch=(
            "Wind, fog, dust, rain, frost, nothing. Every episode has one forecaster who is not a meteorologist: "
            "a shepherd, a "
            "laundry, a goalkeeper. The forecast is always right because it is about what they will do, not what "
            "the sky will."
        ),
        cover="ridge",
        pitched_day=-16,
        pitch_works=("ridge", "rain-tin", "fog-pattern"),
    ),
)

ROUND = Round(
    key="winter",
    title="What do we make this winter?",
    question=(
        "Approve as many as you would like to see made. The two with the most approvals go to the producers, who "
        "answer in public."
    ),
    opens_day=-5,
    closes_day=9,
    candidates=CANDIDATES,
    ballots=(
        Ballot("mara", ("the-lid", "field-guide-to-ferries")),
        Ballot("tomasz", ("the-lid",)),
        Ballot("hana", ("the-lid", "slow-weather")),
        Ballot("ifeoma", ("radio-for-nobody", "the-lid")),
        Ballot("leo", ("field-guide-to-ferries", "radio-for-nobody")),
        Ballot("amir", ("radio-for-nobody",)),
        Ballot("kofi", ("radio-for-nobody", "slow-weather")),
        Ballot("priya", ("the-lid", "slow-weather")),
        Ballot("jun", ("field-guide-to-ferries",)),
        Ballot("ana", ("the-lid", "slow-weather", "field-guide-to-ferries")),
        Ballot("soledad", ("slow-weather",)),
        Ballot("alice", ("the-lid", "field-guide-to-ferries")),
        Ballot("bob", ("radio-for-nobody", "the-lid")),
    ),
)
