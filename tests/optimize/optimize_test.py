#!/usr/bin/env python3
"""What `ranvier optimize` writes is ONNX: its checker and ONNX Runtime take it, and the answers are those of the test data.

usage: optimize_test.py RANVIER FOLDER... [-- OPTION...]

Runs `ranvier optimize` with the options on every model in and below the folders (model.onnx, test_data_set_N,
expect.json with tolerances, as in models/README.md). A model that ONNX Runtime refuses as the exporter wrote it counts only where expect.json says that it
holds operators which ONNX does not have: those have to run once they are optimized. Prints a line for each model that
fails, and a count; exits 1 where one does, 77 where the Python packages of tests/requirements.txt are not installed.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

try:
    import numpy as np
    import onnx
    import onnxruntime
    from onnx import numpy_helper
except ImportError as missing:
    print(f"Skipped: {missing}; tools/test.sh installs it.")
    sys.exit(77)

# That of ONNX' own runner, where there is no expect.json.
DEFAULT = {"rtol": 1e-3, "atol": 1e-7}


def session(file):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 4
    return onnxruntime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])


def tensors(folder, role):
    files = sorted(folder.glob(f"{role}_*.pb"), key=lambda file: int(file.stem.split("_")[1]))
    return [numpy_helper.to_array(onnx.load_tensor(str(file))) for file in files]


def mismatch(runner, folder, expect):
    """How the answers of a session differ from the test data; None where they are right."""
    for data in sorted(folder.glob("test_data_set_*")):
        names = [port.name for port in runner.get_inputs()]
        answers = runner.run(None, dict(zip(names, tensors(data, "input"))))
        for port, got, want in zip(runner.get_outputs(), answers, tensors(data, "output"), strict=True):
            if got.shape != want.shape or got.dtype != want.dtype:
                return f"{data.name}: '{port.name}' is {got.dtype}{got.shape}, expected {want.dtype}{want.shape}"
            if got.dtype.kind not in "fiub":
                if not np.array_equal(got, want):
                    return f"{data.name}: '{port.name}' differs"
            elif not np.allclose(got, want, rtol=expect["rtol"], atol=expect["atol"], equal_nan=True):
                far = np.max(np.abs(got.astype(np.float64) - want.astype(np.float64)))
                return f"{data.name}: '{port.name}' is off by {far}"
    return None


def runs(file, folder, expect):
    """Whether ONNX Runtime gives the right answers for a model as it is."""
    try:
        return mismatch(session(file), folder, expect) is None
    except Exception:  # whatever ONNX Runtime says: it does not run
        return False


def refusal(file):
    """What ONNX' checker says against a model, with the inference of types and shapes; None where it takes it."""
    try:
        onnx.checker.check_model(str(file), full_check=True)
    except (onnx.checker.ValidationError, onnx.shape_inference.InferenceError) as error:
        return str(error)
    return None


def failure(command, folder, expect, optimized):
    """What is wrong with the optimized model; None where nothing is."""
    file = folder / "model.onnx"
    process = subprocess.run([*command, str(file), "-o", str(optimized)], capture_output=True, text=True)
    if process.returncode != 0:
        return f"exit code {process.returncode}: {process.stderr.strip()}"
    before, after = onnx.load(str(file)), onnx.load(str(optimized))
    for ports in ("input", "output"):
        was, now = ([(port.name, port.type) for port in getattr(model.graph, ports)] for model in (before, after))
        if was != now:
            return f"its {ports}s are not those of the file"
    # A Gemm whose input may have any rank, for all that the file says, is a MatMul and an Add.
    most = len(before.graph.node) + sum(node.op_type == "Gemm" for node in before.graph.node)
    if len(after.graph.node) > most:
        return f"{len(before.graph.node)} nodes became {len(after.graph.node)}"
    try:
        said = refusal(optimized)
        if said and (expect.get("nonstandard_ops") or not refusal(file)):
            return f"the checker: {said}"
        return mismatch(session(optimized), folder, expect)
    except Exception as error:  # ONNX Runtime's have no base of their own
        return f"{type(error).__name__}: {error}".splitlines()[0]


def main(ranvier, roots, options):
    command = [ranvier, "optimize", *options]
    passed = failed = repaired = skipped = 0
    folders = sorted(file.parent for root in roots for file in Path(root).rglob("model.onnx"))
    with tempfile.TemporaryDirectory() as scratch:
        for folder in folders:
            file = folder / "expect.json"
            expect = DEFAULT | (json.loads(file.read_text()) if file.exists() else {})
            repairs = bool(expect.get("nonstandard_ops"))
            if not repairs and not runs(folder / "model.onnx", folder, expect):
                skipped += 1
                continue
            why = failure(command, folder, expect, Path(scratch) / "optimized.onnx")
            if why is None:
                passed += 1
                repaired += repairs
            else:
                failed += 1
                print(f"{folder.name}: {why}")
    print(f"{repaired} models that ONNX Runtime refused run; {skipped} are left out: it does not run them as they are")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    cut = sys.argv.index("--") if "--" in sys.argv else len(sys.argv)
    sys.exit(main(sys.argv[1], sys.argv[2:cut], sys.argv[cut + 1 :]))
