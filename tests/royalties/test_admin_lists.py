"""The lists of money staff: what waits stands first, amounts have their currency, payees their names."""

from typing import Any

from django.urls import reverse
from django.utils import timezone

from royalties import actions
from royalties.models import Batch, Objection, Payout, StatementClaim, Suspense
from tests.royalties.conftest import closed, later
from tests.royalties.payees import ready
from tests.royalties.reports import booked, shop_rows


def listed(client: Any, name: str) -> list[Any]:
    return list(client.get(reverse(f"admin:royalties_{name}_changelist")).context["cl"].result_list)


def objected(statement: Any, artist: Any, body: str = "Hm.") -> Objection:
    line = statement.current.lines.get(payee__artist=artist)
    return actions.raise_objection(actor=artist, statement=statement, kind="measure", body=body, line=line)


def page(client: Any, row: Any) -> str:
    html: str = client.get(reverse(f"admin:royalties_{row._meta.model_name}_change", args=[row.pk])).content.decode()
    return html


def test_objections_that_wait_stand_first_the_oldest_on_top(
    client: Any, open_statement: Any, alice: Any, bob: Any, dana: Any
) -> None:
    first = objected(open_statement, bob)
    second = objected(open_statement, alice)
    actions.answer_objection(actor=dana, objection=first, outcome="declined", reason="No.")
    third = objected(open_statement, bob, "Once more.")
    client.force_login(dana)
    assert listed(client, "objection") == [second, third, first]


def test_a_long_objection_is_cut_in_the_list_and_whole_on_its_page(
    client: Any, open_statement: Any, bob: Any, dana: Any
) -> None:
    body = "I counted every frame of it. " * 12 + "That is all."
    objection = objected(open_statement, bob, body)
    client.force_login(dana)
    html = client.get(reverse("admin:royalties_objection_changelist")).content.decode()
    assert "I counted every frame" in html
    assert "That is all." not in html
    assert "That is all." in page(client, objection)


def test_claims_that_wait_stand_first(client: Any, open_statement: Any, dana: Any) -> None:
    facts = {"statement": open_statement, "evidence": "Listen.", "name": "Olga", "email": "olga@example.com"}
    made = StatementClaim.objects.create
    unconfirmed = made(**facts, work="Whistle", status=StatementClaim.Status.UNCONFIRMED)
    late = [
        made(**facts, work=work, status=StatementClaim.Status.LATE, confirmed_at=timezone.now())
        for work in ("Drum", "Flute")
    ]
    client.force_login(dana)
    assert listed(client, "statementclaim") == [*late, unconfirmed]


def test_suspense_that_waits_stands_first(client: Any, production: Any, dana: Any) -> None:
    booked(dana, shop_rows("1;10.00;", "2;11.00;", title="Deckel"))
    first, second = Suspense.objects.order_by("pk")
    actions.resolve_suspense(actor=dana, suspense=second, production=production, reason="German title.")
    client.force_login(dana)
    assert listed(client, "suspense") == [first, second]


def test_a_batch_shows_amounts_in_their_currency_and_payees_by_name(
    client: Any, open_statement: Any, alice: Any, sam: Any, dana: Any
) -> None:
    final = closed(open_statement, sam)
    actions.post_statement(actor=dana, statement=final, now=later(final))
    ready(alice)
    actions.prepare_batches(actor=sam, currency="USD")
    payout = Payout.objects.get()
    client.force_login(dana)
    for html in (page(client, Batch.objects.get()), page(client, payout)):
        assert str(payout.paid.format()) in html
        assert f"{alice.payee.shown_name} · {alice.payee.code}" in html
        assert ">Amount minor" not in html
        assert f">{payout.amount_minor}<" not in html


def test_adjustments_and_rates_are_per_cent_and_amounts(
    client: Any, open_statement: Any, alice: Any, sam: Any, dana: Any
) -> None:
    cue = open_statement.cut.cues.get(position=1)
    actions.propose_factor(actor=sam, statement=open_statement, cue=cue, factor_bps=13_000, reason="Twice.")
    actions.propose_award(
        actor=sam, statement=open_statement, payee=alice.payee, amount_minor=5_000, reason="She began it."
    )
    actions.enter_rate(
        actor=dana, authority="irs", country="DE", rate_bps=1_250, valid_from=later(open_statement).date(), note="Law"
    )
    client.force_login(dana)
    addresses = ["admin:royalties_adjustment_changelist", "admin:royalties_withholdingrate_changelist"]
    adjustments, rates = (client.get(reverse(address)).content.decode() for address in addresses)
    for html in (adjustments, page(client, open_statement)):
        assert "130%" in html
        assert "$50.00" in html
        assert f"{alice.payee.shown_name} · {alice.payee.code}" in html
        assert "13000" not in html
    assert "12.5%" in rates
    assert "1250" not in rates
