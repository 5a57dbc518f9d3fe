"""Who is next: an artist with many files waiting does not delay another's first."""

import datetime as dt
import threading

import pytest
from django.db import connections
from django.utils import timezone

from contributions import actions
from contributions.actions import queueing
from contributions.models import Job
from tests.contributions.works import png_file


def waiting(artist, count=1):
    """Pictures that wait for a worker, oldest first."""
    return [actions.receive_file(actor=artist, file=png_file()).jobs.get() for _ in range(count)]


def taken(hinted):
    job = actions.take_next(hinted=hinted.pk)
    return job and job.pk


def finish(pk, *, minutes_ago=0):
    """As after the work: done, the last word some time ago."""
    Job.objects.filter(pk=pk).update(
        status=Job.Status.DONE, lease=None, heartbeat_at=timezone.now() - dt.timedelta(minutes=minutes_ago)
    )


def test_the_first_of_another_does_not_wait_behind_fifty(alice, bob):
    many = waiting(alice, 50)
    one = waiting(bob)[0]
    assert taken(many[0]) == one.pk
    assert taken(many[1]) == many[1].pk


def test_two_with_many_take_turns(alice, bob):
    of_alice, of_bob = waiting(alice, 4), waiting(bob, 4)
    order = []
    for hint in (*of_alice, *of_bob):
        pk = taken(hint)
        order.append("alice" if pk in {job.pk for job in of_alice} else "bob")
        finish(pk)
    assert sorted(order[:2]) == sorted(order[2:4]) == sorted(order[4:6]) == ["alice", "bob"]
    assert taken(of_alice[0]) is None


def test_as_many_hints_as_jobs_are_enough_in_any_order(alice, bob, charlie):
    jobs = [*waiting(alice, 5), *waiting(bob, 2), *waiting(charlie)]
    found = {taken(hint) for hint in reversed(jobs)}
    assert found == {job.pk for job in jobs}


def test_a_hint_that_comes_twice_takes_nothing_twice(alice, bob):
    first, second = waiting(alice)[0], waiting(bob)[0]
    assert [taken(first), taken(first), taken(first)] == [first.pk, second.pk, None]


def test_a_hint_at_a_discarded_work_serves_another(alice, bob):
    gone, there = waiting(alice)[0], waiting(bob)[0]
    actions.discard_draft(actor=alice, contribution=gone.version.contribution)
    assert taken(gone) == there.pk


def test_what_was_had_is_forgotten_after_an_hour(alice, bob):
    finish(waiting(alice)[0].pk, minutes_ago=0)
    Job.objects.update(attempts=1)
    of_alice = waiting(alice)[0]
    of_bob = waiting(bob)[0]
    assert queueing.fair_order(hinted=of_alice.pk) == [of_bob.pk, of_alice.pk]
    Job.objects.filter(status=Job.Status.DONE).update(heartbeat_at=timezone.now() - dt.timedelta(minutes=61))
    assert queueing.fair_order(hinted=of_alice.pk) == [of_alice.pk, of_bob.pk]


def test_light_workers_take_no_films(alice, bob):
    film, picture = waiting(alice)[0], waiting(bob)[0]
    film.version.bytes = queueing.LIGHT_BYTES + 1
    film.version.save()
    assert queueing.fair_order(hinted=picture.pk) == [picture.pk]
    assert queueing.fair_order(hinted=film.pk) == [film.pk]


def test_a_job_whose_worker_fell_silent_waits_with_the_others(alice, bob):
    silent, other = waiting(alice)[0], waiting(bob)[0]
    actions.take_job(job_id=silent.pk)
    assert queueing.fair_order(hinted=silent.pk) == [other.pk]
    Job.objects.filter(pk=silent.pk).update(lease_until=timezone.now() - dt.timedelta(seconds=1))
    assert queueing.fair_order(hinted=silent.pk) == [other.pk, silent.pk]


def test_the_worn_out_are_given_up_on_the_way(alice, bob):
    worn, fresh = waiting(alice)[0], waiting(bob)[0]
    Job.objects.filter(pk=worn.pk).update(attempts=3, heartbeat_at=timezone.now() - dt.timedelta(hours=2))
    assert taken(worn) == fresh.pk
    worn.refresh_from_db()
    assert (worn.status, worn.failure_code) == (Job.Status.FAILED, "worn-out")


def test_choosing_costs_the_same_for_3_and_30(alice, bob, django_assert_num_queries):
    for count in (3, 27):
        jobs = [*waiting(alice, count), *waiting(bob)]
        with django_assert_num_queries(4):
            queueing.fair_order(hinted=jobs[0].pk)


@pytest.mark.parametrize("workers", [4])
def test_workers_at_the_same_moment_take_different_jobs(committed_db, alice, bob, workers):
    jobs = [*waiting(alice, workers - 1), *waiting(bob)]
    found, together = [], threading.Barrier(workers)

    def work(hint):
        try:
            together.wait()
            found.append(taken(hint))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, args=[job]) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == sorted(job.pk for job in jobs)
