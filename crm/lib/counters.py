"""Counting in Valkey what nobody needs a row for. Where Valkey is out of reach nothing is counted, and nobody waits."""

from functools import cache

import redis
from django.conf import settings


def increased(key: str, by: int = 1, *, seconds: int) -> int:
    """Count `by` more under the key, which is forgotten after so many seconds. Returns the sum; 0 where nothing can be counted."""
    try:
        with _client().pipeline(transaction=False) as pipe:
            pipe.incrby(key, by)
            pipe.expire(key, seconds)
            return int(pipe.execute()[0])
    except redis.RedisError:
        return 0


def is_marked(key: str) -> bool:
    """Whether the key was marked and is not forgotten."""
    try:
        return bool(_client().exists(key))
    except redis.RedisError:
        return False


def mark(key: str, *, seconds: int) -> None:
    """Remember the key for so many seconds."""
    try:
        _client().set(key, 1, ex=seconds)
    except redis.RedisError:
        return


@cache
def _client() -> redis.Redis:
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1)
