"""Answers are packed for who takes gzip, and only whole JSON."""

from __future__ import annotations

import gzip
import json

import requests


def raw(gateway, path: str, encoding: str) -> requests.Response:
    return requests.get(
        f"{gateway.url}{path}", headers={"Accept-Encoding": encoding}, timeout=10, stream=True
    )


def test_json_is_packed_for_who_asks(gateway):
    packed, plain = raw(gateway, "/v1/meta", "gzip"), raw(gateway, "/v1/meta", "identity")
    whole, small = plain.raw.read(decode_content=False), packed.raw.read(decode_content=False)
    assert "Content-Encoding" not in plain.headers
    assert plain.headers["Date"] and packed.headers["Date"]
    if len(whole) >= 1024:
        assert packed.headers["Content-Encoding"] == "gzip"
        assert int(packed.headers["Content-Length"]) == len(small) < len(whole)
        small = gzip.decompress(small)
    assert set(json.loads(small)) == set(json.loads(whole))
