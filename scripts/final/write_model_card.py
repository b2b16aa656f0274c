"""Write the model card of the best network."""

from pathlib import Path

from evocnn.processes.log import logged_to
from evocnn.report.model_card import Origin, write_model_card

if __name__ == "__main__":
    with logged_to(snakemake.log[0]):
        write_model_card(
            Path(snakemake.output[0]),
            fitness=Path(snakemake.input.fitness),
            score=Path(snakemake.input.score),
            calibration=Path(snakemake.input.calibration),
            exports=Path(snakemake.input.exports),
            trivial=Path(snakemake.input.trivial),
            individuals=Path(snakemake.input.individuals),
            metadata=Path(snakemake.input.metadata),
            manifests={split: Path(snakemake.input[split]) for split in ("train", "valid", "test")},
            origin=Origin(**snakemake.params),
        )
