"""``day-book``: pages of the book of certifications as PDF."""

from __future__ import annotations

from pathlib import Path

from app.cli.answer import Answer
from app.cli.commands.options import Commands, write_out
from app.cli.moments import parse_day
from app.cli.session import Session
from app.domain.certification import Kind
from app.text import t


def add(commands: Commands) -> None:
    """Add ``day-book``."""
    book = commands.add_parser("day-book", help=t("in sổ chứng thực ra tệp PDF"))
    book.add_argument("--from", dest="first", required=True, metavar="D")
    book.add_argument("--to", dest="last", required=True, metavar="D")
    book.add_argument("--out", required=True, type=Path, metavar="F.pdf")
    book.add_argument("--kind", choices=[kind.value for kind in Kind], default=Kind.COPY.value)
    book.set_defaults(run=_day_book)


def _day_book(session: Session) -> Answer:
    from app.services.certify.day_book import Period, day_books, make_day_book

    args = session.args
    period = Period(parse_day(args.first, "from"), parse_day(args.last, "to"))
    books = day_books(session.desk, session.officer, Kind(args.kind), period)
    made = make_day_book(session.desk, session.officer, books)
    write_out(args.out, made.pdf)
    pages = [page for book in books for page in book.pages]
    body = {
        "volumes": [book.volume.key for book in books],
        "pages": [page.number for page in pages],
        "lines": sum(page.own.lines for page in pages),
        "copies": sum(page.own.copies for page in pages),
        "fee_vnd": sum(page.own.fee_vnd for page in pages),
        "unpriced": sum(page.own.unpriced for page in pages),
        "copy_no": made.copy_no,
    }
    return Answer(body, [t("Đã in {pages} trang sổ ra {file}.").format(pages=len(pages), file=args.out)])
