"""Template tags of the house: icons, avatars, generations, moments, quantised classes.

They are builtins of every template. None of them touches the database, and what they
print obeys the Content Security Policy: no style attribute, values of single items
are classes (`ar-150`, `w-41`, `tint-3`) that `static/css` defines.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django import template
from django.conf import settings
from django.template.context import Context
from django.template.defaulttags import CsrfTokenNode
from django.templatetags.static import static
from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, ngettext

from profiles import submissions

register = template.Library()

GENERATION_COLOURS = 5
RATIO_STEP, RATIO_LEAST, RATIO_MOST = 5, 50, 300
MOMENT_FORMATS = {
    "long": "j F Y, H:i",
    "date": "j F Y",
    "short": "j M",
    "deadline": "j F Y, H:i",
}


@register.simple_tag
def asset(path: str) -> str:
    """A static file's address that never raises, for pages shown when something is broken."""
    try:
        return static(path)
    except ValueError:
        return f"{settings.STATIC_URL}{path}"


@register.simple_tag(takes_context=True)
def csrf_token(context: Context) -> str:
    """Django's own tag and the form's key beside it, so that no form can be without one (submissions.py)."""
    hidden: str = CsrfTokenNode().render(context)
    if not hidden:
        return hidden
    return hidden + format_html('<input type="hidden" name="{}" value="{}">', submissions.FIELD, submissions.new_key())


@register.simple_tag
def site_name() -> str:
    """The site's name where no context processor runs: error pages, mails."""
    return str(settings.SITE_NAME)


@register.simple_tag
def icon(name: str) -> SafeString:
    """A decorative symbol of the sprite; the words beside it carry the meaning."""
    return format_html(
        '<svg aria-hidden="true" focusable="false"><use href="{}#i-{}"/></svg>',
        asset("img/icons.svg"),
        name,
    )


@register.simple_tag
def mark(done: int = 0) -> SafeString:
    """The site's mark; `done` (0 to 100) slides its halves together."""
    return format_html(
        '<svg class="join w-{}" viewBox="0 0 32 32" aria-hidden="true" focusable="false">'
        '<path class="a" d="M6 15.5a10 10 0 0 1 20 0z"/><path class="b" d="M6 16.5a10 10 0 0 0 20 0z"/></svg>',
        _whole_percent(done),
    )


@register.simple_tag
def avatar(artist: Any, size: str = "", *, link: bool = False) -> SafeString:
    """Initials on the artist's tint. Decorative, unless it is itself the link to the artist."""
    classes = f"avatar tint-{artist.tint} {size}".strip()
    if link:
        return format_html(
            '<a class="{}" href="{}"><span aria-hidden="true">{}</span><span class="visually-hidden">{}</span></a>',
            classes,
            artist.get_absolute_url(),
            artist.initials,
            artist.display_name,
        )
    return format_html('<span class="{}" aria-hidden="true">{}</span>', classes, artist.initials)


@register.filter
def rev(generation: int | None) -> int:
    """The number of the generation's colour: 0 for originals, then 1 to 5 and again 1."""
    return (generation - 1) % GENERATION_COLOURS + 1 if generation else 0


@register.filter
def generation_words(number: int | None) -> str:
    """ "Original" or "Generation 3": colour never speaks alone."""
    return gettext("Generation %(number)d") % {"number": number} if number else gettext("Original")


@register.simple_tag
def generation(number: int | None) -> SafeString:
    """The generation as a sheet of coloured paper and its word."""
    return format_html(
        '<span class="tag" data-rev="{}">{}</span>',
        rev(number),
        generation_words(number),
    )


@register.filter
def ar_class(ratio: Any) -> str:
    """Width by height as a class: 1.48 becomes `ar-150`; kept between 0.5 and 3."""
    try:
        hundredths = float(ratio) * 100
    except (TypeError, ValueError):
        hundredths = 100.0
    step = round(hundredths / RATIO_STEP) * RATIO_STEP
    return f"ar-{min(max(step, RATIO_LEAST), RATIO_MOST)}"


@register.filter
def w_class(percent: Any) -> str:
    """A percentage as a class: 40.6 becomes `w-41`."""
    return f"w-{_whole_percent(percent)}"


