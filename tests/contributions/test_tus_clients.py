"""The clients that people use, tus-js-client and tuspy, against the web process: on local disk and on an S3 server."""

import base64
import hashlib
import json
import random
import subprocess
from pathlib import Path
from typing import Any

import playwright
import pytest
import requests
from tusclient.client import TusClient
from tusclient.exceptions import TusUploadFailed

from contributions.models import Contribution, Upload, Version
from tests.contributions.tus_client import stored
from tests.support.tus_web import TusWeb, on_disk, on_s3

# The node that the browser tests bring along.
NODE = Path(playwright.__file__).parent / "driver" / "node"
SCRIPT = Path(__file__).with_name("tus_js.mjs")
CHUNK = 6_000_000


@pytest.fixture(params=["disk", "s3"])
def web(request: pytest.FixtureRequest, site_factory: Any, settings: Any, tmp_path: Path) -> TusWeb:
    """The web process, taking uploads onto local disk and onto an S3 server."""
    if request.param == "s3":
        bucket = request.getfixturevalue("s3_bucket")
        made = on_s3(site_factory, request.getfixturevalue("s3_endpoint"), bucket, settings)
    else:
        made = on_disk(site_factory, tmp_path / "media", settings)
    made.site.start_web()
    return made


def noise(path: Path, size: int) -> Path:
    """Bytes of which no two pieces are equal."""
    path.write_bytes(random.Random(size).randbytes(size))
    return path


def by_js(web: TusWeb, artist: Any, do: str, path: Path, *, url: str | None = None, **options: Any) -> dict[str, Any]:
    """What tus-js-client says of one order."""
    told = {"endpoint": web.url, "headers": web.headers(artist), "chunkSize": CHUNK, "retryDelays": None, **options}
    order = json.dumps({"do": do, "file": str(path), "url": url, "options": told})
    ran = subprocess.run([NODE, SCRIPT, order], capture_output=True, text=True, timeout=120, check=False)
    assert ran.returncode == 0, ran.stderr
    return dict(json.loads(ran.stdout))


def by_py(web: TusWeb, artist: Any, path: Path, **options: Any) -> Any:
    """An uploader of tuspy."""
    client = TusClient(web.url, headers=web.headers(artist))
    return client.uploader(str(path), **{"chunk_size": CHUNK, **options})


def arrived(path: Path) -> Version:
    """The one version there is, byte for byte; nothing else lies in the storage."""
    version = Version.objects.select_related("upload").get()
    assert version.upload is not None
    assert (version.upload.status, version.bytes) == (Upload.Status.FINISHED, path.stat().st_size)
    assert hashlib.sha256(stored(version.upload)).hexdigest() == hashlib.sha256(path.read_bytes()).hexdigest()
    return version


def nothing_else(web: TusWeb) -> None:
    """The storage holds the originals of versions and no more."""
    assert web.stored() == set(Version.objects.values_list("key", flat=True))
    assert web.multiparts() == []


def test_tus_js_client_uploads_and_resumes(web: TusWeb, alice: Any, tmp_path: Path) -> None:
    path = noise(tmp_path / "harbour.bin", 13_000_000)
    paused = by_js(web, alice, "pause", path, metadata={"filename": "harbour.bin"})
    assert paused["offset"] == CHUNK
    assert Upload.objects.get().offset == CHUNK
    resumed = by_js(web, alice, "upload", path, url=paused["url"])
    assert (resumed["error"], resumed["sent"]) == (None, 13_000_000 - CHUNK)
    assert resumed["url"] == paused["url"]
    assert arrived(path).file_name == "harbour.bin"
    nothing_else(web)


def test_tus_js_client_sends_bytes_at_creation_and_by_post(web: TusWeb, alice: Any, tmp_path: Path) -> None:
    path = noise(tmp_path / "harbour.bin", 7_500_000)
    said = by_js(
        web, alice, "upload", path, uploadDataDuringCreation=True, overridePatchMethod=True, chunkSize=3_000_000
    )
    assert said["error"] is None
    arrived(path)
    nothing_else(web)


