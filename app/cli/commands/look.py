"""``show`` and ``find``: one dossier whole, and dossiers by name, number, phone or personal ID."""

from __future__ import annotations

from app.cli.answer import Answer
from app.cli.commands.options import Commands, whole
from app.cli.session import Session
from app.text import t


def add(commands: Commands) -> None:
    """Add ``show`` and ``find``."""
    show = commands.add_parser("show", help=t("xem một hồ sơ"))
    show.add_argument("number", metavar="NUMBER", help=t("mã hồ sơ, số biên nhận tạm hoặc id"))
    show.set_defaults(run=_show)
    find = commands.add_parser("find", help=t("tìm hồ sơ theo tên, số, điện thoại"))
    find.add_argument("text", metavar="TEXT", help=t("chữ cần tìm; “-” là một dòng từ stdin"))
    find.add_argument("--limit", type=whole("limit", 1, 10_000), default=20, metavar="N")
    find.set_defaults(run=_find)


def _show(session: Session) -> Answer:
    from app.domain.dossier_status import Status
    from app.services.finding.dossier_view import show_dossier

    dossier = show_dossier(session.desk, session.officer, session.args.number)
    body = dossier.as_contract()
    words = [
        f"{body['number']} · {Status(body['status']).label}",
        *(f"{line['at']} · {line['act']} · {line['by']}" for line in body["history"]),
    ]
    return Answer(body, words)


def _find(session: Session) -> Answer:
    from app.domain.deadline import due_words
    from app.services.audit.verify import note_listed
    from app.services.finding.search import find

    found = find(session.desk, session.officer, session.text(session.args.text), limit=session.args.limit)
    note_listed(session.desk, session.officer, "grid", len(found.results))
    results = [
        {
            "id": each.id,
            "number": each.number,
            "name": each.name,
            "procedure": each.procedure,
            "status": int(each.status),
            "due_at": each.due_at,
        }
        for each in found.results
    ]
    words = [t("Tìm thấy {count} hồ sơ.").format(count=found.count)]
    for each in found.results:
        due = due_words(each.due_at) if each.due_at else t("chưa có ngày hẹn")
        words.append(f"{each.number} · {each.name} · {each.procedure} · {due}")
    return Answer({"count": found.count, "results": results, "ms": found.ms}, words)
