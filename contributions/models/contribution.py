"""Contribution, Share and Tag.

A contribution is one work. Nothing of it is public until it is published; once
published it is never deleted: withdrawn and removed works leave a tombstone that
keeps lineage and credits. `published_seq` comes from a database sequence at the
first publish and never changes; it is what makes lineage cycles impossible.
Shares are in basis points and add up to 10,000.
"""

from __future__ import annotations

from copy import copy
from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from contributions.models import written
from contributions.models.media_facts import MediaView

if TYPE_CHECKING:
    from contributions.models.caption import Caption
    from contributions.models.upload import Version
    from profiles.models import Artist

GENERATION_COLOURS = 5
# Pages below a work, /contributions/<id>/<word>/.
RESERVED_SLUGS = frozenset(
    {
        "captions",
        "chain",
        "claims",
        "comments",
        "compare",
        "discard",
        "downloads",
        "edit",
        "files",
        "licence",
        "lineage",
        "media",
        "publish",
        "report",
        "requests",
    }
    | {
        "heart",
        "recommendations",
        "restore",
        "retry",
        "review",
        "reviews",
        "shares",
        "sources",
        "status",
        "transcript",
        "versions",
        "view",
        "withdraw",
        "write",
    }
)


class Tag(models.Model):
    """A word that gathers works."""

    slug = models.SlugField(max_length=50, unique=True)
    name = models.CharField(max_length=50)

    class Meta:
        verbose_name = _("tag")
        verbose_name_plural = _("tags")
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class ContributionQuerySet(models.QuerySet["Contribution"]):
    """Questions about many works."""

    def published(self) -> ContributionQuerySet:
        return self.filter(status=Contribution.Status.PUBLISHED)

    def visible_to(self, artist: Artist | None) -> ContributionQuerySet:
        """Published works, the artist's own, and for curators and moderators every one."""
        if artist is not None and artist.is_authenticated:
            if artist.has_power("curator", "moderator", "producer"):
                return self
            return self.filter(models.Q(status=Contribution.Status.PUBLISHED) | models.Q(artist=artist))
        return self.published()

    def for_cards(self) -> ContributionQuerySet:
        """All that a card shows, in one query; the words to search by stay in the database."""
        return self.select_related("artist", "current_version").defer("search")


