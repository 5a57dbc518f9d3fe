"""Two accounts that staff found to be one person have one interest, one voice and one line."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from contributions.models import Share
from profiles.actions import grant_powers
from profiles.models import StaffPower
from royalties import actions, cases, kinship, people
from royalties.earned import balances_of
from royalties.exceptions import ConflictOfInterest, NotAllowed, SecondPersonNeeded
from royalties.models import PayeeMatch
from royalties.money import Money
from tests.royalties.conftest import drafted, later, payable
from tests.royalties.panelists import answered, members
from tests.royalties.payees import news, ready, report
from tests.support.cast import join


def tied(first: Any, second: Any, outcome: str = "one") -> PayeeMatch:
    """Two accounts of which staff say whether they are one person."""
    kim = join("kim", powers=("finance",)) if not PayeeMatch.objects.exists() else None
    payees = actions.payees_for([first, second])
    low, high = sorted((payees[first.pk].pk, payees[second.pk].pk))
    match, _is_new = PayeeMatch.objects.get_or_create(first_id=low, second_id=high, ground="tax_id")
    decider = kim or type(first).objects.get(handle="kim")
    actions.decide_match(actor=decider, match=match, outcome=outcome, reason="One passport.")
    return match


def test_accounts_of_one_person_are_found_through_others(alice: Any, bob: Any, charlie: Any, dana: Any) -> None:
    tied(alice, charlie)
    match = tied(charlie, bob)
    assert people.accounts_of([bob.pk]) == {alice.pk, bob.pk, charlie.pk}
    assert people.accounts_of([dana.pk]) == {dana.pk}
    assert people.one_account_each([alice.pk, bob.pk, dana.pk]) == {alice.pk, dana.pk}
    keys = [artist.payee.pk for artist in (alice, bob, charlie)]
    assert len(set(people.people_of(keys).values())) == 1
    tied(charlie, bob, "two")
    assert match.verdicts.count() == 2
    assert people.accounts_of([bob.pk]) == {bob.pk}


def test_who_is_one_person_with_a_payee_approves_nothing(draft: Any, sam: Any, dana: Any, bob: Any) -> None:
    actions.submit_for_review(actor=sam, statement=draft)
    assert not kinship.has_line(dana, draft)
    tied(dana, bob)
    assert kinship.has_line(dana, draft)
    assert kinship.is_neighbour(dana, kinship.paid_works(draft))
    with pytest.raises(ConflictOfInterest):
        actions.publish(actor=dana, statement=draft)


def test_another_account_of_the_drafter_is_no_second_person(draft: Any, sam: Any, dana: Any) -> None:
    tied(sam, dana)
    actions.submit_for_review(actor=sam, statement=draft)
    with pytest.raises(SecondPersonNeeded):
        actions.publish(actor=dana, statement=draft)


def test_another_account_of_who_objected_neither_answers_nor_decides(
    open_statement: Any, bob: Any, charlie: Any, dana: Any
) -> None:
    jurors = members(4)
    objection = answered(open_statement, bob, dana)
    assert {juror.pk for juror in jurors} <= set(cases.uninvolved(open_statement, objection))
    tied(jurors[0], bob)
    assert jurors[0].pk not in cases.uninvolved(open_statement, objection)
    said = actions.raise_objection(actor=charlie, statement=open_statement, kind="missing", body="Mine.")
    tied(charlie, dana)
    with pytest.raises(NotAllowed, match="own objection"):
        actions.answer_objection(actor=dana, objection=said, outcome="accepted", reason="Mine.")


def test_one_person_has_one_seat_in_a_panel(open_statement: Any, bob: Any, dana: Any) -> None:
    jurors = members(4)
    objection = answered(open_statement, bob, dana)
    tied(jurors[1], jurors[2])
    free = cases.uninvolved(open_statement, objection)
    assert jurors[1].pk in free
    assert jurors[2].pk not in free


def test_nobody_pays_their_own_other_account(posted: Any, alice: Any, sam: Any, dana: Any) -> None:
    ready(alice)
    batch = actions.batch_payouts(actor=sam, currency="USD")
    tied(alice, dana)
    with pytest.raises(ConflictOfInterest):
        actions.submit_batch(actor=dana, batch=batch)


def test_the_credits_of_one_person_go_to_one_payee(
    earning: Any, alice: Any, bob: Any, sam: Any, finish_jobs: Any
) -> None:
    """The song of bob was made from the poem of alice: once they are one, nothing flows between them."""
    tied(alice, bob)
    statement = drafted(sam, earning, finish_jobs)
    lines = list(statement.pending.lines.values_list("payee__artist__handle", "amount_minor"))
    assert lines == [("alice", statement.pending.pool_minor)]
    assert not statement.pending.result["effective_edges"].get(f"c{bob.contributions.first().pk}")


def test_parts_of_one_person_in_a_work_are_one(
    earning: Any, alice: Any, bob: Any, charlie: Any, sam: Any, finish_jobs: Any
) -> None:
    drawing = bob.contributions.get(title="Lid, drawn")
    Share.objects.filter(contribution=drawing, artist=bob).update(share_bps=5000)
    Share.objects.create(
        contribution=drawing, artist=charlie, role="ink", share_bps=5000, agreed_at=drawing.published_at
    )
    tied(bob, charlie)
    statement = drafted(sam, earning, finish_jobs)
    assert statement.pending.input["contributions"][f"c{drawing.pk}"]["credits"] == {bob.payee.code: 10_000}


def test_a_held_account_is_not_stepped_around(
    earning: Any, alice: Any, bob: Any, sam: Any, dana: Any, finish_jobs: Any
) -> None:
    tied(alice, bob)
    actions.place_hold(actor=dana, payee=bob.payee, kind="dispute", reason="Somebody else says it is theirs.")
    statement = drafted(sam, earning, finish_jobs)
    assert [line.payee.artist for line in statement.pending.lines.all()] == [bob]


def test_a_correction_moves_nothing_between_the_accounts_of_one_person(
    posted: Any, alice: Any, bob: Any, sam: Any, finish_jobs: Any
) -> None:
    before = posted.current.result["amounts"]
    tied(alice, bob)
    with finish_jobs():
        correction = actions.draft_correction(actor=sam, statement=posted, funding="house", reason="A look.")
    correction.refresh_from_db()
    assert correction.pending.result["amounts"] == before


def test_who_is_near_costs_the_same_queries_for_one_account_and_for_three(
    open_statement: Any, bob: Any, charlie: Any, dana: Any
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            kinship.involved_in(open_statement)
            kinship.has_line(dana, open_statement)
        return len(seen)

    alone = queries()
    tied(bob, charlie)
    tied(bob, join("erin"))
    assert queries() == alone


def test_a_third_account_decides_nothing_about_its_others(alice: Any, bob: Any, sam: Any, dana: Any) -> None:
    grant_powers(actor=None, artist=sam, powers=list(StaffPower))
    tied(alice, sam)
    payees = actions.payees_for([alice, bob])
    low, high = sorted((payees[alice.pk].pk, payees[bob.pk].pk))
    match = PayeeMatch.objects.create(first_id=low, second_id=high, ground="tax_id")
    with pytest.raises(ConflictOfInterest):
        actions.decide_match(actor=sam, match=match, outcome="two", reason="No.")


def test_small_costs_of_two_accounts_are_those_of_one_person(production: Any, sam: Any, dana: Any) -> None:
    def enter(actor: Any, invoice: str) -> bool:
        cost = actions.enter_cost(
            actor=actor,
            production=production,
            invoice=invoice,
            supplier="Print Room",
            category="other",
            money=Money(6_000, "USD"),
            paid_on=dt.date(2026, 8, 20),
        )
        return cost.counts

    assert (enter(sam, "P-1"), enter(sam, "P-2")) == (True, False)
    assert enter(dana, "P-3")
    erin = join("erin", powers=("finance",))
    tied(sam, erin)
    assert not enter(erin, "P-4")


def test_nobody_frees_or_advances_money_of_their_own_other_account(
    production: Any, alice: Any, sam: Any, dana: Any
) -> None:
    payee = actions.payees_for([alice])[alice.pk]
    grant_powers(actor=None, artist=sam, powers=list(StaffPower))
    sam.refresh_from_db()
    hold = actions.place_hold(actor=sam, payee=payee, kind="staff", reason="Who is it?")
    tied(alice, dana)
    with pytest.raises(ConflictOfInterest):
        actions.lift_hold(actor=dana, hold=hold, reason="It is me.")
    with pytest.raises(ConflictOfInterest):
        actions.propose_advance(
            actor=dana,
            payee=payee,
            production=production,
            money=Money(100, "USD"),
            paid_on=timezone.now().date(),
            reason="For me.",
        )


@pytest.mark.parametrize("is_tied", [False, True])
def test_nobody_decides_what_became_of_their_own_payment(
    posted: Any, alice: Any, sam: Any, dana: Any, is_tied: bool
) -> None:
    """Neither of the other account of the same person; the provider's report needs nobody to decide."""
    ready(alice)
    batch = actions.batch_payouts(actor=sam, currency="USD")
    actions.submit_batch(actor=dana, batch=batch)
    payout = batch.payouts.get()
    actor = alice
    grant_powers(actor=None, artist=alice, powers=["finance"])
    if is_tied:
        actor = join("erin", powers=["finance"])
        tied(alice, actor)
    actor = type(actor).objects.get(pk=actor.pk)
    with pytest.raises(ConflictOfInterest):
        actions.settle_payout(actor=actor, payout=payout, provider_reference="PP-1")
    with pytest.raises(ConflictOfInterest):
        actions.fail_payout(actor=actor, payout=payout, reason="Account closed")
    content = report(news(payout, "Completed", "PP-1"))
    actions.import_report(actor=actor, form="paypal", name="report.csv", content=content)
    payout.refresh_from_db()
    assert payout.status == "settled"
    with pytest.raises(ConflictOfInterest):
        actions.return_payout(actor=actor, payout=payout, reason="Account closed")
    actions.return_payout(actor=dana, payout=payout, reason="Account closed")


