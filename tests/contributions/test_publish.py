"""Publishing: works, then each refusal, then each edge."""

import hashlib
import json

import pytest
from allauth.account.models import EmailAddress

from contributions import actions
from contributions.errors import NotYours, PublishRefused, WrongState
from contributions.models import Contribution, Licence, Remix, RightsReceipt
from profiles.actions import follow
from profiles.models import Event, Notice, TermsAcceptance
from tests.contributions.works import declared, licence, png_file, published, run_jobs, written


def problems_of(work, actor=None):
    """Try to publish, and return {field: message} of what stands in the way."""
    with pytest.raises(PublishRefused) as refused:
        actions.publish_contribution(actor=actor or work.artist, contribution=work)
    work.refresh_from_db()
    assert work.published_seq is None
    return {problem.field: problem.message for problem in refused.value.problems}


def test_it_makes_a_text_public(alice):
    work = declared(written(alice))
    assert work.status == Contribution.Status.DRAFT
    assert work.published_seq is None
    done = actions.publish_contribution(actor=alice, contribution=work)
    assert done.is_published
    assert done.published_seq
    assert Event.objects.filter(verb="contributions.published", topic=f"contribution:{work.pk}").count() == 1


def test_it_makes_a_picture_public(alice):
    version = actions.receive_file(actor=alice, file=png_file())
    run_jobs()
    work = declared(Contribution.objects.get(pk=version.contribution_id), alt_text="Blue")
    done = actions.publish_contribution(actor=alice, contribution=work)
    assert done.is_published
    assert done.picture(640)


def test_a_remix_freezes_its_edges_and_tells_the_maker(alice, bob):
    first = published(alice, "Letter")
    assert first.generation == 0
    second = published(bob, "Reply", sources=[(first, "continues")])
    edge = Remix.objects.get()
    assert (edge.child, edge.parent, edge.kind, edge.rate_bps) == (second, first, "continues", 1500)
    assert (edge.child_seq, edge.parent_seq) == (second.published_seq, first.published_seq)
    assert second.generation == 1
    first.refresh_from_db()
    assert first.remix_count == 1
    assert not second.draft_sources.exists()
    notice = Notice.objects.get(recipient=alice)
    assert "Reply" in notice.text
    assert notice.url == second.get_absolute_url()


def test_later_rates_do_not_change_published_edges(alice, bob, dana):
    first = published(alice)
    published(bob, sources=[first])
    actions.add_influence_rate(actor=dana, kind="reuses", rate_bps=2500)
    published(bob, "Again", sources=[first])
    assert list(Remix.objects.order_by("pk").values_list("rate_bps", flat=True)) == [3000, 2500]


def test_the_generation_is_one_more_than_the_youngest_sources(alice, bob):
    first = published(alice)
    second = published(bob, sources=[first])
    third = published(alice, sources=[second, first])
    assert third.generation == 2


def test_a_source_from_elsewhere_becomes_an_edge(alice):
    work = declared(written(alice))
    actions.add_external_source(
        actor=alice, contribution=work, title="Tide tables", author="Harbour office", licence_name="CC BY 4.0"
    )
    work = actions.publish_contribution(actor=alice, contribution=work)
    edge = Remix.objects.get()
    assert edge.parent is None
    assert edge.external.title == "Tide tables"
    assert work.generation == 1


def test_followers_hear_of_it_once(alice, bob, charlie):
    follow(actor=bob, topic=f"artist:{alice.pk}")
    follow(actor=bob, topic="tag:rain")
    follow(actor=charlie, topic="tag:rain")
    published(alice, "Letter", tags=["Rain"])
    assert Notice.objects.filter(recipient=bob).count() == 1
    assert Notice.objects.filter(recipient=charlie).count() == 1
    assert not Notice.objects.filter(recipient=alice).exists()


