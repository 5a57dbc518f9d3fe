"""The third chapter: answers to "The lighthouse keeper’s room", open for a few more days."""

from hitrecord.demo.works.spec import Comment, Recommendation, Source, Work

WORKS: tuple[Work, ...] = (
    Work(
        key="room-plan",
        artist="tomasz",
        medium="image",
        title="Plan of the room, 4.2 m",
        description=(
            "For everybody furnishing it: diameter 4.2 m, window north, stair hatch south-east. The bed is where the "
            "wall sweats least."
        ),
        recipe="art.engraver:room_plan",
        extension="png",
        licence="CC-BY-4.0",
        tags=("plan", "lighthouse", "drawing"),
        alt=(
            "A blueprint of a round room with a bed along the wall, a table under the north window, a stove, and a "
            "spiral hatch, with measurements."
        ),
        sources=(Source("keepers-letter", "adapts", "Every object the letter mentions, put where he could reach it."),),
        comments=(
            Comment("charlie", None, "Where does the kettle stand?"),
            Comment("tomasz", None, "Stove, left. No lid, see letter."),
        ),
        hearts=("mara", "charlie", "ana", "leo"),
    ),
    Work(
        key="inventory",
        artist="mara",
        medium="text",
        title="Inventory of the room",
        description="What the relief keeper would have had to sign for.",
        recipe="writing:page",
        argument="inventory.md",
        extension="md",
        licence="CC-BY-4.0",
        tags=("list", "lighthouse", "poem"),
        sources=(
            Source("keepers-letter", "continues", "The letter says he leaves everything as it is. This is everything."),
        ),
        comments=(
            Comment("ana", None, "“A chair that has been repaired more often than used.” I own that chair."),
            Comment("alice", None, "I would set this in a narrow column with the numbers hanging."),
        ),
        hearts=("ana", "alice", "charlie", "noor", "amir"),
        recommendations=(
            Recommendation(
                "amir", "the-night-ferry", "A props list that reads like a confession. Shoot it as it stands."
            ),
        ),
    ),
    Work(
        key="kettle",
        artist="charlie",
        medium="image",
        title="Kettle with no lid",
        description=(
            "My first one here. Lino from a floor they were throwing out at the hospital. The steam is where I slipped."
        ),
        recipe="art.lino:kettle",
        extension="png",
        licence="SITE-1.0",
        tags=("linocut", "still-life"),
        alt=(
            "A linocut of a black kettle without a lid on a striped cloth, steam curling up in thick white cuts, a "
            "single lid hanging on the wall."
        ),
        sources=(
            Source("inventory", "adapts", "Items four and five: a kettle with no lid, and a lid with no kettle."),
        ),
        comments=(
            Comment("mara", None, "The lid on the wall, on its own nail. Welcome, Charlie."),
            Comment("tomasz", None, "Never apologise for steam."),
        ),
        hearts=("mara", "tomasz", "hana", "alice", "priya", "sam", "ana"),
    ),
    Work(
        key="garden-tower",
        artist="ana",
        medium="image",
        title="Garden behind the tower",
        description=(
            "The inventory says: one window box, earth only. I could not leave it like that. "
            "Everything here survives salt, I asked."
        ),
        recipe="art.paper:garden_tower",
        extension="jpg",
        licence="CC-BY-4.0",
        tags=("cut-paper", "garden", "lighthouse"),
        alt=(
            "A white paper tower behind a dense garden of cut-paper succulents, thistles and pink flowers, with a "
            "small blue door."
        ),
        sources=(
            Source("inventory", "continues", "The window box, three summers later."),
            Source("hedge", "reuses", "Eleven leaves are left over from the hedge."),
        ),
        comments=(Comment("soledad", None, "¿Todo esto aguanta la sal? Me voy a probar con el romero."),),
        hearts=("soledad", "mara", "charlie", "alice"),
    ),
    Work(
        key="fog-pattern",
        artist="hana",
        medium="image",
        title="Fog signal, two drums",
        description="One blast every ninety seconds, printed as cloth for his curtains. Dots are signal, gaps are fog.",
        recipe="art.riso:fog_pattern",
        extension="png",
        licence="CC-BY-SA-4.0",
        tags=("riso", "pattern", "fog"),
        alt=(
            "A repeating pattern of halftone circles in blue and yellow, swelling and thinning in wide bands across "
            "cream paper."
        ),
        sources=(Source("signal-shapes", "adapts", "The white disc repeated until it became weather."),),
        comments=(Comment("jun", None, "This could be plotted overnight on four metres of cotton."),),
        hearts=("jun", "priya", "ana"),
    ),
    Work(
        key="eleven-moons",
        artist="soledad",
        medium="image",
        title="Eleven moons, salt print",
        description=(
            "Eleven nights, one sheet, blue from iron and washing water from the ditch. The twelfth night was cloudy."
        ),
        recipe="art.horizon:eleven_moons",
        extension="jpg",
        licence="CC-BY-NC-4.0",
        tags=("cyanotype", "moon", "night"),
        alt=(
            "A deep blue cyanotype with eleven pale moons from new to full arranged along an arc, brush marks at the "
            "edges of the paper."
        ),
        production="ask",
        sources=(Source("keepers-letter", "inspired", "Eleven on a clear night, he writes. I counted too."),),
        comments=(
            Comment("noor", None, "وأين الثانية عشرة؟"),
            Comment("soledad", None, "Behind the cloud. That is the point, I think."),
        ),
        hearts=("noor", "jun", "mara", "hana"),
    ),
    Work(
        key="strait-map",
        artist="jun",
        medium="image",
        title="The strait, with remarks",
        description=(
            "Drawn for the wall above his table. Every name on it was given by somebody in the comments of Chart 40."
        ),
        recipe="art.charts:strait_map",
        extension="jpg",
        licence="CC-BY-4.0",
        tags=("map", "lighthouse", "ferry"),
        alt=(
            "A hand-coloured map of a strait between two coasts, with a dashed ferry line, soundings, a small "
            "lighthouse and a compass rose."
        ),
        sources=(
            Source("chart-40", "reuses", "The seabed is the old chart; the coast and the names are new."),
            Source("keepers-letter", "adapts", "His rock, his ferry, and the sandbank he warns about."),
        ),
        comments=(Comment("leo", None, "“Here the cook was sick.” That was me. Thank you for remembering."),),
        hearts=("leo", "mara", "tomasz", "bob", "alice"),
        recommendations=(Recommendation("mara", "letters-to-a-lighthouse", "For the endpapers."),),
    ),
)
