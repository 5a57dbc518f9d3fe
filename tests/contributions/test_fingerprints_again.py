"""Fingerprints are taken again: for a version prepared anew, after signing, and for works from before."""

import pytest
from django.core.management import CommandError, call_command

from contributions import actions
from contributions.actions.fingerprinting import compare
from contributions.errors import LeaseLost
from contributions.fingerprints import EDITION, Kind
from contributions.models import Fingerprint, Likeness
from contributions.transcoding.printing import wanted
from tests.contributions.likenesses import (
    LETTER,
    a_text,
    as_file,
    asked_about,
    drawing,
    out_there,
    sounding,
    uploaded,
)
from tests.contributions.works import published, run_jobs, written


def stored(version) -> list[tuple[int, int, int]]:
    """The prints of a version."""
    return sorted(version.fingerprints.values_list("kind", "place", "value"))


def test_preparing_a_work_again_replaces_its_prints_and_its_questions(alice, bob):
    source = a_text(alice, LETTER)
    draft = written(bob, "Mine", LETTER)
    version = draft.versions.get()
    assert asked_about(draft) == [source.pk]
    before = stored(version)
    actions.write_text(actor=bob, contribution=draft, title="Mine", body="Bread, oil, two wicks and the good scissors.")
    actions.prepare_text(actor=bob, contribution=draft)
    run_jobs()
    assert draft.versions.get() == version
    assert not {row for row in stored(version) if row[0] == Kind.TEXT} & set(before)
    assert asked_about(draft) == []
    actions.write_text(actor=bob, contribution=draft, title="Mine", body=LETTER)
    actions.prepare_text(actor=bob, contribution=draft)
    run_jobs()
    assert stored(version) == before
    assert asked_about(draft) == [source.pk]


def test_prints_are_not_kept_by_a_worker_that_lost_the_job(alice, tmp_path):
    version = written(alice, "A letter", LETTER).versions.get()
    before = stored(version)

    def lost() -> None:
        raise LeaseLost("job 1")

    (tmp_path / "body.html").write_text("<p>Other words than those, and enough of them to have a print.</p>")
    with pytest.raises(LeaseLost):
        compare(
            version=version,
            files={"text/body.html": tmp_path / "body.html"},
            folder=tmp_path,
            report=lambda *_: None,
            holding=lost,
        )
    assert stored(version) == before


def test_signing_the_files_leaves_the_prints_as_they_are(alice, tmp_path):
    works = [
        out_there(alice, as_file(drawing())),
        out_there(alice, uploaded(sounding(tmp_path / "a.flac", 5, seconds=8)), "Steps"),
    ]
    for work in works:
        version = work.versions.get()
        before = stored(version)
        for rendition in version.renditions.filter(name__in=wanted(work.medium, version.rendition_names)):
            assert actions.sign_for_download(rendition=rendition).signed_at
        assert stored(version) == before
        version.fingerprints.filter(kind=Kind.EDITION).delete()
        assert actions.fingerprint_version(version_id=version.pk)
        assert stored(version) == before


def test_a_second_run_leaves_the_same_prints(alice):
    version = written(alice, "A letter", LETTER).versions.get()
    before = sorted(Fingerprint.objects.values_list("version", "kind", "place", "value"))
    Fingerprint.objects.filter(kind=Kind.EDITION).delete()
    assert actions.fingerprint_version(version_id=version.pk)
    assert sorted(Fingerprint.objects.values_list("version", "kind", "place", "value")) == before
    assert not actions.fingerprint_version(version_id=version.pk)


def test_the_command_fills_in_what_was_prepared_earlier(alice, bob, finish_jobs, capsys):
    source = a_text(alice, LETTER)
    draft = written(bob, "Mine", LETTER)
    text = published(alice)
    Fingerprint.objects.all().delete()
    Likeness.objects.all().delete()
    with finish_jobs():
        call_command("fingerprint_works", most=2)
    assert "2 queued, 1 left" in capsys.readouterr().out
    with finish_jobs():
        call_command("fingerprint_works")
    assert "1 queued, 0 left" in capsys.readouterr().out
    done = Fingerprint.objects.filter(kind=Kind.EDITION, value=EDITION)
    assert set(done.values_list("version__contribution", flat=True)) == {source.pk, draft.pk, text.pk}
    assert asked_about(draft) == [source.pk]
    with pytest.raises(CommandError):
        call_command("fingerprint_works", most=0)


def test_a_version_whose_files_are_gone_has_no_prints_and_counts_as_done(alice):
    work = a_text(alice, LETTER)
    version = work.versions.get()
    Fingerprint.objects.all().delete()
    version.renditions.all().delete()
    assert actions.fingerprint_version(version_id=version.pk)
    assert not Fingerprint.objects.exclude(kind=Kind.EDITION).exists()
