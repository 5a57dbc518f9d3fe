"""The tables by which money is divided are everybody's to read, with the days from which they hold."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from contributions import actions as works
from projects import actions as projects
from projects.errors import ProjectError

pytestmark = pytest.mark.usefixtures("db")


def test_every_table_is_shown_with_what_holds_now(client):
    page = client.get(reverse("royalties:rates")).text
    for word in ("Short film", "Departments", "reuses material of", "30%", "featured", "since"):
        assert word.lower() in page.lower()


def test_a_change_to_come_is_announced_and_the_present_rate_stays(client, sam):
    works.add_influence_rate(
        actor=sam, kind="inspired", rate_bps=725, effective_at=timezone.now() + dt.timedelta(days=30)
    )
    page = client.get(reverse("royalties:rates")).text
    assert "7.25% from" in page
    assert "5%</td>" in page


def test_the_same_as_a_file(client):
    tables = client.get(reverse("royalties:rates_json")).json()
    film = {row["code"]: row["share_bps"] for row in tables["departments"] if row["kind"] == "film"}
    assert sum(film.values()) == 10_000
    assert {row["kind"] for row in tables["influence_rates"]} == {"reuses", "adapts", "continues", "inspired"}


@pytest.mark.parametrize("days", [-1, -400])
def test_a_table_cannot_begin_in_the_past(sam, days):
    past = timezone.now() + dt.timedelta(days=days)
    with pytest.raises(ProjectError, match="past"):
        projects.set_departments(actor=sam, kind="film", shares={"picture": ("Picture", 10_000)}, effective_at=past)
    with pytest.raises(ProjectError, match="past"):
        projects.add_role(
            actor=sam, code="x", name="X", department_code="picture", credit_line="X by", effective_at=past
        )
    with pytest.raises(ProjectError, match="past"):
        projects.add_prominence(actor=sam, code="x", name="X", weight=10, effective_at=past)


def test_the_number_of_queries_does_not_grow(client, sam, django_assert_num_queries):
    with django_assert_num_queries(4):
        client.get(reverse("royalties:rates"))
    for number in range(10):
        projects.add_prominence(actor=sam, code=f"x{number}", name=f"X{number}", weight=number)
    with django_assert_num_queries(4):
        client.get(reverse("royalties:rates"))


def test_roles_stand_under_their_departments(client):
    page = client.get(reverse("royalties:rates")).text
    roles = page[page.index('id="role-h"') :]
    groups = re.findall(r'scope="rowgroup" colspan="2">([^<]+)', roles)
    assert groups == sorted(groups)
    assert "Edit" in groups
    edit = roles[roles.index(">Edit</th>") :]
    assert edit.index("Direction<") < edit.index("Finishing<") < edit.index("</tbody>")
