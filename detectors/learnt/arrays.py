"""Named arrays and a manifest as the bytes of an .npz file, and back, trusting nobody.

An .npz is a zip of .npy files. Here nothing in it is compressed or pickled, its manifest is JSON
with a SHA-256 over all arrays, and nothing is allocated that the bytes themselves do not hold.
"""

import hashlib
import io
import zipfile
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

Arrays = Mapping[str, NDArray[np.generic]]

LARGEST = 64 * 2**20
MANIFEST = "manifest.json"
TYPES = ("<f8", "<f4", "<i4")
_BROKEN = (
    zipfile.BadZipFile, ValueError, KeyError, EOFError, OSError, NotImplementedError,
    RuntimeError, SyntaxError, TypeError, OverflowError, MemoryError, IndexError,
)  # fmt: skip


class ModelFileError(ValueError):
    """A model file that is not one, is damaged, or tries something; its message says which."""


def digest_of(arrays: Arrays) -> str:
    """SHA-256 over names, types, shapes and contents, as hex."""
    digest = hashlib.sha256()
    for name in sorted(arrays):
        array = arrays[name]
        digest.update(f"{name} {array.dtype.str} {array.shape}\n".encode())
        digest.update(np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()


def pack(arrays: Arrays, manifest: bytes) -> bytes:
    """The file as bytes; equal arrays give equal bytes."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(zipfile.ZipInfo(MANIFEST), manifest)
        for name in sorted(arrays):
            content = io.BytesIO()
            np.lib.format.write_array(
                content, np.ascontiguousarray(arrays[name]), allow_pickle=False
            )
            archive.writestr(zipfile.ZipInfo(f"{name}.npy"), content.getvalue())
    return file.getvalue()


def unpack(data: bytes) -> tuple[dict[str, NDArray[np.generic]], bytes]:
    """The arrays and the manifest. Raises `ModelFileError`."""
    if len(data) > LARGEST:
        raise ModelFileError(f"a model of {len(data):,} bytes, over {LARGEST:,}: not loaded")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = {info.filename: _content(archive, info) for info in archive.infolist()}
        manifest = members.pop(MANIFEST)
        return {name.removesuffix(".npy"): _array(c) for name, c in members.items()}, manifest
    except ModelFileError:
        raise
    except _BROKEN as error:
        raise ModelFileError(f"no model file, or a damaged one: {str(error)[:100]}") from error


def _content(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    if info.compress_type != zipfile.ZIP_STORED or info.file_size > LARGEST:
        raise ModelFileError(f"{info.filename[:40]!r} is compressed or too large: not loaded")
    return archive.read(info)


def _array(content: bytes) -> NDArray[np.generic]:
    file = io.BytesIO(content)
    if np.lib.format.read_magic(file) != (1, 0):
        raise ModelFileError("an array of another format version: not loaded")
    shape, fortran, dtype = np.lib.format.read_array_header_1_0(file)
    if dtype.str not in TYPES or fortran or len(shape) > 2:
        raise ModelFileError(f"an array of type {dtype.str[:20]}: only plain numbers are loaded")
    size = int(np.prod([int(length) for length in shape], dtype=object)) * dtype.itemsize
    rest = content[file.tell() :]
    if min(shape, default=0) < 0 or size != len(rest):
        raise ModelFileError("an array that is not as long as it says: not loaded")
    return np.frombuffer(rest, dtype).reshape(shape)
