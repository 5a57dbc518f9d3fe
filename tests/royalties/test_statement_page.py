"""The pages of money: for a visitor, a payee, a member and staff; without script."""

import csv
import datetime as dt
import io
import json
from typing import Any

import pytest
from django.urls import reverse

from contributions import actions as contributions
from contributions.models import Share
from projects import actions as projects
from royalties import actions
from royalties.document import published_document
from royalties.models import Objection
from tests.contributions.works import declared, written
from tests.royalties.conftest import closed, drafted, later, opened, place, revenue_csv
from tests.support.cast import join


def page(client: Any, name: str, *args: Any, status: int = 200, **query: Any) -> str:
    response = client.get(reverse(f"royalties:{name}", args=args), query)
    assert response.status_code == status, response.content.decode()[:500]
    return str(response.content.decode())


def test_a_visitor_reads_a_statement(client: Any, open_statement: Any) -> None:
    html = page(client, "statement", open_statement.pk)
    assert "Who gets what from <i>The Lid</i>" in html
    assert "From $12,345.67 earned to $5,672.83 shared" in html
    for words in ("Alice", "Bob", "Kettle", "Steam", "Nobody has said anything yet", "100.0%"):
        assert words in html
    assert "Your share" not in html
    assert "<style" not in html
    assert ' style="' not in html


def test_a_payee_sees_their_own_share_first(client: Any, open_statement: Any, alice: Any) -> None:
    client.force_login(alice)
    html = page(client, "statement", open_statement.pk)
    assert html.index("Your share, Alice") < html.index("<table")
    assert "Add payout details" in html


def test_a_draft_is_for_staff(client: Any, draft: Any, alice: Any, sam: Any) -> None:
    page(client, "statement", draft.pk, status=404)
    client.force_login(alice)
    page(client, "statement", draft.pk, status=404)
    client.force_login(sam)
    assert "draft inside the house" in page(client, "statement", draft.pk)


def test_a_draft_that_is_being_computed_says_how_far_it_is(client: Any, earning: Any, sam: Any) -> None:
    from tests.royalties.conftest import FIRST, LAST

    statement = actions.draft_statement(actor=sam, production=earning, first_day=FIRST, last_day=LAST, currency="USD")
    client.force_login(sam)
    assert "Waiting to be computed" in page(client, "statement", statement.pk)
    assert "every 2s" in page(client, "progress", statement.pk)


def test_a_withdrawn_statement_says_why(client: Any, open_statement: Any, dana: Any) -> None:
    actions.withdraw_statement(actor=dana, statement=open_statement, reason="The shop sent wrong figures.")
    assert "The shop sent wrong figures." in page(client, "statement", open_statement.pk, status=410)


def test_a_withdrawn_statement_closes_its_pages_with_the_reason_and_keeps_the_files_of_what_was_published(
    client: Any, open_statement: Any, bob: Any, dana: Any
) -> None:
    line = open_statement.current.lines.get(payee__artist=bob)
    actions.raise_objection(actor=bob, statement=open_statement, kind="other", body="Why?", line=line)
    tried = actions.propose_what_if(
        actor=bob, revision=open_statement.current, wanted={"L1": {"quantity": 7}}
    ).get_absolute_url()
    statement_url = open_statement.get_absolute_url()
    files = [f"{statement_url}{name}" for name in ("statement.json", "statement.csv")]
    before = [client.get(file).content for file in files]
    actions.withdraw_statement(actor=dana, statement=open_statement, reason="The shop sent wrong figures.")
    client.force_login(bob)
    pages = [f"{statement_url}changes/", f"{statement_url}what-if/", tried]
    for address in (statement_url, *pages, line.get_absolute_url()):
        answer = client.get(address)
        assert answer.status_code == 410, address
        assert "The shop sent wrong figures." in answer.content.decode()
        assert all(f"{file}?revision=1" in answer.content.decode() for file in files)
    kept = client.post(f"{statement_url}what-if/", {"changes": '{"L1": {"quantity": 8}}'})
    assert kept.status_code == 410
    client.logout()
    assert [client.get(file).content for file in files] == before