def test_a_statement_is_not_paid_while_its_people_are_due_by_two_accounts(
    posted: Any, alice: Any, bob: Any, settings: Any
) -> None:
    """Neither account reaches the threshold, and the person does; balances are read once the statement is held."""
    settings.ROYALTY_POLICY = {"USD": {"payout_threshold": payable(alice) + payable(bob)}}
    tied(alice, bob)
    (balance,) = balances_of(alice.payee, later(posted))
    assert balance.is_enough
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert actions.mark_all_paid() == 0
    asked = [query["sql"] for query in queries]
    held = next(place for place, sql in enumerate(asked) if "FOR UPDATE" in sql and "royalties_statement" in sql)
    read = next(place for place, sql in enumerate(asked) if "royalties_balance" in sql)
    assert held < read
    posted.refresh_from_db()
    assert posted.status == "posted"
    tied(alice, bob, "two")
    (balance,) = balances_of(alice.payee, later(posted))
    assert not balance.is_enough
    assert actions.mark_all_paid() == 1


def test_a_hold_on_one_account_keeps_no_statement_from_being_paid(
    posted: Any, alice: Any, charlie: Any, dana: Any
) -> None:
    for line in posted.current.lines.exclude(payee=alice.payee).select_related("payee"):
        if line.amount_minor:
            actions.place_hold(actor=dana, payee=line.payee, kind="staff", reason="Two wills.")
    tied(alice, charlie)
    assert actions.mark_all_paid() == 0
    actions.place_hold(actor=dana, payee=charlie.payee, kind="staff", reason="Two wills.")
    assert actions.mark_all_paid() == 1
