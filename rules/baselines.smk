"""What every score is held against."""


rule score_mean_pose:
    """Score the mean pose of search-train, predicted for everybody."""
    input:
        skeleton=SKELETON,
        train=multiext("<run>/records/train/crops", ".npy", ".npz"),
        valid=multiext("<run>/records/valid/crops", ".npy", ".npz"),
        test=multiext("<run>/records/test/crops", ".npy", ".npz"),
    output:
        "<run>/baselines/mean_pose.json",
    log:
        "<logs>/baselines/mean_pose.log",
    conda:
        "../envs/evocnn.yaml"
    script:
        "../scripts/score_mean_pose.py"
