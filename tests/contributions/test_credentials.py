"""What a file says of its origin: signed for every type, believed when unchanged, and only then."""

import json
import shutil
from pathlib import Path
from typing import Any

import c2pa
import pytest
from django.conf import settings

from contributions import actions
from contributions.credentials import KeysMissing, SigningFailed, can_sign, examine, keys, signed_copy
from contributions.credentials.reading import judge
from contributions.models import Contribution
from contributions.transcoding import inspect
from tests import media
from tests.contributions.works import published

MAKERS: dict[str, tuple[str, Any]] = {
    "jpg": ("image/jpeg", media.picture),
    "png": ("image/png", media.picture),
    "webp": ("image/webp", media.picture),
    "avif": ("image/avif", media.picture),
    "mp4": ("video/mp4", media.film),
    "mp3": ("audio/mpeg", media.recording),
    "wav": ("audio/wav", media.recording),
    "flac": ("audio/flac", media.recording),
    "m4a": ("audio/mp4", media.recording),
}
KINDS = sorted(MAKERS)


@pytest.fixture(scope="session")
def plain_files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """One file of each type that can carry credentials."""
    folder = tmp_path_factory.mktemp("plain")
    return {kind: make(folder / f"plain.{kind}") for kind, (_mime, make) in MAKERS.items()}


@pytest.fixture
def copy_of(plain_files: dict[str, Path], tmp_path: Path) -> Any:
    """A private copy of one of them."""
    return lambda kind: Path(shutil.copy(plain_files[kind], tmp_path / f"own.{kind}"))


@pytest.fixture
def remix(alice: Any, bob: Any) -> Contribution:
    """A work that adapts one, reuses another and was inspired by a third."""
    sources = [published(alice, title) for title in ("The lamp", "The tide", "The fog")]
    kinds = ("inspired", "reuses", "adapts")
    return published(bob, "Night crossing", sources=list(zip(sources, kinds, strict=True)))


def chain() -> keys.Chain:
    return keys.load(Path(settings.CREDENTIALS_DIR))


def finding(path: Path, *, anchors: str = "") -> Any:
    return examine(path, root=chain().root, anchors=anchors, folder=path.parent)


def as_a_stranger_reads(path: Path, mime: str, *, root: str | None = None) -> tuple[str, dict[str, Any]]:
    """The library itself, as another program would use it."""
    told = {"verify": {"verify_trust": True}, "trust": {"trust_anchors": chain().root if root is None else root}}
    context = c2pa.Context(c2pa.Settings.from_dict(told))
    with path.open("rb") as file, c2pa.Reader(mime, file, context=context) as reader:
        whole = json.loads(reader.json())
        return str(reader.get_validation_state()), whole["manifests"][whole["active_manifest"]]


def assertion(manifest: dict[str, Any], label: str) -> dict[str, Any]:
    return next(row["data"] for row in manifest["assertions"] if row["label"].endswith(label))


# -- every type


@pytest.mark.parametrize("kind", KINDS)
def test_a_signed_copy_is_trusted_plays_and_shows_one_flipped_byte(
    kind: str, copy_of: Any, remix: Contribution, tmp_path: Path
) -> None:
    plain, mime = copy_of(kind), MAKERS[kind][0]
    before = plain.read_bytes()
    assert finding(plain).verdict == "none"
    signed = signed_copy(plain, mime=mime, contribution=remix)
    assert plain.read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([plain.name, signed.name])
    state, manifest = as_a_stranger_reads(signed, mime)
    assert (state, manifest["title"]) == ("Trusted", "Night crossing")
    assert [row["title"] for row in manifest["ingredients"]] == ["The fog", "The tide", "The lamp"]
    assert finding(signed).verdict == "ours"
    # What we hand out is taken again when somebody uploads it as part of a remix.
    assert inspect(signed, folder=tmp_path).mime == mime
    data = bytearray(signed.read_bytes())
    data[content_at(kind, data)] ^= 0x01
    signed.write_bytes(data)
    assert finding(signed).verdict == "ours_changed"


def content_at(kind: str, data: bytearray) -> int:
    """A place within pictures or sound, away from headers and from the credentials."""
    marks = {"mp4": b"mdat", "m4a": b"mdat", "avif": b"mdat", "wav": b"data", "webp": b"VP8", "png": b"IDAT"}
    return data.index(marks[kind]) + 40 if kind in marks else len(data) - 200


