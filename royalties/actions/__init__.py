"""Every write about money, but the ledger's own lines: each verb one function, actor first."""

from royalties.actions.adjusting import (
    approve_adjustment,
    propose_award,
    propose_factor,
    withdraw_adjustment,
)
from royalties.actions.computing import compute_statement
from royalties.actions.holding import lift_hold, place_hold
from royalties.actions.intake import LARGEST_FILE, approve_cost, import_csv
from royalties.actions.mail import (
    mail_destination_code,
    mail_destination_replaced,
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

__all__ = [
    "LARGEST_FILE",
    "LARGEST_REPORT",
    "accept_line",
    "answer_objection",
    "approve_adjustment",
    "approve_batch",
    "approve_cost",
    "ask_escheat",
    "batch_file",
    "batch_payouts",
    "claim_unclaimed",
    "close_statement",
    "comment",
    "compute_statement",
    "confirm_destination",
    "decide_match",
    "decide_row",
    "draft_statement",
    "drop_batch",
    "drop_revision",
    "enter_rate",
    "escheat",
    "fail_payout",
    "finalise",
    "form_kind",
    "hide_comment",
    "import_csv",
    "import_report",
    "lift_hold",
    "mail_destination_code",
    "mail_destination_replaced",
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
    "publish",
    "raise_objection",
    "recompute_statement",
    "remit_tax",
    "return_payout",
    "revise",
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
