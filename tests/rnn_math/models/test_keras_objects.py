"""What a Keras file names that is not Keras's own: told, and never handed to Keras."""

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gatereel.rnn_math import InputError
from gatereel.rnn_math.models import library_states, read_model
from gatereel.rnn_math.models.keras import states as keras_states
from gatereel.rnn_math.models.keras.objects import foreign_objects

pytestmark = pytest.mark.usefixtures("arrays_read_once")

KERAS = Path(__file__).parents[2] / "models" / "keras"
SYSTEM = {"module": "os", "class_name": "function", "config": "system", "registered_name": "system"}
FETCH: dict[str, Any] = {
    "module": "keras.utils",
    "class_name": "get_file",
    "config": {},
    "registered_name": None,
}
ADAM = {
    "module": "keras.src.backend.torch.optimizers.torch_adam",
    "class_name": "Adam",
    "config": {"name": "adam"},
    "registered_name": "Adam",
}
LAMBDA = {"class_name": "__lambda__", "config": {"code": "4wEAAAA="}}
OF_SOMEBODY = {
    "module": "attention",
    "class_name": "Attention",
    "config": {"name": "looks"},
    "registered_name": "Custom>Attention",
}

Edit = Callable[[dict[str, Any]], None]


def edited(folder: Path, edit: Edit, of: str = "nested.keras") -> Path:
    """A file of Keras with another configuration."""
    path = folder / "model.keras"
    with zipfile.ZipFile(KERAS / of) as source, zipfile.ZipFile(path, "w") as made:
        for name in source.namelist():
            data = source.read(name)
            if name == "config.json":
                config = json.loads(data)
                edit(config)
                data = json.dumps(config).encode()
            made.writestr(name, data)
    return path


def layer(config: dict[str, Any], number: int) -> dict[str, Any]:
    found: dict[str, Any] = config["config"]["layers"][number]
    return found


def wrapper(inner: dict[str, Any]) -> Edit:
    """A layer more, which holds `inner`, beside those that are computed."""

    def edit(config: dict[str, Any]) -> None:
        held = {"name": "held", "layer": inner}
        tensor = {
            "class_name": "__keras_tensor__",
            "config": {"keras_history": ["encoder", 0, 0], "shape": [None, 6, 2]},
        }
        config["config"]["layers"].append(
            {
                "module": "keras.layers",
                "class_name": "TimeDistributed",
                "registered_name": None,
                "config": held,
                "inbound_nodes": [{"args": [tensor], "kwargs": {}}],
            }
        )

    return edit


def initializer(config: dict[str, Any]) -> None:
    layer(config, 2)["config"]["kernel_initializer"] = SYSTEM


def policy(config: dict[str, Any]) -> None:
    layer(config, 2)["config"]["dtype"] = SYSTEM | {"class_name": "DTypePolicy"}


def build_config(config: dict[str, Any]) -> None:
    layer(config, 2)["build_config"]["shape"] = FETCH


def loss(config: dict[str, Any]) -> None:
    config["compile_config"] = {"loss": SYSTEM, "metrics": [["mae"]]}


def evaluated(config: dict[str, Any]) -> None:
    config["compile_config"] = {
        "loss": {"module": "builtins", "class_name": "function"}
        | {"config": "eval", "registered_name": "function"}
    }


def inside(config: dict[str, Any]) -> None:
    inner = layer(config, 1)["config"]["layers"][1]
    inner["config"]["kernel_regularizer"] = FETCH


FUNCTIONAL = {
    "module": "os",
    "class_name": "Functional",
    "config": "system",
    "registered_name": "Functional",
}

HOSTILE: dict[str, tuple[Edit, str]] = {
    "a Functional": (wrapper(FUNCTIONAL), r"os\.Functional \(with 'system'\)"),
    "a function": (wrapper(SYSTEM), r"os\.system"),
    "a part of Keras that fetches": (wrapper(FETCH), r"keras\.utils\.get_file"),
    "a lambda": (wrapper(LAMBDA), "__lambda__"),
    "somebody's layer": (wrapper(OF_SOMEBODY), r"attention\.Attention \(called 'looks'\)"),
    "a registered name": (
        wrapper(OF_SOMEBODY | {"module": "keras.layers"}),
        r"keras\.layers\.Attention",
    ),
    "an initializer": (initializer, r"os\.system"),
    "a policy": (policy, r"os\.DTypePolicy"),
    "a build config": (build_config, r"keras\.utils\.get_file"),
    "a loss": (loss, r"os\.system"),
    "a function of Python's": (evaluated, r"builtins\.eval"),
    "a nested model": (inside, r"keras\.utils\.get_file"),
    "a function of a part of Keras": (
        wrapper(FETCH | {"module": "keras.models", "class_name": "load_model"}),
        r"keras\.models\.load_model",
    ),
    "a name without a module": (wrapper({"class_name": "system", "config": {}}), "system"),
    "a function without a module": (
        wrapper({"class_name": "function", "config": "system"}),
        "system",
    ),
    "what every module has": (
        wrapper({"module": "keras.layers", "class_name": "__builtins__", "config": {}}),
        r"keras\.layers\.__builtins__",
    ),
    "a module by way of Keras's": (
        wrapper({"module": "keras.src.layers.layer.os", "class_name": "Popen", "config": {}}),
        r"keras\.src\.layers\.layer\.os\.Popen",
    ),
}


@pytest.mark.parametrize("which", HOSTILE)
def test_what_is_foreign_is_told_and_keeps_keras_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, which: str
) -> None:
    def never(*_: object) -> None:
        raise AssertionError("Keras was imported for a file that is not understood")

    monkeypatch.setattr(keras_states, "_load_keras", never)
    edit, named = HOSTILE[which]
    path = edited(tmp_path, edit)
    model = read_model(path)
    assert len(model.foreign) == 1
    (upper,) = (each for each in model.layers if each.name == "upper")
    with pytest.raises(InputError, match=rf"is not run in Keras: it names {named}"):
        library_states(path, model, upper, "forward", np.zeros((6, 3)))


@pytest.mark.parametrize("path", sorted(KERAS.glob("*.keras")), ids=lambda path: path.name)
def test_files_of_keras_name_nothing_foreign(path: Path) -> None:
    assert read_model(path).foreign == ()


def test_a_loss_of_one_s_own_is_for_training_alone(tmp_path: Path) -> None:
    def edit(config: dict[str, Any]) -> None:
        plain = {"module": "builtins", "class_name": "function", "registered_name": "function"}
        config["compile_config"] = {
            "loss": OF_SOMEBODY,
            "optimizer": ADAM,
            "weighted_metrics": [LAMBDA],
            "metrics": [plain | {"config": "mean_squared_error"}],
        }

    assert read_model(edited(tmp_path, edit)).foreign == ()


def test_names_are_short_and_printable() -> None:
    odd = {"module": "\x1b[2J" + "m" * 500, "class_name": "C", "config": {}}
    (name,) = foreign_objects({"layers": [odd]})
    assert name.isprintable()
    assert len(name) < 100
    many = [SYSTEM | {"config": f"f{k}"} for k in range(1000)]
    assert len(foreign_objects({"layers": many})) < 10


def test_an_option_that_is_not_known_is_refused(tmp_path: Path) -> None:
    def edit(config: dict[str, Any]) -> None:
        layer(config, 2)["config"]["clip"] = 0.1

    (upper,) = (each for each in read_model(edited(tmp_path, edit)).layers if each.name == "upper")
    assert "has the option 'clip', which is not known here" in upper.refusal
