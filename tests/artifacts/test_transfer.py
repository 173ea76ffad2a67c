"""A run as a zip and back; whatever else is brought is refused in one sentence and leaves nothing behind."""

import hashlib
import io
import json
import stat
import struct
import zipfile

import numpy as np
import pytest

from fmnist import artifacts
from fmnist.artifacts import transfer
from fmnist.errors import ArtifactError
from tests import zips
from tests.artifacts.conftest import npy, refused
from tests.conftest import BASELINE, find_model, has_alarm


@pytest.fixture
def zipped(own_artifacts):
    """A tiny run with every kind of file, as a zip."""
    return artifacts.export_run(find_model(has_alarm).run)


@pytest.fixture
def elsewhere(zipped, tmp_path, monkeypatch):
    """Another artifacts folder, in which something lies already; the program looks there."""
    folder = tmp_path / "elsewhere"
    (folder / "runs").mkdir(parents=True)
    (folder / "models.json").write_text('{"models": []}')
    monkeypatch.setenv("FMNIST_ARTIFACTS_DIR", str(folder))
    return folder


def parse(content):
    """Examines a run as the process for it begins: every file that has a parser."""
    artifacts.unpack_run(content).check()


def name_of(content):
    return next(iter(zips.read_zip(content))).split("/")[0]


def test_a_run_comes_back_byte_for_byte_and_is_marked_as_imported(zipped, elsewhere, own_artifacts):
    name = name_of(zipped)
    imported = artifacts.import_run(zipped, parse)
    assert imported == artifacts.load_run(name)
    assert artifacts.export_run(imported) == zipped
    for kind, file in artifacts.RUN_FILES.items():
        assert imported.read(kind) == (own_artifacts / "runs" / name / file.name).read_bytes()
    assert artifacts.load_notes()[name].imported.startswith("20")
    assert not artifacts.list_models(), "nothing points at it yet"
    assert artifacts.point("guest", imported).run == imported
    assert not list((elsewhere / ".scratch").iterdir())


def test_the_same_run_gives_the_same_bytes_whatever_the_clock_and_the_notes_say(zipped, own_artifacts):
    run = find_model(has_alarm).run
    artifacts.save_note(run.name, "private words")
    for path in run.folder.iterdir():
        path.touch()
    assert artifacts.export_run(artifacts.load_run(run.name)) == zipped
    assert b"private words" not in zipped
    with zipfile.ZipFile(io.BytesIO(zipped)) as archive:
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert archive.namelist()[0] == f"{run.name}/run.json"


def test_a_zip_that_another_program_packed_again_is_read_too(zipped, elsewhere):
    folder = name_of(zipped)
    again = zips.write_zip({f"{folder}/": b"", **zips.read_zip(zipped)}, zipfile.ZIP_DEFLATED)
    assert artifacts.export_run(artifacts.import_run(again, parse)) == zipped


def test_a_damaged_run_is_not_exported(own_artifacts):
    run = artifacts.load_model(BASELINE).run
    (run.folder / "history.csv").write_text("epoch\n")
    with refused(r"history\.csv is damaged or was changed"):
        artifacts.export_run(run)


def test_a_file_of_a_newer_program_is_not_left_out_in_silence(own_artifacts):
    run = artifacts.load_model(BASELINE).run
    run.manifest.files["newer.bin"] = "0" * 64
    with refused(r"newer\.bin, which this program does not know: update"):
        artifacts.export_run(run)


FILE = {name: file.name for name, file in artifacts.RUN_FILES.items()}


def forge(members, change):
    """Applies a change to the members of a zip, which lie in one folder."""
    folder = next(iter(members)).split("/")[0]
    changed = dict(members)
    change(changed, folder)
    return zips.write_zip(changed)


def with_manifest(**values):
    def change(members, folder):
        path = f"{folder}/run.json"
        members[path] = json.dumps(json.loads(members[path]) | values).encode()

    return lambda content: forge(zips.read_zip(content), change)


def renamed(old, new):
    """The zip with another path of one file; `{}` stands for the folder."""

    def change(members, folder):
        members[new.format(folder)] = members.pop(f"{folder}/{old}")

    return lambda content: forge(zips.read_zip(content), change)


def added(name, content=b"x"):
    return lambda zipped: forge(
        zips.read_zip(zipped), lambda members, folder: members.update({name.format(folder): content})
    )


