"""Runs one command line: parse, act, print (CONTRACT)."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from app.cli.answer import Answer, as_json
from app.cli.links import Links
from app.cli.parser import HelpAsked, Parser, build_parser
from app.cli.perform import perform, print_line
from app.cli.session import Shelf
from app.errors import AppError


def run(argv: Sequence[str], links: Links) -> int:
    """Perform the command and give the exit code."""
    shelf = Shelf(links.open_desk)
    try:
        parser = build_parser()
        if _is_batch(parser, argv):
            from app.cli.batch import run_batch

            return run_batch(parser, argv, links, shelf)
        answer = perform(parser, argv, links, shelf)
        show(answer, json="--json" in argv)
        return answer.exit
    finally:
        shelf.close()


def show(answer: Answer, *, json: bool) -> None:
    """Print the answer: one JSON object on stdout, or words; a failure in words goes to stderr."""
    if json:
        print_line(as_json(answer.body))
        return
    failed = "error" in answer.body
    for line in answer.words:
        print(line, file=sys.stderr if failed else sys.stdout)


def _is_batch(parser: Parser, argv: Sequence[str]) -> bool:
    try:
        return bool(parser.parse_args(argv).command == "batch")
    except (AppError, HelpAsked):
        return False
