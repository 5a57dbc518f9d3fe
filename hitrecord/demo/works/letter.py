"""The first chapter: one letter, and the chain that grew out of it through five people and four media."""

from hitrecord.demo.works.spec import Comment, Recommendation, Source, Work

WORKS: tuple[Work, ...] = (
    Work(
        key="keepers-letter",
        artist="mara",
        medium="text",
        title="Keeper’s letter",
        description=(
            "Found nothing in the archive, so I wrote what I had hoped to find. It is a letter from a lighthouse "
            "keeper "
            "to whoever is on the last ferry. Take any line you like."
        ),
        recipe="writing:page",
        argument="keepers-letter.md",
        extension="md",
        licence="CC-BY-4.0",
        tags=("letter", "lighthouse", "ferry"),
        comments=(
            Comment(
                "tomasz", None, "He counts candles in a house with electricity. I know this man. May I draw his tower?"
            ),
            Comment("mara", None, "Please. I only ever saw it from inside."),
            Comment(
                "charlie",
                None,
                "Read this on a night shift, out loud, to a patient who used to pilot boats. She asked for it again.",
            ),
        ),
        hearts=("tomasz", "amir", "alice", "charlie", "leo", "noor", "soledad", "bob", "hana"),
        recommendations=(
            Recommendation("amir", "curators", "There is a whole film between the second and the third paragraph."),
            Recommendation(
                "alice",
                "letters-to-a-lighthouse",
                "It has to be the first page of the book. Everything else answers it.",
            ),
        ),
    ),
    Work(
        key="swell",
        artist="tomasz",
        medium="image",
        title="Swell",
        description=(
            "One hundred and twenty lines, one sitting, three cups of tea. Baltic, force five, drawn from the mole in"
            " Gdynia."
        ),
        recipe="art.engraver:swell",
        extension="png",
        licence="CC-BY-4.0",
        tags=("sea", "ink", "lines"),
        alt="A sea of closely drawn wavy ink lines, tightening into dark crests, under a solid dark sun.",
        comments=(
            Comment("jun", None, "Is the spacing by eye? My plotter cannot be this uneven and I am jealous of it."),
            Comment("tomasz", None, "By eye, and by tea."),
        ),
        hearts=("jun", "hana", "soledad", "mara", "bob"),
    ),
    Work(
        key="ridge",
        artist="soledad",
        medium="image",
        title="Ridge at 05:40",
        description=(
            "Five ridges, no filter, the dust does it. The bus was late by forty minutes, otherwise this picture "
            "would not exist. "
            "Free for anything."
        ),
        recipe="art.horizon:ridge",
        extension="jpg",
        licence="CC0-1.0",
        tags=("mountains", "dawn", "photography"),
        alt="Five layers of mountain ridges fading from dark blue to pale mauve under a peach-coloured dawn.",
        comments=(Comment("priya", None, "The third ridge is exactly the colour of the inside of a mussel."),),
        hearts=("priya", "leo", "ana", "mara", "kofi", "alice"),
        recommendations=(Recommendation("leo", "curators", "I would put titles on this without touching it."),),
    ),
    Work(
        key="harbour-east",
        artist="kofi",
        medium="audio",
        title="Harbour, wind from the east",
        description=(
            "Tema, canoe basin, a little before six. Two microphones taped under the pier, halyards on the left, "
            "gulls wherever they liked. One slow generator you may hate or love."
        ),
        recipe="sound.places:harbour_east",
        extension="flac",
        licence="CC-BY-4.0",
        tags=("harbour", "field-recording", "gulls"),
        comments=(
            Comment(
                "ifeoma",
                9500,
                "Those halyards are almost a tuned instrument. G sharp, and something that wants to be a C.",
            ),
            Comment("leo", 3000, "This wave. I would cut on this wave."),
        ),
        hearts=("ifeoma", "leo", "bob", "jun", "noor", "charlie"),
        recommendations=(
            Recommendation("leo", "the-night-ferry", "It is the sound of scene one before anybody speaks."),
        ),
    ),
    Work(
        key="lamp-motor",
        artist="kofi",
        medium="audio",
        title="Lamp motor, 40 rpm",
        description=(
            "The old light at the fishing harbour still turns, though the lamp is gone. Contact microphone on the"
            " gearbox. "
            "It ticks in three if you listen long enough."
        ),
        recipe="sound.places:lamp_motor",
        extension="wav",
        licence="CC-BY-4.0",
        tags=("machine", "field-recording", "rhythm"),
        comments=(
            Comment("ifeoma", 6000, "It really does tick in three. I cannot unhear it now, thank you, good night."),
        ),
        hearts=("ifeoma", "bob", "jun", "mara"),
    ),
    Work(
        key="lamp-study",
        artist="tomasz",
        medium="image",
        title="Lamp study",
        description=(
            "Mara’s keeper says the tower leans a hand’s width to the west, so mine leans too. "
            "Dip pen on smooth paper, 30 × 40 cm, the beam drawn last and fast."
        ),
        recipe="art.engraver:lamp_study",
        extension="png",
        licence="CC-BY-4.0",
        tags=("lighthouse", "ink", "drawing"),
        alt=(
            "Pen drawing of a lighthouse, hatched on its shadow side, with a fan of beam lines to the left and a sea "
            "of short strokes below."
        ),
        sources=(
            Source("keepers-letter", "adapts", "The tower exactly as the letter describes it, leaning included."),
        ),
        comments=(
            Comment(
                "mara",
                None,
                "The gallery rail is bent where he would have leaned on it. I did not write that. You saw it.",
            ),
            Comment("hana", None, "I would like to run this through two drums. Coral and teal?"),
            Comment("tomasz", None, "Run it. Let the plates slip."),
        ),
        hearts=("mara", "hana", "alice", "leo", "priya", "jun", "ana"),
        recommendations=(
            Recommendation("hana", "the-night-ferry", "The film already has its tower; somebody should tell the film."),
        ),
    ),
    Work(
        key="two-colour-lamp",
        artist="hana",
        medium="image",
        title="Two-colour lamp",
        description=(
            "Tomasz’s drawing on the third drum, navy, then coral and teal beneath. The registration slipped by "
            "two millimetres "
            "and the sun came up behind the tower. I kept that one."
        ),
        recipe="art.riso:two_colour_lamp",
        extension="jpg",
        licence="CC-BY-4.0",
        tags=("riso", "lighthouse", "colour"),
        alt=(
            "A risograph print of the lighthouse in navy stripes before a large coral sun, over a teal sea; the "
            "colours sit slightly off the lines."
        ),
        sources=(
            Source(
                "lamp-study", "reuses", "The line plate is Tomasz’s scan, untouched; the colours under it are mine."
            ),
        ),
        comments=(
            Comment("ifeoma", None, "I keep looking at this and hearing a slow waltz. Is that strange?"),
            Comment("hana", None, "Not strange. Write it."),
            Comment("alice", None, "If this ever becomes a poster I want to draw the letters."),
        ),
        hearts=("ifeoma", "alice", "tomasz", "priya", "mara", "sam", "charlie", "soledad"),
        recommendations=(
            Recommendation(
                "tomasz", "curators", "She found a sunrise in a drawing of a night. That is what remixing is."
            ),
        ),
    ),
    Work(
        key="waltz",
        artist="ifeoma",
        medium="audio",
        title="Waltz for the crossing",
        description=(
            "Hana’s colours sounded like a slow waltz to me, so I wrote one: upright piano, Jun on accordion, and"
            " the lamp motor "
            "from Kofi’s tape as a metronome. Stems on request, or just take it. Please do something strange with"
            " the accordion."
        ),
        recipe="sound.waltz:waltz",
        extension="flac",
        licence="CC-BY-4.0",
        tags=("waltz", "piano", "accordion", "ferry"),
        sources=(
            Source(
                "two-colour-lamp",
                "inspired",
                "The two colours are the two hands; where they miss each other is the rubato.",
            ),
            Source("lamp-motor", "reuses", "Kofi’s gearbox is the metronome from first bar to last."),
        ),
        comments=(
            Comment(
                "leo",
                19000,
                "The accordion breathing in here is exactly how long the ferry takes to clear the frame. "
                "I cut shot 12 to it without moving a single note.",
            ),
            Comment("ifeoma", None, "Then it stays untouched. I can write eight more bars if you need a tail."),
            Comment("noor", 27000, "هنا أسمع المحرك تحت الماء. شكرًا على هذه اللحظة."),
            Comment("bob", 4000, "Which upright is that? The A above middle C has a personality."),
            Comment("ifeoma", 4000, "The one in the church hall. The A has had a coin in it since the nineties."),
        ),
        hearts=("leo", "noor", "bob", "hana", "kofi", "jun", "amir", "mara", "charlie", "dana", "ana"),
        recommendations=(
            Recommendation("leo", "the-night-ferry", "It is the whole last scene. I only have to point the camera."),
            Recommendation(
                "bob", "waltz-seven-inch", "Side A. I would cut it loud and leave the tick in the run-out groove."
            ),
        ),
    ),
    Work(
        key="tide-keeps",
        artist="amir",
        medium="text",
        title="What the tide keeps",
        description=(
            "The other shore of Mara’s letter: the house where somebody listens for the ferry. "
            "It was four pages. My sister said the first page was the story."
        ),
        recipe="writing:page",
        argument="tide-keeps.md",
        extension="md",
        licence="CC-BY-4.0",
        tags=("story", "ferry", "family"),
        sources=(Source("keepers-letter", "continues", "Somebody has to be listening for that ferry. This is who."),),
        comments=(
            Comment(
                "mara",
                None,
                (
                    "“She counted twelve, and would not be told otherwise.” I have read that sentence to three people"
                    " today."
                ),
            ),
            Comment("priya", None, "I can see the window she sits at. Tomorrow I will draw it."),
        ),
        hearts=("mara", "priya", "noor", "alice", "leo", "sam"),
    ),
)
