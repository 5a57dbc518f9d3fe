"""The pure rules of likeness: bands, bits, steps; and what the box takes of pictures and words."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageOps

from contributions import fingerprints as rules
from contributions.fingerprints import Hit, Print
from contributions.transcoding.box import phrases, prints
from contributions.transcoding.printing import wanted

PRINTS = st.integers(min_value=0, max_value=(1 << 64) - 1)


@given(PRINTS)
def test_a_print_survives_the_sign_that_postgresql_gives_it(value):
    assert -(1 << 63) <= rules.signed(value) < 1 << 63
    assert rules.distance(rules.signed(value), value) == 0
    assert list(rules.bands(rules.signed(value))) == list(rules.bands(value))
    assert sum(band << (16 * number) for number, band in rules.bands(value)) == value


@given(PRINTS, st.sets(st.integers(min_value=0, max_value=63), max_size=7))
def test_up_to_seven_bits_always_leave_a_band_with_at_most_one_error(value, turned):
    other = value
    for bit in turned:
        other ^= 1 << bit
    assert rules.distance(value, other) == len(turned)
    met = [
        band in rules.neighbours(mine)
        for (_n, mine), (_m, band) in zip(rules.bands(value), rules.bands(other), strict=True)
    ]
    assert any(met)


@given(st.integers(min_value=1, max_value=500), st.integers(min_value=1, max_value=100))
def test_spreading_takes_at_most_so_many_in_order_and_from_the_beginning(count, most):
    every = [Print(4, place, place) for place in range(count)]
    chosen = rules.spread(every, most)
    assert len(chosen) == min(count, most)
    assert chosen == sorted(set(chosen))
    assert chosen[0] == every[0]


def sounds(count, *, drift=0.0, begin=100, value=lambda n: 1000 + n):
    return [Hit(1, 0, n, begin + round(n * (1 + drift)), value(n)) for n in range(count)]


def test_sounds_in_step_are_alike_and_scattered_ones_are_not():
    assert rules.like_sounds(sounds(rules.FEWEST_SOUNDS - 1)) == {}
    assert rules.like_sounds(sounds(rules.FEWEST_SOUNDS))[1] < rules.STRONGEST
    assert rules.like_sounds(sounds(80)) == {1: rules.STRONGEST}
    scattered = [Hit(1, 0, n, n * 37 % 1000, n) for n in range(0, 300, 10)]
    assert rules.like_sounds(scattered) == {}


def test_a_tempo_three_parts_in_a_hundred_off_is_still_in_step():
    assert rules.like_sounds(sounds(400, drift=0.03)) == {1: rules.STRONGEST}


def test_one_long_tone_is_no_likeness():
    assert rules.like_sounds(sounds(80, value=lambda _n: 7)) == {}
    assert rules.like_sounds([Hit(1, 0, 5, 5 + n % 3, n) for n in range(80)]) == {}


def test_ways_are_not_added_up():
    assert rules.like_sounds([hit._replace(way=number % 3) for number, hit in enumerate(sounds(15))]) == {}


def test_frames_count_only_when_few_bits_differ():
    near = [Hit(1, 0, n * 500, n * 500 + 200, n, bits=rules.FRAME_BITS) for n in range(5)]
    assert rules.like_frames(near)[1] == 500
    assert rules.like_frames([hit._replace(bits=rules.FRAME_BITS + 1) for hit in near]) == {}


def test_pictures_count_only_when_few_bits_differ_and_wholes_more_than_parts():
    whole = Hit(1, 0, 0, 0, 5, bits=rules.PICTURE_BITS)
    part = Hit(2, 1, 0, 4, 5, bits=rules.PICTURE_BITS)
    assert rules.like_pictures([whole, part]) == {1: 800, 2: 650}
    assert rules.like_pictures([hit._replace(bits=rules.PICTURE_BITS + 1) for hit in (whole, part)]) == {}
    closer = rules.like_pictures([part._replace(bits=0), whole._replace(bits=0)])
    assert closer == {1: rules.STRONGEST, 2: rules.STRONGEST - 50}


def test_few_words_must_all_be_the_same():
    hits = [Hit(1, 0, n, n, n) for n in range(2)]
    assert rules.like_texts(hits, 2) == {1: rules.STRONGEST}
    assert rules.like_texts(hits, 30) == {}
    assert rules.like_texts([hits[0]] * 9, 30) == {}


# -- what the box takes


def pixels(seed: int = 4) -> np.ndarray:
    rng = np.random.default_rng(seed)
    coarse = Image.fromarray(rng.integers(0, 255, (6, 6), dtype=np.uint8)).resize((32, 32), Image.Resampling.BICUBIC)
    return np.asarray(coarse, np.float64)


def test_the_mirrored_print_is_that_of_the_mirrored_picture():
    straight, mirrored = prints.values_of(pixels())
    assert prints.values_of(pixels()[:, ::-1]) == [mirrored, straight]
    assert rules.distance(straight, mirrored) > 16


def test_brighter_and_flatter_pictures_have_the_same_print():
    assert prints.values_of(pixels() * 0.6 + 40) == prints.values_of(pixels())


def test_plain_pictures_have_no_print():
    assert prints.values_of(np.full((32, 32), 90.0)) == []
    stripes = np.tile(np.arange(32) // 16 * 200.0, (32, 1))
    assert prints.values_of(stripes) == []


def test_a_picture_has_a_whole_and_34_parts_each_in_two_ways(tmp_path):
    rng = np.random.default_rng(8)
    picture = Image.fromarray(rng.integers(0, 255, (9, 12, 3), dtype=np.uint8)).resize((320, 240))
    picture.save(tmp_path / "a.webp", quality=90)
    rows = list(prints.of_picture(str(tmp_path / "a.webp")))
    assert [(place, way) for place, _value, way in rows] == [(place, way) for place in range(35) for way in (0, 1)]
    ImageOps.mirror(picture).save(tmp_path / "b.webp", quality=90)
    other = next(value for place, value, way in prints.of_picture(str(tmp_path / "b.webp")) if (place, way) == (0, 1))
    assert rules.distance(rows[0][1], other) <= 2


WORDS = st.lists(st.sampled_from("lamp sea boat don't letter nine wind the of a".split()), min_size=9, max_size=80)  # noqa: SIM905  as words


@given(WORDS, WORDS, WORDS)
def test_an_excerpt_of_eight_words_or_more_always_shares_a_print(before, middle, after):
    page = "<p>{}</p>".format
    whole = {value for _place, value, _way in phrases.of_words(page(" ".join([*before, *middle, *after])))}
    part = {value for _place, value, _way in phrases.of_words(page(" ".join(middle)))}
    assert whole & part


def test_case_signs_and_line_ends_change_nothing_and_words_do():
    one = list(phrases.of_words("<p>Don’t count the dark.<br>Let it go by, “slowly”: ﬁve times.</p>"))
    two = list(phrases.of_words("<p>DON'T COUNT</p>\n<p>the dark let it\ngo BY slowly five times</p>"))
    assert one == two
    assert not {row[1] for row in one} & {
        row[1] for row in phrases.of_words("<p>Let the lamp go out by itself at five</p>")
    }


def test_signs_written_without_spaces_are_words_of_their_own():
    assert phrases.words_of("すべての声") == ["す", "べ", "て", "の", "声"]


def test_a_single_word_has_no_print_and_a_few_have_one():
    assert list(phrases.of_words("<p>Lamp</p>")) == []
    assert len(list(phrases.of_words("<p>The lamp is lit</p>"))) == 1


def test_a_long_text_keeps_a_choice_that_an_excerpt_shares():
    rng = np.random.default_rng(3)
    words = ["".join(chr(97 + letter) for letter in rng.integers(0, 26, 6)) for _ in range(30_000)]
    whole = list(phrases.of_words(f"<p>{' '.join(words)}</p>"))
    assert len(whole) == phrases.MOST_RUNS
    part = {value for _place, value, _way in phrases.of_words(f"<p>{' '.join(words[9000:10_000])}</p>")}
    assert len({value for _place, value, _way in whole} & part) >= 20


def test_small_renditions_are_looked_at():
    ladder = ["video/480.mp4", "hls/480.mp4", "hls/240.mp4", "hls/240.m3u8", "hls/sound.mp4", "hls/master.m3u8"]
    assert wanted("video", ladder) == ["hls/240.mp4", "hls/sound.mp4"]
    assert wanted("image", ["image/1280.webp", "image/640.avif", "image/640.webp", "image/320.webp"]) == [
        "image/320.webp"
    ]
    assert wanted("image", ["image/200.webp", "image/card.jpg"]) == ["image/200.webp"]
    assert wanted("audio", ["audio/opus.webm", "audio/master.m4a"]) == ["audio/master.m4a"]
    assert wanted("text", ["text/body.html", "page/1.webp"]) == ["text/body.html"]
    assert wanted("", []) == []
