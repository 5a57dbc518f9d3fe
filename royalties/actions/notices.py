"""Telling people what happened to their money; every notice names the amount and the date."""

from __future__ import annotations

from collections.abc import Collection

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from profiles.actions import followers_of, notify
from profiles.models import Artist, Event
from profiles.models.event import topic_of
from royalties.actions.outbox import owe_mail
from royalties.correcting import Moved, Outcome
from royalties.models import (
    Escalation,
    Objection,
    OutboxMail,
    PanelSeat,
    Payee,
    Payout,
    Revision,
    Statement,
    StatementClaim,
    StatementComment,
    StatementLine,
)
from royalties.money import Money


def tell_payees_of_revision(*, event: Event, statement: Statement, before: Revision | None) -> None:
    """Each payee hears their own amount, what it was, and until when they may object."""
    revision = statement.current
    assert revision is not None  # set by the caller; narrows the type
    earlier = dict(before.lines.values_list("payee", "amount_minor")) if before else {}
    told = _tell_who_lost_all(event, statement, before) if before else set()
    for line in revision.lines.select_related("payee__artist"):
        if line.payee.artist is None:
            continue
        told.add(line.payee.artist.pk)
        words = _words_of(revision, statement, line.amount_minor, earlier.get(line.payee_id, 0))
        if before is None:
            text = _("Draft %(number)d for “%(title)s” is open: your share %(amount)s, until %(until)s UTC") % words
        else:
            text = _changed_words(words)
        notify(event=event, recipients=[line.payee.artist], text=text, url=line.get_absolute_url())
    others = followers_of(topic_of(statement.production), topic_of(statement.production.project)).exclude(pk__in=told)
    notify(
        event=event,
        recipients=others,
        text=_("Draft %(number)d of who gets what from “%(title)s” is open for comment")
        % {"number": revision.number, "title": statement.production.title},
        url=statement.get_absolute_url(),
    )


def _tell_who_lost_all(event: Event, statement: Statement, before: Revision) -> set[int]:
    """Who had an amount and has no line any more; nobody has more reason to look. Their keys."""
    revision = statement.current
    assert revision is not None  # set by the caller; narrows the type
    told = set()
    gone = before.lines.filter(amount_minor__gt=0).exclude(payee__in=revision.lines.values("payee"))
    for line in gone.select_related("payee__artist"):
        if line.payee.artist is not None:
            told.add(line.payee.artist.pk)
            text = _changed_words(_words_of(revision, statement, 0, line.amount_minor))
            notify(event=event, recipients=[line.payee.artist], text=text, url=_payee_url(statement, line.payee))
    return told


def _changed_words(words: dict[str, object]) -> str:
    if words["until"]:
        text = _("Draft %(number)d for “%(title)s”: your share %(amount)s, before %(before)s, until %(until)s UTC")
    else:
        text = _(
            "Draft %(number)d for “%(title)s”: your share %(amount)s, before %(before)s. "
            "The time for objections is over; a claim is still taken"
        )
    return text % words


def _words_of(revision: Revision, statement: Statement, amount: int, before: int) -> dict[str, object]:
    until = statement.objections_until
    # A draft that comes late, for money alone, may be published after that.
    names_until = until is not None and until > revision.publication.published_at
    return {
        "number": revision.number,
        "title": statement.production.title,
        "amount": Money(amount, statement.currency).format(),
        "before": Money(before, statement.currency).format(),
        "until": date_format(until, "j F Y, H:i") if until is not None and names_until else "",
    }


def _payee_url(statement: Statement, payee: Payee) -> str:
    """The payee's page in this statement, where they may have had a line before only."""
    return reverse("royalties:line", args=[statement.pk, payee.code])


def tell_of_withdrawal(*, event: Event, statement: Statement) -> None:
    """Whoever had a line in a published draft, objected, claimed or drafted hears why."""
    published = statement.publications.values("revision")
    payees = Artist.objects.filter(payee__lines__revision__in=published)
    objectors = Artist.objects.filter(pk__in=statement.objections.exclude(raised_by=None).values("raised_by"))
    claimants = Artist.objects.filter(pk__in=statement.claims.exclude(artist=None).values("artist"))
    staff = Artist.objects.filter(pk__in=[statement.drafter_id, statement.approver_id])
    notify(
        event=event,
        recipients=[*payees.distinct(), *objectors, *claimants, *staff],
        text=_("The statement of “%(title)s” was withdrawn: %(reason)s") % _withdrawn_words(statement),
        url=statement.get_absolute_url(),
    )


def tell_of_release(*, event: Event, seat: PanelSeat, statement: Statement) -> None:
    """Who was still asked to decide about a statement that is withdrawn hears why."""
    notify(
        event=event,
        recipients=[seat.member],
        text=_("The panel about “%(title)s” is not needed any more, the statement was withdrawn: %(reason)s")
        % _withdrawn_words(statement),
        url=seat.get_absolute_url(),
    )


