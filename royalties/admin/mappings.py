"""Reports by mapping in the admin: the mapping, the look at a file before it is booked, the booking."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from royalties import actions
from royalties.admin.base import AddsByAction, ArtistRequest, Move, admin, shown
from royalties.admin.mapping_form import MappingForm
from royalties.admin.money_forms import ProductionNameForm, TakeReportForm
from royalties.models import Intake, Mapping, ProductionName

Status = Intake.Status
BREAK = mark_safe("<br>")  # our own words
ON_THE_WAY = (Status.CHECKING, Status.BOOKING)
ONE = {
    "sale": gettext_lazy("sale"),
    "refund": gettext_lazy("refund"),
    "fee": gettext_lazy("fee"),
    "rebate": gettext_lazy("fee given back"),
    "suspense": gettext_lazy("waits"),
    "cost": gettext_lazy("cost"),
}
KINDS = {
    "sale": gettext_lazy("sales"),
    "refund": gettext_lazy("refunds"),
    "fee": gettext_lazy("fees"),
    "rebate": gettext_lazy("fees given back"),
    "suspense": gettext_lazy("in suspense"),
    "cost": gettext_lazy("costs"),
}


@admin.register(Mapping)
class MappingAdmin(AddsByAction):
    list_display = ("name", "version", "kind", "note", "created_by", "created_at")
    list_filter = ("kind",)
    search_fields = ("name", "note")
    list_select_related = ("created_by",)
    fields = (*list_display, "shown_rules", "next_version")
    add_form_class = MappingForm
    add_powers = ("finance", "producer")
    add_title = gettext_lazy("Keep a mapping")
    add_note = gettext_lazy("Which column of a report means what. Try it by taking a report in: that books nothing.")

    @admin.display(description=gettext_lazy("rules"))
    def shown_rules(self, row: Mapping) -> str:
        return format_html(
            "<table>{}</table>",
            format_html_join("", '<tr><th scope="row">{}</th><td>{}</td></tr>', _in_words(row.rules)),
        )

    @admin.display(description=gettext_lazy("change it"))
    def next_version(self, row: Mapping) -> str:
        address = reverse("admin:royalties_mapping_add")
        return format_html('<a href="{}?from={}">{}</a>', address, row.pk, _("Begin its next version"))

    def add_row(self, request: ArtistRequest, form: forms.Form) -> Mapping:
        if not isinstance(form, MappingForm):
            raise TypeError("the form of a mapping")
        data = form.cleaned_data
        return actions.add_mapping(
            actor=request.user, name=data["name"], kind=data["kind_of_report"], rules=form.rules, note=data["note"]
        )


@admin.register(ProductionName)
class ProductionNameAdmin(AddsByAction):
    list_display = ("provider", "text", "production", "created_by", "created_at")
    list_filter = ("provider",)
    search_fields = ("text", "production__title")
    list_select_related = ("production", "created_by")
    fields = list_display
    add_form_class = ProductionNameForm
    add_powers = ("finance", "producer")
    add_title = gettext_lazy("Keep a name")
    add_note = gettext_lazy(
        "Reports of this provider mean this production by it from now on, whatever it meant before; look at waiting ones "
        "again. What was booked for another production is taken back there."
    )

    def add_row(self, request: ArtistRequest, form: forms.Form) -> ProductionName:
        return actions.name_production(actor=request.user, **form.cleaned_data)


@admin.register(Intake)
class IntakeAdmin(AddsByAction):
    """The way of a file: looked at, booked by a worker, done."""

    list_display = ("name", "mapping", "status", "row_count", "done_count", "problem_count", "created_by", "created_at")
    list_filter = ("status", "mapping__name")
    search_fields = ("name", "sha256")
    list_select_related = ("mapping", "created_by")
    fields = (
        "name",
        "mapping",
        "status",
        "progress",
        "found",
        "shown_totals",
        "shown_problems",
        "first_rows",
        "created_by",
        "created_at",
        "booked_by",
        "source",
        "sha256",
    )
    actions = ("look_again", "book", "drop")
    add_form_class = TakeReportForm
    add_powers = ("finance", "producer")
    add_title = gettext_lazy("Look at a report")
    add_note = gettext_lazy("Looking books nothing.")

    def add_row(self, request: ArtistRequest, form: forms.Form) -> Intake:
        file = form.cleaned_data["file"]
        return actions.take_report(
            actor=request.user,
            mapping=form.cleaned_data["mapping"],
            name=file.name,
            content=file.read(actions.LARGEST_REPORT + 1),
        )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).defer("content", "preview", "problems")

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The page comes again by itself while a worker has the file."""
        response = super().change_view(request, object_id, form_url, extra_context)
        row = self.get_object(request, object_id)
        if row is not None and row.status in ON_THE_WAY:
            response["Refresh"] = "4"
        return response

    def moves(self, row: Any) -> list[Move]:
        drop, again = Move("drop", gettext_lazy("Drop this file")), Move("look_again", gettext_lazy("Look again"))
        return {
            Status.CHECKING: [drop],
            Status.READY: [Move("book", gettext_lazy("Book it")), again, drop],
            Status.REFUSED: [again, drop],
            Status.BOOKING: [drop] if row.is_silent(timezone.now()) else [],
            Status.STOPPED: [Move("book", gettext_lazy("Go on")), drop],
        }.get(Status(row.status), [])

    @admin.display(description=gettext_lazy("progress"))
    def progress(self, row: Intake) -> str:
        if row.status == Status.CHECKING:
            return _("A worker is looking at it. The page comes again by itself.")
        if row.source_id is None and row.status != Status.BOOKING:
            return _("Nothing of it is booked.")
        fresh = row.row_count - row.known_count
        words = _("%(done)d of %(all)d rows booked") % {"done": row.done_count, "all": fresh}
        return format_html('<progress max="100" value="{}">{} %</progress> {}', row.percent, row.percent, words)

    @admin.display(description=gettext_lazy("what is in it"))
    def found(self, row: Intake) -> str:
        return _("%(all)d to book or known, of them %(known)d known before and left alone; %(empty)d passed over") % {
            "all": row.row_count,
            "known": row.known_count,
            "empty": row.empty_count,
        }

    @admin.display(description=gettext_lazy("totals"))
    def shown_totals(self, row: Intake) -> str:
        pairs = [
            (KINDS.get(kind, kind), shown(minor, currency))
            for currency, of in sorted(row.totals.items())
            for kind, minor in of.items()
        ]
        return format_html_join(", ", "{} {}", pairs) or "–"

    @admin.display(description=gettext_lazy("problems"))
    def shown_problems(self, row: Intake) -> str:
        if not row.problem_count:
            return _("None")
        listed = format_html_join(BREAK, "{}", ((_line(number, reason),) for number, reason in row.problems))
        more = row.problem_count - len(row.problems)
        rest = format_html("<p>{}</p>", _("and %(count)d more") % {"count": more}) if more else ""
        return format_html("{}{}", listed, rest)

    @admin.display(description=gettext_lazy("first rows"))
    def first_rows(self, row: Intake) -> str:
        heads = (_("line"), _("kind"), _("id"), _("day"), _("amount"), _("channel or supplier"), _("production"))
        body = format_html_join(
            "",
            "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
            (
                (
                    item["line"],
                    ONE.get(item["kind"], item["kind"]),
                    item["id"],
                    item["day"],
                    shown(item["amount_minor"], item["currency"]),
                    item["channel"],
                    item["production"] or _("none: “%(name)s”") % {"name": item["called"]},
                )
                for item in row.preview
            ),
        )
        head = format_html_join("", '<th scope="col">{}</th>', ((word,) for word in heads))
        return format_html("<table><thead><tr>{}</tr></thead><tbody>{}</tbody></table>", head, body) if body else "–"

    @admin.action(description=gettext_lazy("Look again"))
    def look_again(self, request: ArtistRequest, rows: QuerySet[Intake]) -> HttpResponse | None:
        return self.each(
            request, rows, lambda row: actions.look_again(actor=request.user, intake=row), _("looked at again")
        )

    @admin.action(description=gettext_lazy("Book"))
    def book(self, request: ArtistRequest, rows: QuerySet[Intake]) -> HttpResponse | None:
        return self.each(
            request, rows, lambda row: actions.book_report(actor=request.user, intake=row), _("is being booked")
        )

    @admin.action(description=gettext_lazy("Drop"))
    def drop(self, request: ArtistRequest, rows: QuerySet[Intake]) -> HttpResponse | None:
        return self.each(request, rows, lambda row: actions.drop_report(actor=request.user, intake=row), _("dropped"))


def _line(number: int, reason: str) -> str:
    return _("Line %(number)d: %(reason)s") % {"number": number, "reason": reason} if number else reason


def _in_words(rules: dict[str, Any]) -> list[tuple[str, str]]:
    def words(value: Any) -> str:
        if isinstance(value, dict):
            return ", ".join(f"{left} = {right}" for left, right in value.items())
        return ", ".join(value) if isinstance(value, list) else str(value)

    labels = {name: field.label for name, field in MappingForm().fields.items()}
    return [(str(labels.get(name) or name), words(value)) for name, value in rules.items()]
