"""Works in the admin: staff look, take down, restore, retry and keep policy. Every button calls an action."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.db.models import Model, QuerySet, URLField
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from contributions import actions
from contributions.errors import ContributionError
from contributions.models import (
    Comment,
    Contribution,
    Download,
    InfluenceRate,
    Job,
    Licence,
    LicenceGrant,
    Remix,
    Rendition,
    RightsReceipt,
    Share,
    SourceFile,
    Tag,
    Upload,
    Version,
)
from profiles.access import member

PREVIEW_HEIGHT = 72
# An address typed without its scheme is taken for a safe one.
HTTPS: dict[type[Any], dict[str, Any]] = {URLField: {"assume_scheme": "https"}}
LOOKERS = ("curator", "producer", "moderator", "drafter", "approver", "finance")


class StaffViewMixin:
    """Staff with any power may look; nothing is written but by an action."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_authenticated and request.user.has_power(*LOOKERS))

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class LookAdmin(StaffViewMixin, admin.ModelAdmin[Any]):
    """Rows to look at."""

    formfield_overrides = HTTPS
    show_full_result_count = False
    list_per_page = 50


class LookInline(StaffViewMixin, admin.TabularInline[Any, Any]):
    """Rows beside theirs."""

    formfield_overrides = HTTPS
    extra = 0
    can_delete = False
    show_change_link = True


class ReasonForm(ActionForm):
    """The bar above a list: a reason goes with what takes something away."""

    reason = forms.CharField(label=_("Reason"), max_length=300, required=False)


def each(request: HttpRequest, rows: QuerySet[Any], do: Callable[[Any], object], done: Callable[[int], str]) -> None:
    """Do it to every row; refusals are told one by one, and stop nothing else."""
    count = 0
    for row in rows:
        try:
            do(row)
        except ContributionError as refused:
            messages.error(request, f"{row}: {refused}")
        else:
            count += 1
    if count:
        messages.success(request, done(count))


def preview(work: Contribution) -> SafeString | str:
    """A still picture, or a player, small enough for a list."""
    if picture := work.picture(320):
        width = round(PREVIEW_HEIGHT * min(max(work.media.ratio, 0.5), 2.0))
        return format_html(
            '<img src="{}" alt="" width="{}" height="{}" loading="lazy">', picture, width, PREVIEW_HEIGHT
        )
    if work.medium == Contribution.Medium.AUDIO and work.media_sources:
        return format_html('<audio controls preload="none" src="{}"></audio>', work.media_sources[0]["url"])
    return work.excerpt[:120] or "–"


class VersionInline(LookInline):
    model = Version
    fields = ("number", "file_name", "mime", "bytes", "note", "ready_at", "created_at")


class ShareInline(LookInline):
    model = Share
    fields = ("artist", "role", "share_bps", "agreed_at")


class SourceInline(LookInline):
    model = Remix
    fk_name = "child"
    verbose_name = _("source")
    verbose_name_plural = _("sources")
    fields = ("parent", "external", "kind", "rate_bps", "note", "unlinked_at")


