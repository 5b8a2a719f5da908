"""What a broken disk, a bad copy or an enemy makes of a file: of bytes, of text, of JSON, of its place."""

from __future__ import annotations

import copy
import gzip
import io
import json
import os
import random
import unicodedata
import zipfile
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

ESCAPES = Path("/tmp/motcua-mutant-escaped")
"""Named by the paths that try to get out; must never appear."""

EVIL = (
    "=cmd|' /C calc'!A0",
    "+1+1",
    "@SUM(1)",
    "-2",
    "\t=1",
    "<b onclick=x>đậm</b><script>",
    "&lt;&#0;",
    "../../../../../../../../../../tmp/motcua-mutant-escaped",
    str(ESCAPES),
    "..\\..\\motcua-mutant-escaped",
    "CON",
    "a\0b",
    "\0",
    "'; DROP TABLE dossier;--",
    "%s%n%(x)s{0}{a.__class__}",
    "\u202eđảo\u202c",
    "\u200b\u2060\ufeff",
    "\ud800",
    "\U000e0041",
    "٣٤٥",
    "𝟏𝟐𝟑",
    "e\u0323\u0302",
    "a" + "\u0323" * 500,
    "",
    " ",
    "x" * 70_000,
    "0" * 5000,
    "31/02/2026",
    "9999-12-31",
    "0000-00-00",
    "NaN",
    "nan",
    "null",
    "-0",
    "1e999",
    "\r\n",
    "|" * 40,
    "$(reboot)`id`",
    "file:///etc/passwd",
    "\x1b[2J",
)
NUMBERS = (-1, 0, 1, 2**31, 2**53, 2**63, 2**64, -(2**63), 10**15, 10**30, 0.1, -0.0, 1e308, True, None)
BOMB = 64 * 1024 * 1024


def mutate(sample: bytes, kind: str, others: Sequence[bytes], dice: random.Random) -> bytes:
    """One to three mutations of the sample; ``kind``: bytes, text or json."""
    content = sample
    tools = _TOOLS[kind]
    for _ in range(dice.choice((1, 1, 1, 2, 3))):
        content = dice.choice(tools)(content, others, dice)
    return content


def flip(content: bytes, others: Sequence[bytes], dice: random.Random) -> bytes:
    """A few bits turned."""
    changed = bytearray(content or b"\0")
    for _ in range(dice.choice((1, 1, 2, 8, 64))):
        changed[dice.randrange(len(changed))] ^= 1 << dice.randrange(8)
    return bytes(changed)


def cut(content: bytes, others: Sequence[bytes], dice: random.Random) -> bytes:
    """A piece missing: the end, the beginning, the middle."""
    a, b = sorted((dice.randint(0, len(content)), dice.randint(0, len(content))))
    return dice.choice((content[:a], content[a:], content[:a] + content[b:]))


def splice(content: bytes, others: Sequence[bytes], dice: random.Random) -> bytes:
    """The beginning of one file and the end of another."""
    other = dice.choice(others)
    return content[: dice.randint(0, len(content))] + other[dice.randint(0, len(other)) :]


