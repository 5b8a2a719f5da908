"""``gateway upward``: a commune's own gateway below the province's."""

from __future__ import annotations

from pathlib import Path

from app.cli.answer import Answer
from app.cli.commands.options import Commands, given_file
from app.cli.session import Session
from app.text import t


def add(acts: Commands) -> None:
    """Add the commands about the gateway above."""
    upward = acts.add_parser("upward", help=t("cổng đặt tại cơ quan, nối lên cổng cấp trên")).add_subparsers(
        metavar=t("VIỆC"), required=True, dest="upward"
    )
    enroll = upward.add_parser("enroll", help=t("ghi danh cổng này với cổng cấp trên"))
    enroll.add_argument("--db", required=True, metavar="URL")
    enroll.add_argument("--url", required=True, metavar="URL", help=t("địa chỉ cổng cấp trên"))
    enroll.add_argument("--code", required=True, help=t("mã ghi danh cấp trên in trên giấy"))
    enroll.add_argument("--unit", required=True, metavar="CODE", help=t("mã đơn vị của các quầy"))
    enroll.add_argument("--name", default="", metavar="T", help=t("tên cổng, ví dụ tên cơ quan"))
    enroll.add_argument("--ca", type=Path, metavar="F.pem")
    enroll.set_defaults(run=_enroll)
    run = upward.add_parser("run", help=t("gửi lên và nhận về một lượt"))
    run.add_argument("--db", required=True, metavar="URL")
    run.add_argument("--files", type=Path, metavar="DIR", help=t("thư mục chứa tệp các quầy gửi lên"))
    run.set_defaults(run=_run)
    status = upward.add_parser("status", help=t("xem đường lên cấp trên: còn gì chờ, lần cuối lúc nào"))
    status.add_argument("--db", required=True, metavar="URL")
    status.set_defaults(run=_status)


def _enroll(session: Session) -> Answer:
    args = session.args
    name = session.text(args.name) or args.unit
    ca_pem = None if args.ca is None else given_file(args.ca, "ca")
    code = session.text(args.code)
    made = session.links.gateway().upward.enroll(args.db, args.url, code, args.unit, name, ca_pem)
    words = [
        t("Cổng đã nối lên {gateway} cho {unit}.").format(gateway=made["gateway"], unit=made["unit_name"])
    ]
    if made["recovery_words"]:
        words.append(t("Kho của cổng đã mã hóa. Chép các từ khôi phục này ra giấy và cất riêng:"))
        words.append(made["recovery_words"])
    return Answer({"ok": True, **made}, words)


def _run(session: Session) -> Answer:
    args = session.args
    lines = session.links.gateway().upward.run(args.db, args.files)
    fits = all(each["reconciled"] for each in lines)
    return Answer({"ok": fits, "lines": lines}, [_line(each) for each in lines], 0 if fits else 6)


def _status(session: Session) -> Answer:
    lines = session.links.gateway().upward.status(session.args.db)
    words = [_line(each) for each in lines] or [t("Cổng này chưa nối lên cổng cấp trên nào.")]
    return Answer({"count": len(lines), "lines": lines}, words)


def _line(each: object) -> str:
    assert isinstance(each, dict)
    words = t("{unit}: {waiting} việc chờ cấp trên trả lời.").format(
        unit=each["unit"], waiting=each["waiting"]
    )
    return words if each["trouble"] is None else f"{words} {_trouble(each['trouble'])}"


def _trouble(code: str) -> str:
    known = {
        "no-line": t("Chưa có đường lên; các quầy vẫn làm việc, máy tự thử lại."),
        "not-believed": t("Câu trả lời không phải của cổng cấp trên; chưa tin gì, máy tự thử lại."),
        "busy": t("Cổng cấp trên đang bận; máy tự thử lại."),
        "stopped": t("Đã dừng giữa chừng; phần đã gửi vẫn được tính."),
        "files-waiting": t("Hồ sơ đã lên đủ, còn tệp quét đang chờ."),
        "credentials-refused": t("Cấp trên không nhận khóa của cổng này; liên hệ cấp trên."),
        "difference": t("Số liệu hai bên chưa khớp; máy tự so lại, chưa có gì bị ghi đè."),
        "stream-trouble": t("Một quầy có nhánh ghi khác với cấp trên; báo quản trị viên."),
    }
    return known.get(code, t("Cấp trên chưa nhận; máy tự thử lại."))
