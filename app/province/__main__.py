"""``python -m app.province --db URL --listen HOST:PORT``: the gateway alone, without the desk."""

from __future__ import annotations

import argparse
from pathlib import Path

from app.province.rates import DESK_RATE
from app.province.server import enrolment_code, serve


def main() -> None:
    """Serve, or print an enrolment code."""
    parser = argparse.ArgumentParser(prog="app.province")
    parser.add_argument("--db", required=True, help="sqlite:///… or postgresql+psycopg://…")
    parser.add_argument("--listen", default="127.0.0.1:8443", help="HOST:PORT")
    parser.add_argument("--tls", nargs=2, metavar=("CERT", "KEY"), type=Path)
    parser.add_argument("--files", type=Path, help="folder of uploaded files")
    parser.add_argument(
        "--desk-rate", type=float, default=DESK_RATE, help="calls a second of one desk; 0: any"
    )
    parser.add_argument("--public-url")
    parser.add_argument("--national", type=Path, help="the province's file for the national portal")
    parser.add_argument("--enrolment-code", metavar="DESK")
    parser.add_argument("--unit")
    asked = parser.parse_args()
    if asked.enrolment_code:
        print(enrolment_code(asked.db, asked.enrolment_code, asked.unit))
        return
    host, _, port = asked.listen.rpartition(":")
    tls = None if asked.tls is None else (asked.tls[0], asked.tls[1])
    serve(
        asked.db,
        host.strip("[]"),
        int(port),
        tls=tls,
        public_url=asked.public_url,
        files=asked.files,
        desk_rate=asked.desk_rate,
        national=asked.national,
    )


if __name__ == "__main__":
    main()
