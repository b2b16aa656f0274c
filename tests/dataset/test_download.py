"""Files from the network: whole and checked, or not at all."""

import hashlib
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from zipfile import ZipFile

import pytest
import yaml

from evocnn.dataset.download import download

REPOSITORY = Path(__file__).resolve().parents[2]
CONTENT = bytes(range(256)) * 10_000  # more than one chunk
WRONG = "0" * 64

SNAKEFILE = f"""
import sys

sys.path.append({str(REPOSITORY / "scripts")!r})

from evocnn.configuration.model import Configuration
ROOT = "data"


configfile: "config.yaml"


pathvars:
    logs="logs",


SETTINGS = Configuration.model_validate(config)


def attempt_number(wildcards, attempt):
    return attempt


include: {str(REPOSITORY / "rules/download.smk")!r}
"""


class Server(ThreadingHTTPServer):
    """Serves one content, after some failures, and counts what it was asked for."""

    content = CONTENT
    failures = 0
    missing = 0  # bytes announced but not sent
    elsewhere = ""
    requests = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/file"


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        self.server.requests += 1
        if self.server.requests <= self.server.failures:
            self.send_error(500)
        elif self.server.elsewhere:
            self.send_response(302)
            self.send_header("Location", self.server.elsewhere)
            self.end_headers()
        else:
            self.send_response(200)
            self.send_header("Content-Length", str(len(self.server.content)))
            self.end_headers()
            self.wfile.write(self.server.content[: len(self.server.content) - self.server.missing])

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[Server]:
    with Server(("127.0.0.1", 0), Handler) as running:
        thread = Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield running
        running.shutdown()
        thread.join()


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_a_file_is_fetched_and_checked(server: Server, tmp_path: Path) -> None:
    download(tmp_path / "new" / "a.bin", server.url, sha256(CONTENT))
    assert (tmp_path / "new" / "a.bin").read_bytes() == CONTENT
    assert files(tmp_path) == {"new/a.bin"}


def test_a_file_address_is_fetched(tmp_path: Path) -> None:
    (tmp_path / "here.bin").write_bytes(CONTENT)
    download(tmp_path / "a.bin", (tmp_path / "here.bin").as_uri(), sha256(CONTENT))
    assert (tmp_path / "a.bin").read_bytes() == CONTENT


def test_a_wrong_checksum_leaves_nothing_and_says_which_was_found(server: Server, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=f"found the SHA-256 {sha256(CONTENT)} .*, expected {WRONG}; .*set download"):
        download(tmp_path / "a.bin", server.url, WRONG)
    assert files(tmp_path) == set()


def test_a_wrong_checksum_leaves_the_file_that_was_there(server: Server, tmp_path: Path) -> None:
    (tmp_path / "a.bin").write_text("old")
    with pytest.raises(ValueError, match="SHA-256"):
        download(tmp_path / "a.bin", server.url, WRONG)
    assert (tmp_path / "a.bin").read_text() == "old"
    assert files(tmp_path) == {"a.bin"}


def test_what_was_refused_is_not_fetched_again(server: Server, tmp_path: Path) -> None:
    for _ in range(2):
        with pytest.raises(ValueError, match=sha256(CONTENT)):
            download(tmp_path / "a.bin", server.url, WRONG, tmp_path / "refusal")
    assert server.requests == 1
    assert files(tmp_path) == {"refusal"}


@pytest.mark.parametrize("missing", [1, 1_000_000, len(CONTENT)])
def test_a_connection_that_breaks_off_leaves_nothing(server: Server, tmp_path: Path, missing: int) -> None:
    server.missing = missing
    received = f"{len(CONTENT) - missing:,} bytes"
    with pytest.raises(OSError, match=rf"/file: found {received}, expected the 2,560,000 announced; check the network"):
        download(tmp_path / "a.bin", server.url, sha256(CONTENT[:-missing]))
    assert files(tmp_path) == set()


def test_an_error_of_the_server_is_named(server: Server, tmp_path: Path) -> None:
    server.failures = 1
    with pytest.raises(OSError, match=r"/file: found <HTTPError 500.*expected a file; check the network"):
        download(tmp_path / "a.bin", server.url, sha256(CONTENT))
    assert files(tmp_path) == set()


