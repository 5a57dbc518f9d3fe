"""Works, their files and what is said of them: staff look, take down, restore and retry."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from contributions import actions
from contributions.admin._base import LookAdmin, LookInline, ReasonForm, each, preview
from contributions.models import (
    Caption,
    Claim,
    Comment,
    Contribution,
    Job,
    Remix,
    Rendition,
    Share,
    SourceFile,
    Tag,
    Upload,
    Version,
)
from profiles.access import member


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


@admin.register(Claim)
class ClaimAdmin(LookAdmin):
    """Claims of a missing source; a moderator answers where the artist does not."""

    list_display = ("created_at", "contribution", "source", "claimed_by", "evidence", "status", "answer")
    list_filter = ("status", "created_at")
    list_select_related = ("contribution", "source", "claimed_by")
    search_fields = ("contribution__title", "source__title", "claimed_by__handle", "evidence")
    ordering = ("-pk",)
    action_form = ReasonForm
    actions = ("accept_claims", "decline_claims")

    @admin.action(description=_("Accept and credit the source; the reason becomes its sentence"))
    def accept_claims(self, request: HttpRequest, claims: QuerySet[Claim]) -> None:
        self._answer(request, claims, accepted=True)

    @admin.action(description=_("Decline, with the reason given"))
    def decline_claims(self, request: HttpRequest, claims: QuerySet[Claim]) -> None:
        self._answer(request, claims, accepted=False)

    def _answer(self, request: HttpRequest, claims: QuerySet[Claim], *, accepted: bool) -> None:
        answer = request.POST.get("reason", "")
        each(
            request,
            claims,
            lambda claim: actions.answer_claim(actor=member(request), claim=claim, accepted=accepted, answer=answer),
            lambda n: ngettext("%d claim is answered.", "%d claims are answered.", n) % n,
        )


@admin.register(Caption)
class CaptionAdmin(LookAdmin):
    """Words of sounds and films, as they are served."""

    list_display = ("contribution", "language", "kind", "cue_count", "updated_at")
    list_filter = ("kind", "language", "updated_at")
    list_select_related = ("contribution",)
    search_fields = ("contribution__title", "body")
    ordering = ("-updated_at",)


@admin.register(Remix)
class RemixAdmin(LookAdmin):
    list_display = ("child", "kind", "parent", "external", "rate_bps", "created_at", "unlinked_at")
    list_filter = ("kind", "created_at")
    list_select_related = ("child", "parent", "external")
    search_fields = ("child__title", "parent__title", "note")
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
