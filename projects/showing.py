"""What the pages of productions show, read in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from profiles.models import Follow
from profiles.models.event import topic_of
from projects import billing, parts, sheet
from projects.models import Credit, Cue, Cut, Kind, Production, Step

KINDS = {Step.Status.DONE: "ok", Step.Status.DOING: "warn", Step.Status.NEEDED: "live"}


@dataclass(frozen=True, slots=True)
class CreditsView:
    """The credits of a production as the roll, the list below it and the billing block."""

    entries: list[Credit]
    roll: list[billing.RollGroup]
    also: list[Any]
    billing: list[tuple[str, list[str]]]
    own: list[Credit]

    @property
    def people(self) -> int:
        return billing.people_count(self.entries)

    @property
    def works(self) -> list[Credit]:
        """One entry for each (work, person), in the order of the roll; for the list of works given."""
        return [entry for entry in self.entries if entry.contribution_id is not None]

    @property
    def to_confirm(self) -> Credit | None:
        """A line of the viewer's own, if there is one."""
        return self.own[0] if self.own else None


def credits_view(production: Production, viewer: Any) -> CreditsView:
    """One query, however many people there are."""
    entries = list(production.credits.select_related("artist", "contribution").order_by("position", "pk"))
    return CreditsView(
        entries=entries,
        roll=billing.roll(entries),
        also=billing.also_with_works_by(entries),
        billing=billing.billing_block(entries),
        own=[entry for entry in entries if entry.artist_id is not None and entry.artist_id == viewer.pk],
    )


@dataclass(frozen=True, slots=True)
class StepView:
    """A step with its state in words."""

    step: Step
    label: str
    kind: str
    url: str


def step_views(request: HttpRequest, production: Production) -> list[StepView]:
    steps = list(production.steps.select_related("picture__current_version", "picture__artist"))
    known = parts.step_states(request, steps) if steps else {}
    return [_step_view(step, known.get(step.pk, {})) for step in steps]


def _step_view(step: Step, known: Any) -> StepView:
    label = known.get("label") or step.need or step.get_status_display()
    kind = known.get("kind") or ("warn" if step.need else KINDS[Step.Status(step.status)])
    if step.status == Step.Status.DONE:
        label, kind = step.get_status_display(), "ok"
    return StepView(step, label, kind, known.get("url", ""))


def steps_title(steps: Sequence[StepView]) -> str:
    """ "Six steps, four locked"."""
    done = sum(view.step.status == Step.Status.DONE for view in steps)
    count = ngettext("%(n)d step", "%(n)d steps", len(steps)) % {"n": len(steps)}
    return _("%(steps)s, %(done)d locked") % {"steps": count, "done": done}


@dataclass(slots=True)
class SectionView:
    """A track, chapter or segment with the works used in it."""

    id: str
    title: str
    segment: str
    cues: list[Cue]

    @property
    def segment_label(self) -> str:
        return str(Cue.Segment(self.segment).label) if self.segment else ""

    @property
    def duration_ms(self) -> int:
        """From the first use in time to the end of the last."""
        timed = [cue for cue in self.cues if cue.start_ms is not None and cue.duration_ms]
        if not timed:
            return 0
        start = min(cue.start_ms or 0 for cue in timed)
        return max((cue.start_ms or 0) + (cue.duration_ms or 0) for cue in timed) - start

    @property
    def works(self) -> list[Cue]:
        """One cue for each work, in the order of the cut."""
        return list({cue.contribution_id: cue for cue in reversed(self.cues)}.values())[::-1]


def cut_shown(production: Production) -> Cut | None:
    """The latest locked cut; while none is locked, the draft."""
    cuts = list(production.cuts.order_by("-number"))
    return next((cut for cut in cuts if cut.is_locked), cuts[0] if cuts else None)


def section_views(cut: Cut | None) -> list[SectionView]:
    """The sections of a cut with their works; a cut without sections is one."""
    if cut is None:
        return []
    cues = list(sheet.cues_of(cut).select_related("contribution__artist", "contribution__current_version"))
    named = [
        SectionView(str(s["id"]), str(s.get("title") or s["id"]), str(s.get("segment", "")), []) for s in cut.sections
    ]
    by_id = {view.id: view for view in named}
    for cue in cues:
        if cue.section not in by_id:
            by_id[cue.section] = SectionView(cue.section, cue.section, "", [])
            named.append(by_id[cue.section])
        view = by_id[cue.section]
        view.cues.append(cue)
        view.segment = view.segment or cue.segment
    return named


def presents(kind: str) -> str:
    """The first small words of the billing block, before whoever pitched it."""
    return {
        Kind.FILM: _("presents a film begun by"),
        Kind.ALBUM: _("presents a record begun by"),
        Kind.BOOK: _("presents a book begun by"),
        Kind.DVD: _("presents a disc begun by"),
        Kind.TV: _("presents a programme begun by"),
    }[Kind(kind)]


def watching(production: Production) -> dict[str, str]:
    """The link of the hero: to the finished master, if it can be played here."""
    if production.master is None or not production.master.is_published:
        return {}
    words = {Kind.ALBUM: (_("Listen"), "audio"), Kind.BOOK: (_("Read"), "book")}
    label, icon = words.get(Kind(production.project.kind), (_("Watch"), "video"))
    return {"watch_url": "#watch", "watch_label": label, "watch_icon": icon}


def is_following(viewer: Any, row: Any) -> bool:
    return bool(viewer.is_authenticated and Follow.objects.filter(artist=viewer, topic=topic_of(row)).exists())
