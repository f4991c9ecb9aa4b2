"""Every message in the source: calls of gettext in Python, tags and constants in templates."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import template

PACKAGES = ("crm", "customers", "sales", "marketing", "support", "reporting")
FUNCTIONS = {"gettext": 1, "ngettext": 2, "pgettext": 2, "npgettext": 3}
_TEXT = r"""u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
_CALL = re.compile(rf"(?<![\w.])(?P<name>_|n?p?gettext)\((?P<texts>{_TEXT}(?:,\s*{_TEXT})*)")


@dataclass(frozen=True)
class Key:
    """What a translation is found by."""

    text: str
    context: str | None = None


@dataclass(frozen=True)
class Message:
    """A message of the source, and the file that it stands in first."""

    key: Key
    plural: str | None
    file: str


def messages(root: Path) -> dict[Key, Message]:
    """Of all Python files and templates below the folder of the project, in the order of files."""
    found: dict[Key, Message] = {}
    for path in _files(root):
        name = path.relative_to(root).as_posix()
        for key, plural in _in_python(path) if path.suffix == ".py" else _in_template(path):
            known = found.get(key)
            if known is None or (plural and not known.plural):
                found[key] = Message(key, plural, known.file if known else name)
    return found


def _files(root: Path) -> Iterator[Path]:
    for package in PACKAGES:
        yield from sorted(path for path in (root / package).rglob("*.py") if "migrations" not in path.parts)
    yield from sorted(path for path in (root / "templates").rglob("*") if path.suffix in {".html", ".txt"})


def _in_python(path: Path) -> Iterator[tuple[Key, str | None]]:
    tree = ast.parse(path.read_text("utf-8"))
    names = {
        alias.asname or alias.name: alias.name.removesuffix("_lazy").removesuffix("_noop")
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for alias in node.names
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and (function := names.get(node.func.id)) in FUNCTIONS:
            texts = [word.value for word in node.args if isinstance(word, ast.Constant) and isinstance(word.value, str)]
            if len(texts) >= FUNCTIONS[function]:
                yield _message(function, texts)


def _in_template(path: Path) -> Iterator[tuple[Key, str | None]]:
    for call in _CALL.finditer(template.templatize(path.read_text("utf-8"))):
        texts = [ast.literal_eval(text) for text in re.findall(_TEXT, call["texts"])]
        yield _message("gettext" if call["name"] == "_" else call["name"], texts)


def _message(function: str, texts: list[str]) -> tuple[Key, str | None]:
    context = texts.pop(0) if "pgettext" in function else None
    return Key(texts[0], context), texts[1] if function.startswith("n") else None
