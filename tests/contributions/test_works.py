"""What happens to works once they are there: talk, counts, withdrawal, removal, drafts that end."""

import pytest
from django.core.files.storage import default_storage

from contributions import actions
from contributions.errors import NotYours, WrongState
from contributions.models import Contribution, Remix, Tag
from profiles.models import Event, Notice
from tests.contributions.works import png_file, published, run_jobs, written


def test_a_comment_is_told_to_the_artist_and_counted_once(alice, bob):
    work = published(alice)
    first = actions.comment_on(actor=bob, contribution=work, body=" Lovely ")
    assert first.body == "Lovely"
    assert actions.comment_on(actor=bob, contribution=work, body="Lovely") == first
    work.refresh_from_db()
    assert work.comment_count == 1
    assert Notice.objects.get(recipient=alice).url.endswith(f"#comment-{first.pk}")


def test_a_reply_is_told_to_whom_it_answers(alice, bob, charlie):
    work = published(alice)
    stem = actions.comment_on(actor=bob, contribution=work, body="Why the lamp?")
    reply = actions.comment_on(actor=charlie, contribution=work, body="It is a lighthouse", reply_to=stem)
    assert reply.reply_to == stem
    assert Notice.objects.filter(recipient=bob).count() == 1


def test_a_moment_needs_something_that_takes_time(alice, bob):
    comment = actions.comment_on(actor=bob, contribution=published(alice), body="Here", at_ms=500)
    assert comment.at_ms is None


@pytest.mark.parametrize("body", ["", "   "])
def test_an_empty_comment_is_refused(alice, body):
    with pytest.raises(WrongState):
        actions.comment_on(actor=alice, contribution=published(alice), body=body)


def test_a_draft_cannot_be_commented_on(alice):
    with pytest.raises(WrongState):
        actions.comment_on(actor=alice, contribution=written(alice), body="To myself")


def test_hiding_keeps_the_row_and_says_why(alice, bob, charlie, sam):
    work = published(alice)
    comment = actions.comment_on(actor=bob, contribution=work, body="Rude")
    with pytest.raises(NotYours):
        actions.hide_comment(actor=charlie, comment=comment)
    hidden = actions.hide_comment(actor=sam, comment=comment, reason="Rude")
    actions.hide_comment(actor=sam, comment=comment)
    assert (hidden.body, hidden.hidden_reason) == ("Rude", "Rude")
    work.refresh_from_db()
    assert work.comment_count == 0


def test_counts_never_fall_below_zero(alice):
    work = published(alice)
    for by in (1, 1, -5):
        actions.adjust_count(contribution=work, field="heart_count", by=by)
    work.refresh_from_db()
    assert work.heart_count == 0
    with pytest.raises(ValueError, match="no counter"):
        actions.adjust_count(contribution=work, field="generation", by=1)


def test_withdrawing_leaves_a_tombstone_that_keeps_the_lineage(alice, bob, django_capture_on_commit_callbacks):
    version = actions.receive_file(actor=alice, file=png_file())
    run_jobs()
    work = Contribution.objects.get()
    from tests.contributions.works import declared

    work = actions.publish_contribution(actor=alice, contribution=declared(work, alt_text="Blue"))
    published(bob, sources=[work])
    keys = [version.key, *version.renditions.values_list("key", flat=True)]
    assert all(default_storage.exists(key) for key in keys)
    with django_capture_on_commit_callbacks(execute=True):
        gone = actions.withdraw(actor=alice, contribution=work, reason="A better one is coming")
    assert not any(default_storage.exists(key) for key in keys)
    assert (gone.status, gone.status_reason) == (Contribution.Status.WITHDRAWN, "A better one is coming")
    assert gone.published_seq == work.published_seq
    assert Remix.objects.filter(parent=work).count() == 1
    assert actions.withdraw(actor=alice, contribution=gone).status_reason == "A better one is coming"


def test_only_published_works_are_withdrawn_and_only_by_their_artist(alice, bob):
    with pytest.raises(WrongState):
        actions.withdraw(actor=alice, contribution=written(alice))
    with pytest.raises(NotYours):
        actions.withdraw(actor=bob, contribution=published(alice))


def test_staff_remove_with_a_reason_and_restore(alice, bob, sam):
    work = published(alice)
    with pytest.raises(NotYours):
        actions.remove(actor=bob, contribution=work, reason="Jealous")
    with pytest.raises(WrongState):
        actions.remove(actor=sam, contribution=work, reason=" ")
    gone = actions.remove(actor=sam, contribution=work, reason="Not hers")
    assert gone.is_gone
    assert "Not hers" in Notice.objects.get(recipient=alice).text
    assert Event.objects.get(verb="contributions.removed").payload == {"reason": "Not hers"}
    assert actions.restore(actor=sam, contribution=gone).is_published
    with pytest.raises(WrongState):
        actions.restore(actor=sam, contribution=work)


def test_a_removed_draft_comes_back_as_a_draft(alice, sam):
    work = actions.remove(actor=sam, contribution=written(alice), reason="Check")
    assert actions.restore(actor=sam, contribution=work).status == Contribution.Status.DRAFT


def test_a_discarded_draft_leaves_nothing(alice, django_capture_on_commit_callbacks):
    version = actions.receive_file(actor=alice, file=png_file())
    run_jobs()
    keys = [version.key, *version.renditions.values_list("key", flat=True)]
    with django_capture_on_commit_callbacks(execute=True):
        actions.discard_draft(actor=alice, contribution=version.contribution)
    assert not Contribution.objects.exists()
    assert not any(default_storage.exists(key) for key in keys)


def test_a_published_work_is_not_discarded(alice):
    with pytest.raises(WrongState, match="withdrawn"):
        actions.discard_draft(actor=alice, contribution=published(alice))


def test_tags_are_words_in_any_script_without_doubles(alice):
    work = written(alice)
    actions.update_details(actor=alice, contribution=work, tags=["Rain", "rain ", "Été", "雨", "", "!?"])
    assert set(work.tags.values_list("slug", flat=True)) == {"rain", "été", "雨"}
    actions.update_details(actor=alice, contribution=work, tags=["rain"])
    assert work.tags.count() == 1
    assert Tag.objects.count() == 3


def test_details_that_do_not_exist_are_a_mistake(alice):
    with pytest.raises(TypeError):
        actions.update_details(actor=alice, contribution=written(alice), status="published")


def test_a_draft_key_begins_one_work(alice, bob):
    from uuid import uuid4

    key = uuid4()
    first = actions.write_text(actor=alice, title="A", body="a", draft_key=key)
    assert actions.write_text(actor=alice, title="A", body="ab", draft_key=key) == first
    assert Contribution.objects.count() == 1


def test_policy_is_added_and_never_edited(alice, dana):
    with pytest.raises(NotYours):
        actions.add_influence_rate(actor=alice, kind="reuses", rate_bps=1)
    with pytest.raises(WrongState):
        actions.add_influence_rate(actor=dana, kind="reuses", rate_bps=10_001)
    new = actions.add_licence(actor=dana, code="CC-BY", version="5.0", name="CC BY 5.0", summary="Imagined")
    assert new.pk
