"""Train an RNN, an LSTM and a GRU on one task, so that their gradients can be compared.

The task: a sequence of 60 letters, each one of four at random. After the last one the network has
to say which letter was the first. All three cells have eight hidden units, the same sequences in
the same order, the same steps of the same optimizer, and clipped gradients.

PyTorch runs gatereel's own lists of operations here, so what was trained is what is drawn. Gates
that keep a state begin open for about as long as the task lasts: their biases are the logarithms
of times that are drawn at random ("chrono initialisation": Tallec and Ollivier, "Can recurrent
neural networks warp time?", 2018). An RNN has no such gate; it begins as PyTorch begins it.

How to run it, in a few minutes on a CPU:

    pip install torch
    python media/first-letter/train.py

It prints how many test sequences each network gets right, and writes `rnn.json`, `lstm.json`,
`gru.json` and `task.json` into `rnn_math/trained`, where `gatereel gradient` finds them.
"""

import json
from collections.abc import Callable
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy, one_hot

from gatereel.rnn_math import CELLS, INPUT, Cell, Parameters, WeightedSum, previous
from gatereel.rnn_math.files import write_parameters
from gatereel.rnn_math.gradients.flow import keeping

FOLDER = Path(__file__).parents[2] / "rnn_math" / "trained"
NAMES = ("rnn", "lstm", "gru")

LETTERS = 4
TIMESTEPS = 60
HIDDEN_SIZE = 8
STEPS = 2000
BATCH_SIZE = 64
LEARNING_RATE = 0.01
THRESHOLD = 1.0
"""Longer gradients are clipped to this length."""
SEED = 0
TEST_SEQUENCES = 1000

ACTIVATIONS: dict[str, Callable[[Tensor], Tensor]] = {
    "": lambda s: s,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "relu": torch.relu,
}
POINTWISE: dict[str, Callable[..., Tensor]] = {
    "concatenate": lambda *parts: torch.cat(parts, dim=-1),
    "multiplication": torch.mul,
    "addition": torch.add,
    "one minus": lambda a: 1 - a,
    "tanh": torch.tanh,
}


class Network(nn.Module):
    """A cell's list over a sequence, and a linear layer that reads its last hidden state."""

    def __init__(self, cell: Cell) -> None:
        super().__init__()
        self.cell = cell
        widths = cell.widths(LETTERS, HIDDEN_SIZE)
        self.sums = nn.ModuleDict(
            {
                node.name: nn.Linear(widths[node.operands[0]], HIDDEN_SIZE)
                for node in cell.weighted_sums
            }
        )
        self.read = nn.Linear(HIDDEN_SIZE, LETTERS)
        self._open()

    def _open(self) -> None:
        """Let gates that keep begin open, and those that let in nearly closed."""
        found = keeping(self.cell)
        if found is None:
            return
        gate = found[1]
        times = torch.empty(HIDDEN_SIZE).uniform_(1, TIMESTEPS - 1)
        with torch.no_grad():
            if gate in self.sums:
                self.sums[gate].bias.copy_(times.log())
                if "i" in self.sums:
                    self.sums["i"].bias.copy_(-times.log())
            else:
                (kept,) = self.cell.node(gate).operands
                self.sums[kept].bias.copy_(-times.log())

    def forward(self, x: Tensor) -> Tensor:
        """The logits of each letter, `(sequences, 4)`, of `(sequences, timesteps, 4)`."""
        states = {state: x.new_zeros(len(x), HIDDEN_SIZE) for state in self.cell.states}
        for t in range(x.shape[1]):
            known = {INPUT: x[:, t], **{previous(s): value for s, value in states.items()}}
            for node in self.cell.nodes:
                operands = [known[name] for name in node.operands]
                operation = node.operation
                if isinstance(operation, WeightedSum):
                    s = self.sums[node.name](*operands)
                    known[node.name] = ACTIVATIONS[operation.activation](s)
                else:
                    known[node.name] = POINTWISE[operation.title](*operands)
            states = {state: known[state] for state in self.cell.states}
        return self.read(states["h"])

    def parameters_of_cell(self) -> Parameters:
        """The weights and biases as gatereel has them."""
        return Parameters(
            {name: layer.weight.detach().numpy() for name, layer in self.sums.items()},
            {name: layer.bias.detach().numpy() for name, layer in self.sums.items()},
            origin="trained",
        )


def sequences(count: int) -> tuple[Tensor, Tensor]:
    """Draw one-hot sequences `(count, timesteps, 4)` and the letter that each begins with."""
    letters = torch.randint(LETTERS, (count, TIMESTEPS))
    return one_hot(letters, LETTERS).float(), letters[:, 0]


def train(network: Network) -> float:
    """Train a network; the share of test sequences that it gets right."""
    torch.manual_seed(SEED + 1)  # the same sequences for all
    optimizer = torch.optim.Adam(network.parameters(), lr=LEARNING_RATE)
    for _ in range(STEPS):
        x, first = sequences(BATCH_SIZE)
        optimizer.zero_grad()
        cross_entropy(network(x), first).backward()
        nn.utils.clip_grad_norm_(network.parameters(), THRESHOLD)
        optimizer.step()
    with torch.no_grad():
        x, first = sequences(TEST_SEQUENCES)
        return float((network(x).argmax(dim=1) == first).float().mean())


def main() -> None:
    """Train all, and save what the gradients are drawn of."""
    torch.set_num_threads(1)
    accuracy = {}
    for name in NAMES:
        torch.manual_seed(SEED)
        network = Network(CELLS[name])
        accuracy[name] = round(train(network), 3)
        write_parameters(FOLDER / f"{name}.json", network.parameters_of_cell(), CELLS[name])
        print(f"{name}: {accuracy[name]:.1%} of {TEST_SEQUENCES} sequences right", flush=True)
    torch.manual_seed(SEED + 2)
    x, _ = sequences(1)
    task = {
        "letters": LETTERS,
        "inputs": x[0].argmax(dim=1).tolist(),
        "accuracy": accuracy,
        "test_sequences": TEST_SEQUENCES,
    }
    (FOLDER / "task.json").write_text(json.dumps(task, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
