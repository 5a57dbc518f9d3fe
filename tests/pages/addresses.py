"""Every page of the site with somebody who looks at it, on the world of tests/pages/world.py."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from royalties.actions.claim_mail import token_of
from tests.pages.world import World

VISITOR = ""


@dataclass(frozen=True)
class Look:
    """A page as one person sees it; `status` is what it answers."""

    address: str
    as_: str = VISITOR
    status: int = 200


def looks(world: World) -> list[Look]:
    """All of them."""
    return [*front(world), *works(world), *own_pages(world), *making(world), *money(world), *words(world)]


def front(world: World) -> list[Look]:
    """The pages that gather."""
    return [
        Look("/"),
        Look("/", "alice"),
        Look("/explore/"),
        Look("/explore/?m=gif&sort=best&rev=x"),
        Look("/explore/?m=audio&rev=9"),
        Look("/tags/rain/", "alice"),
        Look("/search/"),
        Look("/search/?q=lamp"),
        Look("/search/?q=x"),
        Look("/@alice/"),
        Look("/@bob/?show=remixes", "alice"),
        Look("/@charlie/", "charlie"),
        Look("/@alice/credits/"),
        Look("/verify/"),
    ]


def works(world: World) -> list[Look]:
    """A work of each medium, its family, and what can be said about it."""
    pages = [Look(world.work(name).get_absolute_url()) for name in ("text", "script", "image", "audio", "video")]
    audio = world.work("audio")
    return [
        *pages,
        Look(audio.get_absolute_url(), "charlie"),
        Look(world.work("draft").get_absolute_url(), "alice"),
        Look(world.work("gone").get_absolute_url(), status=410),
        Look(reverse("lineage", args=[audio.pk])),
        Look(reverse("lineage_tree", args=[audio.pk])),
        Look(reverse("chain", args=[audio.pk])),
        Look(reverse("contributions:claims", args=[audio.pk]), "charlie"),
        Look(reverse("reviews:recommend", args=[audio.pk]), "bob"),
        Look(reverse("reviews:review", args=[audio.pk]), "bob"),
        Look(reverse("reviews:report", args=[audio.pk])),
        Look(reverse("contributions:captions", args=[audio.pk]), "alice"),
        Look(reverse("contributions:transcript", args=[audio.pk, "en"])),
        Look(reverse("contributions:view", args=[world.work("image").pk])),
        Look(f"{audio.get_absolute_url()}?reply={audio.comments.earliest('pk').pk}", "bob"),
        *given(world),
        *comparisons(world),
    ]


def comparisons(world: World) -> list[Look]:
    """Two works of each medium, of different ones, one with itself, versions, and with one that is gone."""
    names = ("text", "asked"), ("image", "image2"), ("audio", "audio2"), ("video", "video2"), ("audio", "image")
    pairs = [(world.work(first).pk, world.work(second).pk) for first, second in names]
    text, gone = world.work("text").pk, world.work("gone").pk
    return [
        *(Look(reverse("contributions:compare", args=pair)) for pair in pairs),
        Look(reverse("contributions:compare", args=[text, text])),
        Look(reverse("contributions:compare", args=[text, gone]), status=410),
        Look(reverse("contributions:compare_versions", args=[text])),
        Look(reverse("contributions:compare_versions", args=[world.work("asked").pk]) + "?versions=1..9"),
    ]


def given(world: World) -> list[Look]:
    """Files, versions, licences and what was taken, for who gave and for who takes."""
    audio, text = world.work("audio"), world.work("text")
    return [
        Look(reverse("contributions:files", args=[audio.pk])),
        Look(reverse("contributions:files", args=[audio.pk]), "alice"),
        Look(reverse("contributions:files", args=[text.pk]), "charlie"),
        Look(reverse("contributions:files", args=[world.work("script").pk])),
        Look(reverse("contributions:versions", args=[audio.pk]), "alice"),
        Look(reverse("contributions:versions", args=[text.pk])),
        Look(reverse("contributions:version", args=[text.pk, 1]), "alice"),
        Look(reverse("contributions:licence", args=[audio.pk])),
        Look(reverse("contributions:licence", args=[text.pk]), "alice"),
        Look(reverse("contributions:change_source_file", args=[audio.pk, world.source_file.pk]), "alice"),
        Look("/downloads/", "bob"),
        Look("/downloads/", "charlie"),
    ]


def own_pages(world: World) -> list[Look]:
    """What one sees of one's own."""
    draft, failed = world.work("draft").pk, world.work("failed").pk
    pages = [
        "/upload/",
        f"/upload/?remix={world.work('image').pk}",
        "/write/",
        "/drafts/",
        reverse("contributions:edit", args=[draft]),
        reverse("contributions:edit", args=[failed]),
        reverse("contributions:edit", args=[world.work("alike").pk]),
        reverse("contributions:edit", args=[world.work("text").pk]),
        reverse("contributions:sources", args=[draft]),
        reverse("contributions:shares", args=[draft]),
        reverse("contributions:withdraw", args=[world.work("text").pk]),
        reverse("contributions:discard", args=[draft]),
        reverse("contributions:requests", args=[world.work("text").pk]),
        reverse("contributions:unlink", args=[world.work("text").pk, world.work("image").source_edges.get().pk]),
        reverse("contributions:my_claims"),
        "/inbox/",
        "/settings/",
        "/settings/close/",
        "/accounts/password/change/",
        "/accounts/email/",
        "/accounts/2fa/",
    ]
    return [Look("/upload/"), *(Look(page, "alice") for page in pages)]


