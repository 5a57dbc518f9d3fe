"""What a breach calls a row of a table, so that a test can tell whether the one that was altered is named."""

from __future__ import annotations

from typing import Any

#: What the words of a breach call a row, by table: of its columns as they were or as they are now.
CALLED: dict[str, tuple[str, ...]] = {
    "royalties_account": ("{code}", "account {id}"),
    "royalties_allocationline": (
        "allocation line {id}",
        "payee {payee_code} has no allocation line for L{position}/c{contribution_id}@{depth}",
    ),
    "royalties_balance": ("account {account_code}",),
    "royalties_bankexchange": ("bank exchange {id}", "bank_exchange {id}"),
    # A converted one has an entry for each payment.
    "royalties_batch": ("batch {id}", "payout {payout_code} says something else than fx:{payout_code}"),
    "royalties_batch_rates": ("batch {batch_id}",),
    "royalties_batchfee": ("fee of batch {batch_id}", "batch_fee {id}"),
    "royalties_exchangerate": ("rate {id}", "import {source_id} says what one {base} is worth in {quote} on {day}"),
    "royalties_income": ("income {id}", "suspense {suspense_id} and the income"),
    "royalties_journalentry": ("entry {id}", "of entry {id}"),
    "royalties_journalline": ("line {id}", "entry {entry_id}"),
    # By its accounts: those of another code are nobody's.
    "royalties_payee": ("payee {id}", "{code}"),
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
    # By what was booked for it.
    "royalties_rowverdict": (
        "verdict on line {number} of report {report_id}",
        "report-{report_id}-{number}",
        "over:{report_id}-{number}",
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

#: What stands in another row and is part of a name: {word: value} by table.
BESIDE = {
    "royalties_allocationline": """SELECT payee.code AS payee_code, cue.position
        FROM royalties_payee payee, projects_cue cue WHERE payee.id = %(payee_id)s AND cue.id = %(cue_id)s""",
    "royalties_balance": "SELECT code AS account_code FROM royalties_account WHERE id = %(account_id)s",
    "royalties_batch": "SELECT code AS payout_code FROM royalties_payout WHERE batch_id = %(id)s ORDER BY id LIMIT 1",
    "royalties_income": """SELECT id AS suspense_id FROM royalties_suspense
        WHERE (provider, transaction, again) = (%(provider)s, %(transaction)s, %(again)s)""",
    "royalties_rowverdict": "SELECT report_id, number FROM royalties_reportrow WHERE id = %(row_id)s",
    "royalties_withholding": "SELECT code AS payout_code FROM royalties_payout WHERE id = %(payout_id)s",
}


def names_of(thief: Any, table: str, row: int) -> set[str]:
    """What a breach may call a row as it stands now; nothing of one that is gone."""
    nouns = CALLED.get(table, (NOUNS.get(table, table.removeprefix("royalties_")) + " {id}",))
    with thief.cursor() as cursor:
        cursor.execute(f"SELECT to_jsonb(each) FROM {table} each WHERE {key_of(table)} = %s", [row])
        ((facts,),) = cursor.fetchall() or [({},)]
        if facts and table in BESIDE:
            cursor.execute(BESIDE[table], facts)
            words = [column.name for column in cursor.description]
            facts |= dict(zip(words, cursor.fetchone() or ["none"] * len(words), strict=True))
    thief.commit()
    return {noun.format(**facts) for noun in nouns} if facts else set()


def key_of(table: str) -> str:
    return "account_id" if table == "royalties_balance" else "id"
