"""Zips of runs, whole and forged."""

import hashlib
import io
import json
import stat
import zipfile

RUN_JSON = "run.json"


def read_zip(content):
    """The members of a zip by name, in order."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {info.filename: archive.read(info) for info in archive.infolist()}


def write_zip(members, method=zipfile.ZIP_STORED, mode=stat.S_IFREG | 0o644):
    """Packs members, given by name or as pairs of which two may have the same name."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, content in members.items() if isinstance(members, dict) else members:
            info = zipfile.ZipInfo(name)
            info.compress_type = method
            info.external_attr = mode << 16
            archive.writestr(info, content)
    return stream.getvalue()


def replace_member(content, name, new):
    """Replaces a file of an exported run and lets its run.json vouch for the new one."""
    members = read_zip(content)
    folder = next(iter(members)).split("/")[0]
    members[f"{folder}/{name}"] = new
    manifest = json.loads(members[f"{folder}/{RUN_JSON}"])
    manifest["files"][name] = hashlib.sha256(new).hexdigest()
    members[f"{folder}/{RUN_JSON}"] = json.dumps(manifest).encode()
    return write_zip(members)


def edit_manifest(content, *keys, value):
    """Sets a value deep in the run.json of an exported run."""
    members = read_zip(content)
    path = f"{next(iter(members)).split('/')[0]}/{RUN_JSON}"
    manifest = json.loads(members[path])
    inner = manifest
    for key in keys[:-1]:
        inner = inner[key]
    inner[keys[-1]] = value
    members[path] = json.dumps(manifest).encode()
    return write_zip(members)


def list_tree(folder):
    """All there is below a folder: the bytes of each file, None for a folder."""
    return {
        path.relative_to(folder).as_posix(): None if path.is_dir() else path.read_bytes()
        for path in sorted(folder.rglob("*"))
    }
