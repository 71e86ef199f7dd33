"""A local mailbox that speaks IMAP (RFC 3501) as far as a reader needs it, with faults on demand."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime


@dataclass
class ImapBox:
    """What lies in the folder, and how the server behaves."""

    letters: dict[int, tuple[date, bytes]] = field(default_factory=dict)
    validity: int = 7
    user: tuple[str, str] = ("log@in.hengyu.example", "secret-code")
    wants_id: bool = False
    """As 163 and 126 do: no folder is opened for a program that has not said who it is."""
    hangs_up_at: int | None = None
    """The letter at which the connection breaks, once."""
    commands: list[str] = field(default_factory=list)
    port: int = 0

    def add(self, raw: bytes, day: date = date(2026, 3, 10)) -> int:
        uid = max(self.letters, default=0) + 1
        self.letters[uid] = (day, raw)
        return uid

    def renumber(self, validity: int) -> None:
        """As after a restore: the same letters under other numbers."""
        self.validity = validity
        self.letters = {100 + place: letter for place, letter in enumerate(self.letters.values(), 1)}

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        session = _Session(self, reader, writer)
        try:
            await session.run()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()


class _Session:
    def __init__(self, box: ImapBox, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.box, self.reader, self.writer = box, reader, writer
        self.is_known = False

    def say(self, line: str) -> None:
        self.writer.write(line.encode() + b"\r\n")

    async def run(self) -> None:
        self.say("* OK ready")
        while line := await self.reader.readline():
            tag, _, rest = line.decode().rstrip("\r\n").partition(" ")
            self.box.commands.append(rest.replace(self.box.user[1], "***"))
            words = rest.split(" ", 1)
            name, argument = words[0].upper(), words[1] if len(words) > 1 else ""
            if name == "UID":
                name, _, argument = argument.partition(" ")
            await getattr(self, f"do_{name.lower()}", self.unknown)(tag, argument)
            await self.writer.drain()
            if name == "LOGOUT":
                return

    async def unknown(self, tag: str, argument: str) -> None:
        self.say(f"{tag} BAD what is {argument}?")

    async def do_capability(self, tag: str, argument: str) -> None:
        self.say("* CAPABILITY IMAP4rev1 ID")
        self.say(f"{tag} OK done")

    async def do_login(self, tag: str, argument: str) -> None:
        given = tuple(one.strip('"') for one in argument.split(" "))
        self.say(f"{tag} OK signed in" if given == self.box.user else f"{tag} NO LOGIN Login error or password error")

    async def do_id(self, tag: str, argument: str) -> None:
        self.is_known = "Chengdan" in argument
        self.say('* ID ("name" "box")')
        self.say(f"{tag} OK done")

    async def do_examine(self, tag: str, argument: str) -> None:
        if self.box.wants_id and not self.is_known:
            self.say(f"{tag} NO EXAMINE Unsafe Login. Please contact kefu@188.com for help")
            return
        self.say(f"* {len(self.box.letters)} EXISTS")
        self.say(f"* OK [UIDVALIDITY {self.box.validity}] fine")
        self.say(f"* OK [UIDNEXT {max(self.box.letters, default=0) + 1}] fine")
        self.say(f"{tag} OK [READ-ONLY] done")

    async def do_search(self, tag: str, argument: str) -> None:
        kind, _, value = argument.partition(" ")
        if kind == "SINCE":
            since = datetime.strptime(value, "%d-%b-%Y").replace(tzinfo=UTC).date()
            found = [uid for uid, (day, _) in self.box.letters.items() if day >= since]
        else:
            first, newest = int(value.partition(":")[0]), max(self.box.letters, default=0)
            found = [uid for uid in self.box.letters if uid >= first] or ([newest] if newest else [])  # RFC 3501: `*` is always one
        self.say(" ".join(["* SEARCH", *map(str, found)]))
        self.say(f"{tag} OK done")

    async def do_fetch(self, tag: str, argument: str) -> None:
        numbers, _, what = argument.partition(" ")
        for uid in map(int, numbers.split(",")):
            if uid not in self.box.letters:
                continue
            raw = self.box.letters[uid][1]
            if "RFC822.SIZE" in what:
                self.say(f"* {uid} FETCH (UID {uid} RFC822.SIZE {len(raw)})")
                continue
            if uid == self.box.hangs_up_at:
                self.box.hangs_up_at = None
                raise ConnectionResetError
            said = raw.partition(b"\r\n\r\n")[0] + b"\r\n\r\n" if "HEADER" in what else raw
            name = "BODY[HEADER]" if "HEADER" in what else "BODY[]"
            self.writer.write(f"* {uid} FETCH (UID {uid} {name} {{{len(said)}}}\r\n".encode() + said + b")\r\n")
        self.say(f"{tag} OK done")

    async def do_logout(self, tag: str, argument: str) -> None:
        self.say("* BYE")
        self.say(f"{tag} OK done")


@contextmanager
def serving_imap(box: ImapBox) -> Iterator[ImapBox]:
    """A server on loopback, in a thread of its own."""
    loop = asyncio.new_event_loop()
    server = loop.run_until_complete(asyncio.start_server(box.serve, "127.0.0.1", 0))
    box.port = server.sockets[0].getsockname()[1]
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield box
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        server.close()
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(asyncio.sleep(0))
        loop.close()
