"""``batch``: one JSON array of arguments a line from stdin, one JSON answer a line, in one process.

Each answer is flushed before the next line is read; a failing line stops nothing (CONTRACT).
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence

from app.cli.answer import Answer, as_json, failure_answer
from app.cli.links import Links
from app.cli.parser import Parser
from app.cli.perform import perform, print_line
from app.cli.session import Shelf
from app.errors import UsageError
from app.text import t


def run_batch(parser: Parser, argv: Sequence[str], links: Links, shelf: Shelf) -> int:
    """Answer every line of stdin; 0 at its end."""
    whole = parser.parse_args(argv)
    common = ["--data", str(whole.data)]
    common += ["--as", whole.login] if whole.login else []
    common += ["--at", whole.at] if whole.at else []
    while raw := sys.stdin.buffer.readline():
        answer = _answer(parser, raw, common, links, shelf)
        print_line(as_json({**answer.body, "exit": answer.exit}))
    return 0


def _answer(parser: Parser, raw: bytes, common: list[str], links: Links, shelf: Shelf) -> Answer:
    try:
        line = json.loads(raw.decode("utf-8", "surrogateescape"))
    except (ValueError, RecursionError):
        line = None
    if not isinstance(line, list) or not line or not all(isinstance(each, str) for each in line):
        return failure_answer(
            UsageError(
                "batch-line",
                t("Dòng này không phải một mảng chuỗi JSON."),
                t('Mỗi dòng là một lệnh, ví dụ ["find", "nguyen"].'),
            )
        )
    return perform(parser, [*common, *line], links, shelf, batch=True)
