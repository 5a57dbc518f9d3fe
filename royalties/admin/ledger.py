"""The ledger in the admin: to look at and to search, never to write."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from profiles.admin import ReadOnlyAdmin
from royalties.admin.base import MoneyLook
from royalties.models import Checkpoint, LedgerCheck, LedgerHead
from royalties.models.ledger import Account, Balance, JournalEntry, JournalLine
from royalties.money import Money


def _shown(minor: int, currency: str) -> str:
    return Money(minor, currency).format(get_language() or "en")


class LineInline(admin.TabularInline[JournalLine, JournalEntry]):
    """The lines of an entry; two thousand at most are drawn."""

    model = JournalLine
    fields = readonly_fields = ("line_no", "account", "amount")
    ordering = ("line_no",)
    extra = 0
    can_delete = False
    show_change_link = False

    @admin.display(description=_("amount, debit positive"))
    def amount(self, line: JournalLine) -> str:
        return _shown(line.amount_minor, line.currency)

    def get_queryset(self, request: HttpRequest) -> QuerySet[JournalLine]:
        return super().get_queryset(request).select_related("account")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(JournalEntry)
class JournalEntryAdmin(ReadOnlyAdmin):
    list_display = ("id", "effective_on", "kind", "idempotency_key", "n_lines", "posted_at")
    list_filter = ("kind",)
    date_hierarchy = "effective_on"
    search_fields = ("idempotency_key", "=id", "hash")
    search_help_text = _("Search by number, key or hash.")
    fields = (*list_display, "reverses", "source", "request_sha256", "previous_hash", "hash")
    show_full_result_count = False
    inlines = (LineInline,)


@admin.register(Account)
class AccountAdmin(ReadOnlyAdmin):
    list_display = ("code", "kind", "currency", "balance_shown", "opened_at")
    list_filter = ("kind", "currency")
    list_select_related = ("balance",)
    search_fields = ("code",)
    search_help_text = _("Search by a part of the code, such as a payee or a production.")
    fields = (*list_display, "min_minor", "max_minor")
    show_full_result_count = False

    @admin.display(description=_("balance, debit positive"), ordering="balance__balance_minor")
    def balance_shown(self, account: Account) -> str:
        try:
            return _shown(account.balance.balance_minor, account.currency)
        except Balance.DoesNotExist:
            return _shown(0, account.currency)


@admin.register(JournalLine)
class JournalLineAdmin(ReadOnlyAdmin):
    list_display = ("id", "entry", "line_no", "account", "amount", "day")
    list_filter = ("currency",)
    list_select_related = ("entry", "account")
    search_fields = ("account__code", "=entry__id")
    search_help_text = _("Search by account or by the number of the entry.")
    fields = list_display
    ordering = ("-id",)
    show_full_result_count = False

    @admin.display(description=_("amount, debit positive"))
    def amount(self, line: JournalLine) -> str:
        return _shown(line.amount_minor, line.currency)

    @admin.display(description=_("effective on"))
    def day(self, line: JournalLine) -> Any:
        return line.entry.effective_on


@admin.register(Balance)
class BalanceAdmin(ReadOnlyAdmin):
    list_display = ("account", "amount", "last_entry")
    list_filter = ("account__kind", "account__currency")
    list_select_related = ("account", "last_entry")
    search_fields = ("account__code",)
    fields = list_display
    ordering = ("account__code",)
    show_full_result_count = False

    @admin.display(description=_("balance, debit positive"), ordering="balance_minor")
    def amount(self, balance: Balance) -> str:
        return _shown(balance.balance_minor, balance.account.currency)


@admin.register(LedgerCheck)
class LedgerCheckAdmin(MoneyLook, ReadOnlyAdmin):
    list_display = ("checked_at", "run", "invariant", "is_sound", "breach_count", "last_entry", "duration_ms")
    list_filter = ("invariant",)
    search_fields = ("run", "invariant")
    fields = (*list_display, "found")
    ordering = ("-checked_at", "invariant")
    show_full_result_count = False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.fields

    @admin.display(description=_("sound"), boolean=True)
    def is_sound(self, check: LedgerCheck) -> bool:
        return check.is_sound

    @admin.display(description=_("what is wrong"))
    def found(self, check: LedgerCheck) -> str:
        return "\n".join(check.breaches) or "—"


@admin.register(LedgerHead)
class LedgerHeadAdmin(MoneyLook, ReadOnlyAdmin):
    list_display = ("day", "last_entry", "hash", "published_at")
    fields = list_display
    ordering = ("-day",)


@admin.register(Checkpoint)
class CheckpointAdmin(MoneyLook, ReadOnlyAdmin):
    list_display = ("account", "month_end", "amount", "last_entry", "made_at")
    list_select_related = ("account",)
    search_fields = ("account__code",)
    fields = list_display
    ordering = ("-month_end", "account")
    show_full_result_count = False

    @admin.display(description=_("balance, debit positive"))
    def amount(self, checkpoint: Checkpoint) -> str:
        return _shown(checkpoint.balance_minor, checkpoint.account.currency)
