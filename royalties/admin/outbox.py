"""Mails about money that are still to be written: what stands here for long, the mail server does not take."""

from __future__ import annotations

from django.contrib import admin

from profiles.admin import ReadOnlyAdmin
from royalties.admin.base import MoneyLook
from royalties.models import OutboxMail


@admin.register(OutboxMail)
class OutboxMailAdmin(MoneyLook, ReadOnlyAdmin):
    list_display = ("pk", "kind", "about", "owed_at", "tries", "again_at")
    list_filter = ("kind",)
    fields = (*list_display[1:], "recipient")
    ordering = ("owed_at",)
