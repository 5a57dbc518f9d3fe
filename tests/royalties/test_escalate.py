"""An answer before three members who have no part in it."""

import datetime as dt
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from profiles.actions import grant_powers
from profiles.models import Artist, Event, Notice
from profiles.models.artist import StaffPower
from royalties import actions, cases, drawing, kinship, tasks
from royalties.exceptions import NotAllowed, RoyaltiesRefused, WrongState
from royalties.models import Escalation, Objection, PanelSeat, PanelVote, StatementComment
from tests.royalties.conftest import later
from tests.royalties.panelists import answered, live, members, vote
from tests.royalties.test_claim_missing_work import claimed
from tests.royalties.test_publish_statement import with_factor
from tests.support.cast import join

DAY = dt.timedelta(days=1)


@pytest.fixture
def jurors(db: None) -> list[Any]:
    return members(5)


@pytest.fixture
def objection(open_statement: Any, bob: Any, dana: Any) -> Any:
    return answered(open_statement, bob, dana)


@pytest.fixture
def escalation(jurors: Any, objection: Any, bob: Any) -> Any:
    return actions.escalate(actor=bob, objection=objection, reason="Nobody listened to the end.")


def test_three_are_drawn_and_anybody_can_repeat_the_draw(escalation: Any, jurors: Any, objection: Any) -> None:
    assert escalation.candidates == sorted(person.pk for person in jurors)
    revision = objection.statement.current
    assert escalation.seed == drawing.seed_of(revision.result_sha256, objection.pk, escalation.raised_at)
    order = drawing.order(escalation.seed, escalation.candidates)
    assert [seat.member_id for seat in live(escalation)] == order[:3]
    told = Notice.objects.filter(event__verb="royalties.panel_invited").values_list("recipient", flat=True)
    assert sorted(told) == sorted(order[:3])


def test_only_who_objected_escalates_and_only_once(escalation: Any, objection: Any, bob: Any, alice: Any) -> None:
    with pytest.raises(NotAllowed):
        actions.escalate(actor=alice, objection=objection, reason="Me too.")
    with pytest.raises(WrongState, match="once"):
        actions.escalate(actor=bob, objection=objection, reason="Again.")


def test_what_is_open_or_wholly_accepted_is_not_escalated(
    jurors: Any, open_statement: Any, bob: Any, dana: Any
) -> None:
    line = open_statement.current.lines.get(payee__artist=bob)
    waiting = actions.raise_objection(actor=bob, statement=open_statement, kind="other", body="Hm.", line=line)
    with pytest.raises(WrongState):
        actions.escalate(actor=bob, objection=waiting, reason="No answer.")
    actions.answer_objection(actor=dana, objection=waiting, outcome="accepted", reason="You are right.")
    with pytest.raises(WrongState):
        actions.escalate(actor=bob, objection=waiting, reason="Still.")
    partly = answered(open_statement, bob, dana, "partly")
    with pytest.raises(RoyaltiesRefused):
        actions.escalate(actor=bob, objection=partly, reason="  ")
    assert actions.escalate(actor=bob, objection=partly, reason="The other half too.").is_open


def test_without_three_uninvolved_members_no_panel_is_drawn(objection: Any, bob: Any) -> None:
    members(2)
    with pytest.raises(WrongState, match="not three members"):
        actions.escalate(actor=bob, objection=objection, reason="Nobody listened.")
    assert not Escalation.objects.exists()


def test_who_has_any_part_is_not_drawn(open_statement: Any, objection: Any, alice: Any, bob: Any, sam: Any) -> None:
    people = members(4, "free")
    talker, neighbour, dreamer, closed = members(4, "tied")
    actions.comment(actor=talker, statement=open_statement, body="I was there.")
    from tests.contributions.works import published

    published(neighbour, "Kettle again", sources=[(alice.contributions.get(), "inspired")])
    actions.propose_what_if(actor=dreamer, revision=open_statement.current, wanted={"L1": {"quantity": 121}})
    closed.is_active = False
    closed.save()
    newcomer, idle = join("newcomer"), join("idle")
    published(newcomer, "First try")
    found = set(cases.uninvolved(open_statement, objection))
    assert found == {person.pk for person in people}
    for person in (talker, neighbour, dreamer, closed, newcomer, idle, alice, bob, sam):
        assert person.pk not in found


