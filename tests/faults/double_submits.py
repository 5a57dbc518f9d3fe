"""Forms that are sent ten times each, to the running site, all at once or one after another."""

from __future__ import annotations

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from tests.faults.forms import Browser, Form, Reply
from tests.faults.money_forms import FORMS, effects, grown_since
from tests.faults.studio import Studio, here

TIMES = 10


@dataclass
class Sender:
    """Sends forms of the site so often, and says what was not as it should be."""

    studio: Studio
    browser: Browser
    chance: random.Random
    problems: list[str] = field(default_factory=list)
    sent: Counter[str] = field(default_factory=Counter)

    def send(self, name: str) -> None:
        """One form ten times; one effect and one answer are right."""
        with here():
            form = FORMS[name](self.studio)
        before = effects()
        replies = self.send_all(form)
        grown = grown_since(before)
        self.sent[name] += 1
        if not grown or set(grown.values()) != {1}:
            self.problems.append(f"{name}: {TIMES} times the same form did {grown or 'nothing'}")
        if len(set(replies)) != 1 or replies[0].status != 302:
            self.problems.append(f"{name}: the answers differ: {sorted(set(replies), key=str)}")
        other = Form(form.sender, form.path, {**form.fields, "words": "Other words", "body": "Other words"}, form.key)
        reply = self.browser.send(other)
        if reply.status != 409 or grown_since(before) != grown:
            self.problems.append(f"{name}: the same key with another body was answered {reply.status}")

    def send_all(self, form: Form) -> list[Reply]:
        """Together, by connections of their own, or in turn."""
        if self.chance.random() < 0.3:
            return [self.browser.send(form) for _time in range(TIMES)]
        with ThreadPoolExecutor(TIMES) as pool:
            return list(pool.map(self.browser.send, [form] * TIMES))


def senders(studio: Studio, url: str, chance: random.Random) -> Sender:
    """Everybody logged in."""
    browser = Browser(url)
    for person in (studio.bob, studio.charlie, studio.sam, studio.dana, studio.erin):
        browser.log_in(person)
    return Sender(studio, browser, chance)
