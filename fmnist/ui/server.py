"""What the server does around the pages: limits uploads, forgets pictures in time, starts and stops.

Streamlit runs it as part of `st.App`; see dashboard.py.
"""

import asyncio
import base64
import contextlib
import gc
import hashlib
import logging
import os
import re
import socket
import sys
import time
import webbrowser
from collections.abc import AsyncIterator, Iterable
from pathlib import Path
from typing import cast

import streamlit as st
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import runtime
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.pages_manager import PagesManager
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFileRec

from fmnist.room import shared_room
from fmnist.ui.heap import return_memory
from fmnist.ui.warmup import warm_up

_LOGGER = logging.getLogger(__name__)
MAX_SESSION_BYTES = 150_000_000
"""How much one visitor may have uploaded at a time."""
MAX_SERVER_BYTES = 300_000_000
"""How much all visitors together may have uploaded."""
_UPLOADS = "/_stcore/upload_file/"


class LimitUploads:
    """Refuses to keep an upload if the visitor, or the server, holds enough already."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._arriving: dict[object, tuple[str, str, int]] = {}  # session, file, bytes of each unfinished one

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes everything on, except an upload that goes over a limit."""
        if scope["type"] != "http" or _UPLOADS not in scope["path"]:
            await self.app(scope, receive, send)
            return
        session, _, file = scope["path"].split(_UPLOADS)[1].partition("/")
        if scope["method"] != "PUT":
            _refusals.pop(session, None)
            await self.app(scope, receive, send)
            return
        upload = object()
        self._arriving[upload] = session, file, _announced_bytes(scope)
        try:
            if reason := self._refusal(session):
                if runtime.get_instance().is_active_session(session):
                    _refusals[session] = reason
                await _drain(receive)
                await PlainTextResponse(reason, 413)(scope, receive, send)
            else:
                await self.app(scope, receive, send)
        finally:
            del self._arriving[upload]

    def _refusal(self, session: str) -> str:
        # What has been stored but not answered yet must not count twice.
        arriving = [(name, size) for name, _, size in self._arriving.values()]
        unfinished = {(name, file) for name, file, _ in self._arriving.values()}
        held = {
            name: _count_bytes(
                stored.data for file, stored in files.items() if (name, file) not in unfinished
            )
            for name, files in _stored_uploads().items()
        }
        own = held.get(session, 0) + sum(size for name, size in arriving if name == session)
        if own > MAX_SESSION_BYTES:
            return (
                "Not every file was accepted: each visitor may have up to "
                f"{MAX_SESSION_BYTES // 1_000_000} MB here. Remove some files, or reload the page to start "
                "again."
            )
        if sum(held.values()) + sum(size for _, size in arriving) > MAX_SERVER_BYTES:
            return (
                "Not every file was accepted: the visitors' files together fill the server. Try again later."
            )
        return ""


def _stored_uploads() -> dict[str, dict[str, UploadedFileRec]]:
    """Returns the files of each session, by the session's name."""
    manager = cast(MemoryUploadedFileManager, runtime.get_instance().uploaded_file_mgr)
    return manager.file_storage


def _count_bytes(contents: Iterable[bytes]) -> int:
    """Returns the bytes that contents take, of which the one on the page is kept for later as well."""
    return sum({id(content): len(content) for content in contents}.values())


async def _drain(receive: Receive) -> None:
    """Reads a body and drops it: a browser still sending would take an early answer for a lost connection."""
    while (await receive()).get("more_body"):
        pass


def _announced_bytes(scope: Scope) -> int:
    """Returns the size in bytes that an upload announces, or the largest allowed one if it announces none."""
    largest = st.get_option("server.maxUploadSize") * 1_000_000
    announced = dict(scope["headers"]).get(b"content-length", b"")
    return int(announced) if announced.isdigit() else largest


