"""``post``: envelopes in, results out by the public post. ``handover``: lists to and from other units."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

from app.cli.answer import Answer
from app.cli.commands.options import Commands, write_out
from app.cli.moments import parse_day
from app.cli.session import Session
from app.text import t


def add(commands: Commands) -> None:
    """Add ``post`` and ``handover``."""
    post = commands.add_parser("post", help=t("bưu chính công ích: phong bì đến, kết quả gửi đi"))
    steps = post.add_subparsers(metavar=t("VIỆC"), required=True, dest="step")
    _add_in(steps)
    _add_out(steps)
    listed = steps.add_parser("list", help=t("bưu gửi đến và đi; --hand lập bảng kê của ngày"))
    listed.add_argument("--hand", action="store_true")
    listed.add_argument("--out", type=Path, metavar="F.pdf")
    listed.set_defaults(run=_list)
    delivered = steps.add_parser("delivered", help=t("bưu chính đã phát: hồ sơ trả xong"))
    delivered.add_argument("number", metavar="NUMBER")
    delivered.set_defaults(run=_delivered)
    back = steps.add_parser("back", help=t("bưu chính chuyển lại: hồ sơ vẫn chờ trả"))
    back.add_argument("number", metavar="NUMBER")
    back.add_argument("--note", required=True, metavar="T")
    back.set_defaults(run=_back)
    label = steps.add_parser("label", help=t("in nhãn phong bì"))
    label.add_argument("numbers", metavar="NUMBER", nargs="+")
    label.add_argument("--out", required=True, type=Path, metavar="F.pdf")
    label.add_argument("--paper", choices=("a4", "c5", "a6"), default="a4")
    label.set_defaults(run=_label)
    _add_handover(commands)


def _add_in(steps: Commands) -> None:
    into = steps.add_parser("in", help=t("ghi phong bì của hồ sơ nộp qua bưu chính"))
    into.add_argument("number", metavar="NUMBER")
    into.add_argument("--arrived", required=True, metavar="D")
    into.add_argument("--envelope", default="", metavar="T")
    into.add_argument("--bill", default="", metavar="T")
    into.set_defaults(run=_in)


def _add_out(steps: Commands) -> None:
    out = steps.add_parser("out", help=t("gửi kết quả qua bưu chính"))
    out.add_argument("number", metavar="NUMBER")
    out.add_argument("--bill", default="", metavar="T")
    out.add_argument("--name", default="", metavar="T")
    out.add_argument("--phone", default="", metavar="N")
    out.add_argument("--address", default="", metavar="T")
    out.add_argument("--payer", choices=("citizen", "office"), default="citizen")
    out.set_defaults(run=_out)


def _add_handover(commands: Commands) -> None:
    handover = commands.add_parser("handover", help=t("bảng kê giao, nhận hồ sơ với đơn vị khác"))
    ways = handover.add_subparsers(metavar=t("VIỆC"), required=True, dest="way")
    for name, option, words in (
        ("out", "--to", t("giao hồ sơ cho đơn vị khác")),
        ("in", "--from", t("nhận hồ sơ đơn vị khác chuyển đến")),
    ):
        way = ways.add_parser(name, help=words)
        way.add_argument("numbers", metavar="NUMBER", nargs="+")
        way.add_argument(option, dest="unit", required=True, metavar="UNIT")
        way.add_argument("--note", default="", metavar="T")
        way.add_argument("--out", type=Path, metavar="F.pdf")
        way.set_defaults(run=_handover)
    listed = ways.add_parser("list", help=t("các bảng kê đã lập"))
    listed.set_defaults(run=_lists)


def _in(session: Session) -> Answer:
    from app.services.post.incoming import Arrival, note_arrival

    args = session.args
    arrival = Arrival(
        parse_day(args.arrived, "arrived"), session.text(args.envelope), session.text(args.bill)
    )
    posted = note_arrival(session.desk, session.officer, args.number, arrival)
    body = {"number": posted.number, "item": posted.item_id, "warnings": list(posted.warnings)}
    return Answer(body, [t("Đã ghi phong bì của {number}.").format(number=posted.number), *posted.warnings])


def _out(session: Session) -> Answer:
    from app.services.post.parcels import Parcel, prepare

    args = session.args
    parcel = Parcel(
        bill=session.text(args.bill),
        recipient=session.text(args.name),
        phone=session.text(args.phone),
        address=session.text(args.address),
        fee_payer=args.payer,
        at=session.act_time(),
    )
    item = prepare(session.desk, session.officer, args.number, parcel)
    warnings = [item.warning] if item.warning else []
    body = {
        "number": item.number,
        "status": int(item.status),
        "state": item.state,
        "bill": item.bill or None,
        "warnings": warnings,
    }
    words = t("{number}: {state}.").format(number=item.number, state=item.state_words)
    return Answer(body, [words, *warnings])


def _list(session: Session) -> Answer:
    from app.services.hand_over.lists import print_list
    from app.services.post.items import post_items
    from app.services.post.parcels import hand_to_post

    args = session.args
    manifest = None
    if args.hand:
        manifest = hand_to_post(session.desk, session.officer, at=session.act_time())
        if args.out is not None:
            write_out(args.out, print_list(session.desk, session.officer, manifest.id).pdf)
    items = post_items(session.desk, session.officer)
    body = {
        "count": len(items),
        "items": [
            {
                "number": item.number,
                "direction": item.direction,
                "state": item.state,
                "bill": item.bill or None,
                "envelope": item.envelope_no or None,
                "made_at": item.made_at,
                "handed_at": item.handed_at,
                "delivered_at": item.delivered_at,
                "list": item.list_no or None,
                "note": item.note or None,
            }
            for item in items
        ],
        "list": None if manifest is None else {"no": manifest.no, "numbers": list(manifest.numbers)},
    }
    words = [f"{item.number}  {item.state_words}  {item.bill}".rstrip() for item in items]
    return Answer(body, words or [t("Chưa có bưu gửi nào.")])


def _delivered(session: Session) -> Answer:
    from app.services.post.parcels import delivered

    done = delivered(session.desk, session.officer, session.args.number, session.act_time())
    body = {"number": done.number, "status": int(done.status), "due_at": done.due_at}
    return Answer(body, [t("{number}: {status}.").format(number=done.number, status=done.status.label)])


def _back(session: Session) -> Answer:
    from app.services.post.parcels import came_back

    args = session.args
    item = came_back(session.desk, session.officer, args.number, session.text(args.note), session.act_time())
    body = {"number": item.number, "status": int(item.status), "state": item.state}
    words = t("{number} quay lại quầy, vẫn chờ trả kết quả. Gọi công dân, rồi gửi lại hoặc mời đến nhận.")
    return Answer(body, [words.format(number=item.number)])


def _label(session: Session) -> Answer:
    from app.services.post.labels import print_labels

    args = session.args
    made = print_labels(session.desk, session.officer, args.numbers, args.paper)
    write_out(args.out, made.pdf)
    body = {"pages": made.pages, "labels": len(args.numbers), "copy_no": made.copy_no}
    return Answer(body, [t("Đã in {count} nhãn ra {file}.").format(count=len(args.numbers), file=args.out)])


def _handover(session: Session) -> Answer:
    from app.services.hand_over.lists import ListOrder, hand_over_to, print_list, take_over_from

    args = session.args
    order = ListOrder(args.unit, args.numbers, session.text(args.note), session.act_time())
    call = hand_over_to if args.way == "out" else take_over_from
    made = call(session.desk, session.officer, order)
    if made.id is not None and args.out is not None:
        write_out(args.out, print_list(session.desk, session.officer, made.id).pdf)
    left = [asdict(each) for each in made.left]
    body = {"list": made.no or None, "unit": made.other_name, "taken": list(made.taken), "left": left}
    head = (
        t("Bảng kê {no}: {count} hồ sơ, {unit}.").format(
            no=made.no, count=len(made.taken), unit=made.other_name
        )
        if made.id
        else t("Chưa lập bảng kê: không hồ sơ nào đi được.")
    )
    return Answer(body, [head, *(f"{each.number}: {each.title} {each.next_step}" for each in made.left)])


def _lists(session: Session) -> Answer:
    from app.services.hand_over.lists import lists

    rows = lists(session.desk, session.officer)
    body = {
        "count": len(rows),
        "lists": [
            {
                "no": row.no,
                "kind": row.kind,
                "direction": row.direction,
                "unit": row.other_name,
                "made_at": row.made_at,
                "count": row.count,
            }
            for row in rows
        ],
    }
    words = [f"{row.no}  {row.other_name}  {row.count}" for row in rows]
    return Answer(body, words or [t("Chưa có bảng kê nào.")])
