"""The `chengdan` command. Each command imports what it needs when it runs, so that `chengdan --help` is instant."""

import argparse
import asyncio
import gc
import socket
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from pydantic import ValidationError

from backend.core.config import get_settings
from backend.core.errors import Problem
from backend.embedded import machine
from backend.embedded.process import EmbeddedError

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession

Result = TypeVar("Result")
Command = Callable[[argparse.Namespace], int]
ROOT = Path(__file__).resolve().parents[1]


def main() -> None:
    """Entry point; a foreseeable failure is one sentence on stderr and exit code 1."""
    arguments = _parser().parse_args()
    command: Command = arguments.run
    try:
        sys.exit(command(arguments))
    except ValidationError as error:
        # Pydantic's own text would print the settings, secrets among them.
        sys.exit("chengdan: " + "; ".join(" ".join([*map(str, found["loc"]), found["msg"]]) for found in error.errors()))
    except (EmbeddedError, Problem) as error:
        sys.exit(f"chengdan: {error}")
    except Exception as error:
        if (said := _database_trouble(error)) is None:
            raise
        sys.exit(f"chengdan: {said}")


def _database_trouble(error: Exception) -> str | None:
    """What an operator can do about a database that is away, refuses us or was not migrated; nothing of other errors."""
    from sqlalchemy.exc import SQLAlchemyError

    from backend.core.db import database_away

    is_of_network = isinstance(error, ConnectionError | TimeoutError | socket.gaierror)
    return str(database_away(error)) if is_of_network or isinstance(error, SQLAlchemyError) else None


def up(_: argparse.Namespace) -> int:
    from backend.embedded.up import up as run

    return run()


def _await_setup(arguments: argparse.Namespace) -> None:
    """`chengdan up` closes our input when the database is ready; loading goes on meanwhile."""
    if arguments.after_setup:
        sys.stdin.read()


@contextmanager
def _loading() -> Iterator[None]:
    """Imports make objects that stay: looking for garbage among them takes a quarter of their time, now and in each later collection."""
    gc.disable()
    yield
    gc.freeze()
    gc.enable()


def api(arguments: argparse.Namespace) -> int:
    machine.join()
    with _loading():
        import uvicorn

        from backend.main import create_app

        application = create_app()
    _await_setup(arguments)
    settings = get_settings()
    uvicorn.run(
        application,
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,
        server_header=False,
        forwarded_allow_ips=settings.trusted_proxies,
        timeout_graceful_shutdown=3,
    )
    return 0


def worker(arguments: argparse.Namespace) -> int:
    machine.join()
    with _loading():
        from backend.worker import run
    _await_setup(arguments)
    run()
    return 0


def website(_: argparse.Namespace) -> int:
    with _loading():
        from backend.demo.website import run
    run()
    return 0


def migrate(_: argparse.Namespace) -> int:
    with _loading():
        from backend import migrate as migrations
    with machine.database():
        migrations.run()
    return 0


def seed(_: argparse.Namespace) -> int:
    with _loading():
        from backend import migrate as migrations
        from backend.demo import seed as demo
    with machine.database():
        migrations.run()
        print(demo.run())
    return 0


def openapi(arguments: argparse.Namespace) -> int:
    from backend.core.openapi import render
    from backend.main import create_app

    path, contract = ROOT / "openapi" / "openapi.json", render(create_app().openapi())
    if not arguments.check:
        path.write_text(contract)
    elif not path.exists() or path.read_text() != contract:
        raise EmbeddedError("openapi/openapi.json is not what the code serves. Run `make openapi` and commit the result.")
    return 0


def backup(arguments: argparse.Namespace) -> int:
    from backend.embedded import dump

    with machine.database():
        print(dump.backup(arguments.file.resolve()))
    return 0


def restore(arguments: argparse.Namespace) -> int:
    """The roles first (a backup names them), then the data, then what a newer version adds to it."""
    from backend import migrate as migrations
    from backend.embedded import dump

    with machine.database():
        dump.refuse_unless_empty()
        asyncio.run(migrations.make_roles())
        print(dump.restore(arguments.file.resolve()))
        migrations.run()
    return 0


def doctor(_: argparse.Namespace) -> int:
    from backend.embedded.doctor import examine
    from backend.integrations.imap.settings import examine_mailbox
    from backend.integrations.smtp.door import examine_door
    from backend.integrations.smtp.settings import examine_mail

    settings = get_settings()  # where they are wrong, this says so without repeating them
    outside = (examine_mail, examine_door, examine_mailbox)
    findings = [*examine(), *(asyncio.run(look(settings)) for look in outside)]
    for is_well, text in findings:
        print("ok  " if is_well else "BAD ", text)
    return 0 if all(is_well for is_well, _ in findings) else 1