@admin.register(Contribution)
class ContributionAdmin(LookAdmin):
    """All works, drafts included; taking down and restoring are actions with a reason."""

    list_display = ("preview", "title", "artist", "medium", "state", "generation", "licence", "counts", "published_at")
    list_display_links = ("title",)
    list_filter = ("status", "medium", "licence", "ai_use", "production_permission", "published_at")
    list_select_related = ("artist", "licence", "current_version")
    search_fields = ("title", "artist__handle", "artist__display_name")
    ordering = ("-pk",)
    date_hierarchy = "published_at"
    inlines = (VersionInline, SourceInline, ShareInline)
    exclude = ("search", "draft_key")
    readonly_fields = ("player",)
    action_form = ReasonForm
    actions = ("remove_works", "restore_works")

    @admin.display(description=_("looks like"))
    def preview(self, work: Contribution) -> SafeString | str:
        return preview(work)

    @admin.display(description=_("whole"))
    def player(self, work: Contribution) -> SafeString | str:
        if work.medium == Contribution.Medium.VIDEO and work.media_sources:
            source = work.media_sources[0]["url"]
            return format_html(
                '<video controls preload="none" width="480" poster="{}" src="{}"></video>', work.poster_url, source
            )
        if picture := work.picture(640):
            return format_html('<img src="{}" alt="{}" width="480">', picture, work.alt_text)
        return work.body_html if work.medium == Contribution.Medium.TEXT else preview(work)

    @admin.display(description=_("status"), ordering="status")
    def state(self, work: Contribution) -> SafeString:
        kind = {"published": "ok", "processing": "live", "removed": "bad", "withdrawn": "warn"}.get(work.status, "")
        return format_html('<span class="status {}">{}</span>', kind, work.get_status_display())

    @admin.display(description=_("hearts, remixes, comments"))
    def counts(self, work: Contribution) -> str:
        return f"{work.heart_count} · {work.remix_count} · {work.comment_count}"

    @admin.action(description=_("Take down, with the reason given"))
    def remove_works(self, request: HttpRequest, works: QuerySet[Contribution]) -> None:
        reason = request.POST.get("reason", "")
        each(
            request,
            works,
            lambda work: actions.remove(actor=member(request), contribution=work, reason=reason),
            lambda n: ngettext("%d work is taken down.", "%d works are taken down.", n) % n,
        )

    @admin.action(description=_("Restore what was taken down"))
    def restore_works(self, request: HttpRequest, works: QuerySet[Contribution]) -> None:
        each(
            request,
            works,
            lambda work: actions.restore(actor=member(request), contribution=work),
            lambda n: ngettext("%d work is back.", "%d works are back.", n) % n,
        )


class RenditionInline(LookInline):
    model = Rendition
    fields = ("name", "mime", "bytes", "width", "height", "duration_ms", "sha256")


@admin.register(Version)
class VersionAdmin(LookAdmin):
    list_display = ("contribution", "number", "mime", "bytes", "ready_at", "created_at")
    list_filter = ("mime", "created_at")
    list_select_related = ("contribution",)
    search_fields = ("contribution__title", "sha256", "file_name")
    ordering = ("-pk",)
    inlines = (RenditionInline,)


@admin.register(Job)
class JobAdmin(LookAdmin):
    """What the workers do; what failed can be tried again, with the whole log at hand."""

    list_display = ("work", "status", "stage", "progress", "attempts", "failure_reason", "heartbeat_at", "created_at")
    list_filter = ("status", "failure_code", "created_at")
    list_select_related = ("version__contribution",)
    search_fields = ("version__contribution__title", "failure_code", "failure_reason")
    ordering = ("-pk",)
    actions = ("retry_jobs",)

    @admin.display(description=_("work"), ordering="version__contribution__title")
    def work(self, job: Job) -> str:
        return f"{job.version.contribution.title} v{job.version.number}"

    @admin.action(description=_("Try again"))
    def retry_jobs(self, request: HttpRequest, jobs: QuerySet[Job]) -> None:
        each(
            request,
            jobs,
            lambda job: actions.retry_transcode(actor=member(request), job=job),
            lambda n: ngettext("%d job is queued again.", "%d jobs are queued again.", n) % n,
        )


@admin.register(Comment)
class CommentAdmin(LookAdmin):
    list_display = ("created_at", "artist", "contribution", "body", "hidden_at", "hidden_reason")
    list_filter = ("created_at", ("hidden_at", admin.EmptyFieldListFilter))
    list_select_related = ("artist", "contribution")
    search_fields = ("body", "artist__handle", "contribution__title")
    ordering = ("-pk",)
    action_form = ReasonForm
    actions = ("hide_comments",)

    @admin.action(description=_("Hide, with the reason given"))
    def hide_comments(self, request: HttpRequest, comments: QuerySet[Comment]) -> None:
        reason = request.POST.get("reason", "")
        each(
            request,
            comments,
            lambda comment: actions.hide_comment(actor=member(request), comment=comment, reason=reason),
            lambda n: ngettext("%d comment is hidden.", "%d comments are hidden.", n) % n,
        )


