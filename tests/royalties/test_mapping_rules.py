"""What the rules of a mapping may not say, and what comes of one that was kept before they said so."""

from __future__ import annotations

from typing import Any

import pytest

from royalties import actions
from royalties.exceptions import RoyaltiesRefused
from royalties.mapping import CellRefused, day_in
from royalties.models import Mapping
from tests.royalties.reports import BILLS, mapping, shop_rows, taken

COSTS = "Suppliers’ bills"


def test_a_credit_note_is_no_cost_and_no_mapping_makes_one_of_it(production: Any, dana: Any) -> None:
    with pytest.raises(RoyaltiesRefused, match="credit note"):
        actions.add_mapping(actor=dana, name="Bills", kind="cost", rules={**mapping(COSTS).rules, "negative": "refund"})
    report = taken(dana, (BILLS + "CN-1,Ferryman Post,Mix,-50.00,USD,2026-08-20,The Lid\n").encode(), COSTS)
    assert [line for line, _reason in report.problems] == [2]
    assert "credit note" in report.problems[0][1]


def test_a_mapping_kept_before_a_rule_was_made_says_what_is_wrong_with_it(production: Any, dana: Any) -> None:
    rules = {**mapping(COSTS).rules, "negative": "refund"}
    Mapping.objects.create(name="Bills", kind="cost", rules=rules, created_by=dana)
    report = taken(dana, (BILLS + "CN-1,Ferryman Post,Mix,-50.00,USD,2026-08-20,The Lid\n").encode(), "Bills")
    assert (report.status, report.problem_count) == ("refused", 1)
    assert "credit note" in report.problems[0][1]


@pytest.mark.parametrize("day_format", ["%Y-%m-%d %H:%m", "%Y-%q", "%Y-%m-%", "%Y %Y", "%%Y-%m-%d", "%Y-%m-%d\0"])
def test_a_format_that_reads_no_day_is_refused_with_the_mapping(db: None, dana: Any, day_format: str) -> None:
    rules = {**mapping().rules, "day_format": day_format}
    with pytest.raises(RoyaltiesRefused, match="format of the day"):
        actions.add_mapping(actor=dana, name="Wrong", kind="revenue", rules=rules)


@pytest.mark.parametrize(
    "day_format", ["%d. %B %Y", "%Y-%m", "%Y%j", "%d/%m/%y %I:%M %p", "%Y-%m-%dT%H:%M:%S.%f%z", "%Y-%m-%d %Z"]
)
def test_formats_that_read_days_are_taken(db: None, dana: Any, day_format: str) -> None:
    rules = {**mapping().rules, "day_format": day_format}
    assert actions.add_mapping(actor=dana, name="Right", kind="revenue", rules=rules).version == 1


def test_a_format_that_reads_no_day_kept_before_is_a_problem_and_no_crash(
    production: Any, dana: Any, finish_jobs: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from royalties.actions import reports

    monkeypatch.setattr(reports, "LOOKED_AT_ONCE", 10)
    rules = {**mapping().rules, "day_format": "%Y-%m-%d %H:%m"}
    kept = Mapping.objects.create(name="Old", kind="revenue", rules=rules, created_by=dana)
    with finish_jobs():
        intake = actions.take_report(actor=dana, mapping=kept, name="r.csv", content=shop_rows("1;1.00;"))
    intake.refresh_from_db()
    assert (intake.status, intake.problem_count) == ("refused", 1)
    assert "format of the day" in intake.problems[0][1]


def test_a_day_is_read_by_no_format_that_names_a_part_twice() -> None:
    with pytest.raises(CellRefused, match="not a day like"):
        day_in("2026-09-30 10:09", "%Y-%m-%d %H:%m")