@pytest.mark.parametrize("kind", ["jpg", "mp4", "flac"])
def test_one_flipped_byte_of_the_credentials_is_found(kind: str, copy_of: Any, remix: Contribution) -> None:
    signed = signed_copy(copy_of(kind), mime=MAKERS[kind][0], contribution=remix)
    data = bytearray(signed.read_bytes())
    data[data.index(b"Night crossing")] ^= 0x01
    signed.write_bytes(data)
    assert finding(signed).verdict == "broken"


@pytest.mark.parametrize("mime", ["audio/ogg", "video/webm", "text/html", "application/pdf"])
def test_a_type_that_cannot_carry_credentials_is_refused_in_words(mime: str, copy_of: Any, remix: Contribution) -> None:
    assert not can_sign(mime)
    with pytest.raises(SigningFailed, match=mime):
        signed_copy(copy_of("png"), mime=mime, contribution=remix)


def test_a_damaged_file_is_not_signed_and_leaves_nothing(copy_of: Any, remix: Contribution, tmp_path: Path) -> None:
    plain = copy_of("png")
    plain.write_bytes(plain.read_bytes()[:40])
    with pytest.raises(SigningFailed):
        signed_copy(plain, mime="image/png", contribution=remix)
    assert list(tmp_path.iterdir()) == [plain]


def test_without_certificates_nothing_is_signed(
    copy_of: Any, remix: Contribution, settings: Any, tmp_path: Path
) -> None:
    settings.CREDENTIALS_DIR = str(tmp_path / "none")
    with pytest.raises(KeysMissing, match=r"signer\.pem is missing"):
        signed_copy(copy_of("png"), mime="image/png", contribution=remix)


def test_a_file_that_was_signed_before_says_only_the_new(copy_of: Any, remix: Contribution, bob: Any) -> None:
    once = signed_copy(copy_of("jpg"), mime="image/jpeg", contribution=remix)
    other = published(bob, "Another matter")
    again = signed_copy(once, mime="image/jpeg", contribution=other)
    state, manifest = as_a_stranger_reads(again, "image/jpeg")
    assert (state, manifest["title"], manifest.get("ingredients", [])) == ("Trusted", "Another matter", [])
    assert b"Night crossing" not in again.read_bytes()


# -- what is said


@pytest.fixture
def manifest_of(copy_of: Any) -> Any:
    def read(work: Contribution) -> dict[str, Any]:
        return as_a_stranger_reads(signed_copy(copy_of("png"), mime="image/png", contribution=work), "image/png")[1]

    return read


def history(manifest: dict[str, Any]) -> list[str]:
    return [row["action"].rpartition(".")[2] for row in assertion(manifest, "c2pa.actions.v2")["actions"]]


def test_an_original_was_created_and_a_remix_opened_its_parent(
    manifest_of: Any, remix: Contribution, alice: Any
) -> None:
    assert history(manifest_of(published(alice))) == ["created", "published"]
    told = manifest_of(remix)
    assert history(told) == ["opened", "placed", "inspired", "edited", "published"]
    relations = [(row["title"], row["relationship"]) for row in told["ingredients"]]
    assert relations == [("The fog", "parentOf"), ("The tide", "componentOf"), ("The lamp", "componentOf")]


def test_what_only_inspired_was_not_opened(manifest_of: Any, alice: Any, bob: Any) -> None:
    source = published(alice, "The lamp")
    told = manifest_of(published(bob, "Afterglow", sources=[(source, "inspired")]))
    assert history(told) == ["created", "inspired", "published"]
    assert [row["relationship"] for row in told["ingredients"]] == ["componentOf"]


@pytest.mark.parametrize(
    ("use", "source_type"),
    [
        ("none", "digitalCreation"),
        ("assisted", "compositeWithTrainedAlgorithmicMedia"),
        ("generated", "trainedAlgorithmicMedia"),
    ],
)
def test_the_use_of_ai_is_said_as_it_was_declared(use: str, source_type: str, manifest_of: Any, alice: Any) -> None:
    told = manifest_of(published(alice, ai_use=use, ai_note="" if use == "none" else "A model drew the sky"))
    begun = assertion(told, "c2pa.actions.v2")["actions"][0]
    assert begun["digitalSourceType"].rpartition("/")[2] == source_type
    assert assertion(told, ".contribution")["ai_use"] == use


def test_makers_and_licence_are_said_by_their_public_names(manifest_of: Any, remix: Contribution, bob: Any) -> None:
    bob.credit_name = "Bob of the Ferry"
    bob.save()
    told = assertion(manifest_of(remix), "cawg.metadata")
    assert told["dc:creator"] == ["Bob of the Ferry"]
    assert told["xmpRights:WebStatement"] == "https://creativecommons.org/licenses/by/4.0/"
    assert told["dc:identifier"].startswith(f"{settings.SITE_URL}/contributions/{remix.pk}/")


