"""``eform``: declarations of a dossier, filled in, blank or as data; a form of the province taken in."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from app.cli.answer import Answer
from app.cli.commands.options import Commands, given_file, write_out
from app.cli.session import Session
from app.errors import RuleError, UsageError
from app.text import t


def add(commands: Commands) -> None:
    """Add ``eform``."""
    eform = commands.add_parser("eform", help=t("tờ khai của hồ sơ: điền, in, xuất dữ liệu"))
    acts = eform.add_subparsers(metavar=t("VIỆC"), required=True, dest="eform_act")
    fill = acts.add_parser("fill", help=t("điền tờ khai, in ra tệp PDF để ký"))
    _of_dossier(fill)
    fill.add_argument("--values", required=True, type=Path, metavar="F.json")
    fill.add_argument("--out", required=True, type=Path, metavar="F.pdf")
    fill.set_defaults(run=_fill)
    blank = acts.add_parser("blank", help=t("in tờ khai trống để ghi tay"))
    _of_dossier(blank)
    blank.add_argument("--out", required=True, type=Path, metavar="F.pdf")
    blank.set_defaults(run=_blank)
    prefill = acts.add_parser("prefill", help=t("xem phần hồ sơ đã biết"))
    _of_dossier(prefill)
    prefill.set_defaults(run=_prefill)
    export = acts.add_parser("export", help=t("xuất tờ khai đã điền thành dữ liệu"))
    _of_dossier(export)
    export.add_argument("--out", required=True, type=Path, metavar="F.json")
    export.set_defaults(run=_export)
    taken = acts.add_parser("import", help=t("nạp mẫu tờ khai của tỉnh từ tệp"))
    taken.add_argument("file", type=Path, metavar="F.json")
    taken.set_defaults(run=_import)


def _of_dossier(parser: object) -> None:
    parser.add_argument("number", metavar="NUMBER")  # type: ignore[attr-defined]
    parser.add_argument("--form", required=True, metavar="ID")  # type: ignore[attr-defined]


def _fill(session: Session) -> Answer:
    from app.services.eforms.declarations import fill_eform

    args = session.args
    values = _values(args.values)
    at = session.act_time()
    done = fill_eform(session.desk, session.officer, args.number, args.form, values, at=at)
    write_out(args.out, done.paper.pdf)
    words = [t("Đã điền và in tờ khai ra {file}.").format(file=args.out)]
    return Answer(done.as_contract(), [*words, *(issue.sentence for issue in done.warnings)])


def _blank(session: Session) -> Answer:
    from app.printing.document import page_count
    from app.services.eforms.declarations import blank_eform

    args = session.args
    form, pdf = blank_eform(session.desk, session.officer, args.number, args.form)
    write_out(args.out, pdf)
    body = {"ok": True, "form": form.id, "version": form.version, "pages": page_count(pdf)}
    return Answer(body, [t("Đã in tờ khai trống ra {file}.").format(file=args.out)])


def _prefill(session: Session) -> Answer:
    from app.services.eforms.declarations import prefill_eform

    args = session.args
    values = prefill_eform(session.desk, session.officer, args.number, args.form)
    words = [t("Hồ sơ đã biết {count} mục của tờ khai.").format(count=len(values))]
    return Answer({"form": args.form, "values": values}, words)


def _export(session: Session) -> Answer:
    from app.services.eforms.declarations import export_eform

    args = session.args
    body = export_eform(session.desk, session.officer, args.number, args.form)
    write_out(args.out, (json.dumps(body, ensure_ascii=False, indent=1) + "\n").encode())
    answer = {"ok": True, "form": body["form"], "version": body["version"], "file": str(args.out)}
    return Answer(answer, [t("Đã xuất tờ khai ra {file}.").format(file=args.out)])


def _import(session: Session) -> Answer:
    from app.services.eforms.packages import import_eform

    taken = import_eform(session.desk, session.officer, session.args.file)
    words = t("Đã nạp mẫu “{title}”, phiên bản {version}, {count} mục.")
    told = words.format(title=taken.title, version=taken.version, count=taken.fields)
    return Answer(taken.as_contract(), [told, f"SHA-256: {taken.sha256}"])


def _values(path: Path) -> Mapping[str, object]:
    """The object of answers. Raises ``UsageError`` "file-unreadable" or "values-shape"."""
    from app.domain.eform.located import parse_located, plain

    content = given_file(path, "values")
    try:
        found = plain(parse_located(content))
    except RuleError:
        found = None
    if not isinstance(found, dict):
        raise UsageError(
            "values-shape",
            t("Tệp nội dung tờ khai chưa đọc được."),
            t("Tệp cần một đối tượng JSON: mã mục và giá trị."),
            field="values",
        )
    return found
