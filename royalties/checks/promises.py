"""What PostgreSQL has been told to refuse, table by table: the one list that `guards.py` holds the database to.

A migration that adds a trigger to a table of royalties, or makes any table append only, adds it here; a test compares
this list with the database that the migrations have made.
"""

from __future__ import annotations

#: Tables that `append_only()` keeps, in every app: money rests on what happened and on what was given, too.
APPEND_ONLY = (
    "contributions_download",
    "contributions_influencerate",
    "contributions_licencegrant",
    "contributions_rightsreceipt",
    "profiles_event",
    "projects_department",
    "projects_prominence",
    "projects_role",
    "reviews_caseaction",
    "royalties_account",
    "royalties_allocationline",
    "royalties_answer",
    "royalties_bankexchange",
    "royalties_bankexchange_rates",
    "royalties_batch_rates",
    "royalties_batchfee",
    "royalties_checkpoint",
    "royalties_conversion_rates",
    "royalties_correctionmove",
    "royalties_correctionshare",
    "royalties_exchangerate",
    "royalties_import",
    "royalties_income",
    "royalties_journalentry",
    "royalties_journalline",
    "royalties_ledgercheck",
    "royalties_ledgerhead",
    "royalties_mapping",
    "royalties_matchverdict",
    "royalties_panelvote",
    "royalties_payeematch",
    "royalties_payoutreport",
    "royalties_productionname",
    "royalties_publication",
    "royalties_remittance",
    "royalties_reportrow",
    "royalties_revision",
    "royalties_rowverdict",
    "royalties_settlement",
    "royalties_statementacceptance",
    "royalties_statementline",
    "royalties_transfer",
    "royalties_waiver",
    "royalties_withholdingrate",
)
#: The one thing that may be changed of a row that is append only otherwise: a report's file is forgotten.
FORGOTTEN = ("royalties_payoutreport", "content_encrypted")
KEPT = {"append_only_rows", "append_only_table"}
_MORE = {
    "royalties_balance": {"only_by_the_door"},
    "royalties_destination": {"only_emptied"},
    "royalties_journalentry": {"only_by_the_door"},
    "royalties_journalline": {"only_by_the_door"},
    "royalties_ledgerhead": {"head_is_true"},
    "royalties_payoutreport": {"only_forgets"},
    "royalties_taxform": {"only_emptied"},
}
#: Triggers that fire whatever a session says.
TRIGGERS = {
    table: (KEPT if table in APPEND_ONLY else set()) | _MORE.get(table, set())
    for table in sorted({*APPEND_ONLY, *_MORE})
}
#: Triggers that fire in every usual session: rows that change in a few columns only, or only once.
USUAL = {
    table: {"keep_columns", "keep_rows", *more.split()}
    for table, more in {
        "royalties_adjustment": "approval",
        "royalties_advance": "ends",
        "royalties_batch": "approval",
        "royalties_conversion": "ends",
        "royalties_cost": "approval dropped keep_again keep_limit",
        "royalties_destination": "keep_country",
        "royalties_escalation": "decided",
        "royalties_intake": "once",
        "royalties_invoice": "keep_again once",
        "royalties_objection": "decided",
        "royalties_panelseat": "decided",
        "royalties_payee": "",
        "royalties_payout": "moves once",
        "royalties_payouthold": "once",
        "royalties_reserve": "ends once",
        "royalties_reversal": "ends keep_what",
        "royalties_statement": "keep_correction moves",
        "royalties_statementclaim": "decided keep_more_columns",
        "royalties_statementcomment": "keep_more_columns",
        "royalties_suspense": "keep_again once",
        "royalties_taxform": "",
        "royalties_unclaimedcase": "once",
        "royalties_whatif": "decided",
        "royalties_withholding": "once",
    }.items()
}
#: Every table above.
TABLES = sorted({*TRIGGERS, *USUAL})
#: What the site's role may not do by hand: what is kept stays, and entries and lines come through ledger_post alone.
REFUSED = (
    *((table, right) for table in APPEND_ONLY for right in ("UPDATE", "DELETE")),
    *((table, right) for table in TABLES for right in ("TRUNCATE", "TRIGGER")),
    ("royalties_journalentry", "INSERT"),
    ("royalties_journalline", "INSERT"),
    *(("royalties_balance", right) for right in ("INSERT", "UPDATE", "DELETE")),
)