def test_how_far_an_unpublished_revision_is_is_for_staff(
    client: Any, open_statement: Any, alice: Any, sam: Any, dana: Any, finish_jobs: Any
) -> None:
    payee = open_statement.current.lines.get(payee__artist=alice).payee
    award = actions.propose_award(
        actor=sam, statement=open_statement, payee=payee, amount_minor=90_000_000, reason="She carried it."
    )
    actions.approve_adjustment(actor=dana, adjustment=award)
    with finish_jobs():
        actions.revise(actor=sam, statement=open_statement, reason="An award.")
    open_statement.refresh_from_db()
    assert open_statement.failure
    page(client, "progress", open_statement.pk, status=404)
    client.force_login(alice)
    page(client, "progress", open_statement.pk, status=404)
    client.force_login(sam)
    assert open_statement.failure[:20] in page(client, "progress", open_statement.pk)


def test_comments_are_not_said_to_be_closed_while_they_are_taken(
    client: Any, open_statement: Any, charlie: Any, sam: Any, time_machine: Any
) -> None:
    assert "Objections close in 13 days" in page(client, "statement", open_statement.pk)
    time_machine.move_to(open_statement.window_ends_at + dt.timedelta(hours=1))
    html = page(client, "statement", open_statement.pk)
    assert "comments are taken until it is closed" in html
    assert "Comments closed" not in html
    actions.comment(actor=charlie, statement=open_statement, body="Still here.")
    actions.close_statement(actor=sam, statement=open_statement)
    html = page(client, "statement", open_statement.pk)
    assert "comments are taken until it is closed" not in html
    assert "Objections closed" in html


def test_the_line_page_explains_every_item(client: Any, open_statement: Any, alice: Any) -> None:
    html = page(client, "line", open_statement.pk, alice.payee.code)
    assert "Why Alice gets" in html
    assert "120 × role 100 × prominence 100 (Featured" in html
    assert ") = 1,200,000" in html
    assert "÷" not in html
    assert "As a source of <i>Steam</i> by <bdi>Bob</bdi>, which" in html
    assert "passes" in html


def test_the_line_page_names_all_makers_of_a_shared_work_as_credits_do(
    client: Any, open_statement: Any, alice: Any, bob: Any, charlie: Any
) -> None:
    song = bob.contributions.get(title="Steam")
    song.shares.update(share_bps=7500)
    Share.objects.create(contribution=song, artist=charlie, share_bps=2500, agreed_at=song.published_at)
    type(bob).objects.filter(pk=bob.pk).update(credit_name="Robert B.")
    html = page(client, "line", open_statement.pk, alice.payee.code)
    assert "As a source of <i>Steam</i> by <bdi>Robert B., Charlie</bdi>, which" in html
    song.shares.filter(artist=bob).update(share_bps=7495)
    for number in range(5):
        more = join(f"hand{number}")
        Share.objects.create(contribution=song, artist=more, share_bps=1, agreed_at=song.published_at)
    assert "and 2 more</bdi>, which" in page(client, "line", open_statement.pk, alice.payee.code)


def test_the_line_page_shows_what_works_that_are_not_paid_leave(
    client: Any, earning: Any, alice: Any, bob: Any, sam: Any, dana: Any, finish_jobs: Any
) -> None:
    """The drawing, 40 of the 70% of the departments in use, is given up: the others' parts are divided by 42.857%."""
    actions.waive_share(actor=bob, contribution=bob.contributions.get(title="Lid, drawn"))
    statement = opened(drafted(sam, earning, finish_jobs), sam, dana)
    html = page(client, "line", statement.pk, alice.payee.code)
    assert "÷ 42.857%" in html
    assert "those whose part was given up keep nothing" in html


