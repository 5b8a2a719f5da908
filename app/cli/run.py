"""Runs one command line: parse, act, print. No traceback reaches a user (CONTRACT)."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from app.cli.answer import Answer, as_json, failure_answer
from app.cli.links import Links
from app.cli.parser import HelpAsked, Parser, build_parser
from app.cli.session import Session, Shelf
from app.errors import AppError, UsageError
from app.logs import is_folder
from app.text import t

DEFECT = 1


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


def perform(
    parser: Parser, argv: Sequence[str], links: Links, shelf: Shelf, *, batch: bool = False
) -> Answer:
    """The answer to one command line, whatever happens."""
    folder = None
    try:
        args = parser.parse_args(argv)
        folder = args.data
        if batch and args.alone:
            raise _takes_the_program()
        if is_folder(folder):
            links.start_logging(folder)
        answer: Answer = args.run(Session(links, shelf, args, batch=batch))
        return answer
    except HelpAsked as asked:
        return Answer({"help": str(asked)}, [str(asked).rstrip()])
    except AppError as failure:
        return failure_answer(failure)
    except (KeyboardInterrupt, BrokenPipeError):
        raise
    except Exception as defect:
        return _defect_answer(links.note_crash(folder, defect))


def show(answer: Answer, *, json: bool) -> None:
    """Print the answer: one JSON object on stdout, or words; a failure in words goes to stderr."""
    if json:
        print_line(as_json(answer.body))
        return
    failed = "error" in answer.body
    for line in answer.words:
        print(line, file=sys.stderr if failed else sys.stdout)


def print_line(text: str) -> None:
    """One line of UTF-8, flushed, whatever the console's own encoding is."""
    sys.stdout.buffer.write(text.encode("utf-8") + b"\n")
    sys.stdout.buffer.flush()


def _is_batch(parser: Parser, argv: Sequence[str]) -> bool:
    try:
        return bool(parser.parse_args(argv).command == "batch")
    except (AppError, HelpAsked):
        return False


def _takes_the_program() -> UsageError:
    return UsageError(
        "batch-alone",
        t("Lệnh này chiếm cả chương trình nên không chạy trong batch."),
        t("Chạy lệnh này riêng."),
    )


def _defect_answer(note: str) -> Answer:
    return failure_answer(
        AppError(
            "defect",
            t("Chương trình gặp lỗi ngoài dự tính. Những gì đã lưu vẫn nguyên."),
            t("Báo người hỗ trợ số ghi chú {note} trong thư mục logs của quầy.").format(note=note),
        )
    )
