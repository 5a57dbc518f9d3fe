"""The people of the demo: pure data, in their own words.

Fourteen artists with distinct hands, one plain member and two staff. `alice`, `bob`, `charlie`, `sam`
and `dana` are the names that tests and documentation also use. Everybody is invented.
"""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Person:
    """One account. `powers` are names of staff groups; an empty tuple is an ordinary member."""

    handle: str
    display_name: str
    credit_name: str
    bio: str
    skills: tuple[str, ...]
    languages: tuple[str, ...]
    location: str
    time_zone: str
    powers: tuple[str, ...] = ()

    @property
    def is_staff(self) -> bool:
        return bool(self.powers)


ARTISTS: tuple[Person, ...] = (
    Person(
        handle="mara",
        display_name="Mara Quist",
        credit_name="Mara Quist",
        bio=(
            "I wrote letters for people at the harbour office in Esbjerg for eleven years. Now I write the ones "
            "nobody asked for."
        ),
        skills=("writing", "voice"),
        languages=("da", "en"),
        location="Esbjerg, Denmark",
        time_zone="Europe/Copenhagen",
    ),
    Person(
        handle="tomasz",
        display_name="Tomasz Wilk",
        credit_name="Tomasz Wilk",
        bio="Dip pen, iron gall ink, no rubber. I draw what stands still: towers, cranes, my neighbour Zbyszek.",
        skills=("illustration", "engraving", "animation"),
        languages=("pl", "en"),
        location="Gdynia, Poland",
        time_zone="Europe/Warsaw",
    ),
    Person(
        handle="hana",
        display_name="Hana Ito",
        credit_name="Hana Ito",
        bio=(
            "Two drums, two colours, one riso machine in my late uncle's rice store. The misregistration is on "
            "purpose by now."
        ),
        skills=("print", "colour", "animation"),
        languages=("ja", "en"),
        location="Matsuyama, Japan",
        time_zone="Asia/Tokyo",
    ),
    Person(
        handle="ifeoma",
        display_name="Ifeoma Kalu",
        credit_name="Ifeoma Kalu",
        bio="Composer, church organist on alternate Sundays. I hear machines in three-four. Stems always included.",
        skills=("composition", "piano", "arranging"),
        languages=("ig", "en"),
        location="Lagos, Nigeria",
        time_zone="Africa/Lagos",
    ),
    Person(
        handle="leo",
        display_name="Leo Brandt",
        credit_name="Leo Brandt",
        bio="I film things that move slowly and cut them slower. Former ferry deckhand, line 62.",
        skills=("film", "editing", "photography"),
        languages=("de", "en"),
        location="Hamburg, Germany",
        time_zone="Europe/Berlin",
    ),
    Person(
        handle="amir",
        display_name="Amir Haddad",
        credit_name="Amir Haddad",
        bio="Screenwriter. My first drafts are too long and my last drafts are mostly what other people said.",
        skills=("writing", "screenwriting"),
        languages=("ar", "fr", "en"),
        location="Montréal, Canada",
        time_zone="America/Toronto",
    ),
    Person(
        handle="kofi",
        display_name="Kofi Mensah",
        credit_name="Kofi Mensah",
        bio=(
            "Field recordist in Tema. If it hums, drips or idles I have probably stood next to it at five in the "
            "morning."
        ),
        skills=("field recording", "sound design", "trombone"),
        languages=("ak", "en"),
        location="Tema, Ghana",
        time_zone="Africa/Accra",
    ),
    Person(
        handle="priya",
        display_name="Priya Nair",
        credit_name="Priya Nair",
        bio="I draw people who do not know they are being drawn, mostly at night, mostly on trains.",
        skills=("illustration", "portrait", "colour"),
        languages=("ml", "hi", "en"),
        location="Kochi, India",
        time_zone="Asia/Kolkata",
    ),
    Person(
        handle="noor",
        display_name="Noor Al-Sayed",
        credit_name="Noor Al-Sayed",
        bio="Poet, marine engineer's daughter. Seven lines is enough. أكتب بلغتين وأحلم بثالثة.",
        skills=("writing", "voice", "translation"),
        languages=("ar", "en"),
        location="Alexandria, Egypt",
        time_zone="Africa/Cairo",
    ),
    Person(
        handle="jun",
        display_name="Jun Okafor",
        credit_name="Jun Okafor",
        bio="Pen plotter by day, accordion by night. Both are machines that breathe if you let them.",
        skills=("plotter", "maps", "accordion"),
        languages=("ja", "en"),
        location="Osaka, Japan",
        time_zone="Asia/Tokyo",
    ),
    Person(
        handle="ana",
        display_name="Ana Beltrán",
        credit_name="Ana Beltrán",
        bio=(
            "Scissors, coloured paper, a good lamp. I cook for twelve on Sundays and nobody ever leaves hungry or "
            "clean."
        ),
        skills=("cut paper", "titles", "illustration"),
        languages=("es", "en"),
        location="Oaxaca, Mexico",
        time_zone="America/Mexico_City",
    ),
    Person(
        handle="soledad",
        display_name="Soledad Ruiz",
        credit_name="Soledad Ruiz",
        bio="Photographs before breakfast, cyanotypes after. I live where the road stops, which helps.",
        skills=("photography", "cyanotype", "translation"),
        languages=("es", "it", "en"),
        location="Uspallata, Argentina",
        time_zone="America/Argentina/Mendoza",
    ),
    Person(
        handle="alice",
        display_name="Alice Fenwick",
        credit_name="Alice Fenwick",
        bio="Letterer and bookbinder. I believe in wide margins, sewn spines and answering the post.",
        skills=("lettering", "book design", "writing"),
        languages=("en", "cy"),
        location="Bristol, United Kingdom",
        time_zone="Europe/London",
    ),
    Person(
        handle="bob",
        display_name="Bob Tamati",
        credit_name="Bob Tamati",
        bio="I mix records in a shed with a tin roof, so there is rain on most of them.",
        skills=("mixing", "composition", "brass"),
        languages=("en", "mi"),
        location="Wellington, New Zealand",
        time_zone="Pacific/Auckland",
    ),
)

MEMBERS: tuple[Person, ...] = (
    Person(
        handle="charlie",
        display_name="Charlie Nguyen",
        credit_name="Charlie Nguyen",
        bio="I came for one waltz and stayed. Night nurse; I cut a little lino when the ward is quiet.",
        skills=("linocut",),
        languages=("en", "vi"),
        location="Da Nang, Vietnam",
        time_zone="Asia/Ho_Chi_Minh",
    ),
)

STAFF: tuple[Person, ...] = (
    Person(
        handle="sam",
        display_name="Sam Achterberg",
        credit_name="Sam Achterberg",
        bio="Producer and curator. I read everything twice, then ask you what you meant.",
        skills=("producing", "curating"),
        languages=("nl", "en"),
        location="Rotterdam, Netherlands",
        time_zone="Europe/Amsterdam",
        powers=("curator", "producer", "drafter", "finance"),
    ),
    Person(
        handle="dana",
        display_name="Dana Reyes",
        credit_name="Dana Reyes",
        bio="I approve the statements and answer for them. If a number looks odd, ask; I would rather be asked.",
        skills=("accounts", "moderation"),
        languages=("tl", "en"),
        location="Manila, Philippines",
        time_zone="Asia/Manila",
        powers=("approver", "finance", "moderator"),
    ),
)

EVERYONE: tuple[Person, ...] = ARTISTS + MEMBERS + STAFF
BY_HANDLE: dict[str, Person] = {person.handle: person for person in EVERYONE}
