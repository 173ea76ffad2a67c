"""Thousands of mutated zips of runs, and forged models in the real process that examines them.

Each is refused in one sentence and nothing is written, or it is the same run as before.
"""

import collections
import io
import json
import resource
import shutil
import time
import zipfile

import numpy as np
import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from fmnist import artifacts
from fmnist.errors import ArtifactError
from fmnist.room import examine_run
from tests import zips
from tests.conftest import BASELINE, find_model, has_alarm
from tests.effort import part_of
from tests.slow.test_mutations import MUTATIONS, forge, list_places

pytestmark = pytest.mark.slow
MUTATED = part_of(2_000)
FORGED_MODELS = 12
CPU_SECONDS = 150  # of all that a bomb may cost


@pytest.fixture
def zipped(own_artifacts, tmp_path, monkeypatch):
    """A tiny run with every kind of file; the program looks into an empty folder from now on."""
    content = artifacts.export_run(find_model(has_alarm).run)
    monkeypatch.setenv("FMNIST_ARTIFACTS_DIR", str(tmp_path / "elsewhere"))
    return content


def parse(content):
    artifacts.unpack_run(content).check()


def attempt(content, examine):
    """Imports a zip; returns the run, or None if it was refused in one sentence."""
    try:
        return artifacts.import_run(content, examine)
    except ArtifactError as error:
        said = str(error)
        assert "\n" not in said and said.endswith(".") and len(said) < 500 and said.isprintable(), said
        assert str(artifacts.artifacts_dir()) not in said
        return None


def mutate_bytes(content, data, random):
    changed = bytearray(content)
    for _ in range(data.draw(st.integers(1, 3))):
        MUTATIONS[data.draw(st.integers(0, len(MUTATIONS) - 1))](changed, random)
    return bytes(changed)


def mutate_list(content, data, random):
    """Changes a few bytes of the list of members, where names, sizes and offsets are."""
    start = int.from_bytes(content[-6:-2], "little")
    changed = bytearray(content)
    for _ in range(data.draw(st.integers(1, 4))):
        changed[data.draw(st.integers(start, len(content) - 1))] = data.draw(st.integers(0, 255))
    return bytes(changed)


def mutate_members(content, data, random):
    """Packs other names, contents, links and methods."""
    members = list(zips.read_zip(content).items())
    number = data.draw(st.integers(0, len(members) - 1))
    path, old = members[number]
    names = st.sampled_from([path, "/etc/passwd", "../x", "a/b", "a\\b", "", "\0", "C:x"]) | st.text(
        max_size=20
    )
    members[number] = (
        data.draw(names),
        data.draw(st.sampled_from([old, b"", old[:-1], old * 2, bytes(10_000)])),
    )
    if data.draw(st.booleans()):
        members.append(data.draw(st.sampled_from(members)))
    method = data.draw(st.sampled_from([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2]))
    mode = data.draw(st.sampled_from([0, 0o100644, 0o120777, 0o040755, 0o010644]))
    try:
        return zips.write_zip(members, method, mode)
    except (ValueError, UnicodeError):  # a name that no zip can have
        return content


def mutate_manifest(content, data, random):
    """Forges any value of run.json, and nothing else."""
    members = zips.read_zip(content)
    path = next(iter(members))
    manifest = json.loads(members[path])
    place = data.draw(st.sampled_from(list_places(manifest)))
    members[path] = forge(manifest, place, data).encode("utf-8", "surrogatepass")
    return zips.write_zip(members)


def mutate_file(content, data, random):
    """Damages a file that has a parser, with a run.json that vouches for the result."""
    members = zips.read_zip(content)
    path = data.draw(st.sampled_from([path for path in members if path.endswith((".npy", ".csv"))]))
    changed = bytearray(members[path])
    MUTATIONS[data.draw(st.integers(0, len(MUTATIONS) - 1))](changed, random)
    return zips.replace_member(content, path.split("/")[1], bytes(changed))


WAYS = (mutate_bytes, mutate_list, mutate_members, mutate_manifest, mutate_file)


@pytest.mark.filterwarnings("ignore:Duplicate name:UserWarning")
def test_mutated_zips_are_refused_and_nothing_is_written(zipped, tmp_path):
    folder = tmp_path / "elsewhere"
    outcomes = collections.Counter()

    @seed(4)
    @settings(max_examples=MUTATED, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(st.data(), st.sampled_from(WAYS), st.integers(0, 2**32 - 1))
    def import_mutated(data, way, number):
        changed = way(zipped, data, np.random.default_rng(number))
        run = attempt(changed, parse)
        outcomes[way.__name__, "refused" if run is None else "imported"] += 1
        if run is None:
            assert not folder.exists(), zips.list_tree(folder).keys()
        else:
            run.check()
            assert artifacts.load_run(run.name) == run and set(artifacts.load_notes()) == {run.name}
            shutil.rmtree(folder)

    import_mutated()
    print(f"{MUTATED:,} mutated zips: {dict(outcomes)}")
    assert all(outcomes[way.__name__, "refused"] > MUTATED / 20 for way in WAYS)


def test_forged_models_cost_a_process_and_nothing_else(zipped, tmp_path):
    """Mutated where LiteRT and Keras read them, with sums that fit."""
    random = np.random.default_rng(5)
    outcomes = collections.Counter()
    members = zips.read_zip(zipped)
    for number in range(FORGED_MODELS):
        name = artifacts.RUN_FILES["keras" if number % 4 == 3 else "litert"].name
        changed = bytearray(next(content for path, content in members.items() if path.endswith(name)))
        for _ in range(1 + number):
            MUTATIONS[random.integers(len(MUTATIONS))](changed, random)
        run = attempt(zips.replace_member(zipped, name, bytes(changed)), examine_run)
        outcomes[name, "refused" if run is None else "imported"] += 1
        if run is None:
            assert not (tmp_path / "elsewhere").exists()
        else:
            artifacts.delete_run(run.name)
            shutil.rmtree(tmp_path / "elsewhere")
    print(f"{FORGED_MODELS} forged models: {dict(outcomes)}")
    assert sum(count for (_, outcome), count in outcomes.items() if outcome == "refused") > FORGED_MODELS / 2


def test_a_bomb_inside_a_model_is_refused_within_limits(zipped, tmp_path):
    """A Keras model is a zip itself, which is only opened in the process."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        bomb = archive.open("config.json", "w", force_zip64=True)
        for _ in range(100):
            bomb.write(bytes(100_000_000))  # 10 GB, more than the process may have
        bomb.close()
    forged = zips.replace_member(zipped, artifacts.RUN_FILES["keras"].name, stream.getvalue())
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    assert attempt(forged, examine_run) is None
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(f"a bomb of 10 GB: {time.monotonic() - started:.0f} s, {used:.0f} s of a processor")
    assert used < CPU_SECONDS and not (tmp_path / "elsewhere").exists()


def test_an_import_through_the_process_keeps_every_byte(own_artifacts, tmp_path, monkeypatch):
    zipped = artifacts.export_run(artifacts.load_model(BASELINE).run)
    monkeypatch.setenv("FMNIST_ARTIFACTS_DIR", str(tmp_path / "elsewhere"))
    assert artifacts.export_run(artifacts.import_run(zipped, examine_run)) == zipped