def test_two_votes_that_agree_decide_and_all_concerned_are_told(escalation: Any, bob: Any, dana: Any, sam: Any) -> None:
    first, second, third = live(escalation)
    vote(first, "change")
    escalation.refresh_from_db()
    assert escalation.is_open
    vote(second, "change")
    escalation.refresh_from_db()
    third.refresh_from_db()
    assert (escalation.decision, third.status) == ("changed", PanelSeat.Status.RELEASED)
    told = set(Notice.objects.filter(event__verb="royalties.panel_decided").values_list("recipient", flat=True))
    assert {bob.pk, dana.pk, sam.pk, first.member_id, second.member_id} == told
    with pytest.raises(WrongState, match="has decided"):
        vote(third, "uphold")


def test_a_vote_needs_a_reason_a_choice_and_ones_own_seat(escalation: Any, charlie: Any) -> None:
    seat, other, _third = live(escalation)
    for choice, reason in (("change", " "), ("maybe", "Hm."), ("uphold", "x" * 4001)):
        with pytest.raises(RoyaltiesRefused):
            actions.cast_panel_vote(actor=seat.member, seat=seat, choice=choice, reason=reason)
    for stranger in (charlie, other.member):
        with pytest.raises(NotAllowed):
            actions.cast_panel_vote(actor=stranger, seat=seat, choice="uphold", reason="I may.")
    vote(seat, "uphold")
    with pytest.raises(WrongState):
        vote(seat, "change")
    with pytest.raises(DatabaseError), transaction.atomic():
        PanelVote.objects.update(choice="change")
    with pytest.raises(DatabaseError), transaction.atomic():
        Escalation.objects.update(seed="0" * 64)


def test_who_took_a_part_after_the_draw_does_not_vote(escalation: Any, open_statement: Any) -> None:
    seat = live(escalation)[0]
    actions.comment(actor=seat.member, statement=open_statement, body="It is plain as day.")
    with pytest.raises(NotAllowed, match="have a part"):
        vote(seat, "uphold")


def test_who_declines_or_is_silent_is_replaced_by_the_next_of_the_draw(escalation: Any) -> None:
    order = drawing.order(escalation.seed, escalation.candidates)
    first = live(escalation)[0]
    actions.decline_seat(actor=first.member, seat=first)
    assert [seat.member_id for seat in live(escalation)] == order[1:4]
    second = live(escalation)[0]
    actions.accept_seat(actor=second.member, seat=second)
    soon, in_a_week = timezone.now() + 4 * DAY, timezone.now() + 8 * DAY
    assert actions.replace_silent_panelists(now=soon) == 2
    assert [seat.member_id for seat in live(escalation)] == [order[1], order[4]]
    with pytest.raises(WrongState, match="is over"):
        vote(second, "uphold", now=in_a_week)
    tasks.replace_silent_panelists()
    assert len(live(escalation)) == 2


def test_with_nobody_left_those_who_voted_decide_and_a_tie_upholds(escalation: Any) -> None:
    first, second, _third = live(escalation)
    vote(first, "change")
    vote(second, "uphold")
    while live(escalation):
        seat = live(escalation)[0]
        actions.decline_seat(actor=seat.member, seat=seat)
    escalation.refresh_from_db()
    assert escalation.decision == "upheld"


def test_a_panel_blocks_closing_and_its_change_obliges_to_a_revision(
    escalation: Any, open_statement: Any, objection: Any, sam: Any, dana: Any, finish_jobs: Any
) -> None:
    after = later(open_statement)
    with pytest.raises(WrongState, match="has not decided"):
        actions.close_statement(actor=sam, statement=open_statement, now=after)
    for seat in live(escalation)[:2]:
        vote(seat, "change")
    with pytest.raises(WrongState, match="settles it first"):
        actions.close_statement(actor=sam, statement=open_statement, now=after)
    with finish_jobs():
        actions.revise(actor=sam, statement=open_statement, reason="Something else.", settles=[])
    actions.publish(actor=dana, statement=open_statement)
    with pytest.raises(WrongState, match="settles it first"):
        actions.close_statement(actor=sam, statement=open_statement, now=later(open_statement))
    with_factor(open_statement, sam, dana, 20_000, place=2)
    with finish_jobs():
        actions.revise(actor=sam, statement=open_statement, reason="As the panel decided.", settles=[objection])
    publication = actions.publish(actor=dana, statement=open_statement)
    assert cases.settled_by(objection) == publication
    open_statement.refresh_from_db()
    assert actions.close_statement(actor=sam, statement=open_statement, now=later(open_statement)).status == "closing"


