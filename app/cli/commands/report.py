"""``report``: books and statistics of a period as a file."""

from __future__ import annotations

from pathlib import Path

from app.cli.answer import Answer
from app.cli.commands.options import Commands, write_out
from app.cli.moments import parse_day
from app.cli.session import Session
from app.errors import RuleError
from app.text import t


def add(commands: Commands) -> None:
    """Add ``report``."""
    report = commands.add_parser("report", help=t("sổ, báo cáo của một thời gian"))
    report.add_argument("kind", metavar="KIND", choices=["register"])
    report.add_argument("--from", dest="first", required=True, metavar="D")
    report.add_argument("--to", dest="last", required=True, metavar="D")
    report.add_argument("--out", required=True, type=Path, metavar="F.pdf")
    report.set_defaults(run=_report)


def _report(session: Session) -> Answer:
    from app.services.register.book import print_register

    args = session.args
    if args.out.suffix.lower() != ".pdf":
        raise RuleError(
            "report-file-kind",
            t("Sổ theo dõi hồ sơ ra tệp PDF, chưa ra được loại tệp này."),
            t("Đặt tên tệp kết thúc bằng .pdf rồi chạy lại."),
            field="out",
        )
    first, last = parse_day(args.first, "from"), parse_day(args.last, "to")
    made = print_register(session.desk, session.officer, first, last)
    write_out(args.out, made.pdf)
    body = {
        "ok": True,
        "file": str(args.out),
        "lines": made.lines,
        "books": made.books,
        "pages": made.pages,
    }
    words = t("Đã in sổ theo dõi hồ sơ ({lines} hồ sơ, {pages} trang) ra {file}.")
    return Answer(body, [words.format(lines=made.lines, pages=made.pages, file=args.out)])
