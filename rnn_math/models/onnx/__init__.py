"""Models in ONNX: from `.onnx`, and ONNX Runtime for `gatereel verify`."""
