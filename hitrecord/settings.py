"""Settings of the whole site, read strictly from the environment (docs/operations.md).

Without DEMO or DEBUG every setting is a production setting. `manage.py` and the
processes that `bin/up` starts find the embedded servers through var/run/servers.json.
"""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import urlsplit

import django_stubs_ext
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from hitrecord import addresses, env, periodic

# Lets classes name their model, as in ModelAdmin[Artist], at run time too.
django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(env.text("VAR_DIR", str(BASE_DIR / "var")))
addresses.fill(os.environ, VAR_DIR / "run" / "servers.json")

DEBUG = env.flag("DEBUG")
# DEMO=1 is for trying the site on one's own machine; `check --deploy` refuses it.
DEMO = env.flag("DEMO")
LOCAL = DEBUG or DEMO

SECRET_KEY = env.text("SECRET_KEY")
SITE_NAME = env.text("SITE_NAME", "hitrecord")
SITE_URL = env.text("SITE_URL", "http://localhost:8000" if LOCAL else None).rstrip("/")
SITE_HOST = urlsplit(SITE_URL).hostname or "localhost"
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", (SITE_HOST, "127.0.0.1", "localhost") if LOCAL else (SITE_HOST,))
CSRF_TRUSTED_ORIGINS = [SITE_URL]
CSRF_FAILURE_VIEW = "profiles.kept_forms.token_refused"

INSTALLED_APPS = [
    "hitrecord",
    "profiles",
    "contributions",
    "projects",
    "challenges",
    "reviews",
    "royalties",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "csp",
    "django_htmx",
    "hitrecord.apps.Admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.forms",
    "whitenoise.runserver_nostatic",
    "hitrecord.apps.StaticFiles",
]

MIDDLEWARE = [
    "hitrecord.logs.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "profiles.middleware.StaffSecondFactorMiddleware",
    "profiles.middleware.KeptFormMiddleware",
]

ROOT_URLCONF = "hitrecord.urls"
WSGI_APPLICATION = "hitrecord.wsgi.application"
FORM_RENDERER = "profiles.forms_render.HouseRenderer"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "hitrecord.context.site",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "profiles.templatetags.house",
            ],
        },
    }
]

# The app role has no more than DML; migrations run as the owner (manage.py sets the role).
DATABASE_ROLE = env.text("DATABASE_ROLE", "app")
_database_url = env.text("DATABASE_URL")
DATABASE_APP_ROLE = addresses.django_database(_database_url)["USER"]
if DATABASE_ROLE == "owner":
    _database_url = env.text("DATABASE_OWNER_URL", _database_url)
DATABASES = {
    "default": {
        **addresses.django_database(_database_url),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.text("REDIS_URL")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": addresses.redis_cache(REDIS_URL, 1),
        "OPTIONS": {"serializer": "hitrecord.cache.JsonSerializer"},
    }
}
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"

CELERY_BROKER_URL = addresses.celery_broker(REDIS_URL, 0)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_ACKS_LATE = CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# The visibility timeout must outlast the longest task: a four-hour film.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": env.number("CELERY_VISIBILITY_TIMEOUT", 6 * 3600, least=1),
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
}
CELERY_TASK_DEFAULT_QUEUE = "interactive"
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "run" / "beat-schedule")
CELERY_BEAT_SCHEDULE = periodic.schedule()
# How long a job may go without a heartbeat before another worker may take it, in seconds.
JOB_LEASE_SECONDS = env.number("JOB_LEASE_SECONDS", 30, least=2)

if S3_BUCKET := env.text("S3_BUCKET", ""):
    _media_storage = {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": S3_BUCKET,
            "endpoint_url": env.text("S3_ENDPOINT_URL", "") or None,
            "access_key": env.text("S3_ACCESS_KEY_ID"),
            "secret_key": env.text("S3_SECRET_ACCESS_KEY"),
            "region_name": env.text("S3_REGION", "us-east-1"),
            "addressing_style": env.text("S3_ADDRESSING_STYLE", "path"),
            "signature_version": "s3v4",
            "default_acl": None,
            "file_overwrite": True,
        },
    }
else:
    _media_storage = {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": env.text("MEDIA_DIR", str(VAR_DIR / "media")), "base_url": None},
    }
