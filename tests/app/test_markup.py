"""Whatever a text holds, the markup shows it and obeys nothing in it."""

from html.parser import HTMLParser

import pytest

from fmnist.ui.markup import element

HOSTILE = ["<script>x</script>", '"><img src=x onerror=y>', "a & b < c", "' onclick='z"]


class Reader(HTMLParser):
    def __init__(self, markup):
        super().__init__()
        self.tags, self.texts = [], []
        self.feed(markup)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.texts.append(data)


@pytest.mark.parametrize("text", HOSTILE)
def test_texts_and_attributes_come_out_as_they_went_in(text):
    read = Reader(element("p", element("b", text), text, aria_label=text).markup)
    assert read.tags == [("p", {"aria-label": text}), ("b", {})]
    assert "".join(read.texts) == 2 * text


def test_names_of_attributes_are_those_of_html_and_none_leaves_one_out():
    assert element("img", alt="", class_="tile", title=None).markup == '<img alt="" class="tile">'
