"""Chapter: ideas become productions: pitched, green-lit, filled, cut, locked, released."""

from __future__ import annotations

from django.db import transaction

from contributions.models import Contribution
from hitrecord.demo.story.stage import Stage
from hitrecord.demo.world import cuts as cutting
from hitrecord.demo.world import projects as world
from projects import actions
from projects.models import Consent, Consideration, Cut, Production, Project, Step

# What the cue sheets of the story call a role, and the row of the published table it is.
ROLES: dict[tuple[str, str], str] = {
    ("picture", "Photography"): "photography",
    ("picture", "Animation"): "animation",
    ("picture", "Lighthouse drawn by"): "drawing",
    ("picture", "Colour"): "colour",
    ("picture", "Charts"): "maps",
    ("picture", "Title lettering"): "titles",
    ("picture", "Window, drawn"): "drawing",
    ("music", "Harbour recordings"): "field-recording",
    ("music", "Night outside"): "field-recording",
    ("music", "Rain"): "field-recording",
    ("music", "Lamp motor"): "sound",
    ("music", "Waltz"): "music",
    ("music", "Theme"): "music",
    ("writing", "Screenplay"): "screenplay",
    ("writing", "Written by"): "screenplay",
    ("writing", "Read aloud"): "read-aloud",
    ("edit", "Directed and edited by"): "direction-and-edit",
    ("voice", "Voice in the steel"): "voice",
    ("composition", "Composed by"): "composition",
    ("performance", "Lamp motor"): "sound",
    ("artwork", "Sleeve printed by"): "design",
}
USUAL_ROLES = {
    "picture": "artwork",
    "music": "sound",
    "writing": "lines",
    "performance": "instrument",
    "composition": "composition",
    "artwork": "artwork",
}
UNITS = {"words": "words", "items": "items"}
# What the top of a project's page shows, where its cover is a poster or a jacket: those stand upright.
HEROES = {"the-night-ferry": "ferry-still", "letters-to-a-lighthouse": "strait-map", "waltz-seven-inch": "swell"}
FORMATS = {"film": "Short film", "album": "Seven-inch single, 45 rpm"}
PROMINENCES = {100: "featured", 50: "background", 25: "texture"}
STEPS = {"done": Step.Status.DONE, "doing": Step.Status.DOING, "needed": Step.Status.NEEDED}


def projects(stage: Stage) -> None:
    """Each project on its own days; one that failed halfway is told again from its beginning."""
    for spec in world.PROJECTS:
        if not Project.objects.filter(title=spec.title).exists():
            with transaction.atomic():
                _project(stage, spec)


def _project(stage: Stage, spec: world.Project) -> None:
    project = pitch(stage, spec)
    sam = stage.artist("sam")
    if spec.green_lit_day is None:
        return
    with stage.on(spec.green_lit_day):
        actions.green_light(actor=sam, project=project, reason=spec.logline)
        for handle, does in spec.leads:
            role = "producer" if handle == "sam" else "leader"
            actions.join_project(actor=stage.artist(handle), project=project, role=role, does=does, added_by=sam)
    if spec.stage == "green_lit" and spec.kind != "book":
        return
    with stage.on(spec.green_lit_day + 2):
        actions.start_production(actor=sam, project=project)
        for episode in spec.episodes:
            actions.add_episode(
                actor=sam, project=project, season=1, number=episode.number, title=episode.title,
                topic=episode.topic, synopsis=episode.logline,
            )  # fmt: skip
    production = stage.production(spec.key, 1 if spec.episodes else None)
    _fill(stage, spec, production)
    for cut in cutting.CUTS:
        if cut.project == spec.key:
            _cut(stage, spec, cut, production)
    if spec.release is not None:
        _release(stage, spec, production)


def pitch(stage: Stage, spec: world.Project) -> Project:
    """Somebody's idea, with the works it grows from."""
    with stage.on(spec.pitched_day):
        return actions.pitch_project(
            actor=stage.artist(spec.pitched_by),
            title=spec.title,
            kind=spec.kind,
            logline=spec.logline,
            pitch=spec.pitch,
            cover=stage.find(HEROES.get(spec.key, spec.cover)),
            works=[stage.work(key) for key in spec.pitch_works],
        )


