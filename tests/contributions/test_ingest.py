"""The commands of the contract: JSON on standard output alone, exit 0 or 3."""

import io
import json
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from contributions.models import Contribution
from tests.contributions.works import png, published


@pytest.fixture
def queued_nowhere(finish_jobs):
    """No broker is asked: the command does the job itself."""
    with finish_jobs():
        yield


def run(*words: str) -> tuple[dict, int]:
    out, code = io.StringIO(), 0
    try:
        call_command(*words, stdout=out)
    except SystemExit as exit_:
        code = int(exit_.code or 0)
    return json.loads(out.getvalue()), code


def test_a_picture_is_taken_and_published(alice, tmp_path, queued_nowhere):
    file = tmp_path / "lamp room.png"
    file.write_bytes(png(700, 400))
    report, code = run("ingest", str(file), "--artist", "alice", "--title", "Lamp", "--publish", "--json")
    assert code == 0
    assert report["accepted"] is True
    assert report["medium"] == "image"
    work = Contribution.objects.get(pk=report["contribution"])
    assert work.is_published
    assert work.title == "Lamp"
    wide = next(made for made in report["renditions"] if made["name"] == "image/640.webp")
    assert wide["width"] == 640
    assert Path(wide["path"]).stat().st_size == wide["bytes"]
    assert report["seconds"] > 0
    assert report["peak_mb"] > 10


def test_a_source_makes_it_a_remix(alice, bob, tmp_path, queued_nowhere):
    source = published(bob)
    file = tmp_path / "reply.txt"
    file.write_text("The lamp answers.\n")
    report, code = run(
        "ingest", str(file), "--artist", "alice", "--publish", "--source", f"{source.pk}:continues", "--json"
    )
    assert code == 0
    found, _code = run("lineage", str(source.pk), "--json")
    assert found == {
        "ancestors": [],
        "descendants": [{"id": report["contribution"], "depth": 1, "kind": "continues"}],
    }
    found, _code = run("lineage", str(report["contribution"]), "--json")
    assert [node["id"] for node in found["ancestors"]] == [source.pk]


def test_a_refused_file_has_a_reason(alice, tmp_path, queued_nowhere):
    file = tmp_path / "drawing.png"
    file.write_text('<svg xmlns="http://www.w3.org/2000/svg"></svg>')
    report, code = run("ingest", str(file), "--artist", "alice", "--json")
    assert code == 3
    assert report["accepted"] is False
    assert "SVG" in report["reason"]
    assert report["renditions"] == []


def test_an_empty_file_is_refused(alice, tmp_path, queued_nowhere):
    file = tmp_path / "empty.wav"
    file.touch()
    report, code = run("ingest", str(file), "--artist", "alice", "--json")
    assert (code, report["accepted"]) == (3, False)


def test_an_unknown_artist_or_source_is_an_error(alice, tmp_path):
    file = tmp_path / "a.txt"
    file.write_text("words")
    with pytest.raises(CommandError, match="no artist"):
        call_command("ingest", str(file), "--artist", "nobody", "--json")
    with pytest.raises(CommandError, match="ID:KIND"):
        call_command("ingest", str(file), "--artist", "alice", "--source", "7:steals", "--json")
