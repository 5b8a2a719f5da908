"""Words of attestation as one text that an officer can edit, and back.

A row that begins with ``*`` is bold, a row of underscores is the room for signature and seal, and what is
filled in stands in braces under its Vietnamese name.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from app.domain.stamp_text import StampLine
from app.errors import RuleError
from app.text import t

BOLD: Final = "*"
ROOM: Final = "____"
PLACE_WORDS: Final = {
    "number": t("số chứng thực"),
    "volume": t("quyển số"),
    "day": t("ngày"),
    "month": t("tháng"),
    "year": t("năm"),
    "place": t("nơi chứng thực"),
    "signer": t("người ký"),
    "signer_title": t("chức vụ người ký"),
    "name": t("người yêu cầu"),
    "identity": t("số giấy tờ"),
    "receiver": t("người tiếp nhận"),
}
_PLACE = re.compile(r"\{([^{}]*)\}")
_ROOM = re.compile(r"_{3,}")


def as_text(lines: Sequence[StampLine]) -> str:
    """The lines, one a row."""
    return "\n".join(_row(line) for line in lines)


def as_lines(text: str) -> tuple[StampLine, ...]:
    """The rows as lines; empty rows at the ends go.

    Raises ``RuleError`` "stamp-wording" (field ``wording``) where a name in braces is none of
    ``PLACE_WORDS`` or a brace stands alone.
    """
    return tuple(_line(row.strip()) for row in text.strip().splitlines())


def _row(line: StampLine) -> str:
    if line.room:
        return ROOM
    shown = _PLACE.sub(lambda found: "{" + PLACE_WORDS.get(found[1], found[1]) + "}", line.text)
    return f"{BOLD} {shown}" if line.strong else shown


def _line(row: str) -> StampLine:
    if _ROOM.fullmatch(row):
        return StampLine("", room=True)
    strong = row.startswith(BOLD)
    text = row.removeprefix(BOLD).strip()
    if re.search(r"[{}]", _PLACE.sub("", text)):
        raise _unknown("{ }")
    return StampLine(_PLACE.sub(_named, text), strong)


def _named(found: re.Match[str]) -> str:
    wanted = found[1].strip().casefold()
    for name, words in PLACE_WORDS.items():
        if wanted in (name, words.casefold()):
            return "{" + name + "}"
    raise _unknown(found[0])


def _unknown(shown: str) -> RuleError:
    return RuleError(
        "stamp-wording",
        t("Chỗ điền {shown} chưa rõ là gì.").format(shown=shown),
        t("Dùng một trong: {names}.").format(names=", ".join(PLACE_WORDS.values())),
        field="wording",
    )
