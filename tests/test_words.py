"""Words for numbers, and text from strangers as a terminal, a page, a spreadsheet or Markdown gets it."""

import csv
import io

import pytest

from fmnist.words import (
    count,
    display_name,
    duration,
    escape_markdown,
    join,
    percent,
    points,
    printable,
    spreadsheet_text,
)

JOINER = "\N{WORD JOINER}"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("a" * 5_000, "a" * 29 + "…" + "a" * 30),
        ("\u202egnp.exe", "\ufffdgnp.exe"),
        ("a\0b\n.png", "a\ufffdb\ufffd.png"),
        ("<b>bold</b>", "b>"),
        ("", "unnamed"),
        ("..", ".."),
    ],
)
def test_names_are_shown_short_and_without_marks(name, shown):
    assert display_name(name) == shown


def test_a_name_is_shortened_in_its_middle():
    assert [display_name("IMG_20260714_0012.jpg", length) for length in (21, 16, 15)] == [
        "IMG_20260714_0012.jpg",
        "IMG_202…0012.jpg",
        "IMG_202…012.jpg",
    ]


def test_a_terminal_gets_no_codes_to_obey():
    hostile = "\x1b[31mred\x9b0m\a\r\u2066é\udcff.png"
    assert printable(hostile) == "\ufffd[31mred\ufffd0m\ufffd\ufffd\ufffdé\ufffd.png"
    assert printable("Jäckchen, 服 (1).png") == "Jäckchen, 服 (1).png"


@pytest.mark.parametrize(
    "formula",
    [
        "=1+1",
        "+1+cmd|calc.png",
        "-1",
        "@SUM(A1).png",
        "\tx",
        "\rx",
        "\nx",
        "\0x",
        "  =1",
        "\N{IDEOGRAPHIC SPACE}＝1",
        "＋1",
        "－1",
        "＠SUM(A1)",
        "\ufeff=1",
    ],
)
def test_a_formula_gets_an_apostrophe(formula):
    assert spreadsheet_text(formula) == "'" + formula


def test_a_formula_in_a_cell_that_a_semicolon_opens_gets_one_too():
    assert spreadsheet_text("a.png;=1+1") == "a.png;'=1+1"
    assert spreadsheet_text("=1;\t-1") == "'=1;'\t-1"


@pytest.mark.parametrize("text", ["", "a.png", "a-1=b+c@d.png", "a; b.png", "'=1", "1.png", "(=1)"])
def test_other_text_stays_as_it_is(text):
    assert spreadsheet_text(text) == text


@pytest.mark.parametrize("delimiter", [",", ";"])
def test_no_cell_starts_a_formula_whichever_separator_is_read(delimiter):
    stream = io.StringIO()
    names = ['x";=1+1', "a;=1+1", "=1,=2", '=1";=2', "; +1"]
    csv.writer(stream).writerows([spreadsheet_text(name), "simple"] for name in names)
    cells = [cell for row in csv.reader(io.StringIO(stream.getvalue()), delimiter=delimiter) for cell in row]
    assert len(cells) > len(names)
    assert not [cell for cell in cells if cell.strip()[:1] in tuple("=+-@")]


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("robust", "robust"),
        ("my dress (1).png", r"my dress \(1\)\.png"),
        ("![x](y)", r"\!\[x\]\(y\)"),
        ("$x$ `y` <b> \\", r"\$x\$ \`y\` \<b\> \\"),
        ("  # one\n\n    two\t", r"\# one two"),
        (":streamlit:", rf"\:{JOINER}streamlit\:"),
        ("https://a.b", rf"https\:{JOINER}\/\/a\.b"),
        ("WWW.a.b", rf"WWW{JOINER}\.a\.b"),
        ("icon@2x.png", rf"icon\@{JOINER}2x\.png"),
        ("a -> b", rf"a \-{JOINER}\> b"),
        ("one: two", r"one\: two"),
        ("\ud800\u202e", "\ufffd\ufffd"),
        ("", ""),
    ],
)
def test_markdown_is_written_out(text, written):
    assert escape_markdown(text) == written


def test_numbers_are_written_with_their_units():
    assert (percent(0.9226), percent(0.9226, 2), percent(0.9226, 0)) == ("92.3%", "92.26%", "92%")
    assert (count(1, "epoch"), count(2, "epoch"), count(12_000, "image")) == (
        "1 epoch",
        "2 epochs",
        "12,000 images",
    )
    assert [duration(s) for s in (45, 720, 3900, 7500)] == [
        "45 seconds",
        "12 minutes",
        "65 minutes",
        "2 h 5 min",
    ]


def test_differences_are_signed_and_zero_is_never_negative():
    assert (points(0.0052), points(-0.0052)) == ("+0.52", "−0.52")
    assert [points(d, 1) for d in (0.0052, -0.0052, -0.0002, 0.0)] == ["+0.5", "−0.5", "+0.0", "+0.0"]


def test_parts_are_joined_as_in_a_sentence():
    assert [join(list(parts)) for parts in ("a", "ab", "abc")] == ["a", "a and b", "a, b and c"]