def flip_byte(zipped):
    """A byte of the model changes, and the zip's own checksum with it."""
    members = zips.read_zip(zipped)
    path = f"{name_of(zipped)}/{FILE['litert']}"
    content = bytearray(members[path])
    content[len(content) // 2] ^= 1
    return zips.write_zip(members | {path: bytes(content)})


def flip_packed_byte(zipped):
    """A byte of the model changes, and nothing else."""
    content = bytearray(zipped)
    content[zipped.index(b"TFL3") + 50] ^= 1
    return bytes(content)


def find_list(zipped):
    """Where the list of members begins; the models are zips themselves."""
    return int.from_bytes(zipped[-6:-2], "little")


def encrypt(zipped):
    content = bytearray(zipped)
    content[find_list(zipped) + 8] |= 1
    return bytes(content)


def repeat(zipped):
    members = list(zips.read_zip(zipped).items())
    with pytest.warns(UserWarning, match="Duplicate name"):
        return zips.write_zip([*members, members[1]])


def link(zipped):
    members = zips.read_zip(zipped) | {f"{name_of(zipped)}/{FILE['litert']}": b"/etc/passwd"}
    return zips.write_zip(members, mode=stat.S_IFLNK | 0o777)


def bomb(zipped):
    members = zips.read_zip(zipped) | {f"{name_of(zipped)}/{FILE['history']}": bytes(90_000_000)}
    return zips.write_zip(members, zipfile.ZIP_DEFLATED)


def declare_more(zipped):
    """A member that declares a size of a gigabyte in the zip's list and in front of its bytes."""
    content = bytearray(zipped)
    struct.pack_into("<I", content, find_list(zipped) + 24, 10**9)
    struct.pack_into("<I", content, 22, 10**9)
    return bytes(content)


def declare_less(zipped):
    """A deflated member that unpacks to more than it declares."""
    packed = bytearray(zips.write_zip(zips.read_zip(zipped), zipfile.ZIP_DEFLATED))
    struct.pack_into("<I", packed, find_list(packed) + 24, 10)
    struct.pack_into("<I", packed, 22, 10)
    return bytes(packed)


def name_many(zipped):
    """A list of members that would take gigabytes to read; the zip itself stays small."""
    content = bytearray(zipped)
    struct.pack_into("<I", content, len(content) - 10, 500_000_000)
    return bytes(content)


def drop(name):
    return lambda zipped: forge(
        zips.read_zip(zipped), lambda members, folder: members.pop(f"{folder}/{name}")
    )


STRUCTURE = {
    "wrong hash": (flip_byte, r"model\.tflite does not have the checksum that its run\.json names"),
    "damaged inside": (flip_packed_byte, r"model\.tflite' is damaged inside it"),
    "no zip": (lambda zipped: b"GIF89a", "This is no zip of a run"),
    "empty": (lambda zipped: b"", "This is no zip of a run"),
    "a zip of nothing": (lambda zipped: zips.write_zip({}), "This is no zip of a run"),
    "cut": (lambda zipped: zipped[:-30], "it is damaged or not an ordinary zip"),
    "with a comment": (lambda zipped: zipped[:-2] + b"\x02\0hi", "not an ordinary zip"),
    "path out": (added("../{}/run.json"), "has a path that leads out of its folder"),
    "path out from inside": (added("{}/../../evil.sh"), "has a path that leads out"),
    "absolute path": (renamed(FILE["history"], "/etc/{}"), "has a path that leads out"),
    "drive": (renamed(FILE["history"], "C:{}"), "has a path that leads out"),
    "backslash": (renamed(FILE["history"], "{}\\..\\x"), "has a path that leads out"),
    "link": (link, "is a link or another thing that is no file"),
    "foreign file": (added("{}/evil.sh"), r"the file 'evil\.sh' is no file of a run"),
    "foreign folder": (added("other/run.json"), r"the file 'run\.json' is no file of a run"),
    "deeper": (added("{}/deep/run.json"), "is no file of a run"),
    "notes of a system": (added("__MACOSX/{}"), "is no file of a run"),
    "no folder": (renamed("run.json", "run.json"), "is no file of a run"),
    "without run.json": (drop("run.json"), r"it holds no run\.json"),
    "missing file": (drop(FILE["history"]), r"the file history\.csv is missing"),
    "missing optional file": (drop(FILE["garment_space"]), r"the file garment_space\.npy is missing"),
    "twice": (repeat, r"it holds the file 'model\.keras' twice"),
    "encrypted": (encrypt, "it is encrypted"),
    "bzip2": (lambda zipped: zips.write_zip(zips.read_zip(zipped), zipfile.ZIP_BZIP2), "in an unusual way"),
    "bomb": (bomb, "expands more than 20-fold|unpacked, it is larger"),
    "declares too much": (declare_more, "unpacked, it is larger than 100 MB"),
    "declares too little": (declare_less, "is damaged inside it"),
    "too many members": (name_many, "it holds too many files"),
    "too large": (lambda zipped: zipped + bytes(50_000_001), "it is larger than 50 MB"),
    "newer": (with_manifest(format=9), "format 9, but this program reads formats up to 2, so nothing was"),
    "another folder": (
        with_manifest(run="simple-1"),
        r"run\.json is damaged: it belongs to the run simple-1",
    ),
    "no JSON": (lambda zipped: forge_manifest(zipped, b"{"), r"run\.json is damaged: it is not JSON"),
    "a list": (lambda zipped: forge_manifest(zipped, b"[]"), "must be a set of named values"),
    "unknown setting": (with_manifest(config={"evil": 1}), "config has an unknown entry 'evil'"),
    "contradicting figures": (with_manifest(kept_epoch=99), "kept_epoch lies outside the run"),
    "lacks a sum": (lambda zipped: without_sum(zipped, "history"), r"the file history\.csv is missing"),
    "does not name a file": (
        lambda zipped: without_sum(zipped, "garment_space"),
        r"its run\.json does not name the file garment_space\.npy",
    ),
}


def forge_manifest(zipped, content):
    return zips.write_zip(zips.read_zip(zipped) | {f"{name_of(zipped)}/run.json": content})


def without_sum(zipped, kind):
    sums = json.loads(zips.read_zip(zipped)[f"{name_of(zipped)}/run.json"])["files"]
    del sums[FILE[kind]]
    return with_manifest(files=sums)(zipped)


@pytest.mark.parametrize("case", STRUCTURE)
def test_a_forged_zip_is_refused_in_one_sentence_and_nothing_is_written(zipped, elsewhere, case):
    change, match = STRUCTURE[case]
    forged = change(zipped)
    before = zips.list_tree(elsewhere)

    def examine(content):
        raise AssertionError("it was opened all the same")

    with refused(match):
        artifacts.import_run(forged, examine)
    assert zips.list_tree(elsewhere) == before


def probabilities(run, part):
    return run.load_probabilities(part).astype(np.float16)


CONTENTS = {
    "history of other epochs": ("history", lambda run: run.read("history") * 2),
    "history that is no table": ("history", lambda run: b"\0" * 50),
    "history with a missing epoch": ("history", lambda run: run.read("history").rsplit(b"\n", 2)[0] + b"\n"),
    "confusions of other images": (
        "validation_confusion",
        lambda run: npy(run.load("validation_confusion") + 1),
    ),
    "answers that contradict": ("test_probabilities", lambda run: npy(probabilities(run, "test")[:, ::-1])),
    "answers to other images": ("validation_probabilities", lambda run: npy(probabilities(run, "test"))),
    "truth above one": ("validation_truth", lambda run: npy(run.load("validation_truth") + np.float16(1))),
    "no classes": ("validation_answers", lambda run: npy(run.load("validation_answers") + np.uint8(10))),
    "objects": ("garment_space", lambda run: npy(np.array([None]))),
}


@pytest.mark.parametrize("case", CONTENTS)
def test_files_that_contradict_the_figures_are_refused_with_the_right_sums_too(
    own_artifacts, tmp_path, monkeypatch, case
):
    kind, forge = CONTENTS[case]
    run = find_model(has_alarm).run
    with np.errstate(all="ignore"):
        content = io.BytesIO()
        np.save(content, np.array([None]), allow_pickle=True)
        new = content.getvalue() if case == "objects" else forge(run)
    forged = zips.replace_member(artifacts.export_run(run), FILE[kind], new)
    monkeypatch.setenv("FMNIST_ARTIFACTS_DIR", str(tmp_path / "elsewhere"))
    with refused(rf"^The zip was not imported, because its {FILE[kind]} is damaged: "):
        artifacts.import_run(forged, parse)
    assert not (tmp_path / "elsewhere").exists()


def test_a_run_that_is_here_stays_as_it_is(zipped, own_artifacts):
    before = zips.list_tree(own_artifacts)
    forged = zips.edit_manifest(zipped, "created", value="another time")
    with refused("is already here, so nothing was imported"):
        artifacts.import_run(forged, parse)
    assert zips.list_tree(own_artifacts) == before


def test_what_an_examination_refuses_leaves_nothing_behind(zipped, elsewhere):
    before = zips.list_tree(elsewhere)

    def examine(content):
        assert content == zipped
        raise ArtifactError("The model is forged.")

    with refused("The model is forged"):
        artifacts.import_run(zipped, examine)
    assert zips.list_tree(elsewhere) == before


def test_without_room_for_the_mark_nothing_is_imported(zipped, elsewhere):
    (elsewhere / "notes.json").write_text("{")
    before = zips.list_tree(elsewhere)
    with refused(r"notes\.json is damaged"):
        artifacts.import_run(zipped, parse)
    assert zips.list_tree(elsewhere) == before


def test_an_interrupted_import_leaves_no_run_and_the_next_one_succeeds(zipped, elsewhere, monkeypatch):
    real = transfer.os.replace

    def interrupt(source, target):
        if "runs" in str(target):
            raise OSError("the machine is switched off")
        real(source, target)

    monkeypatch.setattr(transfer.os, "replace", interrupt)
    with pytest.raises(OSError, match="switched off"):
        artifacts.import_run(zipped, parse)
    assert artifacts.load_runs() == ([], [])
    monkeypatch.undo()
    monkeypatch.setenv("FMNIST_ARTIFACTS_DIR", str(elsewhere))
    assert artifacts.import_run(zipped, parse).name == name_of(zipped)


def test_a_forged_name_of_a_folder_is_refused(zipped, elsewhere):
    members = {f"<b>/{path.split('/')[1]}": content for path, content in zips.read_zip(zipped).items()}
    with refused("its folder is not named like a run"):
        artifacts.import_run(zips.write_zip(members), parse)


def test_the_sums_are_those_of_sha256(zipped):
    members = zips.read_zip(zipped)
    sums = json.loads(members[f"{name_of(zipped)}/run.json"])["files"]
    for name, expected in sums.items():
        assert hashlib.sha256(members[f"{name_of(zipped)}/{name}"]).hexdigest() == expected
