"""Every write about money, but the ledger's own lines: each verb one function, actor first."""

from royalties.actions.adjusting import (
    approve_adjustment,
    propose_award,
    propose_factor,
    withdraw_adjustment,
)
from royalties.actions.claim_mail import claim_of, mail_claim_answer, mail_claim_confirmation
from royalties.actions.claims import answer_claim, claim_missing_work, confirm_claim, forget_claim_addresses
from royalties.actions.computing import compute_statement
from royalties.actions.correcting import draft_correction
from royalties.actions.holding import lift_hold, place_hold
from royalties.actions.intake import LARGEST_FILE, approve_cost, import_csv
from royalties.actions.keeping import check_newest, close_months, publish_head, run_nightly_check
from royalties.actions.mail import (
    mail_destination_code,
    mail_destination_replaced,
    mail_ledger_broken,
    mail_payout,
    mail_unclaimed,
)
from royalties.actions.objections import (
    accept_line,
    answer_objection,
    comment,
    hide_comment,
    object_to,
    raise_objection,
)
from royalties.actions.panels import accept_seat, cast_panel_vote, decline_seat, escalate, replace_silent_panelists
from royalties.actions.payees import (
    confirm_destination,
    decide_match,
    payees_for,
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
)
from royalties.actions.posting import close_statement, finalise, post_statement
from royalties.actions.reconciling import LARGEST_REPORT, decide_row, import_report
from royalties.actions.settling import fail_payout, return_payout, settle_payout
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
from royalties.actions.tax import enter_rate, form_kind, remit_tax, sign_tax_form
from royalties.actions.unclaimed import ask_escheat, claim_unclaimed, escheat, sweep_unclaimed
from royalties.actions.what_ifs import compute_what_if, is_small, propose_what_if

__all__ = [
    "LARGEST_FILE",
    "LARGEST_REPORT",
    "accept_line",
    "accept_seat",
    "answer_claim",
    "answer_objection",
    "approve_adjustment",
    "approve_batch",
    "approve_cost",
    "ask_escheat",
    "batch_file",
    "batch_payouts",
    "cast_panel_vote",
    "check_newest",
    "claim_missing_work",
    "claim_of",
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
    "drop_revision",
    "enter_rate",
    "escalate",
    "escheat",
    "fail_payout",
    "finalise",
    "forget_claim_addresses",
    "form_kind",
    "hide_comment",
    "import_csv",
    "import_report",
    "is_small",
    "lift_hold",
    "mail_claim_answer",
    "mail_claim_confirmation",
    "mail_destination_code",
    "mail_destination_replaced",
    "mail_ledger_broken",
    "mail_payout",
    "mail_unclaimed",
    "object_to",
    "payable_now",
    "payees_for",
    "place_hold",
    "post_statement",
    "prepare_batches",
    "propose_award",
    "propose_factor",
    "propose_what_if",
    "publish",
    "publish_head",
    "raise_objection",
    "recompute_statement",
    "remit_tax",
    "replace_silent_panelists",
    "return_payout",
    "revise",
    "run_nightly_check",
    "send_back",
    "set_destination",
    "settle_payout",
    "sign_tax_form",
    "submit_batch",
    "submit_for_review",
    "sweep_unclaimed",
    "take_batch_file",
    "waive_share",
    "withdraw_adjustment",
    "withdraw_statement",
]
