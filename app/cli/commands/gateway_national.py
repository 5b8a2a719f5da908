"""``gateway national``: what is told onward to the national portal, and what is held."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from app.cli.answer import Answer
from app.cli.commands.options import Commands
from app.cli.session import Session
from app.text import t


def add(acts: Commands) -> None:
    """Add the commands below ``gateway``."""
    portal = acts.add_parser("national", help=t("nối với Cổng Dịch vụ công quốc gia"))
    parts = portal.add_subparsers(metavar=t("VIỆC"), required=True, dest="part")
    status = parts.add_parser("status", help=t("xem hồ sơ chờ gửi, bị giữ lại và vì sao"))
    status.add_argument("--db", required=True, metavar="URL")
    status.set_defaults(run=_status)
    run = parts.add_parser("run", help=t("gửi hết những gì đến lượt rồi dừng"))
    run.add_argument("--db", required=True, metavar="URL")
    run.add_argument("--config", required=True, type=Path, metavar="F.toml")
    run.add_argument("--files", type=Path, metavar="DIR", help=t("thư mục chứa tệp các quầy gửi lên"))
    run.set_defaults(run=_run)
    retry = parts.add_parser("retry", help=t("thả hồ sơ bị giữ lại để thử gửi lại"))
    retry.add_argument("--db", required=True, metavar="URL")
    retry.add_argument("--dossier", metavar="SỐ", help=t("chỉ một hồ sơ"))
    retry.add_argument(
        "--steps", choices=("there", "missing"), help=t("các bước đã có hay chưa có trên Cổng")
    )
    retry.add_argument("--again", action="store_true", help=t("Cổng không còn hồ sơ này, tạo lại từ đầu"))
    retry.set_defaults(run=_retry)
    check = parts.add_parser("map-check", help=t("xem tệp đối chiếu còn thiếu gì"))
    check.add_argument("--config", required=True, type=Path, metavar="F.toml")
    check.add_argument("--db", metavar="URL", help=t("xét cả các hồ sơ đang có"))
    check.set_defaults(run=_check)


def _status(session: Session) -> Answer:
    told = session.links.gateway().national.status(session.args.db)
    return Answer(told, _standing_words(told))


def _run(session: Session) -> Answer:
    args = session.args
    told = session.links.gateway().national.run(args.db, args.config, args.files)
    return Answer(told, _standing_words(told))


def _retry(session: Session) -> Answer:
    args = session.args
    told = session.links.gateway().national.retry(args.db, args.dossier, args.steps, args.again)
    return Answer(told, [t("Đã thả {count} hồ sơ để thử lại.").format(count=told["freed"])])


def _check(session: Session) -> Answer:
    args = session.args
    told = session.links.gateway().national.map_check(args.config, args.db)
    missing: Sequence[Mapping[str, Any]] = told["missing"]
    unsure: Sequence[Mapping[str, Any]] = told["unsure"]
    words = [t("Không thiếu gì đã biết.")] if told["ready"] else [t("Còn thiếu:")]
    words += [f"- {each['words']} ({each['dossiers']})" for each in missing]
    if unsure:
        words.append(t("Nên nhờ tỉnh xác nhận:"))
        words += [f"- {each['list']}: {each['name']} = {each['code']}" for each in unsure]
    return Answer(told, [*words, *told["notes"]])


def _standing_words(told: Mapping[str, Any]) -> list[str]:
    words = [
        t("Chờ gửi {waiting}, bị giữ lại {held}, đã gửi đủ {done}.").format(
            waiting=told["waiting"], held=told["held"], done=told["done"]
        )
    ]
    words += [f"- {each['words']} ({each['dossiers']})" for each in told["reasons"]]
    return words
