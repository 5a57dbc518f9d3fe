"""Every write about money, but the ledger's own lines: each verb one function, actor first."""

from royalties.actions.adjusting import (
    approve_adjustment,
    propose_award,
    propose_factor,
    withdraw_adjustment,
)
from royalties.actions.advancing import approve_advance, propose_advance
from royalties.actions.computing import compute_statement
from royalties.actions.converting import approve_conversion, propose_conversion
from royalties.actions.costs import approve_cost, enter_cost
from royalties.actions.deciding import drop_proposal
from royalties.actions.intake import LARGEST_FILE, import_csv
from royalties.actions.mail import mail_destination_code, mail_destination_replaced
from royalties.actions.objections import (
    accept_line,
    answer_objection,
    comment,
    hide_comment,
    object_to,
    raise_objection,
)
from royalties.actions.payees import (
    confirm_destination,
    payees_for,
    set_destination,
    waive_share,
)
from royalties.actions.payouts import (
    batch_file,
    batch_payouts,
    drop_batch,
    fail_payout,
    payable_now,
    settle_payout,
    submit_batch,
    take_batch_file,
)
from royalties.actions.posting import close_statement, finalise, post_statement
from royalties.actions.receiving import receive_invoice, record_transfer, send_invoice
from royalties.actions.reports import (
    LARGEST_REPORT,
    add_mapping,
    book_report,
    check_waiting_report,
    drop_report,
    look_again,
    name_production,
    resume_reports,
    run_report,
    take_report,
)
from royalties.actions.reserving import approve_reserve, propose_reserve, release_reserve
from royalties.actions.reversing import approve_reversal, reverse_income
from royalties.actions.statements import (
    draft_statement,
    drop_revision,
    publish,
    recompute_statement,
    revise,
    send_back,
    submit_for_review,
    withdraw_statement,
)
from royalties.actions.suspense import resolve_suspense, return_suspense

__all__ = [
    "LARGEST_FILE",
    "LARGEST_REPORT",
    "accept_line",
    "add_mapping",
    "answer_objection",
    "approve_adjustment",
    "approve_advance",
    "approve_conversion",
    "approve_cost",
    "approve_reserve",
    "approve_reversal",
    "batch_file",
    "batch_payouts",
    "book_report",
    "check_waiting_report",
    "close_statement",
    "comment",
    "compute_statement",
    "confirm_destination",
    "draft_statement",
    "drop_batch",
    "drop_proposal",
    "drop_report",
    "drop_revision",
    "enter_cost",
    "fail_payout",
    "finalise",
    "hide_comment",
    "import_csv",
    "look_again",
    "mail_destination_code",
    "mail_destination_replaced",
    "name_production",
    "object_to",
    "payable_now",
    "payees_for",
    "post_statement",
    "propose_advance",
    "propose_award",
    "propose_conversion",
    "propose_factor",
    "propose_reserve",
    "publish",
    "raise_objection",
    "receive_invoice",
    "recompute_statement",
    "record_transfer",
    "release_reserve",
    "resolve_suspense",
    "resume_reports",
    "return_suspense",
    "reverse_income",
    "revise",
    "run_report",
    "send_back",
    "send_invoice",
    "set_destination",
    "settle_payout",
    "submit_batch",
    "submit_for_review",
    "take_batch_file",
    "take_report",
    "waive_share",
    "withdraw_adjustment",
    "withdraw_statement",
]