def test_a_member_comments_and_a_payee_objects_without_script(
    client: Any, open_statement: Any, bob: Any, charlie: Any
) -> None:
    client.force_login(charlie)
    response = client.post(reverse("royalties:comment", args=[open_statement.pk]), {"body": "Looks right."})
    assert response.status_code == 302
    client.force_login(bob)
    target = reverse("royalties:line_comment", args=[open_statement.pk, bob.payee.code])
    response = client.post(target, {"body": "It lasts two minutes.", "kind": "measure"})
    assert response.status_code == 302
    objection = Objection.objects.get()
    assert f"#comment-{objection.comment_id}" in response["Location"]
    client.logout()
    html = page(client, "statement", open_statement.pk)
    assert "2 comments, 1 objection, 0 answered" in html
    assert "Awaiting answer" in html


def test_one_click_makes_an_objection_of_a_comment(client: Any, open_statement: Any, bob: Any, dana: Any) -> None:
    line = open_statement.current.lines.get(payee__artist=bob)
    said = actions.comment(actor=bob, statement=open_statement, body="It lasts longer.", line=line)
    client.force_login(bob)
    assert "Make this an objection" in page(client, "statement", open_statement.pk)
    client.post(reverse("royalties:object", args=[open_statement.pk, said.pk]), {"kind": "measure"})
    actions.answer_objection(
        actor=dana, objection=Objection.objects.get(), outcome="accepted", reason="You are right: two minutes."
    )
    html = page(client, "statement", open_statement.pk)
    assert "Answer by Dana: Accepted" in html
    assert "You are right: two minutes." in html


def test_a_refused_comment_keeps_its_words_and_says_why(
    client: Any, open_statement: Any, bob: Any, charlie: Any
) -> None:
    client.force_login(charlie)
    response = client.post(reverse("royalties:comment", args=[open_statement.pk]), {"body": ""})
    assert response.status_code == 422
    assert "Write what you want to say." in response.content.decode()
    url = reverse("royalties:line_comment", args=[open_statement.pk, bob.payee.code])
    response = client.post(url, {"body": "Hm.", "kind": "nonsense"})
    assert response.status_code == 422
    assert "Hm." in response.content.decode()


def test_a_visitor_who_posts_is_asked_to_log_in(client: Any, open_statement: Any) -> None:
    response = client.post(reverse("royalties:comment", args=[open_statement.pk]), {"body": "Hello"})
    assert "/accounts/login/" in response["Location"]


def test_accepting_shows_in_the_percentage(client: Any, open_statement: Any, bob: Any) -> None:
    client.force_login(bob)
    client.post(reverse("royalties:accept", args=[open_statement.pk, bob.payee.code]))
    html = page(client, "statement", open_statement.pk)
    assert "You accepted this" in html
    assert "50.0%" in html


def test_changes_show_old_values_struck_and_the_reason(
    client: Any, open_statement: Any, sam: Any, dana: Any, finish_jobs: Any
) -> None:
    assert "Nothing to compare yet" in page(client, "changes", open_statement.pk)
    cue = open_statement.cut.cues.get(position=3)
    row = actions.propose_factor(
        actor=sam, statement=open_statement, cue=cue, factor_bps=0, reason="The lid is drawn by the house."
    )
    actions.approve_adjustment(actor=dana, adjustment=row)
    with finish_jobs():
        actions.revise(actor=sam, statement=open_statement, reason="The lid goes out.")
    actions.publish(actor=dana, statement=open_statement)
    html = page(client, "changes", open_statement.pk)
    for words in ("Draft 2 against draft 1", "The lid goes out.", "The lid is drawn by the house.", "<del>"):
        assert words in html
    statement = page(client, "statement", open_statement.pk)
    assert "What changed since draft 1" in statement
    assert "in draft 1" in statement
    assert "Draft 1, replaced by a newer one" in page(client, "statement", open_statement.pk, revision="1")
    page(client, "statement", open_statement.pk, status=404, revision="7")
    page(client, "statement", open_statement.pk, status=404, revision="²")


