"""Every write about money, but the ledger's own lines: each verb one function, actor first."""

from royalties.actions.adjusting import (
    approve_adjustment,
    approve_taking_back,
    propose_award,
    propose_factor,
    withdraw_adjustment,
)
from royalties.actions.advancing import approve_advance, propose_advance
from royalties.actions.banking import record_bank_exchange, record_transfer
from royalties.actions.batch_fees import record_batch_fee
from royalties.actions.claim_mail import claim_of
from royalties.actions.claims import (
    answer_claim,
    claim_missing_work,
    claim_on_line,
    confirm_claim,
    forget_claim_addresses,
)
from royalties.actions.computing import compute_statement, resume_computations
from royalties.actions.converting import approve_conversion, propose_conversion
from royalties.actions.correcting import draft_correction
from royalties.actions.costs import approve_cost, drop_cost, enter_cost
from royalties.actions.deciding import drop_proposal
from royalties.actions.holding import lift_hold, place_hold
from royalties.actions.intake import LARGEST_FILE, import_csv
from royalties.actions.keeping import check_newest, close_months, publish_head, run_nightly_check
from royalties.actions.leaving import (
    forget_artist,
    forget_left_payees,
    forget_old_destinations,
    forget_payout_files,
    told_before_leaving,
)
from royalties.actions.objections import (
    accept_line,
    answer_objection,
    comment,
    hide_comment,
    object_to,
    raise_objection,
)
from royalties.actions.opening import open_books, take_back_opening
from royalties.actions.outbox import owe_mail, resume_mails, write_mail
from royalties.actions.panels import accept_seat, cast_panel_vote, decline_seat, escalate, replace_silent_panelists
from royalties.actions.payees import (
    confirm_destination,
    decide_match,
    payees_for,
    remove_destination,
    set_destination,
    waive_share,
)
from royalties.actions.payouts import (
    approve_batch,
    batch_file,
    batch_payouts,
    drop_batch,
    payable_now,
    prepare_batches,
    submit_batch,
    take_batch_file,
    waiting_for_rate,
)
from royalties.actions.posting import close_statement, finalise, post_statement
from royalties.actions.receiving import receive_invoice, send_invoice
from royalties.actions.reconciling import LARGEST_PAYOUT_REPORT, decide_row, import_report
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
from royalties.actions.reversing import approve_reversal, reverse_cost, reverse_income, reverse_invoice
from royalties.actions.settling import fail_payout, mark_all_paid, return_payout, settle_payout
from royalties.actions.statements import (
    draft_statement,
    drop_revision,
    publish,
    recompute_statement,
    revise,
    send_back,
    submit_for_review,
)
from royalties.actions.suspense import resolve_suspense, return_suspense
from royalties.actions.tax import enter_rate, form_kind, remit_tax, sign_tax_form
from royalties.actions.unclaimed import ask_escheat, claim_unclaimed, escheat, sweep_unclaimed
from royalties.actions.what_ifs import compute_what_if, is_small, propose_what_if
from royalties.actions.withdrawing import withdraw_statement

__all__ = [
    "LARGEST_FILE",
    "LARGEST_PAYOUT_REPORT",
    "LARGEST_REPORT",
    "accept_line",
    "accept_seat",
    "add_mapping",
    "answer_claim",
    "answer_objection",
    "approve_adjustment",
    "approve_advance",
    "approve_batch",
    "approve_conversion",
    "approve_cost",
    "approve_reserve",
    "approve_reversal",
    "approve_taking_back",
    "ask_escheat",
    "batch_file",
    "batch_payouts",
    "book_report",
    "cast_panel_vote",
    "check_newest",
    "check_waiting_report",
    "claim_missing_work",
    "claim_of",
    "claim_on_line",
    "claim_unclaimed",
    "close_months",
    "close_statement",
    "comment",
    "compute_statement",
    "compute_what_if",
    "confirm_claim",
    "confirm_destination",
    "decide_match",
    "decide_row",
    "decline_seat",
    "draft_correction",
    "draft_statement",
    "drop_batch",
    "drop_cost",
    "drop_proposal",
    "drop_report",
    "drop_revision",
    "enter_cost",
    "enter_rate",
    "escalate",
    "escheat",
    "fail_payout",
    "finalise",
    "forget_artist",
    "forget_claim_addresses",
    "forget_left_payees",
    "forget_old_destinations",
    "forget_payout_files",
    "form_kind",
    "hide_comment",
    "import_csv",
    "import_report",
    "is_small",
    "lift_hold",
    "look_again",
    "mark_all_paid",
    "name_production",
    "object_to",
    "open_books",
    "owe_mail",
    "payable_now",
    "payees_for",
    "place_hold",
    "post_statement",
    "prepare_batches",
    "propose_advance",
    "propose_award",
    "propose_conversion",
    "propose_factor",
    "propose_reserve",
    "propose_what_if",
    "publish",
    "publish_head",
    "raise_objection",
    "receive_invoice",
    "recompute_statement",
    "record_bank_exchange",
    "record_batch_fee",
    "record_transfer",
    "release_reserve",
    "remit_tax",
    "remove_destination",
    "replace_silent_panelists",
    "resolve_suspense",
    "resume_computations",
    "resume_mails",
    "resume_reports",
    "return_payout",
    "return_suspense",
    "reverse_cost",
    "reverse_income",
    "reverse_invoice",
    "revise",
    "run_nightly_check",
    "run_report",
    "send_back",
    "send_invoice",
    "set_destination",
    "settle_payout",
    "sign_tax_form",
    "submit_batch",
    "submit_for_review",
    "sweep_unclaimed",
    "take_back_opening",
    "take_batch_file",
    "take_report",
    "told_before_leaving",
    "waiting_for_rate",
    "waive_share",
    "withdraw_adjustment",
    "withdraw_statement",
    "write_mail",
]
