"""Where my money goes, what tax offices know of me, and what became of each payment."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.account.decorators import reauthentication_required

# allauth has no public question for a form that must not lose what was typed.
from allauth.account.internal.flows.reauthentication import is_reauthentication_required
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from royalties import access, actions, countries, exchange, policy, sealing
from royalties.details import ARRIVES, details_of, phases_of
from royalties.exceptions import DestinationRefused, RoyaltiesRefused
from royalties.forms import BankForm, CodeForm, CountryForm, PaypalForm, TaxDeclarationForm
from royalties.models import Destination, Payout
from royalties.payouts.account import SEPA_COUNTRIES
from royalties.payouts.paypal import CURRENCIES
from royalties.views._request import ArtistRequest, sent_from

HOURS = int(policy.DESTINATION_HOLD.total_seconds() // 3600)


@login_required
@require_http_methods(["GET", "POST"])
def payout_details(request: ArtistRequest) -> HttpResponse:
    """How things stand: destinations, tax form, what is in the way; and the code that was mailed."""
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.confirm_destination(actor=request.user, code=form.cleaned_data["code"])
        except RoyaltiesRefused as problem:
            form.add_error("code", str(problem))
        else:
            messages.success(request, _("Your payout details are confirmed."))
            return redirect("royalties:payout_details")
    details = details_of(access.payee_of(request.user), timezone.now())
    context = {
        "code_form": form,
        "details": details,
        "hold_hours": HOURS,
        "threshold": policy.policy_of(settings.DEFAULT_CURRENCY).payout_threshold,
        "currency": settings.DEFAULT_CURRENCY,
    }
    return render(request, "royalties/payout_details.html", context, status=422 if form.is_bound else 200)


@login_required
@reauthentication_required(enabled=lambda request: request.method == "GET")  # type: ignore[untyped-decorator]  # allauth has no types
@require_http_methods(["GET", "POST"])
def destination(request: ArtistRequest) -> HttpResponse:
    """First the country, then only what that country's ways of payment need."""
    data = request.POST if request.method == "POST" else request.GET
    chosen = CountryForm(data if data.get("country") else None)
    country = str(chosen.cleaned_data["country"]) if chosen.is_bound and chosen.is_valid() else ""
    is_bank = "iban" in request.POST
    paypal = PaypalForm(request.POST if request.method == "POST" and not is_bank else None)
    bank = BankForm(request.POST if is_bank else None, initial={"holder": request.user.name_in_credits})

    def act(used: Any) -> None:
        where = {"account": used.account(country)} if is_bank else {"address": used.cleaned_data["address"]}
        actions.set_destination(actor=request.user, country=country, **where)
        messages.success(request, _("We have sent a code to confirm it."))

    used = bank if is_bank else paypal
    if request.method == "POST" and country and _done(request, used, act):
        return redirect("royalties:payout_details")
    context = {
        "country_form": chosen,
        "country": country,
        "country_name": countries.name_of(country),
        "paypal": paypal,
        "paypal_currencies": ", ".join(sorted(CURRENCIES)),
        "paypal_arrives": ARRIVES[Destination.Method.PAYPAL],
        "bank_arrives": ARRIVES[Destination.Method.SEPA],
        "bank": bank if country in SEPA_COUNTRIES and settings.SEPA_ACCOUNT else None,
        "hold_hours": HOURS,
    }
    return render(request, "royalties/destination.html", context, status=422 if used.is_bound else 200)


@login_required
@reauthentication_required(enabled=lambda request: request.method == "GET")  # type: ignore[untyped-decorator]  # allauth has no types
@require_http_methods(["GET", "POST"])
def remove(request: ArtistRequest, pk: int) -> HttpResponse:
    """Take a way of payment away, after a look at what is paid where then."""
    row = access.get_destination(request.user, pk)
    if row.replaced_at is not None:
        return redirect("royalties:payout_details")
    form = forms.Form(request.POST if request.method == "POST" else None)

    def act(_used: Any) -> None:
        actions.remove_destination(actor=request.user, destination=row)
        messages.success(request, _("Nothing is paid there any more."))

    if request.method == "POST" and _done(request, form, act):
        return redirect("royalties:payout_details")
    ways = details_of(row.payee, timezone.now()).ways
    context = {
        "form": form,
        "way": next(way for way in ways if way.row == row),
        "others": [way for way in ways if way.row != row],
        "on_its_way": access.payouts_of(row.payee).filter(destination=row, status=Payout.Status.SENT),
        "hold_hours": HOURS,
    }
    return render(request, "royalties/destination_remove.html", context, status=422 if form.is_bound else 200)


@login_required
@reauthentication_required(enabled=lambda request: request.method == "GET")  # type: ignore[untyped-decorator]  # allauth has no types
@require_http_methods(["GET", "POST"])
def tax_form(request: ArtistRequest) -> HttpResponse:
    """Where I pay tax; signed anew whenever it changes."""
    form = TaxDeclarationForm(request.POST or None)

    def act(used: Any) -> None:
        facts = {name: used.cleaned_data[name] for name in ("country", "tax_id", "signed_name")}
        actions.sign_tax_form(actor=request.user, **facts)
        messages.success(request, _("Your tax form is signed."))

    if request.method == "POST" and _done(request, form, act):
        return redirect("royalties:payout_details")
    return render(request, "royalties/tax_form.html", {"form": form}, status=422 if form.is_bound else 200)


@login_required
@require_GET
def payout(request: ArtistRequest, code: str) -> HttpResponse:
    """The receipt of one payment: states, amounts, taxes; printable."""
    row = access.get_payout(request.user, code)
    is_own = row.payee.artist_id == request.user.pk
    context = {
        "payout": row,
        "phases": phases_of(row),
        "rate": exchange.shown_rate_of(row.batch) if row.bought else "",
        "rates": row.batch.rates.order_by("day").distinct("day") if row.bought else (),
        "withholdings": row.withholdings.select_related("rate", "remittance").order_by("authority"),
        "is_own": is_own,
        "address": sealing.shown_address(row.destination) if is_own else "",
    }
    return render(request, "royalties/payout.html", context)


@sent_from(lambda **_which: reverse("royalties:earnings"))
@login_required
def claim(request: ArtistRequest, pk: int) -> HttpResponse:
    """Take back what was set aside."""
    case = access.get_unclaimed(request.user, pk)
    try:
        actions.claim_unclaimed(actor=request.user, case=case)
    except RoyaltiesRefused as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, _("The money is yours to be paid again."))
    return redirect("royalties:earnings")


def _done(request: ArtistRequest, form: forms.Form, act: Callable[[Any], None]) -> bool:
    """Whether the form did its work; else its errors say what is wrong, and everything typed is kept."""
    if not form.is_valid():
        return False
    if is_reauthentication_required(request, app=""):
        form.add_error(None, _again())
        return False
    try:
        act(form)
    except DestinationRefused as problem:
        form.add_error(problem.field if problem.field in form.fields else None, str(problem))
        return False
    return True


def _again() -> str:
    """Why a form that was open too long is not taken yet, with the way to go on."""
    return format_html(
        '{} <a href="{}" target="_blank" rel="noopener">{}</a>, {}',
        _("More than a few minutes have passed since you confirmed that it is you."),
        reverse("account_reauthenticate"),
        _("Confirm it in a new tab"),
        _("then press the button here again; what you typed is kept."),
    )
