"""Addresses of money: how it works, statements, lines, earnings, and files to take away."""

from __future__ import annotations

from django.urls import path

from royalties.views import changes, earnings, files, line, money, payouts, statement, talk

app_name = "royalties"
urlpatterns = [
    path("money/", money.money, name="money"),
    path("statements/<int:pk>/", statement.statement, name="statement"),
    path("statements/<int:pk>/progress/", statement.progress, name="progress"),
    path("statements/<int:pk>/comments/", talk.comment, name="comment"),
    path("statements/<int:pk>/comments/<int:comment>/objection/", talk.object_to, name="object"),
    path("statements/<int:pk>/changes/", changes.changes, name="changes"),
    path("statements/<int:pk>/lines/<slug:payee>/", line.line, name="line"),
    path("statements/<int:pk>/lines/<slug:payee>/comments/", talk.comment_on_line, name="line_comment"),
    path("statements/<int:pk>/lines/<slug:payee>/acceptance/", talk.accept, name="accept"),
    path("statements/<int:pk>/statement.csv", files.statement_csv, name="statement_csv"),
    path("statements/<int:pk>/statement.json", files.statement_json, name="statement_json"),
    path("royalties/verify.py", files.verifier, name="verifier"),
    path("earnings/", earnings.earnings, name="earnings"),
    path("earnings/<int:year>.csv", earnings.earnings_csv, name="earnings_csv"),
    path("earnings/<int:year>/", earnings.year, name="year"),
    path("earnings/payout/", payouts.payout_details, name="payout_details"),
    path("earnings/payout/destination/", payouts.destination, name="destination"),
    path("earnings/payout/tax/", payouts.tax_form, name="tax_form"),
    path("earnings/payouts/<slug:code>/", payouts.payout, name="payout"),
    path("earnings/unclaimed/<int:pk>/claim/", payouts.claim, name="claim"),
]
