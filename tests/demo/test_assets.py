"""The demo's data agrees with itself, and its makers write what they promise, the same each time. No database."""

import hashlib
import itertools
import subprocess
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import imageio_ffmpeg
import pytest
from PIL import Image

from hitrecord.demo import cast, crew, writing
from hitrecord.demo.studio import make_all
from hitrecord.demo.works import BY_KEY, CHAIN, HEIRS, WORKS
from hitrecord.demo.works.spec import Work
from hitrecord.demo.world import challenges, cuts, money, periods, projects, rounds, talk

ALL_WORKS: tuple[Work, ...] = WORKS + crew.CREW_WORKS
KEYS = {work.key for work in ALL_WORKS}
PEOPLE = {person.handle for person in cast.EVERYONE}
CREW = {person.handle for person in crew.CREW}
PROJECTS = {project.key for project in projects.PROJECTS} | {project.key for project in rounds.CANDIDATES}


def test_the_cast_has_the_five_names_that_documents_and_tests_use() -> None:
    powers = {person.handle: set(person.powers) for person in cast.EVERYONE}
    assert {"alice", "bob", "charlie", "sam", "dana"} <= powers.keys()
    assert powers["sam"] >= {"curator", "producer", "drafter"}
    assert powers["dana"] >= {"approver", "finance", "moderator"}
    assert "approver" not in powers["sam"], "who drafts a statement must not approve it"
    assert not powers["alice"] | powers["bob"] | powers["charlie"]


def test_every_handle_is_used_once_and_every_time_zone_exists() -> None:
    people = cast.EVERYONE + crew.CREW
    assert len({person.handle for person in people}) == len(people)
    for person in people:
        assert ZoneInfo(person.time_zone)
        assert person.handle.replace("-", "").isalnum()
        assert person.handle.isascii()


def test_sources_come_before_the_works_that_use_them_so_there_is_no_circle() -> None:
    seen: set[str] = set()
    for work in ALL_WORKS:
        for source in work.sources:
            assert source.work in seen, f"{work.key} stands before its source {source.work}"
            assert source.note
        assert work.key not in seen
        seen.add(work.key)


def test_no_work_gives_away_more_than_its_sources_allow() -> None:
    licences = {work.key: work.licence for work in ALL_WORKS}
    for work in ALL_WORKS:
        for source in work.sources:
            if source.kind != "inspired":
                assert work.licence in HEIRS[licences[source.work]], f"{work.key} takes from {source.work}"


def test_the_chain_goes_through_five_people_and_four_media() -> None:
    chain = [BY_KEY[key] for key in CHAIN]
    assert len({work.artist for work in chain}) == 5
    assert {work.medium for work in chain} == {"text", "image", "audio", "video"}
    for earlier, later in itertools.pairwise(chain):
        assert earlier.key in {source.work for source in later.sources}


def test_everybody_who_speaks_or_likes_is_somebody_else_in_the_cast() -> None:
    for work in WORKS:
        assert work.artist in PEOPLE
        assert {comment.author for comment in work.comments} <= PEOPLE
        assert work.artist not in work.hearts
        assert set(work.hearts) <= PEOPLE
        assert len(set(work.hearts)) == len(work.hearts)
        for recommendation in work.recommendations:
            assert recommendation.author in PEOPLE - {work.artist}
            assert recommendation.to in PROJECTS | {"curators"}


def test_pictures_and_films_have_words_for_those_who_cannot_see_them() -> None:
    assert all(work.alt for work in ALL_WORKS if work.medium in ("image", "video"))


def test_staff_have_no_work_and_so_may_draft_and_approve() -> None:
    assert not {work.artist for work in ALL_WORKS} & {person.handle for person in cast.STAFF}


def test_the_worlds_names_all_mean_something() -> None:
    for project in projects.PROJECTS + rounds.CANDIDATES:
        assert {project.cover, *project.pitch_works} <= KEYS
        assert {considered.work for considered in project.considered} <= KEYS
        assert project.pitched_by in PEOPLE
    for challenge in challenges.CHALLENGES:
        assert {entry.work for entry in challenge.entries} | set(challenge.materials) <= KEYS
        assert challenge.opens_day < challenge.closes_day < challenge.review_ends_day <= challenge.results_day
        for entry in challenge.entries:
            for reviewer, marks, _ in entry.reviews:
                assert reviewer != BY_KEY[entry.work].artist
                assert len(marks) == len(challenge.criteria)
    for ballot in rounds.ROUND.ballots:
        assert set(ballot.approves) <= {candidate.key for candidate in rounds.CANDIDATES}


def test_a_challenge_of_each_phase_is_there() -> None:
    assert {challenge.phase for challenge in challenges.CHALLENGES} == {"open", "reviewing", "closed"}


