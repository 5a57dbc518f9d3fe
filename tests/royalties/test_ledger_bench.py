"""The bench of the ledger at a small size, so that it does not rot; its bounds are for full size and a quiet machine."""

from __future__ import annotations

import pytest

from hitrecord.addresses import with_database
from royalties.checks import run_checks
from tests.bench import _millions, _posting
from tests.royalties.books import OF_ROWS
from tests.support.databases import Databases


@pytest.fixture
def as_bench(committed_db: str, databases: Databases, monkeypatch: pytest.MonkeyPatch) -> None:
    """The addresses that `bin/bench` has, of this test's database."""
    monkeypatch.setenv("DATABASE_OWNER_URL", with_database(databases.owner_url, committed_db))
    monkeypatch.setattr(_posting, "HORDAK", f"hordak_{committed_db}")


def test_posting_is_measured_against_hordak_and_copy(as_bench: None) -> None:
    figures = {figure.name: figure for figure in _posting.posting(rounds=1, entries=8, lines=40)}
    assert set(figures) == {
        "posts_over_hordak",
        "posts_over_hordak_held",
        "insert_over_hordak",
        "posts_per_s_together",
        "post_50k_over_copy",
        "post_50k_new_payees_s",
    }
    assert all(figure.value > 0 for figure in figures.values())
    assert {name for name, breaches in run_checks() if breaches} == {*OF_ROWS}, "no row asks for what a bench posts"


def test_the_laid_ledger_is_sound_and_read(as_bench: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_millions, "PAYEES", 200)
    figures = {figure.name: figure for figure in _millions.millions(600)}
    assert set(figures) == {"balance_ms_10m", "check_10m_s", "check_10m_mb"}


def test_what_is_laid_and_then_changed_is_found(as_bench: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_millions, "PAYEES", 200)
    _millions.lay(600)
    assert {name for name, breaches in run_checks() if breaches} == {"every_entry_is_wanted"}
    with _millions.superuser() as cursor:
        cursor.execute(
            "UPDATE royalties_journalline SET amount_minor = amount_minor + 1 WHERE entry_id = 3 AND line_no = 1"
        )
    broken = dict(found for found in run_checks() if found[1])
    assert set(broken) - {"every_entry_is_wanted"} == {"entries_are_balanced", "hash_chain", "requests", "balances"}
