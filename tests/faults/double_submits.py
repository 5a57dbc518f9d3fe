"""Forms that are sent ten times each, to the running site, all at once or one after another."""

from __future__ import annotations

import random
import time
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace

from django.db import connection

from profiles.models import Event, Notice, Submission
from royalties.models import JournalEntry
from tests.faults.forms import TARGETS, Form, KeptBrowser, Reply
from tests.faults.money_forms import FORMS, effects, grown_since
from tests.faults.studio import Studio, here

TIMES = 10
#: Tables that grow with every effect.
GROWING = (Event, JournalEntry, Notice, Submission)


@dataclass
class Sender:
    """Sends forms of the site so often, and says what was not as it should be."""

    studio: Studio
    browser: KeptBrowser
    chance: random.Random
    problems: list[str] = field(default_factory=list)
    sent: Counter[str] = field(default_factory=Counter)
    #: Seconds by form: made ready, sent for the first time, sent again; and how often the last two.
    took: dict[str, list[float]] = field(default_factory=lambda: defaultdict(lambda: [0.0] * 5))

    def __post_init__(self) -> None:
        self.pool = ThreadPoolExecutor(TIMES)

    def send(self, name: str) -> None:
        """One form ten times; one effect and one answer are right."""
        began = time.perf_counter()
        with here():
            form = FORMS[name](self.studio)
        self.browser.know(form.sender)
        self.took[name][0] += time.perf_counter() - began
        if form.target != TARGETS[name]:
            self.problems.append(f"{name} is a form of “{form.target}”")
        before = effects()
        replies = self.send_all(name, form)
        grown = grown_since(before)
        self.sent[name] += 1
        if not grown or set(grown.values()) != {1}:
            self.problems.append(f"{name}: {TIMES} times the same form did {dict(grown) or 'nothing'}")
        if len(set(replies)) != 1 or replies[0].status != 302:
            self.problems.append(f"{name}: the answers differ: {sorted(set(replies), key=str)}")
        ends = ends_of_tables()
        other = replace(form, fields={**form.fields, "words": "Other words", "body": "Other words"})
        reply = self.browser.send(other)
        if reply.status != 409 or ends_of_tables() != ends:
            self.problems.append(f"{name}: the same key with another body was answered {reply.status}")

    def send_all(self, name: str, form: Form) -> list[Reply]:
        """Together, by connections of their own, or in turn; in turn nothing at all may follow from the second on."""
        if self.chance.random() >= 0.3:
            return list(self.pool.map(self.browser.send, [form] * TIMES))
        began = time.perf_counter()
        replies = [self.browser.send(form)]
        first, ends = time.perf_counter(), ends_of_tables()
        replies += [self.browser.send(form) for _time in range(TIMES - 1)]
        took = self.took[name]
        took[1:] = [took[1] + first - began, took[2] + time.perf_counter() - first, took[3] + 1, took[4] + TIMES - 1]
        if ends_of_tables() != ends:
            self.problems.append(f"{name}: something was written by a form that came again")
        return replies

    def times(self) -> list[str]:
        """A line a form: milliseconds to make it ready, to send it first, to send it again."""
        return [
            f"{name:24} {1000 * ready / max(self.sent[name], 1):8.1f} {1000 * first / max(ones, 1):8.1f}"
            f" {1000 * again / max(more, 1):8.1f}"
            for name, (ready, first, again, ones, more) in self.took.items()
        ]


def ends_of_tables() -> tuple[int | None, ...]:
    """Where each of them ends. One query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join(f"(SELECT max(id) FROM {model._meta.db_table})" for model in GROWING))
        return tuple(cursor.fetchone())


def senders(studio: Studio, url: str, chance: random.Random) -> Sender:
    """People who send forms to the site at this address."""
    return Sender(studio, KeptBrowser(url), chance)
