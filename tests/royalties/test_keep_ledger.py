"""What beat does for the ledger: heads and checkpoints, the nightly check, the look at the newest, the alarm."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
from django.db import InterfaceError, OperationalError, connection
from django.test import Client
from django.urls import reverse

from profiles.models import Event
from royalties import actions, checks, ledger
from royalties.actions import keeping
from royalties.models import Checkpoint, LedgerCheck, LedgerHead, OutboxMail
from tests.royalties.books import CREDIT, DEBIT, post_sale, usd
from tests.support.queries import cost_of

NOON = dt.datetime(2026, 5, 2, 12, tzinfo=dt.UTC)


def day(number: int, month: int = 3) -> dt.date:
    return dt.date(2026, month, number)


# --- heads ---


def test_a_head_is_published_once_a_day(db: None) -> None:
    assert not LedgerHead.objects.exists()
    entry = post_sale("a")
    head = actions.publish_head(now=NOON)
    assert (head.day, head.last_entry, head.hash) == (NOON.date(), entry.pk, entry.hash)
    post_sale("b")
    assert actions.publish_head(now=NOON) == head
    assert actions.publish_head(now=NOON + dt.timedelta(days=1)).last_entry == 2


def test_the_head_of_an_empty_ledger_is_sixty_four_noughts(db: None) -> None:
    head = actions.publish_head(now=NOON)
    assert (head.last_entry, head.hash) == (0, ledger.FIRST_HASH)
    assert list(checks.validate_heads()) == []


def test_a_visitor_reads_and_keeps_the_heads(db: None, client: Client) -> None:
    assert "Nothing published yet" in client.get(reverse("royalties:heads")).text
    assert client.get(reverse("royalties:newest_head")).text == ""
    entry = post_sale("a")
    actions.publish_head(now=NOON)
    page = client.get(reverse("royalties:heads")).text
    assert entry.hash in page
    assert "2 May 2026" in page
    assert client.get(reverse("royalties:newest_head")).text == f"2026-05-02 1 {entry.hash}\n"
    kept = client.get(reverse("royalties:heads_json")).json()
    assert kept == {"heads": [{"day": "2026-05-02", "entry": 1, "hash": entry.hash}]}
    assert reverse("royalties:heads") in client.get(reverse("royalties:money")).text


def test_the_page_of_heads_costs_the_same_for_three_days_and_for_thirty(db: None, client: Client) -> None:
    address = reverse("royalties:heads")
    for number in range(3):
        actions.publish_head(now=NOON + dt.timedelta(days=number))
    few = cost_of(client, address)
    for number in range(3, 40):
        actions.publish_head(now=NOON + dt.timedelta(days=number))
    assert cost_of(client, address) == few
    assert "Show earlier days" in client.get(address).text


# --- checkpoints and balances as of a day ---


def test_a_balance_as_of_a_day_counts_that_day_and_none_after(db: None) -> None:
    assert ledger.balance_as_of(DEBIT, day(31)) == usd(0)
    for number in (1, 15, 31):
        post_sale(f"d{number}", effective_on=day(number))
    found = [ledger.balance_as_of(DEBIT, day(number)).amount_minor for number in (1, 14, 15, 30, 31)]
    assert found == [500, 500, 1000, 1000, 1500]
    assert ledger.balance_as_of(DEBIT, dt.date(2025, 1, 1)) == usd(0)


def test_a_checkpoint_is_written_once_for_every_month_that_has_ended(db: None) -> None:
    assert actions.close_months(now=NOON) == []
    post_sale("a", effective_on=day(10))
    post_sale("b", effective_on=day(10, 4))
    post_sale("c", effective_on=day(1, 5))
    assert actions.close_months(now=NOON) == [day(31), day(30, 4)]
    shown = Checkpoint.objects.filter(account__code=DEBIT).order_by("month_end")
    assert [row.balance_minor for row in shown] == [500, 1000]
    assert actions.close_months(now=NOON) == []


def test_what_is_posted_later_for_an_earlier_day_still_counts(db: None) -> None:
    post_sale("a", effective_on=day(10))
    actions.close_months(now=NOON)
    post_sale("late", effective_on=day(5))
    assert ledger.balance_as_of(DEBIT, day(4)) == usd(0)
    assert ledger.balance_as_of(DEBIT, day(5)) == usd(500)
    assert ledger.balance_as_of(DEBIT, day(31)) == usd(1000)
    assert ledger.balance_as_of(CREDIT, day(31)) == usd(-1000)


@pytest.mark.parametrize("seed", range(6))
def test_with_any_checkpoints_a_balance_is_the_sum_of_its_lines(db: None, seed: int) -> None:
    random = Random(seed)
    posted: list[tuple[dt.date, int]] = []
    for number in range(25):
        when = dt.date(2026, 1, 1) + dt.timedelta(days=random.randrange(150))
        post_sale(f"{number}", effective_on=when)
        posted.append((when, 500))
        if random.random() < 0.3:
            actions.close_months(now=NOON - dt.timedelta(days=random.randrange(120)))
    assert Checkpoint.objects.exists()
    for _try in range(12):
        asked = dt.date(2026, 1, 1) + dt.timedelta(days=random.randrange(160))
        assert ledger.balance_as_of(DEBIT, asked) == usd(sum(minor for when, minor in posted if when <= asked))
    assert list(checks.validate_checkpoints()) == []


# --- the checks ---


def test_the_nightly_check_keeps_a_row_for_every_invariant_once_a_day(db: None, dana: Any) -> None:
    actions.open_books(actor=dana, money=usd(500), on=day(1))
    assert actions.run_nightly_check(now=NOON) == []
    rows = LedgerCheck.objects.filter(run="nightly 2026-05-02")
    assert {row.invariant for row in rows} == set(checks.NAMES)
    assert all(row.is_sound and row.last_entry == 1 for row in rows)
    actions.run_nightly_check(now=NOON + dt.timedelta(hours=1))
    assert LedgerCheck.objects.count() == len(checks.NAMES)


def test_a_nightly_check_that_was_cut_off_goes_on_where_it_stood(db: None) -> None:
    first = NOON - dt.timedelta(hours=1)
    LedgerCheck.objects.create(
        run="nightly 2026-05-02",
        invariant=checks.NAMES[0],
        breach_count=0,
        last_entry=0,
        duration_ms=1,
        checked_at=first,
    )
    actions.run_nightly_check(now=NOON)
    assert LedgerCheck.objects.count() == len(checks.NAMES)
    assert LedgerCheck.objects.get(invariant=checks.NAMES[0]).checked_at == first


def test_the_minute_leaves_large_files_to_the_night(db: None, dana: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[str] = []

    def outcomes(only: Any) -> Any:
        looked.extend(only)
        return iter(())

    monkeypatch.setattr(checks, "outcomes", outcomes)
    actions.import_csv(actor=dana, kind="rates", name="rates.csv", content=b"Date,USD,\n2026-04-30,1.1000,\n")
    actions.check_newest(now=NOON)
    assert set(looked) == {*checks.NAMES}
    looked.clear()
    monkeypatch.setattr(keeping, "SMALL_FILES", 10)
    actions.check_newest(now=NOON)
    assert set(looked) == {*checks.NAMES} - checks.OF_FILES


BROKEN = ("hash_chain", "balances", "heads")


@pytest.fixture
def crashing(monkeypatch: pytest.MonkeyPatch) -> str:
    """A check that stumbles over what it reads; the name of it."""

    def validate_balances() -> Any:
        yield "one thing is wrong"
        raise KeyError("waterfall")

    crashed = [validate_balances if checks.name_of(check) == "balances" else check for check in checks.CHECKS]
    monkeypatch.setattr(checks, "CHECKS", tuple(crashed))
    return "balances"


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The names of the invariants that are broken; of one called "killed" in their place the worker dies."""
    names = set(BROKEN)

    def outcomes(only: Any = checks.NAMES) -> Any:
        for name in only:
            if "killed" in names and name == BROKEN[-1]:
                raise SystemExit
            yield checks.Outcome(name, [f"{name} is wrong"] * (name in names), int(name in names), 1)

    monkeypatch.setattr(checks, "outcomes", outcomes)
    return names


