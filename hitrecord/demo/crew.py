"""Seventy-two people who sent a window for the first episode: cheap works, and a credit roll with dozens of names.

A row without a line drew its window (a small tile, `art.panes`); a row with one wrote it. Everybody is invented.
"""

import re
import unicodedata
from dataclasses import dataclass

from hitrecord.demo.cast import Person
from hitrecord.demo.works.spec import Source, Work


@dataclass(frozen=True)
class Window:
    name: str
    place: str
    time_zone: str
    line: str = ""
    language: str = "en"

    @property
    def handle(self) -> str:
        plain = unicodedata.normalize("NFKD", self.name.translate(LETTERS)).encode("ascii", "ignore").decode()
        return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")


# Letters that decomposition leaves alone.
LETTERS = str.maketrans({"ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "ı": "i", "ð": "d", "Đ": "D", "đ": "d", "æ": "ae"})

WINDOWS: tuple[Window, ...] = (
    Window("Adaeze Obi", "Enugu, Nigeria", "Africa/Lagos"),
    Window(
        "Bram de Wit",
        "Terneuzen, Netherlands",
        "Europe/Amsterdam",
        "A lorry is asleep with its eyes open. So is the driver.",
    ),
    Window("Chen Yu", "Xiamen, China", "Asia/Shanghai"),
    Window(
        "Daria Petrova",
        "Murmansk, Russia",
        "Europe/Moscow",
        "It has been dark since Tuesday. The bakery does not know and bakes.",
    ),
    Window("Elif Kaya", "İzmir, Türkiye", "Europe/Istanbul"),
    Window("Farah Nasser", "Tripoli, Lebanon", "Asia/Beirut", "The power came back, so four of us are ironing."),
    Window("Gábor Szűcs", "Szeged, Hungary", "Europe/Budapest"),
    Window("Hye-jin Park", "Busan, South Korea", "Asia/Seoul"),
    Window(
        "Ismael Duarte", "Mindelo, Cabo Verde", "Atlantic/Cape_Verde", "Um galo enganado pelo navio iluminado.", "pt"
    ),
    Window("Jana Novák", "Ostrava, Czechia", "Europe/Prague"),
    Window(
        "Kenji Mori", "Hakodate, Japan", "Asia/Tokyo", "The squid boats have moved the stars down to the water again."
    ),
    Window("Lê Thị Mai", "Hội An, Vietnam", "Asia/Ho_Chi_Minh"),
    Window("Marek Król", "Łódź, Poland", "Europe/Warsaw"),
    Window(
        "Nina Sørensen",
        "Skagen, Denmark",
        "Europe/Copenhagen",
        "My neighbour waters her one tomato by torchlight. It is November.",
    ),
    Window("Oumar Diallo", "Saint-Louis, Senegal", "Africa/Dakar"),
    Window("Paula Ríos", "Valdivia, Chile", "America/Santiago"),
    Window(
        "Quentin Abel",
        "Le Havre, France",
        "Europe/Paris",
        "Une grue tourne toute seule, très doucement, pour voir.",
        "fr",
    ),
    Window("Rania Saab", "Amman, Jordan", "Asia/Amman"),
    Window("Søren Holm", "Tórshavn, Faroe Islands", "Atlantic/Faroe"),
    Window("Teuila Faʻafetai", "Apia, Samoa", "Pacific/Apia", "Two dogs, one street lamp, a long discussion."),
    Window("Uche Nwosu", "Port Harcourt, Nigeria", "Africa/Lagos"),
    Window("Valentina Greco", "Taranto, Italy", "Europe/Rome"),
    Window(
        "Wiremu Pōtae",
        "Gisborne, New Zealand",
        "Pacific/Auckland",
        "First light in the world belongs to the man who delivers the milk.",
    ),
    Window("Ximena Cárdenas", "Iquitos, Peru", "America/Lima"),
    Window("Yusuf Adeyemi", "Ibadan, Nigeria", "Africa/Lagos"),
    Window("Zsófia Balogh", "Pécs, Hungary", "Europe/Budapest"),
    Window(
        "Aarav Deshmukh",
        "Nagpur, India",
        "Asia/Kolkata",
        "The chai stall is open for exactly one customer and he is the owner.",
    ),
    Window("Beatriz Fonseca", "Setúbal, Portugal", "Europe/Lisbon"),
    Window(
        "Callum Rae",
        "Oban, United Kingdom",
        "Europe/London",
        "Ferry, lit, no one on it, going somewhere with great confidence.",
    ),
    Window("Dineo Mokoena", "Gqeberha, South Africa", "Africa/Johannesburg"),
    Window("Eero Lahtinen", "Oulu, Finland", "Europe/Helsinki"),
    Window("Fatoumata Keita", "Bamako, Mali", "Africa/Bamako"),
    Window(
        "Graciela Ponce",
        "Colón, Panama",
        "America/Panama",
        "Cuarenta barcos esperan su turno y ninguno se queja.",
        "es",
    ),
    Window("Hassan Tariq", "Gwadar, Pakistan", "Asia/Karachi"),
    Window("Ingrid Aune", "Bodø, Norway", "Europe/Oslo"),
    Window(
        "Jakub Zelenka",
        "Brno, Czechia",
        "Europe/Prague",
        "Across the yard a man practises clarinet with the bell in a pillow.",
    ),
    Window("Keola Kahale", "Hilo, United States", "Pacific/Honolulu"),
    Window("Lucía Ferrer", "Cádiz, Spain", "Europe/Madrid"),
    Window(
        "Mahlet Bekele",
        "Addis Ababa, Ethiopia",
        "Africa/Addis_Ababa",
        "The prayer begins on one hill and is finished on another.",
    ),
    Window("Nuno Tavares", "Ponta Delgada, Portugal", "Atlantic/Azores"),
    Window("Odalys Peña", "Santiago de Cuba, Cuba", "America/Havana"),
    Window("Pilar Quispe", "El Alto, Bolivia", "America/La_Paz"),
    Window(
        "Rashid Khamis",
        "Stone Town, Tanzania",
        "Africa/Dar_es_Salaam",
        "A cat has taken the imam's chair. Nobody will tell her.",
    ),
    Window("Siobhán Keane", "Galway, Ireland", "Europe/Dublin"),
    Window("Thandiwe Ncube", "Bulawayo, Zimbabwe", "Africa/Harare"),
    Window(
        "Umar Farooqi",
        "Srinagar, India",
        "Asia/Kolkata",
        "Snow, and under the snow the sound of a shovel being polite.",
    ),
    Window("Vesna Marić", "Split, Croatia", "Europe/Zagreb"),
    Window("William Aputi", "Nuuk, Greenland", "America/Nuuk"),
    Window("Xolani Dube", "Durban, South Africa", "Africa/Johannesburg"),
    Window(
        "Yaara Ben-Ami",
        "Haifa, Israel",
        "Asia/Jerusalem",
        "The lift goes up empty and comes down empty. Practising, I suppose.",
    ),
    Window("Zeynep Arslan", "Trabzon, Türkiye", "Europe/Istanbul"),
    Window("Amina Yusupova", "Samarkand, Uzbekistan", "Asia/Samarkand"),
    Window("Benedikt Hauser", "Bregenz, Austria", "Europe/Vienna", "Der See ist noch an.", "de"),
    Window("Carmen Tuquinga", "Guayaquil, Ecuador", "America/Guayaquil"),
    Window("Duc Pham", "Hải Phòng, Vietnam", "Asia/Ho_Chi_Minh"),
    Window(
        "Esi Boateng",
        "Takoradi, Ghana",
        "Africa/Accra",
        "My mother, pretending not to wait up, has cleaned the same pot twice.",
    ),
    Window("Filip Ionescu", "Constanța, Romania", "Europe/Bucharest"),
    Window("Gulnara Seitova", "Aktau, Kazakhstan", "Asia/Aqtau"),
    Window(
        "Hugo Lindgren",
        "Luleå, Sweden",
        "Europe/Stockholm",
        "One window opposite. We have waved since 2019 and never met.",
    ),
    Window("Isabel Montoya", "Manizales, Colombia", "America/Bogota"),
    Window("João Azevedo", "Recife, Brazil", "America/Recife"),
    Window("Kalinda Perera", "Galle, Sri Lanka", "Asia/Colombo"),
    Window(
        "Lior Amsalem",
        "Marseille, France",
        "Europe/Paris",
        "Someone is carrying a sofa home. He has stopped to sit on it.",
    ),
    Window("Mele Tupou", "Nukuʻalofa, Tonga", "Pacific/Tongatapu"),
    Window("Nadia Bouzid", "Oran, Algeria", "Africa/Algiers"),
    Window(
        "Owen Tregear",
        "Newlyn, United Kingdom",
        "Europe/London",
        "Ice being shovelled into a hold. Best sound on earth if it is not your shift.",
    ),
    Window("Petra Kovač", "Koper, Slovenia", "Europe/Ljubljana"),
    Window("Ricardo Salas", "Puerto Montt, Chile", "America/Santiago"),
    Window(
        "Sunniva Dahl",
        "Ålesund, Norway",
        "Europe/Oslo",
        "The gulls are holding a meeting and the minutes are going to be long.",
    ),
    Window("Tariq Mansour", "Port Said, Egypt", "Africa/Cairo"),
    Window("Ulla Kristensen", "Aarhus, Denmark", "Europe/Copenhagen"),
    Window(
        "Wanjiru Kamau",
        "Mombasa, Kenya",
        "Africa/Nairobi",
        "The whole street is dark except the tailor, who is sewing a flag for a boat.",
    ),
)

BY_HANDLE: dict[str, Window] = {window.handle: window for window in WINDOWS}


def _person(window: Window) -> Person:
    craft = "writing" if window.line else "illustration"
    return Person(
        handle=window.handle,
        display_name=window.name,
        credit_name=window.name,
        bio=f"I sent one window, from {window.place}.",
        skills=(craft,),
        languages=("en",) if window.language == "en" else (window.language, "en"),
        location=window.place,
        time_zone=window.time_zone,
    )


def _work(window: Window) -> Work:
    city = window.place.split(",")[0]
    return Work(
        key=f"window-{window.handle}",
        artist=window.handle,
        medium="text" if window.line else "image",
        title=f"Window, {city}",
        description=f"What I see at four in the morning in {city}.",
        recipe="writing:window_line" if window.line else "art.panes:pane",
        argument=window.handle,
        extension="txt" if window.line else "png",
        licence="CC-BY-4.0",
        tags=("windows", "4am"),
        alt="" if window.line else f"A small drawn window at night in {city}, lit from inside.",
        language=window.language,
        sources=(Source("windows-treatment", "inspired", "The call in the treatment: what do you see from yours?"),),
    )


CREW: tuple[Person, ...] = tuple(_person(window) for window in WINDOWS)
CREW_WORKS: tuple[Work, ...] = tuple(_work(window) for window in WINDOWS)
