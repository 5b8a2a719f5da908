"""``diagnose``: the pack for whoever helps, with no citizen in it."""

from __future__ import annotations

from pathlib import Path

from app.cli.answer import Answer
from app.cli.commands.options import Commands, write_out
from app.cli.session import Session
from app.text import t


def add(commands: Commands) -> None:
    """Add ``diagnose``."""
    diagnose = commands.add_parser("diagnose", help=t("gói chẩn đoán để nhờ hỗ trợ, không có tên công dân"))
    diagnose.add_argument("file", type=Path, metavar="F.zip")
    diagnose.set_defaults(run=_diagnose)


def _diagnose(session: Session) -> Answer:
    from app.services.support.pack import make_pack

    pack = make_pack(session.desk, session.officer)
    write_out(session.args.file, pack.data)
    parts = [
        {"name": part.name, "what": part.what, "bytes": len(part.text.encode()), "dropped": part.dropped}
        for part in pack.parts
    ]
    body = {"ok": True, "file": str(session.args.file.resolve()), "parts": parts}
    words = [t("Đã ghi gói chẩn đoán; gồm:")]
    words += [f"- {part.name}: {part.what}" for part in pack.parts]
    return Answer(body, words)
