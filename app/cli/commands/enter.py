"""``receive``: one dossier taken in at the counter, by post or from the portal."""

from __future__ import annotations

import sys
import uuid
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from app.cli.answer import Answer
from app.cli.commands.options import Commands, whole
from app.cli.session import Session
from app.errors import UsageError
from app.text import t

if TYPE_CHECKING:
    from datetime import datetime

    from app.domain.component_rules import ComponentSpec
    from app.domain.people import Person
    from app.services.intake.visit import FreePaper, Intake, ManualDue

CHANNELS: Final = ("counter", "online", "post")
"""The values of ``domain.catalogue.Channel``, spelt out so that other commands do not load it."""


def add(commands: Commands) -> None:
    """Add ``receive``."""
    receive = commands.add_parser("receive", help=t("tiếp nhận một hồ sơ"))
    receive.add_argument("--procedure", required=True, metavar="CODE")
    who = receive.add_mutually_exclusive_group(required=True)
    who.add_argument("--card", metavar="TEXT", help=t("nội dung mã QR của thẻ; “-” là một dòng từ stdin"))
    who.add_argument("--person", type=Path, metavar="F.json")
    receive.add_argument("--phone", metavar="N")
    receive.add_argument("--component", action="append", default=[], metavar="ID[:KIND[:COUNT]]")
    receive.add_argument("--all-required", action="store_true")
    receive.add_argument("--copies", type=whole("copies", 0, 9999), default=1, metavar="N")
    receive.add_argument("--channel", choices=CHANNELS, default="counter")
    receive.add_argument("--for-unit", metavar="CODE")
    receive.add_argument("--due", metavar="ISO8601")
    receive.add_argument("--reason", metavar="T")
    receive.add_argument("--register-only", action="store_true")
    receive.add_argument("--submitter", type=Path, metavar="F.json", help=t("người nộp thay chủ hồ sơ"))
    receive.add_argument("--relation", default="", metavar="T", help=t("người nộp là gì của chủ hồ sơ"))
    receive.add_argument(
        "--override-reason", default="", metavar="T", help=t("lãnh đạo nhận khi thiếu giấy tờ, và vì sao")
    )
    receive.set_defaults(run=_receive)


def _receive(session: Session) -> Answer:
    from app.domain.deadline import due_words
    from app.services.intake.reception import receive_dossier

    officer = session.officer
    received = receive_dossier(session.desk, officer, _intake(session))
    body = {
        "id": received.id,
        "number": received.number,
        "provisional": received.provisional,
        "due_at": received.due_at,
        "due_reason": received.due_reason,
        "status": received.status,
    }
    label = t("Số biên nhận tạm") if received.provisional else t("Mã hồ sơ")
    words = [t("Đã lưu hồ sơ. {label}: {number}").format(label=label, number=received.number)]
    if received.due_at is not None:
        words.append(
            t("Hẹn trả {due}. {reason}").format(due=due_words(received.due_at), reason=received.due_reason)
        )
    return Answer(body, words)


def _intake(session: Session) -> Intake:
    from app.cli.commands.people import read_person
    from app.domain.catalogue import Channel
    from app.services.intake.visit import CARD, TYPED, Intake

    args = session.args
    at = session.act_time()
    components, free = _papers(session, at or session.links.clock.now())
    return Intake(
        request_id=str(uuid.uuid4()),
        procedure_code=args.procedure,
        owner=_owner(session, at or session.links.clock.now()),
        source=TYPED if args.card is None else CARD,
        channel=Channel(args.channel),
        components=components,
        free_papers=free,
        all_required=args.all_required,
        copies=args.copies,
        received_at=at,
        manual_due=_manual_due(session),
        for_unit=args.for_unit,
        register_only=args.register_only,
        submitter=None if args.submitter is None else read_person(args.submitter),
        relation=session.text(args.relation),
        override=session.text(args.override_reason),
    )


def _owner(session: Session, at: datetime) -> Person:
    from app.cli.commands.people import read_card, read_person

    args = session.args
    if args.card is None:
        person = read_person(args.person)
    else:
        person, card = read_card(session.text(args.card), at.date())
        for warning in card.warnings:
            print(warning.text, file=sys.stderr)
    return replace(person, phone=session.text(args.phone)) if args.phone else person


def _papers(session: Session, at: datetime) -> tuple[tuple[ComponentSpec, ...], tuple[FreePaper, ...]]:
    """The papers handed in; where the catalogue has no list, each ID is the name of a paper."""
    from app.domain.catalogue import Detail
    from app.domain.component_rules import parse_component_spec
    from app.services.intake.visit import FreePaper

    specs = tuple(parse_component_spec(text) for text in session.args.component)
    version = session.desk.reference.catalogue.version_for(session.args.procedure, at.date())
    if version.detail is Detail.FULL or version.components:
        return specs, ()
    blank = FreePaper("")
    free = tuple(FreePaper(s.id, s.kind or blank.kind, s.count or blank.count) for s in specs)
    return (), free


def _manual_due(session: Session) -> ManualDue | None:
    from app.services.intake.visit import ManualDue

    args = session.args
    if args.due is None and args.reason is None:
        return None
    if args.due is None:
        raise UsageError(
            "due-missing",
            t("Có lý do nhưng chưa có ngày hẹn."),
            t("Thêm --due và ngày hẹn, hoặc bỏ --reason."),
            field="due",
        )
    return ManualDue(due_at=session.moment(args.due, "due"), reason=session.text(args.reason or ""))
