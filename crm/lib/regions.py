"""States, provinces and territories of the countries whose addresses need them."""

from functools import cache

from crm.lib.text import fold

# Country → one of its codes, as an example in messages.
COUNTRIES_WITH_REGIONS = {"US": "CA", "CA": "ON", "AU": "NSW"}

REGIONS = {
    "US": {
        "AL": "Alabama",
        "AK": "Alaska",
        "AZ": "Arizona",
        "AR": "Arkansas",
        "CA": "California",
        "CO": "Colorado",
        "CT": "Connecticut",
        "DE": "Delaware",
        "DC": "District of Columbia",
        "FL": "Florida",
        "GA": "Georgia",
        "HI": "Hawaii",
        "ID": "Idaho",
        "IL": "Illinois",
        "IN": "Indiana",
        "IA": "Iowa",
        "KS": "Kansas",
        "KY": "Kentucky",
        "LA": "Louisiana",
        "ME": "Maine",
        "MD": "Maryland",
        "MA": "Massachusetts",
        "MI": "Michigan",
        "MN": "Minnesota",
        "MS": "Mississippi",
        "MO": "Missouri",
        "MT": "Montana",
        "NE": "Nebraska",
        "NV": "Nevada",
        "NH": "New Hampshire",
        "NJ": "New Jersey",
        "NM": "New Mexico",
        "NY": "New York",
        "NC": "North Carolina",
        "ND": "North Dakota",
        "OH": "Ohio",
        "OK": "Oklahoma",
        "OR": "Oregon",
        "PA": "Pennsylvania",
        "RI": "Rhode Island",
        "SC": "South Carolina",
        "SD": "South Dakota",
        "TN": "Tennessee",
        "TX": "Texas",
        "UT": "Utah",
        "VT": "Vermont",
        "VA": "Virginia",
        "WA": "Washington",
        "WV": "West Virginia",
        "WI": "Wisconsin",
        "WY": "Wyoming",
        "AS": "American Samoa",
        "GU": "Guam",
        "MP": "Northern Mariana Islands",
        "PR": "Puerto Rico",
        "VI": "Virgin Islands",
        "UM": "U.S. Minor Outlying Islands",
        "FM": "Micronesia",
        "MH": "Marshall Islands",
        "PW": "Palau",
        "AA": "Armed Forces Americas",
        "AE": "Armed Forces Europe",
        "AP": "Armed Forces Pacific",
    },
    "CA": {
        "AB": "Alberta",
        "BC": "British Columbia",
        "MB": "Manitoba",
        "NB": "New Brunswick",
        "NL": "Newfoundland and Labrador",
        "NS": "Nova Scotia",
        "NT": "Northwest Territories",
        "NU": "Nunavut",
        "ON": "Ontario",
        "PE": "Prince Edward Island",
        "QC": "Quebec",
        "SK": "Saskatchewan",
        "YT": "Yukon",
    },
    "AU": {
        "ACT": "Australian Capital Territory",
        "NSW": "New South Wales",
        "NT": "Northern Territory",
        "QLD": "Queensland",
        "SA": "South Australia",
        "TAS": "Tasmania",
        "VIC": "Victoria",
        "WA": "Western Australia",
        "JBT": "Jervis Bay Territory",
    },
}
OTHER_SPELLINGS = {
    "US": {
        "washington dc": "DC",
        "d.c.": "DC",
        "us virgin islands": "VI",
        "calif.": "CA",
        "mass.": "MA",
        "fla.": "FL",
        "penn.": "PA",
        "tex.": "TX",
    },
    "CA": {
        "newfoundland": "NL",
        "labrador": "NL",
        "pei": "PE",
        "yukon territory": "YT",
        "pq": "QC",
        "nf": "NL",
        "ont.": "ON",
        "que.": "QC",
    },
    "AU": {"vic.": "VIC", "qld.": "QLD", "tas.": "TAS", "n.s.w.": "NSW"},
}


def region_code(text: str, country: str) -> str | None:
    """The postal code of a state or province written as code or name; None when the country has none such, or no list of them here."""
    return _codes(country).get(fold(text))


@cache
def _codes(country: str) -> dict[str, str]:
    regions = REGIONS.get(country, {})
    by_name = {fold(name): code for code, name in regions.items()}
    return {**by_name, **OTHER_SPELLINGS.get(country, {}), **{code.lower(): code for code in regions}}
