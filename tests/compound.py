"""Writes compound files ([MS-CFB], version 3) with the streams of an Outlook message ([MS-OXMSG]), as Outlook does."""

import itertools
import struct
from dataclasses import dataclass, field
from datetime import UTC, datetime

FREE, END, FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
SECTOR, SMALL, CUTOFF = 512, 64, 4096
Tree = dict[str, "bytes | Tree"]
"""A storage: streams and storages by name."""


@dataclass
class _Entry:
    name: str
    kind: int
    child: int = FREE
    right: int = FREE
    start: int = END
    size: int = 0

    def packed(self) -> bytes:
        name = self.name.encode("utf-16-le") + b"\0\0"
        head = name.ljust(64, b"\0") + struct.pack("<HBB", len(name), self.kind, 1)
        links = struct.pack("<III", FREE, self.right, self.child)
        return head + links + bytes(16 + 4 + 16) + struct.pack("<IQ", self.start, self.size)


@dataclass
class _Writer:
    entries: list[_Entry] = field(default_factory=lambda: [_Entry("Root Entry", 5)])
    sectors: list[bytes] = field(default_factory=list)
    table: list[int] = field(default_factory=list)
    mini: bytes = b""
    mini_table: list[int] = field(default_factory=list)

    def put(self, data: bytes) -> int:
        """Write data as a chain of sectors; return the first."""
        first = len(self.sectors)
        pieces = [data[at : at + SECTOR].ljust(SECTOR, b"\0") for at in range(0, len(data), SECTOR)]
        self.sectors += pieces
        self.table += [*range(first + 1, first + len(pieces)), END] if pieces else []
        return first if pieces else END

    def add(self, name: str, content: "bytes | Tree") -> int:
        number = len(self.entries)
        entry = _Entry(name, 2 if isinstance(content, bytes) else 1)
        self.entries.append(entry)
        if isinstance(content, dict):
            entry.child = self.fill(content)
        elif len(content) < CUTOFF:
            entry.start, entry.size = self._put_small(content), len(content)
        else:
            entry.start, entry.size = self.put(content), len(content)
        return number

    def fill(self, tree: Tree) -> int:
        """Add what a storage holds, each the right neighbour of the one before; return the first."""
        numbers = [
            self.add(name, content) for name, content in sorted(tree.items(), key=lambda one: (len(one[0]), one[0]))
        ]
        for one, following in itertools.pairwise(numbers):
            self.entries[one].right = following
        return numbers[0] if numbers else FREE

    def _put_small(self, data: bytes) -> int:
        first, count = len(self.mini_table), -(-len(data) // SMALL)
        self.mini += data.ljust(count * SMALL, b"\0")
        self.mini_table += [*range(first + 1, first + count), END] if count else []
        return first if count else END


def compound(tree: Tree) -> bytes:
    """Return a compound file with these streams and storages."""
    writer = _Writer()
    writer.entries[0].child = writer.fill(tree)
    writer.entries[0].start, writer.entries[0].size = writer.put(writer.mini), len(writer.mini)
    mini_table = struct.pack(f"<{len(writer.mini_table)}I", *writer.mini_table)
    mini_sectors = -(-len(mini_table) // SECTOR)
    mini_at = writer.put(mini_table.ljust(mini_sectors * SECTOR, b"\xff"))
    directory = b"".join(entry.packed() for entry in writer.entries)
    directory_at = writer.put(directory)
    fats = 1
    while fats * (SECTOR // 4) < len(writer.sectors) + fats:
        fats += 1
    places = range(len(writer.sectors), len(writer.sectors) + fats)
    table = [*writer.table, *[FAT] * fats]
    table += [FREE] * (fats * (SECTOR // 4) - len(table))
    header = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIII", 0, fats, directory_at, 0, CUTOFF, mini_at, mini_sectors, END, 0)
    header += struct.pack("<109I", *places, *[FREE] * (109 - fats))
    return header + b"".join(writer.sectors) + struct.pack(f"<{len(table)}I", *table)


def outlook(
    *,
    subject: str = "",
    text: str = "",
    sender: tuple[str, str] = ("", ""),
    html: bytes = b"",
    headers: str = "",
    narrow: str = "",
    files: tuple[tuple[str, "bytes | Tree"], ...] = (),
    is_inner: bool = False,
) -> Tree:
    """Return the streams of a message; `narrow` keeps its texts in a code page like "1251" instead of Unicode."""
    texts = {0x0037: subject, 0x1000: text, 0x0C1A: sender[0], 0x5D01: sender[1], 0x007D: headers}
    kind, codec = (0x001E, f"cp{narrow}") if narrow else (0x001F, "utf-16-le")
    tree: Tree = {f"__substg1.0_{number:04X}{kind:04X}": text.encode(codec) for number, text in texts.items() if text}
    if html:
        tree["__substg1.0_10130102"] = html
    ticks = int((datetime(2026, 3, 2, 9, tzinfo=UTC) - datetime(1601, 1, 1, tzinfo=UTC)).total_seconds()) * 10**7
    table = bytes(24 if is_inner else 32) + struct.pack("<HHIQ", 0x0040, 0x0039, 6, ticks)
    table += struct.pack("<HHIII", 0x0003, 0x3FDE, 6, int(narrow or 65001), 0)
    for name, data in texts.items():
        if data:
            table += struct.pack("<HHIII", kind, name, 6, len(data.encode(codec)) + 2, 0)
    tree["__properties_version1.0"] = table
    for number, (name, content) in enumerate(files):
        tree[f"__attach_version1.0_#{number:08X}"] = _attached(name, content)
    return tree


def _attached(name: str, content: "bytes | Tree") -> Tree:
    kind, size = (0x0102, len(content)) if isinstance(content, bytes) else (0x000D, 0xFFFFFFFF)
    table = bytes(8) + struct.pack("<HHIII", 0x0003, 0x3705, 6, 1 if kind == 0x0102 else 5, 0)
    table += struct.pack("<HHIII", 0x001F, 0x3707, 6, 2 * len(name) + 2, 0)
    return {
        "__properties_version1.0": table + struct.pack("<HHIII", kind, 0x3701, 6, size, 0),
        "__substg1.0_3707001F": name.encode("utf-16-le"),
        f"__substg1.0_3701{kind:04X}": content,
    }
