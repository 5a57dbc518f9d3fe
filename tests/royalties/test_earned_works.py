"""What each work has earned, itself and through the works made from it."""

from __future__ import annotations

import pytest
from django.urls import reverse

from royalties.by_work import awards_of, earned_by_work
from royalties.models import Payee, StatementLine

pytestmark = pytest.mark.usefixtures("db")


def payee(artist):
    return Payee.objects.get(artist=artist)


def test_a_work_earns_where_it_is_used_and_through_what_was_made_from_it(posted, alice):
    (row,) = earned_by_work(payee(alice))
    assert row.work.title == "Kettle"
    assert row.itself.amount_minor > 0
    assert row.passed_on.amount_minor > 0
    assert [use.work.title for use in row.through] == ["Steam"]
    assert row.through[0].money == row.passed_on


def test_the_works_add_up_to_what_was_booked(posted, alice, bob):
    for artist in (alice, bob):
        booked = StatementLine.objects.get(revision=posted.current, payee__artist=artist)
        rows = earned_by_work(payee(artist))
        assert sum(row.money.amount_minor for row in rows) == booked.amount_minor - booked.award_minor
        assert all(row.itself + row.passed_on == row.money for row in rows)


def test_a_draft_counts_for_nothing(open_statement, alice):
    assert earned_by_work(payee(alice)) == []
    assert awards_of(payee(alice)) == []


def test_the_page_names_the_works_and_their_remixes(client, posted, alice):
    client.force_login(alice)
    page = client.get(reverse("royalties:earned_works")).text
    assert "Kettle" in page
    assert "Steam" in page
    assert reverse("royalties:earned_works") in client.get(reverse("royalties:earnings")).text


def test_the_file_has_every_work_and_adds_up(client, posted, bob):
    client.force_login(bob)
    lines = client.get(reverse("royalties:earned_works_csv")).text.splitlines()
    assert len(lines) == 3
    assert all(line.endswith("USD") for line in lines[1:])


def test_who_has_earned_nothing_is_told_so(client, charlie):
    client.force_login(charlie)
    assert "Nothing is posted yet" in client.get(reverse("royalties:earned_works")).text
    assert client.get(reverse("royalties:earned_works_csv")).status_code == 404


def test_three_queries_whatever_the_number_of_works(posted, bob, django_assert_num_queries):
    person = payee(bob)
    with django_assert_num_queries(3):
        earned_by_work(person)
