"""Spaces, and what their files get wrong."""

import math
import random
import re
from dataclasses import replace

import pytest
import yaml

from evocnn.space.decode import decode
from evocnn.space.genes import Choice, Number
from evocnn.space.space_file import read_space


@pytest.fixture
def content(repository):
    return yaml.safe_load((repository / "config/spaces/tiny.yaml").read_text())


def write(folder, content):
    path = folder / "mine.yaml"
    path.write_text(content if isinstance(content, str) else yaml.safe_dump(content))
    return path


def change(content, path, value):
    """Set a value by its path; None removes the key."""
    *parents, last = path.split(".")
    for key in parents:
        content = content[key]
    if value is None:
        del content[last]
    else:
        content[last] = value


def gene_of(space, name):
    return next(gene for gene in space.block.genes if gene.name == name)


def complaint(path):
    """What reading a space ends with: one line that begins with the file."""
    with pytest.raises(ValueError, match=r"\S+\.(yaml|py): ") as caught:
        read_space(path)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_a_space_is_read_as_declared(tmp_path, content):
    space = read_space(write(tmp_path, content))
    assert space.blocks == 3
    assert space.strides == (2, 8)
    assert space.coarsest == 8
    assert dict(space.heads["heatmap"].constants) == {"stride": 4, "filters": 8, "kernel": 4, "activation": "relu"}
    assert dict(space.stem.constants) == {
        **{"operation": "conv", "filters": 8, "kernel": 3, "stride": 2, "activation": "relu"}
    }
    assert space.stem.genes == ()
    filters = gene_of(space, "filters")
    assert filters.values == (4, 8, 12)
    assert filters.weights == (1.0, 1.0, 1.0)
    assert filters.ordered
    assert not space.block.genes[0].ordered


def test_every_block_has_the_same_genes(tiny_space):
    names = [gene.name for gene in tiny_space.genes]
    assert len(names) == 39
    assert names[:13] == names[13:26] == names[26:]


def test_weights_are_read(tmp_path, content):
    change(content, "genes.stride.weights", [3, 1])
    assert gene_of(read_space(write(tmp_path, content)), "stride").weights == (3.0, 1.0)


def test_numbers_are_read(tmp_path, content):
    change(content, "genes.filters", {"integer": [4, 64], "scale": "log"})
    change(content, "genes.expansion", {"real": [1, 4]})
    space = read_space(write(tmp_path, content))
    assert gene_of(space, "filters") == Number("filters", 4, 64, whole=True, logarithmic=True)
    assert gene_of(space, "expansion") == Number("expansion", 1, 4, whole=False, logarithmic=False)
    assert space.genomes == math.inf


def test_the_largest_stride_of_all_is_what_inputs_are_multiples_of(tmp_path, content):
    change(content, "heads.heatmap.stride", 32)
    assert read_space(write(tmp_path, content)).coarsest == 32


def test_genomes_are_counted(tmp_path, content):
    content["genes"] = {
        "operation": "max_pool",
        "stride": 1,
        "kernel": {"integer": [3, 7]},
        "input": {"ordinal": [1, 2]},
    }
    assert read_space(write(tmp_path, content)).genomes == 10**3


@pytest.fixture
def everywhere(tmp_path, content):
    """A space with genes in the stem, the blocks, and the head."""
    change(content, "stem.filters", {"ordinal": [4, 8]})
    change(content, "heads.heatmap.filters", {"integer": [4, 9]})
    change(content, "genes.expansion", {"real": [1, 4]})
    return read_space(write(tmp_path, content))


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("name", ["default_space", "everywhere"])
def test_parts_and_genome_are_inverses(request, name, seed):
    space = request.getfixturevalue(name)
    genome = space.draw(random.Random(seed))
    parts = space.parts(genome)
    assert len(parts.blocks) == space.blocks
    assert space.genome(parts) == genome
    read = yaml.safe_load(yaml.safe_dump({"blocks": parts.blocks, "stem": parts.stem, "heads": parts.heads}))
    assert space.genome(replace(parts, **read)) == genome


def test_genes_of_stem_and_heads_have_their_places(everywhere):
    names = [gene.name for gene in everywhere.genes]
    assert (names[0], names[-1], len(names)) == ("filters", "filters", 41)
    parts = everywhere.parts(everywhere.draw(random.Random(0)))
    assert parts.stem["filters"] in (4, 8)
    assert 4 <= parts.heads["heatmap"]["filters"] <= 9


