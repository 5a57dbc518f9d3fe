"""Settings of django-hordak for the bench alone: an app and a database of its own, nothing of the site."""

import os

from hitrecord.addresses import django_database

SECRET_KEY = "only-for-the-bench"  # nothing is signed with it
INSTALLED_APPS = ["django.contrib.auth", "django.contrib.contenttypes", "mptt", "djmoney", "hordak"]
DATABASES = {"default": {**django_database(os.environ["HORDAK_DATABASE_URL"]), "CONN_MAX_AGE": None}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DEFAULT_CURRENCY = HORDAK_INTERNAL_CURRENCY = "USD"
HORDAK_CURRENCIES = CURRENCIES = ["USD"]
USE_TZ = True
