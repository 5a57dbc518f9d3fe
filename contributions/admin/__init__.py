"""Works in the admin: staff look, take down, restore, retry and keep policy. Every button calls an action."""

from contributions.admin import rights, works
from contributions.admin._base import LookAdmin, LookInline, ReasonForm, preview

__all__ = ["LookAdmin", "LookInline", "ReasonForm", "preview", "rights", "works"]
