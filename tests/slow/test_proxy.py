"""The dashboard behind nginx and behind Caddy, set up as scripts/proxy/ says: two servers, a real browser."""

import base64
import getpass
import grp
import os
import re
import secrets
import shutil
import signal
import socket
import ssl
import subprocess
import time
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest
import requests
from PIL import Image
from playwright.sync_api import expect

from dashboard import SECTIONS
from fmnist.pictures.samples import draw_samples
from tests.browser.conftest import Server, find_free_port, stroke, verdict, wait_until_idle
from tests.conftest import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.browser]
HOST = "dashboard.example"  # the name that stands in the recipes; the browser takes it for this machine
GUEST = {"username": "guest", "password": "a password: long, with ümlaut"}
PAGES = [page.address for pages in SECTIONS.values() for page in pages]
SCRIPT = re.compile(r'src="\./(static/js/index\.[^"]+)"')

# What stands around the recipes on a real machine; only the paths and ports are this test's.
NGINX = """
daemon off;
user {user} {group};
pid {folder}/nginx.pid;
events {{}}
http {{
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxied;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    access_log off;
    include {folder}/recipe;
}}
"""
CADDY = """
{{
    admin off
    default_bind 127.0.0.1
    http_port {http}
    https_port {https}
}}
import recipe
"""


