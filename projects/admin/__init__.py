"""Projects in the admin: staff look, decide and assemble; every change is one of projects.actions."""

from projects.admin import cuts, productions, projects, rounds, tables

__all__ = ["cuts", "productions", "projects", "rounds", "tables"]
