"""Other measures: the same engine, the same total, nobody's amount changed, an address to pass on."""

import copy
import datetime as dt
import json
import re
from random import Random
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone
from hypothesis import given

from royalties import actions, policy, tasks, what_if
from royalties.allocation import AllocationRefused, allocate
from royalties.exceptions import RoyaltiesRefused, WrongState
from royalties.models import StatementComment, WhatIf
from tests.royalties.productions import productions

DOUBLE = {"L2": {"quantity": 180_000}}


@given(productions())
def test_for_any_production_the_total_stays_and_the_input_is_left_alone(document: dict[str, Any]) -> None:
    before = copy.deepcopy(document)
    random = Random(len(document["lines"]))
    wanted = {
        line["line"]: {"quantity": line["quantity"] + random.randint(0, 500), "factor_bps": random.randint(1, 20_000)}
        for line in document["lines"]
    }
    changes = what_if.differing(document, wanted)
    result = allocate(document)
    amounts = what_if.amounts_of(document, changes)
    assert document == before
    assert sum(amounts.values()) == sum(result["amounts"].values()) == result["waterfall"]["pool"]
    assert sum(gain.difference for gain in what_if.gains(result["amounts"], amounts)) == 0
    assert what_if.amounts_of(document, {}) == result["amounts"]


@given(productions())
def test_changing_back_is_no_change_and_the_code_follows_the_changes(document: dict[str, Any]) -> None:
    assert what_if.differing(document, what_if.measures_of(document)) == {}
    some = {"sure": {"quantity": 7}}
    assert what_if.code_of(some) == what_if.code_of({"sure": {"quantity": 7}}) != what_if.code_of({})


def test_lines_and_fields_that_are_not_there_are_refused() -> None:
    from tests.royalties.productions import production

    document = production(Random(1))
    for wanted in (
        {"L99999": {"quantity": 1}},
        {"sure": {"credits": 1}},
        {"sure": {"quantity": -1}},
        {"sure": {"factor_bps": 100_001}},
    ):
        with pytest.raises(what_if.WhatIfRefused):
            what_if.differing(document, wanted)


def test_the_same_changes_are_kept_once_and_change_no_amount(open_statement: Any, charlie: Any, bob: Any) -> None:
    revision = open_statement.current
    before = dict(revision.lines.values_list("payee", "amount_minor"))
    row = actions.propose_what_if(actor=charlie, revision=revision, wanted={"L1": {"quantity": 240, "prominence": 50}})
    again = actions.propose_what_if(actor=bob, revision=revision, wanted={"L1": {"prominence": 50, "quantity": 240}})
    assert (row, row.author) == (again, charlie)
    assert (row.stage, sum(row.result.values())) == ("done", revision.pool_minor)
    assert dict(revision.lines.values_list("payee", "amount_minor")) == before
    with pytest.raises(DatabaseError), transaction.atomic():
        WhatIf.objects.update(changes={})
    with pytest.raises(DatabaseError), transaction.atomic():
        WhatIf.objects.update(amounts={})


def test_nothing_changed_and_unpublished_drafts_are_refused(draft: Any, charlie: Any) -> None:
    with pytest.raises(WrongState):
        actions.propose_what_if(actor=charlie, revision=draft.pending, wanted=DOUBLE)


def test_a_set_of_measures_that_pays_nobody_says_so(open_statement: Any, charlie: Any) -> None:
    revision = open_statement.current
    with pytest.raises(RoyaltiesRefused, match="Change at least one"):
        actions.propose_what_if(actor=charlie, revision=revision, wanted={"L1": {"quantity": 120}})
    nothing = {line["line"]: {"quantity": 0} for line in revision.input["lines"]}
    with pytest.raises(AllocationRefused):
        what_if.amounts_of(revision.input, nothing)
    row = actions.propose_what_if(actor=charlie, revision=revision, wanted=nothing)
    assert (row.stage, row.failure) == ("failed", "Nobody payable has a part in this production.")


def test_a_large_production_is_computed_by_a_worker(
    client: Any, open_statement: Any, charlie: Any, finish_jobs: Any, monkeypatch: Any
) -> None:
    monkeypatch.setattr(policy, "WHAT_IF_AT_ONCE", 3)
    client.force_login(charlie)
    url = reverse("royalties:what_if", args=[open_statement.pk])
    assert "a worker computes it" in client.get(url, {"L2-quantity": "180"}).content.decode()
    row = actions.propose_what_if(actor=charlie, revision=open_statement.current, wanted=DOUBLE)
    assert (row.stage, row.amounts) == ("queued", None)
    waiting = client.get(row.get_absolute_url()).content.decode()
    assert 'hx-trigger="every 2s"' in waiting
    assert actions.resume_computations() == 0
    with finish_jobs():
        # As if the broker had lost its message.
        assert actions.resume_computations(now=timezone.now() + dt.timedelta(minutes=6)) == 1
    tasks.compute_what_if(row.pk)
    part = client.get(row.get_absolute_url(), headers={"HX-Request": "true"}).content.decode()
    assert "every 2s" not in part
    assert "<h1" not in part
    assert "In all $5,672.83, as in the draft: $5,672.83." in part


