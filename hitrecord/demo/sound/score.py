"""The tune that several works share: Ifeoma's waltz in D minor, as data.

Bars one to eight are hers alone at the piano, nine to sixteen belong to the accordion, four more to the engine.
A beat is one tick of the lamp motor: forty turns a minute, three teeth a turn.
"""

BEAT = 0.5
BAR = 3 * BEAT
INTRO_BARS = 2

# (MIDI note, beats), a bar a line.
FIRST_EIGHT: tuple[tuple[tuple[int, float], ...], ...] = (
    ((69, 2), (74, 1)),
    ((77, 2), (76, 1)),
    ((74, 2), (69, 1)),
    ((70, 3),),
    ((69, 1), (72, 1), (77, 1)),
    ((76, 2), (74, 1)),
    ((73, 1.5), (76, 0.5), (79, 1)),
    ((77, 3),),
)
SECOND_EIGHT: tuple[tuple[tuple[int, float], ...], ...] = (
    ((81, 2), (79, 1)),
    ((79, 1), (76, 2)),
    ((77, 2), (76, 1)),
    ((74, 1), (77, 1), (81, 1)),
    ((82, 2), (81, 1)),
    ((81, 1), (77, 1), (74, 1)),
    ((76, 1), (73, 1), (79, 1)),
    ((77, 1), (76, 1), (74, 1)),
)
CODA: tuple[tuple[tuple[int, float], ...], ...] = (((62, 3),), ((58, 2), (62, 1)), ((64, 2), (61, 1)), ((62, 3),))

# (bass, chord) for each of those bars.
Chord = tuple[int, tuple[int, ...]]
FIRST_CHORDS: tuple[Chord, ...] = (
    (38, (57, 62, 65)),
    (36, (57, 62, 65)),
    (46, (57, 62, 65)),
    (43, (58, 62, 64)),
    (45, (57, 60, 65)),
    (40, (58, 62, 67)),
    (45, (55, 61, 64)),
    (38, (57, 62, 65)),
)
SECOND_CHORDS: tuple[Chord, ...] = (
    (41, (57, 60, 65)),
    (40, (55, 60, 64)),
    (38, (57, 62, 65)),
    (46, (58, 62, 65)),
    (43, (58, 62, 67)),
    (45, (57, 62, 65)),
    (45, (55, 61, 64)),
    (38, (57, 62, 65)),
)
CODA_CHORDS: tuple[Chord, ...] = ((46, (57, 62, 65)), (43, (58, 62, 65)), (45, (57, 62, 64)), (38, (57, 62, 65)))

MELODY = FIRST_EIGHT + SECOND_EIGHT + CODA
CHORDS = FIRST_CHORDS + SECOND_CHORDS + CODA_CHORDS
