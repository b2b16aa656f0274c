"""The benchmarks by name: what each measures, and how."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from evocnn_bench import measures


@dataclass(frozen=True)
class Benchmark:
    """A benchmark.

    Attributes:
        title: of its page.
        about: what is measured, in Markdown.
        measure: measures and returns the figures as Markdown; gets the path of `--data`.
        data: what `--data` names; "" where nothing is needed.
    """

    title: str
    about: str
    measure: Callable[[Path], str]
    data: str = ""


BENCHMARKS: Mapping[str, Benchmark] = {
    "data": Benchmark(
        "Input pipeline",
        """
320 people of the toy set, enlarged to 1280 pixels wide; batches of 16, augmented by scale, rotation and mirroring.
(a) opens, decodes and warps the original image of every person in every epoch, as a loader without records does. (b)
is this workflow: records are written and decoded once per run, and every training maps the crops into its memory,
which all trainings of a machine share. (c) takes finished batches from memory. The first epoch of (b) includes
everything that a run does once. Speeds are per second of CPU time; ratios are medians over rounds in which the
variants take turns.

The second table is what the jobs of the rules need for as many people as MPII has, in images 1280 pixels wide, with
crops for an input of 256×256 in 16 shards.
""",
        measures.data,
    ),
    "memory": Benchmark(
        "Memory of deep networks",
        """
8, 16, 32 and 64 blocks at 256×256, batches of 8, float32. Each block has 16–128 filters, a kernel of 1, 3 or 5, a
stride of 1 or, one in seven, 2, and two inputs: the block before and one of the four before. (a) has no stem, pads
its two inputs with zeros to the larger and concatenates them. (b) begins with a convolution of stride 4, as the
space weighted does, pools its two inputs to the smaller and adds or concatenates them. (c) and (d) recompute segments
in the backward pass.

The measured value is the peak of a process that trains three steps, minus that of training one small convolution,
which takes about 310 MB. A process beyond 8 GB is ended. `scripts/evocnn/space/memory.py` explains the prediction.
""",
        measures.memory,
    ),
    "search": Benchmark(
        "Strategies",
        """
How many trainings a strategy needs to find one of the best networks of a space, where every network of the space has
been trained before and stands in a table.

NAS-Bench-201 (Dong & Yang, ICLR 2020) has 15,625 cells on three data sets: `arch` of six digits (edges 1←0, 2←0, 2←1,
3←0, 3←1, 3←2; 0 none, 1 skip, 2 convolution 1×1, 3 convolution 3×3, 4 average pooling 3×3), and for each data set
`*_val12`, validation accuracy after 12 epochs, which a search sees, and `*_test200`, test accuracy after 200 epochs,
which scores the best network by `*_val12`. NAS-Bench-Macro (Su et al., CVPR 2021) has 6,561 networks of eight layers,
each trained three times: a search sees the first accuracy, and the mean of the other two is its test accuracy. Searches
use the functions that `breed` and `select` call. Cells that compute the same are one network, and no network is
evaluated twice; so the top 0.1 % of the cells of NAS-Bench-201 are 0.3 % of its different networks. Settings and
features of the predictor were chosen on CIFAR-10 alone. A mutation changes one gene; (μ + λ) are survivors and
offspring of a generation, (μ, sample) those of regularized evolution.

Evaluations to the top 0.1 % of cells, by what a search sees, are medians. Test accuracies are means ± standard
deviations over seeds; p is of a paired t test against random search and against regularized evolution (30, 10), with
the sign of the difference.
""",
        measures.search,
        "a folder with the tables described above: nb201/nb201.csv.gz and nbmacro/nb_macro.csv.gz",
    ),
    "fronts": Benchmark(
        "Two objectives",
        """
Accuracy and parameters on NAS-Bench-201, which [search](search.md) describes: how much of the best front a search
reaches. Both objectives count at once: `objectives: [score, -params / 1e6]`. A search sees the validation accuracy
after 12 epochs. Hypervolume is the area that its cells dominate above the mean accuracy and the largest number of
parameters of all cells; 100 % is that of all cells. Parameters are those of convolutions that reach the end of the
cell, in all 15 cells of the network.

Means ± standard deviations over seeds; p is of a paired t test against plain NSGA-II, with the sign of the difference.
""",
        measures.fronts,
        "a folder with the table described above: nb201/nb201.csv.gz",
    ),
    "deceptive": Benchmark(
        "Where climbing misleads",
        """
The strategies of [search](search.md) on an artificial space of 64 slots whose optimum is known. A quarter of the slots
form pairs that deceive searches that only climb, some genes are dead, and a limit binds
(`scripts/evocnn_bench/deceptive.py`). Evaluations are medians over landscapes, > where half of the searches did not
reach the optimum's 95 %. Local search is left out: at a local optimum it needs thousands of genomes that are known
already. The command takes about half an hour.
""",
        measures.deceptive,
    ),
    "precision": Benchmark(
        "16 bits and XLA",
        """
