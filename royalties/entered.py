"""What was entered differently in a further draft, in words: how the half is divided, cues, works, their splits and rates."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from contributions.models import Contribution, ExternalSource
from profiles.templatetags.house import bps
from projects.models import Department
from royalties import trying
from royalties.comparing import Change, Comparison
from royalties.document import cut_of, number_in
from royalties.models import Payee, Revision
from royalties.templatetags.money import money

LIMIT_WORDS = {
    "pool_bps": _("The artists’ part of the profit"),
    "max_depth": _("Generations that are paid"),
    "pass_cap_bps": _("All sources together, at most"),
    "award_cap_bps": _("Awards off the top, at most"),
    "floor": _("The least that a use in the cut brings"),
}
FIELD_WORDS = {
    "dept": _("department"),
    "section": _("section"),
    "unit": _("unit"),
    "quantity": _("measure"),
    "role_weight": _("weight of the role"),
    "prominence": _("prominence"),
    "contribution": _("work"),
}
KIND_WORDS = {
    "community": _("paid to its makers"),
    "staff": _("work of the staff, paid otherwise"),
    "external": _("from elsewhere, not paid"),
    "waived": _("given up by its makers, not paid"),
}


@dataclass(frozen=True, slots=True)
class Value:
    """One thing that differs, as people read it; None where there was or is none."""

    words: str | Promise
    before: str | None
    after: str | None


@dataclass(slots=True)
class Entry:
    """A cue or a work, and what differs of it. `cue` is empty for a work; `known` is the work where it is one of ours."""

    title: str
    known: Contribution | None
    cue: str = ""
    is_new: bool = False
    is_gone: bool = False
    values: list[Value] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Entered:
    """All that was entered differently but money and judgements."""

    division: list[Value]
    cues: list[Entry]
    works: list[Entry]


def entered(found: Comparison, before: Revision, revision: Revision) -> Entered:
    """The changes with the words for their ids. At most eight queries."""
    words = _Words(found, before, revision)
    cues: dict[str, Entry] = {}
    for change in found.lines:
        _add_line(cues, change, words)
    works: dict[str, Entry] = {}
    for change in found.works:
        _add_work(works, change, words)
    return Entered(division=_division(found, words), cues=list(cues.values()), works=list(works.values()))


def _division(found: Comparison, words: _Words) -> list[Value]:
    """Limits, the parts of sections, and those of departments."""
    rows = [
        Value(LIMIT_WORDS.get(change.name, change.name), *_each(change, partial(words.limit, change.name)))
        for change in found.limits
    ]
    rows += [Value(words.section(change.name), *_each(change, bps)) for change in found.sections]
    return rows + [
        Value(words.department_in(change.name, change.about), *_each(change, bps)) for change in found.departments
    ]


def _add_line(cues: dict[str, Entry], change: Change, words: _Words) -> None:
    old, new = words.old_lines.get(change.about), words.new_lines.get(change.about)
    work = (new or old or {})["contribution"]
    entry = cues.setdefault(change.about, Entry(words.title(work), words.works.get(work), cue=change.about))
    if old is None or new is None:
        entry.is_new, entry.is_gone = old is None, new is None
        row = new or old or {}
        entry.values += [
            Value(_label(name, row, row), *(None if line is None else words.of_line(name, line) for line in (old, new)))
            for name in ("dept", "section", "quantity", "role_weight", "prominence")
            if row.get(name)
        ]
    else:
        shown = words.of_line(change.name, old), words.of_line(change.name, new)
        entry.values.append(Value(_label(change.name, old, new), *shown))


def _label(name: str, old: dict[str, Any], new: dict[str, Any]) -> str | Promise:
    """What a field is called; a measure by its unit, where that is the same."""
    if name == "quantity" and old["unit"] == new["unit"]:
        return str(trying.UNIT_LABELS.get(new["unit"], new["unit"]))
    return FIELD_WORDS[name]


def _add_work(works: dict[str, Entry], change: Change, words: _Words) -> None:
    entry = works.setdefault(change.about, Entry(words.title(change.about), words.works.get(change.about)))
    if change.name in {"credits", "parents"}:
        label = words.part_of(change.part) if change.name == "credits" else words.passes_to(change.part)
        entry.values.append(Value(label, *_each(change, bps)))
        return
    if not change.name:
        entry.is_new, entry.is_gone = change.before is None, change.after is None
    if entry.is_gone:
        return
    entry.values.append(Value(_("what it is"), *_each(change, lambda kind: str(KIND_WORDS.get(kind, kind)))))


def _each(change: Change, shown: Callable[[Any], str]) -> tuple[str | None, str | None]:
    before, after = (None if value is None else shown(value) for value in (change.before, change.after))
    return before, after


class _Words:
    """The names behind the ids of two documents."""

    def __init__(self, found: Comparison, before: Revision, revision: Revision) -> None:
        self.currency = revision.input["currency"]
        self.old_lines = {row["line"]: row for row in before.input["lines"]}
        self.new_lines = {row["line"]: row for row in revision.input["lines"]}
        names = {change.about for change in found.works} | {
            change.part for change in found.works if change.name == "parents"
        }
        for change in found.lines:
            rows = (self.old_lines.get(change.about), self.new_lines.get(change.about))
            names |= {row["contribution"] for row in rows if row}
        self.works = {f"c{work.pk}": work for work in Contribution.objects.in_bulk(_keys(names, "c")).values()}
        self.outside = {f"x{row.pk}": row.title for row in ExternalSource.objects.in_bulk(_keys(names, "x")).values()}
        payees = [change.part for change in found.works if change.name == "credits"]
        self.payees = Payee.objects.select_related("artist").in_bulk(payees, field_name="code")
        is_named = bool(found.sections or found.departments or found.lines)
        self.departments = _department_names(revision) if is_named else {}
        self.sections = {**_section_titles(before), **_section_titles(revision)} if is_named else {}

    def title(self, name: str) -> str:
        return self.works[name].title if name in self.works else self.outside.get(name, name)

    def section(self, name: str) -> str:
        return self.sections.get(name, name)

    def department_in(self, code: str, section: str) -> str:
        """A department, with its section where there are any."""
        words = {"department": self.departments.get(code, code), "section": self.section(section)}
        return gettext("%(department)s in %(section)s") % words if section else words["department"]

    def part_of(self, payee: str) -> str:
        name = self.payees[payee].shown_name if payee in self.payees else payee
        return gettext("%(name)s’s part of the work") % {"name": name}

    def passes_to(self, source: str) -> str:
        return gettext("passes to %(title)s") % {"title": self.title(source)}

    def limit(self, name: str, value: int) -> str:
        if name == "max_depth":
            return str(value)
        return money(value, self.currency) if name == "floor" else bps(value)

    def of_line(self, name: str, line: dict[str, Any]) -> str | None:
        """One field of a cue."""
        value = line.get(name)
        if value is None:
            return None
        if name == "quantity":
            return trying.shown(name, value, line)
        if name == "unit":
            return str(trying.UNIT_LABELS.get(value, value))
        names = {"dept": self.departments, "section": self.sections}
        return self.title(value) if name == "contribution" else str(names.get(name, {}).get(value, value))


def _keys(names: Iterable[str], letter: str) -> list[int]:
    return [number_in(name) for name in names if name.startswith(letter)]


def _department_names(revision: Revision) -> dict[str, str]:
    """What each department is called, by code; the newest name of each."""
    kind = revision.statement.production.project.kind
    return dict(Department.objects.filter(kind=kind).order_by("effective_at", "pk").values_list("code", "name"))


def _section_titles(revision: Revision) -> dict[str, str]:
    cut = cut_of(revision) or revision.statement.cut
    return {str(section["id"]): str(section.get("title") or section["id"]) for section in cut.sections}
