"""A desk and a province that are fed spoilt files, and the eye kept on both."""

from __future__ import annotations

import hashlib
import json
import shutil
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import inspect

from app import bootstrap
from app.cli.batch import _answer
from app.cli.parser import build_parser
from app.cli.perform import perform
from app.cli.session import Shelf
from app.clock import FixedClock
from app.domain.dossier_status import Act
from app.line import DeskLine, sync_desk
from app.models.database import STORE_FILE, connect
from app.protocol.ids import new_id
from app.province import server
from app.province.bundle_desk import import_file
from app.province.identity import load_or_make
from app.services.desk import Desk
from app.services.intake.reception import receive_dossier
from app.services.life import ActOrder, do_act
from app.services.safety.backup import make_backup
from app.services.setup import open_desk
from app.sync.credentials import unseal
from app.sync.enrolment import enrol
from app.sync.link import gateway_row, own_desk_id
from tests.hunt.mutants import forging
from tests.hunt.mutants.mutators import ESCAPES
from tests.support import desk as desks
from tests.support.gateway import running_gateway

MOST_TAKEN = 150
"""So many imports that succeeded, then a fresh desk: it must not grow slow."""


class FoundError(AssertionError):
    """What must not happen."""


@dataclass(frozen=True)
class Template:
    """What every worker copies: a desk that is enrolled and has work, its province, genuine files."""

    room: Path
    numbers: tuple[str, str]
    words: str
    files: dict[str, bytes]
    bundle: forging.Bundle
    receipt: forging.Bundle
    identity: str


def make_template(room: Path) -> Template:
    """Made once; a gateway process is needed for the enrolment alone."""
    folder = desks.desk_folder(room)
    desk = open_desk(folder, FixedClock(desks.MONDAY), reference=desks.reference(), environ=desks.ENVIRON)
    try:
        with running_gateway(room / "province") as gateway:
            code = gateway.enrolment_code("quay-2", unit=desk.profile.unit_code)
            enrol(sync_desk(desk), gateway.url, code, None)
        first, second = (receive_dossier(desk, desks.officer(desk), desks.birth()) for _ in range(2))
        do_act(desk, desks.officer(desk), second.number, ActOrder(act=Act.START))
        stick = room / "stick"
        stick.mkdir()
        made = DeskLine(desk).bundle_export(stick / "goi.bundle", desks.officer(desk).id)
        bundle = Path(made["files"][0])
        shutil.copytree(room / "province", room / "fresh")
        answer = import_file(f"sqlite:///{room / 'province' / 'gateway.db'}", bundle)
        receipt = Path(answer["receipt"])
        make_backup(desk, desks.officer(desk), room / "quay.mcbackup")
        opened = _opened(desk, room, bundle, receipt, first.id)
        files = {
            "bundle": bundle.read_bytes(),
            "receipt": receipt.read_bytes(),
            "backup": (room / "quay.mcbackup").read_bytes(),
        }
    finally:
        desk.close()
    words = desks._template()[1].recovery_words
    return Template(room, (first.number, second.number), words, files, *opened)


def _opened(
    desk: Desk, room: Path, bundle: Path, receipt: Path, dossier_id: str
) -> tuple[forging.Bundle, forging.Bundle, str]:
    with desk.store.read() as connection:
        own = unseal(gateway_row(connection)["secret"], own_desk_id(connection))
    store = server.open_store(f"sqlite:///{room / 'province' / 'gateway.db'}")
    try:
        with store.write() as db:
            there = load_or_make(db)
    finally:
        store.dispose()
    to_gateway = forging.opened(bundle.read_bytes(), there.bundle_secret, own.signing, there.bundle_secret)
    secret = bytes.fromhex(there.signing_secret)
    back = forging.opened(receipt.read_bytes(), own.age_identity, secret, own.age_identity)
    told = forging.changes_about(dossier_id, new_id(), new_id)
    lines = b"".join(json.dumps(each).encode() + b"\n" for each in told)
    parts = {**back.parts, "changes.ndjson": back.parts["changes.ndjson"] + lines}
    return to_gateway, forging.Bundle(back.manifest, parts, back.recipient, back.signing), own.age_identity