A random network of the space weighted at 128×128, batches of 16, one thread, on a CPU: `training.precision` and
`training.xla`. Each training has a process of its own and six steps. Ratios are medians over three rounds in which
the variants take turns. The first step traces and compiles. Memory is relative to that of training one small
convolution.
""",
        measures.precision,
    ),
    "gpu": Benchmark(
        "Training on a GPU",
        """
ResNet-50 of Simple Baselines and a random network each of the spaces weighted and efficient, in batches of 32. The
same batch again and again takes what the network alone takes. Batches of the input pipeline are augmented as in
trainings, and prepared in memory of the machine. Trainings are deterministic, except where XLA compiles their steps
or the row says otherwise. Each has a process of its own, and 30 steps before the 30 that are timed. Times to the
first step begin with the start of the process, which then loads TensorFlow.

PyTorch trains the same ResNet-50, where it can be imported, with TF32, `cudnn.benchmark` and Adam in one kernel. Its
loss is the squared error.

GPU memory is the peak of what TensorFlow or PyTorch has allocated, workspace of cuDNN included, without what CUDA
takes per process. `scripts/evocnn/space/memory.py` explains the prediction.

The second table is of the network of efficient at the smallest input: trainings that share the GPU, each in a process
of its own. Their timed steps begin together.

The other tables say what the GPU does in a step, by TensorFlow's profiler: the time of all kernels of an operation,
and of waiting for the next kernel ("nothing"). Kernels of several streams may run at the same time.

The command takes less than six minutes. "–" is not measured: the time was over, or the reason is below the tables.
Without a GPU, the command measures small networks on the CPU.
""",
        measures.gpu,
    ),
    "inherit": Benchmark(
        "Weight inheritance",
        """
Ten random networks of the space weighted, and of each a child by mutation, trained on 480 people of the toy set at
64×64 for six epochs: the child once from random weights, once from its parent's (`training.inherit`), with the same
seed. Scores are PCKh@0.5 on 240 other people. The parent's epochs are not counted.
""",
        measures.inherit,
    ),
    "scale": Benchmark(
        "Thousands of trainings",
        """
The workflow with a training that sleeps for 10 ms and scores a network by its id, in place of
`scripts/evolution/train.py`; everything else is unchanged: 100 individuals per generation, bred and selected by the
`genetic` strategy, on 32 simulated GPUs (`--cores 32 --resources gpu=32`). The time per job includes the start of
Python. "Snakemake's own" is CPU time of its process alone. The command takes half an hour.
""",
        measures.scale,
    ),
    "files": Benchmark(
        "Files of long searches",
        """
What a search of 10,000 individuals leaves on the disk, and how long its tables and its report take, in two shapes. It
is bred and selected by the functions that `breed` and `select` call, with the strategy `genetic` on the space weighted,
in one process, and writes every file of a search; networks are scored by their ids and not trained. The command takes
a few minutes.
""",
        measures.files,
    ),
    "overhead": Benchmark(
        "A job per training",
        """
The same twelve random networks of the space weighted, on the same batches of the toy set at 64×64, scored on
search-valid after every epoch. (a) is one process that builds and fits one network after another as a notebook does,
with plain Keras, a pipeline that TensorFlow tunes, and all cores. (b) is the workflow, `snakemake --cores 2
--resources gpu=1`, with `training.threads` of all cores, from its start to the last fitness file; records and genomes
exist before. (c) is what remains of (b) without everything that happens once per training: the number of epochs times
the median of the epochs after the first. CPU time and memory are of all processes together, memory without mapped
files. The command takes about twenty minutes.
""",
        measures.overhead,
    ),
    "literature": Benchmark(
        "Networks of the literature",
        """
The network that a search found (`config/lspet.yaml`) and [networks of the literature](../baselines.md) at a quarter of
their width, each trained from random weights with three seeds, on 823 people of Leeds Sports Pose Extended, a fifth of
them search-valid, at 128×128. With equal epochs, all networks have 40. With equal computing, the evolved network has
for each of the others as many epochs as cost no more multiply–accumulates than 40 epochs of that network. Each network
has for each number of epochs the better of two augmentations: "weak" turns people by 15° and scales them by 0.15,
"strong" by 40° and 0.3 (standard deviations); the first seed is trained with both, and its score on search-valid
decides. Scores are PCKh-style in percent, on 279 other people as test, means ± standard deviations over seeds; labels
are crowd-sourced and noisy. Latency and time are medians; another network trained on the other core. Equal computing is
not equal time: see both columns. What the search has taken is left out of both.

