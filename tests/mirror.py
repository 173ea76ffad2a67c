"""A local mirror of the data set that answers in every way real servers do."""

import contextlib
import gzip
import http.server
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from fmnist import data

CHUNK = 64 * 1024


@dataclass(frozen=True)
class Answer:
    """What the server says to one request.

    Attributes:
        body: The content; an iterator may be endless.
        status: HTTP status; 0 keeps silent until the mirror closes.
        framing: How the end is told: by Content-Length ("length"), in chunks, or by closing ("close").
        headers: More headers.
        cut: How many bytes at the end are announced but never sent.
        pause: Seconds before each 64 kB.
    """

    body: bytes | Iterator[bytes] = b""
    status: int = 200
    framing: str = "length"
    headers: dict[str, str] = field(default_factory=dict)
    cut: int = 0
    pause: float = 0


# How one published .gz file is answered, one request after the other; the last answer stays.
WAYS = {
    "Content-Length": lambda body: [Answer(body)],
    "no Content-Length": lambda body: [Answer(body, framing="close")],
    "chunked": lambda body: [Answer(body, framing="chunked")],
    "slow": lambda body: [Answer(body, pause=0.02)],  # 3 MB a second
    "cut off": lambda body: [Answer(body, cut=len(body) // 2), Answer(body)],
    "cut off without Content-Length": lambda body: [
        Answer(body[: len(body) // 2], framing="close"),
        Answer(body, framing="close"),
    ],
    "cut off in chunks": lambda body: [
        Answer(body, framing="chunked", cut=len(body) // 2),
        Answer(body, framing="chunked"),
    ],
    "packed again": lambda body: [Answer(gzip.compress(body, 1), headers={"Content-Encoding": "gzip"})],
    "its packing called an encoding": lambda body: [Answer(body, headers={"Content-Encoding": "gzip"})],
    "its packing called an encoding, in chunks": lambda body: [
        Answer(body, framing="chunked", headers={"Content-Encoding": "gzip"})
    ],
    "unpacked": lambda body: [Answer(gzip.decompress(body))],
}


class Mirror(http.server.ThreadingHTTPServer):
    """The running server.

    Attributes:
        address: Its URL, ending in a slash.
        answers: For each path, the answers to one request after the other; the last one stays.
        requested: The path of every request so far.
        encodings: The Accept-Encoding of every request so far.
    """

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.address = f"http://127.0.0.1:{self.server_address[1]}/"
        self.answers, self.requested, self.encodings = {}, [], []
        self.closing = threading.Event()


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"  # chunks are not known to 1.0

    def do_GET(self):
        self.server.requested.append(self.path)
        self.server.encodings.append(self.headers["Accept-Encoding"])
        answers = self.server.answers[self.path]
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        self.close_connection = True
        if answer.status == 0:
            self.server.closing.wait()
            return
        with contextlib.suppress(ConnectionError):  # the client may hang up
            self._send(answer)

    def _send(self, answer):
        self.send_response(answer.status)
        self.send_header("Connection", "close")
        if answer.framing == "length":
            self.send_header("Content-Length", str(len(answer.body)))
        elif answer.framing == "chunked":
            self.send_header("Transfer-Encoding", "chunked")
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.end_headers()
        for piece in _pieces(answer):
            if answer.pause and self.server.closing.wait(answer.pause):
                return
            self.wfile.write(b"%x\r\n%b\r\n" % (len(piece), piece) if answer.framing == "chunked" else piece)
        if answer.framing == "chunked" and not answer.cut:
            self.wfile.write(b"0\r\n\r\n")

    def log_message(self, *arguments):
        pass


def _pieces(answer):
    if not isinstance(answer.body, bytes):
        return answer.body
    sent = answer.body[: len(answer.body) - answer.cut]
    return (sent[start : start + CHUNK] for start in range(0, len(sent), CHUNK))


@contextlib.contextmanager
def serve():
    """Runs a Mirror while the `with` block lasts."""
    with Mirror() as mirror:
        thread = threading.Thread(target=mirror.serve_forever, args=(0.01,))  # looks for its end so often
        thread.start()
        try:
            yield mirror
        finally:
            mirror.closing.set()
            mirror.shutdown()
            thread.join()


def read_published():
    """Reads the four real files as they lie on the disk, by name; skips the test where they are not."""
    if not data.is_present():
        pytest.skip("the data set is not here: set FMNIST_DATA_DIR or run `python -m fmnist download`")
    return {file.name: (data.data_dir() / file.name).read_bytes() for file in data.FILES.values()}
