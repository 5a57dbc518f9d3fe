"""The second chapter: what others heard and saw in the chain, and a few works that came from nowhere."""

from hitrecord.demo.works.spec import Comment, Recommendation, Source, Work

WORKS: tuple[Work, ...] = (
    Work(
        key="waltz-brass",
        artist="kofi",
        medium="audio",
        title="Waltz, brass only",
        description=(
            "The harbour band plays Ifeoma’s waltz at half past their bedtime. Two trumpets, two trombones, one "
            "of them me, "
            "and a tuba that arrived by canoe."
        ),
        recipe="sound.waltz:waltz_brass",
        extension="flac",
        licence="CC-BY-4.0",
        tags=("waltz", "brass"),
        sources=(Source("waltz", "adapts", "Same tune, same key; every note given to somebody with cold lips."),),
        comments=(
            Comment(
                "ifeoma",
                11000,
                "You moved the seventh to the second trombone and now the piece is sad in the right place.",
            ),
            Comment("bob", None, "Do you have the dry tracks? I have an idea for end titles."),
        ),
        hearts=("ifeoma", "bob", "jun", "leo", "charlie"),
        recommendations=(Recommendation("jun", "waltz-seven-inch", "The only possible side B."),),
    ),
    Work(
        key="engine-room",
        artist="noor",
        medium="text",
        title="Engine room, seven lines",
        description="My father’s dials, Ifeoma’s left hand. Seven lines because the watch is seven hours.",
        recipe="writing:page",
        argument="engine-room.md",
        extension="md",
        licence="CC-BY-4.0",
        tags=("poem", "engine", "ferry"),
        sources=(
            Source(
                "waltz", "inspired", "At the bridge I heard the engine under the water and wrote down what it said."
            ),
        ),
        comments=(
            Comment(
                "amir",
                None,
                "“A man can be turned down and not off.” I am putting this in somebody’s mouth, with your permission.",
            ),
        ),
        hearts=("amir", "mara", "ifeoma", "alice"),
        recommendations=(
            Recommendation("mara", "letters-to-a-lighthouse", "The book needs one page that is not a letter."),
        ),
    ),
    Work(
        key="engine-voice",
        artist="noor",
        medium="audio",
        title="Engine room, read below deck",
        description=(
            "Seven lines through forty centimetres of steel: I spoke them into the hull from the next compartment. "
            "You get the melody of the sentence and lose the words, which is how I first heard my father talk "
            "about work."
        ),
        recipe="sound.voices:engine_voice",
        extension="wav",
        licence="CC-BY-4.0",
        tags=("voice", "poem", "engine"),
        notes=("Low rumble throughout",),
        sources=(Source("engine-room", "adapts", "The seven lines read aloud, then taken away by the steel."),),
        comments=(Comment("kofi", 8000, "How is there a room in this? You recorded a wall."),),
        hearts=("kofi", "leo", "bob"),
        recommendations=(
            Recommendation("amir", "the-night-ferry", "Nobody should understand the engine, only that it means it."),
        ),
    ),
    Work(
        key="engine-drone",
        artist="bob",
        medium="audio",
        title="Below the waterline",
        description=(
            "Noor says the engine speaks in vowels. Here are nineteen seconds of them: A, O, and one long U in the "
            "bilge."
        ),
        recipe="sound.places:engine_drone",
        extension="flac",
        licence="CC-BY-4.0",
        tags=("drone", "engine", "ambient"),
        sources=(Source("engine-room", "inspired", "“The engine speaks in vowels.” I believed it."),),
        comments=(Comment("noor", 7500, "That is the O. Exactly that O."),),
        hearts=("noor", "kofi", "ifeoma"),
    ),
    Work(
        key="keeper-seated",
        artist="priya",
        medium="image",
        title="Keeper, seated",
        description=(
            "Drawn on the 21:40 to Ernakulam from a man who slept with his cap in his lap. "
            "The lamp is Hana’s sun, moved indoors."
        ),
        recipe="art.sitters:keeper_seated",
        extension="jpg",
        licence="SITE-1.0",
        tags=("portrait", "lighthouse", "night"),
        alt=(
            "A broad-shouldered man in a dark jersey seen in profile against a warm wall, half of his face lit by a "
            "round coral lamp."
        ),
        sources=(Source("two-colour-lamp", "inspired", "Hana’s coral disc, as the only light in the room."),),
        comments=(Comment("mara", None, "Older than I thought, and kinder. You are right on both."),),
        hearts=("mara", "hana", "amir", "tomasz", "charlie"),
        recommendations=(
            Recommendation("amir", "the-night-ferry", "If we never show his face, we can still show this."),
        ),
    ),
    Work(
        key="signal-shapes",
        artist="hana",
        medium="image",
        title="Signal shapes",
        description=(
            "Day shapes for a ship that has no name yet. Offcuts from the lamp edition, pasted before they dried."
        ),
        recipe="art.riso:signal_shapes",
        extension="png",
        licence="CC-BY-SA-4.0",
        tags=("collage", "riso", "shapes"),
        alt=(
            "Bold paper shapes on yellow: a navy half disc, a coral half disc slid to the right, a white circle and a"
            " pink triangle."
        ),
        sources=(
            Source("two-colour-lamp", "reuses", "Offcuts of my own two inks, and the tower’s stripes as a ruler."),
        ),
        comments=(Comment("ana", None, "The two halves that miss each other make me want to cut paper all night."),),
        hearts=("ana", "alice", "jun"),
    ),
    Work(
        key="window-seat",
        artist="priya",
        medium="image",
        title="Window seat, 4 a.m.",
        description=(
            "From Amir’s grandmother’s window, moved to the eleventh floor because that is where mine is. "
            "I counted the lit ones twice and got two numbers."
        ),
        recipe="art.windows:window_seat",
        extension="png",
        licence="CC-BY-4.0",
        tags=("city", "night", "windows"),
        alt=(
            "Dark tower blocks at night under a violet sky, a scatter of yellow and blue windows lit, one window with"
            " a person reading."
        ),
        sources=(
            Source("tide-keeps", "inspired", "Somebody counting lights because counting is easier than waiting."),
        ),
        comments=(
            Comment("charlie", None, "One of those is my ward. We never turn ours off."),
            Comment("alice", None, "Ask everybody for their window at four. There is an episode in that."),
        ),
        hearts=("charlie", "alice", "amir", "leo", "soledad", "ana"),
        recommendations=(
            Recommendation("alice", "awake-somewhere", "This is the pitch. One picture, one hour, everybody knows it."),
        ),
    ),
    Work(
        key="currents",
        artist="jun",
        medium="image",
        title="Currents, pen plotter",
        description=(
            "Fifteen hundred strokes, four pens, three hours. The plotter ran out of orange and I did not stop it."
        ),
        recipe="art.plotter:currents",
        extension="png",
        licence="CC-BY-4.0",
        tags=("plotter", "sea", "generative"),
        alt="Thousands of curved pen strokes in blue, navy and orange flowing around each other like eddies in water.",
        sources=(
            Source("swell", "inspired", "Tomasz draws the surface by eye; I wanted to know what turns below it."),
        ),
        ai_note="Drawn by a program I wrote: noise, not a model.",
        comments=(Comment("tomasz", None, "So it can be uneven after all."),),
        hearts=("tomasz", "hana", "bob", "soledad"),
    ),
    Work(
        key="chart-40",
        artist="jun",
        medium="image",
        title="Chart 40, unmarked",
        description="A sea chart of the currents with everything useful left out. Depths are in accordion bellows.",
        recipe="art.plotter:chart_40",
        extension="png",
        licence="CC-BY-4.0",
        tags=("map", "plotter", "sea"),
        alt=(
            "A pale chart of contour lines around a few islands, with a compass rose and sparse depth numbers in blue"
            " ink."
        ),
        sources=(Source("currents", "adapts", "The same field of numbers, read as depth instead of direction."),),
        comments=(Comment("leo", None, "Does 7.5 bellows clear a ferry?"), Comment("jun", None, "Only in waltz time.")),
        hearts=("leo", "mara", "hana", "tomasz"),
        recommendations=(Recommendation("leo", "the-night-ferry", "For the wheelhouse table in scene 6."),),
    ),
    Work(
        key="hedge",
        artist="ana",
        medium="image",
        title="Hedge, cut paper",
        description=(
            "Forty-six leaves, seven papers, one evening without electricity. The glue took longer than the cutting."
        ),
        recipe="art.paper:hedge",
        extension="jpg",
        licence="CC-BY-4.0",
        tags=("cut-paper", "leaves", "colour"),
        alt="Layered paper leaves in green, rust, cream and blue on a pale green ground, each with a soft shadow.",
        comments=(Comment("priya", None, "I can hear the scissors."),),
        hearts=("priya", "hana", "alice", "soledad", "charlie"),
    ),
    Work(
        key="pressed",
        artist="alice",
        medium="image",
        title="Pressed, between two tides",
        description=(
            "A spread from a binding I made for nobody: sea campion, thrift, scurvy-grass, kept flat by a hymnal for "
            "a year."
        ),
        recipe="art.herbarium:pressed",
        extension="jpg",
        licence="CC-BY-NC-4.0",
        production="ask",
        tags=("flowers", "book", "herbarium"),
        alt=(
            "An open book with pressed flowers taped on cream pages: pink thrift on the left, white sea campion and a"
            " fern on the right, each with a label."
        ),
        comments=(Comment("mara", None, "He would have kept these. He has no garden and he would have kept these."),),
        hearts=("mara", "ana", "soledad", "jun"),
    ),
)
