"""What stands before the money story begins: a released film by three artists, staff, members, and who was forgotten."""

from __future__ import annotations

from typing import Any

from profiles.models import StaffPower
from projects import actions
from tests.contributions.works import published
from tests.royalties.conftest import place
from tests.royalties.panelists import members
from tests.story.stage import Stage
from tests.support.cast import join

EVERY_POWER = tuple(StaffPower)


def people_and_their_film(stage: Stage) -> None:
    """Everybody who may ever hold two ends of one decision has every power: what stops them is the rule alone.

    Hana's colouring is in the film and was forgotten in the cut. Erin, of the staff, made a work from alice's
    poem. The four members have no part in anything; a draw finds three of them.
    """
    alice, bob, charlie, hana = (join(name) for name in ("alice", "bob", "charlie", "hana"))
    sam, _dana, _frida, erin = (join(name, powers=EVERY_POWER) for name in ("sam", "dana", "frida", "erin"))
    members(4)
    poem = published(alice, "Kettle", production_permission="yes")
    song = published(bob, "Steam", production_permission="yes", sources=[(poem, "adapts")])
    shot = published(bob, "The ferry, shot 12", production_permission="yes")
    drawing = published(charlie, "Lid, drawn", production_permission="yes")
    stage.works["colours"] = published(hana, "Lid, coloured", production_permission="yes")
    stage.works["shot"] = shot
    published(erin, "Kettle, a reply", sources=[(poem, "inspired")])
    project = actions.pitch_project(actor=alice, title="The Lid", kind="film", logline="A kettle looks for its lid.")
    actions.green_light(actor=sam, project=project, reason="It made us laugh.")
    production = actions.start_production(actor=sam, project=project)[0]
    cut = actions.new_cut(actor=sam, production=production)
    place(cut, sam, poem, "writing", "poem", "words", 120)
    place(cut, sam, song, "music", "song", "audible_ms", 90_000)
    place(cut, sam, drawing, "picture", "drawing", "screen_ms", 40_000)
    place(cut, sam, shot, "picture", "drawing", "screen_ms", 20_000)
    actions.lock_cut(actor=sam, cut=cut)
    stage.rows |= {"The Lid": project, "production": production, "cut": cut}


def everybody_sits_down(stage: Stage) -> None:
    """Each at a browser of their own; the visitor has no account."""
    for handle in ("alice", "bob", "charlie", "hana", "sam", "dana", "frida", "erin"):
        stage.come(handle)
    stage.sit_down("visitor")


def line_of(stage: Stage, handle: str, name: str = "statement") -> Any:
    """Somebody's line in the revision in force."""
    return stage.again(name).current.lines.get(payee__artist__handle=handle)
