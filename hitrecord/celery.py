"""The Celery application: settings from Django, tasks from each app, five queues that must be named rightly."""

import os
from typing import Any

from celery import Celery
from celery.contrib.django.task import DjangoTask
from kombu import Queue

from hitrecord import logs

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hitrecord.settings")

QUEUES = ("interactive", "media", "money", "mail", "periodic")


class HouseTask(DjangoTask):
    """A task that carries the id of the request it came from, so that one id finds the logs of both."""

    def apply_async(self, *args: Any, **options: Any) -> Any:
        """Queue it with the id among its headers."""
        options["headers"] = {**(options.get("headers") or {}), logs.TASK_HEADER: logs.request_id.get()}
        return super().apply_async(*args, **options)

    def before_start(self, task_id: str, args: Any, kwargs: Any) -> None:
        """Log under that id; a task that no request has queued goes by its own."""
        if not self.request.is_eager:
            carried = getattr(self.request, logs.TASK_HEADER, None)
            logs.request_id.set(carried if carried and carried != logs.NOBODY else f"task-{task_id}")

    def after_return(self, status: str, retval: Any, task_id: str, args: Any, kwargs: Any, einfo: Any) -> None:
        """Leave the id behind, once the outcome is logged."""
        if not self.request.is_eager:
            logs.request_id.set(logs.NOBODY)


app = Celery("hitrecord", task_cls=HouseTask)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.task_queues = [Queue(name) for name in QUEUES]
# By a task's name; the first that fits. What fits none is interactive: somebody waits for it.
app.conf.task_routes = {
    "*.tasks.mail_*": {"queue": "mail"},
    "*.tasks.reap_*": {"queue": "periodic"},
    "*.tasks.sweep_*": {"queue": "periodic"},
    "*.tasks.recount_*": {"queue": "periodic"},
    "contributions.tasks.sign_version": {"queue": "media"},
    "contributions.tasks.transcode": {"queue": "media"},
    "royalties.tasks.*": {"queue": "money"},
}
# A misspelt queue would be one that no worker reads: refuse it where it is written.
app.conf.task_create_missing_queues = False
app.conf.worker_hijack_root_logger = False
app.conf.worker_redirect_stdouts = False
app.autodiscover_tasks()
