"""The form of a what-if: one small form a cue, in the words people measure in.

Lengths of time are typed in seconds and kept in milliseconds, factors in per cent and kept in
basis points; weights come from the tables. Parses and checks, writes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from projects.models import Prominence, Role
from royalties import what_if
from royalties.models import WhatIf

MILLI = 1000
TIMED = ("screen_ms", "audible_ms")
MOST = 10**10
UNIT_LABELS = {
    "screen_ms": _("Seconds on screen"),
    "audible_ms": _("Seconds audible"),
    "words": _("Words"),
    "page_permille": _("Page area, per mille of a page"),
    "items": _("Items"),
}


class MeasureForm(forms.Form):
    """The measures of one line."""

    quantity = forms.DecimalField(min_value=0, max_value=MOST, decimal_places=3)
    role_weight = forms.TypedChoiceField(label=_("Weight of the role"), coerce=int)
    prominence = forms.TypedChoiceField(label=_("Prominence"), coerce=int)
    factor = forms.DecimalField(label=_("Factor in per cent"), min_value=0, max_value=1000, decimal_places=2)

    def __init__(self, data: Mapping[str, str], *, line: dict[str, Any], factor_bps: int, tables: Tables) -> None:
        self.line = line
        self.is_timed = line["unit"] in TIMED
        quantity = Decimal(line["quantity"]) / MILLI if self.is_timed else Decimal(line["quantity"])
        now = {
            "quantity": plain(quantity),
            "role_weight": str(line["role_weight"]),
            "prominence": str(line["prominence"]),
            "factor": plain(Decimal(factor_bps) / 100),
        }
        prefix = line["line"]
        sent = {f"{prefix}-{name}": data.get(f"{prefix}-{name}", value) for name, value in now.items()}
        super().__init__(sent, prefix=prefix, label_suffix="")
        self.fields["quantity"].label = UNIT_LABELS.get(line["unit"], line["unit"])
        self.fields["role_weight"].choices = tables.weights(line["role_weight"])  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["prominence"].choices = tables.prominences(line["prominence"])  # type: ignore[attr-defined]  # as above
        for name in ("quantity", "factor"):
            self.fields[name].widget.attrs |= {"inputmode": "decimal", "step": "any"}

    def clean_quantity(self) -> Decimal:
        """Whole units, or whole milliseconds."""
        value: Decimal = self.cleaned_data["quantity"]
        if not self.is_timed and value != value.to_integral_value():
            raise forms.ValidationError(_("Give a whole number."))
        return value

    @property
    def wanted(self) -> dict[str, int]:
        """What can be read of the measures, in the document's units; call it after is_valid."""
        scales = {"quantity": MILLI if self.is_timed else 1, "factor": 100}
        return {measure_of(name): int(value * scales.get(name, 1)) for name, value in self.cleaned_data.items()}


def measure_of(name: str) -> str:
    """What a field of the form is called in the document."""
    return what_if.FACTOR if name == "factor" else name


class Tables:
    """The weights that may be chosen: those in force, and the one that stands in the draft."""

    def __init__(self) -> None:
        self.role_weights = set(Role.objects.in_force("code", "department_code").values_list("weight", flat=True))
        self.prominence_names = dict(Prominence.objects.in_force("code").values_list("weight", "name"))

    def weights(self, own: int) -> list[tuple[int, str]]:
        return [(weight, str(weight)) for weight in sorted(self.role_weights | {own}, reverse=True)]

    def prominences(self, own: int) -> list[tuple[int, str]]:
        weights = sorted(self.prominence_names.keys() | {own}, reverse=True)
        return [(weight, f"{weight} {self.prominence_names.get(weight, '')}".strip()) for weight in weights]


def plain(number: Decimal) -> str:
    """Without trailing noughts: "60.5", "120"."""
    return f"{number.normalize():f}"


def forms_for(document: dict[str, Any], data: Mapping[str, str], lines: Iterable[str]) -> list[MeasureForm]:
    """A form for each named line, in the document's order. Two queries."""
    wanted, now, tables = set(lines), what_if.measures_of(document), Tables()
    return [
        MeasureForm(data, line=line, factor_bps=now[line["line"]][what_if.FACTOR], tables=tables)
        for line in document["lines"]
        if line["line"] in wanted
    ]


def wrong_fields(forms: Iterable[MeasureForm]) -> list[dict[str, str]]:
    """Each field that cannot be read: its id on the page, what it is called, and what is wrong with it."""
    return [
        {"id": field.id_for_label, "cue": form.prefix or "", "label": str(field.label), "error": str(error)}
        for form in forms
        for field in form
        for error in field.errors
    ]


def kept_fields(document: dict[str, Any], forms: Iterable[MeasureForm]) -> dict[str, str]:
    """What was typed and is not the draft's, as it was typed; whoever looks for another cue keeps it."""
    now, kept = what_if.measures_of(document), {}
    for form in forms:
        form.full_clean()
        for field in form:
            name = measure_of(field.name)
            if form.wanted.get(name) != now[form.prefix or ""][name]:
                kept[field.html_name] = str(field.value())
    return kept


def query_of(document: dict[str, Any], changes: what_if.Changes) -> dict[str, str]:
    """Changes as the form's own fields, to begin from them again."""
    units = {line["line"]: line["unit"] for line in document["lines"]}
    query = {}
    for line, measures in changes.items():
        for name, value in measures.items():
            field, number = name, Decimal(value)
            if name == what_if.FACTOR:
                field, number = "factor", number / 100
            elif name == "quantity" and units.get(line) in TIMED:
                number /= MILLI
            query[f"{line}-{field}"] = plain(number)
    return query


def shown(name: str, value: int, line: dict[str, Any]) -> str:
    """A measure as people type it."""
    if name == what_if.FACTOR:
        return f"{plain(Decimal(value) / 100)} %"
    if name == "quantity" and line["unit"] in TIMED:
        return f"{plain(Decimal(value) / MILLI)} s"
    return plain(Decimal(value))


def words_of(problem: what_if.WhatIfRefused) -> str:
    """Why measures cannot be tried, in plain words."""
    if problem.reason == "line":
        return gettext("A line that you changed is not in this draft.")
    if problem.reason == "field":
        return gettext("Only the measure, the weights and the factor of a line can be changed.")
    names = {
        "quantity": gettext("measure"),
        "role_weight": gettext("weight of the role"),
        "prominence": gettext("prominence"),
        what_if.FACTOR: gettext("factor"),
    }
    return gettext("The %(field)s of %(line)s is out of range.") % {
        "field": names[problem.field],
        "line": problem.line,
    }


def asked_in(row: WhatIf) -> list[dict[str, Any]]:
    """Each cue of a kept what-if with its changed measures, as they were and as they are asked for."""
    lines = {line["line"]: line for line in row.revision.input["lines"]}
    now = what_if.measures_of(row.revision.input)
    return [
        {
            "line": line,
            "unit": UNIT_LABELS.get(lines[line]["unit"], lines[line]["unit"]),
            "values": [
                (name, shown(name, now[line][name], lines[line]), shown(name, value, lines[line]))
                for name, value in measures.items()
            ],
        }
        for line, measures in row.changes.items()
    ]