def test_what_nobody_sends_again_any_more_is_sent_when_the_same_is_kept_anew(
    open_statement: Any, charlie: Any, bob: Any, finish_jobs: Any, monkeypatch: Any
) -> None:
    monkeypatch.setattr(policy, "WHAT_IF_AT_ONCE", 3)
    row = actions.propose_what_if(actor=charlie, revision=open_statement.current, wanted=DOUBLE)
    tomorrow = timezone.now() + dt.timedelta(days=1, minutes=1)
    assert actions.resume_computations(now=tomorrow) == 0
    with finish_jobs():
        actions.propose_what_if(actor=bob, revision=open_statement.current, wanted=DOUBLE, now=timezone.now())
    row.refresh_from_db()
    assert row.is_computing, "its message may still be under way"
    with finish_jobs():
        actions.propose_what_if(actor=bob, revision=open_statement.current, wanted=DOUBLE, now=tomorrow)
    row.refresh_from_db()
    assert (row.stage, row.author) == ("done", charlie)


def test_the_form_tries_keeps_and_shares_without_script(client: Any, open_statement: Any, bob: Any, alice: Any) -> None:
    url = reverse("royalties:what_if", args=[open_statement.pk])
    visitor = client.get(url, {"L2-quantity": "180"}).content.decode()
    assert "to have it computed" in visitor
    client.force_login(bob)
    html = client.get(url).content.decode()
    assert "Nothing is changed yet" in html
    assert "Kettle" not in html  # His own cues come first; the poem is alice's.
    tried = client.get(url, {"L1-quantity": "120", "L3-quantity": "0"}).content.decode()
    assert "Kettle" in tried
    assert "+$" in tried
    part = client.get(url, {"L3-quantity": "0"}, headers={"HX-Request": "true"})
    assert part.status_code == 200
    assert part.content.decode().lstrip().startswith('<section id="outcome"')
    kept = client.post(url, {"changes": json.dumps({"L3": {"quantity": 0}})})
    row = WhatIf.objects.get()
    assert kept["Location"] == row.get_absolute_url()
    page = client.get(row.get_absolute_url()).content.decode()
    for words in ("Lid, drawn", "<del", "60 s", "0 s", "Object with this", "Tried by Bob"):
        assert words in page
    client.logout()
    assert "Lid, drawn" in client.get(row.get_absolute_url()).content.decode()
    assert client.post(url, {"changes": "{}"})["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize(
    "changes",
    [
        "", "no json", "[]", "7", '{"L1": 3}', '{"L1": {"quantity": "many"}}', '{"L77": {"quantity": 1}}',
        '{"L1": {"quantity": Infinity}}', '{"L1": {"quantity": 1e400}}', '{"L1": {"quantity": NaN}}',
        '{"L1": {"quantity": 7.5}}', '{"L1": {"quantity": true}}', '{"L1": [["quantity", 3]]}', "[" * 100_000,
        '{"\\ud800": {"quantity": 1}}', '{"L1": {"\\ud800": 1}}', '{"L1\\u0000": {"quantity": 1}}',
        '{"L1": {"quantity": 9007199254740992}}', f'{{"L1": {{"quantity": {"9" * 400}}}}}',
        f'{{"L1": {{"quantity": {"9" * 5_000}}}}}',
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_in_words(client: Any, open_statement: Any, bob: Any, changes: str) -> None:
    client.force_login(bob)
    answer = client.post(reverse("royalties:what_if", args=[open_statement.pk]), {"changes": changes})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert not WhatIf.objects.exists()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ('{"L77": {"quantity": 1}}', "A line that you changed is not in this draft."),
        ('{"L1": {"credits": 1}}', "Only the measure, the weights and the factor of a line can be changed."),
        ('{"L1": {"factor_bps": 100001}}', "The factor of L1 is out of range."),
        ("no json", "These measures cannot be read."),
        ("{}", "Change at least one measure."),
    ],
)
def test_a_refusal_says_what_is_wrong_and_not_what_was_sent(
    client: Any, open_statement: Any, bob: Any, changes: str, words: str
) -> None:
    client.force_login(bob)
    answer = client.post(reverse("royalties:what_if", args=[open_statement.pk]), {"changes": changes})
    assert words in answer.content.decode()
    assert "L77" not in answer.content.decode()


