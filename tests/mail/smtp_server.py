"""A mail server on loopback that can be told to refuse or to hang."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class MailServer(socketserver.ThreadingTCPServer):
    """Speaks as much SMTP as Django needs. `received` holds whole mails as text; `answers` says what to answer to a verb."""

    allow_reuse_address = daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Conversation)
        self.received: list[str] = []
        self.answers: dict[str, str] = {}
        self.silent_at = ""
        self.closing = threading.Event()

    @property
    def port(self) -> int:
        return int(self.server_address[1])


class Conversation(socketserver.StreamRequestHandler):
    server: MailServer

    def say(self, verb: str, text: str) -> None:
        if verb == self.server.silent_at:
            self.server.closing.wait(20)
            return
        self.wfile.write(f"{self.server.answers.get(verb, text)}\r\n".encode())

    def handle(self) -> None:
        self.say("HELLO", "220 ready")
        while line := self.rfile.readline().decode().strip():
            verb = line[:4].upper()
            self.say(verb, {"DATA": "354 go on", "QUIT": "221 bye"}.get(verb, "250 ok"))
            if verb == "QUIT":
                return
            if verb == "DATA" and verb not in self.server.answers:
                self.take()

    def take(self) -> None:
        lines = []
        while (line := self.rfile.readline().decode()).strip("\r\n") != ".":
            lines.append(line)
        self.server.received.append("".join(lines))
        self.say("TAKEN", "250 taken")


@contextmanager
def mail_server() -> Iterator[MailServer]:
    with MailServer() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        yield server
        server.closing.set()
        server.shutdown()
