"""One command line performed and answered, by itself or as a line of a batch. No traceback reaches a user."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from app.cli.answer import Answer, failure_answer
from app.cli.links import Links
from app.cli.parser import HelpAsked, Parser
from app.cli.session import Session, Shelf
from app.errors import AppError, UsageError
from app.logs import is_folder
from app.text import t


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


def print_line(text: str) -> None:
    """One line of UTF-8, flushed, whatever the console's own encoding is."""
    sys.stdout.buffer.write(text.encode("utf-8") + b"\n")
    sys.stdout.buffer.flush()


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
