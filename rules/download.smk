"""Data from the network, for those who name it in the configuration; without an entry there is no such rule."""

import re
from pathlib import PurePath

from evocnn.dataset.archive import archives

ARCHIVES = {unpacked: f"{ROOT}/{archive}" for unpacked, archive in archives(config["download"]).items()}
UNPACKED_FILES = [unpacked for unpacked in ARCHIVES if PurePath(unpacked).suffix]
UNPACKED_FOLDERS = [unpacked for unpacked in ARCHIVES if not PurePath(unpacked).suffix]


if config["download"]:

    rule download:
        """Fetch a file and check it."""
        output:
            # The script checks as well, and says which checksum it found.
            ensure(f"{ROOT}/{{file}}", sha256=lookup(dpath="download/{file}/sha256", within=config)),
        log:
            "<logs>/download/{file}.log",
        wildcard_constraints:
            file="|".join(map(re.escape, config["download"])),
        retries: 3
        localrule: True
        conda:
            "../envs/evocnn.yaml"
        resources:
            attempt=attempt_number,
        params:
            url=lookup(dpath="download/{file}/url", within=config),
            sha256=lookup(dpath="download/{file}/sha256", within=config),
        script:
            "../scripts/download_file.py"


if UNPACKED_FOLDERS:

    rule unpack_folder:
        """Take a folder out of an archive."""
        input:
            lookup(dpath="{unpacked}", within=ARCHIVES),
        output:
            directory(f"{ROOT}/{{unpacked}}"),
        log:
            "<logs>/unpack/{unpacked}.log",
        wildcard_constraints:
            unpacked="|".join(map(re.escape, UNPACKED_FOLDERS)),
        conda:
            "../envs/evocnn.yaml"
        script:
            "../scripts/unpack_archive.py"


if UNPACKED_FILES:

    rule unpack_file:
        """Take a file out of an archive."""
        input:
            lookup(dpath="{unpacked}", within=ARCHIVES),
        output:
            f"{ROOT}/{{unpacked}}",
        log:
            "<logs>/unpack/{unpacked}.log",
        wildcard_constraints:
            unpacked="|".join(map(re.escape, UNPACKED_FILES)),
        conda:
            "../envs/evocnn.yaml"
        script:
            "../scripts/unpack_archive.py"