def test_the_second_person_looks_at_a_revision_before_it_is_published(
    client: Any, open_statement: Any, charlie: Any, sam: Any, dana: Any, finish_jobs: Any
) -> None:
    with finish_jobs():
        actions.revise(actor=sam, statement=open_statement, reason="A look again.")
    client.force_login(charlie)
    page(client, "statement", open_statement.pk, status=404, revision="draft")
    assert "waits to be published" not in page(client, "statement", open_statement.pk)
    client.force_login(dana)
    assert "Draft 2 waits to be published" in page(client, "statement", open_statement.pk)
    assert "Draft 2, not published yet" in page(client, "statement", open_statement.pk, revision="draft")
    assert "Draft 2 against draft 1" in page(client, "changes", open_statement.pk, revision="draft")


def test_a_closed_statement_takes_no_comment(client: Any, open_statement: Any, charlie: Any, sam: Any) -> None:
    closed(open_statement, sam)
    client.force_login(charlie)
    response = client.post(reverse("royalties:comment", args=[open_statement.pk]), {"body": "One more thing."})
    assert response.status_code == 422
    assert "cannot be done while" in response.content.decode()


def test_files_hold_the_same_numbers_as_the_page(client: Any, open_statement: Any) -> None:
    rows = list(csv.DictReader(io.StringIO(page(client, "statement_csv", open_statement.pk))))
    assert [row["artist"] for row in rows] == ["Bob", "Alice"]
    assert sum(int(row["amount"].replace(".", "")) for row in rows) == 567_283
    document = json.loads(page(client, "statement_json", open_statement.pk))
    assert document == published_document(open_statement.current)
    response = client.get(reverse("royalties:verifier"))
    assert b"shares no code with the site" in b"".join(response.streaming_content)


def test_money_shows_totals_and_every_statement(client: Any, open_statement: Any, sam: Any, dana: Any) -> None:
    html = page(client, "money")
    assert "$12,345.67" in html
    assert "The Lid" in html
    final = closed(open_statement, sam)
    actions.post_statement(actor=dana, statement=final, now=later(final))
    html = page(client, "money")
    assert "$5,672.83" in html
    assert "for 2 artists" in html


def test_money_says_what_will_be_here_before_anything_is_earned(client: Any, db: None) -> None:
    assert "Nothing earned yet" in page(client, "money")


def test_earnings_are_ones_own(client: Any, open_statement: Any, alice: Any, charlie: Any, sam: Any, dana: Any) -> None:
    assert client.get(reverse("royalties:earnings")).status_code == 302
    client.force_login(charlie)
    assert "No earnings yet" in page(client, "earnings")
    final = closed(open_statement, sam)
    moment = later(final)
    actions.post_statement(actor=dana, statement=final, now=moment)
    client.force_login(alice)
    html = page(client, "earnings")
    assert "To be paid, USD" in html
    assert "Add payout details" in html
    rows = list(csv.DictReader(io.StringIO(page(client, "earnings_csv", moment.year))))
    assert [row["what"] for row in rows] == ["share"]


def test_payout_details_ask_for_the_password_and_a_code(client: Any, open_statement: Any, alice: Any) -> None:
    from royalties.sealing import destination_code
    from tests.support.cast import PASSWORD

    client.force_login(alice, backend="django.contrib.auth.backends.ModelBackend")
    url, where = reverse("royalties:payout_details"), reverse("royalties:destination")
    typed = {"country": "KE", "address": "alice@pay.example"}
    client.post(reverse("account_reauthenticate"), {"password": "guess"})
    assert client.post(where, typed).status_code == 422
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    assert client.post(where, typed).status_code == 302
    html = page(client, "payout_details")
    assert "a…@pay.example" in html
    assert "alice@pay.example" not in html
    assert client.post(url, {"code": "nonsense"}).status_code == 422
    destination = alice.payee.destinations.get()
    assert client.post(url, {"code": destination_code(destination)}).status_code == 302
    destination.refresh_from_db()
    assert destination.verified_at


