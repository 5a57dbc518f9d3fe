"""The certificates that our signatures hang on: root, intermediate, and the signer that works.

They are files in `settings.CREDENTIALS_DIR`, never rows and never part of the repository:

    root.pem            what others may be given to trust; published at /credentials/root.pem
    root.key            signs intermediates; may be kept elsewhere once the chain is made
    intermediate.pem    signs signers
    intermediate.key    needed to renew the signer
    signer.pem          the signer's key, its certificate and the intermediate's, in one file, so that
                        a renewal replaces all three at once
    anchors.pem         optional: roots of other signers that this site takes for trustworthy

Files carry no time stamp of an authority, so a signature counts for as long as its signer's certificate is
valid; that is why a signer lives for ten years.
"""

from __future__ import annotations

import datetime as dt
import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

ROOT: Final = "root.pem"
ROOT_KEY: Final = "root.key"
INTERMEDIATE: Final = "intermediate.pem"
INTERMEDIATE_KEY: Final = "intermediate.key"
SIGNER: Final = "signer.pem"
ANCHORS: Final = "anchors.pem"

DAYS_OF_ROOT: Final = 30 * 365
DAYS_OF_INTERMEDIATE: Final = 20 * 365
DAYS_OF_SIGNER: Final = 10 * 365
# Clocks of those who look may be behind ours.
GRACE: Final = dt.timedelta(days=1)


class KeysMissing(Exception):
    """There is no usable chain in the folder; `manage.py make_credentials` makes one."""


@dataclass(frozen=True)
class Chain:
    """What signing needs: the key stays in this process, the certificates go into every file."""

    key: ec.EllipticCurvePrivateKey
    certificates: str
    root: str
    ends_at: dt.datetime
    fingerprint: str

    def sign(self, words: bytes) -> bytes:
        """An ES256 signature."""
        return self.key.sign(words, ec.ECDSA(hashes.SHA256()))


def load(folder: Path) -> Chain:
    """The chain in a folder. Raises KeysMissing, also for one that does not hang together."""
    try:
        words = (folder / SIGNER).read_bytes()
        key = serialization.load_pem_private_key(words, password=None)
        signer, intermediate = x509.load_pem_x509_certificates(words)
        root = x509.load_pem_x509_certificate((folder / ROOT).read_bytes())
        signer.verify_directly_issued_by(intermediate)
        intermediate.verify_directly_issued_by(root)
    except FileNotFoundError as error:
        raise KeysMissing(f"{error.filename} is missing") from error
    except PermissionError as error:
        raise KeysMissing(f"{error.filename} may not be read") from error
    except (ValueError, TypeError) as error:
        raise KeysMissing(f"{folder} holds something else than a chain: {error}") from error
    except InvalidSignature as error:
        raise KeysMissing(f"the certificates in {folder} do not belong together") from error
    if not isinstance(key, ec.EllipticCurvePrivateKey) or key.public_key() != signer.public_key():
        raise KeysMissing(f"the key in {folder / SIGNER} is not that of its certificate")
    return Chain(
        key=key,
        certificates=_pem(signer) + _pem(intermediate),
        root=_pem(root),
        ends_at=signer.not_valid_after_utc,
        fingerprint=fingerprint(root),
    )


def anchors(folder: Path) -> str:
    """Roots of other signers that this site trusts, as PEM; empty when it names none."""
    try:
        return (folder / ANCHORS).read_text(encoding="ascii")
    except FileNotFoundError:
        return ""


def fingerprint(certificate: x509.Certificate) -> str:
    """SHA-256 as people compare it: pairs with colons."""
    return certificate.fingerprint(hashes.SHA256()).hex(":").upper()


