"""What people make: contributions with their versions, files, rights and lineage."""

from contributions.models.caption import Caption
from contributions.models.claim import Claim
from contributions.models.comment import Comment
from contributions.models.contribution import Contribution, Share, Tag
from contributions.models.fingerprint import Fingerprint, Likeness
from contributions.models.lineage import (
    DraftSource,
    ExternalSource,
    Family,
    InfluenceRate,
    LaterCredit,
    Remix,
    RemixKind,
)
from contributions.models.rights import Licence, RightsReceipt
from contributions.models.upload import Job, Rendition, Upload, Version

__all__ = [
    "Caption",
    "Claim",
    "Comment",
    "Contribution",
    "DraftSource",
    "ExternalSource",
    "Family",
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
