"""Credits from a cut: everybody once a role, in an order that people expect, however many they are."""

import unicodedata
from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from projects.billing import (
    Ancestor,
    CreditedUse,
    Person,
    Role,
    also_with_works_by,
    billing_block,
    credits_of,
    people_count,
    roll,
    sort_key,
)

STORY = Role("Writing", "Story by", (1, 1), "from a story by")
SCREENPLAY = Role("Writing", "Screenplay by", (1, 2), "screenplay by")
DRAWN = Role("Picture", "Drawn by", (3, 1), "drawn by")
MAPS = Role("Picture", "Maps by", (3, 2))
ALSO = "Also with works by"


@dataclass
class Stored:
    """A credit as the database keeps it."""

    name: str
    heading: str
    credit_line: str
    billing_line: str
    source: str
    position: int
    person_key: object


def stored(found):
    return [
        Stored(c.person.name, c.heading, c.credit_line, c.billing_line, c.source, c.position, c.person.key)
        for c in found
    ]


def person(name, key=None):
    return Person(name if key is None else key, name)


def lines(groups):
    return {g.heading: {line.credit_line: [e.name for e in line.names] for line in g.lines} for g in groups}


def test_the_roll_groups_roles_below_their_departments_in_their_order():
    ana, ben, chi = person("Ana"), person("Ben"), person("Chi")
    uses = [
        CreditedUse("c3", (chi,), DRAWN),
        CreditedUse("c2", (ben,), SCREENPLAY),
        CreditedUse("c1", (ana,), STORY),
    ]
    assert lines(roll(stored(credits_of(uses, [], ALSO)))) == {
        "Writing": {"Story by": ["Ana"], "Screenplay by": ["Ben"]},
        "Picture": {"Drawn by": ["Chi"]},
    }


def test_a_name_stands_once_in_a_role_however_often_its_works_are_used():
    ana = person("Ana")
    uses = [CreditedUse("c1", (ana,), DRAWN), CreditedUse("c1", (ana,), DRAWN), CreditedUse("c2", (ana,), DRAWN)]
    found = credits_of(uses, [], ALSO)
    assert [c.contribution for c in found] == ["c1", "c2"]
    assert lines(roll(stored(found))) == {"Picture": {"Drawn by": ["Ana"]}}


def test_everybody_who_shares_in_a_work_is_named():
    uses = [CreditedUse("c1", (person("Bea"), person("Ana")), DRAWN)]
    assert lines(roll(stored(credits_of(uses, [], ALSO)))) == {"Picture": {"Drawn by": ["Ana", "Bea"]}}


def test_two_people_of_one_name_are_two():
    uses = [CreditedUse("c1", (person("Ana", 1),), DRAWN), CreditedUse("c2", (person("Ana", 2),), DRAWN)]
    assert lines(roll(stored(credits_of(uses, [], ALSO)))) == {"Picture": {"Drawn by": ["Ana", "Ana"]}}


def test_ancestors_are_named_below_unless_they_stand_in_the_roll():
    ana, ben = person("Ana"), person("Ben")
    uses = [CreditedUse("c1", (ana,), DRAWN)]
    found = credits_of(uses, [Ancestor("c0", (ben, ana)), Ancestor("c1", (ana,))], ALSO)
    assert [(c.person.name, c.contribution) for c in found if c.source == "influence"] == [
        ("Ana", "c0"),
        ("Ben", "c0"),
    ]
    assert [e.name for e in also_with_works_by(stored(found))] == ["Ben"]
    assert lines(roll(stored(found))) == {"Picture": {"Drawn by": ["Ana"]}}


def test_the_billing_block_names_those_whose_works_weigh_most_in_billed_roles():
    uses = [
        CreditedUse("c1", (person("Zoë"),), DRAWN, points=9),
        CreditedUse("c2", (person("Ben"),), DRAWN, points=5),
        CreditedUse("c3", (person("Chi"),), DRAWN, points=1),
        CreditedUse("c4", (person("Dov"),), MAPS, points=99),
        CreditedUse("c5", (person("Eve"),), STORY),
    ]
    assert billing_block(stored(credits_of(uses, [], ALSO))) == [
        ("from a story by", ["Eve"]),
        ("drawn by", ["Ben", "Zoë"]),
    ]


def test_names_are_found_where_people_look_for_them():
    names = [
        "Zoë Ek",
        "Łukasz B",
        "Ágnes",
        "albert",
        "Ångström",
        "Björn",
        "Søren Holm",
        "Soren Abel",
        "Teuila Faʻafetai",
    ]
    assert sorted(names, key=sort_key) == [
        "Ágnes",
        "albert",
        "Ångström",
        "Björn",
        "Łukasz B",
        "Soren Abel",
        "Søren Holm",
        "Teuila Faʻafetai",
        "Zoë Ek",
    ]


def test_hyphens_part_words_and_apostrophes_do_not():
    assert sort_key("Hye-jin O’Neil")[0] == "hye jin oneil"
    assert sort_key("Straße")[0] == "strasse"


def test_names_in_other_scripts_keep_their_letters():
    assert sort_key("Дарья Петрова")[0] == "дарья петрова"
    assert sort_key("森 健二")[0] == "森 健二"


@given(st.lists(st.text(max_size=12)))
def test_sorting_loses_and_changes_no_name(names):
    assert sorted(sorted(names, key=sort_key)) == sorted(names)


@given(st.text(max_size=20))
def test_capitals_and_the_form_of_accents_do_not_matter(name):

    folded = sort_key(name)[0]
    assert sort_key(unicodedata.normalize("NFC", name))[0] == sort_key(unicodedata.normalize("NFD", name))[0]
    assert sort_key(name.casefold())[0] == folded


def test_426_artists_are_all_named_once_and_in_order():
    roles = [
        Role(f"Department {number % 7}", f"Role {number}", (number % 7, number), f"line {number}" if number < 9 else "")
        for number in range(21)
    ]
    uses = [
        CreditedUse(f"c{number}", (person(f"Artist {number:03} Ström", number),), roles[number % 21], number)
        for number in range(300)
    ]
    ancestors = [Ancestor(f"a{number}", (person(f"Ancestor {number:03}", number),)) for number in range(250, 426)]
    entries = stored(credits_of(uses, ancestors, ALSO))
    groups = roll(entries)
    named = [entry.person_key for group in groups for line in group.lines for entry in line.names]
    also = [entry.person_key for entry in also_with_works_by(entries)]
    assert people_count(entries) == 426
    assert sorted([*named, *also]) == list(range(426))
    assert also == sorted(also)
    assert len(groups) == 7
    assert sum(len(group.lines) for group in groups) == 21
    assert [len(names) for _line, names in billing_block(entries)] == [2] * 9
