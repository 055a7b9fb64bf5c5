"""What callbacks of scikit-learn hear of a fit, and that nothing needs them."""

import importlib.util
import sys

import numpy as np
import pytest
from numpy.testing import assert_array_equal
from sklearn.base import clone
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, make_scorer, r2_score
from sklearn.model_selection import GridSearchCV
from sklearn.preprocessing import StandardScaler

import skseq.neural_network
from skseq import SMOTE, CostSensitiveLogisticRegression, RNNClassifier, RNNRegressor, _fit_tasks, make_pipeline
from skseq.compose import EachStep, MinimumCostClassifier, ResampledClassifier
from skseq.metrics import per_step_score
from skseq.neural_network import RNNGenerator, RNNTagger, RNNTranslator, TransformerClassifier
from skseq.over_sampling import RandomOverSampler
from skseq.preprocessing import TokenEncoder
from skseq.training import Trainer

HAS_CALLBACKS = hasattr(GridSearchCV, "set_callbacks")
needs_callbacks = pytest.mark.skipif(not HAS_CALLBACKS, reason="scikit-learn has no callbacks")

RNG = np.random.RandomState(0)
X = [RNG.standard_normal((steps, 2)) for steps in RNG.randint(2, 9, size=40)]
y = np.array([int(x[-1, 0] > 0) for x in X])
WORDS = ["".join(RNG.choice(list("abc"), size=size)) for size in RNG.randint(1, 7, size=40)]
EXAMPLES = {
    RNNClassifier: (X, y),
    RNNGenerator: (WORDS, None),
    RNNRegressor: (X, np.array([x[-1, 0] for x in X])),
    RNNTagger: (X, [(x[:, 0] > 0).astype(int) for x in X]),
    RNNTranslator: (WORDS, [word[::-1] for word in WORDS]),
    TransformerClassifier: (X, y),
}
#: What makes each network small.
SMALL = {TransformerClassifier: {"width": 4, "n_heads": 2}}
ESTIMATORS = pytest.mark.parametrize("cls", list(EXAMPLES))


class Recorder:
    """Notes what it hears; of every sub-estimator too."""

    max_propagation_depth = None

    def __init__(self, stop_after=None, raise_after=None):
        self.stop_after, self.raise_after = stop_after, raise_after
        self.heard, self.fitted, self.told = [], [], []
        self.n_open = 0

    def setup(self, estimator, context):
        self.n_open += 1

    def teardown(self, estimator, context):
        self.n_open -= 1

    def on_fit_task_begin(self, estimator, context):
        self.heard.append(("begin", context.estimator_name, context.task_name))

    def on_fit_task_end(self, estimator, context, *, X=None, y=None, metadata=None, fitted_estimator=None):
        self.heard.append(("end", context.estimator_name, context.task_name))
        self.told.append((X, y, metadata))
        if context.task_name == "epoch":
            self.fitted.append(fitted_estimator)
            if self.raise_after == len(self.fitted):
                raise RuntimeError("enough")
            return self.stop_after == len(self.fitted)
        return False

    def ends(self, estimator, task):
        return self.heard.count(("end", estimator, task))


def test_every_network_is_tried():
    # What joins them belongs into EXAMPLES, and its fit needs the decorator tells_callbacks.
    assert {cls.__name__ for cls in EXAMPLES} == set(skseq.neural_network.__all__)


@needs_callbacks
@ESTIMATORS
def test_a_network_tells_of_its_epochs(cls):
    recorder = Recorder()
    X, y = EXAMPLES[cls]
    weights = np.ones(len(X))
    model = network(cls).set_callbacks(recorder).fit(X, y, sample_weight=weights)
    name = cls.__name__
    epoch = [("begin", name, "epoch"), ("end", name, "epoch")]
    assert recorder.heard == [("begin", name, "fit"), *epoch * 3, ("end", name, "fit")]
    assert recorder.n_open == 0
    assert all(told == (X, y, {"sample_weight": weights}) for told in recorder.told)
    assert not any("task" in attribute or "ctx" in attribute for attribute in vars(model))
    assert_same_predictions(model, network(cls).fit(X, y))


def network(cls, **settings):
    """Return a small network, not fitted."""
    return cls(**SMALL.get(cls, {"hidden_layer_sizes": 4}), **{"max_iter": 3, "random_state": 0} | settings)


def assert_same_predictions(model, other):
    X = EXAMPLES[type(model)][0]
    if isinstance(model, RNNGenerator):
        assert_array_equal(model.score_samples(X), other.score_samples(X))
        return
    for own, others in zip(model.predict(X), other.predict(X)):
        assert_array_equal(own, others)