STORAGES = {
    "default": _media_storage,
    "staticfiles": {
        "BACKEND": "hitrecord.storage.StaticStorage"
        if not DEBUG
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
# Where the sandbox makes its private folders.
SCRATCH_DIR = env.text("SCRATCH_DIR", str(VAR_DIR / "scratch"))
# Behind Caddy or nginx bytes of local storage go out by X-Accel-Redirect below this prefix.
ACCEL_PREFIX = env.text("ACCEL_PREFIX", "")
CREDENTIALS_DIR = env.text("CREDENTIALS_DIR", str(VAR_DIR / "credentials"))  # docs/credentials.md
SIGN_FILES = env.flag("SIGN_FILES", default=True)
UPLOAD_CHUNK_BYTES = 16 * 1024 * 1024
UPLOAD_EXPIRES_HOURS = env.number("UPLOAD_EXPIRES_HOURS", 48, least=1)
ARTIST_QUOTA_BYTES = env.number("ARTIST_QUOTA_GB", 50, least=1) * 1024**3
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000  # a cue sheet of a thousand cues in the admin
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

AUTH_USER_MODEL = "profiles.Artist"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}Validator"}
    for name in ("UserAttributeSimilarity", "MinimumLength", "CommonPassword", "NumericPassword")
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "profiles.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_SIGNUP_FORM_CLASS = "profiles.forms.JoinForm"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
# Bytes may move before the address is verified; publishing asks for it (web.md, journey 1).
ACCOUNT_EMAIL_VERIFICATION = "optional"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_PREVENT_ENUMERATION = True
# Codes and warnings about payouts go to the account's address: who changes it proves who they are, and it is told.
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
# These mails say from where it was done: what the proxy before the site saw, and nobody else may claim.
ALLAUTH_TRUSTED_PROXY_COUNT = env.number("TRUSTED_PROXIES", 0 if LOCAL else 1, least=0)
# Beside allauth's own: what makes the site write to an address that nobody has confirmed.
ACCOUNT_RATE_LIMITS = {"claim": env.text("CLAIM_RATE", "10/h/ip")}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = LOCAL
# Staff need a second factor for the admin, unless this is a demo.
STAFF_SECOND_FACTOR = not DEMO

EMAIL_BACKEND = env.text(
    "EMAIL_BACKEND",
    "django.core.mail.backends.filebased.EmailBackend" if LOCAL else "django.core.mail.backends.smtp.EmailBackend",
)
EMAIL_FILE_PATH = str(VAR_DIR / "mail")
EMAIL_HOST = env.text("EMAIL_HOST", "localhost")
EMAIL_PORT = env.number("EMAIL_PORT", 25)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = env.flag("EMAIL_USE_TLS")
# A server that takes the call and says nothing must not keep a worker for ever.
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", f"{SITE_NAME} <noreply@{SITE_HOST}>")

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English"))]
# English that is not American: 19 November 2026, never 11/19/2026.
FORMAT_MODULE_PATH = ["hitrecord.formats"]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "UTC"
USE_TZ = True

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "blob:", "data:"],
        "media-src": [SELF, "blob:"],
        "worker-src": [SELF, "blob:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
SECURE_SSL_REDIRECT = env.flag("SECURE_SSL_REDIRECT", default=not LOCAL)
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 0 if LOCAL else env.number("SECURE_HSTS_SECONDS", 31_536_000)
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = not LOCAL
X_FRAME_OPTIONS = "DENY"

DEFAULT_CURRENCY = env.text("DEFAULT_CURRENCY", "USD")  # amounts per currency are in royalties/policy.py
STATEMENT_WINDOW_DAYS = env.number("STATEMENT_WINDOW_DAYS", 14, least=1 if DEMO else 14)
PAYOUT_KEYS = env.words("PAYOUT_KEYS")  # they seal payout addresses; SECRET_KEY where there are none
PAYER_COUNTRY = env.text("PAYER_COUNTRY", "US")
UNCLAIMED_MONTHS = env.number("UNCLAIMED_MONTHS", 36, least=1)
SEPA_ACCOUNT = env.words("SEPA_ACCOUNT")  # our name, IBAN, BIC, town, country; none: artists are offered PayPal alone

LOG_LEVEL = env.choice("LOG_LEVEL", ("DEBUG", "INFO", "WARNING", "ERROR"), "INFO")
LOG_FORMAT = env.choice("LOG_FORMAT", ("plain", "json"), "plain" if LOCAL else "json")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request_id": {"()": "hitrecord.logs.RequestIdFilter"}},
    "formatters": {
        "json": {"()": "hitrecord.logs.JsonFormatter"},
        "plain": {"format": "%(asctime)s %(levelname)s %(name)s [%(request_id)s] %(message)s"},
    },
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT, "filters": ["request_id"]},
    },
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
}
