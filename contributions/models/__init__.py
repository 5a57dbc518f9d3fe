"""What people make: contributions with their versions, files, rights and lineage."""

from contributions.models.comment import Comment
from contributions.models.contribution import Contribution, Share, Tag
from contributions.models.fingerprint import Fingerprint, Likeness
from contributions.models.lineage import (
    DraftSource,
    ExternalSource,
    InfluenceRate,
    LaterCredit,
    Remix,
    RemixKind,
)
from contributions.models.rights import Licence, RightsReceipt
from contributions.models.upload import Job, Rendition, Upload, Version

__all__ = [
    "Comment",
    "Contribution",
    "DraftSource",
    "ExternalSource",
    "Fingerprint",
    "InfluenceRate",
    "Job",
    "LaterCredit",
    "Licence",
    "Likeness",
    "Remix",
    "RemixKind",
    "Rendition",
    "RightsReceipt",
    "Share",
    "Tag",
    "Upload",
    "Version",
]
