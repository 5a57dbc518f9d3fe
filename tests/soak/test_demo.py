"""The demo's story is told, and its books go to other tools: each cent of it as hledger and beancount add it up.

What a work is made of moves no money. So in the suite each work is the same few words and the chapters that lead to
money are told alone; whole, every picture, sound and film is made and prepared, and everything is told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from hitrecord.demo.story import Stage, works
from hitrecord.demo.story.tell import CHAPTERS
from hitrecord.demo.works.spec import Work
from royalties.checks import run_checks
from royalties.models import JournalEntry
from tests.royalties.journals import both_agree_with_us
from tests.royalties.payees import SEPA_ACCOUNT
from tests.soak.chance import tell
from tests.support.prepared import known_texts

TO_MONEY = ("people", "works", "projects", "money", "panel", "shop")


def in_few_words(specs: Iterable[Work], folder: Path) -> Iterator[tuple[Work, Path]]:
    """Every work with the same text in place of its file."""
    folder.mkdir(parents=True, exist_ok=True)
    for spec in specs:
        path = folder / f"{spec.key}.txt"
        path.write_text("The lamp is lit.", encoding="utf-8")
        yield spec, path


def test_the_books_of_the_demo_are_sound_here_in_hledger_and_in_beancount(
    committed_db: str,
    hledger: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    settings: Any,
    size: Callable[[int, int], int],
) -> None:
    # As bin/up does: one artist is paid on a bank account, in another currency if it is enough to be sent.
    settings.SEPA_ACCOUNT = SEPA_ACCOUNT
    is_whole = bool(size(0, 1))
    if not is_whole:
        monkeypatch.setattr(works, "make_all", in_few_words)
    stage = Stage(folder=tmp_path / "made", say=tell)
    with known_texts():
        for name, chapter in CHAPTERS:
            if is_whole or name in TO_MONEY:
                tell(f"{name} …")
                chapter(stage)
    kinds = set(JournalEntry.objects.values_list("kind", flat=True))
    assert {"statement_allocation", "payout_submitted", "payout_settled"} <= kinds
    assert [found for found in run_checks() if found[1]] == []
    both_agree_with_us(hledger, tmp_path)
