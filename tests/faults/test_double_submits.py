"""Every form that moves money, sent ten times: one effect, the first answer again, another body refused.

The whole is `bin/test --faults -k double_submits -n 4`: each topic has a site, a database and a process of its own.
`--form submit_batch` sends that one alone, and may be given several times.
"""

from __future__ import annotations

import inspect
import random
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib import admin

from royalties.admin.asking import AsksByForm
from royalties.admin.base import AddsByAction
from royalties.urls import urlpatterns
from tests.faults.double_submits import TIMES, senders
from tests.faults.forms import TARGETS
from tests.faults.invariants import breaches
from tests.faults.money_forms import EXCEPTIONS, FORMS, TOPICS
from tests.faults.studio import Studio
from tests.royalties.payees import SEPA_ACCOUNT
from tests.soak.chance import tell
from tests.support.sites import Site

#: What every model of the admin has: pages to read.
READ = {"changelist", "history", "change", "delete", "add"}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Only the topics of the forms that were asked for, or all."""
    if "topic" in metafunc.fixturenames:
        asked = set(metafunc.config.getoption("--form"))
        if unknown := asked - FORMS.keys():
            raise pytest.UsageError(f"no form is called {', '.join(sorted(unknown))}")
        metafunc.parametrize("topic", [topic for topic in TOPICS if not asked or asked & names_of(topic)])


def names_of(topic: str) -> set[str]:
    return {made.__name__ for made in TOPICS[topic]}


def test_a_form_sent_ten_times_counts_once(
    site_factory: Any,
    studio: Studio,
    topic: str,
    seed: int,
    size: Callable[[int, int], int],
    pytestconfig: pytest.Config,
) -> None:
    site: Site = site_factory(WEB_WORKERS="2", LOG_LEVEL="ERROR", SEPA_ACCOUNT=",".join(SEPA_ACCOUNT))
    site.start_web()
    sender = senders(studio, site.url, random.Random(seed))
    asked, forms = pytestconfig.getoption("--form"), size(1, 1000)
    names = [made.__name__ for made in TOPICS[topic] if not asked or made.__name__ in asked]
    for number in range(forms):
        for name in names:
            sender.send(name)
        assert not sender.problems, "\n".join(sender.problems)
        if (number + 1) % max(forms // 20, 1) == 0:
            tell(f"{topic}: {number + 1} of each form")
    assert breaches() == []
    assert sender.sent == dict.fromkeys(names, forms)
    tell(f"{topic}: {forms} × {TIMES} of {len(names)} forms\n" + "\n".join(sender.times()))


def test_every_form_of_money_is_sent() -> None:
    known = {TARGETS[name] for name in FORMS} | EXCEPTIONS.keys()
    offered = {*pages(), *moves()}
    assert sorted(offered - known) == [], "a form that nobody sends twice"
    assert sorted(known - offered) == [], "a form that is not there any more"


def pages() -> Iterator[str]:
    """The names of the pages that take a form: whose view speaks of POST, or takes nothing else."""
    for pattern in urlpatterns:
        view = inspect.getsource(inspect.unwrap(pattern.callback))
        if "POST" in view or "@sent_from(" in view:
            yield str(pattern.name)


def moves() -> Iterator[str]:
    """What can be added, moved and asked in the admin, and every address of its own."""
    for model, pages_of in admin.site._registry.items():
        if model._meta.app_label != "royalties":
            continue
        name = str(model._meta.model_name)
        views = {str(url.name).removeprefix(f"royalties_{name}_") for url in pages_of.get_urls() if url.name}
        yield from (f"{name} {view}" for view in views - READ - {"ask"})
        yield from (f"{name} {action}" for action in pages_of.actions or ())
        if isinstance(pages_of, AddsByAction) and pages_of.add_powers:
            yield f"{name} add"
        if isinstance(pages_of, AsksByForm):
            yield from (f"{name} ask {move}" for move in pages_of.asks)