def _withdrawn_words(statement: Statement) -> dict[str, str]:
    return {"title": statement.production.title, "reason": statement.withdrawn_reason}


def tell_payees(*, event: Event, statement: Statement, but: Collection[int]) -> None:
    """A posted statement to every payee with an amount, but to those of these keys."""
    revision = statement.current
    assert revision is not None  # only public statements come here; narrows the type
    lines = revision.lines.filter(amount_minor__gt=0, payee__artist__isnull=False).exclude(payee__in=but)
    for line in lines.select_related("payee__artist"):
        assert line.payee.artist is not None  # by the filter; narrows the type
        text = _final(share=line.amount_minor, taken=0, brought=0) % _final_words(statement, line.amount_minor, 0, 0)
        notify(event=event, recipients=[line.payee.artist], text=text, url=line.get_absolute_url())


def tell_of_shares_moved(*, event: Event, statement: Statement, payees: Collection[int], moved: Moved) -> None:
    """The same to those of whom an earlier correction may take, or to whom it may bring: their share and what moved."""
    revision = statement.current
    assert revision is not None  # only public statements come here; narrows the type
    lines = {line.payee_id: line for line in revision.lines.filter(payee__in=payees)}
    for payee in Payee.objects.filter(pk__in=payees, artist__isnull=False).select_related("artist").order_by("pk"):
        assert payee.artist is not None  # by the filter; narrows the type
        line = lines.get(payee.pk)
        share = line.amount_minor if line else 0
        taken, brought = moved.taken.get(payee.pk, 0), moved.brought.get(payee.pk, 0)
        if share or brought:
            text = _final(share, taken, brought) % _final_words(statement, share, taken, brought)
            # Who has no line in it reads in their earnings what corrections brought.
            url = line.get_absolute_url() if line else reverse("royalties:earnings")
            notify(event=event, recipients=[payee.artist], text=text, url=url)


def _final(share: int, taken: int, brought: int) -> str:
    """For a payee of a posted statement, by what corrections took from their share and brought to it."""
    if taken and brought:
        return _(
            "The statement of “%(title)s” is final: of your share of %(share)s, %(taken)s goes to those who had too "
            "little before, and %(brought)s comes to you that was missing; %(rest)s is yours"
        )
    if taken:
        return _(
            "The statement of “%(title)s” is final: of your share of %(share)s, %(taken)s goes to those who had too "
            "little before, as a correction has found; %(rest)s is yours"
        )
    if brought and share:
        return _(
            "The statement of “%(title)s” is final: %(share)s is yours, and %(brought)s more that was missing, "
            "as a correction has found"
        )
    if brought:
        return _(
            "A later statement of “%(title)s” is final: %(brought)s is yours out of it, which was missing, "
            "as a correction has found"
        )
    return _("The statement of “%(title)s” is final: %(share)s is yours")


def _final_words(statement: Statement, share: int, taken: int, brought: int) -> dict[str, str]:
    amounts = {"share": share, "taken": taken, "brought": brought, "rest": share - taken + brought}
    words = {name: Money(amount, statement.currency).format() for name, amount in amounts.items()}
    return {"title": statement.production.title, **words}


def tell_of_correction(*, event: Event, correction: Statement, outcome: Outcome) -> None:
    """How a posted correction differs from what was booked, and who pays it when; nobody else has money to hear of."""
    for payee in Payee.objects.filter(pk__in=outcome.deltas, artist__isnull=False).select_related("artist"):
        assert payee.artist is not None  # by the filter; narrows the type
        delta, had = outcome.deltas[payee.pk], outcome.had.get(payee.pk, 0)
        words = {
            "title": correction.production.title,
            "amount": Money(abs(delta), correction.currency).format(),
            "rest": Money(abs(delta) - had, correction.currency).format(),
        }
        is_houses = correction.funding == Statement.Funding.HOUSE
        text = (_gained(is_houses, had, delta) if delta > 0 else _lost(is_houses)) % words
        notify(event=event, recipients=[payee.artist], text=text, url=_payee_url(correction, payee))


def _gained(is_houses: bool, had: int, gain: int) -> str:
    """For who had too little. `had` is what they should have given by an earlier correction, or the house bore."""
    if had == gain:
        return _(
            "The correction of “%(title)s” is final: your share is %(amount)s more than was booked, "
            "which you have had already"
        )
    if is_houses and had:
        return _(
            "The correction of “%(title)s” is final: your share is %(amount)s more than was booked. "
            "The house pays %(rest)s now, the other part you have had already"
        )
    if is_houses:
        return _("The correction of “%(title)s” is final: %(amount)s more is yours, paid by the house now")
    return _(
        "The correction of “%(title)s” is final: your share is %(amount)s more than was booked. "
        "%(rest)s comes to you out of later shares of others in this production, as they are posted"
    )


