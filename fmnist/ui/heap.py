"""What this process asks of glibc, whose heaps grow with threads and with large pictures."""

import ctypes
import sys
from collections.abc import Callable

import streamlit as st

_M_ARENA_MAX = -8


@st.cache_resource(max_entries=1, show_spinner=False)
def share_heaps() -> None:
    """Lets all threads share two heaps, once for each start of the dashboard.

    glibc gives the visitors' threads up to eight heaps per processor, and each heap keeps the memory that
    a picture once needed. Reference: mallopt(3), M_ARENA_MAX.
    """
    if set_option := _find("mallopt"):
        set_option(_M_ARENA_MAX, 2)


def return_memory() -> None:
    """Returns to the system what was freed.

    glibc keeps a freed block that lies below one in use, even one of 24 MB. Reference: malloc_trim(3).
    """
    if trim := _find("malloc_trim"):
        trim(0)


def _find(function: str) -> Callable[..., int] | None:
    """Finds a function of glibc; other systems have none, and need none."""
    return getattr(ctypes.CDLL(None), function, None) if sys.platform == "linux" else None
