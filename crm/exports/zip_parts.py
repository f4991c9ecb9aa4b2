"""A zip file written part after part, that another process can go on with: all that must be known of it is a little JSON."""

import struct
import zlib
from typing import Any, BinaryIO

LOCAL, DESCRIPTOR, CENTRAL, END = 0x04034B50, 0x08074B50, 0x02014B50, 0x06054B50
VERSION, SIZES_BEHIND, DEFLATED = 20, 0x0808, 8  # sizes stand behind the data; names are UTF-8
LONG_AGO = 0x0021  # 1 January 1980: a file of the same rows is the same file
LEVEL = 4


class ZipParts:
    """`state` holds the parts: {"parts": [{name, offset, crc, packed, size}]}; the last one is open between `begin` and `end`."""

    def __init__(self, file: BinaryIO, state: dict[str, Any]) -> None:
        self._file, self._parts = file, state.setdefault("parts", [])

    def begin(self, name: str) -> None:
        self._parts.append({"name": name, "offset": self._file.tell(), "crc": 0, "packed": 0, "size": 0})
        title = name.encode()
        self._file.write(struct.pack("<IHHHHHIIIHH", LOCAL, VERSION, SIZES_BEHIND, DEFLATED, 0, LONG_AGO, 0, 0, 0, len(title), 0) + title)

    def write(self, data: bytes) -> None:
        """A stretch of the open part, packed for itself, so that the next one needs nothing of it but its end."""
        packer = zlib.compressobj(LEVEL, zlib.DEFLATED, -15)
        self._put(packer.compress(data) + packer.flush(zlib.Z_FULL_FLUSH), data)

    def end(self) -> None:
        self._put(zlib.compressobj(LEVEL, zlib.DEFLATED, -15).flush(), b"")
        part = self._parts[-1]
        self._file.write(struct.pack("<IIII", DESCRIPTOR, part["crc"], part["packed"], part["size"]))

    def whole(self, name: str, data: bytes) -> None:
        """A part of one piece."""
        self.begin(name)
        self.write(data)
        self.end()

    def finish(self) -> None:
        """The directory, behind which nothing may follow."""
        start = self._file.tell()
        for part in self._parts:
            title = part["name"].encode()
            facts = (part["crc"], part["packed"], part["size"], len(title), 0, 0, 0, 0, 0, part["offset"])
            head = struct.pack("<IHHHHHHIIIHHHHHII", CENTRAL, VERSION, VERSION, SIZES_BEHIND, DEFLATED, 0, LONG_AGO, *facts)
            self._file.write(head + title)
        count, size = len(self._parts), self._file.tell() - start
        self._file.write(struct.pack("<IHHHHIIH", END, 0, 0, count, count, size, start, 0))

    @property
    def size(self) -> int:
        """Of the open part so far, unpacked."""
        return int(self._parts[-1]["size"])

    def _put(self, packed: bytes, data: bytes) -> None:
        part = self._parts[-1]
        self._file.write(packed)
        part["crc"], part["packed"], part["size"] = zlib.crc32(data, part["crc"]), part["packed"] + len(packed), part["size"] + len(data)