def test_a_drawn_genome_has_a_value_of_each_gene(tiny_space):
    genome = tiny_space.draw(random.Random(3))
    assert all(value in gene.values for value, gene in zip(genome, tiny_space.genes, strict=True))
    assert genome == tiny_space.draw(random.Random(3))
    assert genome != tiny_space.draw(random.Random(4))


def test_both_ends_of_every_gene_are_drawn(default_space):
    rng = random.Random(0)
    blocks = [block for _ in range(200) for block in default_space.parts(default_space.draw(rng)).blocks]
    for gene in default_space.block.genes:
        assert isinstance(gene, Choice)
        assert {block[gene.name] for block in blocks} == set(gene.values)


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda parts: parts.blocks.pop(), "2 blocks in a space of 3; was the space changed"),
        (lambda parts: parts.blocks[1].pop("kernel"), "expected .*kernel.*was the space changed"),
        (lambda parts: parts.blocks[1].update(bins=2), "bins.*was the space changed"),
        (lambda parts: parts.blocks[2].update(kernel=2), r"kernel is 2, expected .*1, 3.*was the space changed"),
        (lambda parts: parts.stem.clear(), "the genes none, expected filters; was the space changed"),
        (lambda parts: parts.heads["heatmap"].update(filters=10), "filters is 10, expected .*was the space changed"),
        (lambda parts: parts.heads.clear(), "heads .* in a space with heatmap; was the space changed"),
    ],
)
def test_parts_of_another_space_are_refused(everywhere, damage, message):
    parts = everywhere.parts(everywhere.draw(random.Random(0)))
    damage(parts)
    with pytest.raises(ValueError, match=message):
        everywhere.genome(parts)


