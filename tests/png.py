"""Pictures as bytes: whether a chat platform would take one, and one to send, without a library."""

import struct
import zlib
from collections.abc import Iterator

SIGNATURE = b"\x89PNG\r\n\x1a\n"
PHOTO_BYTES = 10 * 1024 * 1024


class PictureError(ValueError):
    """Bytes that are no picture, or one that is out of bounds."""


def measure_photo(data: bytes) -> tuple[int, int]:
    """Width and height of a PNG, every chunk of which is read.

    Raises PictureError, in the words of the Bot API, for what sendPhoto refuses.
    """
    if len(data) > PHOTO_BYTES:
        raise PictureError("Request Entity Too Large")
    try:
        width, height = _read(data)
    except (ValueError, struct.error, zlib.error) as error:
        raise PictureError("IMAGE_PROCESS_FAILED") from error
    if width + height > 10_000 or max(width, height) > 20 * min(width, height):
        raise PictureError("PHOTO_INVALID_DIMENSIONS")
    return width, height


def draw_png(width: int, height: int) -> bytes:
    """A black picture, eight bits of grey a pixel."""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    pixels = zlib.compress(bytes(width + 1) * height)
    chunks = [(b"IHDR", header), (b"IDAT", pixels), (b"IEND", b"")]
    return SIGNATURE + b"".join(_write_chunk(kind, body) for kind, body in chunks)


def _write_chunk(kind: bytes, body: bytes) -> bytes:
    checksum = zlib.crc32(kind + body)
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", checksum)


def _read(data: bytes) -> tuple[int, int]:
    chunks = list(_chunks(data))
    kinds = [kind for kind, _ in chunks]
    if not chunks or kinds[0] != b"IHDR" or kinds[-1] != b"IEND":
        raise ValueError("a PNG begins with IHDR and ends with IEND")
    width, height = struct.unpack_from(">II", chunks[0][1])
    pixels = zlib.decompress(b"".join(body for kind, body in chunks if kind == b"IDAT"))
    if not (width and height and len(pixels) > height):
        raise ValueError("a PNG has pixels")
    return width, height


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    if not data.startswith(SIGNATURE):
        raise ValueError("not a PNG")
    place = len(SIGNATURE)
    while place < len(data):
        (length,) = struct.unpack_from(">I", data, place)
        kind = data[place + 4 : place + 8]
        body = data[place + 8 : place + 8 + length]
        (checksum,) = struct.unpack_from(">I", data, place + 8 + length)
        if zlib.crc32(kind + body) != checksum:
            raise ValueError("a chunk is damaged")
        yield kind, body
        place += 12 + length
