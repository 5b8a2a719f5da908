"""The card's QR code: read exactly, flagged, or refused with a sentence; never a silent guess."""

from __future__ import annotations

import unicodedata
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.citizen_qr import CitizenCard, looks_like_card, parse_citizen_qr, person_of
from app.domain.people import IdKind, Sex
from app.domain.personal_id import BIRTH_PROVINCES
from app.errors import RuleError

TODAY = date(2026, 11, 22)
ADDRESS = "Tổ 5, thị trấn Na Hang, Na Hang, Tuyên Quang"
WOMAN = f"008198001234|073123456|Ma Thị Hường|14081998|Nữ|{ADDRESS}|22112021"
MAN = f"008098001234||Giàng A Páo|14081998|Nam|{ADDRESS}|22112021"
WOMAN_CARD = CitizenCard(
    "008198001234", "073123456", "Ma Thị Hường", date(1998, 8, 14), Sex.FEMALE, ADDRESS, date(2021, 11, 22)
)
LAYOUT = str.maketrans("1234567890", "ăâêô\u0300\u0309\u0303\u0301\u0323đ")


def read(text: str) -> CitizenCard:
    return parse_citizen_qr(text, TODAY)


def flags(card: CitizenCard) -> set[tuple[str, str]]:
    return {(w.code, w.field) for w in card.warnings}


def refusal(text: str) -> RuleError:
    with pytest.raises(RuleError) as caught:
        read(text)
    assert caught.value.title.endswith(".") and caught.value.next_step.endswith(".")
    return caught.value


def format_citizen_qr(card: CitizenCard) -> str:
    sex = {Sex.MALE: "Nam", Sex.FEMALE: "Nữ", None: ""}[card.sex]
    born, issued = (f"{d:%d%m}{d.year:04}" if d else "" for d in (card.birth_date, card.issue_date))
    return "|".join((card.personal_id, card.old_id or "", card.name, born, sex, card.address, issued))


@pytest.mark.parametrize(
    "text",
    [
        WOMAN,
        WOMAN + "||||",
        WOMAN + "|Ma Văn Cha|Nguyễn Thị Mẹ||",
        unicodedata.normalize("NFD", WOMAN),
        f"\ufeff{WOMAN}\r\n",
        f"]Q1{WOMAN}",
        f"]Q3{WOMAN}\t",
        WOMAN.replace("|Ma Thị Hường|", "|  Ma  Thị Hường |"),
        WOMAN.replace("|Nữ|", "|NỮ|"),
    ],
)
def test_the_same_card_in_every_lawful_form_reads_exactly(text: str) -> None:
    assert read(text) == WOMAN_CARD


def test_a_card_becomes_an_applicant() -> None:
    person = person_of(WOMAN_CARD)
    assert (person.id_kind, person.id_value) == (IdKind.PERSONAL_NUMBER, "008198001234")
    assert (person.name, person.sex, person.old_id) == ("Ma Thị Hường", Sex.FEMALE, "073123456")
    assert (person.address.as_written, person.address.commune_code) == (ADDRESS, None)


def test_a_card_without_the_old_number() -> None:
    card = read(MAN)
    assert (card.old_id, card.name, card.sex, card.warnings) == (None, "Giàng A Páo", Sex.MALE, ())


def test_extra_fields_are_not_kept() -> None:
    card = read(WOMAN + "|Ma Văn Cha|Nguyễn Thị Mẹ||")
    assert "Cha" not in repr(card) and "Mẹ" not in repr(card)


def test_names_of_one_word_and_with_apostrophes_are_not_doubtful() -> None:
    for name in ("Páo", "H'Hen Niê", "K'Sor Y Blô", "Kpă H'Ƀlă", "Lý Seo-Dìn", "Nguyễn Thị Ý"):
        assert read(MAN.replace("Giàng A Páo", name)).warnings == (), name


@pytest.mark.parametrize(
    ("old", "new", "flag"),
    [
        ("14081998", "", ("missing", "birth_date")),
        ("14081998", "1998", ("malformed", "birth_date")),
        ("14081998", "00001998", ("impossible", "birth_date")),
        ("14081998", "31021998", ("impossible", "birth_date")),
        ("14081998", "14/08/1998", ("malformed", "birth_date")),
        ("14081998", "14082098", ("future", "birth_date")),
        ("14081998", "23112026", ("future", "birth_date")),
        ("22112021", "", ("missing", "issue_date")),
        ("22112021", "2211202", ("malformed", "issue_date")),
        ("22112021", "32112021", ("impossible", "issue_date")),
        ("22112021", "22112027", ("future", "issue_date")),
    ],
)
def test_a_date_that_is_none_stays_empty_and_is_flagged(old: str, new: str, flag: tuple[str, str]) -> None:
    card = read(WOMAN.replace(old, new))
    assert getattr(card, flag[1]) is None
    assert flags(card) == {flag}


