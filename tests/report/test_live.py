"""The live report: it is served on this machine alone, and follows its run."""

from contextlib import contextmanager
from threading import Thread
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from evocnn.report.page.live import live_server


@contextmanager
def served(folder):
    """The address of the live report of a run."""
    server = live_server(folder, 0)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        assert server.server_address[0] == "127.0.0.1"
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def get(address):
    with urlopen(address) as answer:
        return answer.read().decode()


def test_the_page_follows_the_run(run):
    with served(run.folder) as address:
        state, page = get(f"{address}state"), get(address)
        assert "6 of 6 trainings" in " ".join(page.split())
        assert "There are new results" in page
        assert get(f"{address}state") == state
        run.fitness_files[5].unlink()
        assert get(f"{address}state") != state
        assert "5 of 6 trainings" in " ".join(get(address).split())


def test_nothing_else_is_served(run):
    with served(run.folder) as address:
        for path in ("config.yaml", "../config.yaml", "generation-000/offspring.json"):
            with pytest.raises(HTTPError, match="404"):
                get(f"{address}{path}")


def test_a_damaged_file_is_said_and_does_not_end_the_server(run):
    with served(run.folder) as address:
        kept = run.fitness_files[5].read_text()
        run.fitness_files[5].write_text("{")
        with pytest.raises(HTTPError, match="503") as caught:
            get(address)
        assert "fitness.json" in caught.value.read().decode()
        run.fitness_files[5].write_text(kept)
        assert "6 of 6 trainings" in " ".join(get(address).split())


def test_a_folder_without_a_run_is_refused(tmp_path):
    with pytest.raises(ValueError, match="so no run"):
        live_server(tmp_path, 0)
