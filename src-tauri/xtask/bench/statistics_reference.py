"""The statistics by the packages that people use for them in Python.

`cargo xtask bench` runs it as the reference, on files that the example `speed` of the crate
`agreement` wrote. Each runs once unmeasured and once measured, from arrays as the package takes them
to its result; reading is not measured.

    python3 statistics_reference.py alpha|dawid-skene|bradley-terry FOLDER
"""

import json
import sys
import time
import warnings
from pathlib import Path

import numpy as np


def measured(run):
    run()
    begun = time.perf_counter()
    found = run()
    return time.perf_counter() - begun, found


def alpha(folder):
    import krippendorff

    answers = np.loadtxt(folder / "alpha.csv", delimiter=",")
    told = {"votes": answers.size}
    for level in ("nominal", "ordinal"):
        seconds, value = measured(
            lambda: krippendorff.alpha(reliability_data=answers, level_of_measurement=level)
        )
        told[level] = {"seconds": seconds, "value": float(value)}
    return told


def dawid_skene(folder):
    import pandas as pd
    from crowdkit.aggregation import DawidSkene

    votes = pd.read_csv(folder / "votes.csv")
    seconds, fit = measured(lambda: DawidSkene().fit(votes))
    return {
        "votes": len(votes),
        "seconds": seconds,
        "iterations": len(fit.loss_history_),
        "log_likelihood": log_likelihood(votes, fit),
    }


def log_likelihood(votes, fit):
    """Of the answers, under the priors and confusion matrices that were found."""
    truths = list(fit.priors_.index)
    cells = fit.errors_[truths]
    place = pd_index(cells.index)
    rows = [place[key] for key in zip(votes["worker"], votes["label"])]
    with np.errstate(divide="ignore"):
        logs = np.log(cells.to_numpy())[rows]
        sums = np.tile(np.log(fit.priors_.to_numpy()), (votes["task"].max() + 1, 1))
    np.add.at(sums, votes["task"].to_numpy(), logs)
    highest = sums.max(axis=1)
    each = highest + np.log(np.exp(sums - highest[:, None]).sum(axis=1))
    return float(each[votes["task"].unique()].sum())


def pd_index(index):
    return {key: n for n, key in enumerate(index)}


def bradley_terry(folder):
    import choix

    rows = np.loadtxt(folder / "comparisons.csv", delimiter=",", skiprows=1, dtype=int)
    models = int(rows.max()) + 1
    data = [tuple(row) for row in rows.tolist()]
    wins = np.zeros((models, models))
    np.add.at(wins, (rows[:, 0], rows[:, 1]), 1.0)
    told = {"comparisons": len(data)}
    for name, run in (
        ("rows", lambda: choix.ilsr_pairwise(models, data)),
        ("matrix", lambda: choix.ilsr_pairwise_dense(wins)),
    ):
        seconds, strengths = measured(run)
        leads = strengths[rows[:, 0]] - strengths[rows[:, 1]]
        told[name] = {
            "seconds": seconds,
            "log_likelihood": -float(np.logaddexp(0.0, -leads).sum()),
        }
    return told


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    part = {"alpha": alpha, "dawid-skene": dawid_skene, "bradley-terry": bradley_terry}
    print(json.dumps(part[sys.argv[1]](Path(sys.argv[2]))))
