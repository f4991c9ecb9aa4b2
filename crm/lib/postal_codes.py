"""How countries write postal codes. A country that is in neither table here takes any code."""

import re
from dataclasses import dataclass

WITHOUT_POSTAL_CODES = frozenset(
    """
    AE AG AO AW BF BI BJ BO BS BW BZ CD CF CG CI CK CM DJ DM ER FJ GD GH GM GQ GY HK JM KI KM KN KP LC LY ML MO MR MW NR NU QA RW SB
    SC  SL SR ST SY TD TF TG TK TL TO TV UG VU YE ZW
    """.split()  # noqa: SIM905  # codes in a row are easier to read
)


@dataclass(frozen=True)
class PostalCode:
    """A country's codes: `pattern` over the code without spaces and hyphens, its groups joined by `glue` in the usual writing.

    One of the words in `prefix` may stand before it, as in D-10115; it is not part of the usual writing.
    """

    pattern: re.Pattern[str]
    glue: str
    example: str
    prefix: str = ""

    def matches(self, text: str) -> bool:
        return self._found(text) is not None

    def normalise(self, text: str) -> str:
        """The usual writing; text that does not fit comes back unchanged."""
        found = self._found(text)
        return self.glue.join(group for group in found.groups() if group) if found else text

    def _found(self, text: str) -> re.Match[str] | None:
        if found := self.pattern.fullmatch(text):
            return found
        bare = re.sub(r"[\s\-–.]", "", text).upper()
        candidates = [bare, *(bare.removeprefix(prefix) for prefix in self.prefix.split())]
        return next((found for candidate in candidates if (found := self.pattern.fullmatch(candidate))), None)


def _rule(pattern: str, example: str, glue: str = "", prefix: str = "") -> PostalCode:
    return PostalCode(re.compile(pattern, re.ASCII), glue, example, prefix)


def _digits(count: int, example: str, prefix: str = "") -> PostalCode:
    return _rule(rf"(\d{{{count}}})", example, prefix=prefix)


UNITED_KINGDOM = r"(GIR|[A-Z]{1,2}\d[A-Z\d]?)(\d[A-Z]{2})"

