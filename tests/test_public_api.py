"""The public names: where they are, how they are called, and that the pages name them."""

import inspect
import subprocess
import sys
from pathlib import Path

import pytest
from public_names import public_objects

import skseq

ROOT = Path(__file__).parents[1]

NAMES = {
    "skseq.neural_network": [
        "RNNClassifier",
        "RNNGenerator",
        "RNNRegressor",
        "RNNTagger",
        "RNNTranslator",
        "TransformerClassifier",
    ],
    "skseq.linear_model": ["CostSensitiveLogisticRegression"],
    "skseq.over_sampling": ["ADASYN", "BorderlineSMOTE", "RandomOverSampler", "SMOTE", "SMOTENC", "row_families"],
    "skseq.pipeline": ["Pipeline", "make_pipeline"],
    "skseq.compose": ["EachStep", "EnsembleClassifier", "MinimumCostClassifier", "ResampledClassifier"],
    "skseq.datasets": [
        "elman_grammar_entropy",
        "load_first_names",
        "load_japanese_vowels",
        "load_splice_junctions",
        "make_adding_problem",
        "make_copy_memory",
        "make_elman_sentences",
        "make_temporal_order",
    ],
    "skseq.exceptions": ["GradientWarning"],
    "skseq.export": ["to_onnx"],
    "skseq.inspection": [
        "GradientFlowDisplay",
        "ResamplingDisplay",
        "StepImportanceDisplay",
        "TrainingHistoryDisplay",
        "gradient_flow",
        "network_summary",
        "step_importance",
    ],
    "skseq.metrics": [
        "ContingencyTable",
        "ContingencyTableDisplay",
        "EventReport",
        "contingency_table",
        "event_report",
        "expected_cost",
        "geometric_mean_score",
        "imbalance_report",
        "make_cost_scorer",
        "per_step_score",
    ],
    "skseq.model_selection": ["cross_val_predict"],
    "skseq.preprocessing": ["ForwardFillImputer", "TokenEncoder"],
    "skseq.sequences": ["from_long", "from_padded", "to_long"],
    "skseq.under_sampling": ["RandomUnderSampler"],
}

