"""What the statement page shows, put together from stored rows with a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db.models import Count, Q, Sum
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from contributions.models import Contribution
from royalties.models import (
    AllocationLine,
    Objection,
    Revision,
    Statement,
    StatementAcceptance,
    StatementComment,
    StatementLine,
)
from royalties.money import Money
from royalties.templatetags.money import percent

TITLES = 2
# A part of the bar below one in eight has no room for its words.
TOO_NARROW = 8


@dataclass
class Row:
    """A row of the table of shares."""

    line: StatementLine
    share: str
    titles: list[Any] = field(default_factory=list)
    more_titles: int = 0
    uses: str = ""
    before: str = ""
    comment_count: int = 0


def flow(revision: Revision, site_name: str) -> list[dict[str, Any]]:
    """Where the income went, as parts of the whole, in the order of royalties.md 1.3."""
    document = revision.input
    money, result, currency = document["money"], revision.result["waterfall"], document["currency"]
    whole = money["gross"] + money["reserve_released"]
    returned = money["refunds"] + money["fees"]
    parts = [
        (_("Refunds and channel fees"), returned, "cost"),
        (_("Kept back for refunds"), money["reserve_held"], "held"),
        (_("Direct costs"), money["costs"], "cost"),
        (_("Loss of earlier periods"), money["carried_loss"], "held"),
        (_("%(site)s, half of the rest") % {"site": site_name}, result["company"], "house"),
        (_("Contributors, the other half"), result["pool"], "artists"),
    ]
    if returned * TOO_NARROW < whole:
        # Too narrow for words of its own; the sum in steps beside it keeps them apart.
        parts[0] = (_("Costs, fees and refunds"), returned + money["costs"], "cost")
        del parts[2]
    return [
        {
            "label": label,
            "amount": Money(amount, currency).format(),
            "percent": amount * 100 / whole if whole else 0,
            "kind": kind,
        }
        for label, amount, kind in parts
        if amount
    ]


def sum_in_steps(revision: Revision) -> list[dict[str, Any]]:
    """From income to the artists' half, one line a step, as in royalties.md 1.3."""
    document = revision.input
    money, result, currency = document["money"], revision.result["waterfall"], document["currency"]
    steps = [
        (_("Income"), money["gross"], True),
        (_("Refunds"), -money["refunds"], False),
        (_("Channel fees"), -money["fees"], False),
        (_("Kept back for refunds"), -money["reserve_held"], False),
        (_("Released again"), money["reserve_released"], False),
        (_("Direct costs"), -money["costs"], False),
        (_("Loss of earlier periods"), -money["carried_loss"], False),
        (_("Profit"), result["profit"], True),
        (_("The artists’ half"), result["pool"], True),
    ]
    return [
        {"label": label, "amount": Money(amount, currency).format(), "is_sum": is_sum}
        for label, amount, is_sum in steps
        if amount or is_sum
    ]


def rows_of(lines: Iterable[StatementLine], revision: Revision, before: Revision | None) -> list[Row]:
    """The table's rows: works, uses, share, what it was before, how much is said about it. Four queries."""
    lines = list(lines)
    works = _works_of(lines)
    earlier = _earlier(lines, before)
    said = dict(
        StatementComment.objects.filter(statement=revision.statement_id, payee__in=[line.payee_id for line in lines])
        .order_by()
        .values_list("payee")
        .annotate(count=Count("pk"))
    )
    rows = []
    for line in lines:
        row = Row(line=line, share=percent(line.amount_minor, revision.pool_minor))
        used = works.get(line.pk, [])
        row.titles = used[:TITLES]
        row.more_titles = max(len(used) - TITLES, 0)
        row.uses = _uses(used)
        row.comment_count = said.get(line.payee_id, 0)
        if before is not None and (old := earlier.get(line.payee_id, 0)) != line.amount_minor:
            row.share, row.before = apart((line.amount_minor, revision.pool_minor), (old, before.pool_minor))
        rows.append(row)
    return rows


def left_out(revision: Revision, shown: list[StatementLine]) -> dict[str, dict[str, Any]]:
    """How many stand before and behind the lines of a page, with what they get in minor units. One query.

    A page without lines lies behind them all.
    """
    last = shown[-1].rank if shown else None
    rank = shown[0].rank if shown else None
    before = Q(rank__lt=rank) if shown else Q()
    behind = Q(rank__gt=last) if shown else Q(pk=None)
    sums = revision.lines.order_by().aggregate(
        before=Count("pk", filter=before),
        before_minor=Sum("amount_minor", filter=before),
        behind=Count("pk", filter=behind),
        behind_minor=Sum("amount_minor", filter=behind),
    )
    return {name: {"people": sums[name], "amount_minor": sums[f"{name}_minor"] or 0} for name in ("before", "behind")}


def apart(now: tuple[int, int], before: tuple[int, int]) -> tuple[str, str]:
    """Two parts of their wholes with so many places that they differ, where they do."""
    for places in (1, 2, 3):
        shown = percent(*now, places=places), percent(*before, places=places)
        if shown[0] != shown[1]:
            break
    return shown


def _works_of(lines: list[StatementLine]) -> dict[int, list[dict[str, Any]]]:
    """Each line's works by what they earn, with how often they are in the cut or behind it."""
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    items = (
        AllocationLine.objects.filter(line__in=lines)
        .values("line", "contribution", "contribution__title")
        .annotate(
            amount=Sum("amount_minor"),
            direct=Count("pk", filter=Q(depth=0)),
            influence=Count("pk", filter=Q(depth__gt=0)),
        )
        .order_by("line", "-amount", "contribution")
    )
    for item in items:
        # Not from the database: an address needs no more than these two.
        work = Contribution(pk=item["contribution"], title=item["contribution__title"])
        found[item["line"]].append({**item, "title": work.title, "url": work.get_absolute_url()})
    return found


