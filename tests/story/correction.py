"""Chapter: a work was forgotten; a visitor says so when all is paid, and a further statement sets it right."""

from __future__ import annotations

from django.urls import reverse

from projects.models import Cut
from royalties.models import CorrectionShare, Payout, Statement, StatementClaim
from tests.royalties.payees import news, report
from tests.story.desk import desk, done, new, press, save
from tests.story.film import line_of
from tests.story.looks import look
from tests.story.money import Status, computed
from tests.story.production import place_cue
from tests.story.stage import Stage, link_in, mail_to, said

PETRA = "petra@example.org"
GRANTED = "It is Hana’s: her colours are on the screen from 1:10, and the cut forgot them."


def dana_takes_in_the_report(stage: Stage) -> None:
    """What the provider says of the batch, as a file; every payment has arrived."""
    batch = stage.rows["batch"]
    rows = [news(payout, "Completed", f"PP-{payout.pk:03d}") for payout in batch.payouts.order_by("pk")]
    page = new(stage, "dana", "royalties_payoutreport")
    page.locator("#id_form").select_option("paypal")
    file = {"name": f"report-{batch.pk}.csv", "mimeType": "text/csv", "buffer": report(*rows)}
    page.locator("#id_file").set_input_files(file)  # type: ignore[arg-type]  # the three keys it wants
    page.locator("input[type=submit]").click()
    page.wait_for_load_state()
    done(page)
    assert set(batch.payouts.values_list("status", flat=True)) == {Payout.Status.SETTLED}


def receipts_are_read(stage: Stage, *handles: str) -> None:
    """By whom they are for, and by nobody else."""
    for handle in handles:
        payout = stage.rows["batch"].payouts.get(payee__artist__handle=handle)
        page = stage.at(handle, "/earnings/")
        page.locator(f"a[href='{payout.get_absolute_url()}']").first.click()
        said(page, payout.provider_reference)
        said(page, "@pay.example")
    look(page, "receipt")
    visitor, other = stage.browsers["visitor"], stage.browsers["bob"]
    visitor.goto(payout.get_absolute_url())
    assert "/accounts/login/" in visitor.url
    answer = other.goto(payout.get_absolute_url())
    assert answer is not None
    assert answer.status == 404


def the_visitor_claims_a_work(stage: Stage) -> None:
    """Without an account: the form, the link in the mail, the button behind it."""
    page = stage.at("visitor", stage.rows["statement"].get_absolute_url())
    page.get_by_role("link", name="Claim a work that was forgotten").click()
    page.locator("#id_name").fill("Petra Holm")
    page.locator("#id_email").fill(PETRA)
    page.locator("#id_work").fill("Lid, coloured")
    page.locator("#id_evidence").fill("Hana, whom I know, coloured the lid; it is seen from 1:10.")
    page.get_by_role("button", name="Send the claim").click()
    said(page, "Look at your mail")
    page.goto(link_in(mail_to(PETRA, "/claim/"), "/claim/"))
    page.get_by_role("button", name="Yes, this claim is mine").click()
    said(page, "Your claim counts now.")
    claim = stage.rows["claim"] = StatementClaim.objects.get()
    assert (claim.status, page.url.endswith(claim.get_absolute_url())) == (StatementClaim.Status.LATE, True)
    said(stage.at("bob", stage.rows["statement"].get_absolute_url()), "awaiting answer")


def dana_grants_it(stage: Stage) -> None:
    page = desk(stage, "dana", stage.rows["claim"])
    press(page, "Accept", words=GRANTED)
    done(page)
    assert GRANTED in mail_to(PETRA, "Hana’s").replace("\n", " ")
    said(stage.at("visitor", stage.rows["claim"].get_absolute_url()), GRANTED)


def sam_cuts_anew(stage: Stage) -> None:
    """A copy of the locked cut with the work that was forgotten, locked as the first was."""
    page = desk(stage, "sam", stage.rows["production"])
    press(page, "Begin a cut")
    cut = stage.rows["new cut"] = Cut.objects.latest("pk")
    page = desk(stage, "sam", cut)
    number = int(page.locator("#id_cues-INITIAL_FORMS").input_value())
    place_cue(page, stage, number, ("colours", "picture", "Drawing", "screen_ms", "30000"))
    save(page)
    page = desk(stage, "sam", cut)
    press(page, "Look at the blockers and lock")
    page.get_by_role("button", name="Lock this cut").click()
    page.wait_for_load_state()
    assert stage.again("new cut").is_locked


def sam_drafts_a_correction(stage: Stage) -> None:
    page = desk(stage, "sam", stage.rows["statement"])
    press(page, "Correct it; the house pays what was missing", words=GRANTED)
    done(page)
    stage.rows["correction"] = Statement.objects.get(corrects=stage.rows["statement"])
    computed(stage, "correction")


def everybody_sees_it(stage: Stage) -> None:
    """From the first statement, from the claim, and from what it changes."""
    correction = stage.rows["correction"]
    address = correction.get_absolute_url()
    for handle in ("visitor", "alice", "charlie"):
        page = stage.at(handle, stage.rows["statement"].get_absolute_url())
        page.locator(f".note a[href='{address}']").click()
        said(page, "Nobody pays anything back.")
    page = stage.at("visitor", stage.rows["claim"].get_absolute_url())
    look(page, "claimed")
    page.get_by_role("link", name="The correction statement that carries it out").click()
    page.wait_for_url(f"**{address}")
    page = stage.at("hana", address)
    said(page, "Your share, Hana")
    assert "as booked" in page.locator("#shares").inner_text()
    look(page, "correction")
    page = stage.at("charlie", line_of(stage, "charlie", "correction").get_absolute_url())
    said(page, "Before this correction it was")
    said(page, "Nobody pays anything back.")
    look(page, "correction-line")
    page = stage.at("visitor", reverse("royalties:changes", args=[correction.pk]))
    said(page, GRANTED)
    said(page, "Hana")


def deltas(stage: Stage) -> dict[str, int]:
    """What the correction pays at once: only to whom something was missing."""
    rows = CorrectionShare.objects.filter(correction=stage.rows["correction"], delta_minor__gt=0)
    return dict(rows.values_list("payee__artist__handle", "delta_minor"))


def the_first_statement_stays(stage: Stage) -> None:
    statement = stage.again("statement")
    assert (statement.status, statement.current.number) == (Status.PAID, 2)
    assert stage.again("correction").status == Status.PAID
    said(stage.at("visitor", stage.rows["correction"].get_absolute_url()), "Everybody is paid whose money was due")
