"""Models of Keras: from `.keras` and `.weights.h5`, and Keras itself for `gatereel verify`."""