def test_a_draft_from_before_the_decision_does_not_carry_it_out(
    jurors: Any, open_statement: Any, bob: Any, sam: Any, dana: Any, finish_jobs: Any
) -> None:
    """What was partly granted is settled; what the panel then orders is not."""
    partly = answered(open_statement, bob, dana, "partly")
    with_factor(open_statement, sam, dana, 15_000, place=2)
    with finish_jobs():
        actions.revise(actor=sam, statement=open_statement, reason="The half that we grant.")
    actions.publish(actor=dana, statement=open_statement)
    assert not cases.promised(open_statement).exists()
    escalation = actions.escalate(actor=bob, objection=partly, reason="And the other half?")
    for seat in live(escalation)[:2]:
        vote(seat, "change")
    partly = Objection.objects.get(pk=partly.pk)
    assert list(cases.promised(open_statement)) == [partly]
    assert cases.settled_by(partly) is None
    open_statement.refresh_from_db()
    with pytest.raises(WrongState, match="settles it first"):
        actions.close_statement(actor=sam, statement=open_statement, now=later(open_statement))
    with_factor(open_statement, sam, dana, 15_000)
    with finish_jobs():
        actions.revise(actor=sam, statement=open_statement, reason="The other half.")
    assert cases.settled_by(partly) is None
    publication = actions.publish(actor=dana, statement=open_statement)
    assert cases.settled_by(partly) == publication


def test_after_day_38_a_panel_can_no_longer_oblige_to_a_revision(
    escalation: Any, open_statement: Any, sam: Any
) -> None:
    for seat in live(escalation)[:2]:
        vote(seat, "change")
    late = open_statement.published_at + 39 * DAY
    assert actions.close_statement(actor=sam, statement=open_statement, now=late).status == "closing"


def test_closing_leaves_time_to_escalate_an_answer(open_statement: Any, bob: Any, dana: Any, sam: Any) -> None:
    line = open_statement.current.lines.get(payee__artist=bob)
    objection = actions.raise_objection(actor=bob, statement=open_statement, kind="other", body="Hm.", line=line)
    over = later(open_statement)
    actions.answer_objection(actor=dana, objection=objection, outcome="declined", reason="No.", now=over)
    with pytest.raises(WrongState, match="taken to a panel until"):
        actions.close_statement(actor=sam, statement=open_statement, now=over + 71 * DAY / 24)
    assert actions.close_statement(actor=sam, statement=open_statement, now=over + 3 * DAY).status == "closing"


def test_an_upheld_answer_needs_no_revision(escalation: Any, open_statement: Any, sam: Any) -> None:
    for seat in live(escalation)[:2]:
        vote(seat, "uphold")
    closed = actions.close_statement(actor=sam, statement=open_statement, now=later(open_statement))
    assert closed.status == "closing"


def test_the_objector_escalates_and_a_member_votes_without_script(
    client: Any, jurors: Any, objection: Any, bob: Any, dana: Any, charlie: Any
) -> None:
    case = objection.get_absolute_url()
    client.force_login(charlie)
    assert "Take it to a panel" not in client.get(case).content.decode()
    client.force_login(bob)
    assert "Take it to a panel" in client.get(case).content.decode()
    url = reverse("royalties:escalate", args=[objection.statement_id, objection.pk])
    refused = client.post(url, {"reason": ""})
    assert refused.status_code == 422
    assert "Say why the answer is wrong." in refused.content.decode()
    assert client.post(url, {"reason": "Nobody listened."}).status_code == 302
    seats = live(objection.escalation)
    draw = reverse("royalties:draw", args=[objection.statement_id, objection.pk])
    assert client.get(draw).status_code == 404
    for number, seat in enumerate(seats[:2]):
        client.force_login(seat.member)
        html = client.get(seat.get_absolute_url()).content.decode()
        assert "Payee 1" in html
        for name in ("Alice", "Bob", "Kettle", "Steam"):
            assert name not in html
        assert "You were drawn for a panel" in client.get(reverse("inbox")).content.decode()
        vote_url = reverse("royalties:panel_vote", args=[seat.pk])
        assert client.post(vote_url, {"choice": "change", "reason": ""}).status_code == 422
        assert client.post(vote_url, {"choice": "change", "reason": f"Reason {number}."}).status_code == 302
        if number == 0:
            client.logout()
            open_page = client.get(case).content.decode()
            assert "Panel member 1" in open_page
            assert "Reason 0." not in open_page
            assert seat.member.display_name not in open_page
    client.logout()
    html = client.get(case).content.decode()
    for words in ("The panel: The answer must be changed", "Reason 0.", "Reason 1.", seats[0].member.display_name):
        assert words in html
    document = client.get(draw).json()
    assert drawing.order(document["seed"], document["candidates"]) == document["order"]