@needs_callbacks
@ESTIMATORS
def test_the_estimator_of_an_epoch_is_that_of_a_fit_that_ended_there(cls):
    recorder = Recorder()
    X, y = EXAMPLES[cls]
    # A rate that falls over max_iter epochs would be another one in a shorter fit.
    same_rates = {"learning_rate": "constant"} if cls is RNNGenerator else {}
    network(cls, **same_rates).set_callbacks(recorder).fit(X, y)
    for n_epochs, ended in enumerate(list(recorder.fitted), start=1):
        expected = network(cls, max_iter=n_epochs, **same_rates).fit(X, y)
        assert_same_predictions(ended, expected)
        assert ended.loss_curve_ == expected.loss_curve_
        assert ended.n_iter_ == ended.best_iteration_ == n_epochs
        assert clone(ended).fit(X, y).n_iter_ == 3


@needs_callbacks
@ESTIMATORS
def test_a_callback_stops_a_fit(cls):
    model = network(cls, max_iter=30).set_callbacks(Recorder(stop_after=2)).fit(*EXAMPLES[cls])
    assert model.n_iter_ == 2


@needs_callbacks
def test_early_stopping_and_a_callback_go_together():
    recorder = Recorder()
    settings = {"max_iter": 50, "early_stopping": True, "n_iter_no_change": 2, "learning_rate_init": 0.1}
    model = RNNClassifier(4, **settings, random_state=0).set_callbacks(recorder).fit(X, y)
    assert recorder.ends("RNNClassifier", "epoch") == model.n_iter_ < 50


@needs_callbacks
@pytest.mark.parametrize(("max_iter", "error"), [(3, RuntimeError), ("many", ValueError), (-1, ValueError)])
def test_callbacks_are_torn_down_when_a_fit_fails(max_iter, error):
    recorder = Recorder(raise_after=2)
    model = RNNClassifier(4, max_iter=max_iter).set_callbacks(recorder)
    before = set(vars(model))
    with pytest.raises(error):
        model.fit(X, y)
    assert recorder.n_open == 0
    assert set(vars(model)) == before


@needs_callbacks
def test_ctrl_c_ends_the_fit_for_callbacks_too(monkeypatch):
    epoch = Trainer._epoch

    def interrupted(self, *args):
        if len(self.history.records) == 2:
            raise KeyboardInterrupt
        return epoch(self, *args)

    monkeypatch.setattr(Trainer, "_epoch", interrupted)
    recorder = Recorder()
    with pytest.warns(ConvergenceWarning, match="interrupted after 2") as caught:
        RNNClassifier(4, max_iter=5, random_state=0).set_callbacks(recorder).fit(X, y)
    assert caught[0].filename == __file__
    assert recorder.heard[-1] == ("end", "RNNClassifier", "fit")
    assert recorder.n_open == 0


@needs_callbacks
def test_epochs_nest_under_the_folds_of_a_grid_search():
    recorder = Recorder()
    pipeline = make_pipeline(EachStep(StandardScaler()), RandomOverSampler(), RNNClassifier(4, max_iter=3))
    search = GridSearchCV(pipeline, {"rnnclassifier__cell": ["rnn", "gru"]}, cv=2)
    search.set_callbacks(recorder).fit(X, y)
    fits = 2 * 2 + 1
    assert recorder.ends("RNNClassifier", "fit") == recorder.ends("Pipeline", "fit") == fits
    assert recorder.ends("RNNClassifier", "epoch") == 3 * fits
    assert recorder.n_open == 0
    assert not hasattr(search.best_estimator_[-1], "_skl_callbacks")


@needs_callbacks
@pytest.mark.parametrize(
    "model",
    [
        make_pipeline(RandomOverSampler(), RNNClassifier(4, max_iter=3)),
        make_pipeline(RNNClassifier(4, max_iter=3)),
        ResampledClassifier(RNNClassifier(4, max_iter=3), RandomOverSampler()),
        MinimumCostClassifier(RNNClassifier(4, max_iter=3)),
        MinimumCostClassifier(make_pipeline(SMOTE(), RNNClassifier(4, max_iter=3))),
    ],
    ids=["sampling pipeline", "pipeline", "resampled", "cost", "nested"],
)
def test_epochs_nest_under_meta_estimators(model):
    recorder = Recorder()
    model.set_callbacks(recorder).fit(X, y)
    assert recorder.ends("RNNClassifier", "epoch") == 3
    assert recorder.ends("RNNClassifier", "fit") == recorder.ends(type(model).__name__, "fit") == 1
    assert recorder.heard[0] == ("begin", type(model).__name__, "fit")
    assert recorder.heard[-1] == ("end", type(model).__name__, "fit")
    assert recorder.n_open == 0