KERNELS = "gene 'kernel': "


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ("stem", None, "the key 'stem' is missing; add it"),
        ("blocks", None, "the key 'blocks' is missing; add it"),
        ("heads", None, "the key 'heads' is missing; add it"),
        ("strides.smallest", None, "the key 'strides.smallest' is missing; add it"),
        ("depth", 3, "the key 'depth' is unknown; expected one of blocks, genes, heads"),
        ("head", {}, "the key 'head' is unknown; did you mean 'heads'?"),
        ("blocks", "three", "blocks is 'three', expected a value of type integer"),
        ("blocks", 0, "blocks is 0, expected 1 or more"),
        ("blocks", 100_000, "blocks is 100000, expected 1000 or less"),
        ("heads", {}, "heads is {}, expected at least 1 key"),
        ("heads", {"heatmaps": {}}, "found the head 'heatmaps'; expected some of heatmap"),
        ("heads.heatmap", 3, "the head heatmap is 3; expected settings by name"),
        ("heads.heatmap.stride", None, "the head heatmap needs 'stride'; add it"),
        ("heads.heatmap.stride", {"ordinal": [2, 4]}, "the stride of the head heatmap is a gene; expected a single"),
        ("genes.kernel", None, "conv needs 'kernel'; add it"),
        ("genes.expansion", None, "mbconv needs 'expansion'; add it"),
        ("genes.operation", None, "the key 'genes.operation' is missing; add it"),
        ("genes.merge", None, "conv with skips needs 'merge'; add it"),
        ("genes.operation", {"categorical": ["conv", "convolve"]}, "'convolve' is not an operation; expected some of"),
        ("genes.operation", {"integer": [1, 2]}, "gene 'operation' is a number; expected categorical"),
        ("genes.dilaton", 2, "nothing reads 'dilaton' of a block; did you mean 'dilation'?"),
        ("genes.colour", "red", "nothing reads 'colour' of a block; remove it"),
        (
            "genes.kernel",
            {"ordinal": [1, 3], "categorical": [1, 3]},
            "gene 'kernel' has [a-z]+al, [a-z]+al; expected cat",
        ),
        ("genes.kernel", {"values": [1, 3]}, "gene 'kernel' has values; expected categorical or ordinal, perhaps with"),
        ("genes.kernel", {}, "gene 'kernel' has nothing; expected categorical or ordinal"),
        ("genes.kernel", {"ordinal": [1, 3], "wieghts": [1, 1]}, "gene 'kernel' has ordinal, wieghts; expected .*weig"),
        ("genes.kernel", {"ordinal": []}, KERNELS + r"ordinal is \[\]; expected a list of one value or more"),
        ("genes.kernel", {"ordinal": 3}, KERNELS + "ordinal is 3; expected a list"),
        ("genes.kernel", {"ordinal": [3, 3]}, KERNELS + r"ordinal is \[3, 3\]; expected different values"),
        ("genes.kernel", {"ordinal": [1, 3], "weights": [1]}, KERNELS + r"weights is \[1\]; expected 2 numbers of 0"),
        ("genes.kernel", {"ordinal": [1, 3], "weights": [1, -1]}, KERNELS + "weights .* expected 2 numbers of 0 or"),
        ("genes.kernel", {"ordinal": [1, 3], "weights": [0, 0]}, KERNELS + "weights .* one at least above 0"),
        ("genes.kernel", {"ordinal": [1, 3], "weights": 2}, KERNELS + "weights is 2; expected 2 numbers"),
        ("genes.kernel", {"ordinal": [1, 3], "weights": ["a", 1]}, KERNELS + "weights .* expected 2 numbers"),
        ("genes.kernel", {"integer": [5, 3]}, KERNELS + r"integer is \[5, 3\]; expected two numbers, the least"),
        ("genes.kernel", {"integer": [3]}, KERNELS + r"integer is \[3\]; expected two numbers"),
        ("genes.kernel", {"integer": [1, 3], "scale": "ln"}, KERNELS + "scale is 'ln'; expected linear, or log"),
        (
            "genes.kernel",
            {"real": [1, 3]},
            "gene 'kernel' is real; expected integers of 1 or more, so declare it as int",
        ),
        ("genes.skip", {"real": [0, 3]}, "gene 'skip' is real; expected integers of 0 or more, so declare it as int"),
        ("genes.stride", {"integer": [1, 2]}, "gene 'stride' is integer, and strides are powers of 2; expected cat"),
        (
            "genes.squeeze_excite",
            {"real": [0, 1], "scale": "log"},
            "gene .* scale is 'log'; expected .* bounds above 0",
        ),
        ("genes.squeeze_excite", {"integer": [0, 2]}, "squeeze_excite is 2; expected shares from 0 to 1"),
        ("strides.smallest", 3, "strides.smallest is 3; expected a power of 2"),
        ("strides.largest", 12, "strides.largest is 12; expected a power of 2"),
        ("strides.largest", 4.0, "strides.largest is 4.0; expected a power of 2"),
        ("strides.largest", 0, "strides.largest is 0, expected 1 or more"),
        ("heads.heatmap.stride", -4, "stride is -4; expected powers of 2"),
        ("heads.heatmap.stride", 2.0, "stride is 2.0; expected powers of 2"),
        ("stem.stride", 6, "stride is 6; expected powers of 2"),
        ("stem.stride", {"ordinal": [2, 16]}, "the stem's stride 16 lies outside of strides, 2 to 8; change one"),
        ("stem.stride", 1, "the stem's stride 1 lies outside of strides, 2 to 8; change one"),
        ("stem.stride", 16, "the stem's stride 16 lies outside of strides, 2 to 8; change one"),
        ("stem.operation", {"categorical": ["conv", "mbconv"]}, r"the stem \(mbconv\) needs 'expansion'; add it"),
        ("stem.operation", "convolve", "the stem's operation is 'convolve'; expected one of conv, "),
        ("stem.operation", "mbconv", r"the stem \(mbconv\) needs 'expansion'; add it"),
        ("stem.operation", "upsample", "the stem's operation is upsample, which does not shrink by its stride 2"),
        ("stem.operation", "identity", "the stem's operation is identity, which does not shrink by its stride 2"),
        ("stem.fitlers", 3, "nothing reads 'fitlers' of the stem; did you mean 'filters'?"),
        ("operations", "none.py", "operations is none.py, and there is no .*none.py; correct the path"),
    ],
)
def test_what_is_wrong_is_said_with_file_and_remedy(tmp_path, content, path, value, message):
    change(content, path, value)
    assert re.search(rf"^\S+mine\.yaml: {message}", complaint(write(tmp_path, content)))


def test_operations_outside_of_the_folder_of_the_space_are_not_run(tmp_path, content):
    (tmp_path / "operations.py").write_text("raise SystemExit('this was run')")
    (tmp_path / "spaces").mkdir()
    content["operations"] = "../operations.py"
    assert "expected a file inside of" in complaint(write(tmp_path / "spaces", content))