class Proxy:
    """nginx or Caddy with the committed recipe, in front of two dashboards."""

    def __init__(self, kind, folder):
        self.folder, self.kind = folder, kind
        self.http, self.https, *self.ports = [find_free_port() for _ in range(4)]
        self.ticket = secrets.token_hex(32)
        self.make_certificate()
        command = {"nginx": self.set_up_nginx, "caddy": self.set_up_caddy}[kind]()
        self.log_file = folder / "proxy.log"
        with open(self.log_file, "wb") as log:
            self.process = subprocess.Popen(
                command, cwd=folder, stdout=log, stderr=log,
                env={**os.environ, "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)},
            )  # fmt: skip
        self.wait_until_it_answers()
        self.servers = [self.start_server(number) for number in range(2)]

    def start_server(self, number):
        folder = self.folder / str(number)
        folder.mkdir(exist_ok=True)
        return Server(folder, "--server.allowedHosts", HOST, port=self.ports[number])

    def make_certificate(self):
        subprocess.run(
            [
                *("openssl", "req", "-x509", "-nodes", "-newkey", "rsa:2048", "-subj", f"/CN={HOST}"),
                *("-addext", f"subjectAltName=DNS:{HOST}", "-days", "2"),
                *("-keyout", self.folder / "key.pem", "-out", self.folder / "certificate.pem"),
            ],
            check=True, capture_output=True,
        )  # fmt: skip

    def fill_in(self, recipe, **more):
        """Writes the committed recipe with this test's ports, folder and secrets into the folder."""
        values = {**dict(zip(("8501", "8502"), self.ports, strict=True)), "TICKET": self.ticket, **more}
        values[f"/etc/{self.kind}/dashboard"] = self.folder
        text = (ROOT / "scripts" / "proxy" / recipe).read_text()
        for placeholder in values:
            assert placeholder in text, f"{recipe} has no {placeholder}"
        # All at once: a port may contain another.
        pattern = "|".join(map(re.escape, values))
        text = re.sub(pattern, lambda found: str(values[found[0]]), text)
        (self.folder / "recipe").write_text(text)

    def set_up_nginx(self):
        listen = {
            "listen 443": f"listen 127.0.0.1:{self.https}",
            "listen 80": f"listen 127.0.0.1:{self.http}",
        }
        self.fill_in("nginx.conf", **listen)
        hashed = self.say("openssl", "passwd", "-6", "-stdin")
        (self.folder / "passwords").write_text(f"{GUEST['username']}:{hashed}\n")
        main = self.folder / "nginx.conf"
        main.write_text(
            NGINX.format(folder=self.folder, user=getpass.getuser(), group=grp.getgrgid(os.getgid()).gr_name)
        )
        return ["nginx", "-c", main, "-e", "stderr"]

    def set_up_caddy(self):
        self.fill_in("Caddyfile", PASSWORD_HASH=self.say("caddy", "hash-password"))
        (self.folder / "Caddyfile").write_text(CADDY.format(http=self.http, https=self.https))
        return ["caddy", "run", "--config", "Caddyfile"]

    def say(self, *command):
        """Gives the password to a program that hashes it."""
        said = subprocess.run(
            command, input=GUEST["password"] + "\n", capture_output=True, text=True, check=True
        )
        return said.stdout.strip().splitlines()[-1]

    def wait_until_it_answers(self):
        deadline = time.monotonic() + 20
        while True:
            try:
                return self.ask("/")
            except OSError:
                assert self.process.poll() is None, self.log_file.read_text()
                assert time.monotonic() < deadline, self.log_file.read_text()
                time.sleep(0.1)  # there is nothing to wait on but the port itself

    def ask(self, path, guest=None, **headers):
        """Asks over https, by default as a stranger; the certificate is checked."""
        context = ssl.create_default_context(cafile=self.folder / "certificate.pem")
        connection = HTTPConnection(HOST, self.https)
        plain = socket.create_connection(("127.0.0.1", self.https), timeout=60)
        with context.wrap_socket(plain, server_hostname=HOST) as connection.sock:
            if guest:
                secret = base64.b64encode(f"{guest['username']}:{guest['password']}".encode()).decode()
                headers["Authorization"] = f"Basic {secret}"
            headers = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request("GET", path, headers={"Host": f"{HOST}:{self.https}", **headers})
            response = connection.getresponse()
            response.body = b"" if response.status == 101 else response.read()
            return response

    def open_websocket(self, **headers):
        upgrade = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13"}
        upgrade["Sec-WebSocket-Key"] = base64.b64encode(secrets.token_bytes(16)).decode()
        origin = {"Origin": f"https://{HOST}:{self.https}"}
        return self.ask("/_stcore/stream", **{**upgrade, **origin, **headers}).status

    def stop(self):
        self.process.terminate()
        self.process.wait(timeout=20)
        for server in self.servers:
            server.stop()


@pytest.fixture(scope="module", params=["nginx", "caddy"])
def proxy(request, tmp_path_factory):
    for program in (request.param, "openssl"):
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed")
    running = Proxy(request.param, tmp_path_factory.mktemp(request.param))
    yield running
    running.stop()


@pytest.fixture
def enter(proxy, browser):
    """Lets a new visitor in, who has the password; nothing a page does may fail or be refused."""
    visitors = []

    def enter(address=""):
        context = browser.new_context(
            ignore_https_errors=True, http_credentials=GUEST, viewport={"width": 1440, "height": 1200}
        )
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.complaints = []
        page.on("console", lambda said: complain(page, said))
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        visitors.append(page)
        open_page(proxy, page, address)
        return page

    yield enter
    for page in visitors:
        page.context.close()


def complain(page, said):
    # Streamlit looks for itself below each page's own address first, and is told 404.
    searching = re.search(r"/\w+/_stcore/(health|host-config)$", said.location["url"])
    if said.type == "error" and not searching:
        page.complaints.append(f"{said.text} {said.location['url']}")


def open_page(proxy, page, address):
    page.goto(f"https://{HOST}:{proxy.https}/{address}")
    page.wait_for_selector("[data-testid=stMain] h1")
    wait_until_idle(page)


def write_picture(folder, number):
    """Writes a drawn garment, for each number another."""
    path = folder / f"{number}.png"
    Image.fromarray(draw_samples()[number % 10]).resize((100 + number, 100)).save(path)
    return path


def upload(page, path):
    """Uploads a picture instead of the one before and waits for its answer."""
    picture = page.locator("[data-testid=stImage] img").first
    before = picture.get_attribute("src") if picture.count() else ""
    page.locator("input[type=file]").set_input_files(path)
    expect(picture).not_to_have_attribute("src", before)
    expect(verdict(page)).to_be_visible()
    wait_until_idle(page)


def take_photo(page):
    """Takes a photo with the browser's test camera, whose first frames may be one even surface.

    Streamlit starts the camera anew once it knows how wide the page is; a click in between takes none.
    """
    video, photo = (page.locator(f"[data-testid=stCameraInput] {kind}") for kind in ("video", "img"))
    for _ in range(30):
        if shows_something(video):
            page.get_by_role("button", name="Take Photo").click()
        page.wait_for_timeout(1000)  # nothing shows that a click took no photo
        if photo.count():
            if shows_something(photo):
                return
            page.get_by_role("button", name="Clear photo").click()
    raise AssertionError("no photo was taken")


def shows_something(picture):
    """Whether an image or a video that plays is there and is not one even surface."""
    return picture.count() > 0 and picture.evaluate(
        """picture => {
            const canvas = new OffscreenCanvas(64, 64).getContext("2d");
            if (picture.videoWidth === 0 || picture.naturalWidth === 0) return false;
            canvas.drawImage(picture, 0, 0, 64, 64);
            const values = canvas.getImageData(0, 0, 64, 64).data.filter((_, index) => index % 4 < 3);
            return Math.max(...values) - Math.min(...values) > 100;
        }"""
    )


def shown_picture(page):
    """The address of the visitor's own picture, which the page shows first, without the host."""
    source = page.locator("[data-testid=stImage] img").first.evaluate("image => image.src")
    return urlsplit(source).path


def cookies(page, *leave_out):
    kept = [cookie for cookie in page.context.cookies() if cookie["name"] not in leave_out]
    return "; ".join(f"{cookie['name']}={cookie['value']}" for cookie in kept)


def home(proxy, page):
    """Which of the two servers holds the page's session: the one that has the picture it shows."""
    picture = shown_picture(page)
    answers = [requests.get(server.address + picture, timeout=30).status_code for server in proxy.servers]
    assert sorted(answers) == [200, 404]
    return answers.index(200)


def test_without_the_password_nothing_is_answered(proxy):
    made_up = "dashboard_ticket=" + secrets.token_hex(32)
    for path in ("/", "/Classify", "/_stcore/health", "/_stcore/host-config", "/media/a.png"):
        for headers in ({}, {"guest": {**GUEST, "password": "guess"}}, {"Cookie": made_up}):
            response = proxy.ask(path, **headers)
            assert response.status == 401, path
            assert response.getheader("Set-Cookie") is None, "a ticket without the password"
    for cookie in ("", made_up, "dashboard_ticket=", "dashboard_ticket=TICKET"):
        assert proxy.open_websocket(Cookie=cookie) == 401


def test_the_ticket_opens_the_websocket_for_a_browser_that_sends_no_password_with_it(proxy):
    given = proxy.ask("/", GUEST).headers.get_all("Set-Cookie")
    (ticket,) = [cookie for cookie in given if cookie.startswith("dashboard_ticket=")]
    assert {"Secure", "HttpOnly", "SameSite=Lax"} <= set(ticket.split("; "))
    ticket = ticket.split(";")[0]
    assert proxy.open_websocket(Cookie=ticket) == 101
    assert proxy.open_websocket(Cookie=ticket, Origin="https://evil.example") == 403


def test_another_host_name_does_not_reach_the_dashboard(proxy):
    evil = {"Host": "evil.example", "Origin": "https://evil.example"}
    assert proxy.open_websocket(guest=GUEST, **evil) != 101
    assert b"Streamlit" not in proxy.ask("/", GUEST, Host="evil.example").body


def test_plain_http_leads_to_https(proxy):
    address = f"http://127.0.0.1:{proxy.http}/Classify?source=Draw"
    response = requests.get(address, headers={"Host": HOST}, allow_redirects=False, timeout=30)
    assert response.status_code in (301, 308)
    assert response.headers["Location"] == f"https://{HOST}/Classify?source=Draw"


def test_headers_and_compression(proxy):
    page = proxy.ask("/", GUEST)
    script = proxy.ask("/" + SCRIPT.search(page.body.decode())[1], GUEST, Accept_Encoding="gzip")
    for response in (page, script, proxy.ask("/_stcore/health", GUEST)):
        assert response.status == 200
        assert response.getheader("X-Content-Type-Options") == "nosniff"
        assert response.getheader("X-Frame-Options") == "DENY"
        assert response.getheader("Referrer-Policy") == "same-origin"
        assert response.getheader("Strict-Transport-Security")
        policy = response.getheader("Content-Security-Policy")
        assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy
        assert "unsafe-eval" not in policy and not re.search("script-src[^;]*unsafe-inline", policy)
    assert script.getheader("Content-Encoding") == "gzip"
    plain = proxy.ask("/" + SCRIPT.search(page.body.decode())[1], GUEST)
    assert len(script.body) < len(plain.body) / 2
    xsrf = [c for c in proxy.ask("/_stcore/health", GUEST).headers.get_all("Set-Cookie") if "xsrf" in c]
    assert len(xsrf) == 1 and "secure" in xsrf[0].lower()


@pytest.mark.parametrize(
    "path", ["metrics", "metrics?a=1", "METRICS", "%6Detrics", "agent/mcp", "script-health-check"]
)
def test_what_no_browser_needs_is_not_there(proxy, path):
    assert proxy.ask(f"/_stcore/{path}", GUEST).status == 404
    assert proxy.ask(f"/x/../_stcore/{path}", GUEST).status == 404


def test_every_page_renders_and_its_console_stays_empty(proxy, enter):
    page = enter()
    for address in PAGES:
        open_page(proxy, page, address)
        page.wait_for_load_state("networkidle")
        if page.complaints:  # of what was still loading when the page before was left; what is wrong repeats
            page.complaints.clear()
            open_page(proxy, page, address)
            page.wait_for_load_state("networkidle")
        assert not page.complaints, (address, page.complaints)
    open_page(proxy, page, "Training_curves")
    page.get_by_text("All epochs as a table").click()
    with page.expect_download() as download:
        page.get_by_test_id("stBaseButton-secondary").filter(has_text="Download as CSV").click()
    assert download.value.path().read_bytes().startswith(b"run,model,epoch,")
    assert not page.complaints


def test_upload_drawing_and_camera_are_answered(proxy, enter, tmp_path):
    Image.fromarray(draw_samples()[9]).save(tmp_path / "boot.png")
    page = enter("Classify?source=Upload")
    upload(page, tmp_path / "boot.png")
    expect(verdict(page)).to_contain_text("ankle boot")
    open_page(proxy, page, "Classify?source=Draw")
    page.locator("canvas").last.wait_for()
    stroke(page, (80, 60), (200, 220))
    expect(verdict(page)).to_be_visible()
    open_page(proxy, page, "Classify?source=Camera")
    take_photo(page)
    expect(verdict(page)).to_be_visible()
    assert not page.complaints


def test_a_file_as_large_as_the_dashboard_takes_passes(enter, tmp_path):
    (tmp_path / "large.png").write_bytes(bytes(50_000_000))
    page = enter("Classify?source=Upload")
    page.locator("input[type=file]").set_input_files(tmp_path / "large.png")
    expect(page.get_by_text("The file has 50 MB")).to_be_visible()
    assert not page.complaints


def test_a_session_stays_with_its_server(proxy, enter, tmp_path):
    homes = set()
    for number in range(20):
        page = enter("Classify?source=Upload")
        upload(page, write_picture(tmp_path, number))  # the other server would refuse it
        homes.add(home(proxy, page))
        picture = shown_picture(page)
        assert {proxy.ask(picture, Cookie=cookies(page)).status for _ in range(20)} == {200}
        anywhere = {proxy.ask(picture, Cookie=cookies(page, "dashboard_server")).status for _ in range(20)}
        assert anywhere == {200, 404}, "any server would do: this shows nothing"
        assert not page.complaints
        if len(homes) == 2:
            break
    assert len(homes) == 2, "all visitors are sent to one server"


def test_when_a_server_dies_its_visitors_go_to_the_other_one_and_stay_there(proxy, enter, tmp_path):
    visitor = enter("Classify?source=Upload")
    upload(visitor, write_picture(tmp_path, 100))
    number = home(proxy, visitor)
    dead = proxy.servers[number]
    dead.process.send_signal(signal.SIGKILL)
    dead.process.wait()
    for garment in range(101, 105):
        newcomer = enter("Classify?source=Upload")
        upload(newcomer, write_picture(tmp_path, garment))
        assert not newcomer.complaints
    # The open page connects again by itself; what was uploaded is gone, the next upload is answered.
    expect(visitor.locator("[data-testid=stApp]")).to_have_attribute(
        "data-test-connection-state", "CONNECTED"
    )
    upload(visitor, write_picture(tmp_path, 105))
    proxy.servers[number] = proxy.start_server(number)
    # Both proxies ask a server again ten seconds after it failed, and nothing shows that they do.
    time.sleep(12)
    upload(visitor, write_picture(tmp_path, 106))
    assert home(proxy, visitor) == 1 - number
    homes = set()
    for garment in range(107, 127):
        newcomer = enter("Classify?source=Upload")
        upload(newcomer, write_picture(tmp_path, garment))
        homes.add(home(proxy, newcomer))
        if number in homes:
            break
    assert number in homes, "the server that is back gets no visitors"