def test_a_receipt_keeps_what_was_declared(alice):
    work = published(alice, code="CC-BY-NC", ai_use="assisted", ai_note="Spelling only")
    receipt = RightsReceipt.objects.get(contribution=work)
    assert receipt.answers["licence"] == ["CC-BY-NC", "4.0"]
    assert receipt.answers["ai_note"] == "Spelling only"
    signed = json.dumps(
        {"answers": receipt.answers, "terms_sha256": receipt.terms.sha256}, sort_keys=True, separators=(",", ":")
    )
    assert receipt.sha256 == hashlib.sha256(signed.encode()).hexdigest()
    assert receipt.terms.sha256 == hashlib.sha256(receipt.terms.body.encode()).hexdigest()
    assert TermsAcceptance.objects.filter(artist=alice, terms=receipt.terms).exists()


def test_publishing_twice_is_once(alice):
    work = published(alice)
    again = actions.publish_contribution(actor=alice, contribution=work)
    assert again.published_seq == work.published_seq
    assert RightsReceipt.objects.count() == 1


@pytest.mark.parametrize(
    ("details", "field"),
    [
        ({"title": " "}, "title"),
        ({"original_work": False}, "original_work"),
        ({"licence": None}, "licence"),
        ({"ai_use": ""}, "ai_use"),
        ({"ai_use": "generated", "ai_note": ""}, "ai_note"),
    ],
)
def test_it_says_what_is_missing(alice, details, field):
    work = declared(written(alice))
    actions.update_details(actor=alice, contribution=work, **details)
    assert list(problems_of(work)) == [field]


def test_a_picture_needs_words_for_those_who_cannot_see_it(alice):
    version = actions.receive_file(actor=alice, file=png_file())
    run_jobs()
    assert list(problems_of(declared(version.contribution))) == ["alt_text"]


def test_alt_text_is_asked_while_the_picture_is_on_its_way(alice):
    upload = actions.begin_upload(actor=alice, length=10, file_name="a.png", metadata={"filetype": "image/png"})
    assert list(problems_of(declared(upload.contribution))) == ["alt_text"]


def test_there_must_be_a_file(alice):
    work = declared(actions.start_draft(actor=alice, title="Nothing yet"))
    assert list(problems_of(work)) == ["file"]


def test_a_failed_file_is_told_again(alice):
    file = png_file()
    file.file.truncate(60)
    file.size = 60
    version = actions.receive_file(actor=alice, file=file)
    run_jobs()
    found = problems_of(declared(Contribution.objects.get(pk=version.contribution_id), alt_text="x"))
    assert "damaged" in found["file"]


def test_the_address_must_be_verified(alice):
    EmailAddress.objects.filter(user=alice).update(verified=False)
    assert alice.email in problems_of(declared(written(alice)))["email"]


def test_staff_need_no_second_mail(sam):
    EmailAddress.objects.filter(user=sam).delete()
    assert published(sam).is_published


def test_a_licence_that_is_no_longer_offered_is_refused(alice, dana):
    work = declared(written(alice), "CC0")
    actions.offer_licence(actor=dana, licence=Licence.objects.get(code="CC0"), offered=False)
    assert list(problems_of(Contribution.objects.get(pk=work.pk))) == ["licence"]


def test_a_conflict_in_the_cone_names_the_ancestor(alice, bob, charlie):
    root = published(alice, "Lamp study", code="CC-BY-SA")
    middle = published(bob, "Two-colour lamp", sources=[root], code="CC-BY-SA")
    work = declared(written(charlie), "CC-BY")
    actions.add_source(actor=charlie, contribution=work, source=middle)
    with pytest.raises(PublishRefused) as refused:
        actions.publish_contribution(actor=charlie, contribution=work)
    messages = [problem.message for problem in refused.value.problems]
    assert any("“Lamp study” by Alice" in message for message in messages)
    actions.update_details(actor=charlie, contribution=work, licence=licence("CC-BY-SA"))
    assert actions.publish_contribution(actor=charlie, contribution=work).is_published


def test_inspiration_carries_no_licence(alice, bob):
    root = published(alice, code="SITE")
    assert published(bob, sources=[(root, "inspired")], code="CC0").is_published


def test_a_licence_from_elsewhere_counts(alice):
    work = declared(written(alice), "CC-BY")
    actions.add_external_source(
        actor=alice, contribution=work, title="Loop", author="Somebody", licence_name="CC BY-NC 3.0"
    )
    assert "“Loop” by Somebody" in problems_of(work)["licence"]


