"""What the server does around the pages: limits on uploads, pictures forgotten in time, start and end.

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
from collections.abc import AsyncIterator
from pathlib import Path
from typing import cast

import streamlit as st
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import config, runtime
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.pages_manager import PagesManager
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFileRec

from fmnist.room import shared_room

_LOGGER = logging.getLogger(__name__)
MAX_SESSION_BYTES = 150_000_000
"""What one visitor may have uploaded at a time."""
MAX_SERVER_BYTES = 300_000_000
"""What all visitors together may."""
_UPLOADS = "/_stcore/upload_file/"


class LimitUploads:
    """Refuses to keep an upload if the visitor, or the server, holds enough already."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._arriving: dict[object, tuple[str, int]] = {}  # session and bytes of each unfinished upload

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes on everything but an upload that is one too many."""
        if scope["type"] != "http" or _UPLOADS not in scope["path"]:
            await self.app(scope, receive, send)
            return
        session = scope["path"].split(_UPLOADS)[1].split("/")[0]
        if scope["method"] != "PUT":
            _refusals.pop(session, None)
            await self.app(scope, receive, send)
            return
        upload = object()
        self._arriving[upload] = session, _announced_bytes(scope)
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
        held = {
            name: sum(len(file.data) for file in files.values()) for name, files in _stored_uploads().items()
        }
        arriving = self._arriving.values()
        own = held.get(session, 0) + sum(size for name, size in arriving if name == session)
        if own > MAX_SESSION_BYTES:
            return (
                f"Not every file was taken: a visitor may hold {MAX_SESSION_BYTES // 1_000_000} MB at a "
                "time. Remove some files, or reload the page to start anew."
            )
        if sum(held.values()) + sum(size for _, size in arriving) > MAX_SERVER_BYTES:
            return (
                "Not every file was taken: all visitors together hold as much as they may. Try again later."
            )
        return ""


def _stored_uploads() -> dict[str, dict[str, UploadedFileRec]]:
    """The files of each session, by its name."""
    manager = cast(MemoryUploadedFileManager, runtime.get_instance().uploaded_file_mgr)
    return manager.file_storage


async def _drain(receive: Receive) -> None:
    """Reads a body and forgets it: a browser that is still sending would take an answer for a lost line."""
    while (await receive()).get("more_body"):
        pass


def _announced_bytes(scope: Scope) -> int:
    """How many bytes an upload says it has; as many as are allowed if it does not say."""
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
                f"default-src 'none'; script-src 'self' {' '.join(_hash_inline_scripts())}; "
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
    """Lists the scripts inside Streamlit's page as a policy names them; each version has its own."""
    page = (Path(st.__file__).parent / "static" / "index.html").read_text(encoding="utf-8")
    scripts = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    return [
        f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"
        for script in scripts
    ]


# Streamlit itself only checks the websocket's. A monitor on this machine may ask under its own names.
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

_refusals: dict[str, str] = {}  # why an upload of a session was refused, until it removes a file


def show_upload_refusal() -> None:
    """Says why an upload of this visitor was refused; the browser itself only shows a number."""
    context = get_script_run_ctx()
    if context and (reason := _refusals.get(context.session_id)):
        st.warning(reason)


@contextlib.asynccontextmanager
async def lifespan(app: st.App) -> AsyncIterator[None]:
    """Starts what the first visitor would wait for, and keeps the promise that pictures are forgotten."""
    # Until the frame has run once, Streamlit itself looks for pages in the folder pages, and finds none:
    # who comes first by a deep link, or reconnects after a restart, would read "Page not found".
    PagesManager.uses_pages_directory = False
    room = shared_room()
    room.start()
    send_at_once()
    tasks = [asyncio.create_task(_warm_up()), asyncio.create_task(_forget_sessions())]
    _open_browser()
    yield
    for task in tasks:
        task.cancel()
    room.close()


def send_at_once() -> None:
    """Lets each message leave at once, small as it is, instead of waiting for the last to be confirmed.

    Streamlit's own sockets wait, which costs every click 40 ms. Connections take it over from the socket
    that listens. Reference: RFC 896 and 1122, Nagle's algorithm and delayed acknowledgements.
    """
    for thing in gc.get_objects():  # nobody hands the listening socket to the app
        if type(thing) is socket.socket:
            with contextlib.suppress(OSError):  # a closed one, or none of TCP
                thing.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


async def _warm_up() -> None:
    """Runs the first page once, and hides from the garbage collector all that is loaded for good.

    Streamlit has the collector search everything after each run of a page. That takes longer than the run,
    and the longer the more visitors there are. Python itself has it search when there is enough to find.
    """
    await runtime.get_instance().does_script_run_without_error()
    gc.collect()
    gc.freeze()
    config.set_option("runner.postScriptGC", False)


async def _forget_sessions() -> None:
    """Closes each session in time after its tab was closed; with it go its uploads and drawings.

    Streamlit itself only does so when another visitor comes.
    """
    lifetime = st.get_option("server.disconnectedSessionTTL")
    interval = min(5.0, lifetime / 10)
    left_since: dict[str, float] = {}
    while True:
        await asyncio.sleep(interval)
        # Those whose tab is closed lie in a store that Streamlit gives no other way to list.
        storage = runtime.get_instance()._session_mgr._session_storage  # type: ignore[attr-defined]
        left = [info.session.id for info in storage.list()]
        now = time.monotonic()
        left_since = {session: left_since.get(session, now) for session in left}
        # Early enough that Streamlit has not lost sight of it by itself.
        due = [session for session, since in left_since.items() if now - since >= lifetime - 4 * interval]
        for session in due:
            _refusals.pop(session, None)
            try:
                runtime.get_instance().close_session(session)
            except Exception:  # one that cannot be closed must not keep the others from being forgotten
                _LOGGER.exception("A session could not be closed")
        if due:
            gc.collect()  # what refers to itself stays in memory until then


def _open_browser() -> None:
    """Opens the dashboard in a browser, as Streamlit itself does for a page without a server like this."""
    has_screen = sys.platform in ("darwin", "win32") or os.environ.get("DISPLAY")
    if has_screen and not st.get_option("server.headless"):
        port = st.get_option("server.port")
        asyncio.get_running_loop().run_in_executor(None, webbrowser.open, f"http://localhost:{port}")
