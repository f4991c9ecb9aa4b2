"""Addresses in one cell."""

import pytest

from crm.imports.recognition import split_address


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("943 Fincham Road, Albuquerque, NM 87102, USA", ("943 Fincham Road", "Albuquerque", "87102", "NM", "US")),
        ("Calle Mayor 1\n28013 Madrid\nSpain", ("Calle Mayor 1", "Madrid", "28013", "", "ES")),
        ("10 Downing Street, London SW1A 2AA, United Kingdom", ("10 Downing Street", "London", "SW1A 2AA", "", "GB")),
        ("Damrak 1, 1012 LG Amsterdam, Netherlands", ("Damrak 1", "Amsterdam", "1012 LG", "", "NL")),
        ("Kungsgatan 3, 111 43 Stockholm, Sweden", ("Kungsgatan 3", "Stockholm", "111 43", "", "SE")),
        ("100 King St W\nToronto ON M5X 1A9\nCanada", ("100 King St W", "Toronto", "M5X 1A9", "ON", "CA")),
        ("1 Road, Leeds", ("1 Road", "Leeds", "", "", "")),
        ("Berlin, Germany", ("", "Berlin", "", "", "DE")),
    ],
)
def test_what_is_clear_is_told_apart(text: str, parts: tuple[str, ...]) -> None:
    address = split_address(text)
    assert address is not None
    assert (address.street, address.city, address.postal_code, address.region, address.country) == parts


@pytest.mark.parametrize("text", ["5, 943 Fincham Road, New Mexico 87503, US", "Somewhere 5", "", ",,,", "12345"])
def test_a_city_is_not_invented(text: str) -> None:
    assert split_address(text) is None


def test_the_country_of_the_file_counts_where_the_address_names_none() -> None:
    address = split_address("Hauptstraße 5, 10115 Berlin", "DE")
    assert address is not None
    assert (address.postal_code, address.country) == ("10115", "DE")


def test_an_address_of_another_country_does_not_move_to_the_organizations():
    address = split_address("Rua A 12, São Paulo", "SE")
    assert address is not None
    assert (address.street, address.city, address.postal_code, address.country) == ("Rua A 12", "São Paulo", "", "")
