"""The first dated tables: what part of the pool a department has, what roles weigh, what prominence means."""

import datetime as dt

from django.db import migrations

IN_FORCE_FROM = dt.datetime(2024, 1, 1, tzinfo=dt.UTC)

# kind: (code, name, basis points of the pool), in the order of the closing credits
DEPARTMENTS = {
    "film": (
        ("writing", "Writing", 1500),
        ("voice", "Voice and performance", 2000),
        ("picture", "Picture", 4000),
        ("music", "Music and sound", 1500),
        ("edit", "Edit", 1000),
    ),
    "tv": (
        ("writing", "Writing", 2000),
        ("performance", "Performance", 2500),
        ("picture", "Picture", 2500),
        ("music", "Music and sound", 1500),
        ("edit", "Edit", 1500),
    ),
    "album": (
        ("composition", "Composition", 4000),
        ("performance", "Performance", 4000),
        ("production", "Production and mix", 1000),
        ("artwork", "Artwork", 1000),
    ),
    "book": (
        ("text", "Text", 5000),
        ("illustration", "Illustration", 3500),
        ("editing", "Editing and layout", 1000),
        ("cover", "Cover", 500),
    ),
    # As the film inside; packaging has a section of its own and no part elsewhere.
    "dvd": (
        ("writing", "Writing", 1500),
        ("voice", "Voice and performance", 2000),
        ("picture", "Picture", 4000),
        ("music", "Music and sound", 1500),
        ("edit", "Edit", 1000),
        ("packaging", "Packaging", 0),
    ),
}

# department: (code, name, closing credits, billing block or nothing, weight)
ROLES = {
    "writing": (
        ("story", "Story", "Story by", "from a story by", 100),
        ("screenplay", "Screenplay", "Screenplay by", "screenplay by", 100),
        ("read-aloud", "Text read aloud", "Words read aloud by", "", 150),
        ("poem", "Poem", "Poem by", "", 100),
        ("lines", "Single lines", "Lines by", "", 100),
        ("translation", "Translation", "Translated by", "", 100),
        ("subtitles", "Subtitles", "Subtitles by", "", 75),
    ),
    "voice": (
        ("voice", "Voice", "Voice", "with the voice of", 100),
        ("narration", "Narration", "Narrated by", "narrated by", 100),
        ("performance", "Performance", "Performed by", "with", 100),
    ),
    "performance": (
        ("performance", "Performance", "Performed by", "performed by", 100),
        ("voice", "Voice", "Voice", "", 100),
        ("narration", "Narration", "Narrated by", "", 100),
        ("vocals", "Vocals", "Sung by", "sung by", 100),
        ("instrument", "Instrument", "Played by", "", 100),
        ("sound", "Recorded sound", "Sound by", "", 100),
    ),
    "picture": (
        ("direction-of-photography", "Direction of photography", "Director of photography", "photographed by", 100),
        ("photography", "Photography", "Photography by", "", 100),
        ("footage", "Footage", "Filmed by", "", 100),
        ("drawing", "Drawing", "Drawn by", "drawn by", 100),
        ("animation", "Animation", "Animated by", "animated by", 100),
        ("artwork", "Artwork", "Art by", "", 100),
        ("colour", "Colour", "Colour by", "colour by", 100),
        ("design", "Set and prop design", "Designed by", "", 100),
        ("titles", "Titles and lettering", "Titles by", "", 100),
        ("maps", "Maps and charts", "Maps by", "", 100),
        ("effects", "Visual effects", "Visual effects by", "", 100),
        ("clean-up", "Clean-up", "Clean-up by", "", 75),
    ),
    "music": (
        ("music", "Music", "Music by", "music by", 100),
        ("song", "Song", "Song by", "", 100),
        ("performance", "Musician", "Played by", "", 100),
        ("sound", "Sound", "Sound by", "sound by", 100),
        ("sound-design", "Sound design", "Sound design by", "", 100),
        ("field-recording", "Field recording", "Field recordings by", "", 100),
        ("mix", "Sound mix", "Sound mixed by", "", 75),
    ),
    "edit": (
        ("edit", "Edit", "Edited by", "edited by", 100),
        ("direction", "Direction", "Directed by", "directed by", 100),
        ("direction-and-edit", "Direction and edit", "Directed and edited by", "edited and directed by", 100),
        ("finishing", "Finishing", "Finishing by", "", 75),
    ),
    "composition": (
        ("composition", "Composition", "Composed by", "composed by", 100),
        ("words", "Words", "Words by", "words by", 100),
        ("arrangement", "Arrangement", "Arranged by", "", 100),
    ),
    "production": (
        ("production", "Production", "Produced by", "produced by", 100),
        ("mix", "Mix", "Mixed by", "mixed by", 100),
        ("mastering", "Mastering", "Mastered by", "", 75),
    ),
    "artwork": (
        ("artwork", "Artwork", "Artwork by", "artwork by", 100),
        ("photography", "Photography", "Photography by", "", 100),
        ("design", "Sleeve design", "Sleeve designed by", "", 100),
        ("lettering", "Lettering", "Lettering by", "", 100),
    ),
    "text": (
        ("story", "Story", "Story by", "written by", 100),
        ("poem", "Poem", "Poem by", "", 100),
        ("letter", "Letter", "Letter by", "", 100),
        ("essay", "Essay", "Essay by", "", 100),
        ("translation", "Translation", "Translated by", "translated by", 100),
    ),
    "illustration": (
        ("illustration", "Illustration", "Illustrated by", "illustrated by", 100),
        ("photography", "Photography", "Photographs by", "", 100),
        ("maps", "Maps and charts", "Maps by", "", 100),
    ),
    "editing": (
        ("editing", "Editing", "Edited by", "edited by", 100),
        ("layout", "Layout", "Designed and set by", "designed by", 100),
        ("proofreading", "Proofreading", "Proofread by", "", 75),
    ),
    "cover": (("cover", "Cover", "Cover by", "cover by", 100),),
    "packaging": (
        ("packaging", "Packaging", "Packaging by", "packaging by", 100),
        ("notes", "Sleeve notes", "Sleeve notes by", "", 100),
    ),
}

