"""Reports by mapping: booked once, refused by line, gone on with after a kill."""

import datetime as dt
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from profiles.models import Event
from royalties import actions, checking, ledger
from royalties.exceptions import ImportRefused, NotAllowed, RoyaltiesRefused, WrongState
from royalties.models import Cost, Import, Income, Intake, JournalEntry, Mapping, Suspense
from royalties.postings import Line, key_of
from tests.royalties.conftest import balances_add_up, film_of, revenue_csv
from tests.royalties.reports import BILLS, NAMES_SALES, SHOP, booked, mapping, shop_rows, taken


def shop_balance(production: Any, channel: str = "bandcamp") -> int:
    return ledger.balance(f"revenue:pr{production.pk}:{channel}:USD").amount_minor


def test_nothing_is_booked_by_looking(production: Any, dana: Any) -> None:
    intake = taken(dana, shop_rows("1;1,010.00;0.50", "2;5.00;"))
    assert (intake.status, intake.row_count, intake.problems) == ("ready", 3, [])
    assert intake.totals == {"USD": {"sale": 101_500, "fee": 50}}
    assert intake.preview[0]["production"] == str(production)
    assert ledger.trial_balance() == {}


def test_a_report_goes_into_the_ledger_with_its_fees(production: Any, dana: Any) -> None:
    intake = booked(dana, shop_rows("1;10.00;0.50", "2;5.00;"))
    assert (intake.status, intake.done_count, intake.percent) == ("done", 3, 100)
    assert shop_balance(production) == -1_500
    assert ledger.balance(f"expense:pr{production.pk}:fee:USD").amount_minor == 50
    assert intake.source is not None
    assert intake.source.mapping == mapping()
    balances_add_up()


def test_the_same_file_again_says_so_and_books_nothing(production: Any, dana: Any) -> None:
    booked(dana, shop_rows("1;10.00;0.50"))
    with pytest.raises(ImportRefused, match="This very file was taken in"):
        taken(dana, shop_rows("1;10.00;0.50"))
    assert Income.objects.count() == 2


def test_a_file_under_way_is_returned_as_it_is(production: Any, dana: Any) -> None:
    first = taken(dana, shop_rows("1;10.00;0.50"))
    assert taken(dana, shop_rows("1;10.00;0.50")) == first


def test_overlapping_files_book_only_what_is_new(production: Any, dana: Any) -> None:
    booked(dana, shop_rows("1;10.00;0.50", "2;5.00;"))
    second = booked(dana, shop_rows("2;5.00;", "3;7.00;"))
    assert (second.row_count, second.known_count) == (2, 1)
    assert shop_balance(production) == -2_200


def test_a_known_row_with_other_figures_is_refused_by_line_and_nothing_is_booked(production: Any, dana: Any) -> None:
    booked(dana, shop_rows("1;10.00;0.50"))
    second = taken(dana, shop_rows("3;7.00;", "1;10.01;0.50"))
    assert (second.status, [line for line, _reason in second.problems]) == ("refused", [3])
    with pytest.raises(WrongState):
        actions.book_report(actor=dana, intake=second)
    assert shop_balance(production) == -1_000


def test_a_negative_amount_is_a_refund_where_the_mapping_says_so(production: Any, dana: Any) -> None:
    booked(dana, shop_rows("1;10.00;", "refund;2;-4.00;"))
    assert ledger.balance(f"revenue:pr{production.pk}:refunds:USD").amount_minor == 400


