"""How often does a 95 % interval hold the AUC, and how often does delong_test reject models that do not differ?

    python benchmarks/interval_coverage.py                  # the tables of benchmarks/README.md, in a minute or two
    python benchmarks/interval_coverage.py --draws 4000     # with more samples than 600 for each cell
    python benchmarks/interval_coverage.py --cells          # and a line for each cell of the grid

A cell is an AUC, a number of positives and negatives, and a shape of the scores whose AUC is known. Each sample is
drawn as counts: the negatives fall between the sorted positives with the probabilities that the shape gives.
"""

import argparse
import warnings

import numpy as np
from scipy import optimize
from scipy.special import expit, logit, ndtr, ndtri

from compat_auc import delong_test
from compat_auc.counting import interval

BOOTSTRAPPED, RESAMPLES = 100, 200
Z = ndtri(0.975)
AUCS = (0.6, 0.8, 0.95, 0.99)
SIZES = ((1, 1000), (2, 1000), (3, 3), (5, 50), (5, 1000), (10, 1000), (50, 50), (50, 1000), (200, 5))
SIZES += ((200, 1000), (1000, 10_000))


# Each shape gives the share of negatives that a positive beats, for uniform or normal draws of positives.
def binormal(deviation):
    def shape(auc, rng, size):
        return ndtr(ndtri(auc) * np.hypot(1, deviation) + deviation * rng.normal(size=size))

    return shape


def exponential(auc, rng, size):
    return -np.expm1(-rng.exponential(size=size) * auc / (1 - auc))


def mirrored_exponential(auc, rng, size):
    return np.exp(-rng.exponential(size=size) * (1 - auc) / auc)


def missed(auc, rng, size):
    """Some positives score like negatives. All others score above them."""
    return np.where(rng.random(size) < 2 * (1 - auc), rng.random(size), 1.0)


SHAPES = {
    "normal, equal spread": binormal(1),
    "normal, positives 2 times as wide": binormal(2),
    "normal, positives 3 times as wide": binormal(3),
    "normal, negatives 3 times as wide": binormal(1 / 3),
    "exponential": exponential,
    "exponential, mirrored": mirrored_exponential,
    "some positives like negatives": missed,
    "five ratings": None,
}
RATED_BELOW = np.array([0, 0.5, 0.75, 0.9, 0.97, 1])


def ratings(auc):
    """Probabilities of five ratings, for negatives and positives; None if ties keep the AUC below the one asked for."""
    negatives = np.diff(RATED_BELOW)

    def positives(shift):
        return np.diff(ndtr(ndtri(RATED_BELOW) - shift))

    def error(shift):
        return np.dot(positives(shift), np.cumsum(negatives) - negatives / 2) - auc

    return None if error(30) < 0.003 else (negatives, positives(optimize.brentq(error, 0, 30)))


def draw(shape, auc, positives, negatives, draws, rng):
    """Weights of positives and negatives in buckets by ascending score, each of shape (draws, buckets); or None."""
    if SHAPES[shape] is None:
        shares = ratings(auc)
        return shares and (rng.multinomial(positives, shares[1], draws), rng.multinomial(negatives, shares[0], draws))
    beaten = np.sort(SHAPES[shape](auc, rng, (draws, positives)), 1)
    edges = np.concatenate([np.zeros((draws, 1)), beaten, np.ones((draws, 1))], 1)
    negative, positive = np.zeros((2, draws, 2 * positives + 1))
    shares = np.maximum(np.diff(edges, axis=1), 0)
    negative[:, ::2] = rng.multinomial(negatives, shares / shares.sum(1, keepdims=True))
    positive[:, 1::2] = 1
    return positive, negative


def placements(positive, negative):
    m, n = positive.sum(-1, keepdims=True), negative.sum(-1, keepdims=True)
    beaten = (np.cumsum(negative, -1) - negative / 2) / n
    beating = 1 - (np.cumsum(positive, -1) - positive / 2) / m
    return beaten, beating, (positive * beaten).sum(-1) / m[..., 0]


# The methods. Each takes counts of shape (draws, buckets), and returns both ends, of shape (draws,).
def ours(positive, negative):
    return np.array([interval.confidence_interval(*counts) for counts in zip(positive, negative)]).T


def delong_on_logits(positive, negative):
    """The normal interval on the logit scale, with DeLong's variance (Pepe 2003); Clopper and Pearson's at 0 and 1."""
    m, n = positive.sum(1), negative.sum(1)
    beaten, beating, auc = placements(positive, negative)
    variance = (positive * (beaten - auc[:, None]) ** 2).sum(1) / np.maximum(m - 1, 1) / m
    variance += (negative * (beating - auc[:, None]) ** 2).sum(1) / np.maximum(n - 1, 1) / n
    inner = np.clip(auc, 1e-12, 1 - 1e-12)
    reach = Z * np.sqrt(variance) / (inner * (1 - inner))
    low, high = expit(logit(inner) - reach), expit(logit(inner) + reach)
    exact = 0.025 ** (1 / np.minimum(m, n))
    low = np.where(auc >= 1, exact, np.where(auc <= 0, 0, low))
    return low, np.where(auc >= 1, 1, np.where(auc <= 0, 1 - exact, high))


def obuchowski_lieber(positive, negative):
    """As before. The lower end of a perfect order is the AUC at which 2.5 % of normal samples have one (2002)."""
    low, high = delong_on_logits(positive, negative)
    points = np.linspace(-9, 20, 4000)
    m, n = positive[0].sum(), negative[0].sum()
    last = np.diff(ndtr(points) ** n)

    def perfect(auc):
        return np.dot(last, ndtr(ndtri(auc) * 2**0.5 - points[1:]) ** m) - 0.025

    return np.where(high == 1, optimize.brentq(perfect, 1e-9, 1 - 1e-9), low), high


