"""What every score is held against."""


rule score_floors:
    """Score what can be predicted without looking at an image, such as the mean pose of search-train."""
    input:
        labels=LABELS,
        train=multiext("<run>/records/train/crops", ".npy", ".npz"),
        valid=multiext("<run>/records/valid/crops", ".npy", ".npz"),
        test=multiext("<run>/records/test/crops", ".npy", ".npz"),
    output:
        "<run>/baselines/floors.json",
    log:
        "<logs>/baselines/floors.log",
    localrule: True
    conda:
        "../envs/evocnn.yaml"
    script:
        "../scripts/score_floors.py"
