"""Licence compatibility over a cone. Pure."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contributions.rights import Grant, Material, Reason, conflicts, parse, possible, reason_against

CC0 = Grant("CC0", "CC0 1.0")
BY = Grant("CC-BY", "CC BY 4.0")
BY_SA = Grant("CC-BY-SA", "CC BY-SA 4.0", share_alike=True)
BY_NC = Grant("CC-BY-NC", "CC BY-NC 4.0", commercial=False)
BY_NC_SA = Grant("CC-BY-NC-SA", "CC BY-NC-SA 4.0", commercial=False, share_alike=True)
BY_ND = Grant("CC-BY-ND", "CC BY-ND 4.0", derivatives=False)
SITE = Grant("SITE", "This site only", commercial=True, site_only=True)
OFFERED = (CC0, BY, BY_SA, BY_NC, BY_NC_SA, SITE)


@pytest.mark.parametrize(
    ("chosen", "material", "reason"),
    [
        (BY, BY, None),
        (BY, CC0, None),
        (BY_SA, BY, None),
        (BY_NC, BY, None),
        (SITE, BY, None),
        (SITE, BY_NC, None),
        (BY_SA, BY_SA, None),
        (BY_NC_SA, BY_NC_SA, None),
        (BY_NC_SA, BY_NC, None),
        (CC0, CC0, None),
        (SITE, SITE, None),
        (CC0, BY, Reason.CREDIT),
        (BY, BY_SA, Reason.SHARE_ALIKE),
        (BY_NC_SA, BY_SA, Reason.SHARE_ALIKE),
        (SITE, BY_SA, Reason.SHARE_ALIKE),
        (BY, BY_NC, Reason.NOT_COMMERCIAL),
        (BY_SA, BY_NC, Reason.NOT_COMMERCIAL),
        (CC0, BY_NC, Reason.NOT_COMMERCIAL),
        (BY_NC, BY_NC_SA, Reason.SHARE_ALIKE),
        (BY, SITE, Reason.SITE_ONLY),
        (CC0, SITE, Reason.SITE_ONLY),
        (BY, BY_ND, Reason.NO_DERIVATIVES),
        (BY_ND, BY_ND, Reason.NO_DERIVATIVES),
    ],
)
def test_a_licence_goes_with_a_material_or_says_why_not(chosen, material, reason):
    assert reason_against(chosen, material) is reason


def test_every_conflict_names_its_material():
    cone = [Material("Letter", "Mara", BY), Material("Lamp", "Hana", BY_SA), Material("Tide", "Amir", SITE)]
    found = conflicts(BY, cone)
    assert [(conflict.material.title, conflict.reason) for conflict in found] == [
        ("Lamp", Reason.SHARE_ALIKE),
        ("Tide", Reason.SITE_ONLY),
    ]


def test_two_materials_can_exclude_each_other():
    assert possible(OFFERED, [Material("a", "b", BY_SA), Material("c", "d", BY_NC)]) == []


@given(st.lists(st.sampled_from(OFFERED), max_size=6), st.sampled_from(OFFERED))
def test_more_materials_never_allow_more(grants, further):
    cone = [Material("a", "b", grant) for grant in grants]
    assert set(possible(OFFERED, [*cone, Material("c", "d", further)])) <= set(possible(OFFERED, cone))


@given(st.sampled_from(OFFERED))
def test_a_licence_goes_with_itself(grant):
    assert reason_against(grant, grant) is None


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("CC BY 4.0", "CC-BY"),
        ("cc-by-sa 3.0", "CC-BY-SA"),
        ("CC BY-NC-SA 4.0", "CC-BY-NC-SA"),
        ("Creative Commons BY-NC 2.0", "CC-BY-NC"),
        ("CC BY-ND 4.0", "CC-BY-ND"),
        ("CC0", "CC0"),
        ("Public domain", "CC0"),
        ("with permission", None),
        ("CC", None),
        ("All rights reserved", None),
    ],
)
def test_a_name_is_read_as_people_write_it(name, code):
    grant = parse(name)
    assert (grant.code if grant else None) == code
