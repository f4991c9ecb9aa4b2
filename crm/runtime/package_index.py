"""Which package index this machine uses: pip's settings, read without pip, for uv and for our own download. Standard library only."""

import configparser
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

PUBLIC_INDEX = "https://pypi.org/simple"


@dataclass(frozen=True)
class PackageIndex:
    """pip's own words: addresses end without a slash; `cert` is a file of certificates or empty."""

    url: str
    extra_urls: tuple[str, ...]
    find_links: tuple[str, ...]
    cert: str
    trusted_hosts: tuple[str, ...]
    timeout: str

    @property
    def urls(self) -> tuple[str, ...]:
        return (self.url or PUBLIC_INDEX, *self.extra_urls)

    def for_uv(self, environment: Mapping[str, str]) -> dict[str, str]:
        """The variables that make uv ask where pip would. What is set for uv already stays as it is.

        Best match over all indexes is safe, since every file's hash is pinned.
        """
        ours = {
            "UV_DEFAULT_INDEX": self.url,
            "UV_INDEX": " ".join(self.extra_urls),
            "UV_FIND_LINKS": ",".join(self.find_links),
            "SSL_CERT_FILE": self.cert,
            "UV_INSECURE_HOST": " ".join(self.trusted_hosts),
            "UV_HTTP_TIMEOUT": self.timeout,
        }
        if any(environment.get(name) for name in ("UV_INDEX_URL", "UV_DEFAULT_INDEX", "UV_INDEX", "UV_EXTRA_INDEX_URL")):
            ours = {name: value for name, value in ours.items() if "INDEX" not in name}
        ours["UV_INDEX_STRATEGY"] = "unsafe-best-match"
        return {name: value for name, value in ours.items() if value and not environment.get(name)}


def package_index(environment: Mapping[str, str] = os.environ) -> PackageIndex:
    """From uv's variables, then pip's variables, then pip's configuration files."""
    settings = _configured(environment)

    def value(name: str) -> str:
        return environment.get(f"PIP_{name.upper().replace('-', '_')}") or settings.get(name, "")

    def addresses(*values: str) -> tuple[str, ...]:
        return tuple(word.rstrip("/") for text in values for word in text.split())

    named = environment.get("UV_DEFAULT_INDEX") or environment.get("UV_INDEX_URL")
    further = environment.get("UV_INDEX") or environment.get("UV_EXTRA_INDEX_URL")
    return PackageIndex(
        url="".join(addresses(named or value("index-url"))[:1]),
        extra_urls=addresses(further or value("extra-index-url")),
        find_links=tuple(value("find-links").split()),
        cert=value("cert"),
        trusted_hosts=tuple(value("trusted-host").split()),
        timeout=value("timeout") or environment.get("PIP_DEFAULT_TIMEOUT", ""),
    )


def _configured(environment: Mapping[str, str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for path in _files(environment):
        parser = configparser.RawConfigParser(strict=False)
        try:
            parser.read(path, encoding="utf-8")
        except (OSError, configparser.Error, UnicodeDecodeError):
            continue
        for section in ("global", "install"):
            if parser.has_section(section):
                found.update({name.replace("_", "-"): value.strip() for name, value in parser.items(section)})
    return found


def _files(environment: Mapping[str, str]) -> list[Path]:
    """pip's configuration files, the strongest last."""
    named = environment.get("PIP_CONFIG_FILE", "")
    if named == os.devnull:
        return []
    home = Path(environment.get("HOME") or "~").expanduser()
    system = [Path(folder) for folder in environment.get("XDG_CONFIG_DIRS", "/etc/xdg").split(":") if folder]
    if sys.platform == "darwin":
        system.append(Path("/Library/Application Support"))
    person = Path(environment.get("XDG_CONFIG_HOME") or home / ".config")
    found = [folder / "pip" / "pip.conf" for folder in system]
    found += [Path("/etc/pip.conf"), home / "Library" / "Application Support" / "pip" / "pip.conf", home / ".pip" / "pip.conf"]
    found += [person / "pip" / "pip.conf", Path(sys.prefix) / "pip.conf"]
    return [*found, Path(named)] if named else found