def repeat(content: bytes, others: Sequence[bytes], dice: random.Random) -> bytes:
    """A block again and again."""
    a = dice.randint(0, len(content))
    block = content[a : a + dice.choice((1, 16, 512, 4096))]
    times = dice.choice((1, 2, 50, 1000))
    return content[:a] + block * min(times, 2_000_000 // (len(block) or 1)) + content[a:]


def lengths(content: bytes, others: Sequence[bytes], dice: random.Random) -> bytes:
    """Four or eight bytes that may be a length say something huge, negative or nothing."""
    wide = dice.choice((1, 2, 4, 8))
    value = dice.choice(
        (b"\xff" * wide, b"\x7f" + b"\xff" * (wide - 1), bytes(wide), b"\0" * (wide - 1) + b"\1")
    )
    at = dice.randint(0, min(len(content), dice.choice((64, 512, len(content) or 1))))
    return content[:at] + value + content[at + wide :]


def noughts(content: bytes, others: Sequence[bytes], dice: random.Random) -> bytes:
    """A sector of noughts or of noise."""
    size = dice.choice((1, 16, 512, 4096))
    at = dice.randint(0, len(content))
    return content[:at] + dice.choice((bytes(size), dice.randbytes(size))) + content[at + size :]


def replaced(content: bytes, others: Sequence[bytes], dice: random.Random) -> bytes:
    """Something else under the same name."""
    return dice.choice(
        (b"", b"\0" * 4096, gzip_bomb(), zip_bomb(), dice.choice(others), dice.randbytes(2000))
    )


def inserted(content: bytes, others: Sequence[bytes], dice: random.Random) -> bytes:
    """A hostile text somewhere."""
    at = dice.randint(0, len(content))
    return content[:at] + _evil(dice).encode("utf-8", "surrogatepass") + content[at:]


def recoded(content: bytes, others: Sequence[bytes], dice: random.Random) -> bytes:
    """The same text in a wrong coding, decomposed, with or without marks of order."""
    text = content.decode("utf-8", "replace")
    coding = dice.choice(("utf-16", "utf-16-le", "utf-32", "utf-8-sig", "cp1258", "utf-7"))
    if dice.random() < 0.3:
        return unicodedata.normalize(dice.choice(("NFD", "NFKD")), text).encode()
    return text.encode(coding, "replace")


def digits(content: bytes, others: Sequence[bytes], dice: random.Random) -> bytes:
    """A digit or field exchanged for another."""
    places = [at for at, byte in enumerate(content) if 48 <= byte <= 57]
    if not places:
        return flip(content, others, dice)
    at = dice.choice(places)
    new = dice.choice((b"9" * dice.choice((1, 20, 400)), b"0", b"-1", "٣".encode(), b"", b"1e9"))
    return content[:at] + new + content[at + 1 :]


def fields(content: bytes, others: Sequence[bytes], dice: random.Random) -> bytes:
    """A part between separators exchanged, doubled, emptied."""
    mark = dice.choice((b"|", b",", b" ", b":", b"/", b"-", b"\n"))
    parts = content.split(mark)
    at = dice.randrange(len(parts))
    parts[at : at + 1] = dice.choice(
        ([], [b""], [parts[at]] * 3, [_evil(dice).encode("utf-8", "surrogatepass")], [dice.choice(parts)])
    )
    return mark.join(parts)


def deep(content: bytes, others: Sequence[bytes], dice: random.Random) -> bytes:
    """Brackets without end."""
    many = dice.choice((40, 2000, 100_000))
    opening = dice.choice((b"[", b'{"a":', b"(", b'[{"":'))
    return dice.choice((opening * many, opening * many + content, content.replace(b'"', opening * many, 1)))


def json_value(content: bytes, others: Sequence[bytes], dice: random.Random) -> bytes:
    """Values of a JSON document exchanged, taken away, renamed, doubled."""
    try:
        document = json.loads(content)
    except (ValueError, RecursionError):
        return flip(content, others, dice)
    for _ in range(dice.choice((1, 1, 2, 5))):
        document = _changed(document, dice)
    spoken = json.dumps(document, ensure_ascii=dice.random() < 0.5)
    if dice.random() < 0.1:
        spoken = spoken.replace("}", ', "code": 1}', 1)
    return spoken.encode("utf-8", "surrogatepass")


def _changed(document: Any, dice: random.Random) -> Any:
    places = list(_places(document))
    if not places:
        return _value(document, dice)
    holder, key = dice.choice(places)
    how = dice.random()
    if how < 0.55:
        holder[key] = _value(holder[key], dice)
    elif how < 0.7:
        del holder[key]
    elif how < 0.8:
        holder[key] = copy.deepcopy(dice.choice(places)[0])
    elif isinstance(holder, dict):
        holder[_evil(dice) if dice.random() < 0.5 else dice.choice(list(holder))] = holder[key]
    else:
        holder += [copy.deepcopy(holder[key])] * dice.choice((1, 3, 300))
    return document


def _places(value: Any) -> list[tuple[Any, Any]]:
    found: list[tuple[Any, Any]] = []
    waiting = [value]
    while waiting:
        here = waiting.pop()
        if isinstance(here, dict | list):
            keys = list(here) if isinstance(here, dict) else range(len(here))
            found += [(here, key) for key in keys]
            waiting += [here[key] for key in keys]
    return found


def _value(old: Any, dice: random.Random) -> Any:
    if isinstance(old, str) and dice.random() < 0.4:
        at = dice.randint(0, len(old))
        return dice.choice((old[:at], old[at:], old + _evil(dice), old * 2, old.upper(), f" {old} "))
    if isinstance(old, int) and dice.random() < 0.4:
        return old + dice.choice((-1, 1, 1000, -(10**9), 10**12))
    return dice.choice((_evil(dice), dice.choice(NUMBERS), [], {}, [old], {"a": old}, [[[[]]]], [old] * 50))


def _evil(dice: random.Random) -> str:
    return dice.choice(EVIL)


@cache
def gzip_bomb() -> bytes:
    """Small, and huge when inflated."""
    return gzip.compress(bytes(BOMB), mtime=0)


@cache
def zip_bomb() -> bytes:
    """The same as an archive, with names that climb."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("../../motcua-mutant-escaped", bytes(BOMB // 8))
        archive.writestr(str(ESCAPES), b"x")
    return out.getvalue()


_BYTES: tuple[Callable[[bytes, Sequence[bytes], random.Random], bytes], ...] = (
    flip, flip, cut, splice, repeat, lengths, lengths, noughts, replaced, inserted, deep,
)  # fmt: skip
_TEXT = (
    flip,
    cut,
    splice,
    repeat,
    replaced,
    inserted,
    inserted,
    recoded,
    digits,
    digits,
    fields,
    fields,
    deep,
)
_TOOLS = {"bytes": _BYTES, "text": _TEXT, "json": (*(json_value,) * 12, *_TEXT)}


def in_place_of(path: Path, dice: random.Random) -> str:
    """What is no plain file where one was named: a folder, a device, a pipe, a link; its name is told."""
    path.unlink(missing_ok=True)
    how = dice.choice(("folder", "endless", "empty device", "pipe", "dangling", "loop", "missing"))
    if how == "folder":
        path.mkdir()
    elif how in ("endless", "empty device"):
        path.symlink_to("/dev/zero" if how == "endless" else "/dev/null")
    elif how == "pipe":
        os.mkfifo(path)
    elif how in ("dangling", "loop"):
        path.symlink_to(path.with_name("nothing") if how == "dangling" else path)
    return how
