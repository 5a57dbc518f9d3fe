"""The two periods of The Night Ferry: one stated, discussed, accepted and paid; one open for comments now."""

from hitrecord.demo.world.money import Cost, Income, Period
from hitrecord.demo.world.talk import DRAFT_COMMENTS, DRAFT_OBJECTIONS, PAID_COMMENTS

PAID = Period(
    key="night-ferry-first",
    project="the-night-ferry",
    title="The Night Ferry, first screenings",
    from_day=-200,
    to_day=-121,
    drafter="sam",
    approver="dana",
    income=(
        Income("harbour-light", "HL-2291", -186, "festival", "sale", 250_000),
        Income("boatshed-cinema", "BS-0007", -179, "cinema", "sale", 119_340),
        Income("boatshed-cinema", "BS-0011", -172, "cinema", "sale", 88_620),
        Income("small-boats", "SB-88410", -160, "rental", "sale", 96_250),
        Income("small-boats", "SB-88410-F", -160, "rental", "fee", 9_625),
        Income("small-boats", "SB-91276", -131, "rental", "sale", 141_750),
        Income("small-boats", "SB-91276-F", -131, "rental", "fee", 14_175),
        Income("small-boats", "SB-91303-R", -129, "rental", "refund", 1_050),
    ),
    costs=(
        Cost(
            "EB-1904", -191, "Esbjerg Boat Shed", "venue", "First showing: chairs, heaters, one projector lamp", 64_000
        ),
        Cost("TM-0312", -188, "Tin Roof Audio", "mix", "Sound mix, one and a half days", 90_000),
        Cost("CP-7740", -183, "Caption Pier", "captions", "Captions, English, with sound descriptions", 38_500),
    ),
    comments=PAID_COMMENTS,
    accepted_by=("mara", "tomasz", "ifeoma", "leo", "kofi", "hana"),
)

DRAFT = Period(
    key="night-ferry-second",
    project="the-night-ferry",
    title="The Night Ferry, second period",
    from_day=-120,
    to_day=-15,
    drafter="sam",
    approver="dana",
    income=(
        Income("nordsee-tv", "NT-55-0192", -101, "television", "sale", 1_200_000),
        Income("fjord-festival", "FF-310", -96, "festival", "sale", 180_000),
        Income("river-school-board", "RSB-4471", -83, "education", "sale", 150_000),
        Income("small-boats", "SB-97015", -70, "rental", "sale", 133_350),
        Income("small-boats", "SB-97015-F", -70, "rental", "fee", 13_335),
        Income("small-boats", "SB-99840", -40, "rental", "sale", 117_950),
        Income("small-boats", "SB-99840-F", -40, "rental", "fee", 11_795),
        Income("small-boats", "SB-99862-R", -38, "rental", "refund", 1_400),
        Income("ferry-line-62", "L62-2026-09", -33, "onboard", "sale", 58_700),
    ),
    costs=(
        Cost("NB-2204", -108, "Nordbild Labor", "delivery", "DCP and broadcast master, express", 182_000),
        Cost(
            "CP-8112",
            -104,
            "Caption Pier",
            "captions",
            "Subtitles in Spanish and Arabic, timed from the letters",
            76_500,
        ),
        Cost("HI-0611", -97, "Ito Print Room", "posters", "Paper, two inks and postage for sixty posters", 41_500),
        Cost("TM-0398", -92, "Tin Roof Audio", "mix", "Broadcast loudness and M&E stems", 88_000),
        Cost("FF-310-T", -90, "Fjord Festival", "travel", "One night train, one bed, one ferry (of course)", 38_000),
    ),
    comments=DRAFT_COMMENTS,
    objections=DRAFT_OBJECTIONS,
    accepted_by=("hana", "leo"),
)

PERIODS: tuple[Period, ...] = (PAID, DRAFT)
