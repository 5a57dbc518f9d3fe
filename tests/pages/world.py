"""A small but complete world: something on every page of the site, made through the actions.

The works carry real files, so that players, pictures and waveforms are those of the site.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from challenges import actions as challenges
from contributions import actions as contributions
from contributions.models import Contribution, Job
from profiles import actions as profiles
from profiles.models.event import topic_of
from projects import actions as projects
from reviews import actions as reviews
from tests import media
from tests.contributions.works import declared, given, png_file, published, run_jobs, written
from tests.support.sites import eventually

WORDS = "The lamp turns **once** for every boat that never learned the shore.\n\nCount slowly."

SCRIPT = """Title: The Lid
Author: Alice

INT. LAMP ROOM - NIGHT #1#

The lamp turns.

KEEPER (V.O.)
(counting)
One boat.

ALICE
Three!

BOB ^
Four!

CUT TO:

EXT. HARBOUR - DAY #2#

Nobody waits.

INT. FERRY - DAWN #3#

> THE END <
"""


@dataclass
class World:
    """Rows of each kind by the name the pages ask for."""

    people: dict[str, Any]
    works: dict[str, Contribution]
    challenges: dict[str, Any]
    projects: dict[str, Any]
    statement: Any = None
    destination: Any = None
    source_file: Any = None
    what_if: Any = None
    panel: Any = None
    claims: Any = None

    def work(self, name: str) -> Contribution:
        return self.works[name]


@contextmanager
def days_ago(days: float) -> Iterator[None]:
    """Act as if it were that long ago."""
    with time_machine.travel(timezone.now() - dt.timedelta(days=days), tick=True):
        yield


def build(people: dict[str, Any], folder: Path, finish_jobs: Any) -> World:
    """Everything, in the order in which it could have happened."""
    world = World(people=people, works={}, challenges={}, projects={})
    publish_works(world, folder)
    talk_about(world)
    ask_challenges(world)
    make_projects(world)
    make_money(world, finish_jobs)
    return world


def publish_works(world: World, folder: Path) -> None:
    """One of each medium in a chain, a draft with a fault, and a tombstone."""
    alice, bob = world.people["alice"], world.people["bob"]
    works = world.works
    works["text"] = published(alice, "Keeper’s letter", tags=["rain"], production_permission="yes")
    image = media.picture(folder / "lamp.png", size=(900, 600))
    works["image"] = published_file(
        bob, image, "Lamp room", sources=[(works["text"], "adapts")], tags=["rain"], alt_text="A lamp in four colours"
    )
    sound = media.recording(folder / "waltz.wav", seconds=3)
    works["audio"] = published_file(alice, sound, "Waltz for the crossing", sources=[(works["image"], "inspired")])
    world.source_file = given(works["audio"], png_file("score.png"), "The score, page 1")
    contributions.record_download(actor=bob, taken=world.source_file)
    contributions.write_text(actor=alice, contribution=works["text"], title=works["text"].title, body=WORDS)
    contributions.prepare_text(actor=alice, contribution=works["text"], note="A slower beginning")
    run_jobs()
    film = media.film(folder / "ferry.mp4", seconds=2)
    works["video"] = published_file(bob, film, "The ferry, shot 12", sources=[(works["audio"], "reuses")])
    works["script"] = contributions.publish_contribution(
        actor=alice, contribution=declared(written(alice, "The Lid, a script", SCRIPT))
    )
    add_seconds(world, folder)
    works["asked"] = published(alice, "Only when asked", production_permission="ask")
    works["gone"] = published(alice, "Taken back")
    contributions.withdraw(actor=alice, contribution=works["gone"], reason="It was never mine to tell.")
    works["draft"] = written(alice, "Half a page", WORDS)
    works["alike"] = uploaded(alice, image)
    broken = media.cut_short(folder / "broken.mp4", maker=media.film, keep=0.3)
    works["failed"] = uploaded(alice, broken)


def add_seconds(world: World, folder: Path) -> None:
    """One more of each medium to compare with, captions, and a second version."""
    alice, works = world.people["alice"], world.works
    picture = media.picture(folder / "boat.png", size=(600, 700))
    works["image2"] = published_file(alice, picture, "Boat", alt_text="A boat in four colours")
    works["audio2"] = published_file(alice, media.recording(folder / "brass.wav", seconds=2), "Brass only")
    works["video2"] = published_file(alice, media.film(folder / "pier.mp4", seconds=1), "The pier")
    vtt = b"WEBVTT\n\n00:00.200 --> 00:01.000\n<v Mara>Count slowly.\n\n00:01.200 --> 00:01.900\n[A bell]\n"
    for name in ("audio", "video"):
        work = works[name]
        for language in ("en", "pt-BR"):
            contributions.set_captions(actor=work.artist, contribution=work, language=language, content=vtt)
    contributions.write_text(
        actor=alice, contribution=works["text"], title=works["text"].title, body=f"{WORDS}\n\nNew."
    )
    contributions.prepare_text(actor=alice, contribution=works["text"], note="An end")
    run_jobs()
    works["text"].refresh_from_db()


def uploaded(artist: Any, path: Path) -> Contribution:
    """A file taken and prepared, still a draft."""
    file = SimpleUploadedFile(path.name, path.read_bytes())
    version = contributions.receive_file(actor=artist, file=file)
    run_jobs()
    # Beside a live site its worker may have been the first to take the job.
    jobs = Job.objects.filter(version=version, status__in=Job.LIVE)
    eventually(lambda: not jobs.exists(), seconds=60, what="the preparation of the file")
    return Contribution.objects.get(pk=version.contribution_id)


def published_file(artist: Any, path: Path, title: str, *, sources: Any = (), **details: Any) -> Contribution:
    work = declared(uploaded(artist, path), title=title, production_permission="yes", **details)
    for source, kind in sources:
        contributions.add_source(actor=artist, contribution=work, source=source, kind=kind, note="Kept its rhythm")
    return contributions.publish_contribution(actor=artist, contribution=work)


def talk_about(world: World) -> None:
    """Comments with and without a moment, an answer, hearts, a review and a recommendation."""
    alice, bob, charlie = (world.people[name] for name in ("alice", "bob", "charlie"))
    waltz = world.works["audio"]
    said = contributions.comment_on(actor=charlie, contribution=waltz, body="The breath here.", at_ms=1200)
    contributions.comment_on(actor=alice, contribution=waltz, body="It stays.", reply_to=said)
    contributions.comment_on(actor=bob, contribution=world.works["text"], body="هنا أسمع المحرك تحت الماء.")
    for work in (waltz, world.works["image"]):
        reviews.heart(actor=charlie, contribution=work)
    profiles.follow(actor=alice, topic=topic_of(charlie))
    profiles.follow(actor=charlie, topic=topic_of(bob))
    reviews.review(
        actor=charlie, contribution=waltz, idea=4, craft=5, fit=3, sentence="Let the last bar ring a little longer."
    )
    reviews.recommend(actor=charlie, contribution=world.works["image"], reason="The film has no lamp yet.")
    for name in ("text", "audio"):
        claim = contributions.file_claim(
            actor=charlie,
            contribution=world.works[name],
            source=world.works["asked"],
            evidence="The same three words begin it.",
            at_ms=1200,
        )
    contributions.answer_claim(actor=alice, claim=claim, accepted=True, answer="Heard in the kitchen.")


def ask_challenges(world: World) -> None:
    """One in each phase, with entries."""
    for name, opens, closes, results in (("open", 3, -4, -9), ("review", 9, 1, -5), ("results", 30, 20, 15)):
        world.challenges[name] = ask(world, name, opens=opens, closes=closes, results=results)
    answered = world.challenges["results"]
    with days_ago(15):
        challenges.publish_results(
            actor=world.people["charlie"],
            challenge=answered,
            chosen={entry.pk: "It hears the room." for entry in answered.entries.all()},
            note="Two readings, one winner.",
        )


def ask(world: World, name: str, *, opens: int, closes: int, results: int) -> Any:
    now = timezone.now()
    with days_ago(opens):
        made = challenges.issue_challenge(
            actor=world.people["charlie"],
            title=f"The keeper’s room ({name})",
            prompt="What does the room sound like when nobody counts?",
            rules="Any medium.\nSay what you changed.",
            media=["text", "audio", "image"],
            materials=[world.works["text"]],
            cover=world.works["image"],
            pay_minor=5000,
            pay_currency="USD",
            opens_at=now - dt.timedelta(days=opens),
            closes_at=now - dt.timedelta(days=closes),
            results_at=now - dt.timedelta(days=results),
        )
    with days_ago(opens - 1):
        challenges.enter_challenge(actor=world.people["alice"], challenge=made, contribution=world.works["audio"])
        challenges.enter_challenge(actor=world.people["bob"], challenge=made, contribution=world.works["image"])
    return made


def make_projects(world: World) -> None:
    """A released film, a season with an episode, and pitches in an open and in a counted round."""
    alice, sam = world.people["alice"], world.people["sam"]
    make_film(world)
    season = pitched(world, "Night ferry radio", "tv")
    projects.green_light(actor=sam, project=season, reason="A voice we miss.")
    episode = projects.add_episode(
        actor=sam, project=season, season=1, number=1, title="Windows", topic="Windows", synopsis="Who looks out?"
    )
    season.refresh_from_db()
    world.projects |= {"season": season, "episode": episode}
    lock(world, episode, [("performance", "narration", world.works["audio"], "audible_ms", 3000)])
    world.projects["pitch"] = pitched(world, "The Atlas of Doors", "book")
    others = [world.projects["pitch"], pitched(world, "Kettle, the album", "album")]
    world.projects["round"] = voting(world, others, opens=2, closes=-5)
    projects.approve(actor=alice, candidate=world.projects["round"].candidates.first())
    with days_ago(29):
        past = [pitched(world, "Salt", "film"), pitched(world, "Lanterns", "dvd")]
    world.projects["counted"] = voting(world, past, opens=28, closes=20)
    with days_ago(25):
        projects.approve(actor=alice, candidate=world.projects["counted"].candidates.first())
    projects.close_round(actor=None, voting_round=world.projects["counted"])


def pitched(world: World, title: str, kind: str) -> Any:
    return projects.pitch_project(
        actor=world.people["bob"],
        title=title,
        kind=kind,
        logline=f"{title}: who keeps the lamp when nobody counts?",
        pitch=WORDS,
        cover=world.works["image"],
        works=[world.works["text"]],
    )


def voting(world: World, candidates: list[Any], *, opens: int, closes: int) -> Any:
    now = timezone.now()
    with days_ago(opens):
        return projects.open_round(
            actor=world.people["sam"],
            title="What do we make this winter?",
            question="Approve as many as you like.",
            projects=candidates,
            opens_at=now - dt.timedelta(days=opens),
            closes_at=now - dt.timedelta(days=closes),
            joined_before=now + dt.timedelta(days=1),
        )


def make_film(world: World) -> None:
    """Pitched, filled, cut, locked, released; one work in it still waits for its artist's yes."""
    sam, works = world.people["sam"], world.works
    film = pitched(world, "The Lid", "film")
    projects.green_light(actor=sam, project=film, reason="It made us laugh.")
    (production,) = projects.start_production(actor=sam, project=film)
    projects.join_project(actor=world.people["alice"], project=film, does="Words")
    projects.add_step(actor=sam, production=production, title="Record the waltz", brief="Three minutes.")
    projects.post_update(actor=sam, project=film, title="First week", body="The lamp is drawn.")
    considered = projects.consider(actor=sam, production=production, contribution=works["image"])
    projects.decide_fate(actor=sam, consideration=considered, fate="shortlisted", reason="The only lamp we have.")
    lock(
        world,
        production,
        [
            ("writing", "poem", works["text"], "words", 120),
            ("music", "song", works["audio"], "audible_ms", 90_000),
            ("picture", "drawing", works["image"], "screen_ms", 60_000),
        ],
    )
    (world.projects["consent"],) = projects.ask_consent(
        actor=sam, production=production, contribution=works["asked"], use="A title card"
    )
    projects.edit_production(actor=sam, production=production, master=works["video"])
    release = projects.release_production(
        actor=sam,
        production=production,
        format="Short film",
        description="Four minutes of linocut.",
        cover=works["image"],
    )
    projects.add_outlet(actor=sam, release=release, name="Here", url="https://example.org/lid", kind="watch")
    # Read again, since the address of a project follows from its status.
    film.refresh_from_db()
    world.projects |= {"film": film, "production": production, "release": release}