class AddSecurityHeaders:
    """Tells browsers to run and show only what this server sends, and to let no other site frame it.

    Reference: OWASP, "HTTP Security Response Headers Cheat Sheet".
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._headers = {
            "X-Content-Type-Options": "nosniff",
            "X-Frame-Options": "DENY",
            "Referrer-Policy": "same-origin",
            "Content-Security-Policy": (
                f"default-src 'none'; script-src 'self' blob: {' '.join(_hash_inline_scripts())}; "
                "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
                "connect-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
            ),
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes everything on and adds the headers to each answer."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, send_with_headers)


def _hash_inline_scripts() -> list[str]:
    """Lists the hashes of the scripts inside Streamlit's page for the policy; each version has its own."""
    page = (Path(st.__file__).parent / "static" / "index.html").read_text(encoding="utf-8")
    scripts = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    return [
        f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"
        for script in scripts
    ]


# Streamlit itself checks the host of the websocket only. A monitor on this machine may use its local names.
_HOSTS = st.get_option("server.allowedHosts")
MIDDLEWARE = [
    Middleware(
        TrustedHostMiddleware,
        allowed_hosts=[*_HOSTS, "localhost", "127.0.0.1"] if _HOSTS else ["*"],
        www_redirect=False,
    ),
    Middleware(AddSecurityHeaders),
    Middleware(LimitUploads),
]

_refusals: dict[str, str] = {}  # why a session's upload was refused, until the session removes a file


def show_upload_refusal() -> None:
    """Says why this visitor's upload was refused; the browser itself only shows a status code."""
    context = get_script_run_ctx()
    if context and (reason := _refusals.get(context.session_id)):
        st.warning(reason)


@contextlib.asynccontextmanager
async def lifespan(app: st.App) -> AsyncIterator[None]:
    """Starts what the first visitor would wait for, and keeps the promise that pictures are deleted."""
    # Until the frame has run once, Streamlit itself looks for pages in the folder pages and finds none, so
    # that a first visitor on a deep link, or one reconnecting after a restart, would read "Page not found".
    PagesManager.uses_pages_directory = False
    room = shared_room()
    room.start()
    send_at_once()
    tasks = [asyncio.create_task(warm_up()), asyncio.create_task(_forget_sessions())]
    _open_browser()
    yield
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    room.close()


def send_at_once() -> None:
    """Sends each message at once, however small, instead of waiting until the last one is confirmed.

    Streamlit's own sockets wait, which costs every click 40 ms. Connections inherit the option from the
    listening socket. Reference: RFC 896 and 1122, Nagle's algorithm and delayed acknowledgements.
    """
    for thing in gc.get_objects():  # the app is not given the listening socket
        if type(thing) is socket.socket:
            with contextlib.suppress(OSError):  # closed, or not a TCP socket
                thing.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


async def _forget_sessions() -> None:
    """Closes each session soon after its tab was closed, and deletes its uploads and drawings with it.

    Streamlit itself does so only when another visitor arrives.
    """
    lifetime = st.get_option("server.disconnectedSessionTTL")
    interval = min(5.0, lifetime / 10)
    left_since: dict[str, float] = {}
    while True:
        await asyncio.sleep(interval)
        # Streamlit offers no other way to list the sessions whose tab is closed.
        storage = runtime.get_instance()._session_mgr._session_storage  # type: ignore[attr-defined]
        left = [info.session.id for info in storage.list()]
        now = time.monotonic()
        left_since = {session: left_since.get(session, now) for session in left}
        # Early enough that Streamlit has not dropped the session by itself.
        due = [session for session, since in left_since.items() if now - since >= lifetime - 4 * interval]
        for session in due:
            _refusals.pop(session, None)
            try:
                runtime.get_instance().close_session(session)
            except Exception:  # one that cannot be closed must not keep the others open
                _LOGGER.exception("A session could not be closed")
        if due:
            gc.collect()  # objects that refer to each other stay in memory until then
            return_memory()


def _open_browser() -> None:
    """Opens the dashboard in a browser, as Streamlit itself does for an app without a server of its own."""
    has_screen = sys.platform in ("darwin", "win32") or os.environ.get("DISPLAY")
    if has_screen and not st.get_option("server.headless"):
        port = st.get_option("server.port")
        asyncio.get_running_loop().run_in_executor(None, webbrowser.open, f"http://localhost:{port}")
