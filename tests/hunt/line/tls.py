"""Certificates for a hunt over TLS: the gateway's own authority, a stranger's, and one out of date."""

from __future__ import annotations

import ssl
from pathlib import Path

from tests.support.fault_proxy import TlsLine
from tests.sync.certificates import Authority, authority


class TlsGround:
    """``gateway``: certificate and key for the gateway; ``pem``: what desks pin; ``line``: the proxy's."""

    def __init__(self, folder: Path) -> None:
        own = authority("hunt")
        old = Authority(own.name, own.key, own.certificate, (-30, -2))
        chain = folder / "gateway.pem"
        upstream = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        upstream.load_verify_locations(cadata=own.pem)
        self.pem = own.pem
        self.line = TlsLine(
            good=own.server(folder),
            bad={
                "wrong_certificate": authority("stranger").server(folder),
                "old_certificate": old.server(folder),
            },
            upstream=upstream,
        )
        own.keep_server(chain)
        self.gateway = (chain, chain)
