"""The wiring as an app, so that its commands are found and tasks are bound to our Celery application."""

from django.apps import AppConfig
from django.contrib.admin import apps as admin
from django.contrib.staticfiles.apps import StaticFilesConfig

from hitrecord.celery import app as celery_app

__all__ = ["Admin", "HouseConfig", "StaticFiles", "celery_app"]


class HouseConfig(AppConfig):
    """Commands, checks and the Celery application; no models."""

    name = "hitrecord"
    default = True

    def ready(self) -> None:
        """Register the system checks."""
        from hitrecord import checks  # noqa: F401, PLC0415  # they register themselves


class StaticFiles(StaticFilesConfig):
    """Django's, without django-htmx's own copies of htmx: ours comes by npm, and theirs cannot be hashed."""

    ignore_patterns = [*StaticFilesConfig.ignore_patterns, "django_htmx"]


class Admin(admin.AdminConfig):
    """The stock admin with a first page of ours."""

    default = False
    default_site = "hitrecord.admin.HouseAdminSite"
