"""Train an LSTM with two hidden units to remember the first symbol of a sequence.

The task: a sequence is a's and b's at random and ends with a question mark. There, the hidden state
of unit 1 has to be positive if the first symbol was an a, and negative if it was a b. The symbols
in between are a's and b's too, so the network has to learn when to listen.

Many such networks solve this in ways that are hard to read. So gates and cells have a cost here: a
cell state that changes, an input or output gate that is open, a forget gate that is closed. Noise
on the gates' weighted sums makes a gate that is half open unreliable. Costs and noise grow during
the first half of the training. Several networks train side by side, each from its own random
weights; the one with the lowest loss, costs included, is kept.

How to run it, in a minute or two on a CPU:

    pip install torch safetensors
    python media/first-symbol/train.py

It prints how many sequences the network gets right, of up to 30 symbols where the training has up
to 20, and writes `model.safetensors` beside this file: the state dict of a module whose `lstm` is
an `nn.LSTM`. The input is one-hot; its features are the tokens of `vocab.txt`, in their order.
"""

from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import Tensor, nn
from torch.func import stack_module_state
from torch.nn.functional import binary_cross_entropy_with_logits, one_hot

HERE = Path(__file__).parent
A, B, QUERY = range(len((HERE / "vocab.txt").read_text().split()))

HIDDEN_SIZE = 2
NETWORKS = 48
STEPS = 3000
BATCH_SIZE = 64
SHORTEST, LONGEST = 3, 20
LEARNING_RATE = 0.02
SEED = 0

CERTAINTY = 10.0
"""The answer times this is the logit of an a."""
CHANGE_COST = 0.3
GATE_COST = 0.1
NOISE = 1.5

TEST_LONGEST = 30
TEST_SEQUENCES = 50
"""Of each length."""


@dataclass(frozen=True)
class Run:
    """What all networks did with a batch: `(networks, sequences, timesteps, hidden_size)`."""

    i: Tensor
    f: Tensor
    o: Tensor
    c: Tensor
    answer: Tensor
    """Unit 1's last hidden state, `(networks, sequences)`: above 0 for an a."""


def sequences(count: int, length: int) -> tuple[Tensor, Tensor]:
    """Draw one-hot sequences `(count, length, 3)`, and whether each begins with an a."""
    symbols = torch.randint(A, B + 1, (count, length))
    symbols[:, -1] = QUERY
    return one_hot(symbols).float(), symbols[:, 0] == A


def run(parameters: dict[str, Tensor], x: Tensor, noise: float) -> Run:
    """Compute what `nn.LSTM` does, for all networks at once, and keep the gates."""
    W_x, W_h, b_x, b_h = parameters.values()
    from_input = x @ W_x.mT[:, None] + (b_x + b_h)[:, None, None]
    h = c = torch.zeros(len(W_x), len(x), HIDDEN_SIZE)
    kept = []
    for t in range(x.shape[1]):
        i, f, g, o = (from_input[:, :, t] + h @ W_h.mT).chunk(4, dim=-1)
        i, f, o = (torch.sigmoid(s + noise * torch.randn_like(s)) for s in (i, f, o))
        c = f * c + i * torch.tanh(g)
        h = o * torch.tanh(c)
        kept.append((i, f, o, c))
    i, f, o, c = (torch.stack(values, dim=2) for values in zip(*kept, strict=True))
    return Run(i, f, o, c, answer=h[..., 0])


def losses(done: Run, is_a: Tensor, strength: float) -> Tensor:
    """The loss of each network, `(networks,)`: wrong answers, and costs weighed by `strength`."""
    target = is_a.float().expand_as(done.answer)
    wrong = binary_cross_entropy_with_logits(CERTAINTY * done.answer, target, reduction="none")
    changes = done.c.diff(dim=2).abs().mean(dim=(1, 2, 3))
    gates = (done.i + (1 - done.f) + done.o).mean(dim=(1, 2, 3))
    return wrong.mean(dim=1) + strength * (CHANGE_COST * changes + GATE_COST * gates)


def train(parameters: dict[str, Tensor]) -> None:
    """Train all networks; each step takes sequences of one length, short ones first."""
    optimizer = torch.optim.Adam(parameters.values(), lr=LEARNING_RATE)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, STEPS)
    for step in range(STEPS):
        progress = min(1.0, 2 * step / STEPS)
        longest = SHORTEST + round(progress * (LONGEST - SHORTEST))
        x, is_a = sequences(BATCH_SIZE, int(torch.randint(SHORTEST, longest + 1, ())))
        optimizer.zero_grad()
        losses(run(parameters, x, NOISE * progress), is_a, progress).sum().backward()
        optimizer.step()
        schedule.step()


def test(lstm: nn.LSTM) -> tuple[int, int]:
    """Count the right answers of the LSTM itself, and all."""
    right = total = 0
    for length in range(SHORTEST, TEST_LONGEST + 1):
        x, is_a = sequences(TEST_SEQUENCES, length)
        h, _ = lstm(x)
        right += int(((h[:, -1, 0] > 0) == is_a).sum())
        total += TEST_SEQUENCES
    return right, total


def main() -> None:
    """Train, choose, test and save."""
    torch.manual_seed(SEED)
    torch.set_num_threads(1)
    made = [nn.LSTM(QUERY + 1, HIDDEN_SIZE, batch_first=True) for _ in range(NETWORKS)]
    parameters, _ = stack_module_state(made)
    train(parameters)
    with torch.no_grad():
        x, is_a = sequences(1000, LONGEST)
        reached = losses(run(parameters, x, noise=0.0), is_a, strength=1.0)
        best = int(reached.argmin())
        state = {name: stacked[best].clone() for name, stacked in parameters.items()}
        lstm = made[best]
        lstm.load_state_dict(state)
        right, total = test(lstm)
    save_file(
        {f"lstm.{name}": tensor for name, tensor in state.items()}, HERE / "model.safetensors"
    )
    print(f"network {best + 1} of {NETWORKS}: loss {reached[best]:.3f}")
    print(f"{right} of {total} sequences right")


if __name__ == "__main__":
    main()
