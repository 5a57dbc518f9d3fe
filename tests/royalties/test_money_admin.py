"""Staff at work in the admin: every button an action, every refusal a message, every step recorded."""

from typing import Any

import pytest
from django.contrib.admin import site
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from profiles.models import Event
from royalties import actions
from royalties.admin.base import AddsByAction
from royalties.admin.decisions import DecisionAdmin
from royalties.models import Batch, Cost, Import, Objection, Payout, Statement
from tests.royalties.conftest import closed, cost_csv, later, revenue_csv
from tests.royalties.payees import ready


def upload(client: Any, kind: str, content: bytes) -> Any:
    file = SimpleUploadedFile(f"{kind}.csv", content, "text/csv")
    return client.post(reverse("admin:royalties_import_add"), {"kind": kind, "file": file})


def move(client: Any, row: Any, action: str, words: str = "") -> list[str]:
    """Press a button on a row's page; what the site said about it."""
    url = reverse(f"admin:royalties_{row._meta.model_name}_changelist")
    data = {"action": action, "_selected_action": row.pk, "index": 0, "words": words}
    response = client.post(url, data, follow=True)
    assert response.status_code in {200, 422}  # a move that was refused answers with the row's page
    return [str(message) for message in response.context["messages"]]


def test_a_file_is_uploaded_and_bad_rows_are_listed(client: Any, production: Any, sam: Any) -> None:
    client.force_login(sam)
    bad = upload(client, "revenue", revenue_csv(production, "t1,gift,1.00"))
    assert bad.status_code == 422
    assert "Line 2: kind must be one of" in bad.content.decode()
    good = upload(client, "revenue", revenue_csv(production))
    assert good.status_code == 302
    assert Import.objects.get().created_by == sam
    assert Event.objects.filter(verb="royalties.imported", actor=sam).exists()


def test_a_statement_goes_its_way_by_buttons(
    client: Any, production: Any, alice: Any, bob: Any, sam: Any, dana: Any, finish_jobs: Any
) -> None:
    client.force_login(sam)
    upload(client, "revenue", revenue_csv(production))
    upload(client, "cost", cost_csv(production))
    client.force_login(dana)
    assert "approved and booked" in move(client, Cost.objects.get(), "approve")[-1]
    client.force_login(sam)
    days = {"first_day": "2026-07-01", "last_day": "2026-09-30", "currency": "USD", "production": production.pk}
    with finish_jobs():
        assert client.post(reverse("admin:royalties_statement_add"), days).status_code == 302
    statement = Statement.objects.get()
    html = client.get(reverse("admin:royalties_statement_change", args=[statement.pk])).content.decode()
    assert "Submit for review" in html
    assert "submitted" in move(client, statement, "submit")[-1]
    assert "Only staff with the power" in move(client, statement, "publish")[-1]
    client.force_login(dana)
    assert "published" in move(client, statement, "publish")[-1]
    statement.refresh_from_db()
    line = statement.current.lines.get(payee__artist=bob)
    objection = actions.raise_objection(actor=bob, statement=statement, kind="measure", body="Two minutes.", line=line)
    assert "Give a reason" in move(client, objection, "decline")[-1]
    assert "answered" in move(client, objection, "decline", "We timed it.")[-1]
    assert "nobody can shorten it" in move(client, statement, "close")[-1]
    closed(statement, sam)
    assert "posted" in move(client, statement, "post")[-1]
    assert {"royalties.statement_published", "royalties.statement_posted"} <= set(
        Event.objects.filter(actor=dana).values_list("verb", flat=True)
    )


