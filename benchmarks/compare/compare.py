#!/usr/bin/env python3
"""Times Ranvier beside ONNX Runtime, OpenVINO and LiteRT on the same models and prints tables in Markdown.

run.sh installs the runtimes, builds Ranvier and calls this. Each runtime runs in a process of its own; they take turns,
round after round, on the same cores, and the best median of each counts. Before that, their answers are compared.
"""

import argparse
import json
import math
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

PEERS = {"ort": "ONNX Runtime", "openvino": "OpenVINO", "litert": "LiteRT"}
PEERS_SCRIPT = Path(__file__).parent / "peers.py"


def number(value):
    """Three digits, or all of a larger whole number; nothing measured is a dash."""
    if value is None:
        return "-"
    digits = max(0, 2 - math.floor(math.log10(value))) if value > 0 else 0
    return f"{value:,.{digits}f}"


def ratio(times):
    """How much longer the best of the others takes than Ranvier."""
    return min(time for name, time in times.items() if name != "ranvier" and time is not None) / times["ranvier"]


def heading():
    names = [*PEERS.values(), "Ranvier"]
    return "\n".join(
        [
            "| model | rows | " + " | ".join(f"{name}, us" for name in names) + " | best other / Ranvier |",
            "|---|" + "---:|" * (len(names) + 2),
        ]
    )


def table_row(model, batch, times):
    cells = [model, f"{batch:,}", *(number(times.get(name)) for name in [*PEERS, "ranvier"]), f"{ratio(times):.2f}"]
    return "| " + " | ".join(cells) + " |"


class Comparison:
    """One model, some rows, some threads."""

    def __init__(self, options, model, batch, threads, folder):
        self.options, self.model, self.batch, self.threads = options, model, batch, threads
        self.folder = folder
        # The last cores: the first one has most to do for the system.
        self.cores = set(sorted(os.sched_getaffinity(0))[-threads:])
        self.onnx = str(options.models / f"{model.name}.onnx")

    def pin(self):
        os.sched_setaffinity(0, self.cores)

    def run(self, command):
        done = subprocess.run(command, capture_output=True, text=True, preexec_fn=self.pin)
        if done.returncode != 0:
            raise RuntimeError(f"{' '.join(command)}\n{done.stderr.strip()[-1000:]}")
        return done.stdout

    def file(self, name):
        return str(self.folder / name)

    def time_ranvier(self):
        how = ["--batch", str(self.batch), "--threads", str(self.threads), "--seconds", str(self.options.seconds)]
        return json.loads(self.run([self.options.ranvier, "bench", self.onnx, *how, "--json"]))

    def time_peer(self, peer):
        model = self.onnx if peer != "litert" else str(self.options.models / f"{self.model.name}_{self.batch}.tflite")
        how = [self.file("x.npy"), str(self.threads), str(self.options.seconds), self.file(f"{peer}.npy")]
        printed = self.run([sys.executable, str(PEERS_SCRIPT), peer, model, *how])
        return json.loads(printed.splitlines()[-1])

    def check_answers(self, peers):
        """@throws RuntimeError where runtimes disagree: they would not compute the same."""
        import numpy as np

        y = self.file("ranvier.npy")
        threads = ["--threads", str(self.threads)]
        self.run([self.options.ranvier, "run", self.onnx, "-i", self.file("x.npy"), "-o", y, *threads])
        expected = np.load(y)
        for peer in peers:
            answer = np.load(self.file(f"{peer}.npy")).reshape(expected.shape)
            if not np.allclose(answer, expected, rtol=1e-3, atol=1e-4):
                worst = float(np.max(np.abs(answer - expected)))
                raise RuntimeError(f"{self.model.name}: {PEERS[peer]} and Ranvier differ by {worst:g}")

    def result(self, peers):
        import numpy as np

        x = np.random.default_rng(0).uniform(-3, 3, (self.batch, self.model.widths[0]))
        np.save(self.file("x.npy"), x.astype(np.float32))
        best = {}
        for _ in range(self.options.rounds):
            for name in [*peers, "ranvier"]:
                found = self.time_ranvier() if name == "ranvier" else self.time_peer(name)
                if name not in best or found["p50_us"] < best[name]["p50_us"]:
                    best[name] = found
        self.check_answers(peers)
        return {"model": self.model.name, "batch": self.batch, "threads": self.threads, **best}


def write_models(options, models):
    import tflite
    from models import write_onnx

    options.models.mkdir(parents=True, exist_ok=True)
    for model in models:
        onnx = options.models / f"{model.name}.onnx"
        if not onnx.exists():
            write_onnx(model, onnx)
        for batch in model.batches:
            lite = options.models / f"{model.name}_{batch}.tflite"
            if tflite.has_all(model) and not lite.exists():
                tflite.write_tflite(model, batch, lite)


def compare(options, models):
    import tflite

    results = []
    for threads in options.threads:
        print(f"\n{threads} thread{'s' if threads > 1 else ''}:\n\n{heading()}", flush=True)
        for model in models:
            peers = [peer for peer in PEERS if peer != "litert" or tflite.has_all(model)]
            for batch in model.batches:
                with tempfile.TemporaryDirectory() as folder:
                    result = Comparison(options, model, batch, threads, Path(folder)).result(peers)
                results.append(result)
                times = {name: result[name]["p50_us"] for name in [*peers, "ranvier"]}
                print(table_row(model.name, batch, times), flush=True)
    return results


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ranvier", required=True, help="the command line's program")
    parser.add_argument("--models", required=True, type=Path, help="a folder for the models, which are made once")
    parser.add_argument("--threads", type=int, nargs="+", help="a table for each (default: 1 and, with more cores, 2)")
    parser.add_argument("--only", default="", help="a regular expression: models whose names it finds")
    parser.add_argument("--rounds", type=int, default=3, help="how often each is run (default 3)")
    parser.add_argument("--seconds", type=float, default=0.4, help="how long each time (default 0.4)")
    parser.add_argument("--json", type=Path, help="also write all numbers to this file")
    options = parser.parse_args()
    cores = len(os.sched_getaffinity(0))
    options.threads = options.threads or ([1, 2] if cores > 1 else [1])
    if not all(1 <= threads <= cores for threads in options.threads):
        parser.error(f"--threads: this process may use {cores} cores")

    from models import MODELS

    chosen = [model for model in MODELS if re.search(options.only, model.name)]
    if not chosen:
        parser.error(f"--only: no model fits; there are {', '.join(model.name for model in MODELS)}")
    try:
        write_models(options, chosen)
        results = compare(options, chosen)
    except RuntimeError as error:
        sys.exit(str(error))
    if options.json:
        options.json.write_text(json.dumps(results, indent=1) + "\n")


if __name__ == "__main__":
    main()