def hanley_mcneil(positive, negative, balanced=False):
    """Where the area is Z standard errors (Hanley, McNeil 1982) away; `balanced` is Newcombe's method 5 (2006)."""
    m, n = positive[0].sum(), negative[0].sum()
    auc = placements(positive, negative)[2]
    others = ((m + n) / 2 - 1,) * 2 if balanced else (m - 1, n - 1)

    def outside(a):
        factor = 1 + others[0] * (1 - a) / (2 - a) + others[1] * a / (1 + a)
        return (auc - a) ** 2 > Z**2 * a * (1 - a) * factor / (m * n)

    ends = []
    for end in (np.zeros_like(auc), np.ones_like(auc)):
        far, near = end, auc
        for _ in range(40):
            middle = (far + near) / 2
            far, near = np.where(outside(middle), middle, far), np.where(outside(middle), near, middle)
        ends.append(near)
    return ends


def newcombe_5(positive, negative):
    return hanley_mcneil(positive, negative, balanced=True)


def bootstrap(positive, negative):
    """Percentiles of the AUC of rows drawn again, each class for itself. Small tables only."""
    if positive[0].sum() > 50:
        return np.nan, np.nan
    rng, ends = np.random.default_rng(1), []
    for both in zip(positive[:BOOTSTRAPPED], negative[:BOOTSTRAPPED]):
        again = (rng.multinomial(int(counts.sum()), counts / counts.sum(), RESAMPLES) for counts in both)
        ends.append(np.quantile(placements(*again)[2], [0.025, 0.975]))
    return np.array(ends).T


METHODS = {
    "compat-auc": ours,
    "DeLong, logit": delong_on_logits,
    "Obuchowski, Lieber": obuchowski_lieber,
    "Hanley, McNeil": hanley_mcneil,
    "Newcombe 5": newcombe_5,
    "bootstrap": bootstrap,
}


def coverage(draws, cell_lines):
    rng, cells = np.random.default_rng(0), {}
    for positives, negatives in SIZES:
        for shape in SHAPES:
            for auc in AUCS:
                sample = draw(shape, auc, positives, negatives, draws, rng)
                if sample is None:
                    continue
                cell = []
                for method in METHODS.values():
                    low, high = method(*sample)
                    held = (low <= auc + 1e-9) & (auc <= high + 1e-9)
                    cell.append((np.mean(np.where(np.isnan(low), np.nan, held)), np.mean(high - low)))
                cells[positives, negatives, shape, auc] = np.array(cell)
                if cell_lines:
                    print(
                        positives,
                        negatives,
                        shape,
                        auc,
                        *(f"{100 * share:.1f}" for share, _ in cell),
                        sep=", ",
                        flush=True,
                    )
    return cells


def summary(cells, title, key):
    print(f"\n| {title} | {' | '.join(METHODS)} |\n{'|---' * (len(METHODS) + 1)}|")
    for group in dict.fromkeys(map(key, cells)):
        chosen = np.array([cell for name, cell in cells.items() if key(name) == group])
        lowest, mean = 100 * chosen[:, :, 0].min(0), 100 * chosen[:, :, 0].mean(0)
        width = np.exp(np.log(chosen[:, :, 1] / chosen[:, 1:2, 1]).mean(0))
        texts = [f"{a:.1f}, {b:.1f}, {c:.2f}" if a == a else "" for a, b, c in zip(lowest, mean, width)]
        print(f"| {group} | {' | '.join(texts)} |")


def two_models(positives, negatives, auc, draws):
    """The share of p-values below 0.05 and 0.01, from Student's t and from the normal distribution."""
    rng, labels = np.random.default_rng(0), np.arange(positives + negatives) < positives
    counts = np.zeros(4)
    for _ in range(draws):
        common, other = rng.normal(size=(2, len(labels)))
        shift = ndtri(auc) * 2**0.5 * labels
        result = delong_test(labels, common + shift, 0.5 * common + 0.75**0.5 * other + shift)
        normal = 2 * ndtr(-abs(result.statistic))
        counts += [result.pvalue < 0.05, result.pvalue < 0.01, normal < 0.05, normal < 0.01]
    return 100 * counts / draws


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--draws", type=int, default=600)
    parser.add_argument("--cells", action="store_true")
    arguments = parser.parse_args()
    # Few rows, and two models alike, are what is measured here.
    warnings.simplefilter("ignore")
    cells = coverage(arguments.draws, arguments.cells)
    summary(cells, "positives, negatives", lambda name: f"{name[0]}, {name[1]}")
    summary(cells, "shape", lambda name: name[2])
    summary(cells, "AUC", lambda name: name[3])
    print("\n| positives, negatives | AUC | p < 0.05 | p < 0.01 | normal, p < 0.05 | normal, p < 0.01 |")
    print("|---|---|---|---|---|---|")
    for positives, negatives in ((2, 100), (3, 100), (5, 100), (5, 1000), (20, 1000), (50, 200), (100, 5)):
        for auc in (0.7, 0.9):
            shares = two_models(positives, negatives, auc, arguments.draws)
            print(f"| {positives}, {negatives} | {auc} | {' | '.join(f'{share:.1f}' for share in shares)} |")


if __name__ == "__main__":
    main()
