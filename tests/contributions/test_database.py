"""What PostgreSQL refuses by itself, tried with raw SQL as the site's role and as the owner."""

import threading

import psycopg2
import pytest
from django.db import IntegrityError, connection, connections, transaction

from contributions import actions
from contributions.models import Contribution, Remix, RightsReceipt, Share
from tests.contributions.works import declared, published, written


def run(sql, values):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def refused(sql, *values):
    with pytest.raises(IntegrityError):
        run(sql, values)


INSERT = """INSERT INTO contributions_remix
    (child_id, parent_id, child_seq, parent_seq, kind, rate_bps, note, created_at)
    VALUES (%s, %s, %s, %s, 'reuses', 3000, '', now())"""


def test_numbers_come_from_the_sequence_and_grow(alice):
    first, second = published(alice), published(alice)
    assert first.published_seq < second.published_seq


@pytest.mark.parametrize("value", ["published_seq + 1", "NULL", "1"])
def test_a_number_never_changes(alice, value):
    work = published(alice)
    refused(f"UPDATE contributions_contribution SET published_seq = {value} WHERE id = %s", work.pk)


def test_a_number_cannot_be_chosen(alice):
    work = declared(written(alice))
    refused("UPDATE contributions_contribution SET published_seq = 5 WHERE id = %s", work.pk)
    refused(
        "UPDATE contributions_contribution SET published_seq = 5, status = 'published', published_at = now() WHERE id = %s",
        work.pk,
    )


def test_a_published_work_is_never_a_draft_again(alice):
    work = published(alice)
    refused("UPDATE contributions_contribution SET status = 'draft' WHERE id = %s", work.pk)


def test_a_cycle_is_refused(alice, bob):
    old = published(alice)
    new = published(bob, sources=[old])
    refused(INSERT, old.pk, new.pk, old.published_seq, new.published_seq)
    # Numbers that are not the works' own do not help.
    refused(INSERT, old.pk, new.pk, new.published_seq + 5, new.published_seq)
    refused(INSERT, old.pk, new.pk, old.published_seq, old.published_seq - 1)
    refused(INSERT, old.pk, old.pk, old.published_seq, old.published_seq)
    assert Remix.objects.count() == 1


def test_a_draft_has_no_edges(alice, bob):
    old, draft = published(alice), written(bob)
    refused(INSERT, draft.pk, old.pk, 10**9, old.published_seq)


def test_an_edge_is_frozen_but_for_its_unlinking(alice, bob):
    published(bob, sources=[published(alice)])
    refused("UPDATE contributions_remix SET rate_bps = 1")
    refused("UPDATE contributions_remix SET kind = 'inspired'")
    refused("DELETE FROM contributions_remix")
    assert Remix.objects.update(unlinked_at="2026-11-23T00:00:00Z") == 1


def test_a_published_work_is_never_deleted(alice):
    work = published(alice)
    refused("DELETE FROM contributions_contribution WHERE id = %s", work.pk)


def test_receipts_and_rates_are_append_only(alice):
    published(alice)
    assert RightsReceipt.objects.count() == 1
    for table in ("contributions_rightsreceipt", "contributions_influencerate"):
        for words in (f"UPDATE {table} SET id = id", f"DELETE FROM {table}"):
            with pytest.raises(Exception, match=r"append-only|permission denied"), transaction.atomic():
                connection.cursor().execute(words)


def test_not_even_the_owner_may(alice, bob, committed_db, owner_connection):
    published(bob, sources=[published(alice)])
    for words in (
        "UPDATE contributions_remix SET rate_bps = 1",
        "DELETE FROM contributions_remix",
        "UPDATE contributions_contribution SET published_seq = 99",
        "DELETE FROM contributions_rightsreceipt",
        "TRUNCATE contributions_rightsreceipt CASCADE",
        "DELETE FROM contributions_licencegrant",
        "TRUNCATE contributions_download",
        "UPDATE contributions_licence SET allows_commercial_use = NOT allows_commercial_use",
    ):
        with pytest.raises(psycopg2.errors.CheckViolation), owner_connection.cursor() as cursor:
            cursor.execute(words)
        owner_connection.rollback()


def test_shares_add_up_at_the_end_of_the_transaction(alice, bob, committed_db):
    work = published(alice)
    with pytest.raises(IntegrityError, match="add up to 9999"):
        Share.objects.filter(contribution=work).update(share_bps=9999)
    with transaction.atomic():
        Share.objects.filter(contribution=work).update(share_bps=6000)
        Share.objects.create(contribution=work, artist=bob, share_bps=4000)
    with pytest.raises(IntegrityError, match="add up to 0"):
        Share.objects.filter(contribution=work).delete()


def test_a_draft_without_shares_is_not_published_by_sql(alice, committed_db):
    work = declared(written(alice))
    words = "UPDATE contributions_contribution SET status = 'published', published_at = now() WHERE id = %s"
    with pytest.raises(IntegrityError, match="add up to 0"), connection.cursor() as cursor:
        cursor.execute(words, [work.pk])


def test_twelve_artists_publishing_at_once_make_no_cycle(committed_db, alice):
    """Two drafts cannot name each other, since only published works can be named; numbers never collide."""
    root = published(alice)
    drafts = [declared(written(alice, f"Remix {number}")) for number in range(12)]
    for draft in drafts:
        actions.add_source(actor=alice, contribution=draft, source=root)

    def publish(draft):
        actions.publish_contribution(actor=alice, contribution=draft)
        connections.close_all()

    threads = [threading.Thread(target=publish, args=[draft]) for draft in drafts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    numbers = list(Contribution.objects.filter(pk__in=[d.pk for d in drafts]).values_list("published_seq", flat=True))
    assert len(set(numbers)) == 12
    root.refresh_from_db()
    assert root.remix_count == 12
