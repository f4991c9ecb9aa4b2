"""Files of customers, contacts and tasks as tables of text: CSV, XLSX and vCard behind one function."""

from .opening import open_table
from .table import Limits, Row, Table, UnreadableFile

__all__ = ["Limits", "Row", "Table", "UnreadableFile", "open_table"]
