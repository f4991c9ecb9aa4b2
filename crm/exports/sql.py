"""A field as SQL: the expression that writes its value into a file, under the access of whoever exports."""

from typing import Any

from django.db import models

Expression = Any
TEXT = models.TextField()
FORMULA = r"^([=+\-@\t\r\n＝＋－＠])"
DAYS = {"Y-m-d": "YYYY-MM-DD", "d.m.Y": "DD.MM.YYYY", "d/m/Y": "DD/MM/YYYY", "m/d/Y": "MM/DD/YYYY", "j M Y": "FMDD Mon YYYY"}
EPOCH = "1899-12-30"
EXCEL_BEGINS = "1900-03-01"
SEPARATOR = ", "
