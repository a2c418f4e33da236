"""The first bytes of the containers that models come in."""

ZIP = b"PK\x03\x04"
"""`.keras`, `.npz` and what torch.save writes since PyTorch 1.6."""

HDF5 = b"\x89HDF\r\n\x1a\n"
"""Keras's `.h5`."""

OLD_TORCH = b"\x80\x02\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19."
"""What torch.save wrote before PyTorch 1.6: its magic number, as a pickle."""

WEIGHT_MAP = "weight_map"
"""What an index of several files of safetensors has."""
