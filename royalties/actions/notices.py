"""Telling people what happened to their money; every notice names the amount and the date."""

from __future__ import annotations

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from profiles.actions import followers_of, notify
from profiles.models import Artist, Event
from profiles.models.event import topic_of
from royalties import tasks
from royalties.models import Objection, Payout, Revision, Statement, StatementComment
from royalties.money import Money


def tell_payees_of_revision(*, event: Event, statement: Statement, before: Revision | None) -> None:
    """Each payee hears their own amount, what it was, and until when they may object."""
    revision = statement.current
    assert revision is not None  # set by the caller; narrows the type
    earlier = dict(before.lines.values_list("payee", "amount_minor")) if before else {}
    until = date_format(statement.window_ends_at, "j F Y, H:i") if statement.window_ends_at else ""
    told = set()
    for line in revision.lines.select_related("payee__artist"):
        if line.payee.artist is None:
            continue
        told.add(line.payee.artist.pk)
        words = {
            "number": revision.number,
            "title": statement.production.title,
            "amount": Money(line.amount_minor, statement.currency).format(),
            "until": until,
            "before": Money(earlier.get(line.payee_id, 0), statement.currency).format(),
        }
        if before is None:
            text = _("Draft %(number)d for “%(title)s” is open: your share %(amount)s, until %(until)s UTC") % words
        else:
            text = (
                _("Draft %(number)d for “%(title)s”: your share %(amount)s, before %(before)s, until %(until)s UTC")
                % words
            )
        notify(event=event, recipients=[line.payee.artist], text=text, url=line.get_absolute_url())
    others = followers_of(topic_of(statement.production), topic_of(statement.production.project)).exclude(pk__in=told)
    notify(
        event=event,
        recipients=others,
        text=_("Draft %(number)d of who gets what from “%(title)s” is open for comment")
        % {"number": revision.number, "title": statement.production.title},
        url=statement.get_absolute_url(),
    )


def tell_payees(*, event: Event, statement: Statement, text: str) -> None:
    """One sentence with `%(amount)s` in it to every payee with an amount."""
    revision = statement.current
    assert revision is not None  # only public statements come here; narrows the type
    for line in revision.lines.filter(amount_minor__gt=0).select_related("payee__artist"):
        if line.payee.artist is not None:
            amount = Money(line.amount_minor, statement.currency).format()
            words = {"title": statement.production.title, "amount": amount}
            notify(event=event, recipients=[line.payee.artist], text=text % words, url=line.get_absolute_url())


def tell_of_comment(*, event: Event, comment: StatementComment) -> None:
    """The line's payee and who spoke in the thread before."""
    people: list[Artist] = []
    if comment.payee is not None and comment.payee.artist is not None:
        people.append(comment.payee.artist)
    if comment.reply_to is not None:
        people.append(comment.reply_to.author)
        people += [reply.author for reply in comment.reply_to.replies.select_related("author")]
    notify(
        event=event,
        recipients=people,
        text=_("%(name)s wrote about the statement of “%(title)s”")
        % {"name": comment.author.display_name, "title": comment.statement.production.title},
        url=comment.get_absolute_url(),
    )


def tell_staff_of_objection(*, event: Event, objection: Objection) -> None:
    """Who drafted and who approved must see that an answer is due."""
    statement = objection.statement
    staff = [person for person in (statement.drafter, statement.approver) if person]
    notify(
        event=event,
        recipients=staff,
        text=_("An objection to the statement of “%(title)s” awaits an answer: %(kind)s")
        % {"title": statement.production.title, "kind": objection.get_kind_display()},
        url=objection.comment.get_absolute_url(),
    )


def tell_of_answer(*, event: Event, objection: Objection) -> None:
    """Who objected, and whose line it is about."""
    people = [objection.raised_by]
    if objection.line is not None and objection.line.payee.artist is not None:
        people.append(objection.line.payee.artist)
    notify(
        event=event,
        recipients=people,
        text=_("The objection about “%(title)s” is answered: %(outcome)s")
        % {
            "title": objection.statement.production.title,
            "outcome": objection.answer.get_outcome_display(),
        },
        url=objection.comment.get_absolute_url(),
    )


def tell_of_payout(*, event: Event, payout: Payout, text: str) -> None:
    """The payee hears what became of a payment, in the inbox and by mail; `%(amount)s` stands for its size."""
    if payout.payee.artist is not None:
        amount = Money(payout.net_minor, payout.currency).format()
        words = text % {"amount": amount}
        notify(event=event, recipients=[payout.payee.artist], text=words, url=payout.get_absolute_url())
        tasks.mail_payout.delay_on_commit(payout.pk)  # type: ignore[attr-defined]  # of Celery for Django
