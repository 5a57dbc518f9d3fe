"""Anybody can count the published ballots again and comes to the same tally."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projects import ballots
from projects.ballots import Ballot, BallotsRefused, tally

CANDIDATES = ["11", "12", "13"]


def paper(receipt, *approves):
    return Ballot(receipt, frozenset(approves))


def test_each_approval_counts_once_and_the_most_approved_stand_first():
    result = tally([paper("a", "11", "12"), paper("b", "12"), paper("c", "13", "12")], CANDIDATES)
    assert result.voters == 3
    assert [(s.candidate, s.rank, s.approvals, s.approval_bps) for s in result.standings] == [
        ("12", 1, 3, 10_000),
        ("11", 2, 1, 3333),
        ("13", 2, 1, 3333),
    ]
    assert result.leaders == ["12"]


def test_a_paper_without_a_mark_is_no_voter():
    assert tally([paper("a"), paper("b", "11")], CANDIDATES).voters == 1


def test_a_round_without_votes_has_no_leader():
    result = tally([], CANDIDATES)
    assert (result.voters, result.leaders) == (0, [])
    assert {s.rank for s in result.standings} == {1}


def test_it_refuses_a_receipt_that_appears_twice():
    with pytest.raises(BallotsRefused, match="appears twice"):
        tally([paper("a", "11"), paper("a", "12")], CANDIDATES)


def test_it_refuses_a_mark_for_somebody_who_does_not_stand():
    with pytest.raises(BallotsRefused, match="does not stand"):
        tally([paper("a", "99")], CANDIDATES)
    with pytest.raises(BallotsRefused, match="listed twice"):
        tally([], ["11", "11"])


@pytest.mark.parametrize("text", ["", "name,11\n", "receipt,11\na,yes\n", "receipt,11\na\n", "{}", '{"ballots": 3}'])
def test_it_refuses_what_is_no_published_list(text):
    with pytest.raises(BallotsRefused):
        ballots.read(text)


papers = st.dictionaries(st.text("0123456789abcdef", min_size=1, max_size=12), st.sets(st.sampled_from(CANDIDATES)))


@given(papers, st.randoms())
def test_published_files_give_the_same_tally_in_any_order(drawn, random):
    list_of = [Ballot(receipt, frozenset(approves)) for receipt, approves in drawn.items()]
    expected = tally(list_of, CANDIDATES)
    random.shuffle(list_of)
    assert tally(list_of, CANDIDATES) == expected
    for text in (ballots.to_csv(list_of, CANDIDATES), json.dumps(ballots.to_json(list_of, CANDIDATES))):
        assert tally(*ballots.read(text)) == expected


@given(papers)
def test_one_more_approval_never_lowers_a_candidate(drawn):
    list_of = [Ballot(receipt, frozenset(approves)) for receipt, approves in drawn.items()]
    before = {s.candidate: s for s in tally(list_of, CANDIDATES).standings}
    after = {s.candidate: s for s in tally([*list_of, paper("new!", "11")], CANDIDATES).standings}
    assert after["11"].approvals == before["11"].approvals + 1
    assert after["11"].rank <= before["11"].rank


def test_the_file_runs_alone_with_the_standard_library(tmp_path):
    published = tmp_path / "ballots.csv"
    published.write_text(ballots.to_csv([paper("a", "11")], CANDIDATES))
    run = subprocess.run(
        [sys.executable, "-I", str(Path(ballots.__file__)), str(published)],
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
    )
    assert json.loads(run.stdout) == tally([paper("a", "11")], CANDIDATES).as_json()
    published.write_text("nothing")
    refused = subprocess.run([sys.executable, "-I", str(Path(ballots.__file__)), str(published)], check=False)
    assert refused.returncode == 2
