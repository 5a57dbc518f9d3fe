"""Did you build on this? A question to the artist of a draft, and the answer."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from contributions import access, actions, likeness
from contributions.errors import ContributionError
from contributions.models import Contribution
from contributions.views.posting import Request
from profiles.access import member


def questions_context(work: Contribution) -> dict[str, Any]:
    """What `_likenesses.html` shows; nothing for a published work."""
    return {"likenesses": [] if work.published_seq is not None else likeness.questions_for(work)}


@login_required
@require_POST
def answer(request: Request, pk: int, source: int) -> HttpResponse:
    """With `yes` the work is named as a source, else it is never asked about again."""
    work = access.get_own(request.user, pk)
    asked = likeness.open_questions(work).filter(source=source).first()
    try:
        if asked is None:
            messages.error(request, _("This question is not open any more."))
        elif "yes" in request.POST:
            kind = likeness.kind_for(asked.source, work.artist_id)
            actions.add_source(actor=member(request), contribution=work, source=asked.source, kind=kind)
            messages.success(request, _("The source is named."))
        else:
            actions.deny_likeness(actor=member(request), contribution=work, source=asked.source)
            messages.success(request, _("Good, we shall not ask about it again."))
    except ContributionError as refused:
        messages.error(request, str(refused))
    return redirect(f"{reverse('contributions:edit', args=[pk])}#sources")
