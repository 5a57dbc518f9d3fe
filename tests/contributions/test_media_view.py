"""What cards and players show of a version, from its columns alone."""

import pytest

from contributions.models import Contribution, Version
from contributions.models.media_facts import MediaView, aspect_class, wave_path


def view(names=(), *, medium="image", **facts):
    version = Version(
        pk=7, contribution_id=12, number=3, facts={"medium": medium, **facts}, rendition_names=list(names)
    )
    return MediaView(version)


@pytest.mark.parametrize(
    ("ratio", "name"),
    [(1, "ar-100"), (1.48, "ar-150"), (1.52, "ar-150"), (0.1, "ar-50"), (21, "ar-300"), (16 / 9, "ar-180")],
)
def test_an_aspect_ratio_is_a_class(ratio, name):
    assert aspect_class(ratio) == name


def test_a_picture_is_the_smallest_that_is_large_enough():
    names = [
        "image/1280.webp",
        "image/320.webp",
        "image/640.webp",
        "image/640.avif",
        "image/320.avif",
        "image/card.jpg",
    ]
    media = view(names, width=1600, height=900)
    place = "/contributions/12/media/3/image"
    assert media.picture(640) == f"{place}/640.webp"
    assert media.picture(700) == f"{place}/1280.webp"
    assert media.picture(9000) == f"{place}/1280.webp"
    assert media.srcset_avif == f"{place}/320.avif 320w, {place}/640.avif 640w"
    assert media.card_url == f"{place}/card.jpg"
    assert media.aspect_class == "ar-180"


def test_a_video_has_progressive_and_streamed_sources():
    names = ["video/720.mp4", "poster/poster.jpg", "hls/720.mp4", "hls/master.m3u8", "storyboard/board.vtt"]
    media = view(names, medium="video", width=1280, height=720, duration_ms=9000)
    place = "/contributions/12/media/3"
    assert media.media_sources == [{"url": f"{place}/video/720.mp4", "mime": "video/mp4"}]
    assert media.hls_url == f"{place}/hls/master.m3u8"
    assert media.poster_url == media.picture(640) == f"{place}/poster/poster.jpg"
    assert media.storyboard_url == f"{place}/storyboard/board.vtt"
    assert media.duration_ms == 9000


def test_sound_offers_what_every_browser_plays_first():
    media = view(["audio/opus.webm", "audio/master.m4a", "audio/waveform.json"], medium="audio", duration_ms=1000)
    assert [source["mime"] for source in media.media_sources] == ["audio/mp4", "audio/webm"]
    assert media.aspect_class == "ar-175"


def test_an_animated_picture_is_a_picture_with_a_loop():
    media = view(["image/64.webp", "video/loop.mp4"], width=64, height=64, duration_ms=800)
    assert media.loop_url.endswith("video/loop.mp4")
    assert media.media_sources == []
    assert media.duration_ms is None


def test_the_waveform_has_a_line_for_each_four_units():
    path = wave_path([100, 0, 50] * 50)
    assert path.count("M") == 150
    assert path.startswith("M2 2v96M6 49v2M10 26v48")


def test_chapters_are_in_order_and_within_the_work():
    rows = [
        {"start_ms": 5000, "title": "Sea"},
        {"start_ms": 0, "title": "Quay"},
        {"start_ms": 9000, "title": "Too late"},
        {"start_ms": 10, "title": ""},
    ]
    media = view(medium="video", duration_ms=9000, chapters=rows)
    assert [row["title"] for row in media.chapters] == ["Quay", "Sea"]
    assert view(medium="video", duration_ms=9000).chapters == []


@pytest.mark.parametrize(("fps", "frame_ms"), [(25, 40), (59.94, 17), (0, 40), (None, 40), (2000, 1)])
def test_a_frame_is_as_long_as_the_film_says(fps, frame_ms):
    assert view(medium="video", probe={"video": {"fps": fps}}).frame_ms == frame_ms


def test_what_was_measured_is_shown_as_it_was_and_nothing_is_made_up():
    media = view(medium="audio", loudness_lufs_x100=-1290, true_peak_db_x100=-130, gain_db_x100=-310)
    assert (media.loudness_lufs, media.true_peak_db, media.gain_db) == (-12.9, -1.3, -3.1)
    assert (view().loudness_lufs, view().true_peak_db, view().gain_db) == (None, None, 0)


def test_a_colour_stands_in_only_for_pictures_that_nothing_shines_through():
    assert view(mime="image/jpeg", dominant_colour="#aabbcc").ground_colour == "#aabbcc"
    assert view(mime="image/png", dominant_colour="#aabbcc").ground_colour == ""


@pytest.mark.parametrize("peaks", [[], [100], [0, 0], list(range(100)) * 20])
def test_any_number_of_peaks_fits_the_box(peaks):
    path = wave_path(peaks)
    assert path.count("M") == (150 if peaks else 0)


def test_of_no_version_everything_is_empty():
    work = Contribution(title="Edit", medium="")
    assert not work.media
    assert (work.picture(640), work.srcset_avif, work.wave_path, work.excerpt, work.media_sources) == (
        "",
        "",
        "",
        "",
        [],
    )
    assert work.aspect_class == "ar-100"
    assert work.slug == "edit-"
