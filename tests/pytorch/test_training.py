"""Loss, optimizers and clipping against PyTorch's, where the definitions agree."""

import numpy as np
import pytest
import torch
from torch.nn.functional import cross_entropy

from skseq.training import OPTIMIZERS, SoftmaxCrossEntropy
from skseq.training._optimizers import clip_by_norm

pytestmark = pytest.mark.torch

SIZE, STEPS = 40, 50


@pytest.mark.parametrize("scale", [1, 100])
def test_softmax_cross_entropy(scale):
    random_state = np.random.RandomState(0)
    outputs = scale * random_state.standard_normal((20, 5))
    targets, weights = random_state.randint(5, size=20), random_state.uniform(0, 3, size=20)
    value, gradient = SoftmaxCrossEntropy().value_and_gradient(outputs.T.copy(), targets, weights)

    there = torch.tensor(outputs, requires_grad=True)
    loss = (cross_entropy(there, torch.tensor(targets), reduction="none") * torch.tensor(weights)).sum()
    loss.backward()
    np.testing.assert_allclose(value, loss.item(), rtol=1e-12)
    np.testing.assert_allclose(gradient.T, there.grad.numpy(), rtol=1e-8, atol=1e-12)


def test_class_weights_in_the_loss():
    random_state = np.random.RandomState(0)
    outputs, targets = random_state.standard_normal((20, 3)), random_state.randint(3, size=20)
    class_weight = np.array([0.5, 1, 7])
    value, _ = SoftmaxCrossEntropy().value_and_gradient(outputs.T.copy(), targets, class_weight[targets])
    expected = cross_entropy(
        torch.tensor(outputs), torch.tensor(targets), weight=torch.tensor(class_weight), reduction="sum"
    )
    np.testing.assert_allclose(value, expected.item(), rtol=1e-12)


THERE = {
    ("sgd", 0.0): lambda parameters: torch.optim.SGD(parameters, lr=0.03, momentum=0.9, nesterov=True),
    ("adam", 0.0): lambda parameters: torch.optim.Adam(parameters, lr=0.03),
    ("adam", 0.2): lambda parameters: torch.optim.AdamW(parameters, lr=0.03, weight_decay=0.2),
    ("rmsprop", 0.0): lambda parameters: torch.optim.RMSprop(parameters, lr=0.03, alpha=0.9, eps=1e-8),
}


@pytest.mark.parametrize(("name", "decay"), list(THERE))
def test_optimizers(name, decay):
    random_state = np.random.RandomState(0)
    weights, gradients = random_state.standard_normal(SIZE), random_state.standard_normal((STEPS, SIZE))
    there = torch.tensor(weights, requires_grad=True)
    ours, theirs = OPTIMIZERS[name](SIZE, weights.dtype, decay, np.ones(SIZE)), THERE[name, decay]([there])
    for gradient in gradients:
        there.grad = torch.tensor(gradient)
        theirs.step()
        ours.step(weights, gradient.copy(), 0.03)
    np.testing.assert_allclose(weights, there.detach().numpy(), rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("max_norm", [0.1, 1.0, 100.0])
def test_clipping(max_norm):
    gradient = np.random.RandomState(0).standard_normal(SIZE)
    there = torch.zeros(SIZE, dtype=torch.float64, requires_grad=True)
    there.grad = torch.tensor(gradient)
    norm = torch.nn.utils.clip_grad_norm_([there], max_norm)
    np.testing.assert_allclose(clip_by_norm(gradient, max_norm), norm.item(), rtol=1e-12)
    np.testing.assert_allclose(gradient, there.grad.numpy(), rtol=1e-6)  # PyTorch divides by the norm + 1e-6
