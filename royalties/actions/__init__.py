"""Every write about money, but the ledger's own lines: each verb one function, actor first."""

from royalties.actions.adjusting import (
    approve_adjustment,
    propose_award,
    propose_factor,
    withdraw_adjustment,
)
from royalties.actions.computing import compute_statement
from royalties.actions.intake import LARGEST_FILE, approve_cost, import_csv
from royalties.actions.keeping import check_newest, close_months, publish_head, run_nightly_check
from royalties.actions.mail import mail_destination_code, mail_destination_replaced, mail_ledger_broken
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

__all__ = [
    "LARGEST_FILE",
    "accept_line",
    "answer_objection",
    "approve_adjustment",
    "approve_cost",
    "batch_file",
    "batch_payouts",
    "check_newest",
    "close_months",
    "close_statement",
    "comment",
    "compute_statement",
    "confirm_destination",
    "draft_statement",
    "drop_batch",
    "drop_revision",
    "fail_payout",
    "finalise",
    "hide_comment",
    "import_csv",
    "mail_destination_code",
    "mail_destination_replaced",
    "mail_ledger_broken",
    "object_to",
    "payable_now",
    "payees_for",
    "post_statement",
    "propose_award",
    "propose_factor",
    "publish",
    "publish_head",
    "raise_objection",
    "recompute_statement",
    "revise",
    "run_nightly_check",
    "send_back",
    "set_destination",
    "settle_payout",
    "submit_batch",
    "submit_for_review",
    "take_batch_file",
    "waive_share",
    "withdraw_adjustment",
    "withdraw_statement",
]
