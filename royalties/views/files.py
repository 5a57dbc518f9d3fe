"""Files to take away: the statement as CSV and as the verifiable document, and the verifier."""

from __future__ import annotations

import csv
import json
from pathlib import Path

from django.http import FileResponse, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from royalties import access
from royalties.cells import safe
from royalties.document import published_document
from royalties.money import Money

VERIFIER = Path(__file__).resolve().parent.parent / "verify.py"


def statement_csv(request: HttpRequest, pk: int) -> HttpResponse:
    """The table of shares with a header row, for people and their spreadsheets."""
    statement = access.get_statement(request.user, pk)
    revision = access.revision_of(request.user, statement, request.GET.get("revision", ""))
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="statement-{pk}-revision-{revision.number}.csv"'
    writer = csv.writer(response)
    writer.writerow([_("rank"), _("payee"), _("artist"), _("amount"), _("currency"), _("of which award")])
    for line in revision.lines.select_related("payee__artist"):
        writer.writerow(
            [
                line.rank,
                line.payee.code,
                safe(line.payee.shown_name),
                Money(line.amount_minor, statement.currency).plain(),
                statement.currency,
                Money(line.award_minor, statement.currency).plain(),
            ]
        )
    return response


def statement_json(request: HttpRequest, pk: int) -> HttpResponse:
    """The published document: input, result and their hashes."""
    statement = access.get_statement(request.user, pk)
    revision = access.revision_of(request.user, statement, request.GET.get("revision", ""))
    body = json.dumps(published_document(revision), ensure_ascii=False, indent=1)
    response = HttpResponse(body, content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="statement-{pk}-revision-{revision.number}.json"'
    return response


def verifier(request: HttpRequest) -> FileResponse:
    """The one file that recomputes a statement; standard library only."""
    return FileResponse(
        VERIFIER.open("rb"), as_attachment=True, filename="verify.py", content_type="text/plain; charset=utf-8"
    )
