"""What becomes a production: projects, rounds, shortlists, cuts, credits and releases."""

from projects.models.credit import Consent, Credit, Outlet, Release
from projects.models.cut import Cue, Cut, Department, Prominence, Role
from projects.models.project import (
    MADE,
    PITCHED,
    Consideration,
    Kind,
    Production,
    Project,
    ProjectMember,
    Step,
    Update,
)
from projects.models.round import Approval, Ballot, Candidate, Round

__all__ = [
    "MADE",
    "PITCHED",
    "Approval",
    "Ballot",
    "Candidate",
    "Consent",
    "Consideration",
    "Credit",
    "Cue",
    "Cut",
    "Department",
    "Kind",
    "Outlet",
    "Production",
    "Project",
    "ProjectMember",
    "Prominence",
    "Release",
    "Role",
    "Round",
    "Step",
    "Update",
]
