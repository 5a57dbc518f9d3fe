"""Pictures come out upright, in sRGB, in every width below their own, without what hung on them."""

from pathlib import Path

import pytest
from PIL import Image

from contributions.transcoding import Refused, inspect, transcode
from tests import media
from tests.transcoding.conftest import Whole, Whole_of


def corner_colours(whole: Whole, name: str) -> list[tuple[int, int, int]]:
    with Image.open(whole.named(name).path) as opened:
        shown = opened.convert("RGB")
    right, bottom = shown.width - 8, shown.height - 8
    places = ((8, 8), (right, 8), (right, bottom), (8, bottom))
    return [shown.getpixel(place) for place in places]  # type: ignore[misc]  # RGB has three values


def is_upright(whole: Whole, name: str) -> bool:
    pairs = zip(corner_colours(whole, name), media.CORNERS, strict=True)
    return all(abs(a - b) < 24 for shown, meant in pairs for a, b in zip(shown, meant, strict=True))


def test_a_photo_is_made_in_both_formats_at_each_width_below_its_own(tmp_path: Path, take: Whole_of) -> None:
    whole = take(media.picture(tmp_path / "a.jpg", size=(1400, 900)))
    widths = {made.width for made in whole.made if made.kind == "image"}
    assert widths == {320, 640, 1280}
    assert whole.made[0].name == "image/640.webp"
    for width in widths:
        assert is_upright(whole, f"image/{width}.avif")
        assert is_upright(whole, f"image/{width}.webp")


def test_a_small_picture_is_never_enlarged(tmp_path: Path, take: Whole_of) -> None:
    whole = take(media.picture(tmp_path / "a.png", size=(40, 30)))
    assert [made.width for made in whole.made if made.kind == "image"] == [40, 40]


def test_a_picture_between_two_widths_also_keeps_its_own(tmp_path: Path, take: Whole_of) -> None:
    whole = take(media.picture(tmp_path / "a.png", size=(500, 300)))
    assert {made.width for made in whole.made if made.kind == "image"} == {320, 500}


@pytest.mark.parametrize("orientation", range(1, 9))
def test_all_eight_ways_of_holding_a_camera_come_out_upright(orientation: int, tmp_path: Path, take: Whole_of) -> None:
    whole = take(media.turned(tmp_path / "a.jpg", orientation=orientation))
    assert is_upright(whole, "image/320.avif")
    assert (whole.facts.width, whole.facts.height) == (400, 300)


def test_no_place_comment_or_thumbnail_survives(tmp_path: Path, take: Whole_of) -> None:
    source = media.turned(tmp_path / "a.jpg")
    assert media.CANARY.encode() in source.read_bytes()
    for made in take(source).made:
        data = made.path.read_bytes()
        assert media.CANARY.encode() not in data
        assert b"Exif" not in data
        assert str(media.LATITUDE).encode() not in data


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "1", "P", "I;16"])
def test_every_kind_of_png_is_taken(mode: str, tmp_path: Path, take: Whole_of) -> None:
    whole = take(media.picture(tmp_path / "a.png", mode=mode))
    with Image.open(whole.named("image/320.avif").path) as shown:
        low, high = shown.convert("L").getextrema()
    assert (low, high) != (0, 0)
    assert high - low > 60  # type: ignore[operator]  # one band has one pair


def test_transparency_stays_in_the_picture_but_not_in_the_card(tmp_path: Path, take: Whole_of) -> None:
    whole = take(media.picture(tmp_path / "a.png", mode="RGBA"))
    with Image.open(whole.named("image/320.webp").path) as shown:
        assert shown.mode == "RGBA"
    with Image.open(whole.named("image/card.jpg").path) as card:
        assert (card.mode, card.size) == ("RGB", (1200, 630))


def test_an_animation_is_a_still_and_a_silent_loop(tmp_path: Path, take: Whole_of) -> None:
    whole = take(media.animation(tmp_path / "a.gif", frames=6))
    loop = whole.named("video/loop.mp4")
    assert (loop.kind, loop.width, loop.duration_ms) == ("video", 160, 480)
    assert whole.facts.animated
    assert whole.made[0].kind == "image"


def test_the_facts_hold_a_colour_and_a_blurred_impression(tmp_path: Path, take: Whole_of) -> None:
    facts = take(media.picture(tmp_path / "a.webp")).facts
    assert facts.dominant_colour.startswith("#")
    assert len(facts.blurhash) > 10
    assert facts.as_dict()["medium"] == "image"


def test_a_cut_off_picture_is_refused_when_it_is_decoded(tmp_path: Path) -> None:
    source = media.HOSTILE["cut.jpg"](tmp_path / "a.jpg")
    inspection = inspect(source, folder=tmp_path / "work")
    with pytest.raises(Refused) as refused:
        list(transcode(source, folder=tmp_path / "work", inspection=inspection, report=lambda *_: None))
    assert refused.value.code == "damaged"
