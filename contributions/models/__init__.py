"""What people make: contributions with their versions, files, rights and lineage."""

from contributions.models.caption import Caption
from contributions.models.claim import Claim
from contributions.models.comment import Comment
from contributions.models.contribution import Contribution, Share, Tag
from contributions.models.fingerprint import Fingerprint, Likeness
from contributions.models.leased import Leased
from contributions.models.lineage import (
    DraftSource,
    ExternalSource,
    Family,
    InfluenceRate,
    LaterCredit,
    Remix,
    RemixKind,
)
from contributions.models.rights import Download, Licence, LicenceGrant, RightsReceipt
from contributions.models.source_file import SourceFile
from contributions.models.upload import Job, Rendition, Upload, Version

__all__ = [
    "Caption",
    "Claim",
    "Comment",
    "Contribution",
    "Download",
    "DraftSource",
    "ExternalSource",
    "Family",
    "Fingerprint",
    "InfluenceRate",
    "Job",
    "LaterCredit",
    "Leased",
    "Licence",
    "LicenceGrant",
    "Likeness",
    "Remix",
    "RemixKind",
    "Rendition",
    "RightsReceipt",
    "Share",
    "SourceFile",
    "Tag",
    "Upload",
    "Version",
]
