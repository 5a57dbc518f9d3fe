"""What members said about the two statements, and what staff answered, in their own voices.

A line is named by the work it is about; `None` is the whole statement. No amount is quoted: the engine knows them better.
"""

from dataclasses import dataclass
from typing import Literal

ObjectionKind = Literal["missing_work", "measure", "prominence", "lineage", "split", "identity", "other"]
Outcome = Literal["accepted", "partly", "declined"]


@dataclass(frozen=True)
class Comment:
    author: str
    work: str | None
    text: str
    replies: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Answer:
    author: str
    outcome: Outcome
    text: str


@dataclass(frozen=True)
class Adjustment:
    """What an accepted objection changes in the next revision: the factor of one line, with its public reason."""

    work: str
    department: str
    factor_bps: int
    reason: str
    by: str
    approved_by: str


@dataclass(frozen=True)
class Objection:
    author: str
    work: str
    kind: ObjectionKind
    text: str
    answer: Answer | None = None
    adjustment: Adjustment | None = None
    agreed_by: tuple[str, ...] = ()


PAID_COMMENTS: tuple[Comment, ...] = (
    Comment(
        "mara",
        None,
        "I have read every line twice and recomputed mine on the library’s computer with the file from this page. "
        "It came out the same. I did not expect to enjoy that.",
        (("dana", "That is the nicest thing anybody has said about a spreadsheet of mine. Thank you, Mara."),),
    ),
    Comment(
        "kofi",
        "harbour-east",
        "Why does my harbour count as background when it is the only thing you hear for the first six seconds?",
        (
            (
                "sam",
                (
                    "Because it runs under the whole film and the row is one row. I have noted it: next time I will "
                    "cut it in two, "
                    "the part that is alone and the part that is under."
                ),
            ),
        ),
    ),
)

DRAFT_COMMENTS: tuple[Comment, ...] = (
    Comment(
        "leo",
        None,
        "For the record: the DCP delivery in the costs was dear because I was late. That is on me and not on the lab.",
        (
            (
                "dana",
                (
                    "It is in the costs as it was invoiced. You were two days late and it was two hundred dollars. "
                    "Everybody has seen worse."
                ),
            ),
        ),
    ),
    Comment(
        "charlie",
        None,
        (
            "I have no line here, I only watch. Could the page say somewhere what a “recoupment” is? I looked for an "
            "explanation and found a harbour."
        ),
        (("sam", "Fair. It is on How the money works now, in one sentence, and there is none in this statement."),),
    ),
    Comment(
        "amir",
        "keepers-letter",
        "Nearly everything in this film comes down from Mara’s letter in two or three steps. I am glad to see "
        "that it shows, "
        "and that it shows as arithmetic and not as a favour.",
        (("tomasz", "Seconded. I drew one tower; she wrote the rock it stands on."),),
    ),
    Comment(
        "noor",
        "engine-room",
        (
            "Nine words, and a share for nine words. My father was paid by the hour for not speaking. He would like "
            "this system."
        ),
    ),
    Comment(
        "alice",
        "poster",
        (
            "Hana printed sixty posters by hand for the festival. Is that in the costs, or did she do it out of love?"
            " If it was love, let us put it in the costs."
        ),
        (
            (
                "sam",
                (
                    "Paper, ink and postage are there, invoice HI-0611. Her hours are not: she said no twice. I have "
                    "asked a third time."
                ),
            ),
        ),
    ),
)

DRAFT_OBJECTIONS: tuple[Objection, ...] = (
    Objection(
        author="tomasz",
        work="lamp-study",
        kind="prominence",
        text=(
            "The cue sheet says that my drawing is background in scene 2. I counted frames: for the last second "
            "and a half the pen has "
            "stopped, the letter is out of focus and the drawing is all there is to look at."
        ),
        answer=Answer(
            author="sam",
            outcome="partly",
            text=(
                "I counted too and you are right about the last second and a half; before that the eye is on the "
                "writing. The cut is locked, "
                "so the row stays and the line gets a factor of 1.3, which is a third of the scene at full prominence. "
                "Dana has checked the frames. It is in the next revision with this reason."
            ),
        ),
        adjustment=Adjustment(
            work="lamp-study",
            department="picture",
            factor_bps=13_000,
            reason="Alone in frame for the last third of scene 2 (objection by its artist, frames 99 to 134).",
            by="sam",
            approved_by="dana",
        ),
        agreed_by=("mara", "hana"),
    ),
    Objection(
        author="jun",
        work="waltz",
        kind="split",
        text=(
            "I played the accordion on the waltz. In the first statement I said nothing because it was a good "
            "evening and there was soup. "
            "But it is in every second of it. Ifeoma and I have talked: she proposes eighty to twenty, and will "
            "say so below."
        ),
        agreed_by=("ifeoma", "kofi"),
    ),
)
