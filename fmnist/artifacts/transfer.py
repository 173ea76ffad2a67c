"""Runs on the move: a run as a zip, and a zip from anywhere as a run.

The zip holds one folder, named after the run, with its run.json and the files that this names, byte for byte.
Titles, tags and notes are personal and stay.

Whoever can make a zip can make the checksums in it fit, so they reveal damage and mix-ups, not forgeries.
Nothing is written before the zip has been read within limits, every file fits its checksum, and the
`examine` of the caller has opened all of it in a process that may be lost.

Reference: APPNOTE.TXT, the .ZIP file format specification; OWASP, "File Upload Cheat Sheet".
"""

import io
import os
import re
import shutil
import stat
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from fmnist.artifacts import files
from fmnist.artifacts.events import write_events
from fmnist.artifacts.kinds import RUN_FILES
from fmnist.artifacts.manifest import FORMAT, Manifest, parse_manifest
from fmnist.artifacts.notes import Note, change_notes, load_notes
from fmnist.artifacts.runs import MANIFEST, Run
from fmnist.artifacts.values import FOLDER, parse_json
from fmnist.errors import ArtifactError
from fmnist.words import display_name

MAX_ZIP_BYTES = 50_000_000
MAX_UNPACKED_BYTES = 100_000_000
MAX_RATIO = 20  # unpacked size to packed size; networks hardly shrink
NOT_IMPORTED = "The zip was not imported, because"
"""How each refusal of a zip begins."""
_MAX_DIRECTORY = 10_000  # bytes for the list of members
_END = b"PK\x05\x06"  # begins the last 22 bytes of a zip without a comment
_LARGE_END = b"PK\x06\x07"  # in the 64-bit form, the 20 bytes before
_ENCRYPTED = 0x1  # a bit of a member's flags
_EARLIEST = (1980, 1, 1, 0, 0, 0)  # the time of all members, so that the same run gives the same bytes
_FILE_MODE = (stat.S_IFREG | 0o644) << 16


@dataclass(frozen=True)
class Unpacked:
    """A run out of a zip, not written anywhere yet: its manifest, and the content of each file by name."""

    manifest: Manifest
    contents: dict[str, bytes]

    def check(self) -> None:
        """Parses each file that has a parser here; only where a hostile one may take long.

        Raises:
            ArtifactError: If a file is damaged or contradicts the manifest.
        """
        for file in RUN_FILES.values():
            if file.parse and file.name in self.contents:
                with files.explained(f"{NOT_IMPORTED} its {file.name} is damaged"):
                    file.parse(self.contents[file.name], self.manifest)

    def write(self, folder: Path) -> Run:
        """Writes the run into a new folder."""
        folder.mkdir(parents=True)
        for name, content in self.contents.items():
            files.write_synced(folder / name, content)
        return Run(self.manifest, folder)


def export_run(run: Run) -> bytes:
    """Packs a run as a zip, which `import_run` accepts; the same run always gives the same bytes.

    Raises:
        ArtifactError: If one of its files is missing or damaged, or unknown to this program.
    """
    kinds = {file.name: kind for kind, file in RUN_FILES.items()}
    if unknown := sorted(run.manifest.files.keys() - kinds):
        raise ArtifactError(
            f"The run {run.name} has a file {display_name(unknown[0])}, which this program does not know: "
            "update the program."
        )
    contents = {MANIFEST: files.read(run.folder / MANIFEST, files.MAX_JSON_BYTES)}
    contents |= {name: run.read(kind) for name, kind in kinds.items() if name in run.manifest.files}
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        for name, content in contents.items():
            member = zipfile.ZipInfo(f"{run.name}/{name}", _EARLIEST)
            member.create_system, member.external_attr = 3, _FILE_MODE  # as on POSIX, everywhere
            archive.writestr(member, content)
    return stream.getvalue()


def import_run(content: bytes, examine: Callable[[bytes], None]) -> Run:
    """Adds a run from a zip; no model points at it, and it is marked as imported.

    Args:
        content: The zip.
        examine: Opens all of the run, its models too, where that can do no harm; raises an ArtifactError if
            anything in it is not what it should be. See `room.examine_run`.

    Raises:
        ArtifactError: If the zip is refused or such a run is already here; nothing is written then.
    """
    unpacked = unpack_run(content)
    name = unpacked.manifest.run
    if os.path.lexists(files.at("runs", name)):
        raise _already_here(name)
    load_notes()  # damaged ones could not be changed to mark it
    examine(content)
    return _keep(unpacked)


def _keep(unpacked: Unpacked) -> Run:
    """Writes an imported run into the folder of runs, where it appears in one step."""
    name = unpacked.manifest.run
    folder, scratch = files.at("runs", name), files.at(".scratch", ".imported")
    with files.lock("imports.lock", "A run is being imported"):
        if os.path.lexists(folder):
            raise _already_here(name)
        shutil.rmtree(scratch, ignore_errors=True)  # what an interrupted import has left
        try:
            write_events(unpacked.write(scratch))
            files.sync_folder(scratch)
            with change_notes() as notes:  # first, so that it never stands there unmarked
                notes[name] = Note(imported=f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}")
            folder.parent.mkdir(exist_ok=True)
            os.replace(scratch, folder)
        finally:
            shutil.rmtree(scratch, ignore_errors=True)
        files.sync_folder(folder.parent)
    return Run(unpacked.manifest, folder)