def test_a_server_that_is_not_there_is_named(tmp_path: Path) -> None:
    with Server(("127.0.0.1", 0), Handler) as closed:
        url = closed.url
    with pytest.raises(OSError, match=f"{url}: found .*refused.*check the network"):
        download(tmp_path / "a.bin", url, WRONG)


@pytest.mark.parametrize("url", ["ftp://127.0.0.1/a", "data:,a", "/etc/hostname", ""])
def test_other_schemes_are_refused(tmp_path: Path, url: str) -> None:
    with pytest.raises(ValueError, match=r"a\.bin: found the scheme .*, expected http, https or file"):
        download(tmp_path / "a.bin", url, WRONG)


@pytest.mark.parametrize("elsewhere", ["ftp://127.0.0.1/a", "file:///etc/hostname"])
def test_other_schemes_are_refused_behind_a_redirection(server: Server, tmp_path: Path, elsewhere: str) -> None:
    server.elsewhere = elsewhere
    with pytest.raises(OSError, match=r"unknown url type|is not allowed"):
        download(tmp_path / "a.bin", server.url, WRONG)
    assert files(tmp_path) == set()


@pytest.fixture
def run(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run Snakemake with the rules of downloads alone."""

    def run(downloads: dict[str, object], *arguments: str) -> subprocess.CompletedProcess[str]:
        (tmp_path / "Snakefile").write_text(SNAKEFILE)
        (tmp_path / "config.yaml").write_text(yaml.safe_dump({"download": downloads}))
        command = [sys.executable, "-m", "snakemake", "--cores", "1", *arguments]
        environment = {**os.environ, "XDG_CACHE_HOME": str(tmp_path / ".cache")}
        return subprocess.run(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd=tmp_path,
            env=environment,
            timeout=120,
            check=False,
        )

    return run


@pytest.mark.slow
def test_the_rules_try_again_and_unpack(server: Server, tmp_path: Path, run: Callable) -> None:
    with ZipFile(tmp_path / "made.zip", "w") as file:
        file.writestr("set/images/1.jpg", "one")
        file.writestr("set/people.mat", "two")
    server.content = (tmp_path / "made.zip").read_bytes()
    server.failures = 2
    described = {"url": server.url, "sha256": sha256(server.content)}
    downloads = {
        "a.zip": {**described, "unpack": "images"},
        "b.zip": {**described, "unpack": "people.mat"},
        "c.bin": described,
    }
    targets = ("data/images", "data/people.mat", "data/c.bin")
    finished = run(downloads, *targets)
    assert finished.returncode == 0, finished.stdout
    assert server.requests == 3 + 2
    assert files(tmp_path / "data") == {
        "a.zip",
        "b.zip",
        "c.bin",
        "images/.snakemake_timestamp",
        "images/1.jpg",
        "people.mat",
    }
    (tmp_path / "data" / "a.zip").unlink()
    assert "Nothing to be done" in run(downloads, *targets).stdout


@pytest.mark.slow
def test_a_wrong_checksum_ends_the_run_after_one_download(server: Server, tmp_path: Path, run: Callable) -> None:
    downloads = {"a.zip": {"url": server.url, "sha256": WRONG, "unpack": "images"}}
    finished = run(downloads, "data/images")
    assert finished.returncode != 0
    assert re.search(f"found the SHA-256 {sha256(CONTENT)} ", finished.stdout)
    assert server.requests == 1
    assert files(tmp_path / "data") == set()
    assert run(downloads, "data/images").returncode != 0
    assert server.requests == 2, "a new run fetches again"


def test_without_an_entry_there_is_no_rule(run: Callable) -> None:
    assert run({}, "--list-rules").stdout.split() == []


@pytest.mark.parametrize(
    ("limit", "value", "problem"),
    [("LARGEST", 1000, "more than 1,000 bytes"), ("PATIENCE", -1, "less than .* bytes per second")],
)
def test_a_download_without_end_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit, value, problem
) -> None:
    source = tmp_path / "source"
    source.write_bytes(CONTENT)
    monkeypatch.setattr(f"evocnn.dataset.download.{limit}", value)
    if limit == "PATIENCE":
        monkeypatch.setattr("evocnn.dataset.download.SLOWEST", 10**15)
    with pytest.raises(OSError, match=problem):
        download(tmp_path / "file", source.as_uri(), hashlib.sha256(CONTENT).hexdigest())
    assert not (tmp_path / "file").exists()
