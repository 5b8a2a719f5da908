"""Which fault a request meets, by seed. No class of fault is left out; the calm moment comes, too."""

from __future__ import annotations

import random
from collections.abc import Callable

from tests.support import fault_proxy as bad
from tests.support.fault_proxy import Fault

MOODS = {
    "calm": (0.0, 0.0),
    "patchy": (0.05, 0.6),
    "bad": (0.08, 0.95),
    "storm": (0.2, 0.98),
    "gone": (0.96, 1.0),
}
"""Share of requests that meet a fault while a round lasts: at the door (the first calls of a round), inside.
Were the door as bad as the rest, nothing behind it would ever be tried."""
HOW_OFTEN = (3, 6, 45, 40, 6)
_HANDSHAKE = 0.02
_CHUNKS = 0.8
"""Share of chunks whose only fault is to come late, or again."""
_DOOR = ("/v1/meta", "/oauth2/token")
BOMB_BYTES = 200 * 1024 * 1024
DEPTH = 100_000
STALL_S = 1.1
"""A little more than ``HASTY`` waits."""

Maker = Callable[[random.Random], Fault]


def fault_of(chance: random.Random, mood: str, method: str, path: str, elsewhere: str) -> Fault | None:
    """The fault of one request, or ``None``. ``elsewhere``: where redirects lead."""
    share = MOODS[mood][not path.startswith(_DOOR)]
    if method == "PATCH" and chance.random() < _CHUNKS:
        return _chunk_fault(chance, share)
    if chance.random() >= share:
        return None
    made = chance.choices(_MAKERS, _WEIGHTS)[0](chance)
    return bad.redirect(elsewhere + path, made.count) if made.kind == "redirect" else made


def _chunk_fault(chance: random.Random, share: float) -> Fault | None:
    """Chunks of a file that overtake each other; where all else breaks, no second one ever comes through."""
    if chance.random() >= share / 2:
        return None
    return chance.choice((bad.again_later, bad.late))(chance.randrange(2, 6))


def handshake_fault(chance: random.Random, mood: str) -> str:
    """What a new TLS connection meets, mostly nothing."""
    if chance.random() >= MOODS[mood][1] * _HANDSHAKE:
        return ""
    return chance.choice(("wrong_certificate", "old_certificate", "handshake_cut"))


def _many(*values: int) -> Maker:
    return lambda chance: bad.error_page(chance.choice(values), chance.choice((0, 1, 30, 86_400)))


_TABLE: tuple[tuple[int, Maker], ...] = (
    (320, lambda chance: bad.refuse()),
    (200, lambda chance: bad.drop_answer()),
    (200, lambda chance: bad.cut_request_in("line", chance.random())),
    (200, lambda chance: bad.cut_request_in("headers", chance.random())),
    (360, lambda chance: bad.cut_request_in("body", chance.random())),
    (128, lambda chance: bad.cut_answer_in("head", chance.random())),
    (192, lambda chance: bad.cut_answer_in("body", chance.random())),
    (100, lambda chance: bad.duplicate()),
    (192, lambda chance: bad.late(chance.randrange(1, 12))),
    (100, lambda chance: bad.again_later(chance.randrange(1, 30))),
    (3, lambda chance: bad.captive_portal()),
    (2, lambda chance: bad.login_wanted()),
    (3, lambda chance: Fault("redirect", chance.choice((301, 302, 303, 307, 308)))),
    (240, lambda chance: bad.unavailable(chance.choice((0, 1, 3600)), chance.choice((429, 503)))),
    (4, _many(400, 403, 404, 407, 408, 413, 500, 502, 504)),
    (3, lambda chance: bad.half_json(chance.random())),
    (2, lambda chance: bad.truncated(b'{"epoch":')),
    (2, lambda chance: bad.wrong_type(chance.choice(("text/html", "application/octet-stream", "")))),
    (64, lambda chance: bad.clock_skew(chance.choice((-1, 1)) * chance.choice((90.0, 86_400.0, 4e8)))),
    (1, lambda chance: bad.gzip_bomb(BOMB_BYTES)),
    (1, lambda chance: bad.deep_json(DEPTH)),
    (1, lambda chance: bad.stall(STALL_S, chance.randrange(0, 400))),
    (1, lambda chance: bad.slow(chance.choice((10, 300)))),
    (4, lambda chance: bad.kill(chance.choice((0.0, 0.002, 0.006, 0.012)))),
)
_RARE = 10
_WEIGHTS = [weight for weight, _ in _TABLE]
_MAKERS = tuple(maker for _, maker in _TABLE)


def more_lies(times: int) -> None:
    """Answers that are no answers (login pages, broken JSON, redirects, bombs) so many times as often."""
    _WEIGHTS[:] = [weight * times if weight < _RARE else weight for weight, _ in _TABLE]