def test_a_source_from_elsewhere_is_named_with_its_maker(manifest_of: Any, alice: Any) -> None:
    from tests.contributions.works import declared, written

    work = declared(written(alice, "Harbour"))
    actions.add_external_source(
        actor=alice,
        contribution=work,
        title="Low tide",
        author="A. Keeper",
        url="https://elsewhere.example/tide",
        licence_name="CC BY 4.0",
        kind="reuses",
    )
    told = manifest_of(actions.publish_contribution(actor=alice, contribution=work))
    assert [(row["title"], row.get("active_manifest")) for row in told["ingredients"]] == [("Low tide", None)]
    (source,) = assertion(told, ".contribution")["sources"]
    assert (source["author"], source["licence"]) == ("A. Keeper", "CC BY 4.0")


def test_of_a_source_that_is_gone_only_title_and_address_remain(
    manifest_of: Any, alice: Any, remix: Contribution
) -> None:
    gone = Contribution.objects.get(title="The tide")
    actions.withdraw(actor=alice, contribution=gone)
    told = manifest_of(remix)
    assert [row["title"] for row in told["ingredients"]] == ["The fog", "The tide", "The lamp"]
    named = {row["title"]: set(row) for row in assertion(told, ".contribution")["sources"]}
    assert named["The tide"] == {"title", "url", "kind"}
    assert named["The fog"] == {"title", "url", "kind", "contribution", "author", "licence"}


def test_a_source_whose_artist_asked_not_to_be_shown_is_not(manifest_of: Any, alice: Any, remix: Contribution) -> None:
    edge = remix.source_edges.get(parent__title="The fog")
    actions.unlink(actor=alice, remix=edge)
    told = json.dumps(manifest_of(remix))
    assert "The fog" not in told
    assert "The tide" in told


# -- who is believed


def test_somebody_elses_signature_is_not_ours(copy_of: Any, remix: Contribution, settings: Any, tmp_path: Path) -> None:
    own = settings.CREDENTIALS_DIR
    settings.CREDENTIALS_DIR = str(tmp_path / "theirs")
    keys.make(tmp_path / "theirs", name="Another Studio")
    theirs = keys.load(tmp_path / "theirs").root
    signed = signed_copy(copy_of("jpg"), mime="image/jpeg", contribution=remix)
    settings.CREDENTIALS_DIR = own
    found = finding(signed)
    assert (found.verdict, found.issuer, found.is_known, found.work_pk) == ("other", "Another Studio", False, None)
    assert finding(signed, anchors=theirs).is_known
    data = bytearray(signed.read_bytes())
    data[-200] ^= 0x01
    signed.write_bytes(data)
    assert finding(signed, anchors=theirs).verdict == "other_changed"


def test_who_does_not_know_our_root_finds_it_valid_but_not_trusted(copy_of: Any, remix: Contribution) -> None:
    signed = signed_copy(copy_of("jpg"), mime="image/jpeg", contribution=remix)
    context = c2pa.Context(c2pa.Settings.from_dict({"verify": {"verify_trust": True}}))
    with signed.open("rb") as file, c2pa.Reader("image/jpeg", file, context=context) as reader:
        assert reader.get_validation_state() == "Valid"


