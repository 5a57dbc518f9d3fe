"""The wiring as an app, so that its commands are found and tasks are bound to our Celery application."""

from django.apps import AppConfig

from hitrecord.celery import app as celery_app

__all__ = ["HouseConfig", "celery_app"]


class HouseConfig(AppConfig):
    """Commands, checks and the Celery application; no models."""

    name = "hitrecord"
