"""Run a grid search on a Dask cluster: here one of two processes on this machine.

It needs ``pip install 'dask[distributed]'``, and ends in numbers, not in a picture, so it is no page of the gallery.
"""

import os

import joblib
import numpy as np
from dask.distributed import Client, LocalCluster
from sklearn.model_selection import GridSearchCV
from sklearn.preprocessing import StandardScaler

from skseq import RNNClassifier, make_pipeline
from skseq.compose import EachStep
from skseq.datasets import load_japanese_vowels

GRID = {"rnnclassifier__cell": ["rnn", "gru", "lstm"], "rnnclassifier__pooling": ["last", "mean"]}


def accuracy_and_process(estimator, X, y):
    """Return the accuracy, and which process has measured it."""
    return {"accuracy": estimator.score(X, y), "process": os.getpid()}


def search():
    """Return the search, not fitted."""
    network = RNNClassifier(16, learning_rate_init=0.02, random_state=0)
    model = make_pipeline(EachStep(StandardScaler()), network)
    return GridSearchCV(model, GRID, scoring=accuracy_and_process, refit="accuracy", cv=3)


def main():
    """Search on the cluster and in this process, and compare."""
    X, y = load_japanese_vowels(subset="train", return_X_y=True)
    on_cluster, here = search(), search()
    cluster = LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None)
    with cluster, Client(cluster), joblib.parallel_config(backend="dask"):
        on_cluster.fit(X, y)
    here.fit(X, y)

    results = on_cluster.cv_results_
    for params, score in zip(results["params"], results["mean_test_accuracy"]):
        print(f"{params['rnnclassifier__cell']:5}{params['rnnclassifier__pooling']:5}{score:6.3f}")
    processes = {int(process) for fold in range(3) for process in results[f"split{fold}_test_process"]}
    print(f"18 fits in {len(processes)} processes, none of them this one: {os.getpid() not in processes}")
    same = np.array_equal(here.cv_results_["mean_test_accuracy"], results["mean_test_accuracy"])
    print(f"the same scores in this process: {same}")


if __name__ == "__main__":  # the workers import this file, too
    main()
