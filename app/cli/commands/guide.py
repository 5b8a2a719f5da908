"""``guide``: guidance in writing without a dossier. ``correct``: a slip already handed out is corrected."""

from __future__ import annotations

from pathlib import Path

from app.cli.answer import Answer
from app.cli.commands.options import Commands, write_out
from app.cli.session import Session
from app.text import t

_FIELDS = (
    "owner_name",
    "owner_address",
    "owner_phone",
    "owner_email",
    "submitter_name",
    "submitter_address",
    "submitter_phone",
    "submitter_email",
    "return_method",
    "return_address",
)
"""The values of ``services.slip_correction.SlipField``, spelt out so that other commands do not load it."""


def add(commands: Commands) -> None:
    """Add both."""
    guide = commands.add_parser("guide", help=t("hướng dẫn bằng phiếu, không lập hồ sơ"))
    guide.add_argument("--procedure", required=True, metavar="CODE")
    guide.add_argument("--missing", action="append", default=[], metavar="ID", help=t("giấy tờ cần mang"))
    guide.add_argument("--words", default="", metavar="T")
    guide.add_argument("--name", default="", metavar="T")
    guide.add_argument("--phone", default="", metavar="N")
    guide.add_argument("--out", type=Path, metavar="F.pdf")
    guide.set_defaults(run=_guide)
    correct = commands.add_parser("correct", help=t("sửa giấy hẹn đã in, in giấy thay thế"))
    correct.add_argument("number", metavar="NUMBER")
    for name in _FIELDS:
        correct.add_argument(f"--{name.replace('_', '-')}", dest=name, metavar="T")
    correct.add_argument("--reason", required=True, metavar="T")
    correct.add_argument("--out", type=Path, metavar="F.pdf")
    correct.set_defaults(run=_correct)


def _guide(session: Session) -> Answer:
    from app.services.intake.guidance import (
        GuidanceOrder,
        give_guidance,
        missing_items,
        new_request,
        print_guidance,
    )

    args, at = session.args, session.act_time()
    desk, by = session.desk, session.officer
    day = (at or session.links.clock.now()).date()
    version = desk.reference.catalogue.version_for(args.procedure, day)
    order = GuidanceOrder(
        request_id=new_request(),
        procedure_code=args.procedure,
        items=missing_items(version, [session.text(item) for item in args.missing]),
        words=session.text(args.words),
        person=session.text(args.name),
        phone=session.text(args.phone),
        at=at,
    )
    given = give_guidance(desk, by, order)
    if args.out is not None:
        write_out(args.out, print_guidance(desk, by, given.id).pdf)
    body = {"id": given.id, "number": given.number}
    return Answer(body, [t("Đã ghi phiếu hướng dẫn số {number}.").format(number=given.number)])


def _correct(session: Session) -> Answer:
    from app.services.papers.slip_correction import SlipField, correct_slip

    args = session.args
    given = {name: getattr(args, name) for name in _FIELDS}
    changes = {SlipField(name): session.text(text) for name, text in given.items() if text is not None}
    done = correct_slip(
        session.desk,
        session.officer,
        args.number,
        changes,
        session.text(args.reason),
        at=session.act_time(),
    )
    if args.out is not None:
        write_out(args.out, done.paper.pdf)
    body = {
        "number": done.number,
        "fields": [field.value for field in done.fields],
        "copy_no": done.paper.copy_no,
    }
    return Answer(body, [t("Đã sửa giấy hẹn của hồ sơ {number}.").format(number=done.number)])
