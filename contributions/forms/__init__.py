"""Parsing and validating what is said about works; one noun a file, none of them writes."""

from contributions.forms.details import DetailsForm, WriteForm
from contributions.forms.files import CaptionForm, LabelForm, SourceFileForm, UploadForm, VerifyForm, VersionForm
from contributions.forms.rights import RelicenceForm, RightsForm, WithdrawForm
from contributions.forms.sources import (
    AnswerClaimForm,
    ClaimForm,
    DescribeSourceForm,
    ExternalSourceForm,
    SourceForm,
)
from contributions.forms.talk import CommentForm, ShareForms

__all__ = [
    "AnswerClaimForm",
    "CaptionForm",
    "ClaimForm",
    "CommentForm",
    "DescribeSourceForm",
    "DetailsForm",
    "ExternalSourceForm",
    "LabelForm",
    "RelicenceForm",
    "RightsForm",
    "ShareForms",
    "SourceFileForm",
    "SourceForm",
    "UploadForm",
    "VerifyForm",
    "VersionForm",
    "WithdrawForm",
    "WriteForm",
]