def shared_by(count: int, alice: Any, sam: Any, dana: Any, finish_jobs: Any, title: str) -> Any:
    """A published statement with so many payees, all makers of one work, and a comment on each line."""
    makers = [join(f"maker{title.lower()}{number}") for number in range(count)]
    work = declared(written(alice, f"Quilt {title}"), production_permission="yes")
    parts = [10_000 // count + (1 if number < 10_000 % count else 0) for number in range(count)]
    shares = {maker: (part, "stitches") for maker, part in zip(makers, parts, strict=True)}
    contributions.set_shares(actor=alice, contribution=work, shares=shares)
    for maker in makers:
        contributions.agree_share(actor=maker, contribution=work)
    contributions.publish_contribution(actor=alice, contribution=work)
    project = projects.pitch_project(actor=alice, title=title, kind="film", logline="Many hands.")
    projects.green_light(actor=sam, project=project, reason="Go.")
    production = projects.start_production(actor=sam, project=project)[0]
    cut = projects.new_cut(actor=sam, production=production)
    place(cut, sam, work, "picture", "drawing", "screen_ms", 60_000)
    projects.lock_cut(actor=sam, cut=cut)
    actions.import_csv(
        actor=sam, kind="revenue", name="s.csv", content=revenue_csv(production, f"{title},sale,1000.00")
    )
    statement = drafted(sam, production, finish_jobs)
    actions.submit_for_review(actor=sam, statement=statement)
    actions.publish(actor=dana, statement=statement)
    statement.refresh_from_db()
    for line in statement.current.lines.select_related("payee__artist", "revision__statement"):
        said = actions.comment(actor=line.payee.artist, statement=statement, body="Mine.", line=line)
        actions.object_to(actor=line.payee.artist, comment=said, kind="measure")
    return statement


def test_pages_cost_the_same_for_3_payees_and_for_30(
    client: Any, alice: Any, sam: Any, dana: Any, charlie: Any, finish_jobs: Any, django_assert_max_num_queries: Any
) -> None:
    few = shared_by(3, alice, sam, dana, finish_jobs, "Few")
    many = shared_by(30, alice, sam, dana, finish_jobs, "Many")
    client.force_login(charlie)
    for name in ("statement", "changes", "statement_csv", "line", "what_if"):
        counts = []
        for statement in (few, many):
            payee = [statement.current.lines.first().payee.code] if name == "line" else []
            with django_assert_max_num_queries(60) as context:
                page(client, name, statement.pk, *payee)
            counts.append(len(context))
        assert abs(counts[0] - counts[1]) <= 1, f"{name}: {counts}"
    many_page = page(client, "statement", many.pk)
    assert "Show more people" in many_page
    assert "Show more comments" not in many_page


@pytest.mark.parametrize("path", ["/statements/999/", "/statements/999/statement.json", "/statements/999/changes/"])
def test_what_is_not_there_is_not_found(client: Any, db: None, path: str) -> None:
    assert client.get(path).status_code == 404


def test_a_project_shows_who_gets_what(client: Any, open_statement: Any) -> None:
    html = client.get(open_statement.production.get_absolute_url()).content.decode()
    assert open_statement.get_absolute_url() in html


def test_a_name_that_looks_like_a_formula_is_plain_in_the_csv(client: Any, open_statement: Any, alice: Any) -> None:
    type(alice).objects.filter(pk=alice.pk).update(credit_name="=1+1")
    rows = list(csv.DictReader(io.StringIO(page(client, "statement_csv", open_statement.pk))))
    assert {row["artist"] for row in rows} == {"Bob", "'=1+1"}