def _fill(stage: Stage, spec: world.Project, production: Production) -> None:
    """Steps, the diary, and what becomes of the works put forward."""
    sam = stage.artist("sam")
    start = (spec.green_lit_day or 0) + 3
    with stage.on(start):
        for step in spec.steps:
            actions.add_step(
                actor=sam, production=production, title=step.title, brief=step.note, status=STEPS[step.state],
                picture=stage.work(step.picture) if step.picture else None,
            )  # fmt: skip
        for row in spec.considered:
            actions.consider(actor=sam, production=production, contribution=stage.work(row.work))
    for update in spec.updates:
        with stage.on(update.day):
            actions.post_update(actor=stage.artist(update.author), project=production.project, body=update.text)
    with stage.on(min(start + 10, -1)):
        for row in spec.considered:
            consideration = Consideration.objects.get(production=production, contribution=stage.work(row.work))
            fate = "shortlisted" if row.fate == "in_cut" else row.fate
            if fate != "received":
                actions.decide_fate(actor=sam, consideration=consideration, fate=fate, reason=row.reason)


def _cut(stage: Stage, spec: world.Project, sheet: cutting.Cut, production: Production) -> None:
    """The cue sheet, row by row, locked once everybody has said yes."""
    sam = stage.artist("sam")
    day = _lock_day(spec)
    with stage.on(day - 4):
        cut = actions.new_cut(actor=sam, production=production, frame_rate_milli=sheet.frame_rate * 1000)
        if len(sheet.sections) > 1:
            rows = [
                {"id": section.key, "title": section.title, "bps": section.share_bps, "segment": section.segment}
                for section in sheet.sections
            ]
            actions.set_sections(actor=sam, cut=cut, sections=rows)
        for cue in sheet.cues:
            _cue(stage, cut, cue, has_sections=len(sheet.sections) > 1)
    with stage.on(day - 3):
        _ask(stage, production, {cue.work for cue in sheet.cues})
    with stage.on(day):
        actions.lock_cut(actor=sam, cut=cut, unused_reason="It did not find its place in this cut. Thank you.")


def _lock_day(spec: world.Project) -> int:
    return spec.release.day - 6 if spec.release else -4


def _cue(stage: Stage, cut: Cut, cue: cutting.Cue, *, has_sections: bool) -> None:
    actions.place_cue(
        actor=stage.artist("sam"),
        cut=cut,
        contribution=stage.work(cue.work),
        department=cue.department,
        role=ROLES.get((cue.department, cue.role), USUAL_ROLES.get(cue.department, "")),
        credit_line=cue.role,
        unit=_unit(cue),
        quantity=cue.quantity,
        prominence=PROMINENCES[cue.prominence],
        section=cue.section if has_sections else "",
        start_ms=cue.start_ms,
        duration_ms=cue.duration_ms,
        segment=cue.segment,
    )


def _unit(cue: cutting.Cue) -> str:
    seen = cue.department in {"picture", "edit", "artwork"}
    return UNITS.get(cue.unit, "screen_ms" if seen else "audible_ms")


def _ask(stage: Stage, production: Production, keys: set[str]) -> None:
    """Whoever wants to be asked is asked, and says yes."""
    for key in sorted(keys):
        work = stage.work(key)
        if work.production_permission == Contribution.ProductionPermission.ASK:
            actions.ask_consent(actor=stage.artist("sam"), production=production, contribution=work)
    for consent in Consent.objects.filter(production=production, answer="asked").select_related("artist"):
        actions.answer_consent(actor=consent.artist, consent=consent, answer="yes")


def _release(stage: Stage, spec: world.Project, production: Production) -> None:
    release = spec.release
    assert release is not None, "asked only of released projects"  # narrows the type
    sam = stage.artist("sam")
    with stage.on(release.day):
        master = stage.find("night-ferry-film") if spec.key == "the-night-ferry" else stage.find("waltz")
        actions.edit_production(actor=sam, production=production, master=master)
        row = actions.release_production(
            actor=sam,
            production=production,
            format=FORMATS[spec.kind],
            title=release.title,
            description=release.note,
            cover=stage.find(spec.cover),
            identifiers={"catalogue": release.catalogue},
        )
        for outlet in release.outlets:
            actions.add_outlet(
                actor=sam, release=row, name=outlet.name, url=outlet.url, kind=outlet.kind, note=outlet.note
            )