@pytest.mark.parametrize("cut", cuts.CUTS, ids=lambda cut: cut.project)
def test_a_cue_sheet_is_fit_to_be_measured(cut: cuts.Cut) -> None:
    assert sum(section.share_bps for section in cut.sections) == 10_000
    units: dict[tuple[str, str], str] = {}
    for cue in cut.cues:
        assert cue.work in KEYS
        assert cue.section in {section.key for section in cut.sections}
        assert cue.quantity > 0
        assert units.setdefault((cue.section, cue.department), cue.unit) == cue.unit
        if cue.start_ms is not None and cue.duration_ms is not None:
            assert cue.start_ms + cue.duration_ms <= cut.duration_ms


def test_no_cue_counts_more_words_than_were_written() -> None:
    for cut in cuts.CUTS:
        for cue in cut.cues:
            argument = {work.key: work.argument for work in WORKS}.get(cue.work)
            if cue.unit == "words" and argument:
                assert cue.quantity <= writing.words(argument), cue.work


def test_the_episode_credits_dozens() -> None:
    artists = {work.key: work.artist for work in ALL_WORKS}
    assert len({artists[cue.work] for cue in cuts.WINDOWS_EPISODE.cues} & CREW) >= 60


def test_locked_cuts_use_only_works_that_may_be_used_in_productions() -> None:
    """The whole cone counts: what a used work was made from has to allow it too."""
    works = {work.key: work for work in ALL_WORKS}

    def cone(key: str) -> set[str]:
        return {key}.union(*(cone(source.work) for source in works[key].sources if source.kind != "inspired"))

    for cut in cuts.CUTS:
        for key in {cue.work for cue in cut.cues}:
            for ancestor in cone(key):
                assert works[ancestor].production == "yes"
                assert works[ancestor].licence != "CC-BY-NC-4.0"


def test_the_money_adds_up_and_every_transaction_has_one_name() -> None:
    names = [(row.provider, row.transaction) for period in periods.PERIODS for row in period.income]
    assert len(set(names)) == len(names)
    assert periods.DRAFT.gross_cents == 1_840_000
    assert periods.DRAFT.cost_cents == 426_000
    for period in periods.PERIODS:
        assert period.net_cents > period.cost_cents
        assert all(period.from_day <= row.day <= period.to_day for row in (*period.income, *period.costs))


def test_reports_are_written_as_a_provider_would_send_them() -> None:
    lines = money.revenue_csv(periods.DRAFT, date(2026, 11, 23)).splitlines()
    assert lines[0] == "provider,transaction,date,channel,kind,amount,currency"
    assert lines[1] == "nordsee-tv,NT-55-0192,2026-08-14,television,sale,12000.00,USD"
    assert money.cost_csv(periods.PAID, date(2026, 11, 23)).count("\n") == len(periods.PAID.costs) + 1


def test_of_two_objections_one_is_answered_and_one_is_open() -> None:
    assert [objection.answer is not None for objection in talk.DRAFT_OBJECTIONS] == [True, False]


SAMPLE = ("keepers-letter", "lamp-study", "kettle", "lamp-motor", "slipway", "window-adaeze-obi", "window-bram-de-wit")


def _sums(folder: Path) -> dict[str, str]:
    sample = [work for work in ALL_WORKS if work.key in SAMPLE]
    made = {work.key: path for work, path in make_all(sample, folder, processes=2)}
    return {key: hashlib.sha256(path.read_bytes()).hexdigest() for key, path in made.items()}


def test_the_same_seed_writes_the_same_bytes(tmp_path: Path) -> None:
    first = _sums(tmp_path / "one")
    assert set(first) == set(SAMPLE)
    assert first == _sums(tmp_path / "two")


def test_a_picture_is_large_enough_to_print_small_and_does_not_weigh_much(tmp_path: Path) -> None:
    path = tmp_path / "chart-40.png"
    BY_KEY["chart-40"].make(path)
    with Image.open(path) as picture:
        assert max(picture.size) >= 1200
        assert len(set(picture.convert("L").resize((60, 40)).tobytes())) > 20
    assert path.stat().st_size < 2_000_000


def test_a_film_can_be_decoded_to_the_end_with_its_sound(tmp_path: Path) -> None:
    path = tmp_path / "title-shapes.mp4"
    BY_KEY["title-shapes"].make(path)
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-nostdin", "-xerror", "-i", str(path), "-f", "null", "-"]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stderr
    assert "960x540" in told
    assert "Audio: aac" in told
    assert "time=00:00:08.0" in told


@pytest.mark.parametrize("work", WORKS, ids=lambda work: work.key)
def test_every_recipe_can_be_found(work: Work) -> None:
    assert callable(work.maker())