def test_each_bad_row_is_named(production: Any, dana: Any) -> None:
    content = shop_rows("1;=SUM(A1);", "2;1.2E+05;", "3;10,00;", "gift;4;1.00;", "5;1.005;", "6;10.00;", "6;11.00;")
    intake = taken(dana, content)
    assert (intake.status, [line for line, _reason in intake.problems]) == ("refused", [2, 3, 4, 5, 6, 8])
    assert "formula" in intake.problems[0][1]
    assert ledger.trial_balance() == {}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "no line names the columns"),
        (SHOP.encode() + b"8/15/26 1:45am,album,K\xe4se,USD,1.00,,1\n", "is no utf-8 text"),
        (shop_rows("1;1.00;").decode().encode("utf-16-le"), "UTF-16 without its mark"),
        (SHOP.encode() + b'8/15/26 1:45am,album,"The Lid,USD,1.00,,1\n', "quotes are broken"),
        (SHOP.encode(), "no rows that mean money"),
        (SHOP.encode() + b"8/15/26 1:45am,album,The Lid,USD,1,000.00,,1\n", "more cells than the header"),
        (SHOP.encode() + b"8/15/26 1:45am,album,The Lid,XQQ,1.00,,1\n", "not an ISO 4217"),
        (SHOP.encode() + b"15.8.2026,album,The Lid,USD,1.00,,1\n", "not a day like"),
        (SHOP.encode() + b"8/15/26 1:45am,album,=cmd,USD,1.00,,1\n", "like a formula"),
        (SHOP.encode() + b"8/15/26 1:45am,album,The Lid,USD,1.00,,\n", "no id"),
        (SHOP.encode() + b'8/15/26 1:45am,album,The Lid,USD,"10,000,000,000,000.01",,1\n', "more than one line"),
        (SHOP.encode() + b'8/15/26 1:45am,album,The Lid,USD,1.00,"10,000,000,000,000.01",1\n', "more than one line"),
        (SHOP.encode() + b"8/15/26 1:45am,album," + b"x" * 140_000 + b",USD,1.00,,1\n", "a cell is far too long"),
        (SHOP.encode() + b"8/15/26 1:45am,album,The\0Lid,USD,1.00,,1\n", "U+0000"),
    ],
)
def test_what_cannot_be_read_is_said_plainly(production: Any, dana: Any, content: bytes, words: str) -> None:
    intake = taken(dana, content)
    assert intake.status == "refused"
    assert any(words in reason for _line, reason in intake.problems), intake.problems


def test_lines_may_end_as_on_an_old_macintosh(production: Any, dana: Any) -> None:
    intake = taken(dana, shop_rows("1;10.00;0.50", "2;nothing;").replace(b"\n", b"\r"))
    assert [line for line, _reason in intake.problems] == [3]


def test_a_row_that_the_ledger_refuses_stops_the_report_with_its_line_and_it_can_be_dropped(
    production: Any, dana: Any
) -> None:
    content = shop_rows("1;10.00;", "2;5.00;")
    entry_under_the_key_of_the_last_sale(content)
    intake = taken(dana, content)
    actions.book_report(actor=dana, intake=intake)
    actions.run_report(intake_id=intake.pk)
    intake.refresh_from_db()
    assert (intake.status, intake.source) == ("refused", None)
    assert intake.problems[0][0] == 3
    assert "the ledger refuses it" in intake.problems[0][1]
    assert not Income.objects.exists()
    assert actions.resume_reports(now=dt.datetime.now(dt.UTC) + dt.timedelta(days=1)) == 0
    actions.drop_report(actor=dana, intake=intake)
    assert booked(dana, shop_rows("1;10.00;")).status == "done"