def test_measures_that_make_no_sense_are_marked_and_kept(client: Any, open_statement: Any, bob: Any) -> None:
    client.force_login(bob)
    url = reverse("royalties:what_if", args=[open_statement.pk])
    answer = client.get(url, {"L1-quantity": "1.5", "L2-quantity": "-3", "L3-factor": "lots", "L2-prominence": "77"})
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "Some measures cannot be read" in html
    for field in ("L1-quantity", "L2-quantity", "L3-factor", "L2-prominence"):
        assert f'<a href="#id_{field}">Cue {field[:2]}, ' in html
    assert html.count('aria-invalid="true"') == 4
    assert 'value="lots"' in html
    assert "No cue is called that" in client.get(url, {"find": "nowhere"}).content.decode()
    assert "Cue L2" in client.get(url, {"find": "2"}).content.decode()


@pytest.mark.parametrize("find", ["lid, dr", "BOB", "Robert B", "Pict", "picture", "3", "l3"])
def test_a_cue_is_found_by_what_people_call_it(client: Any, open_statement: Any, bob: Any, find: str) -> None:
    type(bob).objects.filter(pk=bob.pk).update(credit_name="Robert B.")
    client.force_login(bob)
    html = client.get(reverse("royalties:what_if", args=[open_statement.pk]), {"find": find}).content.decode()
    assert "Cue L3, Lid, drawn" in html
    assert "Cue L1" not in html


def test_whoever_looks_for_another_cue_keeps_what_was_typed(client: Any, open_statement: Any, bob: Any) -> None:
    client.force_login(bob)
    url = reverse("royalties:what_if", args=[open_statement.pk])
    typed = {"L1-quantity": "130", "L1-factor": "lots", "L2-quantity": "75.5", "L2-prominence": "100"}
    part = client.get(url, typed, headers={"HX-Request": "true"}).content.decode()
    kept = dict(re.findall(r'form="find-cue" name="([^"]+)" value="([^"]*)"', part))
    assert kept == {"L1-quantity": "130", "L1-factor": "lots", "L2-quantity": "75.5"}
    found = client.get(url, {"find": "3", **kept}).content.decode()
    assert found.index("Cue L1") < found.index("Cue L3")
    assert 'value="lots"' in found
    missed = client.get(url, {"find": "nowhere", **kept}).content.decode()
    assert "No cue is called that. These are the ones that you have changed." in missed
    assert "No cue is called that" not in found
    assert "No cue is called that" in client.get(url, {"find": "nowhere\0"}).content.decode()
    first = client.get(url, {"find": "3", "first": "1", "L1-quantity": "130"}).content.decode()
    assert 'name="find" value=""' in first
    assert 'form="find-cue" name="L1-quantity" value="130"' in first


def test_an_objection_carries_its_measures_to_the_panel(client: Any, open_statement: Any, bob: Any, alice: Any) -> None:
    client.force_login(bob)
    row = actions.propose_what_if(actor=bob, revision=open_statement.current, wanted=DOUBLE)
    line = reverse("royalties:line", args=[open_statement.pk, bob.payee.code])
    assert "With other measures attached" in client.get(line, {"what_if": row.code}).content.decode()
    target = reverse("royalties:line_comment", args=[open_statement.pk, bob.payee.code])
    client.post(target, {"body": "It is heard twice.", "kind": "measure", "what_if": row.code})
    said = StatementComment.objects.get()
    assert said.what_if == row
    assert row.get_absolute_url() in client.get(said.objection.get_absolute_url()).content.decode()
    assert row.get_absolute_url() in client.get(open_statement.get_absolute_url()).content.decode()
    with pytest.raises(DatabaseError), transaction.atomic():
        StatementComment.objects.update(what_if=None)


def test_an_earlier_draft_says_that_it_is_one(
    client: Any, open_statement: Any, bob: Any, sam: Any, dana: Any, finish_jobs: Any
) -> None:
    row = actions.propose_what_if(actor=bob, revision=open_statement.current, wanted=DOUBLE)
    with finish_jobs():
        actions.revise(actor=sam, statement=open_statement, reason="A look again.")
    actions.publish(actor=dana, statement=open_statement)
    client.force_login(bob)
    html = client.get(row.get_absolute_url()).content.decode()
    assert "A newer draft is in force" in html
    assert "Object with this" not in html
    assert client.get(reverse("royalties:what_if_shared", args=[open_statement.pk, "0" * 16])).status_code == 404