Trainings are kept as rows of [literature.csv](literature.csv), the evolved network in
[literature.yaml](literature.yaml). The command takes three hours on two cores. Interrupted, it continues from these
files, and without them it measures everything again.
""",
        measures.literature,
        "the folder that config/lspet.yaml describes, with annot/train.json",
    ),
    "evolving": Benchmark(
        "Evolving against drawing at random",
        """
Does evolving pay on real images? 10,000 training images of CIFAR-10, 1,000 per class, a quarter of them search-valid,
and all 10,000 test images (`config/cifar10_small.yaml` over `config/cifar10.yaml`). A search trains 40 networks for a
few epochs each, and then three of them in full. `predictor` is the default strategy. `random` draws every network at
random within the same limits, and its three networks are chosen by the same rule. All numbers are accuracies in
percent, means ± standard deviations over seeds. Test is scored once per search, for the network that is best on
search-valid after the full training.

The settings were chosen with seeds 1 to 5, which are left out. Searches are kept as rows of
[evolving.csv](evolving.csv). The command takes three hours on two cores. Interrupted, it continues from them.
""",
        measures.evolving,
        "a folder with train.zip and test.zip of CIFAR-10, in each a folder per class",
    ),
    "poses": Benchmark(
        "Evolving against drawing at random, for poses",
        """
Does evolving pay on photographs of people? 823 people of Leeds Sports Pose Extended, a fifth of them search-valid, and
279 other people as test, at 128×128 (`config/lspet_small.yaml` over `config/lspet.yaml`). A search trains 40 networks
for a few epochs each, and then three of them in full. `predictor` is the default strategy. `random` draws every network
at random within the same limits, and its three networks are chosen by the same rule. All numbers are PCKh-style in
percent, means ± standard deviations over seeds; labels are crowd-sourced and noisy. Test is scored once per search, for
the network that is best on search-valid after the full training.

The command takes about two hours on two cores. Interrupted, it continues where it was.
""",
        measures.poses,
        "the folder that config/lspet.yaml describes, with annot/train.json",
    ),
    "rungs": Benchmark(
        "Rungs",
        """
Do [rungs](../evolution.md#rungs-more-epochs-only-for-the-best) save epochs? Searches on 823 people of Leeds Sports Pose
Extended, a fifth of them search-valid, and 279 other people as test, at 128×128 (`config/lspet_rungs.yaml` over
`config/lspet_small.yaml` and `config/lspet.yaml`): four generations of ten networks, eight epochs each, and with rungs
two epochs each and eight for the best three of ten. Then three networks are trained in full. Strategy and limits are
those of [poses](poses.md). All numbers are PCKh-style in percent, means ± standard deviations over seeds.

"last generation, mean" is, with rungs, of scores after two epochs and after eight. The command takes one and a half
hours on two cores. It keeps the searches of each seed as rows of [rungs.csv](rungs.csv) and continues from them;
without this file it measures everything again.
""",
        measures.rungs,
        "the folder that config/lspet.yaml describes, with annot/train.json",
    ),
    "decoding": Benchmark(
        "Decoding and averaging of published results",
        """
Published results take joints from heatmaps in several ways, average predictions over each picture and its mirror image
(the flip test), or average weights over the steps of the training. What is that worth here? The six largest of 24
random networks of `config/lspet_small.yaml` over `config/lspet.yaml`, each trained with a seed of its own as a finalist
is, to the last of its 40 epochs, on 823 people of Leeds Sports Pose Extended, a fifth of them search-valid. Test are
279 other people.

All rows score the same six trainings. Scores are PCKh-style in percent, means over networks; labels are crowd-sourced
and noisy. Differences are from the row in bold, which is how this project decodes, ± the standard deviation over
networks; p is of a paired t test. What to keep was chosen by search-valid. Averages of weights follow each step; the
learning rate has fallen to 0 at the end, as it does in every training here.

DARK (Zhang et al., CVPR 2020) blurs the map and takes the summit of the paraboloid about its highest cell. A network
here is trained to yield the logarithm of a Gaussian, whose summit the parabola through three cells gives exactly.
""",
        measures.decoding,
        "the folder that config/lspet.yaml describes, with annot/train.json",
    ),
    "demo": Benchmark(
        "Evolution in the demo",
        """
Does `make demo` show evolution, or only chance? The search of `config/config.yaml`, which takes minutes on two cores,
with five seeds of the search on one toy data set, and as many trainings of networks drawn at random. All numbers are
PCKh@0.5 in percent; all but the last two columns are on search-valid. The standard error is that of the rise, as if
both networks were scored on different people: they are not, so that it is too large rather than too small. Both are
the best of several noisy scores.

The command takes about three quarters of an hour on two cores. Interrupted, it continues where it was.
""",
        measures.demo,
    ),
}
