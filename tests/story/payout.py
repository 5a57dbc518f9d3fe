"""Chapter: the statement is posted, the artists are paid by file, and the ledger is right to the cent."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from io import StringIO

from django.core.management import call_command

from royalties import ledger
from royalties.models import Batch, Payout, Statement
from tests.story.desk import desk, done, new, press
from tests.story.money import Status
from tests.story.stage import Stage, mail_to, said
from tests.support.cast import PASSWORD


def dana_posts(stage: Stage, name: str = "statement", debts: Callable[[Stage], dict[str, int]] | None = None) -> None:
    """Not sam, who drafted it. What is owed then is what the published lines say, or what a correction adds."""
    page = desk(stage, "sam", stage.rows[name])
    press(page, "Post to the ledger")
    assert stage.again(name).status == Status.FINAL
    page = desk(stage, "dana", stage.rows[name])
    press(page, "Post to the ledger")
    done(page)
    statement = stage.again(name)
    assert statement.status == Status.POSTED
    assert owed(stage, name) == (amounts(statement) if debts is None else debts(stage))


def amounts(statement: Statement) -> dict[str, int]:
    """What each artist gets, by the published lines."""
    assert statement.current is not None
    return dict(statement.current.lines.values_list("payee__artist__handle", "amount_minor"))


def owed(stage: Stage, name: str = "statement") -> dict[str, int]:
    """What the ledger owes the artists of a statement, of whom it owes something."""
    lines = stage.again(name).current.lines.select_related("payee__artist")
    found = {line.payee.artist.handle: -ledger.balance(f"payable:{line.payee.code}:USD").amount_minor for line in lines}
    return {handle: minor for handle, minor in found.items() if minor}


def artists_say_where_to_pay(stage: Stage, *handles: str) -> None:
    """Asked again who they are: the country, an address, the code that was mailed to it, and a tax form."""
    for handle in handles:
        page = stage.at(handle, "/earnings/")
        page.get_by_role("link", name="Add payout details").click()
        page.get_by_role("link", name="Say where your money should go").click()
        page.locator("#id_password, #id_country").first.wait_for()
        if page.locator("#id_password").is_visible():
            page.locator("#id_password").fill(PASSWORD)
            page.get_by_role("button", name="Confirm").click()
        page.locator("#id_country").select_option("KE")
        page.get_by_role("button", name="Continue").click()
        address = f"{handle}@pay.example"
        page.locator("#id_address").fill(address)
        page.get_by_role("button", name="Send me a code").click()
        page.locator("#id_code").wait_for()
        found = re.search(r"^ {4}(\S+)$", mail_to(address, "enter this code"), re.MULTILINE)
        assert found is not None
        page.locator("#id_code").fill(found[1])
        page.get_by_role("button", name="Confirm the address").click()
        said(page, "Your payout details are confirmed.")
        page.get_by_role("link", name="Sign a tax form").click()
        page.locator("#id_country").select_option("KE")
        page.locator("#id_tax_id").fill(f"A00{len(handle)}123456Z")
        page.locator("#id_signed_name").fill(handle.title())
        page.locator("#id_is_true").check()
        page.get_by_role("button", name="Sign this form").click()
        said(page, "Your tax form is signed.")


def sam_prepares_a_batch(stage: Stage) -> None:
    page = new(stage, "sam", "royalties_batch")
    page.locator("#id_currency").fill("USD")
    page.get_by_role("button", name="Prepare a batch").click()
    page.wait_for_load_state()
    done(page)
    stage.rows["batch"] = Batch.objects.latest("pk")
    press(page, "Submit and make the file")
    assert stage.again("batch").status == Batch.Status.PREPARED


def dana_submits_it(stage: Stage) -> None:
    page = desk(stage, "dana", stage.rows["batch"])
    press(page, "Submit and make the file")
    done(page)
    assert stage.again("batch").status == Batch.Status.SUBMITTED


def the_file_pays_what_the_statement_says(stage: Stage, expected: dict[str, int] | None = None) -> None:
    """Or what a correction adds."""
    page = desk(stage, "dana", stage.rows["batch"])
    with page.expect_download() as waiting:
        page.get_by_role("link", name="payouts-").click()
    path = stage.folder / "payouts.csv"
    waiting.value.save_as(path)
    rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"))))
    paid = {row[0].split("@")[0]: round(float(row[1]) * 100) for row in rows}
    assert paid == (amounts(stage.again("statement")) if expected is None else expected)
    assert {(row[2], row[5]) for row in rows} == {("USD", "PAYPAL")}
    assert {row[3] for row in rows} == set(stage.rows["batch"].payouts.values_list("code", flat=True))


def dana_settles(stage: Stage) -> None:
    for number, payout in enumerate(Payout.objects.order_by("pk"), start=1):
        page = desk(stage, "dana", payout)
        press(page, "It arrived", words=f"PP-{number:03d}")
        done(page)
    assert stage.again("statement").status == Status.PAID
    said(stage.at("alice", "/earnings/"), "The Lid")
    said(stage.at("visitor", stage.rows["statement"].get_absolute_url()), "Everybody is paid whose money was due")


def the_ledger_is_right(stage: Stage, command: Callable[..., None] = call_command) -> None:
    """Every invariant by name; nothing is owed to the artists, nothing is on its way."""
    out = StringIO()
    command("check_ledger", stdout=out)
    assert out.getvalue().strip()
    assert owed(stage) == {}
    (currency,) = ledger.trial_balance().items()
    assert currency[0] == "USD"
    assert sum(currency[1].values()) == 0
    on_their_way = [amount for code, amount in currency[1].items() if code.startswith("in_transit:")]
    assert not any(on_their_way)
