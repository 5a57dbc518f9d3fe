"""From the locked cut to the paid cent, with the ledger looked at around every step."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from django.core.management import call_command

from royalties import actions, ledger
from royalties.document import published_document
from royalties.models import Payee, Statement
from tests.royalties.conftest import balances_add_up, closed, later
from tests.royalties.payees import ready

VERIFIER = Path(__file__).resolve().parents[2] / "royalties" / "verify.py"


def test_a_cent_goes_from_the_sale_to_the_artist(
    open_statement: Any, alice: Any, bob: Any, sam: Any, dana: Any
) -> None:
    balances_add_up()
    revision = open_statement.current
    amounts = dict(revision.lines.values_list("payee__artist__handle", "amount_minor"))
    assert revision.pool_minor == sum(amounts.values()) == 567_283
    assert set(amounts) == {"alice", "bob"}
    posted = closed(open_statement, sam)
    actions.post_statement(actor=dana, statement=posted, now=later(posted))
    balances_add_up()
    for artist in (alice, bob):
        assert ledger.balance(f"payable:{artist.payee.code}:USD").amount_minor == -amounts[artist.handle]
        ready(artist)
    batch = actions.batch_payouts(actor=sam, currency="USD")
    actions.submit_batch(actor=dana, batch=batch)
    balances_add_up()
    batch.refresh_from_db()
    rows = actions.batch_file(batch).decode().splitlines()
    assert sorted(row.split(",")[0] for row in rows) == ["alice@pay.example", "bob@pay.example"]
    for number, payout in enumerate(batch.payouts.all()):
        actions.settle_payout(actor=dana, payout=payout, provider_reference=f"PP-{number}")
        balances_add_up()
    posted.refresh_from_db()
    assert posted.status == Statement.Status.PAID
    assert all(ledger.balance(f"payable:{payee.code}:USD").amount_minor == 0 for payee in Payee.objects.all())


def test_the_items_of_each_line_add_up_to_it(open_statement: Any) -> None:
    for line in open_statement.current.lines.all():
        assert sum(line.items.values_list("amount_minor", flat=True)) == line.amount_minor > 0


def test_a_stranger_verifies_the_published_statement(open_statement: Any, tmp_path: Path) -> None:
    file = tmp_path / "statement.json"
    file.write_text(json.dumps(published_document(open_statement.current)))
    ran = subprocess.run([sys.executable, "-I", str(VERIFIER), str(file)], capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stdout.strip().splitlines()[-1]) == (0, "verified"), ran.stdout + ran.stderr


def test_the_command_prints_the_same_document(open_statement: Any, capsys: Any) -> None:
    call_command("statement", str(open_statement.pk), "--json")
    assert json.loads(capsys.readouterr().out) == published_document(open_statement.current)


def test_no_name_and_no_address_is_under_the_hash(open_statement: Any, alice: Any) -> None:
    text = bytes(open_statement.current.input_bytes).decode()
    assert alice.payee.code in text
    assert not any(word in text for word in (alice.handle, alice.email, alice.display_name, "Kettle"))
