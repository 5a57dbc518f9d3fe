"""What keeps a cut from being locked, as a list that staff work off one by one.

Nothing here writes. A blocker says in plain words what is missing and who can mend it; it
names the cue or work it is about, so that a page can link there and offer the next step.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from contributions.models import Contribution, Share
from projects import cuesheet, sheet
from projects.clearance import Clearance, clearances_of
from projects.models import Cue, Cut


@dataclass(frozen=True, slots=True)
class Blocker:
    """One thing to mend before the cut can be locked."""

    code: str
    text: str
    cue: Cue | None = None
    contribution: Contribution | None = None
    # The work that somebody must be asked about, when asking is the next step.
    ask: Contribution | None = None


def blockers(cut: Cut) -> list[Blocker]:
    """The whole list; empty when the cut can be locked. A fixed number of queries whatever the size."""
    cues = list(sheet.cues_of(cut).select_related("contribution__artist"))
    by_line = {sheet.line_of(cue): cue for cue in cues}
    found = [_measure_blocker(problem, by_line) for problem in sheet.problems_of(cut, cues)]
    found += _table_blockers(cut, cues)
    works = {cue.contribution_id: cue.contribution for cue in cues}
    found += [
        _clearance_blocker(clearance) for clearance in clearances_of(cut.production, works.values()) if not clearance
    ]
    found += _split_blockers(works.values())
    return found


def _measure_words(problem: cuesheet.Problem) -> str:
    """The sentence about a problem of the sheet as a whole or of one cue."""
    words = {
        "no_cues": _("The cut has no cues yet."),
        "nothing_counts": _("Nothing in the cut counts: every weight is nothing."),
        "departments_sum": _("The departments of this kind add up to %(sum)s instead of 10,000 basis points."),
        "department_out_of_range": _("A department has less than nothing or more than everything."),
        "sections_sum": _("The sections add up to %(sum)s instead of 10,000 basis points."),
        "section_out_of_range": _("Section “%(section)s” has less than nothing or more than everything."),
        "section_twice": _("Section “%(section)s” is named twice or has no name."),
        "section_departments_sum": _(
            "The departments of section “%(section)s” add up to %(sum)s instead of 10,000 basis points."
        ),
        "mixed_units": _(
            "Department “%(department)s” is counted in %(units)s at once; count all its cues in one unit."
        ),
        "unknown_section": _("This cue stands in section “%(section)s”, which the cut does not have."),
        "section_missing": _("This cue stands in no section; choose one."),
        "department_without_part": _("Department “%(department)s” has no part of the money where this cue stands."),
        "quantity_out_of_range": _("This cue’s quantity must be more than nothing."),
        "unknown_unit": _("This cue is counted in “%(unit)s”, which is no unit."),
        "line_twice": _("Two cues stand at the same position."),
    }[problem.code]
    details = dict(problem.details)
    if "units" in details:
        details["units"] = _(" and ").join(str(Cue.Unit(unit).label) for unit in details["units"])
    return words % details


def _measure_blocker(problem: cuesheet.Problem, by_line: dict[str, Cue]) -> Blocker:
    cue = by_line.get(problem.line)
    text = _measure_words(problem)
    if cue is not None:
        text = _("Cue %(position)s, “%(work)s”: %(words)s") % {
            "position": cue.position,
            "work": cue.contribution.title,
            "words": text,
        }
    return Blocker(problem.code, text, cue)


def _table_blockers(cut: Cut, cues: Sequence[Cue]) -> Iterable[Blocker]:
    """Cues that chose from the wrong table."""
    kind = cut.production.project.kind
    for cue in cues:
        if cue.department.kind != kind or cue.role.department_code != cue.department.code:
            text = _(
                "Cue %(position)s, “%(work)s”: the role “%(role)s” does not belong to department “%(department)s”."
            )
            words = {
                "position": cue.position,
                "work": cue.contribution.title,
                "role": cue.role.name,
                "department": cue.department.name,
            }
            yield Blocker("wrong_table", text % words, cue)


def _clearance_blocker(clearance: Clearance) -> Blocker:
    return Blocker(
        clearance.code,
        clearance.text,
        contribution=clearance.contribution,
        ask=clearance.contribution if clearance.can_ask else None,
    )


def _split_blockers(works: Iterable[Contribution]) -> Iterable[Blocker]:
    """Works whose makers have not all agreed who has what part."""
    by_pk = {work.pk: work for work in works}
    shares: dict[int, list[Share]] = {pk: [] for pk in by_pk}
    for share in Share.objects.filter(contribution__in=by_pk).select_related("artist"):
        shares[share.contribution_id].append(share)
    for pk, rows in shares.items():
        words = {"work": by_pk[pk].title}
        waiting = [share.artist.display_name for share in rows if share.agreed_at is None]
        if waiting:
            text = _("The split of “%(work)s” is not agreed: %(names)s has not answered.")
            yield Blocker("split_open", text % (words | {"names": ", ".join(waiting)}), contribution=by_pk[pk])
        elif sum(share.share_bps for share in rows) != cuesheet.WHOLE_BPS:
            text = _("The split of “%(work)s” does not add up to the whole.")
            yield Blocker("split_sum", text % words, contribution=by_pk[pk])