def _lost(is_houses: bool) -> str:
    """For who had too much."""
    if is_houses:
        return _(
            "The correction of “%(title)s” is final: your share is %(amount)s less than was booked. "
            "You pay nothing back, the house bears it"
        )
    return _(
        "The correction of “%(title)s” is final: your share is %(amount)s less than was booked. "
        "You pay nothing back, what others lack of it comes out of what this production brings you later"
    )


def tell_of_comment(*, event: Event, comment: StatementComment) -> None:
    """The line's payee and who spoke in the thread before."""
    people: list[Artist] = []
    if comment.payee is not None and comment.payee.artist is not None:
        people.append(comment.payee.artist)
    if comment.reply_to is not None:
        thread = [comment.reply_to, *comment.reply_to.replies.select_related("author")]
        people += [said.author for said in thread if said.author is not None]
    notify(
        event=event,
        recipients=people,
        text=_("%(name)s wrote about the statement of “%(title)s”")
        % {"name": comment.speaker_name, "title": comment.statement.production.title},
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
    notify(
        event=event,
        recipients=_concerned(objection),
        text=_("The objection about “%(title)s” is answered: %(outcome)s")
        % {
            "title": objection.statement.production.title,
            "outcome": objection.answer.get_outcome_display(),
        },
        url=objection.get_absolute_url(),
    )


def tell_of_escalation(*, event: Event, escalation: Escalation) -> None:
    """Who drafted, approved and answered, and whose line it is about."""
    objection = escalation.objection
    statement = objection.statement
    staff = [statement.drafter, statement.approver, objection.answer.by]
    notify(
        event=event,
        recipients=[*_concerned(objection), *(person for person in staff if person)],
        text=_("The answer about “%(title)s” goes to a panel of three members") % {"title": statement.production.title},
        url=escalation.get_absolute_url(),
    )


def tell_of_seat(*, event: Event, seat: PanelSeat) -> None:
    """Who was drawn hears what is asked, and until when."""
    statement = seat.escalation.objection.statement
    notify(
        event=event,
        recipients=[seat.member],
        text=_("You were drawn for a panel about “%(title)s”: please take part or decline by %(until)s UTC")
        % {"title": statement.production.title, "until": date_format(seat.due_at, "j F Y, H:i")},
        url=seat.get_absolute_url(),
    )


def tell_of_decision(*, event: Event, escalation: Escalation) -> None:
    """Everybody who argued, who decided, and the staff who must act on it."""
    objection = escalation.objection
    statement = objection.statement
    staff = [statement.drafter, statement.approver, objection.answer.by]
    panel = [seat.member for seat in escalation.seats.filter(vote__isnull=False).select_related("member")]
    notify(
        event=event,
        recipients=[*_concerned(objection), *(person for person in staff if person), *panel],
        text=_("The panel about “%(title)s” has decided: %(decision)s")
        % {"title": statement.production.title, "decision": escalation.get_decision_display()},
        url=escalation.get_absolute_url(),
    )


def tell_staff_of_claim(*, event: Event, claim: StatementClaim) -> None:
    """Somebody says that a work or a line is wrong, after the time for objections; the line's payee hears it too."""
    statement = claim.statement
    staff = [person for person in (statement.drafter, statement.approver) if person]
    notify(
        event=event,
        recipients=[*staff, *_owner_of(claim.line)],
        text=_("A late claim to the statement of “%(title)s” awaits an answer: %(kind)s")
        % {"title": statement.production.title, "kind": claim.get_kind_display()},
        url=claim.get_absolute_url(),
    )


def tell_of_claim_answer(*, event: Event, claim: StatementClaim) -> None:
    """The member who claimed, and whose line it is about; who has no account is written to."""
    words = {"title": claim.statement.production.title, "outcome": claim.get_outcome_display()}
    if claim.artist is not None:
        notify(
            event=event,
            recipients=[claim.artist],
            text=_("Your claim about “%(title)s” is answered: %(outcome)s") % words,
            url=claim.get_absolute_url(),
        )
    notify(
        event=event,
        recipients=_owner_of(claim.line),
        text=_("The claim about your line of “%(title)s” is answered: %(outcome)s") % words,
        url=claim.get_absolute_url(),
    )


def _concerned(objection: Objection) -> list[Artist]:
    """Who objected, and whose line it is about."""
    people = [objection.raised_by, *_owner_of(objection.line)]
    return [person for person in people if person is not None]


def _owner_of(line: StatementLine | None) -> list[Artist]:
    return [line.payee.artist] if line is not None and line.payee.artist is not None else []


def tell_of_payout(*, event: Event, payout: Payout, text: str) -> None:
    """The payee hears what became of a payment, in the inbox and by mail; `%(amount)s` stands for its size."""
    if payout.payee.artist is not None:
        amount = payout.paid.format()
        words = text % {"amount": amount}
        notify(event=event, recipients=[payout.payee.artist], text=words, url=payout.get_absolute_url())
        owe_mail(OutboxMail.Kind.PAYOUT, payout.pk)
