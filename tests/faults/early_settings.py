"""The settings of the site for a worker that acknowledges before it works: a control, see test_controls.py."""

from hitrecord.settings import *  # noqa: F403 - all but two

CELERY_TASK_ACKS_LATE = CELERY_TASK_REJECT_ON_WORKER_LOST = False
