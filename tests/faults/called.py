"""What a breach calls a row of a table, so that a test can tell whether the one that was altered is named."""

from __future__ import annotations

from typing import Any

#: What the words of a breach call a row, by table: of its columns as they were or as they are now.
CALLED: dict[str, tuple[str, ...]] = {
    "royalties_account": ("{code}", "account {id}"),
    "royalties_balance": ("account {account_code}",),
    "royalties_bankexchange": ("bank exchange {id}", "bank_exchange {id}"),
    "royalties_batch_rates": ("batch {batch_id}",),
    "royalties_batchfee": ("fee of batch {batch_id}", "batch_fee {id}"),
    "royalties_exchangerate": ("rate {id}", "import {source_id} says what one {base} is worth in {quote} on {day}"),
    "royalties_income": ("income {id}", "suspense {suspense_id} and the income"),
    "royalties_journalentry": ("entry {id}", "of entry {id}"),
    "royalties_journalline": ("line {id}", "entry {entry_id}"),
    # A proposal is hashed whole.
    "royalties_payout": ("payout {code}", "payout {id}", "batch {batch_id} has other payouts"),
    "royalties_publication": ("publication {id}", "publication {number} of statement {statement_id}"),
    "royalties_payoutreport": ("report {id}",),
    "royalties_reportrow": ("line {number} of report {report_id}", "report {report_id} has rows of other"),
    "royalties_revision": (
        "revision {id}",
        "statement {statement_id}",
        "revision {number} of statement {statement_id}",
    ),
    "royalties_statementline": ("statement line {id}", "revision {revision_id}"),
    "royalties_suspense": ("suspense {id}", "out of suspense as {transaction} of {provider}"),
    "royalties_withholding": ("withholding {id}", "payout {payout_code} says"),
    "royalties_unclaimedcase": ("unclaimed {id}", "unclaimed money {id}"),
}
#: Tables whose rows are called by their own noun, where that is not the last word of the table's name.
NOUNS = {
    "royalties_productionname": "provider’s name for a production",
    "royalties_taxform": "tax form",
    "royalties_withholdingrate": "withholding rate",
}


def names_of(thief: Any, table: str, row: int) -> set[str]:
    """What a breach may call a row as it stands now; nothing of one that is gone."""
    nouns = CALLED.get(table, (NOUNS.get(table, table.removeprefix("royalties_")) + " {id}",))
    with thief.cursor() as cursor:
        cursor.execute(f"SELECT to_jsonb(each) FROM {table} each WHERE {key_of(table)} = %s", [row])
        ((facts,),) = cursor.fetchall() or [({},)]
        if not facts:
            return set()
        if table == "royalties_balance":
            cursor.execute("SELECT code FROM royalties_account WHERE id = %s", [row])
            facts["account_code"] = cursor.fetchone()[0]
        if table == "royalties_withholding":
            cursor.execute("SELECT code FROM royalties_payout WHERE id = %s", [facts["payout_id"]])
            facts["payout_code"] = (cursor.fetchone() or ("none",))[0]
        if table == "royalties_income":
            sql = "SELECT id FROM royalties_suspense WHERE (provider, transaction, again) = (%s, %s, %s)"
            cursor.execute(sql, [facts[name] for name in ("provider", "transaction", "again")])
            facts["suspense_id"] = (cursor.fetchone() or ("none",))[0]
    thief.commit()
    return {noun.format(**facts) for noun in nouns}


def key_of(table: str) -> str:
    return "account_id" if table == "royalties_balance" else "id"
