"""A cut becomes measures: what is right goes in whole, what is wrong is named all at once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projects.cuesheet import (
    UNITS,
    WHOLE_BPS,
    CueSheetRefused,
    Section,
    Use,
    digest,
    measures,
    points,
    problems,
    proportional,
    sections_by_length,
)
from royalties.allocation import allocate

FILM = {"picture": 4000, "voice": 2000, "writing": 1500, "music": 1500, "edit": 1000}
ALBUM = {"composition": 4000, "performance": 4000, "production": 1000, "artwork": 1000}


def use(line="L1", **changes):
    given_use = {"contribution": "c1", "department": "picture", "unit": "screen_ms", "quantity": 1000}
    return Use(line=line, **(given_use | changes))


def codes(found):
    return [problem.code for problem in found]


def test_it_lists_each_use_with_its_numbers():
    document = measures([use(role_weight=75, prominence=25)], FILM)
    assert document == {
        "departments": FILM,
        "lines": [
            {
                "line": "L1",
                "contribution": "c1",
                "dept": "picture",
                "unit": "screen_ms",
                "quantity": 1000,
                "role_weight": 75,
                "prominence": 25,
            }
        ],
    }


def test_uses_at_the_same_time_each_count_in_full():
    document = measures([use("L1"), use("L2", contribution="c2")], FILM)
    assert [line["quantity"] for line in document["lines"]] == [1000, 1000]


def test_a_section_has_the_departments_of_the_table_unless_it_names_its_own():
    sections = [Section("film", 9000), Section("sleeve", 1000, departments={"picture": WHOLE_BPS})]
    document = measures([use(section="film"), use("L2", section="sleeve")], FILM, sections)
    assert document["sections"] == [{"id": "film", "bps": 9000}, {"id": "sleeve", "bps": 1000}]
    assert document["departments"] == {"film": FILM, "sleeve": {"picture": WHOLE_BPS}}
    assert [line["section"] for line in document["lines"]] == ["film", "sleeve"]


def test_it_refuses_two_units_in_one_department_of_one_section():
    mixed = [use("L1"), use("L2", unit="audible_ms"), use("L3", unit="words")]
    with pytest.raises(CueSheetRefused) as refused:
        measures(mixed, FILM)
    assert codes(refused.value.problems) == ["mixed_units"]
    assert refused.value.problems[0].details["department"] == "picture"


def test_the_same_department_may_count_otherwise_in_another_section():
    sections = [Section("a", 5000), Section("b", 5000)]
    assert problems([use(section="a"), use("L2", section="b", unit="words")], FILM, sections) == []


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"unit": "frames"}, "unknown_unit"),
        ({"quantity": 0}, "quantity_out_of_range"),
        ({"quantity": 2**53}, "quantity_out_of_range"),
        ({"section": "b-side"}, "unknown_section"),
        ({"department": "packaging"}, "department_without_part"),
    ],
)
def test_it_refuses_a_use_that_cannot_be_measured(changes, code):
    assert code in codes(problems([use(**changes)], FILM))


def test_it_refuses_a_use_without_a_section_where_there_are_sections():
    assert codes(problems([use()], FILM, [Section("a", WHOLE_BPS)])) == ["section_missing"]


def test_it_refuses_a_department_that_has_no_part_in_its_section():
    sections = [Section("track", 9000), Section("sleeve", 1000, departments={"artwork": WHOLE_BPS})]
    stray = [use(section="sleeve", department="composition", unit="audible_ms")]
    assert codes(problems(stray, ALBUM, sections)) == ["department_without_part"]


def test_it_refuses_parts_that_do_not_add_up():
    assert codes(problems([use()], {"picture": 9999})) == ["departments_sum"]
    sections = [Section("a", 5000, departments={"picture": 1}), Section("a", 4000)]
    assert codes(problems([use(section="a")], FILM, sections)) == [
        "section_departments_sum",
        "section_twice",
        "sections_sum",
    ]


def test_it_refuses_an_empty_sheet_and_a_line_named_twice():
    assert codes(problems([], FILM)) == ["no_cues"]
    assert codes(problems([use(), use()], FILM)) == ["line_twice"]


def test_it_refuses_a_sheet_in_which_nothing_counts():
    assert codes(problems([use(role_weight=0)], FILM)) == ["nothing_counts"]


def test_tracks_share_by_duration_and_the_sleeve_has_its_own_part():
    sections = sections_by_length({"a": 181_000, "b": 143_000}, ALBUM, {"artwork": "sleeve"})
    assert {section.id: section.bps for section in sections} == {"a": 5028, "b": 3972, "sleeve": 1000}
    assert sections[0].departments == {"composition": 4445, "performance": 4444, "production": 1111}
    assert sections[2].departments == {"artwork": WHOLE_BPS}
    tracks = [use("L1", section="a", department="composition", unit="audible_ms")]
    assert problems(tracks, ALBUM, sections) == []


def test_the_digest_does_not_depend_on_the_order_of_keys():
    assert digest({"a": 1, "b": [2]}) == digest({"b": [2], "a": 1})
    assert digest({"a": 1}) != digest({"a": 2})


@given(st.dictionaries(st.text(min_size=1, max_size=4), st.integers(0, 10**9), min_size=1))
def test_parts_in_proportion_add_up_and_are_less_than_one_off(weights):
    total = sum(weights.values())
    if not total:
        with pytest.raises(ValueError, match="shared out"):
            proportional(weights)
        return
    parts = proportional(weights)
    assert sum(parts.values()) == WHOLE_BPS
    for name, weight in weights.items():
        assert abs(parts[name] * total - weight * WHOLE_BPS) < total


@st.composite
def sheets(draw):
    """A cut that is right: a unit for each cell, some sections or none."""
    ids = draw(st.lists(st.sampled_from("abcdef"), unique=True, max_size=4))
    shares = proportional(dict.fromkeys(ids, 1)) if ids else {}
    units = {(s, d): draw(st.sampled_from(UNITS)) for s in ids or [""] for d in FILM}
    uses = [
        Use(
            line=f"L{number}",
            contribution=draw(st.sampled_from(["c1", "c2", "c3"])),
            department=department,
            unit=units[section, department],
            quantity=draw(st.integers(1, 10**7)),
            role_weight=draw(st.sampled_from([75, 100, 150])),
            prominence=draw(st.sampled_from([25, 50, 100])),
            section=section,
        )
        for number, (section, department) in enumerate(
            draw(st.lists(st.sampled_from(sorted(units)), min_size=1, max_size=20))
        )
    ]
    return uses, [Section(name, bps) for name, bps in shares.items()]


@given(sheets())
def test_the_allocation_accepts_every_sheet_that_is_not_refused(sheet):
    uses, sections = sheet
    works = {f"c{n}": {"kind": "community", "credits": {f"p{n}": WHOLE_BPS}, "parents": {}} for n in (1, 2, 3)}
    money = dict.fromkeys(("refunds", "fees", "reserve_held", "reserve_released", "costs", "carried_loss"), 0)
    document = measures(uses, FILM, sections) | {
        "method": "alloc-1",
        "statement": "s1",
        "production": "p1",
        "currency": "USD",
        "money": money | {"gross": 100_001, "pool_bps": 5000},
        "params": {"max_depth": 4, "pass_cap_bps": 5000, "floor": 0, "award_cap_bps": 1000},
        "contributions": works,
        "adjustments": [],
    }
    assert sum(allocate(document)["amounts"].values()) == 50_001


@given(sheets())
def test_cutting_a_use_in_two_changes_no_points(sheet):
    uses, sections = sheet
    first = uses[0]
    if first.quantity < 2:
        return
    halves = [
        Use(f"{first.line}{part}", first.contribution, first.department, first.unit, quantity, first.role_weight,
            first.prominence, first.section)
        for part, quantity in (("a", first.quantity // 2), ("b", first.quantity - first.quantity // 2))
    ]  # fmt: skip
    assert problems([*halves, *uses[1:]], FILM, sections) == []
    assert sum(map(points, halves)) == points(first)
