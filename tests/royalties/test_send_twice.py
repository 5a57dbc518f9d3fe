"""A money form that is sent twice: one effect, one answer, on pages and in the admin."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from profiles import submissions
from profiles.actions import ANSWERS_KEPT, close_account, sweep_submissions
from profiles.models import Event, Submission
from royalties import actions
from royalties.models import Adjustment, Batch, Cost, Import, Objection, Statement, StatementClaim, StatementComment
from royalties.urls import urlpatterns
from tests.royalties.conftest import cost_csv, revenue_csv

KEY = "k0-_" * 6


def sent(client: Any, url: str, key: str = KEY, **body: Any) -> tuple[int, str, list[str]]:
    """Send a form; its status, where it leads, and what the next page says."""
    response = client.post(url, {submissions.FIELD: key, **body})
    said = [str(message) for message in client.get("/rights/").context["messages"]]
    return response.status_code, response.get("Location", ""), said


def line_url(statement: Any, artist: Any, name: str) -> str:
    return reverse(f"royalties:{name}", args=[statement.pk, artist.payee.code])


def test_every_form_carries_a_key_of_its_own(client: Any, open_statement: Any, bob: Any) -> None:
    client.force_login(bob)
    page = client.get(line_url(open_statement, bob, "line")).content.decode()
    keys = re.findall(r'name="submission" value="([^"]+)"', page)
    assert len(keys) == page.count('name="csrfmiddlewaretoken"') >= 3
    assert len(set(keys)) == len(keys)


def test_the_forms_of_the_admin_carry_one(client: Any, draft: Any, sam: Any) -> None:
    client.force_login(sam)
    for url in ("statement_add", "statement_changelist"):
        assert 'name="submission"' in client.get(reverse(f"admin:royalties_{url}")).content.decode()
    page = client.get(reverse("admin:royalties_statement_change", args=[draft.pk])).content.decode()
    assert page.count('name="submission"') == page.count('name="csrfmiddlewaretoken"') >= 3


def test_every_page_of_money_answers_once() -> None:
    assert [pattern.name for pattern in urlpatterns if not hasattr(pattern.callback, "answers_once")] == []


def test_the_same_form_again_gets_the_first_answer(client: Any, open_statement: Any, bob: Any) -> None:
    client.force_login(bob)
    url = line_url(open_statement, bob, "line_comment")
    first = sent(client, url, body="Two minutes are missing.", kind="measure")
    assert first[0] == 302
    assert first[2] == ["Your objection is a case now. It will be answered here."]
    assert [sent(client, url, body="Two minutes are missing.", kind="measure") for _time in range(3)] == [first] * 3
    assert (StatementComment.objects.count(), Objection.objects.count(), Submission.objects.count()) == (1, 1, 1)


def test_the_key_of_a_form_with_another_body_is_refused(client: Any, open_statement: Any, bob: Any) -> None:
    client.force_login(bob)
    url = reverse("royalties:comment", args=[open_statement.pk])
    sent(client, url, body="Thank you.")
    response = client.post(
        url, {submissions.FIELD: KEY, "body": "Or not."}, headers={"Referer": f"http://testserver{url}"}
    )
    assert response.status_code == 409
    assert "sent before, with something else in it" in response.content.decode()
    assert f'href="http://testserver{url}"' in response.content.decode()
    elsewhere = client.post(line_url(open_statement, bob, "accept"), {submissions.FIELD: KEY})
    assert elsewhere.status_code == 409
    assert [said.body for said in StatementComment.objects.all()] == ["Thank you."]


def test_a_key_is_each_persons_own(client: Any, open_statement: Any, alice: Any, bob: Any) -> None:
    url = reverse("royalties:comment", args=[open_statement.pk])
    for artist in (alice, bob):
        client.force_login(artist)
        assert sent(client, url, body=f"I am {artist.handle}.")[0] == 302
    assert StatementComment.objects.count() == 2


def test_what_was_refused_is_judged_anew(client: Any, open_statement: Any, bob: Any) -> None:
    client.force_login(bob)
    url = line_url(open_statement, bob, "accept")
    Statement.objects.update(status="final")
    assert "cannot be done" in sent(client, url)[2][0]
    Statement.objects.update(status="published")
    assert "Thank you" in sent(client, url)[2][0]
    empty = client.post(reverse("royalties:comment", args=[open_statement.pk]), {submissions.FIELD: "e1", "body": " "})
    assert empty.status_code == 422
    assert sent(client, reverse("royalties:comment", args=[open_statement.pk]), key="e1", body="Better.")[0] == 302


def test_a_form_without_a_key_is_taken_as_before(client: Any, open_statement: Any, bob: Any) -> None:
    client.force_login(bob)
    assert client.post(line_url(open_statement, bob, "accept")).status_code == 302
    assert not Submission.objects.exists()


@pytest.mark.parametrize("key", ["k" * 65, "a\x00b", "a\nb"])
def test_a_key_that_is_none_is_a_bad_request(client: Any, open_statement: Any, bob: Any, key: str) -> None:
    client.force_login(bob)
    assert client.post(line_url(open_statement, bob, "accept"), {submissions.FIELD: key}).status_code == 400
    assert not Event.objects.filter(verb="royalties.line_accepted").exists()


def test_a_file_is_told_by_its_content(client: Any, production: Any, sam: Any) -> None:
    client.force_login(sam)
    url = reverse("admin:royalties_import_add")

    def upload(content: bytes) -> Any:
        file = SimpleUploadedFile("sales.csv", content, "text/csv")
        return sent(client, url, kind="revenue", file=file)

    first = upload(revenue_csv(production))
    assert first[0] == 302
    assert upload(revenue_csv(production)) == first
    assert upload(revenue_csv(production, "t9,sale,5.00"))[0] == 409
    assert Import.objects.count() == 1


def test_an_award_is_proposed_once(client: Any, draft: Any, alice: Any, sam: Any) -> None:
    client.force_login(sam)
    url, asked = reverse("admin:royalties_adjustment_add"), award(draft, alice)
    first = sent(client, url, **asked)
    assert first[0] == 302
    assert sent(client, url, **asked) == first
    assert Adjustment.objects.count() == 1
    sent(client, url, key="another-key", **asked)
    assert Adjustment.objects.count() == 2


def award(statement: Any, artist: Any) -> dict[str, Any]:
    return {
        "statement": statement.pk,
        "kind": "award",
        "payee": artist.payee.code,
        "amount": "10.00",
        "reason": "It carries the ending.",
    }


def test_buttons_of_the_admin_work_once_and_say_the_same(client: Any, earning: Any, sam: Any, dana: Any) -> None:
    for number in range(3):
        content = cost_csv(earning, invoice=f"N-{number}")
        actions.import_csv(actor=sam, kind="cost", name=f"{number}.csv", content=content)
    rows = list(Cost.objects.filter(approved_by=None))
    client.force_login(dana)
    url = reverse("admin:royalties_cost_changelist") + "?approved_by__isempty=1"
    asked = {"action": "approve", "_selected_action": [row.pk for row in rows], "index": 0, "words": ""}
    first = sent(client, url, **asked)
    assert [words.split(": ")[1] for words in first[2]] == ["approved and booked"] * 3
    assert sent(client, url, **asked) == first
    assert Submission.objects.count() == LogEntry.objects.count() == 3
    one = {**asked, "_selected_action": [rows[0].pk]}
    assert sent(client, url, **one)[0] == 409


def test_a_form_sent_again_goes_on_where_the_first_time_ended(
    client: Any, open_statement: Any, sam: Any, dana: Any
) -> None:
    production = open_statement.production
    later_day = cost_csv(production, invoice="N-1").replace(b"2026-08-20", b"2026-10-20")
    for number, content in enumerate([later_day, cost_csv(production, invoice="N-2")]):
        actions.import_csv(actor=sam, kind="cost", name=f"{number}.csv", content=content)
    rows = list(Cost.objects.filter(approved_by=None).order_by("pk"))
    client.force_login(dana)
    url = reverse("admin:royalties_cost_changelist")
    asked = {"action": "approve", "_selected_action": [row.pk for row in rows], "index": 0, "words": ""}
    Statement.objects.update(status="closing")
    done, refused = sent(client, url, **asked)[2]
    assert "approved and booked" in done
    assert "settled" in refused
    Statement.objects.update(status="published")
    assert sent(client, url, **asked)[2] == [done, "N-2: approved and booked"]
    assert Event.objects.filter(verb="royalties.cost_approved", topic=f"cost:{rows[0].pk}").count() == 1


def test_a_move_that_comes_again_reads_no_list(
    client: Any, earning: Any, sam: Any, dana: Any, django_assert_max_num_queries: Any
) -> None:
    actions.import_csv(actor=sam, kind="cost", name="1.csv", content=cost_csv(earning, invoice="N-1"))
    client.force_login(dana)
    url, row = reverse("admin:royalties_cost_changelist"), Cost.objects.get(approved_by=None)
    asked = {"action": "approve", "_selected_action": row.pk, "index": 0, "words": "", submissions.FIELD: KEY}
    first = client.post(url, asked)
    with django_assert_max_num_queries(2):  # who it is, and what they were told
        again = client.post(url, asked)
    assert (again.status_code, again["Location"]) == (302, first["Location"])


def test_a_claim_of_somebody_without_an_account_counts_once(client: Any, open_statement: Any) -> None:
    url = reverse("royalties:claim", args=[open_statement.pk])
    facts = {"name": "Olga", "email": "olga@example.com", "work": "Whistle", "evidence": "Listen at 0:40."}
    assert sent(client, url, **facts) == sent(client, url, **facts)
    assert sent(client, url, **{**facts, "work": "Another"})[0] == 409
    assert StatementClaim.objects.count() == 1
    assert Submission.objects.get().actor is None


def test_an_effect_that_fails_keeps_no_answer(client: Any, draft: Any, sam: Any) -> None:
    client.force_login(sam)
    url = reverse("admin:royalties_batch_add")
    assert client.post(url, {submissions.FIELD: KEY, "currency": "USD"}).status_code == 422
    assert (Batch.objects.count(), Submission.objects.count()) == (0, 0)


def test_answers_go_after_thirty_days_and_with_the_person(client: Any, open_statement: Any, bob: Any) -> None:
    client.force_login(bob)
    sent(client, line_url(open_statement, bob, "accept"))
    assert sweep_submissions() == 0
    assert sweep_submissions(now=timezone.now() + ANSWERS_KEPT + dt.timedelta(minutes=1)) == 1
    sent(client, line_url(open_statement, bob, "accept"))
    close_account(actor=bob)
    assert not Submission.objects.exists()