@pytest.mark.parametrize(
    ("old", "new", "flag"),
    [
        ("008198001234", "008098001234", ("id-sex-mismatch", "sex")),
        ("008198001234", "008197001234", ("id-birth-year-mismatch", "birth_date")),
        ("008198001234", "003198001234", ("id-province-unknown", "personal_id")),
        ("22112021", "13081998", ("doubtful", "issue_date")),
        ("|Nữ|", "||", ("missing", "sex")),
        ("|Nữ|", "|Khác|", ("malformed", "sex")),
        ("|Nữ|", "|Nử|", ("malformed", "sex")),
        ("073123456", "07312345", ("malformed", "old_id")),
        ("073123456", "CMND", ("malformed", "old_id")),
        (ADDRESS, "", ("missing", "address")),
    ],
)
def test_what_does_not_agree_is_flagged(old: str, new: str, flag: tuple[str, str]) -> None:
    assert flags(read(WOMAN.replace(old, new))) == {flag}


def test_a_birth_long_ago_is_doubtful() -> None:
    text = WOMAN.replace("14081998", "14081890")
    assert ("doubtful", "birth_date") in flags(read(text))


@pytest.mark.parametrize("sex", ["", "Khác", "X", "N", "Nử"])
def test_an_unreadable_sex_is_never_guessed_from_the_number(sex: str) -> None:
    assert read(WOMAN.replace("|Nữ|", f"|{sex}|")).sex is None


@pytest.mark.parametrize("length", [n for n in range(len(WOMAN)) if WOMAN[:n].count("|") < 6])
def test_a_truncated_card_is_refused_at_every_length(length: int) -> None:
    assert refusal(WOMAN[:length]).code in {"card-truncated", "card-not-a-card"}


@pytest.mark.parametrize("length", [n for n in range(len(WOMAN)) if WOMAN[:n].count("|") == 6])
def test_a_card_cut_in_its_last_date_is_flagged(length: int) -> None:
    card = read(WOMAN[:length])
    assert card.issue_date is None
    assert flags(card) <= {("malformed", "issue_date"), ("missing", "issue_date")} and flags(card)


@pytest.mark.parametrize(
    ("text", "code", "field"),
    [
        ("", "card-not-a-card", "card"),
        ("https://example.org/a|b", "card-not-a-card", "card"),
        ("TN-02221-261123-2017", "card-not-a-card", "card"),
        ("008198001234", "card-truncated", "card"),
        ("008198001234|073123456|Ma Thị Hường", "card-truncated", "card"),
        (WOMAN.replace("008198001234", "00819800123"), "card-personal-id", "personal_id"),
        (WOMAN.replace("008198001234", "00819800123O"), "card-personal-id", "personal_id"),
        (WOMAN.replace("008198001234", "００８１９８００１２３４"), "card-personal-id", "personal_id"),
        (WOMAN.replace("008198001234", "0081980\u200b01234"), "card-personal-id", "personal_id"),
        (WOMAN.replace("Ma Thị Hường", ""), "card-name", "name"),
        (WOMAN.replace("Ma Thị Hường", " \u200b "), "card-name", "name"),
        (WOMAN.replace("Ma Thị Hường", "12345"), "card-name", "name"),
        (WOMAN.replace("Tổ 5", "x" * 2048), "card-too-long", "card"),
        (WOMAN.replace("Tổ 5", "ệ" * 700), "card-too-long", "card"),
        (WOMAN.encode("cp1258", "ignore").decode("utf-8", "surrogateescape"), "card-not-utf8", "card"),
        (WOMAN.replace("Ma", "\udcff"), "card-not-utf8", "card"),
        (WOMAN.replace("|", "#").replace("14081998", "1408"), "card-separator", "card"),
    ],
)
def test_what_is_no_card_is_refused_with_the_field(text: str, code: str, field: str) -> None:
    error = refusal(text)
    assert (error.code, error.field) == (code, field)
    assert "Hường" not in error.title + error.next_step


