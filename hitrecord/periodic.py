"""What beat asks for, and when; hitrecord/celery.py says which queue each goes to."""

from typing import Any

from celery.schedules import crontab

#: Seconds between two runs of a task.
SECONDS = {
    "contributions.tasks.reap_jobs": 10,
    "contributions.tasks.sweep_unsigned": 120,
    "contributions.tasks.sweep_uploads": 600,
    "profiles.tasks.mail_notices": 60,
    "royalties.tasks.replace_silent_panelists": 600,
    "royalties.tasks.check_newest": 60,
    "royalties.tasks.close_months": 3600,
    "royalties.tasks.publish_head": 3600,
    "royalties.tasks.run_nightly_check": 3600,
    "royalties.tasks.sweep_computations": 120,
    "royalties.tasks.sweep_outbox": 120,
    "royalties.tasks.sweep_reports": 120,
}
#: When in the night, in UTC. By the clock and not by an interval: beat keeps nothing over a restart, and a site that is
#: restarted every day would never see one of a day end.
NIGHTLY = {
    "profiles.tasks.sweep_sessions": (2, 0),
    "profiles.tasks.sweep_submissions": (2, 10),
    "royalties.tasks.mark_all_paid": (2, 20),
    "royalties.tasks.sweep_unclaimed": (2, 40),
    "royalties.tasks.forget_claim_addresses": (3, 0),
    "royalties.tasks.forget_left_payees": (3, 10),
    "royalties.tasks.forget_old_destinations": (3, 20),
    "royalties.tasks.forget_payout_files": (3, 30),
}
DAY = 24 * 3600


def schedule() -> dict[str, dict[str, Any]]:
    """As Celery wants it; what could not be run in time is dropped, since the next one does the same."""
    often = {
        task: {"task": task, "schedule": seconds, "options": {"expires": max(seconds, 60)}}
        for task, seconds in SECONDS.items()
    }
    nightly = {
        task: {"task": task, "schedule": crontab(hour=hour, minute=minute), "options": {"expires": DAY}}
        for task, (hour, minute) in NIGHTLY.items()
    }
    return {**often, **nightly}
