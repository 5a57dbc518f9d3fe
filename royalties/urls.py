"""Addresses of money: how it works, statements, lines, earnings, and files to take away."""

from __future__ import annotations

from django.urls import path

from profiles.submissions import once
from royalties.views import changes, earnings, files, line, money, statement, talk

app_name = "royalties"
urlpatterns = [
    path("money/", money.money, name="money"),
    path("money/productions/<int:pk>/", money.production_money, name="production_money"),
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
    path("earnings/payout/", earnings.payout_details, name="payout_details"),
]

# Money is not moved twice by a form that is sent twice, whichever page has it.
for pattern in urlpatterns:
    pattern.callback = once(pattern.callback)