@needs_callbacks
def test_steps_before_a_network_are_heard_of_without_a_warning():
    recorder = Recorder()
    make_pipeline(EachStep(StandardScaler()), RNNClassifier(4, max_iter=3)).set_callbacks(recorder).fit(X, y)
    assert recorder.ends("EachStep", "fit") == recorder.ends("StandardScaler", "fit") == 1
    texts = make_pipeline(TokenEncoder(), RNNClassifier(4, max_iter=3, embedding_dim=2))
    texts.set_callbacks(recorder).fit(WORDS, y)
    assert recorder.ends("TokenEncoder", "fit") == 1
    assert recorder.n_open == 0


@needs_callbacks
def test_a_step_without_callbacks_is_fitted_all_the_same():
    class Silent(LogisticRegression):
        set_callbacks = property()

    model = MinimumCostClassifier(Silent()).set_callbacks(Recorder())
    with pytest.warns(UserWarning, match="Silent does not support callbacks"):
        model.fit(np.arange(6).reshape(-1, 1), [0, 0, 0, 1, 1, 1])
    assert model.predict([[5]]) == [1]


@needs_callbacks
def test_the_linear_model_tells_of_its_iterations():
    rng = np.random.RandomState(0)
    X, y = rng.standard_normal((60, 3)), rng.randint(3, size=60)
    recorder = Recorder()
    model = CostSensitiveLogisticRegression(solver="lbfgs").set_callbacks(recorder).fit(X, y)
    assert recorder.ends("CostSensitiveLogisticRegression", "iteration") == model.n_iter_[0] > 1
    assert recorder.heard[-1] == ("end", "CostSensitiveLogisticRegression", "fit")
    with pytest.warns(ConvergenceWarning) as caught:
        model.set_params(max_iter=1).fit(X, y)
    assert caught[0].filename == __file__


@needs_callbacks
@pytest.mark.parametrize("cls", [cls for cls, (_, y) in EXAMPLES.items() if y is not None])  # else it scores nothing
def test_a_scoring_monitor_scores_each_epoch(cls):
    from sklearn.callback import ScoringMonitor

    X, y = EXAMPLES[cls]
    scorers = {
        RNNTagger: per_step_score(accuracy_score),
        RNNRegressor: make_scorer(r2_score),
        RNNTranslator: lambda model, X, y: model.score(X, y),
    }
    scorer = scorers.get(cls, make_scorer(accuracy_score))
    monitor = ScoringMonitor(scoring={"score": scorer})
    model = network(cls).set_callbacks(monitor).fit(X, y)
    rows = monitor.get_logs().data
    assert [row["task_name"] for row in rows] == ["fit", "epoch", "epoch", "epoch"]
    scores = [row["score"] for row in rows]
    assert scores[0] == scores[3] == model.score(X, y)
    assert scores[1] == network(cls, max_iter=1).fit(X, y).score(X, y)


@needs_callbacks
def test_a_progress_bar_of_scikit_learn_shows_the_epochs(capsys):
    pytest.importorskip("rich")
    from sklearn.callback import ProgressBar

    search = GridSearchCV(RNNClassifier(4, max_iter=3), {"cell": ["rnn", "gru"]}, cv=2)
    search.set_callbacks(ProgressBar()).fit(X, y)
    shown = capsys.readouterr().out
    assert shown.count("RNNClassifier - fit") >= 5


def test_without_callbacks_a_fit_tells_nobody(monkeypatch):
    monkeypatch.setitem(sys.modules, "sklearn.callback", None)
    spec = importlib.util.spec_from_file_location("fit_tasks_of_an_older_scikit_learn", _fit_tasks.__file__)
    older = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(older)

    class Estimator(older.CallbackSupportMixin):
        @older.tells_callbacks
        def fit(self, X):
            task = older.fit_tasks(self).begin("epoch")
            with older.fit_tasks(self).around("fit-estimator", self):
                self.stops_ = task.end(lambda: 1 / 0)
            return self

        @older.tells_callbacks(n_tasks=1)
        def fit_one(self, X):
            return X

    assert not hasattr(Estimator(), "set_callbacks")
    assert Estimator().fit(0).stops_ is False
    assert Estimator().fit_one(7) == 7


@pytest.mark.parametrize(
    "cls", [*EXAMPLES, CostSensitiveLogisticRegression, MinimumCostClassifier, ResampledClassifier]
)
def test_there_are_callbacks_where_scikit_learn_has_them(cls):
    assert hasattr(cls, "set_callbacks") == HAS_CALLBACKS
