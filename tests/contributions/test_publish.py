"""Publishing: works, then each refusal, then each edge."""

from contributions import actions
from contributions.models import Contribution, Job
from tests.contributions.works import declared, png_file, published, run_jobs, written


def test_it_makes_a_text_public(alice):
    work = declared(written(alice))
    assert work.status == Contribution.Status.DRAFT
    assert work.published_seq is None
    done = actions.publish_contribution(actor=alice, contribution=work)
    assert done.is_published
    assert done.published_seq


def test_it_makes_a_picture_public(alice):
    version = actions.receive_file(actor=alice, file=png_file())
    run_jobs()
    work = version.contribution
    job = Job.objects.get()
    assert job.status == Job.Status.DONE, (job.failure_reason, job.log)
    work = declared(Contribution.objects.get(pk=work.pk), alt_text="Blue")
    done = actions.publish_contribution(actor=alice, contribution=work)
    assert done.is_published
    assert done.picture(640)


def test_a_remix_has_the_next_generation(alice, bob):
    first = published(alice)
    second = published(bob, "Reply", sources=[first])
    assert second.generation == 1
