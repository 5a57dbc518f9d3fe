"""A fee that comes with a refund: a fact beside the fee of the sale, and less of a fee where the channel gives it back."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError

from royalties import actions, ledger
from royalties.checks import run_checks
from royalties.exceptions import WrongState
from royalties.models import Income, Intake
from tests.royalties.conftest import REVENUE, balances_add_up
from tests.royalties.reports import booked, mapping, shop_rows, taken

RULES = {
    "provider": "store", "id_columns": ["id"], "day_column": "day", "amount_column": "amount", "currency": "USD",
    "production_columns": ["film"], "channel": "store", "fee_column": "fee", "kind_column": "kind",
    "negative": "refund", "kinds": {"sold": "sale", "back": "refund", "charge": "fee", "returned": "rebate"},
}  # fmt: skip


def store(actor: Any, **change: str) -> str:
    """The name of a mapping of the store."""
    actions.add_mapping(actor=actor, name="Store", kind="revenue", rules={**RULES, **change})
    return "Store"


def rows(*given: str, film: str = "The Lid") -> bytes:
    """A report of the store, such as "1,sold,10.00,0.50"."""
    return ("id,kind,amount,fee,day,film\n" + "".join(f"{row},2026-08-15,{film}\n" for row in given)).encode()


def balances(production: Any, provider: str = "store") -> tuple[int, int, int]:
    """What the channel owes us, what it kept, and what was given back to buyers."""
    codes = (f"clearing:{provider}:USD", *(f"{code}:USD" for code in of(production)))
    clearing, fee, refunds = (ledger.balance(code).amount_minor for code in codes)
    return clearing, fee, refunds


def of(production: Any) -> tuple[str, str]:
    return f"expense:pr{production.pk}:fee", f"revenue:pr{production.pk}:refunds"


def breaches() -> list[str]:
    return [breach for _name, found in run_checks() for breach in found]


def problems(intake: Intake) -> dict[int, str]:
    assert intake.status == "refused"
    return dict(intake.problems)


# --- one number, a sale and its refund ---


def test_a_sale_and_its_refund_of_one_number_leave_no_fee(production: Any, dana: Any) -> None:
    report = booked(dana, shop_rows("album;1;10.00;0.50", "refund;1;-10.00;-0.50"))
    assert (report.status, report.done_count) == ("done", 4)
    assert report.totals == {"USD": {"sale": 1_000, "refund": 1_000, "fee": 50, "rebate": 50}}
    assert balances(production, "bandcamp") == (0, 0, 1_000)
    assert breaches() == []
    balances_add_up()


@pytest.mark.parametrize("part", [1, 200])
def test_it_is_the_same_in_parts(production: Any, dana: Any, monkeypatch: pytest.MonkeyPatch, part: int) -> None:
    from royalties.actions import reports

    monkeypatch.setattr(reports, "PART", part)
    booked(dana, shop_rows("album;1;10.00;0.50", "refund;1;-10.00;-0.50"))
    assert balances(production, "bandcamp") == (0, 0, 1_000)


def test_a_refund_of_the_next_month_brings_its_fee_back_and_what_overlaps_is_known(production: Any, dana: Any) -> None:
    booked(dana, shop_rows("album;1;10.00;0.50"))
    second = booked(dana, shop_rows("album;1;10.00;0.50", "refund;1;-10.00;-0.50"))
    assert (second.known_count, second.done_count) == (2, 2)
    assert balances(production, "bandcamp") == (0, 0, 1_000)
    third = taken(dana, shop_rows("album;1;10.00;0.50", "refund;1;-10.00;-0.50", "2;5.00;"))
    assert (third.known_count, third.totals) == (4, {"USD": {"sale": 500}})
    fourth = taken(dana, shop_rows("album;1;10.00;0.50", "refund;1;-10.00;-0.40"))
    assert "known with other figures" in problems(fourth)[3]


def test_a_chargeback_may_cost_a_further_fee(production: Any, dana: Any) -> None:
    booked(dana, shop_rows("album;1;10.00;0.50", "chargeback;1;-10.00;15.00"))
    assert balances(production, "bandcamp") == (-1_550, 1_550, 1_000)
    assert sorted(Income.objects.filter(kind="fee").values_list("amount_minor", flat=True)) == [50, 1_500]


def test_what_is_given_back_is_taken_back_like_any_income(production: Any, dana: Any, sam: Any) -> None:
    booked(dana, shop_rows("album;1;10.00;0.50", "refund;1;-10.00;-0.50"))
    actions.reverse_income(actor=sam, income=Income.objects.get(kind="rebate"), reason="It was none.")
    assert balances(production, "bandcamp") == (-50, 50, 1_000)
    assert breaches() == []


# --- which sign a fee has ---


@pytest.mark.parametrize("sign", ["", "-"])
def test_the_sales_of_the_file_show_the_sign_of_a_fee(production: Any, dana: Any, sign: str) -> None:
    other = "" if sign else "-"
    booked(dana, rows(f"r1,back,-10.00,{other}0.50", f"s1,sold,10.00,{sign}0.50"), store(dana))
    assert balances(production) == (0, 0, 1_000)


def test_a_fee_without_a_sale_that_shows_its_sign_is_refused_by_its_line(production: Any, dana: Any) -> None:
    report = taken(dana, rows("s1,sold,10.00,", "r1,back,-10.00,-0.50"), store(dana))
    assert "let the mapping say it" in problems(report)[3]
    told = actions.add_mapping(actor=dana, name="Store", kind="revenue", rules={**RULES, "fee_sign": "plus"})
    assert told.version == 2
    actions.drop_report(actor=dana, intake=report)
    booked(dana, rows("s1,sold,10.00,", "r1,back,-10.00,-0.50"), "Store")
    assert balances(production) == (50, -50, 1_000)


def test_sales_whose_fees_have_both_signs_are_refused_by_line_unless_the_mapping_tells(
    production: Any, dana: Any
) -> None:
    content = rows("s1,sold,10.00,-0.50", "s2,sold,10.00,0.20", "s3,sold,10.00,-0.50")
    report = taken(dana, content, store(dana))
    assert list(problems(report)) == [3]
    actions.drop_report(actor=dana, intake=report)
    booked(dana, content, store(dana, fee_sign="minus"))
    assert balances(production) == (2_920, 80, 0)


def test_fees_in_rows_of_their_own_are_told_by_the_first_of_them(production: Any, dana: Any) -> None:
    name = store(dana)
    booked(dana, rows("1,sold,10.00,", "1,charge,-0.50,"), name)
    booked(dana, rows("2,sold,10.00,", "2,charge,0.50,"), name)
    assert balances(production) == (1_900, 100, 0)
    report = taken(dana, rows("3,charge,-0.50,", "4,charge,0.20,"), name)
    assert list(problems(report)) == [3]
    booked(dana, rows("3,charge,-0.50,", "4,charge,0.20,", "5,returned,0.10,"), store(dana, fee_sign="minus"))
    assert balances(production) == (1_900 - 50 + 20 + 10, 100 + 50 - 20 - 10, 0)


def test_what_is_net_of_its_fee_is_reckoned_both_ways(production: Any, dana: Any) -> None:
    booked(dana, rows("1,sold,9.50,0.50", "1,back,-9.50,-0.50", "2,back,-25.00,15.00"), store(dana, amount_is="net"))
    assert balances(production) == (-2_500, 1_500, 2_000)
    report = taken(dana, rows("3,sold,9.50,0.50", "3,back,-1.00,15.00"), "Store")
    assert "more than what it gives back" in problems(report)[3]


def test_rows_that_are_added_up_are_added_with_their_signs(production: Any, dana: Any) -> None:
    content = rows("1,sold,10.00,0.504", "1,sold,5.00,0.254", "2,back,-3.00,-0.104", "2,back,-2.00,0.30")
    booked(dana, content, store(dana, rows="add"))
    assert balances(production) == (1_500 - 500 - 76 - 20, 76 + 20, 500)


def test_a_fee_given_back_with_what_matches_nothing_is_a_problem(production: Any, dana: Any) -> None:
    report = taken(dana, rows("1,sold,10.00,-0.50", film="Nothing"), store(dana, fee_sign="plus"))
    assert "matches no production" in problems(report)[2]


# --- doubles within a file ---


@pytest.mark.parametrize(
    ("given", "line"),
    [
        (["1,sold,10.00,0.50", "1,charge,0.50,"], 3),
        (["1,sold,10.00,0.50", "1,sold,-4.00,", "1,back,4.00,"], 4),
        (["1,sold,10.00,0.50", "1,sold,11.00,0.60"], 3),
    ],
)
def test_what_stands_twice_in_a_file_is_named_by_its_line(
    production: Any, dana: Any, given: list[str], line: int
) -> None:
    report = taken(dana, rows(*given), store(dana))
    assert list(problems(report)) == [line]
    assert report.problem_count == 1


def test_a_fee_that_waits_with_its_sale_does_not_stand_beside_it_once_more(production: Any, dana: Any) -> None:
    content = rows("1,sold,10.00,0.50", film="Nothing") + b"1,charge,0.50,,2026-08-15,The Lid\n"
    assert list(problems(taken(dana, content, store(dana)))) == [3]


def test_a_sale_and_a_refund_of_one_number_may_be_told_by_their_sign_alone(production: Any, dana: Any) -> None:
    booked(dana, rows("1,sold,10.00,0.50", "1,sold,-10.00,-0.50"), store(dana))
    assert balances(production) == (0, 0, 1_000)


# --- as it was booked before, or by our own columns ---


def ours(actor: Any, production: Any, *given: str) -> None:
    lines = [f"store,{row},USD,2026-08-15,{production.pk}\n" for row in given]
    content = (REVENUE + "".join(lines)).encode()
    actions.import_csv(actor=actor, kind="revenue", name="ours.csv", content=content)


def test_a_refunds_fee_that_stands_under_the_refunds_number_is_known(production: Any, dana: Any, sam: Any) -> None:
    ours(sam, production, "r1,store,refund,10.00", "r1,store,fee,15.00", "r2,store,refund,1.00", "r2,store,rebate,0.05")
    content = rows("1,sold,10.00,0.50", "r1,back,-10.00,15.00", "r2,back,-1.00,-0.05")
    assert booked(dana, content, store(dana)).known_count == 4
    assert balances(production) == (950 - 2_500 - 95, 50 + 1_500 - 5, 1_100)


def test_what_was_booked_as_a_further_fee_is_taken_back_before_it_is_given_back(
    production: Any, dana: Any, sam: Any
) -> None:
    ours(sam, production, "r1,store,refund,10.00", "r1,store,fee,0.50")
    content = rows("1,sold,10.00,0.50", "r1,back,-10.00,-0.50")
    report = taken(dana, content, store(dana))
    assert "take that back first" in problems(report)[3]
    actions.reverse_income(actor=sam, income=Income.objects.get(kind="fee"), reason="It was given back.")
    actions.look_again(actor=dana, intake=report)
    actions.book_report(actor=dana, intake=report)
    actions.run_report(intake_id=report.pk)
    assert balances(production) == (0, 0, 1_000)
    assert breaches() == []


# --- a way out ---


def test_what_the_database_refuses_stops_the_report_in_words(
    production: Any, dana: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from royalties.actions import reports

    def refuses(*_given: Any) -> None:
        raise IntegrityError("duplicate key\nDETAIL: it is there already")

    monkeypatch.setattr(reports, "_write_incomes", refuses)
    report = taken(dana, shop_rows("1;10.00;0.50"))
    actions.book_report(actor=dana, intake=report)
    actions.run_report(intake_id=report.pk)
    report.refresh_from_db()
    assert (report.status, report.source) == ("refused", None)
    assert report.problems == [[0, "The database refuses a row: duplicate key DETAIL: it is there already"]]
    actions.drop_report(actor=dana, intake=report)


def test_a_report_whose_worker_is_silent_can_be_dropped(production: Any, dana: Any) -> None:
    report = taken(dana, shop_rows("1;10.00;0.50"))
    actions.book_report(actor=dana, intake=report)
    with pytest.raises(WrongState, match="Being booked"):
        actions.drop_report(actor=dana, intake=report)
    late = dt.datetime.now(dt.UTC) + dt.timedelta(minutes=4)
    actions.drop_report(actor=dana, intake=report, now=late)
    actions.run_report(intake_id=report.pk)
    assert not Income.objects.exists()
    assert taken(dana, shop_rows("1;10.00;0.50")).mapping == mapping()
