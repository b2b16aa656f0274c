"""From annotations and images to records, and from records to crops that trainings map into memory."""


rule render_toy:
    """Draw the toy data set, in the layout of MPII."""
    output:
        train="data/toy/annot/train.json",
        valid="data/toy/annot/valid.json",
        images=directory("data/toy/images"),
    log:
        "<logs>/render_toy.log",
    conda:
        "../envs/evocnn.yaml"
    params:
        train_people=lookup(dpath="toy/train_people", within=config),
        valid_people=lookup(dpath="toy/valid_people", within=config),
        seed=lookup(dpath="seed", within=config),
    script:
        "../scripts/render_toy.py"


rule convert_mat:
    """Write the people of MPII's MATLAB file in the JSON layout of Simple Baselines, which is read in a moment."""
    input:
        "{folder}/mpii_human_pose_v1_u12_1.mat",
    output:
        "{folder}/mpii_human_pose_v1_u12_1.json",
    log:
        # Not in a folder of its own, so that a log stays here although the other folder may be anywhere.
        "<logs>/convert_mat-{folder}.log",
    conda:
        "../envs/evocnn.yaml"
    script:
        "../scripts/convert_mat.py"


rule read_people:
    """Read the annotations of a split into a table of people."""
    input:
        labels=LABELS,
        train=ancient(TRAIN) if TRAIN == TRAIN_IMAGES else TRAIN,
        test=TEST,
    output:
        "<records>/{split}/people.npz",
    log:
        "<logs>/records/{split}/people.log",
    conda:
        "../envs/evocnn.yaml"
    params:
        format=lookup(dpath="dataset/format", within=config),
        same_images=TRAIN_IMAGES == TEST_IMAGES,
        valid_fraction=lookup(dpath="dataset/valid_fraction", within=config),
        test_fraction=lookup(dpath="dataset/test_fraction", within=config),
    script:
        "../scripts/read_people.py"


rule write_shard:
    """Crop the people of one shard and write them as records."""
    input:
        people="<records>/{split}/people.npz",
        images=ancient(images),
    output:
        records="<records>/{split}/part-{shard}.tfrecord",
        summary="<records>/{split}/part-{shard}.json",
    log:
        "<logs>/records/{split}/part-{shard}.log",
    benchmark:
        "<benchmarks>/records/{split}/part-{shard}.tsv"
    conda:
        "../envs/evocnn.yaml"
    params:
        shards=lookup(dpath="dataset/shards", within=config),
        input_size=lookup(dpath="dataset/input_size", within=config),
        margin=lookup(dpath="dataset/margin", within=config),
    script:
        "../scripts/write_shard.py"


rule write_manifest:
    """Say what a split holds, who was left out, and why."""
    input:
        people="<records>/{split}/people.npz",
        annotations=[] if TRAIN == TRAIN_IMAGES else [TRAIN, *TEST],
        summaries=expand("<records>/{{split}}/part-{shard}.json", shard=SHARDS),
    output:
        "<records>/{split}/manifest.json",
    log:
        "<logs>/records/{split}/manifest.log",
    localrule: True
    conda:
        "../envs/evocnn.yaml"
    params:
        format=lookup(dpath="dataset/format", within=config),
        input_size=lookup(dpath="dataset/input_size", within=config),
        margin=lookup(dpath="dataset/margin", within=config),
        valid_fraction=lookup(dpath="dataset/valid_fraction", within=config),
        test_fraction=lookup(dpath="dataset/test_fraction", within=config),
        max_skipped=lookup(dpath="dataset/max_skipped", within=config),
    script:
        "../scripts/write_manifest.py"


rule decode_records:
    """Decode a split's records once for all trainings."""
    input:
        manifest="<records>/{split}/manifest.json",
        records=expand("<records>/{{split}}/part-{shard}.tfrecord", shard=SHARDS),
    output:
        multiext("<records>/{split}/crops", ".npy", ".npz"),
    log:
        "<logs>/records/{split}/crops.log",
    conda:
        "../envs/evocnn.yaml"
    threads: 4
    params:
        input_size=lookup(dpath="dataset/input_size", within=config),
        margin=lookup(dpath="dataset/margin", within=config),
    script:
        "../scripts/decode_records.py"
