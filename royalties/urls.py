"""Addresses of money: how it works, statements, lines, earnings, and files to take away."""

from __future__ import annotations

from django.urls import path

from profiles.submissions import once
from royalties.views import (
    by_work,
    case,
    changes,
    claims,
    earnings,
    files,
    heads,
    line,
    money,
    panels,
    payouts,
    rates,
    statement,
    talk,
    waiving,
    what_if,
)

app_name = "royalties"
urlpatterns = [
    path("money/", money.money, name="money"),
    path("money/rates/", rates.rates, name="rates"),
    path("money/rates.json", rates.rates_json, name="rates_json"),
    path("money/productions/<int:pk>/", money.production_money, name="production_money"),
    path("money/ledger/", heads.heads, name="heads"),
    path("money/ledger/heads.json", heads.heads_json, name="heads_json"),
    path("money/ledger/head.txt", heads.newest_head, name="newest_head"),
    path("statements/<int:pk>/", statement.statement, name="statement"),
    path("statements/<int:pk>/progress/", statement.progress, name="progress"),
    path("statements/<int:pk>/comments/", talk.comment, name="comment"),
    path("statements/<int:pk>/comments/<int:comment>/objection/", talk.object_to, name="object"),
    path("statements/<int:pk>/cases/<int:objection>/", case.case, name="case"),
    path("statements/<int:pk>/cases/<int:objection>/escalation/", case.escalate, name="escalate"),
    path("statements/<int:pk>/cases/<int:objection>/draw.json", case.draw, name="draw"),
    path("statements/<int:pk>/what-if/", what_if.try_measures, name="what_if"),
    path("statements/<int:pk>/what-if/<slug:code>/", what_if.shared, name="what_if_shared"),
    path("statements/<int:pk>/claim/", claims.claim, name="claim"),
    path("statements/<int:pk>/claim/sent/", claims.sent, name="claim_sent"),
    path("statements/<int:pk>/claim/<str:token>/", claims.confirm, name="claim_confirm"),
    path("statements/<int:pk>/claims/<int:claim>/", claims.claimed, name="claimed"),
    path("panels/", panels.panels, name="panels"),
    path("panels/<int:pk>/", panels.panel, name="panel"),
    path("panels/<int:pk>/acceptance/", panels.accept, name="panel_accept"),
    path("panels/<int:pk>/refusal/", panels.decline, name="panel_decline"),
    path("panels/<int:pk>/vote/", panels.vote, name="panel_vote"),
    path("statements/<int:pk>/changes/", changes.changes, name="changes"),
    path("statements/<int:pk>/lines/<slug:payee>/", line.line, name="line"),
    path("statements/<int:pk>/lines/<slug:payee>/comments/", talk.comment_on_line, name="line_comment"),
    path("statements/<int:pk>/lines/<slug:payee>/acceptance/", talk.accept, name="accept"),
    path("statements/<int:pk>/statement.csv", files.statement_csv, name="statement_csv"),
    path("statements/<int:pk>/statement.json", files.statement_json, name="statement_json"),
    path("royalties/verify.py", files.verifier, name="verifier"),
    path("earnings/", earnings.earnings, name="earnings"),
    path("earnings/<int:year>.csv", earnings.earnings_csv, name="earnings_csv"),
    path("earnings/works/", by_work.earned_works, name="earned_works"),
    path("earnings/works.csv", by_work.earned_works_csv, name="earned_works_csv"),
    path("earnings/works/<int:pk>/waiver/", waiving.waive, name="waive"),
    path("earnings/<int:year>/", earnings.year, name="year"),
    path("earnings/payout/", payouts.payout_details, name="payout_details"),
    path("earnings/payout/destination/", payouts.destination, name="destination"),
    path("earnings/payout/destination/<int:pk>/remove/", payouts.remove, name="remove_destination"),
    path("earnings/payout/tax/", payouts.tax_form, name="tax_form"),
    path("earnings/payouts/<slug:code>/", payouts.payout, name="payout"),
    path("earnings/unclaimed/<int:pk>/claim/", payouts.claim, name="claim_unclaimed"),
]

# Money is not moved twice by a form that is sent twice, whichever page has it.
for pattern in urlpatterns:
    pattern.callback = once(pattern.callback)
