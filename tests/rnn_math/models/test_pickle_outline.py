"""A pickle's claims are held against what is stored, and nothing of it is made."""

import pytest

from gatereel.rnn_math import InputError
from gatereel.rnn_math.models.pytorch import pickle_outline
from gatereel.rnn_math.models.pytorch.pickle_outline import outline
from gatereel.rnn_math.models.pytorch.tensor_outline import OutlinedTensor
from tests.models.pytorch.expected import FOLDER
from tests.rnn_math.models.torch_archives import (
    END,
    NONE,
    START,
    called,
    mapping,
    number,
    pickle_of,
    pickled,
    sizes,
    storage,
    tensor,
    text,
    values,
)
from tests.rnn_math.models.torch_tensors import damaged

STORED = {"0": 24}  # six numbers of float32
MUTATIONS = 1500


def outlined(root: bytes) -> object:
    return outline(pickled(root), STORED, "m.pt")


def test_a_state_dict_is_outlined() -> None:
    root = mapping({"w": tensor((2, 3), (3, 1), storage(6)), "epoch": number(3), "none": NONE})
    assert outlined(root) == {"w": OutlinedTensor((2, 3)), "epoch": 3, "none": None}


def test_what_torch_save_wrote_is_outlined() -> None:
    data = (FOLDER / "rnn-relu.pt").read_bytes()
    storages = {str(key): size for key, size in enumerate((48, 64, 16, 16, 64, 64, 16, 16))}
    found = outline(pickle_of(data), storages, "m.pt")
    assert isinstance(found, dict)
    assert found["weight_hh_l1"] == OutlinedTensor((4, 4))


def test_a_parameter_is_its_tensor() -> None:
    inner = tensor((6,), (1,), storage(6))
    parameter = called("torch._utils _rebuild_parameter", inner, b"\x88", b"}")
    assert outlined(parameter) == OutlinedTensor((6,))


@pytest.mark.parametrize(
    ("root", "message"),
    [
        (storage(7), "claims 28 bytes for the storage '0', which has 24"),
        (storage(10**12), "claims 4000000000000 bytes"),
        (storage(5), "claims 20 bytes"),
        (storage(6, "7"), "storage '7', which has none"),
        (storage(6, "../0"), "which has none"),
        (storage(6, kind="torch DoubleStorage"), "claims 48 bytes"),
        (called("os system", text("true")), r"whole module or another object \('os.system'\)"),
        (called("builtins bytearray", number(10**10)), "'builtins.bytearray'"),
        (called("torch FloatStorage", number(10**10)), "damaged pickle"),
        (called("torch FloatTensor", number(10**10)), "'torch.FloatTensor'"),
        (called("torch Tensor", number(10**10)), "damaged pickle"),
        (called("torch Size", number(10**10)), "damaged pickle"),
        (mapping({"a": b"cnumpy\ndtype\n"}), r"no tensor \('numpy.dtype'\)"),
        (mapping({"a": b"ctorch\nScriptObject\n"}), "quantize_dynamic packs weights so"),
        (b"}" + values(NONE) + NONE + b"s", "neither a text nor a whole number"),
        (b"}(" + text("a") + b"u", "damaged pickle"),
        (b"\x94", "pickle instruction MEMOIZE"),
        (b"0", "pickle instruction POP"),
        (b"a", "damaged pickle"),
        (b"h\x00", "damaged pickle"),
        (b"t", "damaged pickle"),
        (b"\xff", "damaged pickle"),
        (b"", "damaged pickle"),
    ],
)
def test_what_is_no_state_dict_is_refused(root: bytes, message: str) -> None:
    with pytest.raises(InputError, match=message):
        outlined(root)


@pytest.mark.parametrize(
    ("root", "problem"),
    [
        (tensor((7,), (1,), storage(6)), "claims numbers up to place 7 of a storage of 6"),
        (tensor((6,), (1,), storage(6), offset=1), "place 7 of a storage of 6"),
        (tensor((2, 2), (10**15, 1), storage(6)), "of a storage of 6"),
        (called("torch._utils _rebuild_sparse_tensor", NONE), "is sparse"),
        (called("torch._utils _rebuild_qtensor", NONE), "is quantized"),
        (called("torch._utils _rebuild_meta_tensor_no_storage", NONE), "is a meta tensor"),
        (called("torch._tensor _rebuild_from_type_v2", NONE), "of a tensor class of its own"),
    ],
)
def test_tensors_that_must_not_be_made_are_marked(root: bytes, problem: str) -> None:
    found = outlined(root)
    assert isinstance(found, OutlinedTensor)
    assert problem in found.problem
    assert found.is_fatal


def test_a_tensor_that_repeats_its_numbers_is_not_read() -> None:
    found = outlined(tensor((10**6, 10**6), (0, 0), storage(6)))
    assert isinstance(found, OutlinedTensor)
    assert "only 6 numbers are stored" in found.problem
    assert not found.is_fatal


def test_a_view_may_skip_numbers() -> None:
    assert outlined(tensor((2, 2), (3, 2), storage(6), offset=0)) == OutlinedTensor((2, 2))
    assert outlined(tensor((0,), (1,), storage(6), offset=6)) == OutlinedTensor((0,))


@pytest.mark.parametrize(
    "arguments",
    [
        (storage(6), number(0), sizes((-1,)), sizes((1,))),
        (storage(6), number(0), sizes((2, 3)), sizes((1,))),
        (storage(6), number(0), sizes([1] * 9), sizes([1] * 9)),
        (storage(6), NONE, sizes((1,)), sizes((1,))),
        (NONE, number(0), sizes((1,)), sizes((1,))),
        (storage(6),),
    ],
)
def test_nonsense_is_a_damaged_pickle(arguments: tuple[bytes, ...]) -> None:
    with pytest.raises(InputError, match="damaged pickle"):
        outlined(called("torch._utils _rebuild_tensor", *arguments))


def test_other_protocols_are_refused() -> None:
    with pytest.raises(InputError, match=r"instruction PROTO.*as protocol 2"):
        outline(b"\x80\x04}.", STORED, "m.pt")


def test_the_instructions_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pickle_outline, "MAX_STEPS", 100)
    with pytest.raises(InputError, match="more than 100 instructions"):
        outline(START + b"N" * 100 + END, STORED, "m.pt")


def test_damaged_pickles_end_in_an_input_error_or_an_outline() -> None:
    whole = pickle_of((FOLDER / "checkpoint.pt").read_bytes())
    storages = {str(key): size for key, size in enumerate((84, 96, 64, 32, 32, 32, 16))}
    refused = 0
    for data in damaged(whole, MUTATIONS):
        try:
            outline(data, storages, "m.pt")
        except InputError:
            refused += 1
    assert refused > MUTATIONS / 2
