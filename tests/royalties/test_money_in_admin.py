"""Money in, worked in the admin: the look before the booking, forms that ask, refusals in words."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from royalties import actions
from royalties.models import (
    Advance,
    Conversion,
    Cost,
    Income,
    Intake,
    Invoice,
    Mapping,
    ProductionName,
    Reserve,
    Reversal,
    Suspense,
    Transfer,
)
from tests.royalties.conftest import film_of
from tests.royalties.reports import booked, mapping, shop_rows
from tests.royalties.test_money_admin import move

RATES = b"Date,USD\n2026-09-30,1.1000\n"


def upload(client: Any, content: bytes, name: str = "Music shop") -> Any:
    file = SimpleUploadedFile("report.csv", content, "text/csv")
    return client.post(reverse("admin:royalties_intake_add"), {"mapping": mapping(name).pk, "file": file})


def add(client: Any, name: str, data: dict[str, Any]) -> Any:
    return client.post(reverse(f"admin:royalties_{name}_add"), data)


def ask(client: Any, row: Any, name: str, data: dict[str, Any]) -> Any:
    return client.post(reverse(f"admin:royalties_{row._meta.model_name}_ask", args=[row.pk, name]), data)


def page(client: Any, row: Any) -> str:
    html: str = client.get(reverse(f"admin:royalties_{row._meta.model_name}_change", args=[row.pk])).content.decode()
    return html


def test_a_report_is_seen_before_it_is_booked(client: Any, production: Any, dana: Any, finish_jobs: Any) -> None:
    client.force_login(dana)
    assert upload(client, shop_rows("1;1,010.00;0.50", "2;5.00;")).status_code == 302
    intake = Intake.objects.get()
    html = page(client, intake)
    assert "Nothing of it is booked" in html
    assert "$1,015.00" in html
    assert "The Lid" in html
    with finish_jobs():
        assert "is being booked" in move(client, intake, "book")[-1]
    assert "3 of 3 rows booked" in page(client, intake)
    again = upload(client, shop_rows("1;1,010.00;0.50", "2;5.00;"))
    assert again.status_code == 422
    assert "This very file was taken in" in again.content.decode()


def test_while_a_worker_has_it_the_page_comes_again(client: Any, production: Any, dana: Any) -> None:
    client.force_login(dana)
    upload(client, shop_rows("1;1.00;"))
    intake = Intake.objects.get()
    move(client, intake, "book")
    response = client.get(reverse("admin:royalties_intake_change", args=[intake.pk]))
    assert response["Refresh"] == "4"
    assert "<progress" in response.content.decode()


def test_problems_stand_by_their_line_and_a_name_mends_one(client: Any, production: Any, sam: Any) -> None:
    client.force_login(sam)
    upload(client, shop_rows("1;=A1;", "refund;2;-1.00;", title="Deckel"))
    intake = Intake.objects.get()
    html = page(client, intake)
    assert "Line 2: " in html
    assert "is a formula" in html
    assert "Line 3: " in html
    add(client, "productionname", {"provider": "bandcamp", "text": "Deckel", "production": production.pk})
    assert ProductionName.objects.get().production == production
    move(client, intake, "look_again")
    intake.refresh_from_db()
    assert intake.problem_count == 1
    assert "dropped" in move(client, intake, "drop")[-1]


def test_a_mapping_is_kept_by_form_and_changed_by_its_next_version(client: Any, db: None, dana: Any) -> None:
    client.force_login(dana)
    address = reverse("admin:royalties_mapping_add")
    first = client.get(f"{address}?from={mapping().pk}")
    assert "bandcamp transaction id" in first.content.decode()
    data = {
        "name": "Shop of ours", "kind_of_report": "revenue", "provider": "own", "id_columns": "order\nitem",
        "day_column": "day", "day_format": "%Y-%m-%d", "amount_column": "total", "currency": "USD",
        "production_columns": "title", "channel": "shop", "kind_column": "what", "kinds": "sold = sale",
    }  # fmt: skip
    wrong = client.post(address, {**data, "currency_column": "currency", "kinds": "sold"})
    assert wrong.status_code == 422
    assert "is no pair" in wrong.content.decode()
    wrong = client.post(address, {**data, "currency_column": "currency"})
    assert "either the currency or its column" in wrong.content.decode()
    assert client.post(address, data).status_code == 302
    kept = Mapping.objects.get(name="Shop of ours")
    assert kept.rules == {
        "provider": "own", "id_columns": ["order", "item"], "day_column": "day", "amount_column": "total",
        "currency": "USD", "production_columns": ["title"], "channel": "shop", "kind_column": "what",
        "kinds": {"sold": "sale"},
    }  # fmt: skip
    assert "sold = sale" in page(client, kept)


def test_suspense_is_resolved_by_a_form(client: Any, production: Any, dana: Any, sam: Any) -> None:
    booked(dana, shop_rows("1;10.00;", title="Deckel"))
    suspense = Suspense.objects.get()
    client.force_login(sam)
    assert "Say which production" in page(client, suspense)
    assert client.get(reverse("admin:royalties_suspense_ask", args=[suspense.pk, "resolve"])).status_code == 200
    assert ask(client, suspense, "resolve", {"production": production.pk}).status_code == 422
    data = {"production": production.pk, "reason": "German title.", "remember": "on"}
    assert ask(client, suspense, "resolve", data).status_code == 302
    assert ask(client, suspense, "resolve", data).status_code == 422
    assert Income.objects.get().production == production
    assert ProductionName.objects.get().text == "deckel"


def test_a_name_that_means_another_film_is_changed_only_by_a_tick(
    client: Any, production: Any, alice: Any, bob: Any, dana: Any, sam: Any
) -> None:
    booked(dana, shop_rows("1;10.00;", title="Deckel"))
    suspense = Suspense.objects.get()
    other = film_of(alice, bob, sam, title="The Spoon")
    client.force_login(sam)
    address = reverse("admin:royalties_suspense_ask", args=[suspense.pk, "resolve"])
    assert "checked" in client.get(address).text
    actions.name_production(actor=sam, provider="bandcamp", text="Deckel", production=other)
    asked = client.get(address).text
    assert "no more “The Spoon”" in asked
    assert "checked" not in asked
    data = {"production": production.pk, "reason": "The German title.", "remember": "on"}
    assert ask(client, suspense, "resolve", data).status_code == 302
    assert [row.production for row in ProductionName.objects.all()] == [production, other]


def test_members_are_asked_nothing(client: Any, production: Any, dana: Any, alice: Any) -> None:
    booked(dana, shop_rows("1;10.00;", title="Deckel"))
    client.force_login(alice)
    data = {"production": production.pk, "reason": "Mine."}
    assert ask(client, Suspense.objects.get(), "resolve", data).status_code == 302
    assert Suspense.objects.get().resolution == ""


def test_income_is_taken_back_by_two_people(client: Any, earning: Any, sam: Any, dana: Any) -> None:
    client.force_login(sam)
    income = Income.objects.get()
    assert "Give a reason" in move(client, income, "reverse")[-1]
    assert "second person" in move(client, income, "reverse", "Wrong film.")[-1]
    assert "Only staff with the power" in move(client, Reversal.objects.get(), "approve")[-1]
    client.force_login(dana)
    assert "approved and booked" in move(client, Reversal.objects.get(), "approve")[-1]
    assert "Take it back" not in page(client, income)


def test_a_reserve_and_an_advance_are_proposed_by_form(
    client: Any, draft: Any, alice: Any, sam: Any, dana: Any
) -> None:
    client.force_login(sam)
    reserve = {"statement": draft.pk, "reason": "Returns."}
    assert add(client, "reserve", {**reserve, "amount": "much"}).status_code == 422
    assert add(client, "reserve", {**reserve, "amount": "100.00"}).status_code == 302
    advance = {
        "production": draft.production_id, "amount": "50.00", "currency": "USD", "paid_on": "2026-08-01", "reason": "Ink"
    }  # fmt: skip
    assert add(client, "advance", {**advance, "payee": "nobody"}).status_code == 422
    assert add(client, "advance", {**advance, "payee": alice.payee.code}).status_code == 302
    client.force_login(dana)
    for row in (Reserve.objects.get(), Advance.objects.get()):
        assert "approved and booked" in move(client, row, "approve")[-1]
    held = Reserve.objects.get()
    assert "Release it" in page(client, held)
    assert ask(client, held, "release", {"statement": draft.pk}).status_code == 422


def test_a_conversion_shows_its_figures(client: Any, earning: Any, sam: Any, dana: Any) -> None:
    client.force_login(sam)
    data = {
        "production": earning.pk, "sold": "USD", "bought": "EUR", "first_day": "2026-07-01", "last_day": "2026-09-30",
        "reason": "Euros.",
    }  # fmt: skip
    assert "No rate of USD in EUR" in add(client, "conversion", data).content.decode()
    actions.import_csv(actor=dana, kind="rates", name="r.csv", content=RATES)
    assert add(client, "conversion", data).status_code == 302
    html = page(client, Conversion.objects.get())
    assert "1 USD ≈ 0.909091 EUR" in html
    assert "€11,223.34" in html


def test_costs_invoices_and_transfers_are_entered_by_form(client: Any, production: Any, dana: Any) -> None:
    client.force_login(dana)
    amount = {"amount": "40.00", "currency": "USD"}
    cost = {"production": production.pk, "invoice": "P-1", "supplier": "Print", "category": "other", **amount}
    assert add(client, "cost", {**cost, "paid_on": "2026-08-01"}).status_code == 302
    assert "not needed, it is small" in page(client, Cost.objects.get())
    invoice = {"production": production.pk, "channel": "television", "number": "N-1", **amount}
    assert add(client, "invoice", {**invoice, "invoiced_on": "2026-08-01"}).status_code == 302
    assert ask(client, Invoice.objects.get(), "receive", {"provider": "wire", "on": "2026-08-09"}).status_code == 302
    transfer = {"direction": "bank", "provider": "wire", "number": "w1", **amount}
    assert add(client, "transfer", {**transfer, "arrived_on": "2026-08-10"}).status_code == 302
    assert Transfer.objects.count() == 1


@pytest.mark.parametrize(
    "name", ["mapping", "intake", "suspense", "reversal", "reserve", "advance", "conversion", "invoice", "cost"]
)
def test_a_list_costs_the_same_for_more_rows(
    client: Any, open_statement: Any, alice: Any, sam: Any, dana: Any, name: str, django_assert_max_num_queries: Any
) -> None:
    client.force_login(dana)
    booked(dana, shop_rows(*(f"{number};10.00;" for number in range(4)), title="Deckel"))
    address = reverse(f"admin:royalties_{name}_changelist")
    with django_assert_max_num_queries(25):
        assert client.get(address).status_code == 200