def test_tus_js_client_terminates(web: TusWeb, alice: Any, tmp_path: Path) -> None:
    path = noise(tmp_path / "harbour.bin", 8_000_000)
    paused = by_js(web, alice, "pause", path)
    assert Contribution.objects.count() == 1
    assert by_js(web, alice, "terminate", path, url=paused["url"])["error"] is None
    assert not Contribution.objects.exists()
    nothing_else(web)
    again = by_js(web, alice, "terminate", path, url=paused["url"])
    assert again["error"]["status"] == 410


def test_tus_js_client_sends_an_empty_file(web: TusWeb, alice: Any, tmp_path: Path) -> None:
    path = noise(tmp_path / "empty.bin", 0)
    assert by_js(web, alice, "upload", path)["error"] is None
    arrived(path)


@pytest.mark.parametrize("option", ["uploadLengthDeferred", "parallelUploads"])
def test_tus_js_client_is_told_what_is_not_done_here(
    site_factory: Any, settings: Any, alice: Any, tmp_path: Path, option: str
) -> None:
    web = on_disk(site_factory, tmp_path / "media", settings)
    web.site.start_web()
    options = {"parallelUploads": 2} if option == "parallelUploads" else {"uploadLengthDeferred": True}
    said = by_js(web, alice, "upload", noise(tmp_path / "harbour.bin", 2_000_000), **options)
    assert said["error"]["status"] == 400
    assert said["error"]["words"].startswith(("Say how long", "Send the file as one"))
    assert not Upload.objects.exists()


def test_tuspy_uploads_with_checksums_and_resumes(web: TusWeb, alice: Any, tmp_path: Path) -> None:
    path = noise(tmp_path / "harbour.bin", 13_000_000)
    first = by_py(web, alice, path, upload_checksum=True, metadata={"filename": "harbour.bin"})
    first.upload_chunk()
    assert first.offset == CHUNK
    second = by_py(web, alice, path, upload_checksum=True, url=first.url)
    assert second.offset == CHUNK
    second.upload()
    assert arrived(path).file_name == "harbour.bin"
    nothing_else(web)


def test_tuspy_terminates(web: TusWeb, alice: Any, tmp_path: Path) -> None:
    """tuspy has no word for it; its headers and its address are enough."""
    uploader = by_py(web, alice, noise(tmp_path / "harbour.bin", 8_000_000))
    uploader.upload_chunk()
    assert requests.delete(uploader.url, headers=uploader.get_headers(), timeout=30).status_code == 204
    assert requests.head(uploader.url, headers=uploader.get_headers(), timeout=30).status_code == 410
    nothing_else(web)


def test_tuspy_sends_an_empty_file(web: TusWeb, alice: Any, tmp_path: Path) -> None:
    path = noise(tmp_path / "empty.bin", 0)
    by_py(web, alice, path).upload()
    arrived(path)


def test_tuspy_hears_each_refusal(web: TusWeb, alice: Any, bob: Any, tmp_path: Path) -> None:
    path = noise(tmp_path / "harbour.bin", 9_000_000)
    uploader = by_py(web, alice, path)
    uploader.upload_chunk()
    headers = uploader.get_headers()

    def patch(url: str = uploader.url, offset: int = CHUNK, **more: str) -> int:
        chunk = {"Content-Type": "application/offset+octet-stream", "Upload-Offset": str(offset)}
        return requests.patch(url, b"abcd", headers=headers | chunk | more, timeout=30).status_code

    wrong = base64.b64encode(hashlib.sha1(b"other").digest()).decode()  # noqa: S324  tus names sha1
    assert patch(offset=CHUNK - 1) == 409
    assert patch(**{"Upload-Checksum": f"sha1 {wrong}"}) == 460
    assert patch(**{"Upload-Checksum": f"crc32 {wrong}"}) == 400
    assert patch(**{"Content-Type": "text/plain"}) == 415
    headers = web.headers(bob) | {"Tus-Resumable": "1.0.0"}
    assert patch() == 404
    headers = {"Tus-Resumable": "1.0.0"}
    assert patch() == 403
    longer = by_py(web, alice, noise(tmp_path / "longer.bin", 9_000_100), url=uploader.url)
    with pytest.raises(TusUploadFailed):
        longer.upload()
    uploader.upload()
    arrived(path)
    nothing_else(web)