class Victim:
    """One worker's own copy; ``command`` is the real command line in this process."""

    def __init__(self, template: Template, room: Path) -> None:
        self.template, self.room = template, room
        self.scratch = room / "a" / "b" / "c" / "d" / "e" / "f"
        self.scratch.mkdir(parents=True)
        self.folder, self.province = room / "desk", room / "fresh"
        self.parser = build_parser()
        self.crashes: list[str] = []
        self.asked: list[Path] = []
        self._fresh()
        self._watched = self._places()

    def _fresh(self) -> None:
        for folder, source in ((self.folder, "desk"), (self.province, "fresh")):
            shutil.rmtree(folder, ignore_errors=True)
            shutil.copytree(self.template.room / source, folder)
        links = bootstrap.make_links(FixedClock(desks.MONDAY))
        changed = {
            "open_desk": self._open,
            "start_logging": lambda data: None,
            "note_crash": lambda data, failure: self._crashed(failure),
        }
        self.links = type(links)(**{**vars(links), **changed})
        environ = {**desks.ENVIRON, "MOTCUA_PASSWORD": desks.demo_password()}
        self.shelf = Shelf(self.links.open_desk, environ)
        self.desk = self.shelf.desk(self.folder)
        self.officers = {name: self.shelf.officer(self.folder, name) for name in ("canbo", "quantri")}
        self._eye = connect(self.folder / STORE_FILE, self.desk.store.key)
        self.taken = 0
        self._remember()

    def close(self) -> None:
        """Nothing stays open."""
        self._eye.close()
        self.shelf.close()

    def command(self, *argv: str, who: str = "quantri") -> str:
        """One command; how it ended: ``taken`` or the code of the refusal. Raises ``FoundError``."""
        return self._judged(perform(self.parser, self._argv(argv, who), self.links, self.shelf, batch=True))

    def line(self, raw: bytes) -> str:
        """One line of a batch as it comes."""
        common = ["--data", str(self.folder), "--as", "canbo"]
        return self._judged(_answer(self.parser, raw, common, self.links, self.shelf))

    def expect(self, work: Callable[[], Any], *refusals: type[BaseException]) -> str:
        """A reader called by itself, which may refuse in these ways alone."""
        try:
            work()
        except refusals as refused:
            return getattr(refused, "code", type(refused).__name__)
        return "taken"

    def file(self, content: bytes, name: str = "in.bin") -> Path:
        """The spoilt bytes on a stick."""
        path = self.scratch / name
        path.write_bytes(content)
        return path

    def look(self, ended: str) -> None:
        """After each mutant: nothing half, nothing outside."""
        if self._version() != self._seen:
            if ended != "taken" and self._digest() != self._known:
                raise FoundError(f"{ended}: refused, and yet something was imported")
            self._remember()
        for path in self.asked:
            shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)
        self.asked.clear()
        self._clear()
        there = self._places()
        if there - self._watched or ESCAPES.exists():
            raise FoundError(f"written outside: {sorted(there - self._watched)[:3]}")
        if ended == "taken":
            self.taken += 1
        if self.taken >= MOST_TAKEN:
            self.close()
            self._fresh()

    def _argv(self, argv: tuple[str, ...], who: str) -> list[str]:
        return ["--data", str(self.folder), "--as", who, *argv]

    def _judged(self, answer: Any) -> str:
        if self.crashes:
            raise FoundError(self.crashes.pop())
        if answer.exit == 0:
            return "taken"
        if answer.body.get("ok") is False:
            return "told"
        error = answer.body.get("error", {})
        if not (error.get("title") and error.get("next_step") and error.get("code")):
            raise FoundError(f"a refusal without words: {answer.exit} {answer.body}")
        json.dumps(answer.body, ensure_ascii=False, default=str).encode("utf-8", "surrogateescape")
        return str(error["code"])

    def _crashed(self, failure: BaseException) -> str:
        self.crashes.append("".join(traceback.format_exception(failure)[-6:]))
        return "note"

    def _open(self, folder: Path) -> Desk:
        return open_desk(folder, FixedClock(desks.MONDAY), reference=desks.reference(), environ=desks.ENVIRON)

    def _clear(self) -> None:
        for path in self.scratch.iterdir():
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()

    def _places(self) -> set[str]:
        own = ("desk/", "fresh/")
        return {name for name in forging.place_all(self.room) if not name.startswith(own)}

    def _remember(self) -> None:
        self._seen, self._known = self._version(), self._digest()

    def _version(self) -> tuple[Any, ...]:
        seen = self._eye.execute("PRAGMA data_version").fetchone()[0]
        names = ("gateway.db", "gateway.db-wal")
        held = [self.province / name for name in names]
        return (seen, *((path.stat().st_mtime_ns, path.stat().st_size) for path in held if path.exists()))

    def _digest(self) -> str:
        store = server.open_store(f"sqlite:///{self.province / 'gateway.db'}")
        try:
            return _rows(self.desk.store) + _rows(store)
        finally:
            store.dispose()


def _rows(store: Any) -> str:
    """Every row of every table."""
    digest = hashlib.sha256()
    with store.read() as connection:
        names = sorted(inspect(connection).get_table_names())
        for name in names:
            rows = sorted(repr(tuple(row)) for row in connection.exec_driver_sql(f'SELECT * FROM "{name}"'))
            digest.update("\n".join([name, *rows]).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()
