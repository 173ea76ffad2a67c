"""Floors and settings that keep strangers out: versions, server configuration, loaders."""

import ast
import http.client
import re
import shlex
import tomllib
import zipfile
from importlib.metadata import version

import keras
import pytest
from packaging.requirements import Requirement
from packaging.version import Version

from tests.browser.conftest import Server
from tests.conftest import BASELINE, ROOT

# Advisories behind each floor: Pillow's release notes 13.0.0; Keras CVE-2026-12481 and older;
# Streamlit CVE-2026-33682; Starlette CVE-2026-48710; python-multipart CVE-2026-42561.
FLOORS = {
    "pillow": "13.0.0",
    "keras": "3.15.1",
    "streamlit": "1.54",
    "starlette": "1.3.1",
    "python-multipart": "0.0.27",
}


@pytest.mark.parametrize("package", FLOORS)
def test_versions_are_at_or_above_their_security_floor(package):
    assert Version(version(package)) >= Version(FLOORS[package])


@pytest.mark.parametrize("package", FLOORS)
def test_the_requirements_admit_nothing_below_the_floor(package):
    lines = (ROOT / "requirements.txt").read_text().splitlines()
    requirements = [Requirement(line.split("#")[0].strip()) for line in lines if line.split("#")[0].strip()]
    (requirement,) = [requirement for requirement in requirements if requirement.name == package]
    lowest = min(Version(s.version) for s in requirement.specifier if s.operator == ">=")
    assert lowest >= Version(FLOORS[package])


def test_the_server_is_closed_by_default():
    config = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())
    server = config["server"]
    assert server["address"] == "127.0.0.1"
    assert server["allowedHosts"] == ["localhost", "127.0.0.1"]
    assert server["enableXsrfProtection"] and server["enableCORS"]
    assert not server["enableStaticServing"] and not server["enableAgentApi"]
    assert server["maxUploadSize"] <= 50 and server["maxMessageSize"] <= 20
    assert config["client"]["showErrorDetails"] == "none"
    assert not config["browser"]["gatherUsageStats"]


def open_websocket(server, name):
    """Asks for a session as a page does that was opened under this name; returns the status."""
    host = f"{name}:{server.port}"
    headers = {"Host": host, "Origin": f"http://{host}", "Connection": "Upgrade", "Upgrade": "websocket"}
    headers |= {"Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA=="}
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    connection.request("GET", "/_stcore/stream", headers=headers)
    with connection.getresponse() as response:
        connection.close()
        return response.status


def ask(server, path, name):
    """Asks for a path as if the server had this name; returns the status."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    connection.request("GET", path, headers={"Host": f"{name}:{server.port}"})
    with connection.getresponse() as response:
        response.read()
        connection.close()
        return response.status


@pytest.fixture
def start_server(tmp_path):
    started = []

    def start(*options):
        started.append(Server(tmp_path, *options))
        return started[0]

    yield start
    for server in started:
        server.stop()


def test_a_foreign_name_that_was_pointed_at_this_machine_opens_no_session(start_server):
    """DNS rebinding: the page's Origin and Host agree, so only the list of names can refuse it."""
    server = start_server()
    for name in ("localhost", "127.0.0.1", "LOCALHOST"):
        assert open_websocket(server, name) == 101
    for name in ("evil.example", "localhost.evil.example", "192.168.1.20"):
        assert open_websocket(server, name) in (400, 403)
        assert ask(server, "/", name) == ask(server, "/_stcore/metrics", name) == 400
    assert ask(server, "/", "localhost") == 200


def test_the_readmes_command_to_share_serves_the_names_it_lists(start_server):
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (command,) = re.findall(r"streamlit run dashboard\.py (--server\.address 0\.0\.0\.0 .*)", readme)
    options = shlex.split(command)
    names = [options[i + 1] for i, option in enumerate(options) if option == "--server.allowedHosts"]
    server = start_server(*options)
    assert {open_websocket(server, name) for name in names} == {101}
    assert open_websocket(server, "evil.example") in (400, 403)


def test_a_model_that_runs_code_is_not_loaded(own_artifacts):
    """Even with a manifest that vouches for it: Keras's own safe mode refuses."""
    from fmnist import artifacts
    from fmnist.errors import ArtifactError
    from tests import forging

    run = artifacts.load_model(BASELINE).run
    hostile = keras.Sequential([keras.Input((28, 28)), keras.layers.Lambda(lambda x: x)])
    hostile.save(run.folder / "model.keras")
    forging.replace_file(run, "keras", (run.folder / "model.keras").read_bytes())
    assert zipfile.is_zipfile(run.folder / "model.keras")
    with pytest.raises(ArtifactError, match=r"model\.keras cannot be loaded"):
        artifacts.load_model(BASELINE).run.load_keras()


UNPICKLE = {
    "pickle",
    "cPickle",
    "dill",
    "cloudpickle",
    "joblib",
    "shelve",
    "marshal",
    "read_pickle",
    "to_pickle",
}
UNPACK = {"extract", "extractall", "unpack_archive"}


KNOWN = {"torch_weights.py": {"pickle"}}
"""It reads a file of a known checksum, replaces five names and refuses all others: test_torch_weights.py."""


def find_dangers(source, is_decoding=False):
    """What code imports or calls that runs code of a file, unpacks it, or opens it as a picture."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from UNPICKLE & {part for alias in node.names for part in alias.name.split(".")}
        if isinstance(node, ast.ImportFrom):
            names = {*(node.module or "").split("."), *(alias.name for alias in node.names)}
            yield from names & (UNPICKLE | UNPACK)
        if isinstance(node, ast.Attribute):
            yield from {node.attr} & (UNPICKLE | UNPACK)
            if node.attr == "open" and ast.unparse(node.value).endswith("Image") and not is_decoding:
                yield "Image.open"
        if isinstance(node, ast.keyword) and node.arg == "allow_pickle":
            yield from [] if ast.unparse(node.value) == "False" else ["allow_pickle"]
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "np.load":
            yield from [] if "allow_pickle" in {keyword.arg for keyword in node.keywords} else ["np.load"]


@pytest.mark.parametrize(
    ("source", "danger"),
    [
        ("import pickle", "pickle"),
        ("from joblib import load", "joblib"),
        ("import numpy.lib, dill as d", "dill"),
        ("pd.read_pickle(path)", "read_pickle"),
        ("np.load(path, allow_pickle=True)", "allow_pickle"),
        ("np.load(path)", "np.load"),
        ("zipped.extractall(folder)", "extractall"),
        ("from shutil import unpack_archive", "unpack_archive"),
        ("PIL.Image.open(path)", "Image.open"),
        ("np.load(path, allow_pickle=False)  # no pickle", None),
        ("open(path)", None),
    ],
)
def test_a_danger_in_source_is_found(source, danger):
    assert list(find_dangers(source)) == ([danger] if danger else [])


def test_no_module_unpickles_or_opens_foreign_pictures():
    for path in (ROOT / "fmnist").rglob("*.py"):
        found = {*find_dangers(path.read_text(encoding="utf-8"), path.name == "decoding.py")}
        assert not found - KNOWN.get(path.name, set()), path


def test_every_cache_is_bounded():
    found = 0
    for path in (ROOT / "fmnist" / "ui").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and node.attr in ("cache_data", "cache_resource"):
                found += 1
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "").startswith("cache_"):
                assert "max_entries" in {keyword.arg for keyword in node.keywords}, path
                found -= 1
    assert found == 0, "a cache is used without its bound"
