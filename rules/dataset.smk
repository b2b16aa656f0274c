"""From annotations and images to records, and from records to crops that trainings map into memory."""


rule render_toy:
    """Draw the toy data set, in the layout of MPII."""
    output:
        train=f"{TOY}/annot/train.json",
        valid=f"{TOY}/annot/valid.json",
        images=directory(f"{TOY}/images"),
    log:
        "<logs>/render_toy.log",
    conda:
        "../envs/evocnn.yaml"
    params:
        **SETTINGS.toy.model_dump(),
        seed=SETTINGS.seed,
    script:
        "../scripts/dataset/render_toy.py"


rule convert_mat:
    """Convert MPII's MATLAB file to the JSON layout of Simple Baselines, which is much faster to read."""
    input:
        "{folder}/mpii_human_pose_v1_u12_1.mat",
    output:
        "{folder}/mpii_human_pose_v1_u12_1.json",
    log:
        # The folder is a part of the file name: an absolute path would put the log outside the folder of logs.
        "<logs>/convert_mat-{folder}.log",
    conda:
        "../envs/evocnn.yaml"
    script:
        "../scripts/dataset/convert_mat.py"


rule read_people:
    """Read the annotations of a split into a table of people."""
    input:
        labels=COPIES["labels"],
        format=FORMAT_CODE,
        train=ancient(TRAIN) if TRAIN == TRAIN_IMAGES else TRAIN,
        test=TEST,
        images=ancient([TRAIN_IMAGES, TEST_IMAGES] if TEST else [TRAIN_IMAGES]),
    output:
        "<records>/{split}/people.npz",
    log:
        "<logs>/records/{split}/people.log",
    conda:
        "../envs/evocnn.yaml"
    params:
        **FRACTIONS,
        format=DATASET.format,
        images=content_of_all_images,
        code=DATA_CODE,
    script:
        "../scripts/dataset/read_people.py"


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
        **CROPS,
        shards=DATASET.shards,
        images=content_of_images,
        code=DATA_CODE,
    script:
        "../scripts/dataset/write_shard.py"


rule write_manifest:
    """Write which people a split holds, which were skipped, and why."""
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
        **CROPS,
        **FRACTIONS,
        format=DATASET.format,
        max_skipped=DATASET.max_skipped,
    script:
        "../scripts/dataset/write_manifest.py"


rule decode_records:
    """Decode the records of a split once for all trainings."""
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
        **CROPS,
        code=DATA_CODE,
    script:
        "../scripts/dataset/decode_records.py"
