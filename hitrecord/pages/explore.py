"""Browsing all published works, with filters that can be linked to."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contributions.models import Contribution, Tag
from contributions.models.contribution import ContributionQuerySet
from profiles.models import Follow
from profiles.paging import page

PAGE = 24
ORDERS = {
    "": ("-published_seq",),
    "remixed": ("-remix_count", "-published_seq"),
    "hearts": ("-heart_count", "-published_seq"),
}
SORTS = (
    ("", gettext_lazy("Newest")),
    ("remixed", gettext_lazy("Most remixed")),
    ("hearts", gettext_lazy("Most liked")),
    ("unremixed", gettext_lazy("Needs a first remix")),
    ("unreviewed", gettext_lazy("Not reviewed yet")),
)


@dataclass
class Filters:
    """What the address asks for; words of it that mean nothing are named, not obeyed."""

    medium: str = ""
    sort: str = ""
    generation: int | None = None
    following: bool = False
    ignored: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, query: QueryDict) -> Filters:
        filters = cls()
        medium, sort, rev = query.get("m", ""), query.get("sort", ""), query.get("rev", "")
        if medium in Contribution.Medium.values:
            filters.medium = medium
        elif medium:
            filters.ignored.append(f"m={medium}")
        if sort in dict(SORTS):
            filters.sort = sort
        else:
            filters.ignored.append(f"sort={sort}")
        if rev.isascii() and rev.isdigit() and len(rev) < 5:
            filters.generation = int(rev)
        elif rev:
            filters.ignored.append(f"rev={rev}")
        filters.following = bool(query.get("follow"))
        return filters

    def apply(self, works: ContributionQuerySet) -> ContributionQuerySet:
        if self.medium:
            works = works.filter(medium=self.medium)
        if self.generation is not None:
            works = works.filter(generation=self.generation)
        if self.sort == "unremixed":
            works = works.filter(remix_count=0)
        if self.sort == "unreviewed":
            works = works.filter(reviews__isnull=True)
        return works

    @property
    def any(self) -> bool:
        return bool(self.medium or self.sort or self.generation is not None or self.following)


def medium_pills(request: HttpRequest, filters: Filters) -> list[dict[str, object]]:
    """The row of media above the gallery."""

    def address(**changes: str) -> str:
        query = request.GET.copy()
        for name in ("after", "follow", "m"):
            query.pop(name, None)
        query.update({name: value for name, value in changes.items() if value})
        return f"?{query.urlencode()}"

    pills: list[dict[str, object]] = [
        {"url": address(), "label": _("Everything"), "current": not filters.medium and not filters.following}
    ]
    words = {"image": _("Images"), "video": _("Video"), "audio": _("Audio"), "text": _("Writing")}
    for medium, label in words.items():
        pills.append({"url": address(m=medium), "label": label, "icon": medium, "current": filters.medium == medium})
    if request.user.is_authenticated:
        pills.append({"url": address(follow="1"), "label": _("People you follow"), "current": filters.following})
    return pills


def fresh(request: HttpRequest, works: ContributionQuerySet, *, size: int = PAGE) -> dict[str, object]:
    """The context of a filtered gallery, shared by home, explore and tag pages."""
    filters = Filters.of(request.GET)
    works = filters.apply(works.published().for_cards())
    if filters.following and request.user.is_authenticated:
        topics = Follow.objects.filter(artist=request.user, topic__startswith="artist:")
        ids = [int(topic.split(":")[1]) for topic in topics.values_list("topic", flat=True)]
        works = works.filter(artist_id__in=ids)
    order = ORDERS.get(filters.sort, ORDERS[""])
    return {
        "page": page(works, order=order, query=request.GET, size=size),
        "filters": filters,
        "pills": medium_pills(request, filters),
        "sorts": SORTS,
    }


def explore(request: HttpRequest) -> HttpResponse:
    """All works."""
    return render(request, "pages/explore.html", fresh(request, Contribution.objects.all()))


def tag(request: HttpRequest, slug: str) -> HttpResponse:
    """Works that carry a tag."""
    found = Tag.objects.filter(slug=slug).first()
    if found is None:
        raise Http404(slug)
    topic = f"tag:{slug}"
    context = fresh(request, Contribution.objects.filter(tags=found))
    is_following = request.user.is_authenticated and Follow.objects.filter(artist=request.user, topic=topic).exists()
    return render(request, "pages/tag.html", {**context, "tag": found, "topic": topic, "is_following": is_following})
