"""A predictor class of the kind that services wrap around a session. usage: wrapper.py MODEL DATA"""

import concurrent.futures
import os
import sys

import numpy as np
import onnxruntime


class Predictor:
    def __init__(self, model_path, num_threads=None):
        options = onnxruntime.SessionOptions()
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL
        options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
        options.intra_op_num_threads = num_threads or 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        options.enable_mem_pattern = False
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        with open(model_path, "rb") as f:
            self.session = onnxruntime.InferenceSession(
                f.read(), sess_options=options, providers=[("CPUExecutionProvider", {})]
            )
        self.input_names = [i.name for i in self.session.get_inputs()]
        self.output_names = [o.name for o in self.session.get_outputs()]
        meta = self.session.get_modelmeta()
        print("producer:", meta.producer_name, "custom:", dict(meta.custom_metadata_map))
        print("providers:", self.session.get_providers())

    def __call__(self, *arrays):
        feeds = {n: np.ascontiguousarray(a, dtype=np.float32) for n, a in zip(self.input_names, arrays)}
        run_options = onnxruntime.RunOptions()
        run_options.log_severity_level = 3
        return dict(zip(self.output_names, self.session.run(self.output_names, feeds, run_options)))


def main():
    model, data = sys.argv[1:]
    predictor = Predictor(model, num_threads=min(2, os.cpu_count()))
    x = np.load(data)
    name = predictor.output_names[0]
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        results = list(pool.map(lambda row: predictor(row[None])[name][0], x[:64]))
    print("confident:", sum(float(r.max()) > 0.99 for r in results), "of", len(results))
    try:
        predictor(x[:, :10])
    except Exception:
        print("refused: a batch of the wrong width")


if __name__ == "__main__":
    main()