class PolicyAdmin(LookAdmin):
    """Dated rows: producers and approvers add, nobody edits."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_authenticated and request.user.has_power("producer", "approver"))

    def add(self, request: HttpRequest, fields: dict[str, Any]) -> Model:
        raise NotImplementedError

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        obj.pk = self.add(request, form.cleaned_data).pk


@admin.register(Licence)
class LicenceAdmin(PolicyAdmin):
    list_display = ("name", "code", "version", "allows_commercial_use", "share_alike", "site_only", "offered")
    actions = ("offer", "stop_offering")

    def add(self, request: HttpRequest, fields: dict[str, Any]) -> Model:
        return actions.add_licence(actor=member(request), **fields)

    @admin.action(description=_("Offer for new works"))
    def offer(self, request: HttpRequest, licences: QuerySet[Licence]) -> None:
        self._set_offered(request, licences, offered=True)

    @admin.action(description=_("No longer offer for new works"))
    def stop_offering(self, request: HttpRequest, licences: QuerySet[Licence]) -> None:
        self._set_offered(request, licences, offered=False)

    def _set_offered(self, request: HttpRequest, licences: QuerySet[Licence], *, offered: bool) -> None:
        each(
            request,
            licences,
            lambda licence: actions.offer_licence(actor=member(request), licence=licence, offered=offered),
            lambda n: ngettext("%d licence is changed.", "%d licences are changed.", n) % n,
        )


@admin.register(InfluenceRate)
class InfluenceRateAdmin(PolicyAdmin):
    list_display = ("kind", "rate_bps", "effective_at")
    ordering = ("-effective_at", "kind")

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        if "effective_at" in form.base_fields:
            form.base_fields["effective_at"].help_text = _(
                "Not in the past: it counts for remixes published from then on."
            )
        return form

    def add(self, request: HttpRequest, fields: dict[str, Any]) -> Model:
        return actions.add_influence_rate(actor=member(request), **fields)


@admin.register(Remix)
class RemixAdmin(LookAdmin):
    list_display = ("child", "kind", "parent", "external", "rate_bps", "created_at", "unlinked_at")
    list_filter = ("kind", "created_at")
    list_select_related = ("child", "parent", "external")
    search_fields = ("child__title", "parent__title", "note")
    ordering = ("-pk",)


@admin.register(RightsReceipt)
class RightsReceiptAdmin(LookAdmin):
    list_display = ("at", "contribution", "artist", "terms", "sha256")
    list_select_related = ("contribution", "artist", "terms")
    search_fields = ("contribution__title", "artist__handle", "sha256")
    ordering = ("-pk",)


@admin.register(LicenceGrant)
class LicenceGrantAdmin(LookAdmin):
    list_display = ("at", "contribution", "licence", "receipt")
    list_filter = ("licence", "at")
    list_select_related = ("contribution", "licence", "receipt")
    search_fields = ("contribution__title",)
    ordering = ("-pk",)


@admin.register(Download)
class DownloadAdmin(LookAdmin):
    list_display = ("at", "contribution", "label", "artist", "licence", "terms")
    list_filter = ("licence", "at")
    list_select_related = ("contribution", "artist", "licence", "terms")
    search_fields = ("contribution__title", "artist__handle", "sha256")
    ordering = ("-pk",)


@admin.register(SourceFile)
class SourceFileAdmin(LookAdmin):
    """What artists gave with their works; a copy that failed can be tried again."""

    list_display = ("label", "contribution", "status", "mime", "bytes", "clean_mime", "attempts", "failure_reason")
    list_filter = ("status", "mime", "failure_code", "created_at")
    list_select_related = ("contribution",)
    search_fields = ("label", "contribution__title", "sha256", "clean_sha256")
    ordering = ("-pk",)
    actions = ("retry",)

    @admin.action(description=_("Try the copy again"))
    def retry(self, request: HttpRequest, rows: QuerySet[SourceFile]) -> None:
        each(
            request,
            rows,
            lambda row: actions.retry_source_file(actor=member(request), row=row),
            lambda n: ngettext("%d copy is made again.", "%d copies are made again.", n) % n,
        )


@admin.register(Upload)
class UploadAdmin(LookAdmin):
    list_display = ("created_at", "artist", "file_name", "offset", "length", "status", "expires_at")
    list_filter = ("status", "created_at")
    list_select_related = ("artist",)
    search_fields = ("artist__handle", "file_name")
    ordering = ("-created_at",)


@admin.register(Tag)
class TagAdmin(LookAdmin):
    list_display = ("name", "slug")
    search_fields = ("name",)