def test_genomes_are_read_without_own_code(tmp_path, content):
    """As reports of other people's runs are: the file is not executed, and its operations are unknown."""
    (tmp_path / "mine.py").write_text("raise SystemExit('executed')")
    content["operations"] = "mine.py"
    content["genes"]["operation"]["categorical"] = ["teleport"]
    content["heads"]["oracle"] = {"depth": 2}
    space = read_space(write(tmp_path, content), own_code=False)
    genome = space.draw(random.Random(1))
    assert space.genome(space.parts(genome)) == genome
    assert {block["operation"] for block in space.parts(genome).blocks} == {"teleport"}


def test_genes_of_operations_that_are_never_drawn_are_refused(tmp_path, content):
    content["genes"]["convolve.filters"] = 3
    assert "'convolve.filters' is of an operation that is never drawn; remove" in complaint(write(tmp_path, content))


@pytest.mark.parametrize(
    ("name", "value"),
    [("conv.", 3), ("conv.a.b", 3), ("conv.operation", "mbconv"), ("conv.skip_2", 2), (3, 3), ("", 3), ("kernel.", 3)],
)
def test_odd_names_of_genes_are_refused(tmp_path, content, name, value):
    del content["genes"]["merge"], content["genes"]["skip"]
    content["genes"][name] = value
    complaint(write(tmp_path, content))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("strides", 3),
        ("strides", {3: 4}),
        ("stem.filters", None),
        ("heads.heatmap.filters", None),
        ("heads.heatmap.kernel", 0),
        ("stem.filters", "many"),
        ("stem.filters", True),
        ("stem.activation", None),
        ("stem.stride", None),
        ("genes.input", {"ordinal": [0, 1]}),
        ("genes.skip", {"ordinal": [-1, 0]}),
        ("genes.skip", "yes"),
        ("genes.merge", {"categorical": ["multiply"]}),
        ("genes.align", {"categorical": ["middle"]}),
        ("genes.normalisation", {"categorical": ["batch", None]}),
        ("genes.kernel", {"ordinal": [0, 3]}),
        ("genes.kernel", {"ordinal": [[1], [3]]}),
        ("genes.stride", {"ordinal": [1, 3]}),
        ("genes.filters", {"ordinal": ["many"]}),
        ("genes.filters", {1: 2}),
        ("genes.filters", {"integer": [1.5, 8]}),
        ("genes.filters", {"integer": [8, float("inf")]}),
        ("genes.expansion", {"real": [1, float("nan")]}),
        ("genes.expansion", {"real": [0.5, 2]}),
        ("genes.repeats", 0),
        ("genes.dilation", {"integer": [0, 3]}),
        ("genes.activation", {"categorical": [3]}),
        ("genes.kernel", [1, 3]),
        ("genes", ["kernel"]),
        ("genes", {3: 4, "operation": "conv"}),
        ("heads", ["heatmap"]),
        ("heads", {3: {}}),
        ("operations", 3),
        (3, 3),
    ],
)
def test_what_would_fail_later_is_refused_when_read(tmp_path, content, path, value):
    change(content, path, value) if isinstance(path, str) else content.update({path: value})
    complaint(write(tmp_path, content))


def test_a_whole_number_of_blocks_may_be_written_as_a_fraction(tmp_path, content):
    change(content, "blocks", 3.0)
    assert len(read_space(write(tmp_path, content)).genes) == 39


def test_bytes_that_are_no_text_are_refused_with_their_file(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_bytes(b"\xff\xfe\x00stem")
    complaint(path)


@pytest.mark.parametrize("text", ["", "[]", "stem: {", "just words"])
def test_what_is_no_space_at_all_is_refused_with_its_file(tmp_path, text):
    with pytest.raises(ValueError, match=r"mine\.yaml: "):
        read_space(write(tmp_path, text))


def test_the_stride_of_the_stem_may_be_a_gene(tmp_path, content):
    """32 pixels: after a stem of stride 2 or 4, and no block, maps of 16 or 8."""
    change(content, "stem.stride", {"ordinal": [2, 4]})
    space = read_space(write(tmp_path, content))
    stems = set()
    for seed in range(20):
        network = decode(space.draw(random.Random(seed)), space, input_size=32, outputs=5)
        stems.add(next(layer.shape[0] for layer in network.layers if layer.kind == "conv"))
    assert stems == {16, 8}