POSTAL_CODES: dict[str, PostalCode] = {
    "AD": _rule(r"(AD\d{3})", "AD500"),
    "AL": _digits(4, "1001"),
    "AM": _digits(4, "0010"),
    "AR": _rule(r"([A-HJ-NP-Z]?\d{4}(?:[A-Z]{3})?)", "C1425CLA"),
    "AT": _digits(4, "1010", "A"),
    "AU": _digits(4, "2000"),
    "AX": _digits(5, "22100", "AX"),
    "AZ": _rule(r"(AZ)?(\d{4})", "AZ 1000", " "),
    "BA": _digits(5, "71000"),
    "BB": _rule(r"(BB\d{5})", "BB23026"),
    "BD": _digits(4, "1212"),
    "BE": _digits(4, "1000", "B"),
    "BG": _digits(4, "1000", "BG"),
    "BH": _rule(r"((?:1[0-2]|[1-9])\d{2})", "317"),
    "BM": _rule(r"([A-Z]{2})([A-Z\d]{2})", "HM 12", " "),
    "BN": _rule(r"([A-Z]{2})(\d{4})", "BS8675", ""),
    "BR": _rule(r"(\d{5})(\d{3})", "01310-100", "-"),
    "BY": _digits(6, "220030"),
    "CA": _rule(r"([ABCEGHJ-NPRSTVXY]\d[ABCEGHJ-NPRSTV-Z])(\d[ABCEGHJ-NPRSTV-Z]\d)", "K1A 0B1", " "),
    "CH": _rule(r"([1-9]\d{3})", "8001", prefix="CH"),
    "CL": _rule(r"(\d{7})", "8340457"),
    "CN": _digits(6, "100000"),
    "CO": _digits(6, "110111"),
    "CR": _rule(r"(\d{5})", "10101"),
    "CU": _digits(5, "10200", "CP"),
    "CV": _digits(4, "7600"),
    "CY": _digits(4, "1010", "CY"),
    "CZ": _rule(r"(\d{3})(\d{2})", "110 00", " ", "CZ"),
    "DE": _digits(5, "10115", "D"),
    "DK": _digits(4, "1050", "DK"),
    "DO": _digits(5, "10101"),
    "DZ": _digits(5, "16000"),
    "EC": _digits(6, "170150"),
    "EE": _digits(5, "10111", "EE"),
    "EG": _rule(r"(\d{5}(?:\d{2})?)", "11511"),
    "ES": _rule(r"((?:0[1-9]|[1-4]\d|5[0-2])\d{3})", "28001", prefix="E"),
    "ET": _digits(4, "1000"),
    "FI": _digits(5, "00100", "FI"),
    "FO": _digits(3, "100", "FO"),
    "FR": _digits(5, "75001", "F"),
    "GB": _rule(UNITED_KINGDOM, "SW1A 1AA", " "),
    "GE": _digits(4, "0101"),
    "GF": _rule(r"(973\d{2})", "97300"),
    "GG": _rule(r"(GY\d{1,2})(\d[A-Z]{2})", "GY1 1AA", " "),
    "GI": _rule(r"(GX11)(1AA)", "GX11 1AA", " "),
    "GL": _rule(r"(39\d{2})", "3900"),
    "GP": _rule(r"(971\d{2})", "97100"),
    "GR": _rule(r"(\d{3})(\d{2})", "105 58", " ", "GR TK ΤΚ"),
    "GT": _digits(5, "01001"),
    "GU": _rule(r"(969\d{2})(\d{4})?", "96910", "-"),
    "HN": _digits(5, "11101"),
    "HR": _digits(5, "10000", "HR"),
    "HT": _digits(4, "6110", "HT"),
    "HU": _digits(4, "1011", "H"),
    "ID": _digits(5, "10110"),
    "IE": _rule(r"([AC-FHKNPRTV-Y]\d[0-9W])([0-9AC-FHKNPRTV-Y]{4})", "D02 AF30", " "),
    "IL": _rule(r"(\d{7}|\d{5})", "9614303"),
    "IM": _rule(r"(IM\d{1,2})(\d[A-Z]{2})", "IM1 1AA", " "),
    "IN": _rule(r"([1-9]\d{5})", "110001"),
    "IQ": _digits(5, "10001"),
    "IR": _rule(r"(\d{5})(\d{5})?", "11369-12345", "-"),
    "IS": _digits(3, "101", "IS"),
    "IT": _digits(5, "00184", "I"),
    "JE": _rule(r"(JE\d{1,2})(\d[A-Z]{2})", "JE2 3QA", " "),
    "JO": _digits(5, "11110"),
    "JP": _rule(r"(\d{3})(\d{4})", "100-0001", "-", "〒"),
    "KE": _digits(5, "00100"),
    "KG": _digits(6, "720001"),
    "KH": _rule(r"(\d{5,6})", "120101"),
    "KR": _rule(r"(\d{5})", "04524"),
    "KW": _digits(5, "13001"),
    "KY": _rule(r"(KY\d)(\d{4})", "KY1-1100", "-"),
    "KZ": _rule(r"(\d{6}|[A-Z]\d{2}[A-Z\d]\d[A-Z\d]\d)", "050000"),
    "LA": _digits(5, "01000"),
    "LB": _rule(r"(\d{4})(\d{4})?", "1107 2180", " "),
    "LI": _rule(r"(94(?:8[5-9]|9[0-8]))", "9490", prefix="FL"),
    "LK": _digits(5, "00100"),
    "LT": _digits(5, "01103", "LT"),
    "LU": _digits(4, "1111", "L"),
    "LV": _rule(r"(LV)?(\d{4})", "LV-1010", "-"),
    "MA": _digits(5, "10000"),
    "MC": _rule(r"(980\d{2})", "98000"),
    "MD": _digits(4, "2001", "MD"),
    "ME": _rule(r"(8\d{4})", "81000"),
    "MG": _digits(3, "101"),
    "MK": _digits(4, "1000"),
    "MM": _digits(5, "11181"),
    "MQ": _rule(r"(972\d{2})", "97200"),
    "MT": _rule(r"([A-Z]{3})(\d{4})", "VLT 1117", " "),
    "MU": _digits(5, "11302"),
    "MV": _digits(5, "20026"),
    "MX": _digits(5, "06000"),
    "MY": _digits(5, "50000"),
    "NC": _rule(r"(988\d{2})", "98800"),
    "NE": _digits(4, "8001"),
    "NG": _digits(6, "100001"),
    "NI": _digits(5, "11001"),
    "NL": _rule(r"([1-9]\d{3})([A-Z]{2})?", "1012 JS", " "),
    "NO": _digits(4, "0150", "N"),
    "NP": _digits(5, "44600"),
    "NZ": _digits(4, "6011"),
    "OM": _digits(3, "112"),
    "PE": _rule(r"(\d{5})", "15001", prefix="LIMA"),
    "PF": _rule(r"(987\d{2})", "98714"),
    "PH": _digits(4, "1000"),
    "PK": _digits(5, "44000"),
    "PL": _rule(r"(\d{2})(\d{3})", "00-950", "-", "PL"),
    "PM": _rule(r"(975\d{2})", "97500"),
    "PR": _rule(r"(00[679]\d{2})(\d{4})?", "00901", "-"),
    "PT": _rule(r"(\d{4})(\d{3})?", "1100-148", "-"),
    "PY": _digits(4, "1536"),
    "RE": _rule(r"(974\d{2})", "97400"),
    "RO": _digits(6, "010011", "RO"),
    "RS": _rule(r"(\d{5,6})", "11000"),
    "RU": _digits(6, "101000"),
    "SA": _rule(r"(\d{5})(\d{4})?", "11564", "-"),
    "SE": _rule(r"(\d{3})(\d{2})", "111 22", " ", "SE"),
    "SG": _digits(6, "238874"),
    "SI": _digits(4, "1000", "SI"),
    "SK": _rule(r"(\d{3})(\d{2})", "811 01", " ", "SK"),
    "SM": _rule(r"(4789\d)", "47890"),
    "SN": _digits(5, "12500"),
    "TH": _digits(5, "10200"),
    "TN": _digits(4, "1001"),
    "TR": _digits(5, "34000"),
    "TW": _rule(r"(\d{3}(?:\d{2,3})?)", "100"),
    "UA": _digits(5, "01001"),
    "US": _rule(r"(\d{5})(\d{4})?", "94105", "-"),
    "UY": _digits(5, "11000"),
    "UZ": _digits(6, "100000"),
    "VA": _rule(r"(00120)", "00120"),
    "VE": _digits(4, "1010"),
    "VI": _rule(r"(008\d{2})(\d{4})?", "00802", "-"),
    "VN": _rule(r"(\d{5,6})", "10000"),
    "XK": _digits(5, "10000"),
    "YT": _rule(r"(976\d{2})", "97600"),
    "ZA": _digits(4, "8001"),
    "ZM": _digits(5, "10101"),
}
