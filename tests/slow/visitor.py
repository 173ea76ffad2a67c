"""A visitor over the real websocket: opens pages, uploads a picture, reads the answer."""

import asyncio
import time
import urllib.request
import uuid
from concurrent.futures import ThreadPoolExecutor

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg


def run_apart(visit):
    """Runs a coroutine in a thread of its own: the browser of another test has an event loop in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, visit).result()


class Visitor:
    """One session. Use `async with Visitor(address) as visitor`."""

    def __init__(self, address):
        self.address = address
        self.rerun_seconds = []
        self.session_id = None
        self.page_script_hash = None
        with urllib.request.urlopen(f"{address}/_stcore/health", timeout=30) as response:
            cookies = response.headers.get_all("set-cookie")
        self.token = next(
            c.split("=", 1)[1].split(";")[0] for c in cookies if c.startswith("_streamlit_xsrf")
        )

    async def __aenter__(self):
        url = self.address.replace("http", "ws") + "/_stcore/stream"
        self.socket = await websockets.connect(url, subprotocols=["streamlit"], max_size=None)
        return self

    async def __aexit__(self, *error):
        await self.socket.close()

    async def open(self, page, query="", widgets=None):
        """Runs a page and returns its elements, the exceptions among them left to the caller."""
        message = BackMsg()
        message.rerun_script.page_name = page
        message.rerun_script.query_string = query
        if widgets:
            message.rerun_script.widget_states.widgets.append(widgets)
        started = time.perf_counter()
        await self.socket.send(message.SerializeToString())
        elements = []
        while True:
            received = await self._receive()
            kind = received.WhichOneof("type")
            if kind == "new_session":
                self.session_id = received.new_session.initialize.session_id
                self.page_script_hash = received.new_session.page_script_hash
            elif kind == "navigation":  # of several pages, the session names the first
                self.page_script_hash = received.navigation.page_script_hash
            elif kind == "delta" and received.delta.HasField("new_element"):
                elements.append(received.delta.new_element)
            elif kind == "script_finished":
                self.rerun_seconds.append(time.perf_counter() - started)
                return elements

    @staticmethod
    def press(button):
        """The state of a button, by its id, that has just been clicked; to be given to `open`."""
        state = BackMsg().rerun_script.widget_states.widgets.add()
        state.id, state.trigger_value = button, True
        return state

    async def upload(self, name, content):
        """Uploads a picture on the page Classify and returns the answer, as the page's markup has it."""
        elements = await self.upload_to("Classify", "source=Upload", name, content)
        bodies = [e.html.body for e in elements if e.WhichOneof("type") == "html"]
        (said,) = [body for body in bodies if 'class="fm-verdict"' in body]
        return said, elements

    async def upload_to(self, page, query, name, content):
        """Uploads a file on a page that has one uploader, and returns the elements it then shows."""
        elements = await self.open(page, query)
        (uploader,) = [e.file_uploader for e in elements if e.WhichOneof("type") == "file_uploader"]
        urls = await self.send_file(name, content)
        state = BackMsg().rerun_script.widget_states.widgets.add()
        state.id = uploader.id
        info = state.file_uploader_state_value.uploaded_file_info.add()
        info.name, info.size, info.file_id = name, len(content), urls.file_id
        info.file_urls.CopyFrom(urls)
        return await self.open(page, query, state)

    async def send_file(self, name, content):
        """Sends a file to the server, which then holds it for this session; returns its addresses."""
        request = BackMsg()
        request.file_urls_request.request_id = uuid.uuid4().hex
        request.file_urls_request.session_id = self.session_id
        request.file_urls_request.file_names.append(name)
        await self.socket.send(request.SerializeToString())
        while (answer := await self._receive()).WhichOneof("type") != "file_urls_response":
            pass
        (urls,) = answer.file_urls_response.file_urls
        await asyncio.to_thread(self._put, urls.upload_url, name, content)
        return urls

    def _put(self, url, name, content):
        mark = uuid.uuid4().hex
        head = f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
        request = urllib.request.Request(
            self.address + url,
            data=head.encode() + content + f"\r\n--{mark}--\r\n".encode(),
            method="PUT",
            headers={
                "Content-Type": f"multipart/form-data; boundary={mark}",
                "Cookie": f"_streamlit_xsrf={self.token}",
                "X-Xsrftoken": self.token,
            },
        )
        with urllib.request.urlopen(request, timeout=60) as response:
            assert response.status in (200, 204)

    async def _receive(self):
        return ForwardMsg.FromString(await asyncio.wait_for(self.socket.recv(), 120))