@pytest.mark.parametrize(
    ("field", "old", "new", "kept"),
    [
        ("name", "Ma Thị Hường", "<b>Ma</b>", "<b>Ma</b>"),
        ("name", "Ma Thị Hường", "=cmd()", "=cmd()"),
        ("name", "Ma Thị Hường", "Ma Thị 5 Hường", "Ma Thị 5 Hường"),
        ("name", "Ma Thị Hường", "Ma\u202eThị", "MaThị"),
        ("name", "Ma Thị Hường", "Ma\x00 Thị\x07", "Ma Thị"),
        ("name", "Ma Thị Hường", "Ma\tThị", "Ma Thị"),
        ("name", "Ma Thị Hường", "Ma\u200b Thị", "Ma Thị"),
        ("name", "Ma Thị Hường", "Mа Thị", "Mа Thị"),
        ("name", "Ma Thị Hường", "%s{0}'; DROP--", "%s{0}'; DROP--"),
        ("name", "Ma Thị Hường", "Ma Th? H??ng", "Ma Th? H??ng"),
        ("name", "Ma Thị Hường", "Ma Th\ufffd", "Ma Th\ufffd"),
        ("name", "Ma Thị Hường", "NguyÅn", "NguyÅn"),
        ("name", "Ma Thị Hường", "Taân Thị", "Taân Thị"),
        ("name", "Ma Thị Hường", "Ma Hng", "Ma Hng"),
        ("address", ADDRESS, "<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("address", ADDRESS, "+84 Tổ 5", "+84 Tổ 5"),
        ("address", ADDRESS, "@SUM(A1)", "@SUM(A1)"),
        ("address", ADDRESS, "Khu Â, Minh Xuân", "Khu Â, Minh Xuân"),
        ("address", ADDRESS, "Lô 5É, khu Đ, Minh Xuân", "Lô 5É, khu Đ, Minh Xuân"),
        ("address", ADDRESS, "Tổ 5\u2066, Nà Hang", "Tổ 5, Nà Hang"),
    ],
)
def test_markup_and_traces_stay_text_and_are_flagged(field: str, old: str, new: str, kept: str) -> None:
    card = read(WOMAN.replace(old, new))
    assert getattr(card, field) == kept
    assert flags(card) == {("doubtful", field)}


@pytest.mark.parametrize(
    "address",
    [
        "Số 12/3B, Đ. Trần Phú, P. Minh Xuân, Tuyên Quang",
        "Xã Ý Yên, Nam Định",
        "Phường Ô Chợ Dừa, Hà Nội",
        "Thôn 3 (Bản Lãm), Xã Khuôn Hà",
        "Nà Hang",
    ],
)
def test_ordinary_addresses_are_not_doubtful(address: str) -> None:
    assert read(WOMAN.replace(ADDRESS, address)).warnings == ()


def test_digits_under_the_vietnamese_layout_are_read_back() -> None:
    card = read(WOMAN.translate(LAYOUT))
    assert (card.personal_id, card.old_id) == ("008198001234", "073123456")
    assert (card.birth_date, card.issue_date) == (date(1998, 8, 14), date(2021, 11, 22))
    assert flags(card) == {
        ("repaired", "personal_id"),
        ("repaired", "old_id"),
        ("repaired", "birth_date"),
        ("repaired", "issue_date"),
        ("doubtful", "address"),
    }


def test_composed_layout_characters_have_two_readings_and_are_refused() -> None:
    text = unicodedata.normalize("NFC", WOMAN.replace("008198001234", "008349001234").translate(LAYOUT))
    assert refusal(text).code in {"card-personal-id", "card-not-a-card", "card-truncated"}


@pytest.mark.parametrize("sign", ["\\", "~", "¦", "#", "│", "｜"])
def test_another_sign_for_the_bar_is_read_where_the_fields_prove_it(sign: str) -> None:
    card = read(WOMAN.replace("|", sign))
    assert (card.name, card.address) == (WOMAN_CARD.name, ADDRESS)
    assert flags(card) == {("repaired", "card")}


@pytest.mark.parametrize("prefix", ["ưQ1", "ơQ1"])
def test_a_symbology_prefix_through_an_input_method_is_taken_off(prefix: str) -> None:
    assert read(prefix + WOMAN) == WOMAN_CARD


@pytest.mark.parametrize("codec", ["latin-1", "cp1252", "cp1258"])
def test_utf8_typed_byte_by_byte_is_read_back(codec: str) -> None:
    text = WOMAN.replace("Ma Thị Hường", "Ma Thị Vân")
    mangled = text.encode().decode(codec)
    card = read(mangled)
    assert (card.name, card.sex, card.address) == ("Ma Thị Vân", Sex.FEMALE, ADDRESS)
    assert flags(card) == {("repaired", "name"), ("repaired", "sex"), ("repaired", "address")}


def test_utf8_bytes_with_one_lost_are_flagged_not_guessed() -> None:
    mangled = "".join(c for c in WOMAN.encode().decode("latin-1") if c != "\x9d")
    card = read(mangled)
    assert ("doubtful", "name") in flags(card) and ("repaired", "name") not in flags(card)


TELEX = "008198001234||Ma Thij Huwowfng|14081998|Nuwx|Toor 5, thij traasn Na Hang, Tuyeen Quang|22112021"
VNI = "008198001234||Ma Thi5 Hu7o72ng|14081998|Nu74|To63 5, thi5 tra61n Na Hang, Tuye6n Quang|22112021"


@pytest.mark.parametrize("text", [TELEX, VNI])
def test_keys_of_a_typing_method_proved_by_the_sex_field_are_read_back(text: str) -> None:
    card = read(text)
    assert (card.name, card.sex) == ("Ma Thị Hường", Sex.FEMALE)
    assert card.address == "Tổ 5, thị trấn Na Hang, Tuyên Quang"
    assert flags(card) == {("repaired", "name"), ("repaired", "sex"), ("repaired", "address")}


def test_vni_keys_of_a_man_are_proved_by_digits_in_the_name() -> None:
    card = read(MAN.replace("Giàng A Páo", "D9a85ng Va8n Hu2ng"))
    assert card.name == "Đặng Văn Hùng"
    assert ("repaired", "name") in flags(card)


def test_vni_keys_that_make_no_syllable_are_flagged_and_kept() -> None:
    card = read(MAN.replace("Giàng A Páo", "Va8n Hung2"))
    assert card.name == "Va8n Hung2"
    assert flags(card) == {("doubtful", "name"), ("doubtful", "address")}


def test_telex_keys_of_a_man_are_asked_about() -> None:
    text = MAN.replace("Giàng A Páo", "Ddawngj Vawn Hufng").replace(ADDRESS, "Toor 5, Na Hang, Tuyeen Quang")
    card = read(text)
    assert flags(card) == {("doubtful", "name"), ("doubtful", "address")}


@pytest.mark.parametrize("sex", ["Nu", "N?", "nu"])
def test_lost_marks_are_flagged_in_every_text(sex: str) -> None:
    text = f"008198001234||Ma Thi Huong|14081998|{sex}|To 5, thi tran Na Hang, Tuyen Quang|22112021"
    card = read(text)
    assert card.sex is Sex.FEMALE
    assert flags(card) == {("repaired", "sex"), ("doubtful", "name"), ("doubtful", "address")}


def test_lost_marks_of_a_man_are_flagged() -> None:
    text = "008098001234||Giang A Pao|14081998|Nam|To 5, thi tran Na Hang, Tuyen Quang|22112021"
    assert flags(read(text)) == {("doubtful", "name"), ("doubtful", "address")}


def test_caps_lock_is_proved_by_the_sex_field() -> None:
    card = read(
        MAN.replace("Giàng A Páo", "gIÀNG a pÁO").replace("|Nam|", "|nAM|").replace(ADDRESS, "tỔ 5, nÀ hANG")
    )
    assert (card.name, card.sex, card.address) == ("Giàng A Páo", Sex.MALE, "Tổ 5, Nà Hang")
    assert flags(card) == {("repaired", "name"), ("repaired", "sex"), ("repaired", "address")}


@pytest.mark.parametrize("text", [WOMAN, f"]Q1{WOMAN}", WOMAN.translate(LAYOUT), WOMAN.replace("|", "\\")])
def test_the_quick_test_of_shape_knows_a_card(text: str) -> None:
    assert looks_like_card(text)


@pytest.mark.parametrize(
    "text", ["", "Ma Thị Hường", "008198001234", "0912345678|a", "TN-02221-261123-2017", "x" * 9999]
)
def test_the_quick_test_of_shape_lets_the_rest_go(text: str) -> None:
    assert not looks_like_card(text)


def test_every_warning_is_a_sentence_without_data() -> None:
    texts = [WOMAN.translate(LAYOUT), VNI, WOMAN.replace("|Nữ|", "|X|").replace("14081998", "14082098")]
    for text in texts:
        for warning in read(text).warnings:
            assert warning.text.endswith(".") and "Hường" not in warning.text and "{" not in warning.text


SYLLABLES = [
    "Ma",
    "Thị",
    "Hường",
    "Giàng",
    "A",
    "Páo",
    "Nguyễn",
    "Đặng",
    "Ước",
    "H'Hen",
    "Niê",
    "Lý",
    "Ý",
    "Hoà",
]
PLACES = ["Tổ 5", "Thôn Nà Lừa", "Xã Tân Trào", "Nà Hang", "Tuyên Quang", "Số 12/3", "Bản Lãm"]


@st.composite
def cards(draw: st.DrawFn) -> CitizenCard:
    sex = draw(st.sampled_from(Sex))
    born = draw(st.dates(min_value=date(1900, 1, 1), max_value=TODAY))
    issued = draw(st.dates(min_value=born, max_value=TODAY))
    fourth = 2 * ((born.year - 1900) // 100) + (sex is Sex.FEMALE)
    number = f"{draw(st.sampled_from(sorted(BIRTH_PROVINCES)))}{fourth}{born.year % 100:02}"
    return CitizenCard(
        personal_id=number + draw(st.from_regex(r"[0-9]{6}", fullmatch=True)),
        old_id=draw(st.none() | st.from_regex(r"[0-9]{9}", fullmatch=True)),
        name=" ".join(draw(st.lists(st.sampled_from(SYLLABLES), min_size=1, max_size=5))),
        birth_date=born,
        sex=sex,
        address=", ".join(["Nà Hang", *draw(st.lists(st.sampled_from(PLACES), max_size=4))]),
        issue_date=issued,
    )


@given(cards(), st.sampled_from(["", "||||", "|Cha|Mẹ|||", "\r\n"]), st.sampled_from(["NFC", "NFD"]))
def test_reading_what_a_card_says_gives_the_card(card: CitizenCard, tail: str, form: str) -> None:
    assert read(unicodedata.normalize(form, format_citizen_qr(card)) + tail) == card


def check_card(card: CitizenCard) -> None:
    assert len(card.personal_id) == 12 and card.personal_id.isascii() and card.personal_id.isdigit()
    assert card.name and card.name == unicodedata.normalize("NFC", card.name)
    assert all(day is None or day <= TODAY for day in (card.birth_date, card.issue_date))
    hidden = {"Cc", "Cf", "Cs"}
    assert not hidden & {unicodedata.category(c) for c in card.name + card.address}


@given(st.text(alphabet=st.characters(), max_size=300))
def test_any_text_is_a_card_or_a_rule_error(text: str) -> None:
    try:
        check_card(read(text))
    except RuleError as error:
        assert error.code.startswith("card-") and error.field


@given(
    start=st.sampled_from(
        [WOMAN, MAN, TELEX, VNI, WOMAN.translate(LAYOUT), WOMAN.encode().decode("latin-1")]
    ),
    edits=st.lists(
        st.tuples(st.integers(0, 120), st.integers(0, 3), st.text(alphabet=st.characters(), max_size=3)),
        max_size=4,
    ),
)
def test_a_card_changed_anywhere_is_a_card_or_a_rule_error(
    start: str, edits: list[tuple[int, int, str]]
) -> None:
    text = start
    for place, cut, put in edits:
        text = text[:place] + put + text[place + cut :]
    try:
        check_card(read(text))
    except RuleError as error:
        assert error.code.startswith("card-") and error.field


@given(st.lists(st.text(max_size=20), min_size=6, max_size=12))
def test_any_fields_behind_a_number_are_a_card_or_a_rule_error(fields: list[str]) -> None:
    try:
        check_card(read("|".join(["008198001234", *fields])))
    except RuleError as error:
        assert error.code.startswith("card-")


def test_today_is_no_future() -> None:
    born = TODAY
    text = MAN.replace("14081998", f"{born:%d%m%Y}").replace("22112021", f"{born:%d%m%Y}")
    assert read(text).birth_date == born
    assert parse_citizen_qr(text, TODAY - timedelta(days=1)).birth_date is None
