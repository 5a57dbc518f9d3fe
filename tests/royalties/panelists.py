"""Members in good standing who have no part in anything: whom a draw can find."""

import datetime as dt
from typing import Any

import time_machine
from django.utils import timezone

from royalties import actions
from royalties.models import Escalation, PanelSeat
from tests.contributions.works import published
from tests.support.cast import join


def members(count: int, prefix: str = "juror") -> list[Any]:
    """So many, each with a published work of their own, who joined two months ago."""
    with time_machine.travel(timezone.now() - dt.timedelta(days=60), tick=True):
        people = [join(f"{prefix}{number}") for number in range(count)]
    for person in people:
        published(person, f"Work of {person.handle}")
    return people


def answered(statement: Any, bob: Any, dana: Any, outcome: str = "declined") -> Any:
    """An objection of bob's about his own line, answered by dana."""
    line = statement.current.lines.get(payee__artist=bob)
    objection = actions.raise_objection(
        actor=bob, statement=statement, kind="measure", body="It lasts two minutes.", line=line
    )
    actions.answer_objection(actor=dana, objection=objection, outcome=outcome, reason="We timed it again.")
    objection.refresh_from_db()
    return objection


def live(escalation: Escalation) -> list[PanelSeat]:
    """The seats that are still expected to do something, in the order of the draw."""
    return [seat for seat in escalation.seats.select_related("member").order_by("place") if seat.is_live]


def vote(seat: Any, choice: str, **more: Any) -> Any:
    return actions.cast_panel_vote(actor=seat.member, seat=seat, choice=choice, reason=f"I say {choice}.", **more)