@pytest.mark.parametrize(
    "data", [b"", b"Only words.", b"OggS" + b"\0" * 200, b"\x1aE\xdf\xa3" + b"\0" * 200, b"PK\x03\x04" + b"\0" * 99]
)
def test_a_file_that_is_nothing_of_the_kind_says_nothing(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "odd"
    path.write_bytes(data)
    assert finding(path).verdict == "none"


@pytest.mark.parametrize("kind", ["jpg", "mp4", "wav"])
def test_a_signed_file_cut_short_is_never_called_unchanged(kind: str, copy_of: Any, remix: Contribution) -> None:
    signed = signed_copy(copy_of(kind), mime=MAKERS[kind][0], contribution=remix)
    data = signed.read_bytes()
    for keep in (0.2, 0.5, 0.9):
        signed.write_bytes(data[: int(len(data) * keep)])
        assert finding(signed).verdict in {"ours_changed", "broken", "none"}


def test_a_picture_whose_credentials_were_taken_out_says_nothing(copy_of: Any, remix: Contribution) -> None:
    signed = signed_copy(copy_of("mp4"), mime="video/mp4", contribution=remix)
    bare = signed.with_name("bare.mp4")
    media.ffmpeg("-i", str(signed), "-c", "copy", str(bare))
    assert finding(bare).verdict == "none"


def test_a_certificate_that_has_run_out_is_told_apart_from_a_change() -> None:
    good = ["claimSignature.validated", "signingCredential.trusted"]
    assert judge({"state": "Invalid", "good": good, "bad": ["signingCredential.expired"]}).verdict == "ours_expired"
    both = ["signingCredential.expired", "assertion.dataHash.mismatch"]
    assert judge({"state": "Invalid", "good": good, "bad": both}).verdict == "ours_changed"
    assert judge({"state": "Invalid", "good": good[1:], "bad": ["claimSignature.mismatch"]}).verdict == "broken"


def test_reading_stays_within_its_bounds(tmp_path: Path) -> None:
    """A manifest that claims to be gigantic costs no more than a box allows."""
    path = tmp_path / "bomb.jpg"
    segment = b"\xff\xeb\xff\xffJP\x02\x11\x00\x00\x00\x01\x7f\xff\xff\xffjumb" + b"\xff" * 60_000
    path.write_bytes(b"\xff\xd8" + segment * 3 + b"\xff\xd9")
    assert finding(path).verdict in {"broken", "none"}


def test_the_key_never_enters_the_sandbox(copy_of: Any, remix: Contribution, tmp_path: Path) -> None:
    """While a child signs, nothing that it can read holds the key."""
    from contributions.transcoding import sandbox

    seen: list[bytes] = []
    run = sandbox.run_python

    def looking(*args: Any, **kwargs: Any) -> Any:
        seen.extend(path.read_bytes() for path in kwargs["box"].iterdir())
        seen.append(json.dumps(args).encode())
        return run(*args, **kwargs)

    from contributions.credentials import signing

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(signing, "run_python", looking)
        signed_copy(copy_of("png"), mime="image/png", contribution=remix)
    assert seen
    assert not any(b"PRIVATE KEY" in words for words in seen)


# -- the certificates


def test_a_chain_is_made_once_and_for_us_alone(tmp_path: Path) -> None:
    folder = tmp_path / "chain"
    assert keys.make(folder, name="A studio")
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert set(before) == {"root.pem", "root.key", "intermediate.pem", "intermediate.key", "signer.pem"}
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}
    assert not keys.make(folder, name="A studio")
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert [path.name for path in tmp_path.iterdir()] == ["chain"]


def test_a_chain_is_made_within_a_folder_that_stands_already(tmp_path: Path) -> None:
    (tmp_path / "anchors.pem").write_text("")
    assert keys.make(tmp_path, name="A studio")
    assert keys.load(tmp_path).certificates.count("BEGIN CERTIFICATE") == 2
    assert not [path for path in tmp_path.iterdir() if path.is_dir()]


def test_a_renewed_signer_keeps_the_root(tmp_path: Path) -> None:
    folder = tmp_path / "chain"
    keys.make(folder, name="A studio")
    before = keys.load(folder)
    keys.renew(folder, name="A studio")
    after = keys.load(folder)
    assert (after.root, after.fingerprint) == (before.root, before.fingerprint)
    assert after.certificates != before.certificates
    (folder / "intermediate.key").unlink()
    with pytest.raises(KeysMissing, match="renewal"):
        keys.renew(folder, name="A studio")


@pytest.mark.parametrize("name", ["root.pem", "signer.pem"])
def test_a_chain_that_does_not_hang_together_is_refused(name: str, tmp_path: Path) -> None:
    for folder in ("one", "two"):
        keys.make(tmp_path / folder, name="A studio")
    shutil.copy(tmp_path / "two" / name, tmp_path / "one" / name)
    with pytest.raises(KeysMissing, match="belong together"):
        keys.load(tmp_path / "one")
    (tmp_path / "one" / name).write_text("nothing of the kind")
    with pytest.raises(KeysMissing):
        keys.load(tmp_path / "one")


def test_a_signer_may_sign_files_and_no_certificates(tmp_path: Path) -> None:
    from cryptography import x509

    keys.make(tmp_path / "chain", name="A studio")
    signer, intermediate = x509.load_pem_x509_certificates((tmp_path / "chain" / "signer.pem").read_bytes())
    usage = signer.extensions.get_extension_for_class(x509.KeyUsage).value
    assert (usage.digital_signature, usage.key_cert_sign) == (True, False)
    assert not signer.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    purposes = signer.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert [purpose.dotted_string for purpose in purposes] == ["1.3.6.1.5.5.7.3.4"]
    assert intermediate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
