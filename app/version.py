"""The program's version, also sent to the province as ``User-Agent``."""

from typing import Final

VERSION: Final = "0.1.0"
