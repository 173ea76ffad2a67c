"""The frame around every page: the menu, the browser's title and icon, and links to the other pages."""

from dataclasses import dataclass

import streamlit as st
from PIL import Image

from fmnist.config import CLASS_NAMES
from fmnist.ui import cache
from fmnist.ui.heap import share_heaps
from fmnist.ui.markup import add_look

_SECTIONS = "sections"  # the session's key for what the frame hands to the page inside it


@dataclass(frozen=True)
class Page:
    """One entry in the list of pages.

    Attributes:
        file: The script, a path below `pages/`.
        address: What follows the server's name and a slash; empty for the first page.
        title: Its heading, also in the browser's title.
        label: What the menu calls it.
        icon: The name of its Material symbol; that of a section's first page is the section's.
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
    share_heaps()
    pages = {
        page.address: st.Page(page.path, title=page.title, url_path=page.address, default=not page.address)
        for listed in sections.values()
        for page in listed
    }
    st.session_state[_SECTIONS] = sections
    shown = st.navigation([*pages.values()], position="hidden")
    # An image of our own as the icon, because Streamlit would fetch a named one from the internet.
    mark = Image.fromarray(cache.load_samples()[CLASS_NAMES.index("sneaker")])
    st.set_page_config(page_title=f"{shown.title} · Fashion-MNIST", page_icon=mark, layout="wide")
    st.logo(mark.resize((112, 112), Image.Resampling.NEAREST), size="large", link=None)
    add_look()
    _show_menu(sections, next(address for address, page in pages.items() if page == shown))
    shown.run()


def _show_menu(sections: dict[str, list[Page]], address: str) -> None:
    """Shows the sections, and the pages of the one that holds the page with this address."""
    # Not Streamlit's sidebar: on a phone it covers the page and stays open after a choice.
    with st.container(horizontal=True, gap="small", vertical_alignment="center", key="menu"):
        own: list[Page] = []
        for name, pages in sections.items():
            # The link of the section one is in leads to the page one is on, so it looks chosen.
            here = next((page for page in pages if page.address == address), None)
            st.page_link((here or pages[0]).path, label=name, icon=f":material/{pages[0].icon}:")
            if here and len(pages) > 1:
                own = pages
        if own:
            with st.container(horizontal=True, gap="xsmall", key="fm-submenu"):
                for page in own:
                    st.page_link(page.path, label=page.label)


def show_doors() -> None:
    """Shows a large link to each page that has an invitation; shows nothing where there is no frame."""
    invited = [page for page in _list_pages() if page.invitation]
    if not invited:
        return
    with st.container(horizontal=True, key="fm-doors"):
        for page in invited:
            st.page_link(page.path, label=page.invitation, icon=f":material/{page.icon}:", width="stretch")


def show_contents() -> None:
    """Shows a link to every page, by section; shows nothing where there is no frame."""
    sections: dict[str, list[Page]] = st.session_state.get(_SECTIONS, {})
    if not sections:
        return
    st.header("All pages")
    with st.container(horizontal=True, gap="large", key="fm-contents"):
        for name, pages in sections.items():
            if pages[0].address:  # the first page is the one that shows this
                with st.container(width=220, gap="xxsmall"):
                    st.markdown(f"**{name}**")
                    for page in pages:
                        st.page_link(page.path, label=page.title)


def _list_pages() -> list[Page]:
    sections: dict[str, list[Page]] = st.session_state.get(_SECTIONS, {})
    return [page for pages in sections.values() for page in pages]


def show_link(address: str, label: str, icon: str, **query: str | list[str]) -> None:
    """Shows a link to another page; shows nothing where there is no frame, or no such page in it.

    Args:
        address: The page's address.
        label: What the link says.
        icon: The name of its Material symbol.
        query: What the page is to show, as its address says it.
    """
    for page in _list_pages():
        if page.address == address:
            st.page_link(page.path, label=label, icon=f":material/{icon}:", query_params=query)


def go_to(address: str, **query: str | list[str]) -> None:
    """Leaves for another page, as a click on the link of `show_link` does; stays where there is no frame."""
    for page in _list_pages():
        if page.address == address:
            st.switch_page(page.path, query_params=query)
