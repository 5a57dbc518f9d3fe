"""What the credentials of a file say: the work, its makers, its licence, how it came about, its sources.

Nothing is claimed that the site does not know. How much of a source is in a work is known by the kind of
remix alone, so a source that only inspired is an ingredient without having been opened or placed. Times in
actions are ours; without the stamp of an authority they are our word and no proof.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings

from contributions.models import Contribution, ExternalSource, Remix, RemixKind, Rendition, SourceFile, Version

SOURCE_TYPES: Final = "http://cv.iptc.org/newscodes/digitalsourcetype/"
# What the artist has declared at publishing, in the words of the IPTC.
SOURCE_TYPE_OF: Final = {
    Contribution.AIUse.NONE: f"{SOURCE_TYPES}digitalCreation",
    Contribution.AIUse.ASSISTED: f"{SOURCE_TYPES}compositeWithTrainedAlgorithmicMedia",
    Contribution.AIUse.GENERATED: f"{SOURCE_TYPES}trainedAlgorithmicMedia",
}
# Which of several sources a work is made from: an adaptation of one is nearer to it than what it reuses of another.
CLOSEST: Final = (RemixKind.ADAPTS, RemixKind.CONTINUES, RemixKind.REUSES, RemixKind.INSPIRED)
UNKNOWN_SOURCE_TYPE: Final = "http://c2pa.org/digitalsourcetype/empty"
# The sources' own manifests that are carried along, in bytes for each file. Families grow without end,
# files must not: what does not fit is still named, with the address where its credentials are.
CARRIED_MOST_BYTES: Final = 64_000
# Words within a file are read by programs everywhere, so they are not translated.
GIVEN: Final = "given"
GIVEN_TITLE: Final = "The file as its artist gave it"
COPIED_WORDS: Final = "A copy made anew: where and with which device or program the file was made is not in it."


@dataclass(frozen=True)
class Source:
    """One ingredient: what it is called, how it stands to the work, and a signed file of it if there is one."""

    label: str
    edge: Remix
    relationship: str
    title: str
    url: str
    rendition: Rendition | None = None

    @property
    def told(self) -> dict[str, Any]:
        """The ingredient as the library takes it."""
        words = {
            "title": self.title,
            "relationship": self.relationship,
            "label": self.label,
            "instance_id": self.label,
            "informational_URI": self.url,
        }
        return {name: value for name, value in words.items() if value}


def sources_of(work: Contribution, *, signable: Iterable[str]) -> list[Source]:
    """The ingredients of a work, the one it is made from first.

    Sources whose artists asked not to be shown are left out, and of a source that is gone only
    its title and address remain.
    """
    edges = work.source_edges.filter(unlinked_at=None)
    edges = edges.select_related("parent__current_version", "parent__artist", "parent__licence", "external")
    in_order = sorted(edges, key=lambda edge: (CLOSEST.index(edge.kind), edge.parent_id is None, edge.pk))
    room = CARRIED_MOST_BYTES
    found = []
    for number, edge in enumerate(in_order):
        signed = _signed_file(edge.parent, set(signable), room)
        room -= signed.credentials_bytes if signed else 0
        is_parent = number == 0 and edge.kind != RemixKind.INSPIRED
        found.append(_source(edge, number, "parentOf" if is_parent else "componentOf", signed))
    return found


def _source(edge: Remix, number: int, relationship: str, signed: Rendition | None) -> Source:
    chosen = edge.parent or edge.external
    assert chosen is not None  # the database holds it
    url = chosen.url if isinstance(chosen, ExternalSource) else settings.SITE_URL + chosen.get_absolute_url()
    return Source(f"source-{number}", edge, relationship, chosen.title, url, signed)


def _signed_file(source: Contribution | None, signable: set[str], room: int) -> Rendition | None:
    """The smallest signed file of a source: its credentials are the same as those of the large ones."""
    if source is None or not source.is_published or source.current_version is None:
        return None
    signed = source.current_version.renditions.filter(signed_at__isnull=False, mime__in=signable)
    return signed.filter(credentials_bytes__lte=room).order_by("bytes").first()


def manifest_of(
    work: Contribution, version: Version, sources: list[Source], *, mime: str, prepared_at: dt.datetime | None
) -> dict[str, Any]:
    """The manifest of one file of a work; `prepared_at` for one that the site has made of the original."""
    actions = [*_made(work, sources), *_published(work, prepared_at)]
    return {
        "claim_generator_info": [{"name": settings.SITE_NAME, "version": "1"}],
        "title": work.title,
        "format": mime,
        # Those with a file of their own are added with it.
        "ingredients": [source.told for source in sources if source.rendition is None],
        "assertions": [
            {"label": "c2pa.actions.v2", "data": {"actions": actions}},
            {"label": "cawg.metadata", "data": _metadata(work, title=work.title) | {"dc:creator": makers_of(work)}},
            {"label": f"{namespace()}.contribution", "data": _contribution(work, version, sources)},
        ],
    }


def manifest_of_given(row: SourceFile) -> dict[str, Any]:
    """The manifest of a source file's clean copy.

    What the artist declared (makers, the use of AI, sources) was said of the work and not of this file, so nothing
    of that is said here: only who gave it with which work, under which licence, and that the copy is the site's.
    """
    work, mime = row.contribution, row.clean_mime
    return {
        "claim_generator_info": [{"name": settings.SITE_NAME, "version": "1"}],
        "title": row.label,
        "format": mime,
        "ingredients": [{"title": GIVEN_TITLE, "relationship": "parentOf", "label": GIVEN, "instance_id": GIVEN}],
        "assertions": [
            {"label": "c2pa.actions.v2", "data": {"actions": _given(row)}},
            {"label": "cawg.metadata", "data": _metadata(work, title=row.label) | {"dc:relation": work.title}},
            {
                "label": f"{namespace()}.contribution",
                "data": {
                    "contribution": work.pk,
                    "source_file": row.pk,
                    "url": settings.SITE_URL + work.get_absolute_url(),
                    "given_by": work.artist.name_in_credits,
                    "licence": {"name": work.licence.name, "url": work.licence.url} if work.licence else {},
                },
            },
        ],
    }


def _given(row: SourceFile) -> list[dict[str, Any]]:
    """Opened as the artist gave it, copied, and shown to all from when both it and its work were there."""
    work = row.contribution
    agent = {"softwareAgent": {"name": settings.SITE_NAME}}
    # A film that has this type kept its packets (transcoding/cleaning.py); all else was written anew.
    copied = "c2pa.repackaged" if row.clean_mime == "video/mp4" else "c2pa.transcoded"
    ready_at, published_at = row.ready_at, work.published_at
    assert ready_at is not None
    assert published_at is not None
    words = f"Given by {work.artist.name_in_credits} with “{work.title}”, as something that it was made with."
    return [
        {"action": "c2pa.opened", "parameters": {"ingredientIds": [GIVEN]}},
        {"action": copied, "when": _moment(ready_at), "parameters": {"description": COPIED_WORDS}} | agent,
        {
            "action": "c2pa.published",
            "when": _moment(max(ready_at, published_at)),
            "parameters": {"description": words},
        }
        | agent,
    ]


def namespace() -> str:
    """The site's name as labels of one's own are to begin: studio.example makes example.studio."""
    return ".".join(reversed(settings.SITE_HOST.split(".")))


def _made(work: Contribution, sources: list[Source]) -> list[dict[str, Any]]:
    """How it came about, from what the artist has said: begun or opened, then put together, then edited."""
    source_type = SOURCE_TYPE_OF.get(Contribution.AIUse(work.ai_use)) if work.ai_use else None
    by = {"parameters": {"description": work.ai_note}} if work.ai_note else {}
    parents = [source.label for source in sources if source.relationship == "parentOf"]
    if not parents:
        begun: dict[str, Any] = {"action": "c2pa.created", "digitalSourceType": source_type or UNKNOWN_SOURCE_TYPE}
        return [begun | by, *_joined(sources)]
    edited: dict[str, Any] = {"action": "c2pa.edited"}
    if source_type:
        edited["digitalSourceType"] = source_type
    return [{"action": "c2pa.opened", "parameters": {"ingredientIds": parents}}, *_joined(sources), edited | by]


def _joined(sources: list[Source]) -> list[dict[str, Any]]:
    """What else is in it, and what only stood beside it."""
    parts = [source for source in sources if source.relationship == "componentOf"]
    placed = [source.label for source in parts if source.edge.kind != RemixKind.INSPIRED]
    near = [source.label for source in parts if source.edge.kind == RemixKind.INSPIRED]
    rows: list[dict[str, Any]] = [
        {"action": "c2pa.placed", "parameters": {"ingredientIds": [label]}} for label in placed
    ]
    if near:
        rows.append({"action": f"{namespace()}.inspired", "parameters": {"ingredientIds": near}})
    return rows


def _published(work: Contribution, prepared_at: dt.datetime | None) -> list[dict[str, Any]]:
    rows = []
    agent = {"softwareAgent": {"name": settings.SITE_NAME}}
    if prepared_at is not None:
        rows.append({"action": "c2pa.transcoded", "when": _moment(prepared_at)} | agent)
    if work.published_at is not None:
        rows.append({"action": "c2pa.published", "when": _moment(work.published_at)} | agent)
    return rows


def _moment(at: dt.datetime) -> str:
    return at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _metadata(work: Contribution, *, title: str) -> dict[str, Any]:
    """Title, address and licence in the vocabularies that other programs read."""
    words: dict[str, Any] = {
        "@context": {
            "dc": "http://purl.org/dc/elements/1.1/",
            "xmpRights": "http://ns.adobe.com/xap/1.0/rights/",
        },
        "dc:title": title,
        "dc:identifier": settings.SITE_URL + work.get_absolute_url(),
    }
    if work.licence is not None:
        words["xmpRights:UsageTerms"] = work.licence.name
        words["xmpRights:WebStatement"] = work.licence.url or f"{settings.SITE_URL}/rights/"
    return words


def makers_of(work: Contribution) -> list[str]:
    """Everybody with a share, by the name they want to be credited with; the largest share first."""
    shares = work.shares.select_related("artist").order_by("-share_bps", "pk")
    return [share.artist.name_in_credits for share in shares] or [work.artist.name_in_credits]


def _contribution(work: Contribution, version: Version, sources: list[Source]) -> dict[str, Any]:
    """What only this site can say, in a label of its own."""
    licence = work.licence
    return {
        "contribution": work.pk,
        "version": version.number,
        "url": settings.SITE_URL + work.get_absolute_url(),
        "generation": work.generation,
        "ai_use": work.ai_use,
        "licence": {"name": licence.name, "url": licence.url} if licence else {},
        "sources": [_told_source(source) for source in sources],
    }


def _told_source(source: Source) -> dict[str, Any]:
    """A source with its maker and licence; of one that is gone no more than its title and address."""
    told = {"title": source.title, "url": source.url, "kind": source.edge.kind}
    parent, external = source.edge.parent, source.edge.external
    if external is not None:
        return told | {"author": external.author, "licence": external.licence_name}
    if parent is None or parent.is_gone:
        return told
    licence = parent.licence.name if parent.licence else ""
    return told | {"contribution": parent.pk, "author": parent.artist.name_in_credits, "licence": licence}