def test_a_removed_source_is_refused(alice, bob, sam):
    root = published(alice)
    work = declared(written(bob))
    actions.add_source(actor=bob, contribution=work, source=root)
    actions.remove(actor=sam, contribution=root, reason="Not hers")
    assert "removed by staff" in problems_of(work)["sources"]


def test_a_maker_who_wants_to_be_asked_must_have_said_yes(alice, bob):
    root = published(alice, "Lamp", remix_permission="ask")
    work = declared(written(bob))
    row = actions.add_source(actor=bob, contribution=work, source=root)
    assert row.asked_at
    assert Notice.objects.filter(recipient=alice, url=f"/contributions/{root.pk}/requests/").count() == 1
    assert "wait for the answer" in problems_of(work)["sources"]
    actions.answer_request(actor=alice, row=row, granted=False)
    assert "rather not" in problems_of(work)["sources"]
    actions.answer_request(actor=alice, row=row, granted=True)
    assert actions.publish_contribution(actor=bob, contribution=work).is_published


def test_everybody_must_have_agreed_to_the_shares(alice, bob):
    work = declared(written(alice))
    actions.set_shares(actor=alice, contribution=work, shares={alice: (6000, ""), bob: (4000, "music")})
    assert "Bob" in problems_of(work)["shares"]
    actions.agree_share(actor=bob, contribution=work)
    work = actions.publish_contribution(actor=alice, contribution=work)
    assert dict(work.shares.values_list("artist_id", "share_bps")) == {alice.pk: 6000, bob.pk: 4000}


def test_only_its_artist_publishes(alice, bob):
    work = declared(written(alice))
    with pytest.raises(NotYours):
        actions.publish_contribution(actor=bob, contribution=work)


def test_a_withdrawn_work_is_not_published_again(alice):
    work = published(alice)
    actions.withdraw(actor=alice, contribution=work)
    with pytest.raises(WrongState):
        actions.publish_contribution(actor=alice, contribution=work)


def test_the_wish_is_fulfilled_when_the_file_is_ready(alice, finish_jobs):
    with finish_jobs():
        version = actions.receive_file(actor=alice, file=png_file())
        work = declared(version.contribution, alt_text="Blue")
        work = actions.publish_contribution(actor=alice, contribution=work)
        assert not work.is_published
        assert work.publish_when_ready
    work.refresh_from_db()
    assert work.is_published
    assert not work.publish_when_ready


def test_the_wish_holds_while_bytes_are_moving(alice):
    upload = actions.begin_upload(actor=alice, length=10, file_name="a.mov")
    work = actions.publish_contribution(actor=alice, contribution=declared(upload.contribution))
    assert work.publish_when_ready


def test_a_wish_that_cannot_be_fulfilled_is_told(alice, finish_jobs):
    """The file turns out to be a picture, and nobody has described it."""
    with finish_jobs():
        file = png_file("noise.bin")
        file.content_type = "application/octet-stream"
        version = actions.receive_file(actor=alice, file=file)
        actions.publish_contribution(actor=alice, contribution=declared(version.contribution))
    work = Contribution.objects.get()
    assert not work.is_published
    assert not work.publish_when_ready
    assert "Describe the picture" in Notice.objects.get(recipient=alice).text


def test_a_wish_can_be_taken_back(alice):
    version = actions.receive_file(actor=alice, file=png_file())
    work = declared(version.contribution, alt_text="Blue")
    actions.publish_contribution(actor=alice, contribution=work)
    actions.cancel_wish(actor=alice, contribution=work)
    run_jobs()
    work.refresh_from_db()
    assert not work.is_published


def test_what_publishing_settled_stays(alice):
    work = published(alice)
    with pytest.raises(WrongState):
        actions.update_details(actor=alice, contribution=work, licence=licence("CC0"))
    actions.update_details(actor=alice, contribution=work, title="Better")
    with pytest.raises(WrongState):
        actions.set_shares(actor=alice, contribution=work, shares={alice: (10_000, "")})
