"""Nothing is paid for a missing work, so who shares it has no line; they judge it all the same as little as a payee."""

from typing import Any

import pytest
from django.urls import reverse

from contributions import actions as contributions
from royalties import actions, cases
from royalties.exceptions import ConflictOfInterest
from royalties.models import StatementClaim
from tests.contributions.works import declared, published, written
from tests.royalties.conftest import later
from tests.royalties.panelists import members
from tests.royalties.test_claim_missing_work import claimed
from tests.royalties.test_money_admin import move

pytestmark = pytest.mark.usefixtures("db")


def quilt(charlie: Any, other: Any) -> Any:
    """A work that two people share, and that the film has forgotten."""
    work = declared(written(charlie, "Quilt"))
    contributions.set_shares(
        actor=charlie, contribution=work, shares={charlie: (5000, "cloth"), other: (5000, "thread")}
    )
    for maker in (charlie, other):
        contributions.agree_share(actor=maker, contribution=work)
    contributions.publish_contribution(actor=charlie, contribution=work)
    work.refresh_from_db()
    return work


@pytest.mark.parametrize("is_late", [False, True])
def test_staff_who_share_the_missing_work_do_not_answer_the_case(
    client: Any, open_statement: Any, charlie: Any, sam: Any, dana: Any, is_late: bool
) -> None:
    quilt(charlie, dana)
    claim = claimed(open_statement, charlie, now=later(open_statement) if is_late else None)
    assert (claim.objection is None) == is_late

    def answer(actor: Any) -> None:
        words = {"actor": actor, "outcome": "declined", "reason": "We do not hear it."}
        if claim.objection is None:
            actions.answer_claim(claim=claim, **words)
        else:
            actions.answer_objection(objection=claim.objection, **words)

    with pytest.raises(ConflictOfInterest, match="missing"):
        answer(dana)
    client.force_login(dana)
    assert any(
        "somebody else must do this" in words for words in move(client, claim.objection or claim, "decline", "No.")
    )
    answer(sam)


def test_who_shares_the_missing_work_or_remixed_it_is_not_drawn(
    open_statement: Any, charlie: Any, sam: Any, bob: Any
) -> None:
    sharing, remixing, free = members(3)
    work = quilt(charlie, sharing)
    published(remixing, "Quilt, undone", sources=[(work, "inspired")])
    missing = claimed(open_statement, charlie).objection
    assert missing is not None
    assert cases.uninvolved(open_statement, missing) == [free.pk]
    line = open_statement.current.lines.get(payee__artist=bob)
    other = actions.raise_objection(actor=bob, statement=open_statement, kind="measure", body="Hm.", line=line)
    assert {sharing.pk, remixing.pk, free.pk} <= set(cases.uninvolved(open_statement, other))


def test_a_work_that_an_outsider_links_to_is_what_the_case_is_about(
    open_statement: Any, charlie: Any, sam: Any, dana: Any
) -> None:
    link = f"http://localhost:8000{quilt(charlie, dana).get_absolute_url()}"
    claim = actions.confirm_claim(actor=None, claim=claimed(open_statement, link=link))
    assert claim.objection is not None
    with pytest.raises(ConflictOfInterest, match="missing"):
        actions.answer_objection(actor=dana, objection=claim.objection, outcome="declined", reason="No.")
    elsewhere = claimed(open_statement, link="http://[not an address", evidence="Listen.", email="ole@example.org")
    elsewhere = actions.confirm_claim(actor=None, claim=elsewhere)
    assert elsewhere.objection is not None
    actions.answer_objection(actor=dana, objection=elsewhere.objection, outcome="declined", reason="No.")
    assert StatementClaim.objects.count() == 2


def test_a_link_to_another_page_of_the_site_names_no_work(
    open_statement: Any, charlie: Any, sam: Any, dana: Any
) -> None:
    link = f"http://localhost:8000{reverse('home')}"
    claim = actions.confirm_claim(actor=None, claim=claimed(open_statement, link=link))
    assert claim.objection is not None
    actions.answer_objection(actor=dana, objection=claim.objection, outcome="declined", reason="No.")
