"""What a thief pays for one guess: read in a process of its own, because the suite guesses cheaply."""

from __future__ import annotations

import json
import subprocess
import sys

_SAY = """
import json
from app.keys import PASSPHRASE_COST
from app.services.people.passwords import hash_password
print(json.dumps([PASSPHRASE_COST, hash_password("một mật khẩu")]))
"""


def test_a_guess_costs_what_it_should() -> None:
    """OWASP's least is 19 MiB and two passes; ours are above it."""
    said = subprocess.run([sys.executable, "-c", _SAY], capture_output=True, text=True, check=True)
    passphrase, hashed = json.loads(said.stdout)
    assert passphrase == {"time": 3, "memory": 65536, "lanes": 2}
    assert hashed.startswith("$argon2id$v=19$m=32768,t=2,p=2$")
