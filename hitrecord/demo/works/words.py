"""The fifth chapter: writing. "Translate the letter" has closed; the book goes on collecting answers."""

from hitrecord.demo.works.spec import Comment, Recommendation, Source, Work

WORKS: tuple[Work, ...] = (
    Work(
        key="carta-farero",
        artist="soledad",
        medium="text",
        title="Carta del farero",
        description=(
            "Mi abuelo decía «vapor», no «ferry». Dejé el vapor. Translated into the Spanish of people who live far "
            "from any sea."
        ),
        recipe="writing:page",
        argument="carta-farero.md",
        extension="md",
        licence="CC-BY-4.0",
        language="es",
        tags=("letter", "translation", "lighthouse"),
        sources=(Source("keepers-letter", "adapts", "The letter, in Spanish; one boat became a steamer on the way."),),
        comments=(
            Comment(
                "ana", None, "«La marea no espera a nadie, y hace bien.» Mejor que el original, no se lo digas a Mara."
            ),
            Comment("mara", None, "Mara can read, and agrees."),
        ),
        hearts=("ana", "mara", "amir", "alice"),
    ),
    Work(
        key="risalat-haris",
        artist="noor",
        medium="text",
        title="رسالة حارس المنارة",
        description="ترجمتُها بصوت أبي: جملٌ قصيرة، ولا شكوى. In my father’s voice: short sentences and no complaints.",
        recipe="writing:page",
        argument="risalat-haris.md",
        extension="md",
        licence="CC-BY-4.0",
        language="ar",
        tags=("letter", "translation", "lighthouse"),
        sources=(Source("keepers-letter", "adapts", "The letter in Arabic, as my father would have dictated it."),),
        comments=(
            Comment(
                "amir", None, "«سيقولون إن البحر أخذني. قولوا لهم: أنا الذي أخذتُ وقتي.» I laughed and then I did not."
            ),
        ),
        hearts=("amir", "mara", "soledad", "kofi"),
        recommendations=(Recommendation("amir", "the-night-ferry", "Subtitle it with this, not from this."),),
    ),
    Work(
        key="brief-waerter",
        artist="leo",
        medium="text",
        title="Brief des Wärters",
        description=(
            "Hafendeutsch, so weit ich es noch kann. A machine made the first draft; I threw away two thirds of it, "
            "mostly the adjectives."
        ),
        recipe="writing:page",
        argument="brief-waerter.md",
        extension="md",
        licence="CC-BY-4.0",
        language="de",
        tags=("letter", "translation", "lighthouse"),
        ai_use="assisted",
        ai_note="First draft by a translation program; every sentence rewritten by hand afterwards.",
        sources=(
            Source("keepers-letter", "adapts", "The letter in the German of the pier, which has no word for please."),
        ),
        comments=(Comment("tomasz", None, "“Moin” as the whole greeting. Correct."),),
        hearts=("tomasz", "mara"),
    ),
    Work(
        key="answer-mainland",
        artist="alice",
        medium="text",
        title="An answer from the mainland",
        description="Somebody ought to have written back. I did, on a Sunday, with the good pen.",
        recipe="writing:page",
        argument="answer-mainland.md",
        extension="md",
        licence="CC-BY-4.0",
        tags=("letter", "lighthouse", "answer"),
        sources=(
            Source(
                "keepers-letter",
                "continues",
                "His letter ends with a question. This is one answer, from the woman in the booking office.",
            ),
            Source("tide-keeps", "inspired", "I borrowed the twelfth ferry."),
        ),
        comments=(
            Comment("mara", None, "I had thought he would never get one. Thank you for the booking office."),
            Comment("sam", None, "Would you let us open the book with the pair of them, left page and right page?"),
        ),
        hearts=("mara", "amir", "sam", "noor", "hana", "charlie"),
        recommendations=(Recommendation("mara", "letters-to-a-lighthouse", "Page two. There is no other page two."),),
    ),
    Work(
        key="late-soup",
        artist="ana",
        medium="text",
        title="Soup for the late boat",
        description="A recipe, more or less. Feeds the crew, or one person for as long as it takes.",
        recipe="writing:page",
        argument="late-soup.md",
        extension="md",
        licence="CC0-1.0",
        tags=("recipe", "poem", "list"),
        comments=(Comment("charlie", None, "Made this for the whole ward. Step six works on surgeons."),),
        hearts=("charlie", "soledad", "alice", "mara", "kofi"),
        recommendations=(
            Recommendation("alice", "letters-to-a-lighthouse", "For the middle of the book, where people get hungry."),
        ),
    ),
    Work(
        key="timetable",
        artist="bob",
        medium="text",
        title="Timetable, with remarks",
        description="The ferry company’s own, annotated by someone who has missed all of them.",
        recipe="writing:page",
        argument="timetable.md",
        extension="md",
        licence="CC-BY-SA-4.0",
        tags=("list", "ferry", "humour"),
        sources=(Source("strait-map", "inspired", "I wanted to know when the dashed line leaves."),),
        comments=(Comment("leo", None, "As a former deckhand: the 16:20 remark is libel, and accurate."),),
        hearts=("leo", "jun", "dana"),
    ),
    Work(
        key="plotter-notes",
        artist="jun",
        medium="text",
        title="How to draw a current",
        description="People asked how. These are the eight steps I tell my students, with the one I usually leave out.",
        recipe="writing:page",
        argument="plotter-notes.txt",
        extension="txt",
        licence="CC-BY-4.0",
        tags=("instructions", "plotter"),
        sources=(Source("currents", "adapts", "The drawing, written down so that anybody with a pen can have one."),),
        comments=(Comment("hana", None, "Step eight should be printed on the pens."),),
        hearts=("hana", "tomasz", "bob"),
    ),
    Work(
        key="ferry-scene-6",
        artist="amir",
        medium="text",
        title="The Night Ferry, scene 6",
        description=(
            "The crossing. Two pages, almost nobody speaks. In Fountain, so that you can break it without my software."
        ),
        recipe="writing:page",
        argument="ferry-scene-6.txt",
        extension="txt",
        licence="CC-BY-4.0",
        tags=("screenplay", "ferry", "scene"),
        sources=(
            Source("keepers-letter", "adapts", "The letter is read aloud once, and then answered by not leaving."),
            Source("tide-keeps", "reuses", "The twelfth ferry is this ferry."),
            Source("engine-room", "reuses", "The engineer’s only line is Noor’s."),
        ),
        comments=(
            Comment("leo", None, "“HOLD until it is unreasonable.” I will hold you to it."),
            Comment("noor", None, "My line is in good hands. Oily ones."),
        ),
        hearts=("leo", "noor", "mara", "sam"),
        recommendations=(
            Recommendation("mara", "the-night-ferry", "It trusts the picture. Please film it before he adds dialogue."),
        ),
    ),
    Work(
        key="windows-treatment",
        artist="alice",
        medium="text",
        title="Everyone Is Awake Somewhere: Windows",
        description=(
            "Treatment for the first episode. One hour, four in the morning, everywhere it happens to be four in the "
            "morning."
        ),
        recipe="writing:page",
        argument="windows-treatment.md",
        extension="md",
        licence="CC-BY-4.0",
        tags=("treatment", "television", "windows"),
        sources=(Source("window-seat", "adapts", "Priya’s building, opened one window at a time."),),
        comments=(
            Comment("priya", None, "May the cold open be the lift? The lift is always awake."),
            Comment("alice", None, "It is now."),
        ),
        hearts=("priya", "sam", "charlie", "ana"),
    ),
)