def lock(world: World, production: Any, cues: list[Any]) -> None:
    sam = world.people["sam"]
    cut = projects.new_cut(actor=sam, production=production)
    for department, role, work, unit, quantity in cues:
        projects.place_cue(
            actor=sam, cut=cut, contribution=work, department=department, role=role, unit=unit, quantity=quantity
        )
    projects.lock_cut(actor=sam, cut=cut)
    production.refresh_from_db()


def make_money(world: World, finish_jobs: Any) -> None:
    """Revision 2 of a statement, with talk, an answered and an open objection."""
    from royalties import actions as royalties
    from royalties.models import Cost
    from tests.royalties.conftest import cost_csv, drafted, revenue_csv

    alice, bob, charlie, sam, dana = (world.people[name] for name in ("alice", "bob", "charlie", "sam", "dana"))
    production = world.projects["production"]
    royalties.import_csv(actor=sam, kind="revenue", name="sales.csv", content=revenue_csv(production))
    royalties.import_csv(actor=sam, kind="cost", name="costs.csv", content=cost_csv(production))
    royalties.approve_cost(actor=dana, cost=Cost.objects.get())
    royalties.publish_head()
    statement = drafted(sam, production, finish_jobs)
    royalties.submit_for_review(actor=sam, statement=statement)
    royalties.publish(actor=dana, statement=statement)
    statement.refresh_from_db()
    line = statement.current.lines.get(payee__artist=alice)
    royalties.comment(actor=charlie, statement=statement, body="Why does the drawing count more?", line=line)
    answered = royalties.raise_objection(
        actor=alice, statement=statement, kind="measure", body="The song runs longer.", line=line
    )
    royalties.answer_objection(actor=sam, objection=answered, outcome="partly", reason="The reprise was not counted.")
    factor = royalties.propose_factor(
        actor=sam, statement=statement, cue=statement.cut.cues.first(), factor_bps=12_000, reason="With the reprise."
    )
    royalties.approve_adjustment(actor=dana, adjustment=factor)
    with finish_jobs():
        royalties.revise(actor=sam, statement=statement, reason="Counted the reprise.")
    statement.refresh_from_db()
    royalties.publish(actor=dana, statement=statement)
    statement.refresh_from_db()
    other = statement.current.lines.get(payee__artist=bob)
    royalties.raise_objection(actor=bob, statement=statement, kind="role", body="I drew it alone.", line=other)
    world.statement = statement
    royalties.waive_share(actor=alice, contribution=world.work("image2"))
    world.destination = royalties.set_destination(actor=alice, address="alice@pay.example", country="KE")
    dispute(world)