#: The parameters that users and benchmarks call by name, "*" before those that are keywords only.
SIGNATURES = {
    "RNNClassifier": "hidden_layer_sizes * cell activation bidirectional pooling embedding_dim features_per_step "
    "recurrent_init memory_steps dropout solver learning_rate_init learning_rate alpha batch_size max_iter "
    "max_grad_norm class_weight prior_correction early_stopping scoring validation_fraction n_iter_no_change tol "
    "shuffle warm_start random_state verbose",
    "RNNRegressor": "hidden_layer_sizes * cell activation bidirectional pooling embedding_dim features_per_step "
    "recurrent_init memory_steps dropout solver learning_rate_init learning_rate alpha batch_size max_iter "
    "max_grad_norm loss early_stopping scoring validation_fraction n_iter_no_change tol "
    "shuffle warm_start random_state verbose",
    "RNNGenerator": "hidden_layer_sizes * cell activation embedding_dim vocabulary recurrent_init memory_steps dropout "
    "solver learning_rate_init learning_rate alpha batch_size max_iter max_grad_norm bptt_steps early_stopping "
    "scoring validation_fraction n_iter_no_change tol shuffle warm_start random_state verbose",
    "RNNTagger": "hidden_layer_sizes * cell activation bidirectional embedding_dim features_per_step "
    "recurrent_init memory_steps dropout solver learning_rate_init learning_rate alpha batch_size max_iter "
    "max_grad_norm bptt_steps class_weight prior_correction early_stopping scoring validation_fraction "
    "n_iter_no_change tol shuffle warm_start random_state verbose",
    "TransformerClassifier": "n_layers * width n_heads feed_forward_width positions pooling embedding_dim "
    "features_per_step dropout solver learning_rate_init learning_rate alpha batch_size max_iter max_grad_norm "
    "class_weight prior_correction early_stopping scoring validation_fraction n_iter_no_change tol shuffle warm_start "
    "random_state verbose",
    "RNNTranslator": "hidden_layer_sizes * cell activation bidirectional attention embedding_dim min_frequency "
    "recurrent_init dropout solver learning_rate_init learning_rate alpha batch_size max_iter max_grad_norm beam_width "
    "max_target_steps dtype early_stopping scoring validation_fraction n_iter_no_change tol "
    "shuffle warm_start random_state verbose",
    "CostSensitiveLogisticRegression": "class_weight * C fit_intercept solver tol max_iter prior_correction "
    "warm_start verbose",
    "SMOTE": "* sampling_strategy k_neighbors gap allocation random_state n_jobs",
    "BorderlineSMOTE": "* sampling_strategy k_neighbors m_neighbors kind gap allocation random_state n_jobs",
    "ADASYN": "* sampling_strategy k_neighbors gap random_state n_jobs",
    "RandomOverSampler": "* sampling_strategy random_state",
    "row_families": "parents n_rows groups",
    "EnsembleClassifier": "estimator n_estimators * sampler n_jobs random_state prior_correction",
    "ResampledClassifier": "estimator sampler prior_correction",
    "MinimumCostClassifier": "estimator cost_matrix",
    "ForwardFillImputer": "* add_indicator add_elapsed time initial_strategy features_per_step",
    "TokenEncoder": "level * k lowercase min_frequency max_tokens unknown",
    "from_long": "table * by sort features y y_per static",
    "from_padded": "array * channels_first lengths",
    "to_long": "values keys * names step",
    "gradient_flow": "estimator X y * recurrent_scale",
    "step_importance": "estimator X * target response baseline step n_points",
    "StepImportanceDisplay": "contributions row_names response align",
    "TrainingHistoryDisplay": "history best_iteration max_grad_norm",
    "network_summary": "estimator",
    "GradientFlowDisplay": "norms spectral_radius estimator_name",
    "cross_val_predict": "estimator X y * method options",
    "event_report": "y_true y_pred * positive tolerance",
    "expected_cost": "y_true y_pred cost_matrix * labels sample_weight",
    "make_cost_scorer": "cost_matrix * labels",
    "per_step_score": "metric * response_method greater_is_better kwargs",
    "make_elman_sentences": "n_samples * relative_clause_probability encoding return_log_probability random_state",
    "elman_grammar_entropy": "relative_clause_probability",
}


def test_public_names():
    found = {}
    for dotted, _ in public_objects():
        module, _, name = dotted.rpartition(".")
        found.setdefault(module, []).append(name)
    assert {module: sorted(names) for module, names in found.items()} == {
        module: sorted(names) for module, names in NAMES.items()
    }


@pytest.mark.parametrize("name", SIGNATURES)
def test_signatures(name):
    cls = next(thing for dotted, thing in public_objects() if dotted.endswith(f".{name}"))
    described, keywords = [], False
    for parameter in inspect.signature(cls).parameters.values():
        if parameter.kind is parameter.KEYWORD_ONLY and not keywords:
            keywords = True
            described.append("*")
        described.append(parameter.name)
    assert described == SIGNATURES[name].split()


def test_the_package_offers_the_main_names():
    for name in skseq.__all__:
        assert name in dir(skseq)
        assert getattr(skseq, name).__name__ == name
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        skseq.nothing  # noqa: B018


def test_importing_the_package_imports_nothing_more():
    code = (
        "import sys, skseq; print(sorted({name.split('.')[0] for name in sys.modules} & {'numpy', 'scipy', 'sklearn'}))"
    )
    ran = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, cwd=ROOT)
    assert ran.stdout.strip() == "[]"


@pytest.mark.parametrize("dotted", [dotted for dotted, _ in public_objects()])
def test_the_api_page_and_the_changelog_name_it(dotted):
    name = dotted.rpartition(".")[2]
    if name in ("ContingencyTable", "EventReport"):
        return  # the type of a result, not made by users
    assert f"`{name}`" in (ROOT / "docs" / "api.md").read_text()
    assert f"`{name}`" in (ROOT / "docs" / "changelog.md").read_text()
