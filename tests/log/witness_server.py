"""A witness that answers over HTTP on this machine, and servers that answer anything else."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.log.signed_log import SECONDS
from workflow.log.witness import Cosigned, Ground, Refused, Seen, Witness
from workflow.log.witness_answers import Response, respond
from workflow.log.witness_request import RequestError, parse_request


class Kept:
    """A witness with its memory; `handle` answers one request's body at a time."""

    def __init__(self, witness: Witness, seen: dict[str, Seen] | None = None) -> None:
        """Keep the witness, and what it has seen."""
        self.witness, self.seen, self._lock = witness, seen or {}, threading.Lock()

    def handle(self, body: bytes) -> Response:
        """Answer a request, and remember what was cosigned before saying so."""
        try:
            request = parse_request(body)
        except RequestError as error:
            return respond(Refused(Ground.MALFORMED, str(error)))
        with self._lock:
            answer = self.witness.judge(request, self.seen, SECONDS)
            if isinstance(answer, Cosigned):
                self.seen[answer.origin] = answer.seen
        return respond(answer)


@contextmanager
def serving(
    handle: Callable[[bytes], Response], headers: dict[str, str] | None = None
) -> Iterator[str]:
    """Serve what handles a body at /add-checkpoint, and give the address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            found = self.path == "/witness/add-checkpoint"
            answer = handle(body) if found else Response(404, "text/plain", b"no such page\n")
            self.send_response(answer.status)
            self.send_header("Content-Type", answer.content_type)
            self.send_header("Content-Length", str(len(answer.body)))
            for name, value in (headers or {}).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer.body)

        def log_message(self, *args: Any) -> None:  # noqa: ANN401 - http.server's own
            """Say nothing on the terminal."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}/witness"
        finally:
            server.shutdown()
            thread.join()
