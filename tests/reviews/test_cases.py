"""Reports become cases that somebody answers, in words."""

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from contributions import actions as contributions
from profiles.models import Notice
from reviews import actions
from reviews.errors import ReviewRefused
from reviews.models import Case, CaseAction
from tests.contributions.works import published

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(alice, bob):
    return actions.report(
        actor=bob, reason="rights", text="This is my uncle's photograph.", contribution=published(alice)
    )


def test_a_visitor_may_report_too(client, alice):
    work = published(alice)
    answer = client.post(reverse("reviews:report", args=[work.pk]), {"reason": "spam", "text": "Sells watches."})
    assert answer.status_code == 302
    assert Case.objects.get().reporter is None


def test_a_report_needs_words(client, alice):
    page = client.post(reverse("reviews:report", args=[published(alice).pk]), {"reason": "spam", "text": ""})
    assert page.status_code == 422
    assert not Case.objects.exists()


def test_upholding_removes_the_work_and_answers_the_reporter(case, sam, bob):
    actions.take_case(actor=sam, case=case)
    actions.uphold_case(actor=sam, case=case, note="The photograph is in a book of 1987.")
    case.refresh_from_db()
    assert case.status == Case.Status.UPHELD
    case.contribution.refresh_from_db()
    assert case.contribution.is_gone
    assert "1987" in Notice.objects.filter(recipient=bob).latest("pk").text
    assert list(CaseAction.objects.values_list("verb", flat=True)) == ["taken", "upheld"]


def test_upholding_a_report_on_a_comment_hides_it(alice, bob, sam):
    comment = contributions.comment_on(actor=bob, contribution=published(alice), body="Rude.")
    case = actions.report(actor=alice, reason="safety", text="Rude.", comment=comment)
    actions.uphold_case(actor=sam, case=case, note="Rude indeed.")
    comment.refresh_from_db()
    assert comment.hidden_at is not None


def test_dismissing_keeps_the_work(case, sam):
    actions.dismiss_case(actor=sam, case=case, note="It is the uncle who uploaded it.")
    case.contribution.refresh_from_db()
    assert case.contribution.is_published


@pytest.mark.parametrize("answer", [actions.uphold_case, actions.dismiss_case])
def test_an_answer_needs_words_and_a_moderator(case, sam, dana, answer):
    with pytest.raises(ReviewRefused, match="moderators"):
        answer(actor=dana, case=case, note="Because.")
    with pytest.raises(ReviewRefused, match="reason"):
        actions.dismiss_case(actor=sam, case=case, note="")
    case.refresh_from_db()
    assert case.status == Case.Status.OPEN


def test_a_closed_case_stays_closed(case, sam):
    actions.dismiss_case(actor=sam, case=case, note="No.")
    with pytest.raises(ReviewRefused, match="closed"):
        actions.uphold_case(actor=sam, case=case, note="Yes.")


@pytest.mark.parametrize("statement", ["UPDATE reviews_caseaction SET note = 'x'", "DELETE FROM reviews_caseaction"])
def test_postgresql_refuses_to_rewrite_what_was_done(case, sam, statement):
    actions.take_case(actor=sam, case=case)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_the_admin_answers_with_a_reason(client, case, sam):
    sam.is_superuser = True
    sam.save()
    client.force_login(sam)
    queue = reverse("admin:reviews_case_changelist")
    assert "uncle" in client.get(queue).text
    client.post(queue, {"action": "dismiss", "_selected_action": [case.pk], "note": "Checked."})
    case.refresh_from_db()
    assert case.status == Case.Status.DISMISSED
