"""Every write about projects. One verb, one function, keyword-only, actor first.

pitching       pitch_project, update_pitch, join_project, leave_project, green_light, decline, archive_project
rounds         open_round, approve, withdraw_approval, close_round
producing      start_production, add_episode, edit_production, add_step, update_step, post_update
shortlisting   consider, decide_fate
consents       ask_consent, answer_consent
cutting        new_cut, set_sections, place_cue, change_cue, move_cue, remove_cue, lock_cut
crediting      derive_credits, confirm_credit, add_credit, remove_credit
releasing      release_production, add_outlet, remove_outlet
tables         set_departments, add_role, add_prominence
"""

from projects.actions.consents import answer_consent, ask_consent
from projects.actions.crediting import add_credit, confirm_credit, derive_credits, remove_credit
from projects.actions.cutting import (
    change_cue,
    lock_cut,
    move_cue,
    new_cut,
    place_cue,
    remove_cue,
    set_sections,
)
from projects.actions.pitching import (
    archive_project,
    decline,
    green_light,
    join_project,
    leave_project,
    pitch_project,
    update_pitch,
)
from projects.actions.producing import (
    add_episode,
    add_step,
    edit_production,
    post_update,
    start_production,
    update_step,
)
from projects.actions.releasing import add_outlet, release_production, remove_outlet
from projects.actions.rounds import approve, close_round, open_round, withdraw_approval
from projects.actions.shortlisting import consider, decide_fate
from projects.actions.tables import add_prominence, add_role, set_departments

__all__ = [
    "add_credit",
    "add_episode",
    "add_outlet",
    "add_prominence",
    "add_role",
    "add_step",
    "answer_consent",
    "approve",
    "archive_project",
    "ask_consent",
    "change_cue",
    "close_round",
    "confirm_credit",
    "consider",
    "decide_fate",
    "decline",
    "derive_credits",
    "edit_production",
    "green_light",
    "join_project",
    "leave_project",
    "lock_cut",
    "move_cue",
    "new_cut",
    "open_round",
    "pitch_project",
    "place_cue",
    "post_update",
    "release_production",
    "remove_credit",
    "remove_cue",
    "remove_outlet",
    "set_departments",
    "set_sections",
    "start_production",
    "update_pitch",
    "update_step",
    "withdraw_approval",
]