def test_a_batch_is_prepared_submitted_downloaded_and_settled(
    client: Any, open_statement: Any, alice: Any, sam: Any, dana: Any
) -> None:
    final = closed(open_statement, sam)
    actions.post_statement(actor=dana, statement=final, now=later(final))
    ready(alice)
    client.force_login(sam)
    assert client.post(reverse("admin:royalties_batch_add"), {"currency": "USD"}).status_code == 302
    batch = Batch.objects.get()
    file = reverse("admin:royalties_batch_file", args=[batch.pk])
    assert client.get(file).status_code == 302
    client.force_login(dana)
    move(client, batch, "submit")
    response = client.get(file)
    assert response.content.startswith(b"alice@pay.example,")
    assert "no-store" in response["Cache-Control"]
    assert Event.objects.filter(actor=dana, verb="royalties.batch_file_taken").exists()
    payout = Payout.objects.get()
    assert "reference" in move(client, payout, "settle")[-1]
    assert "settled" in move(client, payout, "settle", "PP-1")[-1]
    html = client.get(reverse("admin:royalties_payee_change", args=[alice.payee.pk])).content.decode()
    assert "alice@pay.example" not in html


MODELS = [
    "import",
    "income",
    "cost",
    "statement",
    "revision",
    "adjustment",
    "objection",
    "statementcomment",
    "payee",
    "batch",
    "payout",
    "payouthold",
    "payeematch",
    "unclaimedcase",
    "withholdingrate",
    "remittance",
    "payoutreport",
    "reportrow",
]


@pytest.mark.parametrize("name", MODELS)
def test_every_list_and_row_opens_for_staff_and_not_for_members(
    client: Any, open_statement: Any, alice: Any, bob: Any, sam: Any, name: str
) -> None:
    line = open_statement.current.lines.get(payee__artist=bob)
    actions.raise_objection(actor=bob, statement=open_statement, kind="measure", body="Two minutes.", line=line)
    url = reverse(f"admin:royalties_{name}_changelist")
    client.force_login(alice)
    assert client.get(url).status_code == 302
    client.force_login(sam)
    response = client.get(url)
    assert response.status_code == 200
    row = response.context["cl"].queryset.first()
    if row is not None:
        assert client.get(reverse(f"admin:royalties_{name}_change", args=[row.pk])).status_code == 200


def test_an_adjustment_is_proposed_by_form_and_approved_by_another(
    client: Any, open_statement: Any, alice: Any, sam: Any, dana: Any
) -> None:
    client.force_login(sam)
    url = reverse("admin:royalties_adjustment_add")
    data = {"statement": open_statement.pk, "kind": "award", "payee": alice.payee.code, "reason": "She began it."}
    assert client.post(url, {**data, "amount": "lots"}).status_code == 422
    assert client.post(url, {**data, "amount": "0"}).status_code == 422
    for far_too_much in ("999999999999999999", "10000000000000.01"):
        answer = client.post(url, {**data, "amount": far_too_much})
        assert answer.status_code == 422
        assert "is more than one line of the ledger holds" in answer.content.decode()
        assert "She began it." in answer.content.decode()
    assert client.post(url, {**data, "amount": "50.00"}).status_code == 302
    factor = {"statement": open_statement.pk, "kind": "line_factor", "cue": 99, "factor": "50", "reason": "x"}
    assert client.post(url, factor).status_code == 422
    assert client.post(url, {**factor, "cue": 1}).status_code == 302
    assert open_statement.adjustments.get(kind="line_factor").factor_bps == 5_000
    award = open_statement.adjustments.get(kind="award")
    assert award.amount_minor == 5_000
    client.force_login(dana)
    assert "approved" in move(client, award, "approve")[-1]
    assert not Objection.objects.exists()


def test_every_kind_of_row_that_may_be_added_or_decided_says_how() -> None:
    kinds = [one for one in site._registry.values() if isinstance(one, AddsByAction)]
    assert len(kinds) > 10
    assert [one for one in kinds if one.add_powers and not callable(getattr(one, "add_row", None))] == []
    decided = [one for one in kinds if isinstance(one, DecisionAdmin)]
    assert len(decided) == 4
    assert [one for one in decided if not callable(getattr(one, "approve_row", None))] == []
