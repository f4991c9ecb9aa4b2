"""PostgreSQL's settings for one small server that shares its machine with the web and worker processes."""

import os

_SAFE = {
    "wal_compression": "on",
    "max_wal_size": "'2GB'",
    "checkpoint_timeout": "'15min'",
    "log_min_duration_statement": "2000",
    "max_connections": "100",
}
_THROW_AWAY = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "io_method": "'sync'",
    "max_connections": "60",
    "checkpoint_timeout": "'1h'",
}


def settings_file(*, throw_away: bool) -> str:
    """The whole postgresql.conf. The port is given on the command line."""
    memory = _memory_mb()
    settings = {
        "listen_addresses": "'127.0.0.1'",
        "unix_socket_directories": "''",
        "password_encryption": "'scram-sha-256'",
        "timezone": "'UTC'",
        "log_timezone": "'UTC'",
        "lc_messages": "'C'",
        "default_text_search_config": "'pg_catalog.simple'",
        "shared_buffers": f"'{128 if throw_away else _between(64, memory // 8, 2048)}MB'",
        "effective_cache_size": f"'{_between(256, memory // 2, 65536)}MB'",
        "work_mem": f"'{_between(4, memory // 1024, 32)}MB'",
        "maintenance_work_mem": f"'{_between(64, memory // 32, 512)}MB'",
        "random_page_cost": "1.1",
        "jit": "off",
        "max_parallel_workers_per_gather": "0" if (os.cpu_count() or 1) <= 4 else "2",
        **(_THROW_AWAY if throw_away else _SAFE),
    }
    lines = [f"{name} = {value}" for name, value in settings.items()]
    return "\n".join(["# Tern writes this file at each start; put your own settings into postgresql.auto.conf.", *lines, ""])


def _memory_mb() -> int:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20


def _between(least: int, value: int, most: int) -> int:
    return max(least, min(value, most))