def making(world: World) -> list[Look]:
    """Challenges, pitches, rounds, projects and releases."""
    asked = {name: row.get_absolute_url() for name, row in world.challenges.items()}
    film, season = (world.projects[name].get_absolute_url() for name in ("film", "season"))
    episode = world.projects["episode"].get_absolute_url()
    return [
        Look("/challenges/"),
        Look("/challenges/?phase=results"),
        Look("/challenges/propose/", "alice"),
        *(Look(address) for address in asked.values()),
        Look(f"{asked['open']}enter/", "alice"),
        Look(f"{asked['review']}review/", "charlie"),
        Look(f"{asked['review']}decide/", "charlie"),
        Look(f"{asked['results']}results/"),
        Look("/pitches/"),
        Look("/pitches/propose/", "alice"),
        Look(world.projects["pitch"].get_absolute_url(), "charlie"),
        Look("/rounds/"),
        Look(world.projects["round"].get_absolute_url()),
        Look(world.projects["round"].get_absolute_url(), "alice"),
        Look(world.projects["counted"].get_absolute_url(), "alice"),
        Look("/projects/"),
        Look(film),
        Look(film, "alice"),
        Look(season),
        Look(f"{film}credits/", "alice"),
        Look(f"{film}updates/"),
        Look(episode),
        Look(f"{episode}credits/"),
        Look(reverse("projects:consent", args=[world.projects["consent"].pk]), "alice"),
        Look("/releases/"),
        Look(world.projects["release"].get_absolute_url()),
    ]


def money(world: World) -> list[Look]:
    """The statement and what hangs on it."""
    statement = world.statement.get_absolute_url()
    lines = {line.payee.artist.handle: line.get_absolute_url() for line in world.statement.current.lines.all()}
    return [
        Look("/money/"),
        Look("/money/rates/"),
        Look(reverse("royalties:production_money", args=[world.statement.production_id])),
        Look("/money/ledger/"),
        Look(statement),
        Look(statement, "alice"),
        Look(statement, "sam"),
        Look(lines["alice"], "alice"),
        Look(lines["bob"]),
        Look(lines["bob"], "charlie"),
        Look(f"{statement}changes/"),
        *disputes(world),
        Look("/earnings/", "alice"),
        Look("/earnings/", "charlie"),
        Look("/earnings/works/", "alice"),
        Look(reverse("royalties:waive", args=[world.work("text").pk]), "alice"),
        Look(reverse("royalties:waive", args=[world.work("image2").pk]), "alice"),
        Look(reverse("royalties:waive", args=[world.work("image2").pk]), "bob", status=404),
        Look("/earnings/payout/", "alice"),
        Look("/earnings/payout/destination/", "alice"),
        Look("/earnings/payout/destination/?country=KE", "alice"),
        Look(f"/earnings/payout/destination/{world.destination.pk}/remove/", "alice"),
        Look("/earnings/payout/tax/", "alice"),
        Look("/earnings/2026/", "alice"),
    ]


def disputes(world: World) -> list[Look]:
    """Cases, panels, other measures and claims."""
    statement = world.statement
    seats = list(world.panel.seats.select_related("member").order_by("place"))
    voted = next(seat for seat in seats if seat.status == "voted")
    waiting = next(seat for seat in seats if seat.is_live)
    what_if = reverse("royalties:what_if", args=[statement.pk])
    confirm = reverse("royalties:claim_confirm", args=[statement.pk, token_of(world.claims["waiting"])])
    return [
        *(Look(objection.get_absolute_url(), "alice") for objection in statement.objections.all()),
        Look(world.panel.get_absolute_url()),
        Look("/panels/", waiting.member.handle),
        Look("/panels/", "charlie"),
        Look(waiting.get_absolute_url(), waiting.member.handle),
        Look(voted.get_absolute_url(), voted.member.handle),
        Look(what_if),
        Look(what_if, "bob"),
        Look(f"{what_if}?L1-quantity=7", "bob"),
        Look(f"{what_if}?L1-quantity=lots", "bob", status=422),
        Look(f"{what_if}?find=nowhere", "bob"),
        Look(world.what_if.get_absolute_url(), "alice"),
        Look(reverse("royalties:claim", args=[statement.pk])),
        Look(reverse("royalties:claim", args=[statement.pk]), "charlie"),
        Look(reverse("royalties:claim_sent", args=[statement.pk])),
        Look(confirm),
        Look(reverse("royalties:claim_confirm", args=[statement.pk, "forged"]), status=410),
        Look(world.claims["late"].get_absolute_url()),
    ]


def words(world: World) -> list[Look]:
    """The pages of words, the doors, and what is shown when something is wrong."""
    cut = world.projects["production"].cuts.get()
    prose = [Look(f"/{name}/") for name in ("how", "rights", "conduct", "privacy", "accessibility", "help")]
    doors = ("signup", "login", "login/code", "password/reset")
    return [
        *prose,
        *(Look(f"/accounts/{door}/") for door in doors),
        Look("/accounts/logout/", "alice"),
        Look("/no-such-page/", status=404),
        # A page of the admin that finance may not use.
        Look(reverse("admin:projects_cut_lock", args=[cut.pk]), "dana", status=403),
    ]