class Contribution(models.Model):
    """One work: image, audio, video or text."""

    class Medium(models.TextChoices):
        IMAGE = "image", _("Image")
        AUDIO = "audio", _("Audio")
        VIDEO = "video", _("Video")
        TEXT = "text", _("Writing")

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PROCESSING = "processing", _("Being prepared")
        PUBLISHED = "published", _("Published")
        WITHDRAWN = "withdrawn", _("Withdrawn by the artist")
        REMOVED = "removed", _("Removed by staff")

    class RemixPermission(models.TextChoices):
        ANYONE = "anyone", _("Anyone here may remix it, with credit")
        ASK = "ask", _("Ask me first")
        NO = "no", _("No remixes")

    class ProductionPermission(models.TextChoices):
        YES = "yes", _("May be used in productions of this site")
        ASK = "ask", _("Ask me for each production")
        NO = "no", _("Not for productions")

    class AIUse(models.TextChoices):
        NONE = "none", _("None")
        ASSISTED = "assisted", _("Assisted: a tool helped, a person made it")
        GENERATED = "generated", _("Generated: mostly made by a tool")

    class AITraining(models.TextChoices):
        NO = "no", _("No: machines shall not learn from it")
        ASK = "ask", _("Ask me first")
        YES = "yes", _("Yes: machines may learn from it")

    artist = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="contributions")
    # Empty until the content of the first version has been looked at.
    medium = models.CharField(_("medium"), max_length=5, choices=Medium, blank=True)
    title = models.CharField(_("title"), max_length=140)
    description = models.TextField(_("description"), max_length=10_000, blank=True)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.DRAFT)
    status_reason = models.CharField(_("reason"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("begun"), default=timezone.now, editable=False)
    changed_at = models.DateTimeField(_("changed"), default=timezone.now, editable=False)
    published_at = models.DateTimeField(_("published"), null=True, blank=True, editable=False)
    published_seq = models.BigIntegerField(null=True, blank=True, unique=True, editable=False)
    # 0 for an original, otherwise one more than its youngest-generation source.
    generation = models.PositiveIntegerField(default=0, editable=False)
    licence = models.ForeignKey(
        "contributions.Licence",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="contributions",
    )
    remix_permission = models.CharField(max_length=6, choices=RemixPermission, default=RemixPermission.ANYONE)
    production_permission = models.CharField(
        max_length=3, choices=ProductionPermission, default=ProductionPermission.ASK
    )
    original_work = models.BooleanField(_("made by me, but for the sources named"), default=False)
    ai_use = models.CharField(_("AI used"), max_length=9, choices=AIUse, blank=True)
    ai_note = models.CharField(_("how AI was used"), max_length=300, blank=True)
    ai_training = models.CharField(_("may train AI models"), max_length=3, choices=AITraining, default=AITraining.NO)
    alt_text = models.CharField(_("text for people who cannot see it"), max_length=1000, blank=True)
    content_notes = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    language = models.CharField(_("language"), max_length=12, blank=True)
    tags = models.ManyToManyField(Tag, related_name="contributions", blank=True)
    # The wish to be published by itself as soon as the first version is ready.
    publish_when_ready = models.BooleanField(default=False, editable=False)
    # Named only: challenges stand on a higher floor and read it from the event of publishing.
    challenge_slug = models.CharField(_("answers the challenge"), max_length=80, blank=True)
    # Made by the page on which the work is begun, so that saving twice begins one work.
    draft_key = models.UUIDField(null=True, blank=True, unique=True, editable=False)
    current_version = models.OneToOneField(
        "contributions.Version",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    heart_count = models.PositiveIntegerField(default=0, editable=False)
    remix_count = models.PositiveIntegerField(default=0, editable=False)
    comment_count = models.PositiveIntegerField(default=0, editable=False)
    recommendation_count = models.PositiveIntegerField(default=0, editable=False)
    search = models.GeneratedField(
        expression=SearchVector("title", weight="A", config="simple")
        + SearchVector("description", weight="B", config="simple"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects: ClassVar[models.Manager[Contribution]] = ContributionQuerySet.as_manager()

    class Meta:
        verbose_name = _("contribution")
        verbose_name_plural = _("contributions")
        constraints = (
            # The pair that remix edges point at, so that an edge carries the order.
            models.UniqueConstraint(fields=["id", "published_seq"], name="contribution_id_seq"),
            models.CheckConstraint(
                condition=~models.Q(status="published")
                | models.Q(
                    published_seq__isnull=False,
                    published_at__isnull=False,
                    licence__isnull=False,
                ),
                name="contribution_published_complete",
            ),
            # What was public once never becomes a draft again.
            models.CheckConstraint(
                condition=models.Q(published_seq__isnull=True) | ~models.Q(status__in=["draft", "processing"]),
                name="contribution_no_way_back",
            ),
        )
        indexes = (
            models.Index(fields=["status", "-published_seq"], name="contribution_fresh"),
            models.Index(fields=["artist", "-id"], name="contribution_by_artist"),
            models.Index(fields=["medium", "-published_seq"], name="contribution_by_medium"),
            GinIndex(fields=["search"], name="contribution_search"),
        )

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("contribution", args=[self.pk, self.slug])

    @property
    def slug(self) -> str:
        """The title as part of an address; never a word that is a page of its own below the work."""
        words = slugify(self.title, allow_unicode=True) or "untitled"
        return f"{words}-" if words in RESERVED_SLUGS else words

    @property
    def is_published(self) -> bool:
        return self.status == self.Status.PUBLISHED

    @property
    def is_gone(self) -> bool:
        """A tombstone: once public, now withdrawn or removed."""
        return self.status in {self.Status.WITHDRAWN, self.Status.REMOVED}

    @property
    def is_draft(self) -> bool:
        """Never published so far, whether or not something is being prepared."""
        return self.published_seq is None and not self.is_gone

    @property
    def reserves_mining(self) -> bool:
        """Whether its artist keeps the right to text and data mining (TDMRep), so that files and page say so."""
        return self.ai_training != self.AITraining.YES

    @property
    def edit_url(self) -> str:
        return reverse("contributions:edit", args=[self.pk])

    @cached_property
    def media(self) -> MediaView:
        """What cards and players show; ask for `for_cards()` first, so that it costs no query."""
        return MediaView(self.current_version, medium=self.medium)

    # Cards and players take a work, not its media: these hand on, and think nothing.

    def picture(self, width: int = 640) -> str:
        return self.media.picture(width)

    @property
    def srcset_avif(self) -> str:
        return self.media.srcset_avif

    @property
    def srcset_webp(self) -> str:
        return self.media.srcset_webp

    @property
    def poster_url(self) -> str:
        return self.media.poster_url or self.media.picture(1280)

    @property
    def card_url(self) -> str:
        return self.media.card_url

    @property
    def aspect_class(self) -> str:
        return self.media.aspect_class

    @property
    def width(self) -> int | None:
        return self.media.width

    @property
    def height(self) -> int | None:
        return self.media.height

    @property
    def duration_ms(self) -> int | None:
        return self.media.duration_ms

    @property
    def media_sources(self) -> list[dict[str, str]]:
        return self.media.media_sources

    @property
    def hls_url(self) -> str:
        return self.media.hls_url

    @cached_property
    def captions(self) -> list[Caption]:
        """Captions without their words, asked for once: for players, never for lists."""
        return list(self.caption_rows.defer("body").order_by("language"))

    def as_of(self, version: Version) -> Contribution:
        """The work with one of its versions shown, to look at and never to be saved."""
        shown = copy(self)
        shown.__dict__.pop("media", None)
        shown.current_version = version
        return shown

    @property
    def wave_path(self) -> str:
        return self.media.wave_path

    @property
    def excerpt(self) -> str:
        return self.media.excerpt

    @cached_property
    def reading(self) -> written.Reading:
        """A text's prepared HTML and its contents, read from storage: for the page of one work, never for lists."""
        return written.reading(self.current_version)

    @property
    def body_html(self) -> SafeString:
        return self.reading.html

    @property
    def generation_colour(self) -> int:
        """0 for an original; generations 1 to 5 have a colour each, then 1 again."""
        return (self.generation - 1) % GENERATION_COLOURS + 1 if self.generation else 0


class Share(models.Model):
    """What part of a work belongs to whom; agreed before publish, or the sum is not 10,000."""

    contribution = models.ForeignKey(Contribution, models.PROTECT, related_name="shares")
    artist = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="shares")
    role = models.CharField(_("what they did"), max_length=60, blank=True)
    share_bps = models.PositiveIntegerField(_("share in basis points"))
    agreed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("share")
        verbose_name_plural = _("shares")
        constraints = (
            models.UniqueConstraint(fields=["contribution", "artist"], name="share_once"),
            models.CheckConstraint(
                condition=models.Q(share_bps__gte=1, share_bps__lte=10_000),
                name="share_bps_range",
            ),
        )

    def __str__(self) -> str:
        return f"{self.artist_id}: {self.share_bps} bps of {self.contribution_id}"

    @property
    def percent(self) -> str:
        """The part as people read it: 8050 basis points are "80.5"."""
        return (
            f"{Decimal(self.share_bps) / 100:f}".rstrip("0").rstrip(".")
            if self.share_bps % 100
            else str(self.share_bps // 100)
        )
