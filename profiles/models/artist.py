"""Artist: every account. Staff powers are Django groups, never columns.

Closing an account blanks the row and keeps its id: ledgers, lineage and credits
point at the id and are never rewritten.
"""

from __future__ import annotations

import hashlib
from typing import Any, ClassVar

from django.contrib.auth.models import (
    AbstractBaseUser,
    BaseUserManager,
    PermissionsMixin,
)
from django.contrib.postgres.fields import ArrayField
from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

HANDLE_PATTERN = r"^[a-z0-9](?:[a-z0-9_]{0,28}[a-z0-9])?$"
AVATAR_TINTS = 8


class StaffPower(models.TextChoices):
    """Names of the Django groups that carry staff powers."""

    CURATOR = "curator", _("curator")
    PRODUCER = "producer", _("producer")
    DRAFTER = "drafter", _("drafter")
    APPROVER = "approver", _("approver")
    MODERATOR = "moderator", _("moderator")
    FINANCE = "finance", _("finance")


class ArtistManager(BaseUserManager["Artist"]):
    """Looks accounts up by e-mail without regard to case, as mail servers do."""

    def get_by_natural_key(self, username: str | None) -> Artist:
        return self.get(email__iexact=username)

    def create_superuser(self, email: str, password: str, **fields: Any) -> Artist:
        """For `manage.py createsuperuser`; everybody else comes through profiles.actions.join."""
        from allauth.account.models import EmailAddress  # noqa: PLC0415  its models want this one first

        artist = self.model(
            email=self.normalize_email(email),
            is_staff=True,
            is_superuser=True,
            **fields,
        )
        artist.set_password(password)
        artist.save(using=self._db)
        # As with everybody who joins: another address later is told to this one.
        EmailAddress.objects.using(self._db).create(user=artist, email=artist.email, primary=True)
        return artist


class Artist(AbstractBaseUser, PermissionsMixin):
    """A member. `display_name` is shown on the site, `credit_name` in closing credits."""

    class Theme(models.TextChoices):
        SYSTEM = "", _("As my device")
        LIGHT = "light", _("Light")
        DARK = "dark", _("Dark")

    email = models.EmailField(_("e-mail address"), unique=True)
    handle = models.CharField(
        _("handle"),
        max_length=30,
        unique=True,
        validators=[
            RegexValidator(
                HANDLE_PATTERN,
                _("Use small letters, digits and underscores, up to 30 characters."),
            )
        ],
    )
    display_name = models.CharField(_("name"), max_length=60)
    credit_name = models.CharField(_("credit name"), max_length=80, blank=True)
    bio = models.TextField(_("about you"), max_length=2000, blank=True)
    location = models.CharField(_("where you are"), max_length=80, blank=True)
    skills = ArrayField(
        models.CharField(max_length=40),
        verbose_name=_("skills"),
        default=list,
        blank=True,
    )
    languages = ArrayField(
        models.CharField(max_length=12),
        verbose_name=_("languages you work in"),
        default=list,
        blank=True,
    )
    links = ArrayField(models.URLField(), verbose_name=_("links"), default=list, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC")
    language = models.CharField(_("language of the site"), max_length=12, blank=True)
    theme = models.CharField(_("appearance"), max_length=5, choices=Theme, blank=True)
    wants_mail = models.BooleanField(_("mail me what I have not read"), default=True)
    is_staff = models.BooleanField(_("may open the admin"), default=False)
    is_active = models.BooleanField(_("may log in"), default=True)
    joined_at = models.DateTimeField(_("joined"), default=timezone.now, editable=False)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True, editable=False)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["handle", "display_name"]

    objects = ArtistManager()

    class Meta:
        verbose_name = _("artist")
        verbose_name_plural = _("artists")
        constraints = (
            models.UniqueConstraint(Lower("email"), name="artist_email_any_case"),
            models.CheckConstraint(
                condition=models.Q(handle__regex=HANDLE_PATTERN),
                name="artist_handle_form",
            ),
        )

    def __str__(self) -> str:
        return self.display_name or self.handle

    def get_absolute_url(self) -> str:
        return reverse("artist", args=[self.handle])

    def get_full_name(self) -> str:
        return self.display_name

    def get_short_name(self) -> str:
        return self.display_name

    @property
    def name_in_credits(self) -> str:
        return self.credit_name or self.display_name

    @property
    def initials(self) -> str:
        """One or two letters for the avatar; works for names in any script."""
        words = self.display_name.split() or [self.handle]
        letters = words[0][:1] + (words[-1][:1] if len(words) > 1 else "")
        return letters.upper()

    @property
    def tint(self) -> int:
        """A stable avatar colour, 0 to 7, from the id so that a new handle keeps it."""
        return hashlib.sha256(str(self.pk).encode()).digest()[0] % AVATAR_TINTS

    @cached_property
    def powers(self) -> frozenset[str]:
        """The staff powers held, read once: the admin asks for them many times a page."""
        if not (self.is_active and self.is_staff):
            return frozenset()
        if self.is_superuser:
            return frozenset(StaffPower.values)
        return frozenset(self.groups.values_list("name", flat=True))

    def has_power(self, *powers: StaffPower | str) -> bool:
        """True when the artist is staff and holds one of the powers; superusers hold all."""
        return not self.powers.isdisjoint(str(power) for power in powers)
