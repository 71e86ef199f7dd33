"""The worker process: the relay (which needs no Redis) beside an arq worker that runs the cron table and queued jobs."""

import asyncio
import gc
import signal
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

import structlog
import uvloop
from arq.connections import RedisSettings
from arq.cron import CronJob, cron
from arq.typing import WorkerCoroutine
from arq.worker import Function, Worker, func
from redis.exceptions import RedisError

from backend import subscriptions
from backend.audit.jobs import seal_audit
from backend.core.config import WORKER_LOGIN, get_settings
from backend.core.db import Database, make_engine, use_database
from backend.core.jobs import prune_idempotency_keys, prune_outbox
from backend.core.logs import configure_logs
from backend.core.outbox import RELAY_CHANNEL
from backend.core.relay import Relay
from backend.core.tasks import end, recover
from backend.core.wakeups import Listener, Wakeups, open_redis, use_wakeups
from backend.correspondence.jobs import Postman, keep_door, read_mailbox
from backend.correspondence.service import CHANNEL as EMAILS_CHANNEL
from backend.customers.jobs import register_customers
from backend.deadlines.jobs import RECHECK_HOURLY, sweep_deadlines
from backend.documents.jobs import SWEEP_HOURLY
from backend.identity.jobs import end_ended_access, prune_unknown_logins
from backend.imports.jobs import CLEAR_HOURLY, Runner
from backend.imports.service import CHANNEL as IMPORTS_CHANNEL
from backend.leads.jobs import RECLAIM_EVERY_10_MIN, register_firms, sweep_unassigned
from backend.notifications.jobs import Sender, prune_live_events, send_deliveries
from backend.notifications.service import DELIVERIES_CHANNEL
from backend.opportunities.funnel_jobs import fold_funnel, keep_funnel
from backend.opportunities.jobs import remind_next_steps, report_exceptions, sweep_stalls
from backend.today.jobs import send_digests
from backend.webhooks.jobs import sweep_quarantine

log = structlog.get_logger()

Job = WorkerCoroutine
EVERY_10_S = set(range(0, 60, 10))
EVERY_20_S = set(range(0, 60, 20))
EVERY_MINUTE = {40}

SWEEPS: Sequence[tuple[Job, set[int]]] = (
    (seal_audit, EVERY_10_S),
    (sweep_deadlines, EVERY_10_S),
    (end_ended_access, EVERY_10_S),
    (send_deliveries, EVERY_20_S),
    (sweep_unassigned, EVERY_20_S),
    (register_firms, EVERY_20_S),
    (register_customers, EVERY_20_S),
    (sweep_quarantine, EVERY_20_S),
    (sweep_stalls, {7}),
    (remind_next_steps, {17, 47}),
    (report_exceptions, {27}),
    (send_digests, {37}),
    (fold_funnel, EVERY_20_S),
    (keep_funnel, EVERY_MINUTE),
    (read_mailbox, EVERY_MINUTE),
)
PRUNINGS: Sequence[Job] = (prune_live_events, prune_idempotency_keys, prune_outbox, prune_unknown_logins)
GARBAGE_AFTER = 50_000
"""Objects made before a collection: the rows of a batch come and go together, and hold no cycles."""
NIGHT_HOUR, NIGHT_MINUTE = 19, 23  # UTC
JOBS: Sequence[Function] = ()
SENDER = Sender()
RUNNER = Runner()
POSTMAN = Postman()
LONG_LIVED: Sequence[Callable[[], Coroutine[Any, Any, None]]] = (SENDER.run, RUNNER.run, POSTMAN.run, keep_door)
LISTENERS: dict[str, Listener] = {DELIVERIES_CHANNEL: SENDER.ring, IMPORTS_CHANNEL: RUNNER.ring, EMAILS_CHANNEL: POSTMAN.ring}


def cron_table() -> list[CronJob]:
    """Sweeps are idempotent and locked in the database: two workers, or one that runs twice, do no harm."""
    sweeps = [cron(job, second=seconds, timeout=300, keep_result=0, unique=True) for job, seconds in SWEEPS]
    prunings = [cron(job, hour=NIGHT_HOUR, minute=NIGHT_MINUTE, timeout=600, keep_result=0, unique=True) for job in PRUNINGS]
    return [*sweeps, *prunings, RECHECK_HOURLY, RECLAIM_EVERY_10_MIN, CLEAR_HOURLY, SWEEP_HOURLY]


def jobs() -> list[Function]:
    return [*JOBS, *(func(job, keep_result=0, timeout=300) for job, _ in SWEEPS)]


def arq_worker() -> Worker:
    redis = RedisSettings.from_dsn(get_settings().redis_dsn())
    redis.conn_retries = 1
    return Worker(functions=jobs(), cron_jobs=cron_table(), redis_settings=redis, handle_signals=False, max_jobs=10, keep_result=0)


async def run_arq() -> None:
    """Starts arq again whenever Redis was away: what it missed, the next sweep finds."""
    while True:
        worker = arq_worker()
        try:
            await worker.async_run()
        except (RedisError, OSError) as error:
            log.warning("arq_waits_for_redis", error=str(error))
        finally:
            await asyncio.gather(worker.close(), return_exceptions=True)  # its jobs end as cancelled, which must not end us
        await recover(1)


async def work() -> None:
    """Until SIGTERM or SIGINT; what was under way rolls back and is done by whoever comes next."""
    configure_logs()
    gc.freeze()  # what is loaded now stays: collections need not walk through it
    gc.set_threshold(GARBAGE_AFTER)
    engine = make_engine(WORKER_LOGIN)
    use_database(Database(engine))
    wakeups = Wakeups(open_redis(get_settings().redis_dsn()))
    use_wakeups(wakeups)
    relay = Relay()
    wakeups.start({RELAY_CHANNEL: relay.ring, **LISTENERS})
    tasks = [asyncio.create_task(part) for part in (relay.run(), run_arq(), *(start() for start in LONG_LIVED))]
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    stopped = asyncio.create_task(stopping.wait())
    log.info("worker_started", handlers=len(subscriptions.HANDLERS))
    done, _ = await asyncio.wait({stopped, *tasks}, return_when=asyncio.FIRST_COMPLETED)
    await end(stopped, *tasks)
    await wakeups.stop()
    await engine.dispose()
    for task in done - {stopped}:
        task.result()


def run() -> None:
    """Entry point of `chengdan worker`."""
    uvloop.run(work())
