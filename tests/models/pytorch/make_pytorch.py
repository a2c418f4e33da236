"""Saves small models with PyTorch, and beside them what PyTorch computes.

Made with PyTorch 2.13.0, safetensors 0.8.0 and numpy 2.4.6; run it with

    python tests/models/pytorch/make_pytorch.py

in an environment that has the three. It writes the models and `expected.npz` into its own folder:
for a model "lstm" the arrays "lstm/inputs", `(timesteps, input_size)`, and for each level and
direction "lstm/h/1/forward" and "lstm/c/1/forward", `(timesteps, hidden_size)`, in the order in
which the direction reads.
"""

from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

torch = import_module("torch")
save_file = import_module("safetensors.torch").save_file

HERE = Path(__file__).parent
INPUT_SIZE = 3
TIMESTEPS = 6
TOKENS = 7
STRETCH = 2.0
"""PyTorch's first weights are small; larger ones reach the bends of sigmoid and tanh."""

AGREEMENT = 1e-5
"""Between a whole run and one timestep at a time; what rounding leaves, in bfloat16 far more."""

Expected = dict[str, Any]
"""Name to an array of float64."""


def made(make: Any, *sizes: int, **options: Any) -> Any:
    """A module with weights that are the same each time."""
    torch.manual_seed(sum(sizes) + len(options))
    module = make(*sizes, **options)
    if options.get("nonlinearity") == "relu":
        return module  # nothing bends: states would only grow, and their rounding with them
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.mul_(STRETCH)
    return module


def random_inputs(dtype: Any) -> Any:
    """The same inputs for each model, `(timesteps, input_size)`."""
    torch.manual_seed(0)
    return torch.randn(TIMESTEPS, INPUT_SIZE, dtype=torch.float64).to(dtype)


def run_levels(name: str, module: Any, inputs: Any, *initial: Any) -> Expected:
    """Run the lowest level, the lowest two and so on, each as a module of its own.

    `initial` is h, and of an LSTM c, before the first timestep, `(levels * directions, 1,
    hidden_size)`; zeros without.
    """
    directions = 1 + module.bidirectional
    expected = {f"{name}/inputs": numbers(inputs)}
    below = inputs
    for level in range(1, module.num_layers + 1):
        stack = like(module, module.input_size, level, module.bidirectional)
        kept = {n: t for n, t in module.state_dict().items() if n in stack.state_dict()}
        stack.load_state_dict(kept)
        outputs = stack(inputs, some(initial, slice(level * directions)))[0]
        for k, direction in enumerate(("forward", "backward")[:directions]):
            suffix = f"_l{level - 1}" + ("_reverse" if k else "")
            hidden = outputs[:, k * module.hidden_size : (k + 1) * module.hidden_size]
            read, hidden = (below.flip(0), hidden.flip(0)) if k else (below, hidden)
            one = like(module, read.shape[1], 1, False)
            one.load_state_dict(
                {n: module.state_dict()[n.replace("_l0", suffix)] for n in one.state_dict()}
            )
            place = (level - 1) * directions + k
            stepwise, cells = run_steps(one, read, some(initial, slice(place, place + 1)))
            assert (stepwise - hidden).abs().max() < AGREEMENT
            expected[f"{name}/h/{level}/{direction}"] = numbers(hidden)
            if cells is not None:
                expected[f"{name}/c/{level}/{direction}"] = numbers(cells)
        below = outputs
    return expected


def some(initial: tuple[Any, ...], places: slice) -> Any:
    """The initial states of some levels and directions, as PyTorch takes them."""
    states = tuple(each[places, 0] for each in initial)
    return states if len(states) > 1 else next(iter(states), None)


def learned(*shape: int) -> Any:
    """An initial state, the same each time."""
    torch.manual_seed(sum(shape))
    return torch.nn.Parameter(torch.randn(*shape))


def like(module: Any, input_size: int, levels: int, bidirectional: bool) -> Any:
    """A module as `module` is, of another size."""
    options = {"nonlinearity": module.nonlinearity} if hasattr(module, "nonlinearity") else {}
    return type(module)(
        input_size,
        module.hidden_size,
        num_layers=levels,
        bias=module.bias,
        bidirectional=bidirectional,
        dtype=module.weight_ih_l0.dtype,
        **options,
    )


def run_steps(module: Any, inputs: Any, state: Any) -> tuple[Any, Any]:
    """Hidden and cell states of all timesteps, one timestep at a time."""
    hidden, cells = [], []
    for row in inputs:
        _, state = module(row.unsqueeze(0), state)
        hidden.append(state[0][0] if isinstance(state, tuple) else state[0])
        if isinstance(state, tuple):
            cells.append(state[1][0])
    return torch.stack(hidden), torch.stack(cells) if cells else None


def run_cell(name: str, cell: Any, inputs: Any, state: Any = None) -> Expected:
    """Run nn.LSTMCell or nn.GRUCell."""
    rows = []
    for row in inputs:
        state = cell(row, state)
        rows.append(state if isinstance(state, tuple) else (state,))
    expected = {f"{name}/inputs": numbers(inputs)}
    for k, letter in enumerate("hc"[: len(rows[0])]):
        expected[f"{name}/{letter}/1/forward"] = numbers(torch.stack([row[k] for row in rows]))
    return expected


def numbers(tensor: Any) -> Any:
    """As float64, which holds all of PyTorch's types exactly."""
    return tensor.detach().double().numpy()


