"""What a page says, as the plain words that somebody reads."""

from __future__ import annotations

import re
from typing import Any

from django.urls import reverse


def words_of(html: str) -> str:
    """Without tags; what stands in a box of its own is a word of its own."""
    inline = re.sub(r"</?(a|bdi|i|q)\b[^>]*>", "", html)
    return " ".join(re.sub(r"<[^>]+>", " ", inline).split())


def page(client: Any, name: str, *args: Any, **query: Any) -> str:
    """A page of money as plain words."""
    response = client.get(reverse(f"royalties:{name}", args=args), query)
    assert response.status_code == 200
    return words_of(response.content.decode())
