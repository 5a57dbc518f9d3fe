"""Content credentials: what a file says of its origin, signed (docs/credentials.md).

    signed_copy(path, mime=…, contribution=…)    a signed copy of any file of a work
    examine(path, …)                              what a stranger's file says, and whether it is ours
    keys                                          the certificates behind it

Only reading and signing live here. Which files are signed when is decided in `actions.signing`.
"""

from contributions.credentials.copies import Describing, copied, fetched, folder_of_keys, signed_copy
from contributions.credentials.keys import KeysMissing
from contributions.credentials.manifest import manifest_of_given
from contributions.credentials.reading import MOST_BYTES, Finding, examine
from contributions.credentials.signing import Signed, SigningFailed, Wish, can_sign, plain, sign

__all__ = [
    "MOST_BYTES",
    "Describing",
    "Finding",
    "KeysMissing",
    "Signed",
    "SigningFailed",
    "Wish",
    "can_sign",
    "copied",
    "examine",
    "fetched",
    "folder_of_keys",
    "manifest_of_given",
    "plain",
    "sign",
    "signed_copy",
]