PROMINENCES = (
    ("featured", "Featured: what is looked at or listened to", 100),
    ("background", "Background", 50),
    ("texture", "Texture: under an eighth of the frame, or under dialogue", 25),
)


def fill(apps, schema_editor):
    department = apps.get_model("projects", "Department")
    role = apps.get_model("projects", "Role")
    prominence = apps.get_model("projects", "Prominence")
    department.objects.bulk_create(
        department(kind=kind, code=code, name=name, share_bps=share_bps, position=position, effective_at=IN_FORCE_FROM)
        for kind, rows in DEPARTMENTS.items()
        for position, (code, name, share_bps) in enumerate(rows, start=1)
    )
    role.objects.bulk_create(
        role(
            code=code,
            name=name,
            credit_line=credit_line,
            billing_line=billing_line,
            department_code=department_code,
            weight=weight,
            position=position,
            effective_at=IN_FORCE_FROM,
        )
        for department_code, rows in ROLES.items()
        for position, (code, name, credit_line, billing_line, weight) in enumerate(rows, start=1)
    )
    prominence.objects.bulk_create(
        prominence(code=code, name=name, weight=weight, effective_at=IN_FORCE_FROM)
        for code, name, weight in PROMINENCES
    )


def empty(apps, schema_editor):
    for name in ("Department", "Role", "Prominence"):
        apps.get_model("projects", name).objects.filter(effective_at=IN_FORCE_FROM).delete()


class Migration(migrations.Migration):
    dependencies = [("projects", "0001_initial")]
    operations = [migrations.RunPython(fill, empty)]
