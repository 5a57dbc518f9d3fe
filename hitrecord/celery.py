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

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Run it under that id; a task that nobody's request queued goes by its own."""
        carried = getattr(self.request, logs.TASK_HEADER, None)
        with logs.under_request(carried if carried and carried != logs.NOBODY else f"task-{self.request.id}"):
            return super().__call__(*args, **kwargs)


app = Celery("hitrecord", task_cls=HouseTask)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.task_queues = [Queue(name) for name in QUEUES]
# A misspelt queue would be one that no worker reads: refuse it where it is written.
app.conf.task_create_missing_queues = False
app.conf.worker_hijack_root_logger = False
app.conf.worker_redirect_stdouts = False
app.autodiscover_tasks()
