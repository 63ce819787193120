"""Classifies a handwritten digit."""
import numpy as np
import ranvier

picture = """
...##...
..####..
.##..##.
.##..##.
.##..##.
.##..##.
..####..
...##..."""
pixels = np.array([c == "#" for c in picture if c != "\n"], np.float32).reshape(1, 64)

session = ranvier.Session("models/digits_mlp/model.onnx")
print(f"it is a {session(pixels).argmax()}")
