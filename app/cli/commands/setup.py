"""``init``, ``officer add``, ``demo fill``."""

from __future__ import annotations

from app.cli.answer import Answer
from app.cli.commands.options import Commands, whole
from app.cli.session import Session
from app.domain.roles import Role
from app.text import t


def add(commands: Commands) -> None:
    """Add the commands that make and fill a desk."""
    init = commands.add_parser("init", help=t("tạo quầy mới trong thư mục"))
    kind = init.add_mutually_exclusive_group(required=True)
    kind.add_argument("--demo", action="store_true", help=t("xã mẫu với người không có thật"))
    kind.add_argument("--unit", metavar="GSO", help=t("mã xã, năm chữ số"))
    init.add_argument("--agency", metavar="CODE", help=t("mã định danh cơ quan H60.…, nếu tỉnh đã cấp"))
    init.set_defaults(run=_init)

    officer = commands.add_parser("officer", help=t("cán bộ của quầy")).add_subparsers(
        metavar=t("VIỆC"), required=True, dest="act"
    )
    new = officer.add_parser("add", help=t("thêm cán bộ, trả về mật khẩu dùng một lần"))
    new.add_argument("new_login", metavar="LOGIN")
    new.add_argument("--name", required=True)
    new.add_argument("--role", required=True, choices=[role.value for role in Role])
    new.set_defaults(run=_add_officer)

    demo = commands.add_parser("demo", help=t("dữ liệu mẫu")).add_subparsers(
        metavar=t("VIỆC"), required=True, dest="act"
    )
    fill = demo.add_parser("fill", help=t("thêm hồ sơ mẫu vào quầy mẫu"))
    fill.add_argument("--dossiers", type=whole("dossiers", 1, 1_000_000), required=True, metavar="N")
    fill.add_argument("--seed", type=whole("seed", 0, 2**32 - 1), default=1, metavar="S")
    fill.set_defaults(run=_fill)


def _init(session: Session) -> Answer:
    from app.services.setup import init_desk

    args = session.args
    made = init_desk(
        args.data, session.links.clock, unit_code=args.unit, agency_code=args.agency, demo=args.demo
    )
    words = [
        t("Đã tạo quầy của {unit} trong {folder}.").format(unit=made.unit_name, folder=made.folder),
        t("Từ khôi phục, in ra và cất vào tủ: {words}").format(words=made.recovery_words),
    ]
    if made.demo_password:
        words.append(
            t("Cán bộ mẫu {officers}; mật khẩu chung: {password}").format(
                officers=", ".join(made.officers), password=made.demo_password
            )
        )
    body = {
        "data": str(made.folder.resolve()),
        "desk": made.desk_id,
        "unit": made.unit_code,
        "officers": list(made.officers),
        "demo_password": made.demo_password,
        "recovery_words": made.recovery_words,
    }
    return Answer(body, words)


def _add_officer(session: Session) -> Answer:
    from app.services.people.access import add_officer

    args = session.args
    made = add_officer(session.desk, session.officer, args.new_login, args.name, Role(args.role))
    body = {
        "login": made.officer.login,
        "role": made.officer.role.value,
        "one_time_password": made.one_time_password,
    }
    words = [
        t("Đã thêm cán bộ {login}.").format(login=made.officer.login),
        t("Mật khẩu dùng một lần: {password}").format(password=made.one_time_password),
    ]
    return Answer(body, words)


def _fill(session: Session) -> Answer:
    from app.services.demo.filling import fill

    filled = fill(
        session.desk,
        session.officer,
        count=session.args.dossiers,
        seed=session.args.seed,
        until=session.act_time() or session.links.clock.now(),
    )
    words = [
        t("Đã thêm {count} hồ sơ mẫu trong {seconds} giây.").format(
            count=filled.dossiers, seconds=filled.seconds
        )
    ]
    return Answer({"dossiers": filled.dossiers, "seconds": filled.seconds}, words)
