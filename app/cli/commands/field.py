"""``field``: journeys of mobile registration (lưu động) on a laptop that is a desk of its own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from app.cli.answer import Answer
from app.cli.commands.options import Commands, write_out
from app.cli.session import Session
from app.text import t

if TYPE_CHECKING:
    from app.services.field.session import FieldSession


def add(commands: Commands) -> None:
    """Add the commands of a journey."""
    field = commands.add_parser("field", help=t("buổi đăng ký lưu động")).add_subparsers(
        metavar=t("VIỆC"), required=True, dest="act"
    )
    begin = field.add_parser("open", help=t("mở một buổi lưu động"))
    begin.add_argument("--place", required=True, metavar="T")
    begin.add_argument("--procedure", action="append", default=[], metavar="CODE")
    begin.add_argument("--note", default="", metavar="T")
    begin.set_defaults(run=_open)
    field.add_parser("close", help=t("đóng buổi đang mở")).set_defaults(run=_close)
    each = field.add_parser("list", help=t("các buổi, hoặc hồ sơ của một buổi"))
    each.add_argument("id", metavar="ID", nargs="?")
    each.add_argument("--out", type=Path, metavar="F.pdf")
    each.set_defaults(run=_list)
    field.add_parser("elsewhere", help=t("hồ sơ của xã do quầy khác giữ, theo tỉnh báo")).set_defaults(
        run=_elsewhere
    )


def _open(session: Session) -> Answer:
    from app.services.field.session import open_session

    args = session.args
    opened = open_session(
        session.desk,
        session.officer,
        session.text(args.place),
        procedures=args.procedure,
        note=session.text(args.note),
    )
    words = t("Đã mở buổi lưu động ở {place}: {names}.")
    return Answer(
        _journey(opened), [words.format(place=opened.place, names=", ".join(opened.procedures.values()))]
    )


def _close(session: Session) -> Answer:
    from app.services.field.session import close_session

    closed = close_session(session.desk, session.officer)
    words = t("Đã đóng buổi lưu động ở {place}: {count} hồ sơ.")
    return Answer(_journey(closed), [words.format(place=closed.place, count=closed.dossiers)])


def _list(session: Session) -> Answer:
    from app.services.field.session import list_sessions

    if session.args.id is not None:
        return _one(session, session.args.id)
    journeys = list_sessions(session.desk, session.officer)
    words = [t("{count} buổi lưu động.").format(count=len(journeys))]
    words += [f"{one.id} · {one.opened_at:%d/%m/%Y} · {one.place} · {one.dossiers}" for one in journeys]
    return Answer({"count": len(journeys), "items": [_journey(one) for one in journeys]}, words)


def _one(session: Session, journey_id: str) -> Answer:
    from app.services.field.session import session_dossiers, session_list_pdf

    dossiers = session_dossiers(session.desk, session.officer, journey_id)
    body: dict[str, object] = {
        "id": journey_id,
        "count": len(dossiers),
        "dossiers": [
            {
                "id": one.id,
                "number": one.number,
                "provisional": one.provisional,
                "name": one.owner_name,
                "procedure": one.procedure_name,
                "status": int(one.status),
                "received_at": one.received_at,
                "due_at": one.due_at,
                "sync": one.province,
            }
            for one in dossiers
        ],
    }
    words = [t("{count} hồ sơ.").format(count=len(dossiers))]
    words += [f"{one.number} · {one.owner_name} · {one.procedure_name}" for one in dossiers]
    out: Path | None = session.args.out
    if out is not None:
        write_out(out, session_list_pdf(session.desk, session.officer, journey_id))
        body["file"] = str(out)
        words.append(t("Đã ghi danh sách vào {file}.").format(file=out))
    return Answer(body, words)


def _elsewhere(session: Session) -> Answer:
    from app.services.from_province.elsewhere import dossiers_elsewhere

    found = dossiers_elsewhere(session.desk, session.officer)
    items = [
        {
            "id": one.id,
            "number": one.number,
            "provisional_number": one.provisional_number or None,
            "name": one.owner_name,
            "procedure": one.procedure_code,
            "status": int(one.status),
            "received_at": one.received_at,
            "due_at": one.due_at,
        }
        for one in found
    ]
    words = [t("{count} hồ sơ của xã do quầy khác giữ.").format(count=len(found))]
    words += [f"{one.number} · {one.owner_name}" for one in found]
    return Answer({"count": len(items), "items": items}, words)


def _journey(journey: FieldSession) -> dict[str, object]:
    return {
        "id": journey.id,
        "place": journey.place,
        "procedures": list(journey.procedures),
        "opened_at": journey.opened_at,
        "closed_at": journey.closed_at,
        "officer": journey.officer,
        "note": journey.note,
        "dossiers": journey.dossiers,
    }
