"""Make the file in the format that torch.save wrote before version 1.6.

    python tests/models/pytorch/old/make_old.py

Saved by PyTorch 2.13, which still writes it when asked to.
"""

from importlib import import_module
from pathlib import Path
from typing import Any

torch: Any = import_module("torch")

SEED = 3


def main() -> None:
    torch.manual_seed(SEED)
    module = torch.nn.GRU(3, 4)
    path = Path(__file__).with_name("gru.pth")
    torch.save(module.state_dict(), path, _use_new_zipfile_serialization=False)


if __name__ == "__main__":
    main()
