"""Takes the place of scripts/evolution/train.py: the score is a digest of everything that a training depends on."""

from pathlib import Path

from evocnn.evolution.fitness import Fitness, write_fitness
from evocnn.processes.log import named_paths
from evocnn.training.job import Evolved, TrainingJob, identified
from evocnn.training.key import Data
from evocnn.training.limits import JobLimits
from evocnn.training.settings import TrainingSettings

if __name__ == "__main__":
    individual = Evolved(
        Path(snakemake.input.offspring),
        int(snakemake.wildcards.individual),
        (Path(snakemake.input.space), *map(Path, snakemake.input.operations)),
    )
    settings = TrainingSettings(**{**snakemake.params.training, "threads": snakemake.threads})
    outputs = named_paths(snakemake.output)
    job = identified(TrainingJob(individual, Data.of(snakemake.input), settings, snakemake.params.seed, outputs))
    provenance = {
        "network_id": job.network_id,
        "settings": settings.model_dump(mode="json"),
        "limits": JobLimits.of(snakemake.resources).effective,
    }
    score = int(job.key[:8], 16) / 16**8 * 100
    outputs["history"].write_text("epoch,score\n", encoding="utf-8")
    if "model" in outputs:
        outputs["model"].write_text(job.key, encoding="utf-8")
    write_fitness(outputs["fitness"], Fitness("ok", {"score": score}, {}, dict(job.cost or {}), {}, provenance))