def prefixed(name: str, module: Any) -> Expected:
    """A module's state dict as it is inside another one."""
    return {f"{name}.{key}": tensor for key, tensor in module.state_dict().items()}


def save(name: str, module: Any) -> None:
    """Save a module's state dict as safetensors."""
    save_file(module.state_dict(), HERE / f"{name}.safetensors")


def main() -> None:
    """Make all files."""
    nn, double = torch.nn, torch.float64
    modules = {
        "rnn": made(nn.RNN, INPUT_SIZE, 2),
        "rnn-relu": made(nn.RNN, INPUT_SIZE, 4, num_layers=2, nonlinearity="relu"),
        "lstm": made(nn.LSTM, INPUT_SIZE, 2),
        "lstm-two-both": made(nn.LSTM, INPUT_SIZE, 3, num_layers=2, bidirectional=True),
        "lstm-no-bias": made(nn.LSTM, INPUT_SIZE, 2, bias=False),
        "lstm-float64": made(nn.LSTM, INPUT_SIZE, 3, num_layers=2, dtype=double),
        "gru": made(nn.GRU, INPUT_SIZE, 2),
        "gru-two-both": made(nn.GRU, INPUT_SIZE, 3, num_layers=2, bidirectional=True),
        "rnn-both-float64": made(nn.RNN, INPUT_SIZE, 2, bidirectional=True, dtype=double),
    }
    expected: Expected = {}
    for name, module in modules.items():
        save(name, module)
        expected |= run_levels(name, module, random_inputs(module.weight_ih_l0.dtype))

    for name, kind in (("lstm-cell", nn.LSTMCell), ("gru-cell", nn.GRUCell)):
        cell = made(kind, INPUT_SIZE, 2)
        save(name, cell)
        expected |= run_cell(name, cell, random_inputs(torch.float32))

    # Rounded weights: what they give is computed in float32 with exactly those weights.
    rounded = made(nn.GRU, INPUT_SIZE, 2).to(torch.bfloat16)
    save("gru-bfloat16", rounded)
    expected |= run_levels("gru-bfloat16", rounded.float(), random_inputs(torch.float32))

    encoder = nn.ModuleDict(
        {"embedding": nn.Embedding(TOKENS, INPUT_SIZE), "lstm": modules["lstm"]}
    )
    words = nn.ModuleDict({"encoder": encoder, "head": nn.Linear(2, 4)})
    save("words", words)
    tokens = torch.arange(TIMESTEPS) % TOKENS
    expected |= run_levels("words", modules["lstm"], encoder["embedding"](tokens))
    expected["words/tokens"] = tokens.numpy().astype(np.float64)

    # With learned initial states beside the layer, as people write them.
    both = made(nn.LSTM, INPUT_SIZE, 2, num_layers=2, bidirectional=True)
    h0, c0 = learned(4, 1, 2), learned(4, 1, 2) * 2
    parameters = nn.ParameterDict({"h0": h0, "c0": nn.Parameter(c0)})
    save_file(
        {**prefixed("lstm", both), **parameters.state_dict()}, HERE / "start-lstm.safetensors"
    )
    expected |= run_levels("start-lstm", both, random_inputs(torch.float32), h0, c0)
    gru, first = made(nn.GRU, INPUT_SIZE, 2, num_layers=2), learned(2, 1, 2)
    state_dict = {**prefixed("module.rnn", gru), "module.init_hidden": first.detach()}
    torch.save(state_dict, HERE / "start-gru.pt")
    expected |= run_levels("start-gru", gru, random_inputs(torch.float32), first)
    cell, hx, cx = made(nn.LSTMCell, INPUT_SIZE, 2), learned(2), learned(1, 2)
    state_dict = {**prefixed("cell", cell), "hx": hx.detach(), "cx": cx.detach()}
    save_file(state_dict, HERE / "start-cell.safetensors")
    state = (hx, cx[0])
    expected |= run_cell("start-cell", cell, random_inputs(torch.float32), state)

    # What the layer reads is not what the model reads.
    before, gru = made(nn.Linear, INPUT_SIZE, INPUT_SIZE), made(nn.GRU, INPUT_SIZE, 2)
    save("linear-before", nn.ModuleDict({"fc_in": before, "gru": gru}))
    expected |= run_levels("linear-before", gru, before(random_inputs(torch.float32)))

    save("lstm-projected", made(nn.LSTM, INPUT_SIZE, 4, proj_size=2))

    optimizer = torch.optim.Adam(words.parameters())
    words["head"](modules["lstm"](encoder["embedding"](tokens))[0]).sum().backward()
    state_dict = {name: tensor.clone() for name, tensor in words.state_dict().items()}
    optimizer.step()  # gives it a state to be saved
    checkpoint = {"epoch": 3, "model_state_dict": state_dict, "optimizer": optimizer.state_dict()}
    torch.save(checkpoint, HERE / "checkpoint.pt")
    for name in ("gru-two-both", "lstm-float64", "rnn-relu"):
        torch.save(modules[name].state_dict(), HERE / f"{name}.pt")
    torch.save(made(nn.LSTMCell, INPUT_SIZE, 2).state_dict(), HERE / "lstm-cell.pth")
    torch.save(modules["lstm"], HERE / "whole-module.pt")
    np.savez_compressed(HERE / "expected.npz", **expected)


if __name__ == "__main__":
    main()
