"""State dicts of PyTorch, in `.safetensors` and `.pt`; PyTorch itself for `gatereel verify`."""
