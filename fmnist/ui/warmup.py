"""Runs every page once when the server has started, so that nobody waits for what is built only once."""

import asyncio
import gc
import logging

from streamlit import config, runtime
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.session_manager import SessionClient

_LOGGER = logging.getLogger(__name__)
_PATIENCE = 60.0  # seconds for one page


class _FirstVisitor(SessionClient):
    """Stands where a browser would: hears which pages there are, and when one has been run."""

    def __init__(self) -> None:
        self.addresses: list[str] = []
        self.finished = asyncio.Event()

    def write_forward_msg(self, msg: ForwardMsg) -> None:
        """Takes what a browser would be sent."""
        kind = msg.WhichOneof("type")
        if kind == "navigation":
            self.addresses = [page.url_pathname for page in msg.navigation.app_pages]
        elif kind == "script_finished":
            self.finished.set()


async def warm_up() -> None:
    """Visits every page, and hides everything that stays loaded from the garbage collector.

    Visitors who come meanwhile are served beside it: one page is run at a time. Whatever fails, the server
    goes on; a page says by itself what is wrong with it.

    Streamlit runs a full collection after each run of a page. That takes longer than the run itself, and
    longer still with more visitors. Python itself collects when there is enough to find.
    """
    try:
        await _visit_pages()
    except Exception:
        _LOGGER.exception("The pages could not be run in advance")
    gc.collect()
    gc.freeze()
    config.set_option("runner.postScriptGC", False)


async def _visit_pages() -> None:
    server = runtime.get_instance()
    visitor = _FirstVisitor()
    session = server.connect_session(visitor, {})

    async def visit(address: str) -> None:
        message = BackMsg()
        message.rerun_script.page_name = address
        visitor.finished.clear()
        server.handle_backmsg(session, message)
        async with asyncio.timeout(_PATIENCE):
            await visitor.finished.wait()

    try:
        await visit("")  # tells which pages there are
        for address in filter(None, visitor.addresses):
            await visit(address)
    finally:
        server.close_session(session)
