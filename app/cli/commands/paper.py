"""``slip``: an official form of a dossier as PDF."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from app.cli.answer import Answer
from app.cli.commands.options import Commands, write_out
from app.cli.moments import parse_day
from app.cli.session import Session
from app.text import t

FORMS: Final = ("01", "02", "03", "04", "05", "06", "07")


def add(commands: Commands) -> None:
    """Add ``slip``."""
    slip = commands.add_parser("slip", help=t("in biểu mẫu của hồ sơ ra tệp PDF"))
    slip.add_argument("number", metavar="NUMBER")
    slip.add_argument("--form", required=True, choices=FORMS)
    slip.add_argument("--out", required=True, type=Path, metavar="F.pdf")
    slip.add_argument("--at-date", metavar="D")
    slip.set_defaults(run=_slip)


def _slip(session: Session) -> Answer:
    from app.services.papers.forms import make_paper

    args = session.args
    at_date = None if args.at_date is None else parse_day(args.at_date, "at_date")
    made = make_paper(session.desk, session.officer, args.number, args.form, at_date=at_date)
    write_out(args.out, made.pdf)
    body = {"form": made.form, "form_set": made.form_set, "pages": made.pages, "copy_no": made.copy_no}
    return Answer(body, [t("Đã in mẫu {form} ra {file}.").format(form=made.form, file=args.out)])
