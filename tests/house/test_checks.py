"""Misconfiguration is a system check with an id and a hint."""

import os
import subprocess
import sys

import pytest
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured

from contributions.credentials import keys
from hitrecord import env
from tests.house.source import ROOT


def found(*, deploy=False):
    return {message.id: message for message in run_checks(include_deployment_checks=deploy)}


def test_a_sound_configuration_is_quiet():
    assert not [key for key in found() if key.startswith(("hitrecord.", "royalties."))]


@pytest.mark.parametrize(
    "address", ["studio.example", "ftp://studio.example", "https://studio.example/shop", "https://"]
)
def test_an_address_that_is_none_is_named(settings, address):
    settings.SITE_URL = address
    assert found()["hitrecord.E001"].hint


def test_accel_with_s3_is_named(settings):
    settings.ACCEL_PREFIX = "/files/"
    settings.STORAGES = {**settings.STORAGES, "default": {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": {}}}
    assert "hitrecord.E003" in found()


def test_a_currency_that_is_none_is_named(settings):
    settings.DEFAULT_CURRENCY = "GOLD"
    assert "royalties.E001" in found()


def test_a_demo_may_not_be_deployed(settings):
    settings.DEMO = True
    assert "hitrecord.E010" in found(deploy=True)
    settings.DEMO = False
    assert "hitrecord.E010" not in found(deploy=True)


def test_a_site_without_tls_may_not_be_deployed(settings):
    settings.SITE_URL = "http://studio.example"
    assert "hitrecord.E011" in found(deploy=True)


def test_the_owner_of_the_tables_may_not_run_the_site(monkeypatch):
    assert "hitrecord.E012" not in found(deploy=True)
    monkeypatch.setenv("DATABASE_OWNER_URL", "postgresql://app@/one")
    monkeypatch.setenv("DATABASE_URL", "postgresql://app@/one")
    assert "hitrecord.E012" in found(deploy=True)


def test_sealing_by_the_key_of_sessions_is_named(settings):
    settings.PAYOUT_KEYS = []
    assert "royalties.W002" in found(deploy=True)
    settings.PAYOUT_KEYS = ["another"]
    assert "royalties.W002" not in found(deploy=True)


def test_an_account_that_no_bank_takes_is_named_at_the_start(settings):
    assert "royalties.E016" not in found()
    settings.SEPA_ACCOUNT = ["Us", "DE89370400440532013001", "COBADEFFXXX", "Berlin", "DE"]
    assert "royalties.E016" in found()
    settings.SEPA_ACCOUNT = ["Us", "DE89370400440532013000", "COBADEFFXXX", "Berlin", "DE"]
    assert "royalties.E016" not in found()
    settings.SEPA_ACCOUNT = ["DE89370400440532013000"]
    assert "royalties.E016" in found()
    settings.PAYER_COUNTRY = "Utopia"
    assert "royalties.E017" in found()


def test_a_value_outside_its_options_stops_the_start(monkeypatch):
    monkeypatch.setenv("LOG_FORMAT", "xml")
    with pytest.raises(ImproperlyConfigured, match="LOG_FORMAT must be one of plain, json"):
        env.choice("LOG_FORMAT", ("plain", "json"), "plain")


@pytest.mark.parametrize(("demo", "days", "starts"), [("0", "13", False), ("0", "14", True), ("1", "3", True)])
def test_the_window_of_a_statement_is_shortened_for_a_demo_only(demo, days, starts):
    environment = {**os.environ, "DEMO": demo, "DEBUG": "0", "STATEMENT_WINDOW_DAYS": days}
    command = [sys.executable, "-c", "import hitrecord.settings"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert ("STATEMENT_WINDOW_DAYS must be a whole number of at least 14." not in done.stderr) == starts
    assert (done.returncode == 0) == starts


def test_the_cache_holds_no_pickle(db):
    import redis
    from django.conf import settings
    from django.core.cache import cache

    cache.set("mixed", {"a": [1, 2.5, None, "é"]})
    cache.set("count", 4)
    assert cache.get("mixed") == {"a": [1, 2.5, None, "é"]}
    assert cache.incr("count") == 5
    raw = redis.Redis.from_url(settings.CACHES["default"]["LOCATION"]).get(":1:mixed")
    assert raw == b'{"a": [1, 2.5, null, "\\u00e9"]}'
    with pytest.raises(TypeError):
        cache.set("code", object())


def test_certificates_that_are_missing_open_or_about_to_end_are_named(settings, tmp_path, monkeypatch):
    settings.CREDENTIALS_DIR = str(tmp_path / "chain")
    assert found(deploy=True)["hitrecord.E015"].hint
    monkeypatch.setattr(keys, "DAYS_OF_SIGNER", 300)
    keys.make(tmp_path / "chain", name="A studio")
    assert "hitrecord.E015" not in found(deploy=True)
    assert "hitrecord.W017" in found(deploy=True)
    (tmp_path / "chain" / "signer.pem").chmod(0o640)
    assert "hitrecord.E016" in found(deploy=True)
    monkeypatch.undo()
    keys.renew(tmp_path / "chain", name="A studio")
    assert not {"hitrecord.E015", "hitrecord.E016", "hitrecord.W017"} & set(found(deploy=True))


def test_a_site_that_signs_nothing_needs_no_certificates(settings, tmp_path):
    settings.SIGN_FILES, settings.CREDENTIALS_DIR = False, str(tmp_path / "none")
    assert "hitrecord.E015" not in found(deploy=True)