def make(folder: Path, *, name: str) -> bool:
    """Make a whole chain for the site of this name, unless the folder holds one; returns whether it did.

    Everything is written beside the folder first and moved there, so that two who start at once end up
    with one chain. Nothing is ever overwritten.
    """
    if any((folder / file).exists() for file in (ROOT, INTERMEDIATE, SIGNER)):
        return False
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=_beside(folder)))
    try:
        _write_chain(draft, name)
        return _move(draft, folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _beside(folder: Path) -> Path:
    """Within the folder where it stands already, since it may be a volume of its own."""
    return folder if folder.exists() else folder.parent


def _move(draft: Path, folder: Path) -> bool:
    if draft.parent != folder:
        try:
            draft.rename(folder)
        except OSError:
            # Somebody else was quicker: a folder that is not empty cannot be moved onto.
            if not (folder / SIGNER).exists():
                raise
            return False
        return True
    try:
        # Whoever gets the root in first goes on; links are never made over a file.
        for file in (ROOT, ROOT_KEY, INTERMEDIATE, INTERMEDIATE_KEY, SIGNER):
            os.link(draft / file, folder / file)
    except FileExistsError:
        return False
    folder.chmod(0o700)
    return True


def _write_chain(folder: Path, name: str) -> None:
    root_key, intermediate_key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    root_name, intermediate_name = _name(name, "Root"), _name(name, "Intermediate")
    root = _certificate(root_name, root_key, root_name, root_key, days=DAYS_OF_ROOT, authority=True)
    intermediate = _certificate(
        intermediate_name, intermediate_key, root_name, root_key, days=DAYS_OF_INTERMEDIATE, authority=True
    )
    _write(folder / ROOT, _pem(root).encode())
    _write(folder / ROOT_KEY, _pem_key(root_key))
    _write(folder / INTERMEDIATE, _pem(intermediate).encode())
    _write(folder / INTERMEDIATE_KEY, _pem_key(intermediate_key))
    _write(folder / SIGNER, _signer(name, intermediate, intermediate_key))


def renew(folder: Path, *, name: str) -> dt.datetime:
    """A new signer under the same root; returns until when it is valid. Raises KeysMissing.

    Files signed before stay as they are, and valid for as long as their own signer.
    """
    try:
        intermediate = x509.load_pem_x509_certificate((folder / INTERMEDIATE).read_bytes())
        key = serialization.load_pem_private_key((folder / INTERMEDIATE_KEY).read_bytes(), password=None)
    except FileNotFoundError as error:
        raise KeysMissing(f"{error.filename} is missing: a renewal needs it") from error
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise KeysMissing(f"{folder / INTERMEDIATE_KEY} is no key of ours")
    draft = folder / f".{SIGNER}.{os.getpid()}"
    _write(draft, _signer(name, intermediate, key))
    draft.replace(folder / SIGNER)
    return load(folder).ends_at


def _signer(name: str, intermediate: x509.Certificate, intermediate_key: ec.EllipticCurvePrivateKey) -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    made = _certificate(_name(name, "Signer"), key, intermediate.subject, intermediate_key, days=DAYS_OF_SIGNER)
    return _pem_key(key) + (_pem(made) + _pem(intermediate)).encode()


def _name(site: str, role: str) -> x509.Name:
    # Other verifiers show the organisation as the issuer, so it is the site's own name.
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, site[:64]),
            x509.NameAttribute(NameOID.COMMON_NAME, f"{site} {role}"[:64]),
        ]
    )


def _certificate(
    subject: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    issuer: x509.Name,
    issuer_key: ec.EllipticCurvePrivateKey,
    *,
    days: int,
    authority: bool = False,
) -> x509.Certificate:
    """One certificate with just the uses that C2PA asks for: an authority signs certificates, a signer files."""
    now = dt.datetime.now(dt.UTC)
    usage = x509.KeyUsage(
        digital_signature=not authority,
        key_cert_sign=authority,
        crl_sign=authority,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )
    draft = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - GRACE)
        .not_valid_after(now + dt.timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False)
    )
    if not authority:
        draft = draft.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), critical=False)
    return draft.sign(issuer_key, hashes.SHA256())


def _pem(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(serialization.Encoding.PEM).decode("ascii")


def _pem_key(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _write(path: Path, words: bytes) -> None:
    """Readable by this user alone from its first byte on; never over another file."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(words)
        file.flush()
        os.fsync(file.fileno())
