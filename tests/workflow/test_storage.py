"""Records and results in S3: a server that speaks its protocol, and jobs that see nothing but their inputs."""

import json
import shutil
from pathlib import Path

import boto3
import pytest
from moto.server import ThreadedMotoServer
from workflow_runs import snakemake

pytestmark = pytest.mark.slow

BUCKET, REGION, KEY = "experiments", "us-east-1", "key"
COMPARED = ("compare", "--config", "compare={strategies: [predictor], seeds: [2]}")


@pytest.fixture(scope="module")
def server():
    """The address of an empty server on this machine."""
    running = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    running.start()
    yield "http://{}:{}".format(*running.get_host_and_port())
    running.stop()


@pytest.fixture(scope="module")
def bucket(server):
    keys = {"aws_access_key_id": KEY, "aws_secret_access_key": KEY}
    storage = boto3.resource("s3", endpoint_url=server, region_name=REGION, **keys)
    return storage.create_bucket(Bucket=BUCKET)


@pytest.fixture(scope="module")
def run(server, bucket, tiny, tmp_path_factory):
    """Runs the workflow in an empty folder, all of whose files are in the bucket."""
    folder = tmp_path_factory.mktemp("storage")
    options = [f"--storage-s3-{name}" for name in ("endpoint-url", "region", "access-key", "secret-key")]
    given = [text for pair in zip(options, (server, REGION, KEY, KEY), strict=True) for text in pair]
    given += ["--shared-fs-usage", "persistence", "source-cache", "sources", "software-deployment"]
    given += ["--default-storage-provider", "s3", "--default-storage-prefix", f"s3://{BUCKET}"]

    def run_there(*arguments):
        shutil.rmtree(folder / ".snakemake/storage", ignore_errors=True)
        return snakemake(folder, *given, *arguments, configfiles=(tiny,))

    return run_there


def test_a_run_lives_in_s3(run, bucket, tiny_run: Path):
    """Its fitness is that of a run in a folder, and nothing is left to do where nothing is on this machine.

    One test, because each process of the tests that has one of several would make a run of its own.
    """
    ended = run()
    assert ended.returncode == 0, ended.stdout
    keys = {entry.key for entry in bucket.objects.all()}
    expected = {"report.html", "summary.txt", "records/train/crops.npy", "final/saved_model/saved_model.pb"}
    assert {f"results/tiny/{name}" for name in expected} <= keys
    paths = sorted((tiny_run / "results").rglob("fitness.json"))
    assert len(paths) > 5
    for path in paths:
        key = str(path.relative_to(tiny_run))
        stored, fitness = json.load(bucket.Object(key).get()["Body"]), json.loads(path.read_text())
        for name in ("status", "objectives", "metrics", "cost"):
            assert stored[name] == fitness[name], key
    assert "Nothing to be done" in run().stdout
    ended = run(*COMPARED)
    assert ended.returncode == 0, ended.stdout
    assert b"</html>" in bucket.Object("results/tiny/compare/predictor-2/report.html").get()["Body"].read()
