"""A report that follows its run: served on this machine alone, built again when the run has new files."""

from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock

from evocnn.report.page.report_page import build_report
from evocnn.report.run_files import RunFiles

LOOPBACK = "127.0.0.1"
FOLLOW = """<script type="module">
const shown = await (await fetch("state")).text();
setInterval(async () => {
  if (await (await fetch("state")).text() === shown || document.getElementById("newer")) return;
  const button = document.createElement("button");
  [button.id, button.textContent] = ["newer", "There are new results: show them"];
  button.style = "position: fixed; right: 1rem; bottom: 1rem; z-index: 9";
  button.onclick = () => location.reload();
  document.body.append(button);
}, 2000);
</script>
</body>"""
"""What the page is given to say that the run has gone on; it reloads only when its reader asks for it."""


class LiveReport:
    """The report of a run as it is now.

    Attributes:
        folder: of the run.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock, self._state, self._page = Lock(), "", b""

    def state(self) -> str:
        """What changes with every file of the run that the report reads: how many there are, and the latest time."""
        paths = RunFiles.in_folder(self.folder).paths
        return f"{len(paths)} {max((path.stat().st_mtime_ns for path in paths), default=0)}"

    def page(self) -> bytes:
        """The page, built anew where the run has changed."""
        with self._lock, TemporaryDirectory() as folder:
            state = self.state()
            if state != self._state:
                output = Path(folder) / "report.html"
                build_report(RunFiles.in_folder(self.folder), output)
                before, _, after = output.read_text(encoding="utf-8").rpartition("</body>")
                self._page, self._state = f"{before}{FOLLOW}{after}".encode(), state
            return self._page


def live_server(folder: Path, port: int) -> ThreadingHTTPServer:
    """A server of the report of a run, on the loopback address only.

    Args:
        folder: of the run.
        port: to listen to; 0 takes a free one.

    Raises:
        ValueError: the folder holds no run.
        OSError: the port is taken.
    """
    report = LiveReport(folder)
    report.state()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answers = {"/": report.page, "/state": lambda: report.state().encode()}
            if self.path not in answers:
                self.send_error(HTTPStatus.NOT_FOUND)
                return
            try:
                body, status = answers[self.path](), HTTPStatus.OK
            except (OSError, ValueError) as error:  # a file that is just being replaced; the next request finds it
                body, status = str(error).encode(), HTTPStatus.SERVICE_UNAVAILABLE
            self.send_response(status)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the library's name)
            """Say nothing: the terminal has the address."""

    return ThreadingHTTPServer((LOOPBACK, port), Handler)