def test_a_seat_is_its_members_page_alone(client: Any, escalation: Any, charlie: Any) -> None:
    seat, other, third = live(escalation)
    client.force_login(charlie)
    assert client.get(seat.get_absolute_url()).status_code == 404
    assert "You were not drawn yet" in client.get(reverse("royalties:panels")).content.decode()
    client.force_login(other.member)
    assert client.get(seat.get_absolute_url()).status_code == 404
    assert client.post(reverse("royalties:panel_accept", args=[other.pk])).status_code == 302
    assert "Vote by" in client.get(reverse("royalties:panels")).content.decode()
    client.force_login(third.member)
    assert client.post(reverse("royalties:panel_decline", args=[third.pk])).status_code == 302
    assert "Declined" in client.get(reverse("royalties:panels")).content.decode()


def test_staff_see_how_far_a_panel_is_and_not_who_sits(client: Any, escalation: Any, sam: Any) -> None:
    vote(live(escalation)[0], "change")
    client.force_login(sam)
    page = client.get(reverse("admin:royalties_escalation_change", args=[escalation.pk])).content.decode()
    names = {seat.member.display_name for seat in escalation.seats.select_related("member")}
    assert not [name for name in names if name in page]
    assert Objection.objects.get().escalation.is_open


def test_the_list_of_panels_counts_seats_and_votes_in_the_same_queries_however_many_there_are(
    client: Any, escalation: Any, open_statement: Any, bob: Any, dana: Any, sam: Any
) -> None:
    vote(live(escalation)[0], "change")
    client.force_login(sam)
    url = reverse("admin:royalties_escalation_changelist")
    client.get(url)
    with CaptureQueriesContext(connection) as one:
        (row,) = client.get(url).context["cl"].result_list
    assert (row.asked_count, row.voted_count) == (2, 1)
    line = open_statement.current.lines.get(payee__artist=bob)
    for body in ("It is heard twice.", "It is louder."):
        other = actions.raise_objection(actor=bob, statement=open_statement, kind="measure", body=body, line=line)
        actions.answer_objection(actor=dana, objection=other, outcome="declined", reason="We listened.")
        actions.escalate(actor=bob, objection=other, reason="Again.")
    with CaptureQueriesContext(connection) as three:
        assert len(client.get(url).context["cl"].result_list) == 3
    assert len(one) == len(three)


def test_no_colleague_reads_in_the_admin_who_is_on_a_panel(
    escalation: Any, open_statement: Any, sam: Any, dana: Any, client: Any
) -> None:
    joins, declines, waits = live(escalation)
    actions.accept_seat(actor=joins.member, seat=joins)
    actions.decline_seat(actor=declines.member, seat=declines)
    actions.withdraw_statement(actor=dana, statement=open_statement, reason="The wrong cut.")
    client.force_login(sam)
    for page in ("admin:profiles_event_changelist", "admin:profiles_notice_changelist"):
        html = client.get(reverse(page) + "?q=panel").text
        assert [seat.member.handle for seat in (joins, declines, waits) if seat.member.handle in html] == [], page


def test_who_claims_or_has_answered_decides_on_no_panel(
    open_statement: Any, jurors: Any, bob: Any, dana: Any, time_machine: Any
) -> None:
    claimant, formerly, *others = jurors
    grant_powers(actor=None, artist=formerly, powers=[StaffPower.APPROVER])
    objection = answered(open_statement, bob, Artist.objects.get(pk=formerly.pk))
    grant_powers(actor=None, artist=formerly, powers=[])
    time_machine.move_to(later(open_statement), tick=False)
    assert claimed(open_statement, claimant).status == "late"
    assert cases.uninvolved(open_statement, objection) == sorted(person.pk for person in others)


def test_who_spoke_about_a_statement_decides_nothing_about_its_correction(
    posted: Any, charlie: Any, sam: Any, finish_jobs: Any
) -> None:
    StatementComment.objects.create(statement=posted, revision=posted.current, author=charlie, body="Look at cue 2.")
    with finish_jobs():
        correction = actions.draft_correction(actor=sam, statement=posted, funding="house", reason="A look.")
    assert charlie.pk in kinship.involved_in(correction)


def test_a_colleague_without_a_power_over_money_reads_nothing_of_anybodys(
    posted: Any, alice: Any, dana: Any, client: Any
) -> None:
    actions.place_hold(actor=dana, payee=alice.payee, kind="minor", reason="Guardian unknown.")
    held = Event.objects.get(verb="royalties.hold_placed")
    pages = (reverse("admin:profiles_notice_changelist"), reverse("admin:profiles_event_changelist"))
    for powers, reads in (("finance",), True), (("curator",), False):
        client.force_login(join(powers[0] + "s", powers=powers))
        texts = [client.get(page).text for page in pages]
        assert ["Guardian unknown." in texts[0], "hold_placed" in texts[1]] == [reads, reads]
        assert client.get(reverse("admin:profiles_event_change", args=[held.pk])).status_code == (200 if reads else 302)
