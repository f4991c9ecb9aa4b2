"""The worker shows that it is alive: a key in Redis that fades when it is not renewed."""

import logging
import threading
import time
from typing import TYPE_CHECKING

from celery.signals import worker_process_init, worker_ready, worker_shutting_down
from django.conf import settings

from crm.runtime.processes import die_with_supervisor

if TYPE_CHECKING:
    import redis

KEY = "tern:worker:heartbeat"
EVERY_SECONDS = 5
FADES_AFTER_SECONDS = 20
log = logging.getLogger(__name__)
_stopped = threading.Event()


def connect() -> None:
    """Follow the worker's own signals. Outside of a worker they never come."""
    worker_ready.connect(_begin, dispatch_uid="crm.runtime.heartbeat.begin")
    worker_shutting_down.connect(_end, dispatch_uid="crm.runtime.heartbeat.end")
    worker_process_init.connect(_tie, dispatch_uid="crm.runtime.heartbeat.tie")


def beat(client: "redis.Redis") -> None:
    client.set(KEY, int(time.time()), ex=FADES_AFTER_SECONDS)


def client() -> "redis.Redis":
    """A connection that gives up soon: who asks is a probe or a person."""
    import redis  # noqa: PLC0415 - a third of a second that no other command should spend

    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=2)


def _begin(**_: object) -> None:
    _stopped.clear()
    threading.Thread(target=_keep_beating, name="heartbeat", daemon=True).start()


def _keep_beating() -> None:
    from redis import RedisError  # noqa: PLC0415 - as above

    connection = client()
    while True:
        try:
            beat(connection)
        except RedisError as error:
            log.warning("The worker's heartbeat did not reach Redis: %s", error)
        if _stopped.wait(EVERY_SECONDS):
            return


def _end(**_: object) -> None:
    _stopped.set()


def _tie(**_: object) -> None:
    die_with_supervisor()
