"""The frame around every page: the menu, the browser's title and icon, and links to the other pages."""

from dataclasses import dataclass

import streamlit as st
from PIL import Image

from fmnist.config import CLASS_NAMES
from fmnist.ui import cache

_PAGES = "pages"  # the session's key for what the frame hands to the page inside it


@dataclass(frozen=True)
class Page:
    """One entry in the list of pages.

    Attributes:
        file: The script, a path below `pages/`.
        address: What follows the server's name and a slash; empty for the first page.
        title: Its heading, also in the browser's title.
        label: What the menu calls it.
        icon: The name of its Material symbol in the menu.
        invitation: What a link to it from the first page says.
    """

    file: str
    address: str
    title: str
    label: str
    icon: str
    invitation: str = ""

    @property
    def path(self) -> str:
        """The script's path as seen from dashboard.py."""
        return f"pages/{self.file}"


def show_page(sections: dict[str, list[Page]]) -> None:
    """Shows the frame and, inside, the page that the visitor's address names.

    Args:
        sections: The pages of each section, in the order of the menu.
    """
    cache.share_heaps()
    pages = [page for pages in sections.values() for page in pages]
    st.session_state[_PAGES] = pages
    shown = st.navigation(
        [
            st.Page(page.path, title=page.title, url_path=page.address, default=not page.address)
            for page in pages
        ],
        position="hidden",
    )
    # An image of our own as the icon, because Streamlit would fetch a named one from the internet.
    mark = Image.fromarray(cache.load_samples()[CLASS_NAMES.index("sneaker")])
    st.set_page_config(page_title=f"{shown.title} · Fashion-MNIST", page_icon=mark, layout="wide")
    st.logo(mark.resize((112, 112), Image.Resampling.NEAREST), size="large", link=None)
    _show_menu(pages)
    shown.run()


def _show_menu(pages: list[Page]) -> None:
    # Not Streamlit's sidebar: on a phone it covers the page and stays open after a choice.
    with st.container(horizontal=True, gap="small", key="menu"):
        for page in pages:
            st.page_link(page.path, label=page.label, icon=f":material/{page.icon}:")


def show_links() -> None:
    """Links to every other page, in the order of the menu; shows nothing where there is no frame."""
    with st.container(horizontal=True):
        for page in st.session_state.get(_PAGES, []):
            if page.invitation:
                st.page_link(page.path, label=page.invitation, icon=":material/arrow_forward:")