def dispute(world: World) -> None:
    """A panel that decides, one that has decided, kept measures, and claims of missing works."""
    from royalties import actions as royalties
    from royalties.models import Objection
    from tests.royalties.panelists import live, members, vote

    alice, charlie, sam = (world.people[name] for name in ("alice", "charlie", "sam"))
    statement = world.statement
    world.people |= {juror.handle: juror for juror in members(4)}
    first = Objection.objects.get(statement=statement, raised_by=alice)
    line = statement.current.lines.get(payee__artist=alice)
    world.what_if = royalties.propose_what_if(
        actor=alice, revision=statement.current, wanted={statement.current.input["lines"][0]["line"]: {"quantity": 9}}
    )
    second = royalties.raise_objection(
        actor=alice, statement=statement, kind="other", body="Look here.", line=line, what_if=world.what_if
    )
    royalties.answer_objection(actor=sam, objection=second, outcome="declined", reason="We looked.")
    for objection in (first, second):
        royalties.escalate(actor=alice, objection=objection, reason="Please look again.")
    for seat in live(second.escalation)[:2]:
        vote(seat, "change")
    vote(live(first.escalation)[0], "uphold")
    world.panel = first.escalation
    late = statement.window_ends_at + dt.timedelta(minutes=1)
    words = {"name": "Petra", "work": "Three bells", "evidence": "They ring at 0:40."}
    world.claims = {
        "late": royalties.claim_missing_work(actor=charlie, statement=statement, now=late, **words),
        "waiting": royalties.claim_missing_work(actor=None, statement=statement, email="petra@example.org", **words),
    }
