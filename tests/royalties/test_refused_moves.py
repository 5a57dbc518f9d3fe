"""A move that is refused answers with the row's page: the refusal at its top, and what was typed still in its place."""

from typing import Any

import pytest
from django.urls import reverse

from royalties import actions
from royalties.exceptions import WrongState
from royalties.models import Objection, Suspense
from tests.royalties.reports import booked, shop_rows
from tests.support.cast import join

WORDS = "We timed it twice, <and> it runs for 14 seconds."
KEPT = "We timed it twice, &lt;and&gt; it runs for 14 seconds."


def press(client: Any, row: Any, action: str, words: str = "", **more: str) -> Any:
    url = reverse(f"admin:royalties_{row._meta.model_name}_changelist")
    return client.post(url, {"action": action, "_selected_action": row.pk, "index": 0, "words": words, **more})


def objected(statement: Any, bob: Any) -> Objection:
    line = statement.current.lines.get(payee__artist=bob)
    return actions.raise_objection(actor=bob, statement=statement, kind="measure", body="Two minutes.", line=line)


def test_the_words_of_a_refused_move_stay_in_their_field_alone(client: Any, open_statement: Any, bob: Any) -> None:
    objection = objected(open_statement, bob)
    client.force_login(join("kim", powers=("finance",)))
    response = press(client, objection, "decline", WORDS)
    assert response.status_code == 422
    html = response.content.decode()
    assert html.index('class="messagelist"') < html.index("What can be done")
    assert 'class="error" id="refused"' in html
    assert html.count(f">{KEPT}</textarea>") == 1
    assert f'id="words-decline" name="words" rows="3" cols="60" maxlength="4000" required aria-invalid="true" aria-describedby="refused">{KEPT}' in html  # fmt: skip
    objection.refresh_from_db()
    assert objection.status == Objection.Status.OPEN


def test_the_words_of_a_short_field_stay_too(client: Any, open_statement: Any, dana: Any) -> None:
    client.force_login(dana)
    html = press(client, open_statement, "revise", WORDS).content.decode()
    assert f'value="{KEPT}"' in html
    assert html.count(KEPT) == 1


def test_words_for_a_move_that_is_no_longer_there_are_shown(
    client: Any, open_statement: Any, bob: Any, dana: Any
) -> None:
    objection = objected(open_statement, bob)
    actions.answer_objection(actor=dana, objection=objection, outcome="accepted", reason="So it is.")
    client.force_login(dana)
    response = press(client, objection, "decline", WORDS)
    assert response.status_code == 422
    assert f"What you had typed: <q>{KEPT}</q>" in response.content.decode()


def test_the_corrected_words_go_through(client: Any, open_statement: Any, bob: Any, dana: Any) -> None:
    objection = objected(open_statement, bob)
    client.force_login(dana)
    assert press(client, objection, "decline", " ").status_code == 422
    assert press(client, objection, "decline", WORDS).status_code == 302
    objection.refresh_from_db()
    assert objection.answer.reason == WORDS


def test_a_page_that_asks_is_found_from_a_refusal(client: Any, production: Any, dana: Any) -> None:
    booked(dana, shop_rows("1;10.00;", title="Deckel"))
    suspense = Suspense.objects.get()
    client.force_login(dana)
    response = press(client, suspense, "send_back")
    assert response.status_code == 422
    assert (
        f'href="{reverse("admin:royalties_suspense_ask", args=[suspense.pk, "resolve"])}"' in response.content.decode()
    )


def test_no_revision_is_dropped_where_none_waits(client: Any, open_statement: Any, sam: Any, finish_jobs: Any) -> None:
    client.force_login(sam)
    response = press(client, open_statement, "drop_revision")
    assert response.status_code == 422
    assert "No revision is waiting" in response.content.decode()
    actions.revise(actor=sam, statement=open_statement, reason="A look.")
    assert press(client, open_statement, "drop_revision").status_code == 302  # one that is being computed is dropped
    with pytest.raises(WrongState, match="No revision is waiting"):
        actions.drop_revision(actor=sam, statement=open_statement)


PARAGRAPHS = "Bars, counted.\r\n\r\n" * 235


def test_paragraphs_count_as_the_browser_counts_them(client: Any, open_statement: Any, bob: Any, dana: Any) -> None:
    words = PARAGRAPHS + "x" * (4000 - len(PARAGRAPHS.replace("\r\n", "\n")))
    assert len(words) > 4000
    objection = objected(open_statement, bob)
    client.force_login(dana)
    assert press(client, objection, "decline", words).status_code == 302
    objection.refresh_from_db()
    assert objection.answer.reason == words.replace("\r\n", "\n")


def test_words_that_are_too_long_are_kept_and_the_same_form_goes_once_they_are_shorter(
    client: Any, open_statement: Any, bob: Any, dana: Any
) -> None:
    objection = objected(open_statement, bob)
    client.force_login(dana)
    words = "y" * 4001
    response = press(client, objection, "decline", words, submission="a-key")
    assert response.status_code == 422
    assert f">{words}</textarea>" in response.content.decode()
    assert "Write at most 4000 characters; these are 4001." in response.content.decode()
    assert press(client, objection, "decline", words[:4000], submission="a-key").status_code == 302
    objection.refresh_from_db()
    assert objection.status == Objection.Status.ANSWERED


def test_who_forgot_to_choose_a_move_goes_back_and_chooses(
    client: Any, open_statement: Any, bob: Any, dana: Any
) -> None:
    objection = objected(open_statement, bob)
    client.force_login(dana)
    assert press(client, objection, "", WORDS, submission="a-key").status_code == 302
    assert press(client, objection, "decline", WORDS, submission="a-key").status_code == 302
    objection.refresh_from_db()
    assert objection.status == Objection.Status.ANSWERED
