"""Chapter: strangers verify both statements, the sums agree, and the pages do without script."""

from __future__ import annotations

from django.urls import reverse
from django.utils import timezone

from royalties.models import Payout
from royalties.money import Money
from tests.story.correction import deltas
from tests.story.film import line_of
from tests.story.looks import look
from tests.story.money import download, verify
from tests.story.payout import amounts
from tests.story.stage import Stage, said


def both_files_verify(stage: Stage) -> None:
    """By the program of the page, alone: each file carries the amounts that the page shows."""
    for name in ("statement", "correction"):
        page = stage.at("visitor", stage.rows[name].get_absolute_url())
        document = download(page, stage.folder, "statement.json")
        program = download(page, stage.folder, "verify.py")
        assert verify(program, document) == (0, "verified")


def what_was_paid_is_what_was_published(stage: Stage) -> None:
    """Every settled payment of everybody, against the first statement and the differences of the second."""
    expected = amounts(stage.again("statement"))
    for handle, minor in deltas(stage).items():
        expected[handle] = expected.get(handle, 0) + minor
    paid: dict[str, int] = {}
    settled = Payout.objects.filter(status=Payout.Status.SETTLED)
    for handle, minor in settled.values_list("payee__artist__handle", "amount_minor"):
        paid[handle] = paid.get(handle, 0) + minor
    assert paid == expected


def nothing_needs_script(stage: Stage) -> None:
    """The statement, a line, its changes and the earnings, in a browser that runs none."""
    statement = stage.rows["statement"]
    line = line_of(stage, "alice")
    amount = Money(line.amount_minor, "USD").format("en")
    page = stage.open_page(script=False, as_=stage.artist("alice"))
    for address in (
        statement.get_absolute_url(),
        line.get_absolute_url(),
        reverse("royalties:changes", args=[statement.pk]),
        reverse("royalties:earnings"),
    ):
        assert page.goto(address).status == 200
        said(page, "The Lid")
        if "changes" not in address:
            said(page, amount)


def earnings_are_read(stage: Stage) -> None:
    """What came in, what was paid and what the year adds up to."""
    year = timezone.now().year
    addresses = {"earnings": "/earnings/", "year": f"/earnings/{year}/", "payout-details": "/earnings/payout/"}
    for name, address in addresses.items():
        page = stage.at("charlie", address)
        look(page, name)
    page = stage.at("charlie", addresses["year"])
    said(page, Money(line_of(stage, "charlie").amount_minor, "USD").format("en"))
    page = stage.at("hana", addresses["earnings"])
    said(page, "Only a correction names you; it stands below.")
    said(page, "You had too little; the house has paid the rest.")
    said(page, Money(deltas(stage)["hana"], "USD").format("en"))
    look(page, "earnings-corrected")