@register.simple_tag
def w_of(part: Any, whole: Any) -> str:
    """A part of a whole as a class, for bars and pins: `{% w_of 79000 192000 %}` is `w-41`."""
    return w_class(Decimal(part or 0) * 100 / Decimal(whole) if whole else 0)


def _whole_percent(percent: Any) -> int:
    try:
        return min(max(round(Decimal(percent or 0)), 0), 100)
    except (TypeError, ValueError, ArithmeticError):
        return 0


@register.filter
def bps(value: int) -> str:
    """Basis points as a percentage: 1250 becomes "12.5%"."""
    return gettext("%(number)s%%") % {"number": formats.localize((Decimal(value) / 100).normalize() + 0)}


@register.filter
def clock(milliseconds: int | None) -> str:
    """A place in time-based media: 79000 becomes 1:19, 3672000 becomes 1:01:12."""
    seconds = int(milliseconds or 0) // 1000
    hours, minutes, rest = seconds // 3600, seconds % 3600 // 60, seconds % 60
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"


@register.filter
def spoken(milliseconds: int | None) -> str:
    """The same for people who listen: "1 minute 19 seconds"."""
    minutes, seconds = divmod(int(milliseconds or 0) // 1000, 60)
    words = [ngettext("%d second", "%d seconds", seconds) % seconds]
    if minutes:
        words.insert(0, ngettext("%d minute", "%d minutes", minutes) % minutes)
    return " ".join(words)


@register.filter
def seconds(milliseconds: int | None) -> int:
    """Whole seconds, for sliders and #t= fragments."""
    return int(milliseconds or 0) // 1000


@register.filter
def picture(work: Any, width: int) -> str:
    """The address of a still picture of the work near that width: an image, or a video's poster."""
    if getattr(work, "medium", "") == "image":
        return work.picture(width) or ""
    if getattr(work, "medium", "") == "video":
        return work.poster_url or ""
    return ""


@register.filter
def grouped(number: Any) -> str:
    """A count as people write it: 10,000. Never for ids."""
    return formats.number_format(number or 0, use_l10n=True, force_grouping=True)


@register.filter
def iso_duration(milliseconds: int | None) -> str:
    """The ISO 8601 duration that <time datetime> and schema.org want."""
    return f"PT{int(milliseconds or 0) // 1000}S"


@register.simple_tag
def moment(value: dt.datetime | dt.date | None, style: str = "long") -> SafeString:
    """A <time> printed in UTC with the zone in words; local-time.js upgrades it to the reader's zone.

    Styles: long, date, short, and deadline, which keeps UTC beside the local time.
    """
    if value is None:
        return mark_safe("")  # a constant
    if not isinstance(value, dt.datetime):
        words = formats.date_format(value, MOMENT_FORMATS["date" if style != "short" else "short"])
        return format_html('<time datetime="{}">{}</time>', value.isoformat(), words)
    utc = timezone.localtime(value, dt.UTC)
    words = formats.date_format(utc, MOMENT_FORMATS[style])
    if style in {"long", "deadline"}:
        words = gettext("%(moment)s UTC") % {"moment": words}
    return format_html(
        '<time datetime="{}" data-moment="{}">{}</time>',
        f"{utc:%Y-%m-%dT%H:%M:%SZ}",
        style,
        words,
    )


@register.simple_tag(takes_context=True)
def here(context: Context, *prefixes: str) -> SafeString:
    """`aria-current` for a link of the main navigation when the page lies below one of the prefixes."""
    request = context.get("request")
    path = getattr(request, "path", "")
    if prefixes and path == prefixes[0]:
        return mark_safe('aria-current="page"')  # a constant
    if any(path.startswith(prefix) for prefix in prefixes):
        return mark_safe('aria-current="true"')  # a constant
    return mark_safe("")  # a constant


@register.simple_tag(takes_context=True)
def query(context: Context, **changes: Any) -> str:
    """The page's query with some values changed; None takes one away. For filters and sorting."""
    values = context["request"].GET.copy()
    for name, value in changes.items():
        if value is None or value == "":
            values.pop(name, None)
        else:
            values[name] = str(value)
    encoded = values.urlencode()
    return f"?{encoded}" if encoded else "?"
