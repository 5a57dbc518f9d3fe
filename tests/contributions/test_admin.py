"""Works in the admin: staff see, take down, restore and retry; everybody else sees nothing."""

import pytest
from django.urls import reverse

from contributions import actions
from contributions.models import Contribution, InfluenceRate, Job
from tests.contributions.works import png, png_file, published, run_jobs

PAGES = [
    "contribution",
    "version",
    "job",
    "comment",
    "claim",
    "licence",
    "influencerate",
    "remix",
    "rightsreceipt",
    "upload",
    "tag",
]


@pytest.fixture
def as_staff(client, sam):
    client.force_login(sam)
    return client


def lists(name):
    return reverse(f"admin:contributions_{name}_changelist")


@pytest.mark.parametrize("name", PAGES)
def test_every_list_and_row_opens(as_staff, alice, bob, name):
    work = published(alice)
    actions.comment_on(actor=bob, contribution=published(bob, sources=[work], tags=["rain"]), body="Hm")
    actions.file_claim(actor=bob, contribution=work, source=published(bob), evidence="The second verse")
    actions.receive_file(actor=alice, file=png_file())
    answer = as_staff.get(lists(name))
    assert answer.status_code == 200
    row = answer.context["cl"].queryset.first()
    assert as_staff.get(reverse(f"admin:contributions_{name}_change", args=[row.pk])).status_code == 200


def test_members_are_sent_away(client, alice):
    client.force_login(alice)
    assert client.get(lists("contribution")).status_code == 302


def test_pictures_are_previewed(as_staff, alice):
    actions.receive_file(actor=alice, file=png_file())
    run_jobs()
    assert b"image/64.webp" in as_staff.get(lists("contribution")).content


def test_taking_down_and_restoring(as_staff, alice):
    work = published(alice)
    press = {"action": "remove_works", "_selected_action": [work.pk], "reason": ""}
    as_staff.post(lists("contribution"), press)
    assert Contribution.objects.get().is_published
    as_staff.post(lists("contribution"), press | {"reason": "Not hers"})
    assert Contribution.objects.get().status_reason == "Not hers"
    as_staff.post(lists("contribution"), {"action": "restore_works", "_selected_action": [work.pk]})
    assert Contribution.objects.get().is_published


def test_a_failed_job_is_tried_again(as_staff, alice):
    file = png_file()
    file.file.truncate(len(png()) // 2)
    file.size = len(png()) // 2
    job = actions.receive_file(actor=alice, file=file).jobs.get()
    run_jobs()
    assert Job.objects.get().status == Job.Status.FAILED
    as_staff.post(lists("job"), {"action": "retry_jobs", "_selected_action": [job.pk]})
    assert Job.objects.filter(status=Job.Status.QUEUED).count() == 1


def test_a_rate_is_added_by_its_action(as_staff):
    add = reverse("admin:contributions_influencerate_add")
    data = {"kind": "inspired", "rate_bps": 400, "effective_at_0": "2090-01-01", "effective_at_1": "00:00:00"}
    assert as_staff.post(add, data).status_code == 302
    assert InfluenceRate.objects.filter(kind="inspired", rate_bps=400).exists()


def test_the_list_costs_the_same_for_3_and_30(as_staff, alice):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    for number in (3, 27):
        for _ in range(number):
            actions.start_draft(actor=alice, title="A")
        with CaptureQueriesContext(connection) as queries:
            assert as_staff.get(lists("contribution")).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
