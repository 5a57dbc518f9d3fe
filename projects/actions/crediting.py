"""Names: derived from the locked cut, confirmed by the artists, added by hand for staff."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from contributions.models import Contribution, Share
from profiles.actions import blank_history, record_event
from profiles.models import Artist
from projects import billing, cuesheet, sheet
from projects.actions._checks import need_producer, need_words, save_checked
from projects.cone import cone_of
from projects.errors import NotAllowed, ProjectError, WrongState
from projects.models import Credit, Cue, Cut, Production

INFLUENCE_LINE = gettext_noop("Also with works by")
FORMER_MEMBER = gettext_noop("A former member")
# Names that staff add stand below all that the cut gives.
STAFF_POSITION = 10_000
LONGEST_NAME = 80


@transaction.atomic
def derive_credits(*, actor: Artist | None, cut: Cut) -> list[Credit]:
    """Make the credits follow a locked cut; names that artists confirmed and staff's own lines are kept."""
    if not cut.is_locked:
        raise WrongState(_("Credits follow from a locked cut."))
    production = cut.production
    found = billing.credits_of(*_uses_and_ancestors(cut), INFLUENCE_LINE)
    former = list(production.credits.exclude(source=Credit.Source.STAFF))
    confirmed = {credit.artist_id: credit for credit in former if credit.confirmed_at is not None}
    production.credits.exclude(source=Credit.Source.STAFF).delete()
    rows = []
    for credit in found:
        kept = confirmed.get(credit.person.key)
        rows.append(
            Credit(
                production=production,
                artist_id=credit.person.key,
                name=kept.name if kept else credit.person.name,
                heading=credit.heading,
                credit_line=credit.credit_line,
                billing_line=credit.billing_line,
                source=credit.source,
                contribution_id=credit.contribution,
                position=credit.position,
                confirmed_at=kept.confirmed_at if kept else None,
            )
        )
    Credit.objects.bulk_create(rows)
    record_event(
        actor=actor, verb="projects.credits_derived", about=production, payload={"cut": cut.pk, "credits": len(rows)}
    )
    return rows


@transaction.atomic
def confirm_credit(*, actor: Artist, credit: Credit, name: str) -> Credit:
    """An artist says how the name shall stand; it holds for all of the artist's lines in the production."""
    if credit.artist_id is None or credit.artist_id != actor.pk:
        raise NotAllowed(_("Only the person who is credited may say how the name stands."))
    name = need_words(" ".join(name.split()), _("Write the name as it shall stand in the credits."))
    if len(name) > LONGEST_NAME:
        raise ProjectError(_("That name is too long for the credits: 80 letters at most."))
    now = timezone.now()
    own = Credit.objects.select_for_update().filter(production=credit.production_id, artist=actor)
    own.update(name=name, confirmed_at=now)
    credit.name, credit.confirmed_at = name, now
    record_event(actor=actor, verb="projects.credit_confirmed", about=credit, payload={})
    return credit


@transaction.atomic
def add_credit(
    *,
    actor: Artist,
    production: Production,
    name: str,
    credit_line: str,
    heading: str = "",
    billing_line: str = "",
    artist: Artist | None = None,
) -> Credit:
    """Add a line that no work gives, such as the producer's; by producers."""
    need_producer(actor)
    last = production.credits.filter(source=Credit.Source.STAFF).aggregate(last=Max("position"))["last"]
    credit = Credit(
        production=production,
        artist=artist,
        name=need_words(name, _("Write the name as it shall stand in the credits.")),
        heading=heading,
        credit_line=need_words(credit_line, _("Say what the person did.")),
        billing_line=billing_line,
        source=Credit.Source.STAFF,
        position=max(int(last or 0), STAFF_POSITION) + 1,
    )
    save_checked(credit)
    record_event(actor=actor, verb="projects.credit_added", about=credit, payload={"production": production.pk})
    return credit


@transaction.atomic
def remove_credit(*, actor: Artist, credit: Credit) -> None:
    """Take away a line that staff added; lines that follow from the cut stay."""
    need_producer(actor)
    if credit.source != Credit.Source.STAFF:
        raise WrongState(_("This credit follows from the cut."))
    record_event(
        actor=actor, verb="projects.credit_removed", about=credit, payload={"production": credit.production_id}
    )
    credit.delete()


def forget_artist(*, artist: Artist) -> None:
    """Somebody closes the account: their lines in the credits stay, as a former member's."""
    lines = Credit.objects.filter(artist=artist)
    blank_history(lines)
    lines.update(name=str(FORMER_MEMBER))


def _uses_and_ancestors(cut: Cut) -> tuple[list[billing.CreditedUse], list[billing.Ancestor]]:
    """The cut as the billing room reads it; five queries whatever the size."""
    cues = list(sheet.cues_of(cut))
    used = {cue.contribution_id for cue in cues}
    ancestors = [row.contribution_id for row in cone_of(used, linked_only=True) if row.depth]
    people = _people_of([*used, *ancestors])
    uses = [
        billing.CreditedUse(cue.contribution_id, people[cue.contribution_id], _role_of(cue), cuesheet.points(use))
        for cue, use in zip(cues, sheet.uses_of(cues), strict=True)
    ]
    return uses, [billing.Ancestor(pk, people[pk]) for pk in ancestors]


def _role_of(cue: Cue) -> billing.Role:
    """The role as the table has it, or in the cue's own words."""
    role = cue.role
    order = (cue.department.position, role.position)
    return billing.Role(cue.department.name, cue.credit_line or role.credit_line, order, role.billing_line)


def _people_of(works: Iterable[int]) -> dict[int, tuple[billing.Person, ...]]:
    """Who shares in each work; the artist alone where no shares were written down."""
    people: dict[int, list[Artist]] = defaultdict(list)
    for share in Share.objects.filter(contribution__in=works).select_related("artist").order_by("-share_bps", "pk"):
        people[share.contribution_id].append(share.artist)
    for work in Contribution.objects.filter(pk__in=set(works) - set(people)).select_related("artist"):
        people[work.pk].append(work.artist)
    return {pk: tuple(billing.Person(artist.pk, _name_of(artist)) for artist in rows) for pk, rows in people.items()}


def _name_of(artist: Artist) -> str:
    return str(FORMER_MEMBER) if artist.closed_at is not None else artist.name_in_credits