def _uses(works: list[dict[str, Any]]) -> str:
    direct, influence = sum(work["direct"] for work in works), sum(work["influence"] for work in works)
    words = []
    if direct:
        words.append(ngettext("%d use in the cut", "%d uses in the cut", direct) % direct)
    if influence:
        words.append(ngettext("source of %d use", "source of %d uses", influence) % influence)
    return ", ".join(words)


def _earlier(lines: list[StatementLine], before: Revision | None) -> dict[int, int]:
    if before is None:
        return {}
    payees = [line.payee_id for line in lines]
    return dict(before.lines.filter(payee__in=payees).values_list("payee", "amount_minor"))


def threads_of(comments: Iterable[StatementComment], revision: Revision, viewer: Any) -> list[StatementComment]:
    """Root comments with what the thread's template reads: children, chip, status. Two queries."""
    roots = list(comments)
    replies = StatementComment.objects.filter(reply_to__in=roots).order_by("pk")
    replies = replies.select_related("author", "objection__answer__by", "objection__escalation", "what_if")
    by_root: dict[int, list[StatementComment]] = defaultdict(list)
    for reply in replies:
        by_root[reply.reply_to_id or 0].append(reply)
    payees = {root.payee_id for root in roots if root.payee_id}
    lines = {line.payee_id: line for line in revision.lines.filter(payee__in=payees).select_related("payee__artist")}
    for root in roots:
        dress(root, viewer)
        root.children = [dress(reply, viewer) for reply in by_root[root.pk]]  # type: ignore[attr-defined]  # what the template reads
        root.chip = _chip(root, lines, revision)  # type: ignore[attr-defined]  # as above
    return roots


def dress(comment: StatementComment, viewer: Any) -> StatementComment:
    """Add what a comment's template reads."""
    comment.artist, comment.artist_id = comment.author, comment.author_id  # type: ignore[attr-defined]  # the thread's names
    comment.is_own = comment.author_id is not None and comment.author_id == getattr(viewer, "pk", None)  # type: ignore[attr-defined]  # as above
    return comment


def _chip(comment: StatementComment, lines: dict[int, StatementLine], revision: Revision) -> dict[str, str] | None:
    line = lines.get(comment.payee_id or 0)
    if line is None:
        return None
    share = percent(line.amount_minor, revision.pool_minor)
    return {
        "url": line.get_absolute_url(),
        "label": _("%(name)s, %(share)s") % {"name": line.payee.shown_name, "share": share},
    }


def talk_counts(statement: Statement) -> dict[str, int]:
    """How much was said, objected and answered. Two queries."""
    objections = statement.objections.aggregate(
        all=Count("pk"), answered=Count("pk", filter=Q(status=Objection.Status.ANSWERED))
    )
    return {
        "comments": statement.comments.count(),
        "objections": objections["all"],
        "answered": objections["answered"],
        "waiting": objections["all"] - objections["answered"],
    }


def accepted_share(revision: Revision) -> str:
    """How many of the payees said yes to their line."""
    accepted = StatementAcceptance.objects.filter(line__revision=revision).count()
    return percent(accepted, revision.payee_count)


def steps_of(statement: Statement) -> list[dict[str, str]]:
    """Where it stands: what is done, what is now, what comes."""
    status = Statement.Status
    steps = [
        {
            "label": _("Draft %(number)d published, %(day)s")
            % {"number": row.number, "day": date_format(row.published_at, "j F")},
            "state": "done",
        }
        for row in statement.publications.order_by("number")
    ]
    order = [status.DRAFT, status.REVIEW, status.PUBLISHED, status.CLOSING, status.FINAL, status.POSTED, status.PAID]
    here = order.index(status(statement.status)) if statement.status in order else -1
    coming = [
        (status.DRAFT, _("Draft computed")),
        (status.REVIEW, _("Looked through by a second person")),
        (status.PUBLISHED, _window_words(statement)),
        (status.CLOSING, _("Computed once more, to the same bytes")),
        (status.FINAL, _("Final statement")),
        (status.POSTED, _posted_words(statement)),
        (status.PAID, _("Paid what was due")),
    ]
    for place, (name, label) in enumerate(coming):
        if name in {status.DRAFT, status.REVIEW} and here >= order.index(status.PUBLISHED):
            continue
        state = "done" if place < here or statement.status == status.PAID else "now" if place == here else "later"
        steps.append({"label": label, "state": state})
    return steps


def _posted_words(statement: Statement) -> str:
    """Where the money comes from then: a correction out of later shares has none of its own to pay."""
    if statement.funding == Statement.Funding.SHARES:
        return _("Posted to the ledger, paid out of later shares")
    return _("Posted to the ledger, being paid")


def _window_words(statement: Statement) -> str:
    """Until when people may object: comments are taken for as long as it is open."""
    until = statement.objections_until
    if until is None:
        days = settings.STATEMENT_WINDOW_DAYS
        return ngettext("Open for comment for %(days)d day", "Open for comment for %(days)d days", days) % {
            "days": days
        }
    day = date_format(until, "j F")
    if until <= timezone.now():
        if statement.is_open:
            return _("Objections closed %(day)s; comments are taken until it is closed") % {"day": day}
        return _("Objections closed %(day)s") % {"day": day}
    days = (until - timezone.now()).days
    if not days:
        return _("Objections close today or tomorrow, %(day)s") % {"day": day}
    words = ngettext("Objections close in %(days)d day, %(day)s", "Objections close in %(days)d days, %(day)s", days)
    return words % {"days": days, "day": day}
