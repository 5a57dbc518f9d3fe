"""What changed between two texts: true in every case, helpful in most, and never slow."""

from hypothesis import given
from hypothesis import strategies as st

from contributions.comparing import compare, word_count
from contributions.wordings import paragraphs_of

WORDS = st.lists(st.sampled_from(["lamp", "tide", "the", "once,", "¶", "灯台", "é"]), max_size=12).map(" ".join)
TEXTS = st.lists(WORDS.filter(bool), max_size=8)


def told(before, after):
    return [[(piece.kind, piece.text) for piece in row.pieces] for row in compare(before, after).paragraphs]


def without(kind, found):
    return "".join(piece.text for row in found.paragraphs for piece in row.pieces if piece.kind != kind)


def test_words_are_kept_new_and_gone():
    found = compare(["The lamp turns once.", "Count slowly."], ["The lamp turns twice.", "Count slowly."])
    assert (found.kept, found.new, found.gone) == (5, 1, 1)
    assert not found.is_same
    assert [piece.text for piece in found.paragraphs[0].pieces] == ["The lamp turns ", "once", "twice", "."]


def test_neighbouring_changes_are_one():
    assert told(["one two three four"], ["one zwei drei four"]) == [
        [("same", "one "), ("gone", "two three"), ("new", "zwei drei"), ("same", " four")]
    ]


def test_a_paragraph_that_came_or_went_is_whole():
    assert told(["a", "b"], ["a", "new one", "b"]) == [[("same", "a")], [("new", "new one")], [("same", "b")]]
    assert told(["a", "old one", "b"], ["a", "b"]) == [[("same", "a")], [("gone", "old one")], [("same", "b")]]


def test_a_break_that_went_is_shown():
    assert any((kind == "gone" and "¶" in text) for row in told(["One.", "Two."], ["One. Two."]) for kind, text in row)


def test_scripts_without_spaces_are_compared_by_letter():
    found = compare(["灯台守は海を見る"], ["灯台守は空を見る"])
    assert (found.kept, found.new, found.gone) == (7, 1, 1)


def test_nothing_against_nothing_and_the_same_against_itself():
    assert compare([], []).is_same
    assert compare(["a b", "c"], ["a b", "c"]).is_same
    assert (compare([], ["a b"]).new, compare(["a b"], []).gone) == (2, 2)


@given(TEXTS, TEXTS)
def test_both_texts_can_be_read_out_of_the_comparison(before, after):
    found = compare(before, after)
    assert without("gone", found) == "".join(after)
    assert without("new", found).replace("¶ ", "").replace("¶", "") == "".join(before).replace("¶ ", "").replace(
        "¶", ""
    )
    assert found.kept + found.new == sum(word_count(text) for text in after)
    assert found.kept + found.gone == sum(word_count(text) for text in before)
    assert found.is_same == (before == after)


def test_the_budget_bounds_what_is_compared_word_by_word(monkeypatch):
    monkeypatch.setattr("contributions.comparing.BUDGET", 10)
    found = compare(["a b a b a b c"], ["b a b a b a d"])
    assert (found.kept, found.new, found.gone) == (0, 7, 7)


def test_paragraphs_are_what_a_reader_sees():
    html = (
        "<h1>Lamp</h1><p>One <b>two</b>\n three<br>four</p><!-- secret --><ul><li>a</li><li>b</li></ul>tail &amp; end"
    )
    assert paragraphs_of(html) == ["Lamp", "One two three\nfour", "a", "b", "tail & end"]
    assert paragraphs_of("<pre>a\nb</pre>c\nd") == ["a\nb", "c d"]
