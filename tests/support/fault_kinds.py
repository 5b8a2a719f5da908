"""What can be wrong with one exchange on the line, as plain values (see ``fault_proxy``)."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from functools import cache

REQUEST_PARTS = ("line", "headers", "body")
ANSWER_PARTS = ("head", "body")


@dataclass(frozen=True)
class Fault:
    """One wrong thing. ``kind`` is what, the numbers how much, ``raw`` a made-up answer.

    ``part`` and ``share``: which part of a message is cut and how far into it (0 to 1).
    """

    kind: str
    count: int = 0
    seconds: float = 0.0
    raw: bytes = b""
    part: str = ""
    share: float = 0.0


def cut_request(count: int) -> Fault:
    """Only the first ``count`` bytes (head and body) reach the gateway; then both ends close."""
    return Fault("cut_request", count)


def cut_request_in(part: str, share: float) -> Fault:
    """The request ends inside its line, its headers or its body (headers where it has no body)."""
    return Fault("cut_request_in", part=part, share=share)


def cut_answer(count: int) -> Fault:
    """The gateway answers in full; only the first ``count`` bytes come back."""
    return Fault("cut_answer", count)


def cut_answer_in(part: str, share: float) -> Fault:
    """The gateway answers in full; the answer ends inside its head or its body."""
    return Fault("cut_answer_in", part=part, share=share)


def drop_answer() -> Fault:
    """The gateway has done everything; no byte of its answer comes back."""
    return cut_answer(0)


def refuse() -> Fault:
    """The connection closes before anything reaches the gateway."""
    return Fault("refuse")


def stall(seconds: float, after: int = 0) -> Fault:
    """``after`` bytes of the answer come, then silence, then the line closes."""
    return Fault("stall", after, seconds)


def slow(bytes_per_second: int) -> Fault:
    """The answer trickles."""
    return Fault("slow", bytes_per_second)


def duplicate() -> Fault:
    """The gateway gets the request twice, one after the other; the first answer comes back."""
    return Fault("duplicate")


def late(after: int) -> Fault:
    """The client loses the line; the gateway gets the request only when ``after`` others have passed."""
    return Fault("late", after)


def again_later(after: int) -> Fault:
    """Answered as usual, and delivered a second time when ``after`` others have passed."""
    return Fault("again_later", after)


def kill(seconds: float) -> Fault:
    """The gateway dies so long after it got the request (``FaultProxy.on_kill``)."""
    return Fault("kill", seconds=seconds)


def wrong_type(media_type: str = "text/plain") -> Fault:
    """The true answer under another media type."""
    return Fault("wrong_type", raw=media_type.encode())


def clock_skew(seconds: float) -> Fault:
    """The true answer with a ``Date`` so far off."""
    return Fault("clock_skew", seconds=seconds)


def half_json(share: float) -> Fault:
    """A part of the true body, with the length of the part: whole HTTP, broken JSON."""
    return Fault("half_json", share=share)


def answer(status: int, body: bytes = b"", *, kind: str = "answer", **headers: str) -> Fault:
    """A made-up answer; the gateway sees nothing. Header names: underscores become hyphens."""
    lines = [f"HTTP/1.1 {status} Made-Up", f"Content-Length: {len(body)}", "Connection: close"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return Fault(kind, raw="\r\n".join(lines).encode() + b"\r\n\r\n" + body)


def unavailable(retry_after: int = 1, status: int = 503) -> Fault:
    """503 (or 429) with ``Retry-After``."""
    code = "overloaded" if status == 503 else "rate-limited"
    body = f'{{"type":"/v1/problems/{code}","code":"{code}","title":"x","status":{status}}}'
    media = "application/problem+json"
    return answer(
        status, body.encode(), kind=f"busy_{status}", Content_Type=media, Retry_After=str(retry_after)
    )


def error_page(status: int, retry_after: int = 1) -> Fault:
    """An error of something between desk and gateway: HTML, with ``Retry-After``."""
    body = b"<html><body>Error</body></html>"
    return answer(status, body, kind="error_page", Content_Type="text/html", Retry_After=str(retry_after))


def captive_portal() -> Fault:
    """200 with a login page."""
    body = b"<html><body>Wi-Fi login</body></html>"
    return answer(200, body, kind="captive_portal", Content_Type="text/html")


def login_wanted() -> Fault:
    """401 with the login page of a proxy."""
    body = b"<html><body>Login</body></html>"
    asks = 'Basic realm="Wi-Fi"'
    return answer(401, body, kind="login_wanted", Content_Type="text/html", WWW_Authenticate=asks)


def redirect(to: str, status: int = 302) -> Fault:
    """A redirect to somewhere else."""
    return answer(status, kind="redirect", Location=to)


def truncated(body: bytes) -> Fault:
    """200 with JSON that stops in the middle although its length says it is whole."""
    return answer(200, body, kind="truncated", Content_Type="application/json")


@cache
def gzip_bomb(size: int) -> Fault:
    """200 with a small gzip body of ``size`` zeros."""
    engine = zlib.compressobj(9, wbits=16 + zlib.MAX_WBITS)
    piece = bytes(1 << 20)
    body = b"".join(engine.compress(piece) for _ in range(size // len(piece))) + engine.flush()
    return answer(200, body, kind="gzip_bomb", Content_Type="application/json", Content_Encoding="gzip")


@cache
def deep_json(depth: int) -> Fault:
    """200 with JSON that nests so deep."""
    body = b'{"a":' * depth + b"1" + b"}" * depth
    return answer(200, body, kind="deep_json", Content_Type="application/json")
