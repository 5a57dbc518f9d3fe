"""The sixth chapter: what moves, and what is printed for what moves."""

from hitrecord.demo.works.spec import Comment, Recommendation, Source, Work

WORKS: tuple[Work, ...] = (
    Work(
        key="headlights",
        artist="leo",
        medium="video",
        title="Headlights",
        description=(
            "B 203 between nowhere and the ferry, one take, heater broken. Sound is the car; you may turn it off."
        ),
        recipe="film.road:headlights",
        extension="mp4",
        licence="CC-BY-4.0",
        tags=("road", "night", "one-take"),
        alt=(
            "A night drive: the road comes up in the headlights, a car passes the other way, trees stand black on "
            "both sides."
        ),
        notes=("Oncoming headlights at 0:06",),
        comments=(
            Comment(
                "amir", 6000, "The other car dips its lights. Somebody in that car is polite and I want to know them."
            ),
        ),
        hearts=("amir", "kofi", "priya", "bob"),
        recommendations=(Recommendation("amir", "the-night-ferry", "Scene 3, as it is."),),
    ),
    Work(
        key="ferry-still",
        artist="leo",
        medium="image",
        title="Ferry at ten",
        description="Waited three evenings for a night without moon. Eleven seconds, the rail as a tripod.",
        recipe="art.ferry:ferry_still",
        extension="jpg",
        licence="CC-BY-4.0",
        tags=("ferry", "night", "photography"),
        alt=(
            "A small ferry with two rows of lit windows on a black sea at night, its lights drawn out in the water "
            "below."
        ),
        sources=(Source("keepers-letter", "adapts", "“The last ferry leaves at ten.” So I stood there at ten."),),
        comments=(
            Comment("mara", None, "Somebody is standing on the upper deck, aft. Do you know who?"),
            Comment("leo", None, "No. That is why I kept it."),
        ),
        hearts=("mara", "amir", "ifeoma", "hana", "charlie", "soledad"),
    ),
    Work(
        key="shot-12",
        artist="leo",
        medium="video",
        title="The Night Ferry, shot 12",
        description="She leaves, the camera does not. Cut to Ifeoma’s waltz without touching the waltz.",
        recipe="film.ferry:shot_12",
        extension="mp4",
        licence="CC-BY-4.0",
        tags=("ferry", "night", "shot"),
        alt=(
            "The lit ferry crosses the frame slowly from left to right at night; its reflections break and mend on "
            "the water; a lighthouse turns in the distance."
        ),
        sources=(
            Source("waltz", "reuses", "Bars nine to sixteen, whole. The frame is as long as the phrase."),
            Source("ferry-still", "adapts", "My own still, waiting until it moved."),
            Source("harbour-east", "reuses", "Kofi’s waves under the music."),
        ),
        comments=(
            Comment("ifeoma", 7000, "You waited for the accordion. I did not know pictures could wait."),
            Comment("kofi", 2000, "My generator is in a film now. My mother has been told."),
            Comment("priya", None, "Hold it longer."),
        ),
        hearts=("ifeoma", "kofi", "priya", "amir", "mara", "sam", "dana", "bob", "jun"),
        recommendations=(
            Recommendation("ifeoma", "the-night-ferry", "If this is not the last shot I will need a new ending."),
            Recommendation("amir", "curators", "Five people in a row, four media, and it feels like one breath."),
        ),
    ),
    Work(
        key="beam",
        artist="hana",
        medium="video",
        title="Beam, eleven turns",
        description=(
            "My print, lit from behind by a bicycle lamp on a record player. Thirty-three and a third is too fast, so"
            " I filmed at the wrong speed."
        ),
        recipe="film.beam:beam",
        extension="mp4",
        licence="CC-BY-4.0",
        tags=("riso", "lighthouse", "animation"),
        alt=(
            "The two-colour lighthouse print at night; a pale beam sweeps round and lights the sea, the paper grain "
            "flickering."
        ),
        notes=("Slowly sweeping light",),
        sources=(
            Source("two-colour-lamp", "reuses", "The print itself, photographed turning."),
            Source("lamp-motor", "reuses", "The sound of the motor that should have done the work."),
        ),
        comments=(
            Comment("tomasz", 5000, "For one frame the beam fits my lines exactly. You did that on purpose?"),
            Comment("hana", None, "No. But I printed it on purpose."),
        ),
        hearts=("tomasz", "leo", "ifeoma", "ana"),
        recommendations=(
            Recommendation("leo", "the-night-ferry", "Between scenes 2 and 3: the only establishing shot we need."),
        ),
    ),
    Work(
        key="animatic",
        artist="tomasz",
        medium="video",
        title="The letter, animatic",
        description=(
            "The letter writing itself, so that Leo knows how long a sentence lasts. My hand, not the keeper’s. He "
            "would be slower."
        ),
        recipe="film.letter:animatic",
        extension="mp4",
        licence="CC-BY-4.0",
        tags=("animatic", "letter", "ink"),
        alt=(
            "Ink lines write a letter on paper, line after line, while the pen drawing of the lighthouse appears "
            "stroke by stroke beside it."
        ),
        sources=(
            Source("keepers-letter", "adapts", "The first lines, at the speed of a pen."),
            Source("lamp-study", "reuses", "My own drawing, taken apart into the order I drew it in."),
            Source("engine-voice", "reuses", "Noor’s voice through steel, as the reader we never see."),
        ),
        comments=(Comment("leo", 4000, "Eight seconds for that sentence. I had given it three. You are right."),),
        hearts=("leo", "mara", "noor", "hana"),
    ),
    Work(
        key="title-shapes",
        artist="ana",
        medium="video",
        title="Title shapes",
        description=(
            "Eight seconds of paper finding out that it is a ferry. Twelve frames a second because my hands are only "
            "two."
        ),
        recipe="film.titles:title_shapes",
        extension="mp4",
        licence="CC-BY-SA-4.0",
        tags=("titles", "cut-paper", "animation"),
        alt="Cut-paper shapes slide in one by one and assemble into a ferry under a coral sun; two half discs meet.",
        sources=(
            Source("signal-shapes", "adapts", "Hana’s two halves, taught to walk."),
            Source("hedge", "reuses", "Three leaves of mine play the water."),
        ),
        comments=(
            Comment("hana", 3000, "The little stumble when the halves meet. That is the whole idea of this place."),
        ),
        hearts=("hana", "alice", "priya", "sam"),
    ),
    Work(
        key="poster",
        artist="alice",
        medium="image",
        title="The Night Ferry, poster",
        description=(
            "Letters drawn first, everything else moved out of their way. Two inks, so that Hana can print it herself."
        ),
        recipe="art.letterer:poster",
        extension="png",
        licence="CC-BY-4.0",
        tags=("poster", "lettering", "ferry"),
        alt=(
            "A tall poster in navy and coral: the words THE NIGHT FERRY in huge narrow capitals, a small lit ferry "
            "crossing below them, and the lighthouse beam cutting the letters."
        ),
        sources=(
            Source("two-colour-lamp", "reuses", "Hana’s coral and navy, from the same tins."),
            Source("ferry-still", "adapts", "Leo’s ferry, reduced to what can be cut with a knife."),
        ),
        comments=(
            Comment("hana", None, "I can print this. Sixty copies, on the thick stock. Who pays the postage?"),
            Comment("sam", None, "We do. It is in the costs."),
        ),
        hearts=("hana", "leo", "sam", "tomasz", "ana", "ifeoma", "mara"),
        recommendations=(
            Recommendation(
                "leo", "the-night-ferry", "The festival asked for a poster and here is better than a poster."
            ),
        ),
    ),
    Work(
        key="book-cover",
        artist="alice",
        medium="image",
        title="Letters to a lighthouse, cover",
        description=(
            "Quarter cloth, paper sides, one foil. The tower is Tomasz’s, seen from very far away, as by somebody "
            "writing to it."
        ),
        recipe="art.letterer:book_cover",
        extension="png",
        licence="CC-BY-4.0",
        tags=("book", "cover", "lettering"),
        alt=(
            "A book cover in cream and deep green cloth: a tiny lighthouse on a wide horizon of fine lines, the title"
            " set small above it."
        ),
        sources=(
            Source("lamp-study", "reuses", "His lighthouse at four per cent of its size."),
            Source("swell", "inspired", "The horizon wanted to be made of lines."),
        ),
        comments=(Comment("tomasz", None, "I have never been so small and so well placed."),),
        hearts=("tomasz", "mara", "noor", "jun"),
    ),
    Work(
        key="title-card",
        artist="alice",
        medium="image",
        title="Windows, title card",
        description="For the first episode. The letters are lit from inside; one is not home.",
        recipe="art.letterer:title_card",
        extension="png",
        licence="CC-BY-4.0",
        tags=("title-card", "television", "lettering"),
        alt=(
            "The word WINDOWS spelled in lit window panes on a dark facade; the second W has one pane dark, with a "
            "cat in it."
        ),
        sources=(Source("window-seat", "reuses", "Priya’s facade at night, with the lights rearranged into a word."),),
        comments=(Comment("priya", None, "The cat was not in mine. The cat stays."),),
        hearts=("priya", "sam", "charlie", "bob"),
    ),
    Work(
        key="night-ferry-film",
        artist="leo",
        medium="video",
        title="The Night Ferry, short cut",
        description=(
            "The short cut: harbour, letter, beam, road, crossing. Made out of other people’s kindness; "
            "the long list is in the credits, where it belongs."
        ),
        recipe="film.cut:night_ferry",
        extension="mp4",
        licence="CC-BY-4.0",
        tags=("film", "ferry", "night"),
        alt=(
            "A short film: a harbour at dusk, ink writing a letter, a lighthouse beam, a road in headlights and a lit"
            " ferry crossing at night, then the title."
        ),
        sources=(
            Source("ferry-scene-6", "adapts", "Amir’s scene, minus the two lines he asked me to cut."),
            Source("shot-12", "reuses", "The crossing, whole."),
            Source("animatic", "reuses", "The letter being written."),
            Source("beam", "reuses", "One turn of eleven."),
            Source("headlights", "reuses", "Four seconds of the road."),
            Source("waltz", "reuses", "From the letter to the end."),
            Source("harbour-east", "reuses", "Before the music and under it."),
            Source("poster", "reuses", "Alice’s letters for the title."),
        ),
        comments=(
            Comment("mara", 5000, "My handwriting was never this good. It is his now."),
            Comment(
                "charlie",
                None,
                "Played it to the ward. The old pilot said: that is the 22:00, she always rolls a little.",
            ),
        ),
        hearts=(
            "mara",
            "charlie",
            "ifeoma",
            "tomasz",
            "hana",
            "amir",
            "kofi",
            "alice",
            "sam",
            "dana",
            "priya",
            "soledad",
        ),
        recommendations=(Recommendation("priya", "curators", "Show this to anybody who asks what we do here."),),
    ),
)
