"""What the site serves says nothing of where, when and by which device a work was made."""

import io

import pytest
from PIL import Image

from contributions import actions
from contributions.models import Contribution
from tests import media
from tests.contributions.works import but_for_credentials, declared, given, run_jobs, uploaded

# Long enough that packed pictures and sound do not hold them by chance.
HIDDEN = (
    media.CANARY.encode(),
    str(media.LATITUDE).encode(),
    b"Exif\0\0",
    b"ID3\4\0",
    b"http://ns.adobe.com/xap/1.0/\0",
    b"xmpmeta",
)


def body(answer):
    assert answer.status_code == 200
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def published_with_source(artist, path):
    """A work of the file, given as its own source file too."""
    version = actions.receive_file(actor=artist, file=uploaded(path))
    run_jobs()
    work = declared(Contribution.objects.get(pk=version.contribution_id), title="Four corners", alt_text="Four corners")
    work = actions.publish_contribution(actor=artist, contribution=work)
    return work, given(work, uploaded(path))


def served(client, work, row):
    """Every byte that a visitor can have, by its address: shown, taken, and the source file."""
    version = work.current_version
    shown = [version.rendition_url(name) for name in version.rendition_names]
    addresses = [*shown, *(f"{address}?download" for address in shown), row.get_absolute_url()]
    return {address: body(client.get(address)) for address in addresses}


def is_upright(data):
    with Image.open(io.BytesIO(data)) as opened:
        picture = opened.convert("RGB")
        assert opened.getexif().get(0x0112, 1) == 1
    right, bottom = picture.width - 8, picture.height - 8
    places = ((8, 8), (right, 8), (right, bottom), (8, bottom))
    pairs = zip((picture.getpixel(place) for place in places), media.CORNERS, strict=True)
    return all(abs(a - b) < 24 for seen, meant in pairs for a, b in zip(seen, meant, strict=True))


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photo_is_served_upright_and_says_nothing_of_its_camera(client, tmp_path, alice, orientation):
    path = media.turned(tmp_path / "photo.jpg", orientation=orientation)
    assert all(hidden in path.read_bytes() for hidden in HIDDEN[:2])
    work, row = published_with_source(alice, path)
    files = served(client, work, row)
    assert len(files) >= 7
    for address, data in files.items():
        assert not [hidden for hidden in HIDDEN if hidden in but_for_credentials(data)], address
        if "card" not in address:
            assert is_upright(data), address
    with Image.open(io.BytesIO(files[row.get_absolute_url()])) as copy:
        assert copy.size == (400, 300)


@pytest.mark.parametrize(
    ("name", "maker"), [("shot.mov", media.film), ("take.mp3", media.recording), ("moving.webp", media.animation)]
)
def test_film_sound_and_animation_say_nothing_either(client, tmp_path, alice, name, maker):
    path = maker(tmp_path / name, **({} if "moving" in name else {"seconds": 1}))
    work, row = published_with_source(alice, path)
    for address, data in served(client, work, row).items():
        assert not [hidden for hidden in HIDDEN if hidden in but_for_credentials(data)], address


def test_the_name_of_the_file_goes_to_nobody_else(client, tmp_path, alice, charlie):
    path = media.picture(tmp_path / "Alice at home, 12 Quay Street.png")
    work, row = published_with_source(alice, path)
    addresses = [row.get_absolute_url(), work.get_absolute_url()]
    addresses += [f"/contributions/{work.pk}/{page}/" for page in ("files", "versions", "licence")]
    client.force_login(charlie)
    for address in addresses:
        answer = client.get(address)
        assert "Quay" not in str(answer.headers), address
        assert b"Quay" not in body(answer), address