def audit_verify(arguments: argparse.Namespace) -> int:
    from backend.audit import service

    with machine.database():
        verdict = asyncio.run(_as_owner(partial(service.verify, head=arguments.head)))
    if verdict.is_intact:
        print(
            f"intact: {verdict.entries} entries in {verdict.batches} batches, {verdict.unsealed} not sealed yet; head {verdict.head or 'none'}"
        )
        return 0
    if verdict.broken is None:
        print(f"BROKEN: the chain does not contain the head {arguments.head}; what was sealed up to it was cut off or rewritten")
    else:
        print(f"BROKEN at batch {verdict.broken}: an entry was changed, removed or added after it was sealed")
    return 2


def admin_create(arguments: argparse.Namespace) -> int:
    from backend.identity import commands

    password = commands.read_password()
    with machine.database():
        print(commands.create(arguments.login, arguments.name, password, is_further=arguments.again))
    return 0


def admin_reset_password(arguments: argparse.Namespace) -> int:
    from backend.identity import commands

    password = commands.read_password()
    with machine.database():
        print(commands.reset_password(arguments.login, password))
    return 0


async def _as_owner(work: Callable[["AsyncSession"], Awaitable[Result]]) -> Result:
    """Run in a session of the database's owner, who sees every row."""
    from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine

    engine = create_async_engine(get_settings().owner_url())
    async with AsyncSession(engine) as session:
        result = await work(session)
    await engine.dispose()
    return result


def clock(arguments: argparse.Namespace) -> int:
    """Move the product clock of a demo installation; running processes follow at once."""
    from backend.core.clock import product_now, read_offset, write_offset

    machine.share_secrets()
    path = get_settings().clock_file
    if path is None:
        raise EmbeddedError("The product clock can be moved in the demo environment only.")
    if arguments.action == "advance":
        write_offset(path, read_offset(path) + arguments.by)
    elif arguments.action == "reset":
        path.unlink(missing_ok=True)
    print(f"{product_now().isoformat(timespec='seconds')} (moved by {read_offset(path)})")
    return 0


def _offset(text: str) -> timedelta:
    from backend.core.clock import parse_offset

    try:
        return parse_offset(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="chengdan", description="Chengdan 成单. Settings come from the environment and .env; see .env.example."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def add(name: str, run: Command, text: str) -> argparse.ArgumentParser:
        command = commands.add_parser(name, help=text, description=text)
        command.set_defaults(run=run)
        return command

    add("up", up, "start the whole product on this machine; Ctrl-C ends it")
    for name, run, text in (("api", api, "serve the API and the built web application"), ("worker", worker, "run background work")):
        add(name, run, text).add_argument("--after-setup", action="store_true", help=argparse.SUPPRESS)
    add("website", website, "serve the sample company website with its form")
    add("migrate", migrate, "bring the database to the newest schema")
    add("seed", seed, "fill in the demo company (as often as you like) and print its accounts")
    add("openapi", openapi, "write openapi/openapi.json").add_argument("--check", action="store_true", help="only compare")
    add("backup", backup, "write the whole database to FILE").add_argument("file", type=Path, metavar="FILE")
    add("restore", restore, "fill an empty database from FILE").add_argument("file", type=Path, metavar="FILE")
    add("doctor", doctor, "say what is missing or wrong on this machine")
    moved = add("clock", clock, "show, advance or reset the product clock of a demo")
    moved.add_argument("action", choices=["show", "advance", "reset"])
    moved.add_argument("by", nargs="?", default=timedelta(), type=_offset, help="for example 48h, 2d6h")
    admin = commands.add_parser("admin", help="make an administrator, or give somebody a new password").add_subparsers(
        required=True, metavar="ACTION"
    )
    made = admin.add_parser("create", help="make an administrator; the password is asked for, or read from the input")
    made.add_argument("login", help="small letters, digits, . _ -")
    made.add_argument("name", help="the person's name")
    made.add_argument("--again", action="store_true", help="although an administrator exists")
    made.set_defaults(run=admin_create)
    reset = admin.add_parser("reset-password", help="give somebody a new password; it is asked for, or read from the input")
    reset.add_argument("login")
    reset.set_defaults(run=admin_reset_password)
    audit = commands.add_parser("audit", help="examine the audit trail").add_subparsers(required=True, metavar="ACTION")
    verified = audit.add_parser("verify", help="recompute the hash chain of the audit trail")
    verified.add_argument("--head", default="", metavar="HEX", help="a head printed earlier, which the chain must still contain")
    verified.set_defaults(run=audit_verify)
    return parser


if __name__ == "__main__":
    main()
