"""Saves modules of PyTorch under weight_norm, and beside them what PyTorch computes.

    python tests/models/pytorch/normed/make_weight_norm.py

`weight-norm.npz` has "inputs", `(timesteps, input_size)`, and each module's hidden states.
"""

import warnings
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

torch = import_module("torch")
save_file = import_module("safetensors.torch").save_file

HERE = Path(__file__).parent
INPUT_SIZE, HIDDEN_SIZE, TIMESTEPS = 3, 2, 6
SEED = 11


def changed(module: Any) -> Any:
    """The module with lengths that are not those of its first weights."""
    with torch.no_grad():
        for name, parameter in module.named_parameters():
            if name.endswith(("_g", "original0")):
                parameter.mul_(1.5)
    return module


def modules() -> dict[str, Any]:
    """The ways to norm a recurrent weight: hooks and parametrizations, rows, columns, the whole."""
    torch.manual_seed(SEED)
    hooks = torch.nn.LSTM(INPUT_SIZE, HIDDEN_SIZE)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # hooks are the older way
        for weight in ("weight_ih_l0", "weight_hh_l0"):
            hooks = torch.nn.utils.weight_norm(hooks, weight)
    new = torch.nn.utils.parametrizations.weight_norm
    rows = new(torch.nn.GRU(INPUT_SIZE, HIDDEN_SIZE, num_layers=2), "weight_hh_l1")
    columns = new(torch.nn.RNN(INPUT_SIZE, HIDDEN_SIZE), "weight_hh_l0", dim=1)
    whole = new(torch.nn.LSTM(INPUT_SIZE, HIDDEN_SIZE), "weight_ih_l0", dim=None)
    return {"hooks": hooks, "rows": rows, "columns": columns, "whole": whole}


def main() -> None:
    made = {name: changed(module) for name, module in modules().items()}
    inputs = torch.randn(TIMESTEPS, INPUT_SIZE)
    tensors = {
        f"{name}.{tensor}": value.contiguous()
        for name, module in made.items()
        for tensor, value in module.state_dict().items()
    }
    save_file(tensors, HERE / "weight-norm.safetensors")
    with torch.no_grad():
        states: dict[str, Any] = {name: module(inputs)[0].numpy() for name, module in made.items()}
    np.savez(HERE / "weight-norm.npz", inputs=inputs.numpy(), **states)


if __name__ == "__main__":
    main()
