"""A search alone, without the data that it learns from: what a comparison has several of, as modules."""


include: "common.smk"
include: "definitions.smk"
include: "evolution.smk"
include: "final.smk"
