"""The fourth chapter: "Forty seconds of harbour", being reviewed now, and the songs of that summer."""

from hitrecord.demo.works.spec import Comment, Recommendation, Source, Work

WORKS: tuple[Work, ...] = (
    Work(
        key="rain-tin",
        artist="bob",
        medium="audio",
        title="Rain on tin, Tuesday",
        description=(
            "The shed roof, then the gutter, then the bucket I forgot. No music was harmed. Use it wherever it needs "
            "to be wet."
        ),
        recipe="sound.places:rain_tin",
        extension="mp3",
        licence="CC0-1.0",
        tags=("rain", "field-recording"),
        comments=(Comment("kofi", 12000, "The bucket has better timing than most drummers I know."),),
        hearts=("kofi", "ifeoma", "soledad", "charlie", "priya"),
    ),
    Work(
        key="slipway",
        artist="charlie",
        medium="audio",
        title="Slipway, low tide",
        description=(
            "Recorded with a telephone in a sock, before my shift. Chain, winch, small waves, one man counting."
        ),
        recipe="sound.places:slipway",
        extension="mp3",
        licence="SITE-1.0",
        tags=("harbour", "field-recording"),
        comments=(
            Comment("kofi", 5000, "The sock is a professional windshield, never let anybody tell you otherwise."),
        ),
        hearts=("kofi", "mara", "bob"),
    ),
    Work(
        key="harbour-remembered",
        artist="jun",
        medium="audio",
        title="Harbour, remembered",
        description=(
            "Kofi’s harbour played through an accordion with the bellows held almost shut. What stays is the swell."
        ),
        recipe="sound.places:harbour_remembered",
        extension="flac",
        licence="CC-BY-SA-4.0",
        tags=("harbour", "accordion", "ambient"),
        sources=(
            Source("harbour-east", "reuses", "His waves are underneath the whole time, at the speed I remember them."),
        ),
        comments=(
            Comment("ifeoma", 14000, "Here the reeds and the gulls agree for one second. Beautiful accident?"),
            Comment("jun", None, "Accident, kept on purpose."),
        ),
        hearts=("ifeoma", "kofi", "hana"),
        recommendations=(
            Recommendation("kofi", "curators", "My favourite thing anybody has done to a recording of mine."),
        ),
    ),
    Work(
        key="wait-engineer",
        artist="ifeoma",
        medium="audio",
        title="Wait for me, engineer (sketch)",
        description=(
            "A song that does not have its words yet, only their shape. Electric piano, hum, and a tape that is "
            "nearly done. "
            "If you hear words, write them."
        ),
        recipe="sound.songs:wait_engineer",
        extension="mp3",
        licence="CC-BY-NC-4.0",
        production="ask",
        tags=("song", "sketch", "ferry"),
        sources=(
            Source(
                "keepers-letter", "adapts", "“I have asked the engineer to wait” is already a first line in six-eight."
            ),
        ),
        comments=(
            Comment("alice", 8200, "At this turn I hear “tie the boat to me”. Three notes, three words?"),
            Comment("ifeoma", None, "Four, but the fourth is only breath. Keep going."),
        ),
        hearts=("alice", "mara", "bob", "noor"),
    ),
    Work(
        key="credits-theme",
        artist="bob",
        medium="audio",
        title="Everybody’s name (credits theme)",
        description=(
            "For the long roll: Ifeoma’s waltz straightened into four, strings made of the shed’s own reverb, "
            "a brass chord at the end for the people in the kitchen."
        ),
        recipe="sound.songs:credits_theme",
        extension="flac",
        licence="CC-BY-4.0",
        tags=("theme", "credits", "strings"),
        sources=(
            Source("waltz", "adapts", "The first eight bars, in four, because a roll has to walk."),
            Source("waltz-brass", "reuses", "The last chord is Kofi’s band, slowed to fit."),
        ),
        comments=(Comment("kofi", 23000, "You kept the cough. Thank you."),),
        hearts=("ifeoma", "kofi", "leo", "sam"),
        recommendations=(
            Recommendation("sam", "awake-somewhere", "Seventy names fit into this with two bars to spare. I timed it."),
        ),
    ),
)
