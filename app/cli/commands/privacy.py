"""``consent``, ``request``, ``retention``, ``person``, ``breach-sheet``: the law on personal data."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from app.cli.answer import Answer
from app.cli.commands.options import Commands, group, whole, write_out
from app.cli.moments import parse_day
from app.cli.session import Session
from app.errors import UsageError
from app.text import t

if TYPE_CHECKING:
    from app.services.privacy.consent_book import ConsentQuery
    from app.services.privacy.requests import Request

_FIELDS = ("name", "address", "phone", "email")


def add(commands: Commands) -> None:
    """Add the five commands."""
    _add_consent(commands)
    _add_request(commands)
    retention = group(commands, "retention", t("thời hạn giữ dữ liệu"))
    retention.add_parser("show", help=t("bảng thời hạn và số đã quá hạn")).set_defaults(run=_retention_show)
    retention.add_parser("run", help=t("xóa những gì đã quá hạn")).set_defaults(run=_retention_run)
    wanted = retention.add_parser("set", help=t("đặt thời hạn của cơ quan"))
    wanted.add_argument("kind", metavar="KIND")
    wanted.add_argument("--count", required=True, type=whole("count", 1, 9999), metavar="N")
    wanted.add_argument("--unit", required=True, choices=["days", "working_days", "months"])
    wanted.add_argument("--basis", required=True, metavar="T")
    wanted.set_defaults(run=_retention_set)
    unset = retention.add_parser("unset", help=t("bỏ thời hạn của cơ quan"))
    unset.add_argument("kind", metavar="KIND")
    unset.set_defaults(run=_retention_unset)
    person = group(commands, "person", t("dữ liệu của một người"))
    export = person.add_parser("export", help=t("xuất mọi dữ liệu của một người ra PDF"))
    export.add_argument(
        "--identity", required=True, metavar="N", help=t("số giấy tờ; “-” là một dòng từ stdin")
    )
    export.add_argument("--out", required=True, type=Path, metavar="F.pdf")
    export.set_defaults(run=_person_export)
    breach = commands.add_parser("breach-sheet", help=t("phiếu ghi sự cố dữ liệu cá nhân của máy này"))
    breach.add_argument("file", type=Path, metavar="F.pdf")
    breach.add_argument("--found", metavar="ISO8601", help=t("phát hiện lúc"))
    breach.add_argument("--words", default="", metavar="T", help=t("việc đã xảy ra"))
    breach.set_defaults(run=_breach)


def _add_consent(commands: Commands) -> None:
    consent = group(commands, "consent", t("sổ ghi sự đồng ý của công dân"))
    for name, help, run in (
        ("list", t("liệt kê"), _consent_list),
        ("book", t("in sổ ra PDF"), _consent_book),
    ):
        each = consent.add_parser(name, help=help)
        each.add_argument("--purpose", choices=["tracking", "reminder", "contact"])
        each.add_argument("--state", choices=["live", "withdrawn", "ended"])
        each.add_argument("--from", dest="first", metavar="D")
        each.add_argument("--to", dest="last", metavar="D")
        if name == "book":
            each.add_argument("--out", required=True, type=Path, metavar="F.pdf")
        each.set_defaults(run=run)


def _add_request(commands: Commands) -> None:
    request = group(commands, "request", t("yêu cầu của công dân về dữ liệu của mình"))
    new = request.add_parser("add", help=t("ghi một yêu cầu"))
    new.add_argument("--kind", required=True, choices=["access", "correction", "erasure", "restriction"])
    new.add_argument("--card", metavar="TEXT", help=t("mã QR của thẻ; “-” là một dòng từ stdin"))
    new.add_argument("--identity", default="", metavar="N")
    new.add_argument("--name", default="", metavar="T")
    new.add_argument("--phone", default="", metavar="N")
    new.add_argument("--address", default="", metavar="T")
    new.add_argument("--words", required=True, metavar="T")
    new.set_defaults(run=_request_add)
    listed = request.add_parser("list", help=t("các yêu cầu"))
    listed.add_argument("--open", action="store_true", help=t("chỉ những yêu cầu chưa trả lời"))
    listed.set_defaults(run=_request_list)
    show = request.add_parser("show", help=t("một yêu cầu và những gì quầy đang giữ"))
    show.add_argument("request", metavar="ID")
    show.set_defaults(run=_request_show)
    correct = request.add_parser("correct", help=t("sửa hồ sơ theo yêu cầu"))
    correct.add_argument("request", metavar="ID")
    correct.add_argument("number", metavar="NUMBER")
    for name in _FIELDS:
        correct.add_argument(f"--{name}", metavar="T")
    correct.set_defaults(run=_request_correct)
    answer = request.add_parser("answer", help=t("trả lời yêu cầu, in phiếu trả lời"))
    answer.add_argument("request", metavar="ID")
    answer.add_argument("--decision", required=True, choices=["granted", "partly", "refused"])
    answer.add_argument("--reason", required=True, metavar="T")
    answer.add_argument("--basis", default="", metavar="T")
    answer.add_argument("--out", type=Path, metavar="F.pdf")
    answer.set_defaults(run=_request_answer)
    end = request.add_parser("end", help=t("thôi hạn chế xử lý dữ liệu"))
    end.add_argument("request", metavar="ID")
    end.set_defaults(run=_request_end)


def _query(session: Session) -> ConsentQuery:
    from app.domain.account_help import ConsentPurpose
    from app.services.privacy.consent_book import ConsentQuery, ConsentState

    args = session.args
    return ConsentQuery(
        purpose=ConsentPurpose(args.purpose) if args.purpose else None,
        state=ConsentState(args.state) if args.state else None,
        first_day=parse_day(args.first, "from") if args.first else None,
        last_day=parse_day(args.last, "to") if args.last else None,
    )


def _consent_list(session: Session) -> Answer:
    from app.services.privacy.consent_book import consent_book

    entries = consent_book(session.desk, session.officer, _query(session))
    rows = [
        {
            "id": each.id,
            "case": each.case_id,
            "purpose": each.purpose.value,
            "wording_version": each.wording_version,
            "given_at": each.given_at,
            "officer": each.officer,
            "keep_until": each.keep_until,
            "withdrawn_at": each.withdrawn_at,
            "state": each.state.value,
        }
        for each in entries
    ]
    return Answer({"count": len(rows), "consents": rows}, [t("{count} lần đồng ý.").format(count=len(rows))])


def _consent_book(session: Session) -> Answer:
    from app.services.privacy.consent_book import print_consent_book

    made = print_consent_book(session.desk, session.officer, _query(session))
    write_out(session.args.out, made.pdf)
    return Answer({"pages": made.pages, "copy_no": made.copy_no}, [t("Đã in sổ ra tệp.")])


def _request_add(session: Session) -> Answer:
    from app.domain.privacy import RequestKind
    from app.services.privacy.requests import RequestOrder, record_request

    args = session.args
    at = session.act_time()
    name, identity, address = session.text(args.name), session.text(args.identity), session.text(args.address)
    if args.card:
        from app.cli.commands.people import read_card

        person, _ = read_card(session.text(args.card), (at or session.links.clock.now()).date())
        name, identity = name or person.name, identity or person.id_value or ""
        address = address or person.address.as_written
    if not identity:
        raise UsageError(
            "identity-missing",
            t("Chưa có số giấy tờ của người yêu cầu."),
            t("Thêm --card hoặc --identity."),
            field="identity",
        )
    order = RequestOrder(
        kind=RequestKind(args.kind),
        name=name,
        identity=identity,
        words=session.text(args.words),
        phone=session.text(args.phone),
        address=address,
        received_at=at,
    )
    return _answer(record_request(session.desk, session.officer, order))


def _request_list(session: Session) -> Answer:
    from app.services.privacy.requests import list_requests

    lines = list_requests(session.desk, session.officer, open_only=session.args.open)
    rows = [
        {
            "id": each.id,
            "number": each.number,
            "kind": each.kind.value,
            "received_at": each.received_at,
            "reply_due": each.reply_due,
            "due": each.due,
            "decision": each.decision.value if each.decision else None,
        }
        for each in lines
    ]
    words = [t("{count} yêu cầu.").format(count=len(rows))]
    words += [f"{each.number} · {each.kind.label} · {each.name}" for each in lines]
    return Answer({"count": len(rows), "requests": rows}, words)


def _request_show(session: Session) -> Answer:
    from app.services.privacy.requests import show_request

    bearing = show_request(session.desk, session.officer, session.args.request)
    body = dict(_answer(bearing.request).body)
    body["held"] = {
        "dossiers": list(bearing.numbers.values()),
        "help_cases": list(bearing.records.help_cases),
        "drafts": len(bearing.records.drafts),
    }
    words = [f"{bearing.request.number} · {bearing.request.kind.label}"]
    return Answer(body, words)


def _request_correct(session: Session) -> Answer:
    from app.services.privacy.requests import correct_on_request

    args = session.args
    changes = {name: session.text(getattr(args, name)) for name in _FIELDS if getattr(args, name) is not None}
    fields = correct_on_request(session.desk, session.officer, args.request, args.number, changes)
    body = {"number": args.number, "fields": [field.value for field in fields]}
    return Answer(body, [t("Đã sửa hồ sơ {number}.").format(number=args.number)])


def _request_answer(session: Session) -> Answer:
    from app.domain.privacy import Decision
    from app.services.privacy.answer import print_answer
    from app.services.privacy.requests import decide_request

    args = session.args
    done = decide_request(
        session.desk,
        session.officer,
        args.request,
        Decision(args.decision),
        session.text(args.reason),
        session.text(args.basis),
    )
    if args.out is not None:
        write_out(args.out, print_answer(session.desk, session.officer, args.request).pdf)
    return _answer(done)


def _request_end(session: Session) -> Answer:
    from app.services.privacy.requests import end_restriction

    return _answer(end_restriction(session.desk, session.officer, session.args.request))


def _answer(request: Request) -> Answer:
    body = {
        "id": request.id,
        "number": request.number,
        "kind": request.kind.value,
        "received_at": request.received_at,
        "reply_due": request.reply_due,
        "due": request.due,
        "decision": request.decision.value if request.decision else None,
        "outcome": dict(request.outcome),
        "ended_at": request.ended_at,
    }
    state = request.decision.label if request.decision else t("chưa trả lời")
    return Answer(body, [f"{request.number} · {request.kind.label} · {state}"])


def _retention_show(session: Session) -> Answer:
    from app.services.privacy.retention import last_run, retention_table

    lines = retention_table(session.desk, session.officer)
    rows = [
        {
            "kind": each.kept.id,
            "name": each.kept.name,
            "term": each.kept.term.words if each.kept.term else None,
            "basis": each.kept.basis,
            "checked": each.kept.checked,
            "by_office": each.kept.by_office,
            "how": each.kept.how.value,
            "past": each.past,
        }
        for each in lines
    ]
    last = last_run(session.desk)
    body = {"kinds": rows, "last_run": last.at if last else None}
    unset = t("chưa đặt")
    words = [f"{row['kind']}: {row['term'] or unset} · {row['past']}" for row in rows]
    return Answer(body, words)


def _retention_run(session: Session) -> Answer:
    from app.services.privacy.retention import run_retention

    done = run_retention(session.desk, session.officer)
    body = {"at": done.at, "removed": dict(done.counts), "left": dict(done.left)}
    return Answer(body, [t("Đã bỏ {count} mục quá hạn.").format(count=done.removed)])


def _retention_set(session: Session) -> Answer:
    from app.services.privacy.terms import set_term

    args = session.args
    set_term(session.desk, session.officer, args.kind, args.count, args.unit, session.text(args.basis))
    return Answer({"ok": True, "kind": args.kind}, [t("Đã đặt thời hạn.")])


def _retention_unset(session: Session) -> Answer:
    from app.services.privacy.terms import unset_term

    unset_term(session.desk, session.officer, session.args.kind)
    return Answer({"ok": True, "kind": session.args.kind}, [t("Đã bỏ thời hạn của cơ quan.")])


def _person_export(session: Session) -> Answer:
    from app.services.privacy.person import person_export

    args = session.args
    made = person_export(session.desk, session.officer, session.text(args.identity))
    write_out(args.out, made.pdf)
    body = {
        "ok": True,
        "file": str(args.out.resolve()),
        "dossiers": made.dossiers,
        "help_cases": made.help_cases,
        "drafts": made.drafts,
        "requests": made.requests,
    }
    return Answer(body, [t("Đã xuất dữ liệu của một người ra tệp.")])


def _breach(session: Session) -> Answer:
    from app.services.privacy.breach import breach_sheet

    args = session.args
    found = session.moment(args.found, "found") if args.found else None
    made = breach_sheet(session.desk, session.officer, found, session.text(args.words))
    write_out(args.file, made.pdf)
    return Answer(
        {"ok": True, "file": str(args.file.resolve()), "pages": made.pages}, [t("Đã ghi phiếu sự cố.")]
    )