def _already_here(name: str) -> ArtifactError:
    return ArtifactError(f"The run {name} is already here, so nothing was imported.")


def unpack_run(content: bytes) -> Unpacked:
    """Reads a zip as `export_run` writes it, within limits; opens none of the files but run.json.

    Raises:
        ArtifactError: If it is anything else, or a file does not have the checksum that run.json names.
    """
    members = _list_members(content)
    folder = members[0].filename.split("/")[0]
    if not re.match(FOLDER, folder):
        raise _refusal("its folder is not named like a run")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        contents = {
            member.filename.removeprefix(f"{folder}/"): _read(archive, member)
            for member in members
            if not member.is_dir()
        }
    if MANIFEST not in contents:
        raise _refusal(f"it holds no {MANIFEST}")
    with files.explained(f"{NOT_IMPORTED} its {MANIFEST} is damaged"):
        if len(contents[MANIFEST]) > files.MAX_JSON_BYTES:
            raise ValueError("it is too large")
        parsed = parse_json(contents[MANIFEST])
        _check_format(parsed)
        manifest = parse_manifest(parsed, folder)
    _check_files(manifest, contents)
    return Unpacked(manifest, contents)


def _list_members(content: bytes) -> list[zipfile.ZipInfo]:
    """Lists the members of a zip whose sizes and names are harmless, in one folder, at least one."""
    if len(content) > MAX_ZIP_BYTES:
        raise _refusal(f"it is larger than {MAX_ZIP_BYTES // 1_000_000} MB")
    if not content.startswith(b"PK\x03\x04"):
        raise ArtifactError(
            "This is no zip of a run, so nothing was imported: export a run on this page, here or on another "
            "machine."
        )
    # zipfile reads the whole list of members, so its size is looked up first; at other places there is none.
    if content[-22:-18] != _END or content[-42:-38] == _LARGE_END:
        raise _refusal("it is damaged or not an ordinary zip")
    if int.from_bytes(content[-10:-6], "little") > _MAX_DIRECTORY:
        raise _refusal("it holds too many files")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
    except Exception as error:  # zipfile raises nearly anything on damaged files
        raise _refusal("it is damaged") from error
    seen: set[str] = set()
    for member in members:
        _check_member(member, members[0].filename.split("/")[0])
        if member.filename in seen:
            raise _refusal(f"it holds {_show(member)} twice")
        seen.add(member.filename)
    total = sum(member.file_size for member in members)
    if total > MAX_UNPACKED_BYTES:
        raise _refusal(f"unpacked, it is larger than {MAX_UNPACKED_BYTES // 1_000_000} MB")
    if total > MAX_RATIO * len(content):
        raise _refusal(f"it expands more than {MAX_RATIO}-fold, which no run does")
    if not members:
        raise _refusal("it is empty")
    return members


def _check_member(member: zipfile.ZipInfo, folder: str) -> None:
    """Refuses a member that is not an ordinary file directly in the folder."""
    name = member.orig_filename  # as it stands in the zip; zipfile turns some signs into others
    if name.startswith("/") or ".." in name.split("/") or re.search(r"[\\:\0]", name):
        raise _refusal(f"{_show(member)} has a path that leads out of its folder")
    if member.flag_bits & _ENCRYPTED:
        raise _refusal("it is encrypted")
    mode = member.external_attr >> 16
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise _refusal(f"{_show(member)} is a link or another thing that is no file")
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise _refusal("it is packed in an unusual way")  # others unpack without a limit on memory
    known = {MANIFEST, *(file.name for file in RUN_FILES.values())}
    if name != f"{folder}/" and name not in {f"{folder}/{file}" for file in known}:
        raise _refusal(f"{_show(member)} is no file of a run")


def _read(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    """Unpacks a member, never to more bytes than it declares."""
    try:
        with archive.open(member) as stream:
            content = stream.read(member.file_size)
            if len(content) < member.file_size or stream.read(1):
                raise ValueError("another size")
    except Exception as error:  # zipfile raises nearly anything on damaged files
        raise _refusal(f"{_show(member)} is damaged inside it") from error
    return content


def _check_format(parsed: object) -> None:
    received = parsed.get("format", 1) if isinstance(parsed, dict) else 1
    if type(received) is int and received > FORMAT:
        raise ArtifactError(
            f"The run has format {received}, but this program reads formats up to {FORMAT}, so nothing was "
            "imported: update the program."
        )


def _check_files(manifest: Manifest, contents: dict[str, bytes]) -> None:
    """Checks that the files are those that the manifest names, with its sums, and all that a run needs."""
    needed = [file.name for file in RUN_FILES.values() if not file.is_optional]
    for name in [*needed, *manifest.files]:
        if name not in manifest.files or name not in contents:
            raise _refusal(f"the file {display_name(name)} is missing")
    for name in contents.keys() - {MANIFEST}:
        if name not in manifest.files:
            raise _refusal(f"its {MANIFEST} does not name the file {name}")
        if files.compute_sum(contents[name]) != manifest.files[name]:
            raise _refusal(f"the file {name} does not have the checksum that its {MANIFEST} names")


def _show(member: zipfile.ZipInfo) -> str:
    return f"the file {display_name(member.filename)!r}"


def _refusal(reason: str) -> ArtifactError:
    return ArtifactError(f"{NOT_IMPORTED} {reason}.")