def test_a_report_that_stopped_in_the_middle_can_be_dropped_and_taken_up_again(
    production: Any, dana: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from royalties.actions import reports

    monkeypatch.setattr(reports, "PART", 1)
    content = shop_rows("1;10.00;", "2;5.00;")
    entry_under_the_key_of_the_last_sale(content)
    intake = taken(dana, content)
    actions.book_report(actor=dana, intake=intake)
    actions.run_report(intake_id=intake.pk)
    intake.refresh_from_db()
    assert (intake.status, intake.done_count, Income.objects.count()) == ("stopped", 1, 1)
    actions.drop_report(actor=dana, intake=intake)
    with pytest.raises(ImportRefused, match="This very file"):
        actions.take_report(actor=dana, mapping=mapping("Festival fees"), name="r.csv", content=content)
    again = taken(dana, content)
    assert (again, again.status) == (intake, "stopped")
    mended = booked(dana, shop_rows("1;10.00;", "3;5.00;"))
    assert (mended.status, mended.known_count, shop_balance(production)) == ("done", 1, -1_500)


def test_a_file_that_came_by_the_other_door_in_the_meantime_is_not_taken_twice(production: Any, dana: Any) -> None:
    content = revenue_csv(production)
    columns = {"id_columns": ["transaction"], "day_column": "received_on", "production_columns": ["production"]}
    amounts = {"amount_column": "amount", "currency_column": "currency", "channel_column": "channel"}
    rules = {"provider": "bandcamp", **columns, **amounts}
    actions.add_mapping(actor=dana, name="Ours", kind="revenue", rules=rules)
    actions.name_production(actor=dana, provider="bandcamp", text=str(production.pk), production=production)
    intake = taken(dana, content, "Ours")
    assert intake.problems == []
    actions.book_report(actor=dana, intake=intake)
    actions.import_csv(actor=dana, kind="revenue", name="r.csv", content=content)
    entries = JournalEntry.objects.count()
    actions.run_report(intake_id=intake.pk)
    intake.refresh_from_db()
    assert (intake.status, JournalEntry.objects.count()) == ("refused", entries)
    assert "This very file" in intake.problems[0][1]


def entry_under_the_key_of_the_last_sale(content: bytes) -> None:
    """Another entry stands under the key that the sale wants, so the ledger refuses it however often it is tried."""
    sale = checking.check_report(content, mapping()).fresh[-1].row.transaction
    lines = [Line("bank:USD", 1), Line("opening:USD", -1)]
    key = key_of("inc", "bandcamp", sale)
    ledger.post_entry(kind="opening", key=key, effective_on=dt.date(2026, 8, 1), source={}, lines=lines)


@pytest.mark.parametrize("separator", [";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_other_separators_and_encodings_are_understood(
    production: Any, dana: Any, separator: str, encoding: str
) -> None:
    text = shop_rows("1;10.00;0.50").decode().replace(",", separator)
    intake = taken(dana, ("Sales report\n\n" + text).encode(encoding))
    assert (intake.problems, intake.totals) == ([], {"USD": {"sale": 1_000, "fee": 50}})


def test_thousandths_of_a_cent_are_added_up_before_they_are_rounded(production: Any, dana: Any) -> None:
    header = "Reporting Period,Store,Country,Title,ISRC,Earnings,Currency\n"
    rows = "".join(f"2026-08,Lake Music,{country},The Lid,XX1,0.00335,EUR\n" for country in ("DE", "FR", "GB"))
    content = (header + rows + "2026-08,Lake Music,SE,The Lid,XX1,1.2,EUR\n").encode()
    booked(dana, content, "Distributor")
    income = Income.objects.get()
    assert (income.amount_minor, income.channel, income.received_on) == (121, "lake-music", dt.date(2026, 8, 31))


def test_a_comma_may_stand_before_the_cents(production: Any, dana: Any) -> None:
    content = b"invoice;film;screened on;fee;currency\nF 1;The Lid;15.08.2026;1.250,50;EUR\n"
    booked(dana, content, "Festival fees")
    assert ledger.balance(f"revenue:pr{production.pk}:festival:EUR").amount_minor == -125_050


def test_a_refund_that_names_its_sale_gives_back_no_more(production: Any, dana: Any) -> None:
    actions.add_mapping(actor=dana, name="Store", kind="revenue", rules=NAMES_SALES)
    header = b"id,day,amount,film,kind,of\n"
    booked(dana, header + b"r1,2026-08-16,6.00,,back,s1\ns1,2026-08-15,10.00,The Lid,sold,\n", "Store")
    refund = Income.objects.get(kind="refund")
    assert refund.sale == Income.objects.get(kind="sale")
    more = taken(dana, header + b"r2,2026-08-17,5.00,,back,s1\nr3,2026-08-17,1.00,The Lid,back,s9\n", "Store")
    assert [line for line, _reason in more.problems] == [2, 3]
    assert "gives back more" in more.problems[0][1]
    booked(dana, header + b"r4,2026-08-17,4.00,The Lid,back,s1\n", "Store")
    balances_add_up()


def test_costs_by_mapping_wait_for_the_second_person_above_the_limit(production: Any, sam: Any) -> None:
    rows = (
        "B-1,Ferryman Post,Mix,1000.00,USD,2026-08-20,The Lid\nB-2,Print Room,Printing,40.00,USD,2026-08-20,The Lid\n"
    )
    booked(sam, (BILLS + rows).encode(), "Suppliers’ bills")
    assert [(cost.invoice, cost.counts) for cost in Cost.objects.order_by("pk")] == [("B-1", False), ("B-2", True)]
    assert ledger.balance(f"expense:pr{production.pk}:manufacture:USD").amount_minor == 4_000
    wrong = taken(sam, (BILLS + "B-3,Post,Cheese,1.00,USD,2026-08-20,Nothing\n").encode(), "Suppliers’ bills")
    assert wrong.status == "refused"


def test_a_killed_worker_loses_nothing_and_books_nothing_twice(
    production: Any, dana: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from royalties.actions import reports

    monkeypatch.setattr(reports, "PART", 2)
    intake = taken(dana, shop_rows(*(f"{number};1.00;" for number in range(7))))
    actions.book_report(actor=dana, intake=intake)
    checked = checking.check_report(bytes(intake.content), intake.mapping)
    assert reports._book_part(intake.pk, checked, checked.fresh[:2], dt.datetime.now(dt.UTC))
    assert Income.objects.count() == 2
    content = bytes(intake.content)
    intake.refresh_from_db()
    assert (bytes(intake.content), bytes(intake.source.content)) == (b"", content), "the import alone keeps the bytes"
    actions.run_report(intake_id=intake.pk)
    actions.run_report(intake_id=intake.pk)
    intake.refresh_from_db()
    assert (intake.status, intake.done_count, Income.objects.count()) == ("done", 7, 7)
    assert (Import.objects.count(), shop_balance(production)) == (1, -700)
    balances_add_up()


def test_the_bytes_of_a_file_are_read_as_often_for_many_parts_as_for_few(
    production: Any, dana: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from royalties.actions import reports

    monkeypatch.setattr(reports, "PART", 1)
    reads = []
    for rows in (["1;10.00;", "2;10.00;"], [f"{number};10.00;" for number in range(3, 12)]):
        intake = taken(dana, shop_rows(*rows))
        with CaptureQueriesContext(connection) as seen:
            actions.book_report(actor=dana, intake=intake)
            actions.run_report(intake_id=intake.pk)
        asked = [query["sql"].split(" FROM ")[0] for query in seen if query["sql"].startswith("SELECT")]
        reads.append(sum('."content"' in columns for columns in asked))
    assert reads[0] == reads[1]


def test_what_lost_its_worker_is_queued_again(production: Any, dana: Any, finish_jobs: Any) -> None:
    intake = taken(dana, shop_rows("1;1.00;"))
    actions.book_report(actor=dana, intake=intake)
    assert actions.resume_reports() == 0
    with finish_jobs():
        assert actions.resume_reports(now=dt.datetime.now(dt.UTC) + dt.timedelta(minutes=10)) == 1
    intake.refresh_from_db()
    assert intake.status == "done"


def test_a_large_file_is_looked_at_by_a_worker(
    production: Any, dana: Any, finish_jobs: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from royalties.actions import reports

    monkeypatch.setattr(reports, "LOOKED_AT_ONCE", 10)
    with finish_jobs():
        intake = actions.take_report(actor=dana, mapping=mapping(), name="r.csv", content=shop_rows("1;1.00;"))
        assert intake.status == "checking"
    intake.refresh_from_db()
    assert (intake.status, intake.row_count) == ("ready", 1)


def test_another_file_that_contradicts_in_the_meantime_stops_it(production: Any, dana: Any) -> None:
    first = taken(dana, shop_rows("1;1.00;"))
    booked(dana, shop_rows("1;2.00;"))
    actions.book_report(actor=dana, intake=first)
    actions.run_report(intake_id=first.pk)
    first.refresh_from_db()
    assert (first.status, first.problem_count) == ("refused", 1)
    assert shop_balance(production) == -200


def test_a_dropped_file_may_be_taken_again(production: Any, dana: Any) -> None:
    first = taken(dana, shop_rows("1;1.00;"))
    actions.drop_report(actor=dana, intake=first)
    assert taken(dana, shop_rows("1;1.00;")) != first


def test_members_take_no_reports(production: Any, alice: Any, dana: Any) -> None:
    with pytest.raises(NotAllowed):
        taken(alice, shop_rows("1;1.00;"))
    intake = taken(dana, shop_rows("1;1.00;"))
    with pytest.raises(NotAllowed):
        actions.book_report(actor=alice, intake=intake)


def test_a_mapping_changes_by_a_further_version(db: None, dana: Any) -> None:
    rules = {**mapping().rules, "provider": "shop"}
    second = actions.add_mapping(actor=dana, name="Music shop", kind="revenue", rules=rules)
    assert (second.version, mapping()) == (2, second)
    assert actions.add_mapping(actor=dana, name="Music shop", kind="revenue", rules=rules) == second
    with pytest.raises(DatabaseError), transaction.atomic():
        Mapping.objects.update(rules={})


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"provider": "No Slug"}, "provider"),
        ({"id_columns": []}, "tell one row from another"),
        ({"decimal": ","}, "both decimals and thousands"),
        ({"currency": "USD"}, "either the currency or its column"),
        ({"kinds": {"album": "gift"}}, "one of sale"),
        ({"nonsense": "x"}, "is no rule"),
        ({"day_format": "%m/%d"}, "no year"),
        ({"kinds": "album"}, "wrong shape"),
        ({"channel": "refunds"}, "is no channel"),
        ({"encoding": "rot13"}, "encoding"),
    ],
)
def test_a_wrong_mapping_is_refused_in_words(db: None, dana: Any, change: Any, words: str) -> None:
    rules = {**mapping().rules, **change}
    with pytest.raises(RoyaltiesRefused, match=words):
        actions.add_mapping(actor=dana, name="Wrong", kind="revenue", rules=rules)


def test_a_name_once_given_is_understood_from_then_on(production: Any, dana: Any, sam: Any) -> None:
    intake = taken(dana, shop_rows("1;1.00;", title="LID the"))
    assert intake.suspense_count == 1
    actions.name_production(actor=sam, provider="bandcamp", text="Lid  The", production=production)
    actions.name_production(actor=sam, provider="bandcamp", text="lid the", production=production)
    actions.name_production(actor=sam, provider="bandcamp", text="LID THE ", production=production)
    assert Intake.objects.get().suspense_count == 1
    again = booked(dana, shop_rows("2;1.00;", title="LID the"))
    assert (again.suspense_count, Suspense.objects.count()) == (0, 0)
    assert JournalEntry.objects.count() == 1


def test_a_name_that_was_given_to_the_wrong_film_is_corrected_by_a_further_one(
    production: Any, alice: Any, bob: Any, sam: Any, dana: Any
) -> None:
    other = film_of(alice, bob, sam, title="The Spoon")
    facts = {"actor": sam, "provider": "bandcamp"}
    wrong = actions.name_production(**facts, text="Deckel", production=other)
    booked(dana, shop_rows("1;1.00;", title="Deckel"))
    right = actions.name_production(**facts, text="deckel ", production=production)
    assert actions.name_production(**facts, text="Deckel", production=production) == right != wrong
    booked(dana, shop_rows("2;2.00;", title="Deckel"))
    assert list(Income.objects.order_by("pk").values_list("production", flat=True)) == [other.pk, production.pk]
    assert Event.objects.filter(verb="royalties.production_named").latest("pk").payload == {
        "production": production.pk,
        "instead_of": other.pk,
    }
    back = actions.name_production(**facts, text="Deckel", production=other)
    assert back not in {right, wrong}
    assert taken(dana, shop_rows("3;2.00;", title="Deckel")).preview[0]["production"] == str(other)


def test_the_bench_measures_what_it_says(db: None) -> None:
    from tests.bench import intake

    figures = {figure.name: figure for figure in intake.measure(rows=40)}
    assert set(figures) == {"look_s", "book_rows_per_s", "lock_longest_s", "again_s"}
    assert all(figure.holds for figure in figures.values())
