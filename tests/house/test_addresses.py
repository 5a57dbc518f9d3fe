"""Addresses of the site: a name is one address."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver


def named(resolver: Any, space: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every pattern with a name, whose namespace stands before it."""
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from named(pattern, f"{space}{pattern.namespace}:" if pattern.namespace else space)
        elif pattern.name:
            yield f"{space}{pattern.name}", pattern


def test_no_two_addresses_of_the_same_parameters_share_a_name() -> None:
    """Django would quietly take the later one, and links of the earlier would lead there."""
    found = defaultdict(list)
    for name, pattern in named(get_resolver()):
        # The admin's own addresses are Django's to name.
        if not name.startswith("admin:"):
            found[name, tuple(sorted(pattern.pattern.converters))].append(str(pattern.pattern))
    assert len(found) > 100
    assert {name: twice for name, twice in found.items() if len(twice) > 1} == {}
