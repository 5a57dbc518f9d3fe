"""Three members from inland who have nothing to do with the film, and what they decide about one of its objections."""

from dataclasses import dataclass
from typing import Literal

from hitrecord.demo.cast import Person


@dataclass(frozen=True, kw_only=True)
class Juror:
    """Somebody of the panel: who, a text of their own, and their vote with its reason."""

    person: Person
    title: str
    text: str
    choice: Literal["uphold", "change"]
    reason: str


def _inland(handle: str, name: str, bio: str, location: str) -> Person:
    return Person(
        handle=handle, display_name=name, credit_name=name, bio=bio, skills=("writing",), languages=("en",),
        location=location, time_zone="UTC",
    )  # fmt: skip


JURORS: tuple[Juror, ...] = (
    Juror(
        person=_inland("greta_moll", "Greta Moll", "I keep the minutes of an allotment society.", "Kassel, Germany"),
        title="Minutes of a dry year",
        text="Item one: the pump. Item two: the pump. Item three was postponed because of the pump.",
        choice="uphold",
        reason="A third of the scene at full weight is what a factor of 1.3 says. I reckoned it with the frames given.",
    ),
    Juror(
        person=_inland("ivo_sand", "Ivo Sand", "Bus driver, line 12. I write at the terminus.", "Plzeň, Czechia"),
        title="Line 12, last stop",
        text="Nobody gets off at the last stop by mistake. They only say so.",
        choice="uphold",
        reason="Background for two thirds, featured for one third. The answer says the same with other numbers.",
    ),
    Juror(
        person=_inland("rosa_lind", "Rosa Lind", "Retired surveyor. Distances are promises.", "Örebro, Sweden"),
        title="How far it is",
        text="I measured the field four times in forty years. It was the tape that grew.",
        choice="uphold",
        reason="Measured twice, agreed twice. I would not measure a third time for it.",
    ),
)

OBJECTOR, WORK, DEPARTMENT = "tomasz", "lamp-study", "picture"
WHY = (
    "A factor of 1.3 on background is less than a third of the way to what I asked for. If the last second and a half is "
    "all there is to look at, let three people look at it who do not know me."
)
WHAT_IF_WORDS = "This is what full prominence would mean, and whom it would cost. I do not want Hana’s thirty dollars."
