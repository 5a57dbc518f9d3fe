"""A small film with a locked cut, money in, and the way from the draft to the paid cent."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest

from projects import actions as projects
from tests.contributions.works import published
from tests.support.cast import DANA_POWERS, SAM_POWERS, join

FIRST, LAST = dt.date(2026, 7, 1), dt.date(2026, 9, 30)
#: A moment after the quarter that follows.
NEW_YEAR = dt.datetime(2027, 1, 4, tzinfo=dt.UTC)
#: What a test that rolls back may find in its database when it begins, each further than the one before.
SCENES = ("production", "draft", "open_statement", "posted")
REVENUE = "provider,transaction,channel,kind,amount,currency,received_on,production\n"
COSTS = "invoice,supplier,category,amount,currency,paid_on,production\n"


def film_of(alice: Any, bob: Any, sam: Any, *, title: str = "The Lid") -> Any:
    """A film whose cut holds a poem by alice and two works of bob, one of them made from it."""
    poem = published(alice, "Kettle", production_permission="yes")
    song = published(bob, "Steam", production_permission="yes", sources=[(poem, "adapts")])
    drawing = published(bob, "Lid, drawn", production_permission="yes")
    project = projects.pitch_project(actor=alice, title=title, kind="film", logline="A kettle looks for its lid.")
    projects.green_light(actor=sam, project=project, reason="It made us laugh.")
    production = projects.start_production(actor=sam, project=project)[0]
    cut = projects.new_cut(actor=sam, production=production)
    place(cut, sam, poem, "writing", "poem", "words", 120)
    place(cut, sam, song, "music", "song", "audible_ms", 90_000)
    place(cut, sam, drawing, "picture", "drawing", "screen_ms", 60_000)
    projects.lock_cut(actor=sam, cut=cut)
    production.refresh_from_db()
    return production


def place(
    cut: Any, sam: Any, work: Any, department: str, role: str, unit: str, quantity: int, section: str = ""
) -> Any:
    return projects.place_cue(
        actor=sam,
        cut=cut,
        contribution=work,
        department=department,
        role=role,
        unit=unit,
        quantity=quantity,
        section=section,
    )


def revenue_csv(production: Any, *rows: str) -> bytes:
    """Rows such as "t1,sale,1000.00" of one shop, all in August."""
    lines = []
    for row in rows or ("t1,sale,12345.67",):
        transaction, kind, amount = row.split(",")
        lines.append(f"bandcamp,{transaction},shop,{kind},{amount},USD,2026-08-15,{production.pk}\n")
    return (REVENUE + "".join(lines)).encode()


def cost_csv(production: Any, *, invoice: str = "INV-7", amount: str = "1000.01") -> bytes:
    return (COSTS + f"{invoice},Ferryman Post,post,{amount},USD,2026-08-20,{production.pk}\n").encode()


@pytest.fixture(scope="session")
def scenes(databases: Any, django_db_setup: None, django_db_blocker: Any) -> Any:
    """The scenes of this process."""
    from tests.royalties.scenes import Scenes

    return Scenes(databases, django_db_blocker)


@pytest.fixture
def scene(request: pytest.FixtureRequest) -> Iterator[None]:
    """The furthest scene that the test asks for, where it asks for any."""
    asked = [name for name in SCENES if name in request.fixturenames]
    if not asked:
        yield
        return
    from django.db import connection

    if connection.in_atomic_block:
        raise pytest.UsageError(f"{request.node.nodeid}: take the fixture db, its mark comes before the scene")
    with request.getfixturevalue("scenes").used(asked[-1], lambda: play(asked[-1])):
        yield


@pytest.fixture
def db(scene: None, db: None) -> None:
    """The database that is rolled back, with the scene in it."""


def play(scene: str) -> None:
    """Lead the film to a scene, by the actions that each fixture below is made with."""
    from tests.support.databases import finishing

    alice, bob, sam = join("alice"), join("bob"), join("sam", powers=SAM_POWERS)
    production = film_of(alice, bob, sam)
    if scene == "production":
        return
    dana = join("dana", powers=DANA_POWERS)
    statement = drafted(sam, earned(production, sam, dana), finishing)
    if scene in {"open_statement", "posted"}:
        opened(statement, sam, dana)
    if scene == "posted":
        booked(statement, sam, dana)


@pytest.fixture
def production(alice: Any, bob: Any, sam: Any) -> Any:
    """A film with a locked cut and no money yet."""
    from projects.models import Production

    return Production.objects.first() or film_of(alice, bob, sam)


@pytest.fixture
def earning(production: Any, sam: Any, dana: Any) -> Any:
    """The film after 12,345.67 in and 1,000.01 out."""
    from royalties.models import Income

    return production if Income.objects.exists() else earned(production, sam, dana)


def earned(production: Any, sam: Any, dana: Any) -> Any:
    from royalties import actions
    from royalties.models import Cost

    actions.import_csv(actor=sam, kind="revenue", name="sales.csv", content=revenue_csv(production))
    actions.import_csv(actor=sam, kind="cost", name="costs.csv", content=cost_csv(production))
    actions.approve_cost(actor=dana, cost=Cost.objects.get())
    return production


@pytest.fixture
def draft(earning: Any, sam: Any, finish_jobs: Any) -> Any:
    """A computed draft of that quarter."""
    from royalties.models import Statement

    return Statement.objects.first() or drafted(sam, earning, finish_jobs)


def drafted(sam: Any, production: Any, finish_jobs: Any) -> Any:
    from royalties import actions

    with finish_jobs():
        statement = actions.draft_statement(
            actor=sam, production=production, first_day=FIRST, last_day=LAST, currency="USD"
        )
    statement.refresh_from_db()
    return statement


@pytest.fixture
def open_statement(draft: Any, sam: Any, dana: Any) -> Any:
    """Revision 1, published and open for comment."""
    return opened(draft, sam, dana) if draft.status == "draft" else draft


def opened(statement: Any, sam: Any, dana: Any) -> Any:
    from royalties import actions

    actions.submit_for_review(actor=sam, statement=statement)
    actions.publish(actor=dana, statement=statement)
    statement.refresh_from_db()
    return statement


def later(statement: Any, **delta: int) -> dt.datetime:
    """A moment after the window."""
    return statement.window_ends_at + dt.timedelta(**(delta or {"minutes": 1}))


def closed(statement: Any, sam: Any) -> Any:
    from royalties import actions

    actions.close_statement(actor=sam, statement=statement, now=later(statement))
    actions.finalise(actor=sam, statement=statement)
    statement.refresh_from_db()
    return statement


def balances_add_up() -> None:
    """Each currency sums to zero, and nothing we owe is below nothing."""
    from royalties import ledger

    for accounts in ledger.trial_balance().values():
        assert sum(accounts.values()) == 0
        owed = [amount for code, amount in accounts.items() if code.startswith(("payable:", "pool:", "in_transit:"))]
        assert all(amount <= 0 for amount in owed)


@pytest.fixture
def posted(open_statement: Any, sam: Any, dana: Any) -> Any:
    """The statement in the ledger: alice and bob are owed their shares."""
    return open_statement if open_statement.status == "posted" else booked(open_statement, sam, dana)


def booked(statement: Any, sam: Any, dana: Any) -> Any:
    from royalties import actions

    final = closed(statement, sam)
    actions.post_statement(actor=dana, statement=final, now=later(final))
    final.refresh_from_db()
    return final


def payable(artist: Any, currency: str = "USD", root: str = "payable") -> int:
    """What the ledger owes an artist, in minor units."""
    from royalties import ledger

    return -ledger.balance(f"{root}:{artist.payee.code}:{currency}").amount_minor


@pytest.fixture
def by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """Entries of this test are made by hand: nobody asks which rows they stand for."""
    from royalties import checks
    from tests.royalties.books import OF_ROWS

    left = tuple(check for check in checks.CHECKS if checks.name_of(check) not in OF_ROWS)
    assert len(left) == len(checks.CHECKS) - len(OF_ROWS)
    monkeypatch.setattr(checks, "CHECKS", left)


def triggers_on(cursor: Any, table: str) -> None:
    """All of them as the migrations have made them, after they were off for a change that only a check can find."""
    from royalties.checks import promises

    cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER ALL")
    for name in promises.TRIGGERS.get(table, ()):
        cursor.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}")


@pytest.fixture
def thief(committed_db: str, databases: Any) -> Any:
    """Writes columns of a row with the triggers of its table off, and commits, as who owns the tables may."""
    from django.db import connection, transaction

    def write(row: Any, **values: Any) -> None:
        table = row._meta.db_table
        with (
            databases.used(databases.url(committed_db).replace("//app@", "//postgres@")),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
            type(row)._base_manager.filter(pk=row.pk).update(**values)
            triggers_on(cursor, table)

    return write