def told() -> list[list[str]]:
    """What each alarm named."""
    alarms = Event.objects.filter(verb="royalties.ledger_broken").order_by("pk")
    return [alarm.payload["names"] for alarm in alarms]


def test_a_check_that_fails_is_a_breach_and_keeps_no_other_from_its_turn(db: None, crashing: str) -> None:
    (row,) = actions.run_nightly_check(now=NOON)
    assert (row.invariant, row.breach_count) == (crashing, 2)
    assert row.breaches == ["the check itself failed: KeyError", "one thing is wrong"]
    assert LedgerCheck.objects.count() == len(checks.NAMES)
    (again,) = checks.outcomes([crashing])
    assert again.breaches == row.breaches


def test_a_check_that_fails_in_the_database_keeps_no_other_from_its_turn(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("royalties.checks.stored.PAYOUTS", "SELECT 1 / 0")
    (row,) = actions.check_newest(now=NOON)
    assert row.breaches == ["the check itself failed: DataError"]
    assert actions.check_newest(now=NOON + dt.timedelta(minutes=1)) == [], "the same is told once a day"


@pytest.mark.usefixtures("broken")
def test_what_the_night_finds_is_told_at_once_and_the_rest_at_its_end(db: None, dana: Any) -> None:
    found = actions.run_nightly_check(now=NOON)
    assert [row.invariant for row in found] == [*BROKEN]
    assert told() == [[BROKEN[0]], [*BROKEN[1:]]]
    assert set(OutboxMail.objects.filter(recipient=dana).values_list("about", flat=True)) == {
        found[0].pk,
        found[1].pk,
    }


def test_what_a_killed_worker_found_is_told_by_it_or_by_the_next(db: None, broken: set[str]) -> None:
    broken.add("killed")
    with pytest.raises(SystemExit):
        actions.run_nightly_check(now=NOON)
    assert told() == [[BROKEN[0]]]
    broken.remove("killed")
    actions.run_nightly_check(now=NOON + dt.timedelta(hours=1))
    assert told() == [[BROKEN[0]], [BROKEN[1]], [BROKEN[2]]], "what the first run had not told it had not kept"
    assert LedgerCheck.objects.count() == len(checks.NAMES)


@pytest.mark.parametrize("check", [actions.run_nightly_check, actions.check_newest])
@pytest.mark.usefixtures("broken")
def test_no_breach_is_kept_without_its_alarm(db: None, check: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(**_words: Any) -> None:
        raise SystemExit

    monkeypatch.setattr("royalties.actions.keeping.notify", killed)
    with pytest.raises(SystemExit):
        check(now=NOON)
    assert not LedgerCheck.objects.filter(breach_count__gt=0).exists()


def test_a_sound_minute_leaves_no_row(db: None, dana: Any) -> None:
    actions.open_books(actor=dana, money=usd(500), on=day(1))
    assert actions.check_newest(now=NOON) == []
    assert not LedgerCheck.objects.exists()


def test_the_newest_of_a_large_ledger_are_looked_at_alone(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(5):
        post_sale(f"{number}")
    monkeypatch.setattr("royalties.actions.keeping.SMALL_LEDGER", 1)
    monkeypatch.setattr("royalties.actions.keeping.NEWEST", 2)
    assert actions.check_newest(now=NOON) == []
    assert [outcome.name for outcome in checks.newest_outcomes(2)][:4] == [
        "entries_are_balanced",
        "entries_have_their_lines",
        "hash_chain",
        "requests",
    ]


def test_staff_see_the_checks_in_the_admin(db: None, client: Client, dana: Any) -> None:
    post_sale("a")
    actions.run_nightly_check(now=NOON)
    client.force_login(dana)
    row = LedgerCheck.objects.get(invariant="hash_chain")
    assert "hash_chain" in client.get(reverse("admin:royalties_ledgercheck_changelist")).text
    assert "nightly 2026-05-02" in client.get(row.get_absolute_url()).text


@pytest.mark.parametrize("small", [-1, 10**9])
def test_a_connection_that_is_lost_is_no_breach(
    committed_db: str, dana: Any, monkeypatch: pytest.MonkeyPatch, small: int
) -> None:
    def validate_hash_chain(*_first: int) -> Iterator[str]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        yield "nothing"

    monkeypatch.setattr(checks, "NEWEST", (validate_hash_chain,))
    monkeypatch.setattr(checks, "CHECKS", (validate_hash_chain,))
    monkeypatch.setattr("royalties.actions.keeping.SMALL_LEDGER", small)
    with pytest.raises((OperationalError, InterfaceError)):
        actions.check_newest()
    connection.close()
    assert not LedgerCheck.objects.exists()
