"""Made-up citizens for the demo commune: everyday names of the region, numbers no real person can have.

Personal IDs end in 000xxx after a province, century and year; telephones are 0900 000 xxx.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from datetime import date, timedelta

from app.domain.people import Address, IdKind, Person, Sex
from app.domain.unit_address import present_of
from app.domain.units import UnitIndex

_FAMILIES = {
    "kinh": ("Nguyễn", "Trần", "Lê", "Phạm", "Vũ", "Đỗ", "Bùi", "Hoàng", "Đặng", "Ngô"),
    "tay": ("Nông", "Ma", "Hoàng", "Lục", "Quan", "Chẩu", "Hà", "La", "Nguyễn", "Phùng"),
    "dao": ("Bàn", "Triệu", "Đặng", "Phàn", "Chảo", "Lý", "Tẩn"),
    "hmong": ("Giàng", "Vàng", "Sùng", "Thào", "Lầu", "Hầu", "Vừ", "Mua"),
}
_MIDDLE = {
    Sex.MALE: ("Văn", "Đức", "Quang", "Hữu", "Minh", "Xuân", "Công", "Thanh"),
    Sex.FEMALE: ("Thị", "Thị", "Thị", "Thu", "Thanh", "Ngọc", "Hồng", "Minh"),
}
_GIVEN = {
    ("kinh", Sex.MALE): ("Hùng", "Dũng", "Tuấn", "Sơn", "Cường", "Thắng", "Hiếu", "Long", "Đạt", "Phúc"),
    ("kinh", Sex.FEMALE): ("Lan", "Hương", "Hoa", "Thảo", "Linh", "Mai", "Yến", "Trang", "Nhung", "Hạnh"),
    ("tay", Sex.MALE): ("Tuyên", "Thuận", "Kiên", "Khánh", "Thụ", "Bằng", "Lâm", "Trường"),
    ("tay", Sex.FEMALE): ("Nhâm", "Thơm", "Bích", "Lưu", "Duyên", "Xuyến", "Hiền", "Chiêm"),
    ("dao", Sex.MALE): ("Phúc", "Tài", "Chòi", "Sểnh", "Kinh", "Quyên", "Lìn"),
    ("dao", Sex.FEMALE): ("Mẩy", "Mụi", "Chiêm", "Nhị", "Pham", "Líu", "Xuân"),
    ("hmong", Sex.MALE): ("A Páo", "A Sử", "Mí Nô", "Seo Lử", "A Dế", "Chứ Sính"),
    ("hmong", Sex.FEMALE): ("Thị Mỷ", "Thị Dở", "Thị Sua", "Thị Chở", "Thị Pà"),
}
_RARE = (("H'Hen", Sex.FEMALE), ("K'Sor", Sex.MALE), ("Mỷ", Sex.FEMALE), ("Páo", Sex.MALE))
"""One-word names and names with an apostrophe exist and must be as good as any other."""

_PEOPLES = ("tay",) * 5 + ("kinh",) * 3 + ("dao",) * 2 + ("hmong",) * 2
_HAMLETS = (
    "Nà Lạ", "Nà Khá", "Bản Nhùng", "Phiêng Bung", "Nà Mỏ", "Bản Bung", "Nẻ", "Hang Khào", "Nà Reo",
    "Lũng Giang", "Khau Tràng", "Nà Chác", "Bản Tùn", "Không Mây", "Nà Vai", "Bắc Danh",
)  # fmt: skip
_PLACES = ("xã Nà Hang", "xã Nà Hang", "xã Nà Hang", "xã Kim Bình", "xã Côn Lôn", "xã Thượng Nông")
_PROVINCES_OF_BIRTH = ("008", "002")
_YOUNGEST, _YEARS, _TAILS = 18, 62, 999
_NUMBERS = len(_PROVINCES_OF_BIRTH) * _YEARS * _TAILS
_STRIDE = 7919
"""Prime to ``_NUMBERS``: neighbours get different years, and no two of that many people the same number."""


@dataclass(frozen=True)
class Population:
    """The made-up people of one seed. The same number gives the same person whoever asks."""

    seed: int
    size: int
    addresses: tuple[Address, ...]

    def person(self, number: int, today: date) -> Person:
        """Citizen ``number`` of the population, of age on ``today``."""
        rng = random.Random(f"{self.seed}/{number}")
        name, sex = _name(rng)
        identity = _Identity.of(number, today)
        birth = date(identity.year, 1, 1) + timedelta(days=rng.randrange(365))
        has_card = rng.random() < 0.97
        person = Person(
            name=name,
            id_kind=IdKind.PERSONAL_NUMBER if has_card else IdKind.NONE,
            id_value=identity.personal_id(sex) if has_card else None,
            birth_date=birth,
            sex=sex,
            address=rng.choice(self.addresses),
            nationality="Việt Nam",
        )
        return replace(person, phone=f"0900000{rng.randrange(1000):03d}") if rng.random() < 0.8 else person


def population(seed: int, size: int, units: UnitIndex) -> Population:
    """As many people as the seed's commune has; their addresses placed once."""
    places = [f"Thôn {hamlet}, {place}, tỉnh Tuyên Quang" for hamlet in _HAMLETS for place in _PLACES]
    return Population(seed, size, tuple(_placed(text, units) for text in dict.fromkeys(places)))


def _placed(text: str, units: UnitIndex) -> Address:
    match = present_of(units, text)
    if match.unit is None or match.doubtful:
        return Address(as_written=text)
    return Address(as_written=text, commune_code=match.unit.code, province_code=match.unit.province_code)


def _name(rng: random.Random) -> tuple[str, Sex]:
    if rng.random() < 0.01:
        return rng.choice(_RARE)
    people, sex = rng.choice(_PEOPLES), rng.choice(tuple(Sex))
    family, given = rng.choice(_FAMILIES[people]), rng.choice(_GIVEN[people, sex])
    if people == "hmong":
        return f"{family} {given}", sex
    return f"{family} {rng.choice(_MIDDLE[sex])} {given}", sex


@dataclass(frozen=True)
class _Identity:
    """The parts of a personal ID that are this person's alone; 000000 is left to the demonstration's card."""

    province: str
    year: int
    tail: int

    @classmethod
    def of(cls, number: int, today: date) -> _Identity:
        place = number * _STRIDE % _NUMBERS
        rest, tail = divmod(place, _TAILS)
        province, age = divmod(rest, _YEARS)
        return cls(_PROVINCES_OF_BIRTH[province], today.year - _YOUNGEST - 1 - age, tail + 1)

    def personal_id(self, sex: Sex) -> str:
        """Twelve digits by NĐ 137/2015: province, century with sex, year, then 000 and three of our own."""
        century = (self.year - 1900) // 100 * 2 + (sex is Sex.FEMALE)
        return f"{self.province}{century}{self.year % 100:02d}000{self.tail:03d}"
