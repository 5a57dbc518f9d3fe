"""Every form that moves money, sent ten times: one effect, the first answer again, another body refused."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from tests.faults.double_submits import TIMES, senders
from tests.faults.invariants import breaches
from tests.faults.money_forms import FORMS
from tests.faults.studio import Studio
from tests.soak.chance import tell
from tests.support.sites import Site


def test_a_form_sent_ten_times_counts_once(
    site_factory: Any, studio: Studio, seed: int, size: Callable[[int, int], int]
) -> None:
    site: Site = site_factory(WEB_WORKERS="2")
    site.start_web()
    sender = senders(studio, site.url, random.Random(seed))
    forms = size(1, 1000)
    for number in range(forms):
        for name in FORMS:
            sender.send(name)
        assert not sender.problems, "\n".join(sender.problems)
        if number % 100 == 99:
            tell(f"{number + 1} of each form")
    assert breaches() == []
    assert set(sender.sent.values()) == {forms}
    tell(f"{forms} × {TIMES} of {len(FORMS)} forms")
