"""`chengdan admin`: what the operator of the machine does for a firm that cannot help itself in the browser."""

import asyncio
import getpass
import os
import sys
from collections.abc import Awaitable, Callable
from functools import partial

from backend.core.clock import product_now, real_now
from backend.core.config import WORKER_LOGIN
from backend.core.db import DATABASE_ERRORS, Database, Lens, database_away, make_engine, transaction, use_database
from backend.core.errors import Invalid
from backend.core.schemas import In
from backend.identity import rescue, tokens
from backend.identity.schemas import NewPassword, PersonCreate

Work = Callable[..., Awaitable[object]]


class Given(In):
    password: NewPassword


def read_password() -> str:
    """Asked for twice at a terminal, else the first line of the input; never an argument, which every user of the machine could read."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    password = getpass.getpass("Password (at least 10 characters): ")
    if getpass.getpass("Once more: ") != password:
        raise Invalid("passwords_differ", "The two passwords differ; nothing was changed.")
    return password


def create(login: str, name: str, password: str, *, is_further: bool) -> str:
    """Makes an administrator; returns what to do next."""
    body = PersonCreate(login=login, name=name, password=password)
    asyncio.run(_at_once(password, partial(rescue.create, body=body, is_further=is_further)))
    return f"{body.login} is an administrator and can sign in."


def reset_password(login: str, password: str) -> str:
    """Gives somebody a new password; returns what that means."""
    given = Given(password=password)
    asyncio.run(_at_once(given.password, partial(rescue.reset_password, login=login)))
    return f"{login} has a new password; every device of {login} must sign in again."


async def _at_once(password: str, work: Work) -> None:
    """One transaction that the audit ascribes to the operator; `work` gets it with the hash of the password and both clocks."""
    password_hash = await tokens.hash_password(password)
    engine = make_engine(WORKER_LOGIN)
    use_database(Database(engine))
    try:
        async with transaction(Lens.SYSTEM, f"operator:{_operator()}") as session:
            await work(session, password_hash=password_hash, now=product_now(), real_now=real_now())
    except DATABASE_ERRORS as error:
        raise database_away(error) from error
    finally:
        use_database(None)
        await engine.dispose()


def _operator() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return str(os.getuid())
