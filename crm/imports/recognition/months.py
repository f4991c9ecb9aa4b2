"""Names of months in the languages that exports are written in, lower case, without a point at the end."""

from __future__ import annotations

_LISTS = [
    "january february march april may june july august september october november december",
    "jan feb mar apr may jun jul aug sep oct nov dec",
    "januar februar märz april mai juni juli august september oktober november dezember",
    "jän feb mär apr mai jun jul aug sep okt nov dez",
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "janv févr mars avr mai juin juil août sept oct nov déc",
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "ene feb mar abr may jun jul ago sept oct nov dic",
    "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "gen feb mar apr mag giu lug ago set ott nov dic",
    "januari februari maart april mei juni juli augustus september oktober november december",
    "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    "jan fev mar abr mai jun jul ago set out nov dez",
]
MONTHS: dict[str, int] = {name: number for names in _LISTS for number, name in enumerate(names.split(), 1)}
MONTHS.update({"sept": 9, "jänner": 1, "fevrier": 2, "aout": 8, "decembre": 12, "mrt": 3, "maerz": 3, "febr": 2, "juill": 7})
