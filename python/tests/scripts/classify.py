"""Classifies handwritten digits, one after the other and in batches. usage: classify.py MODEL DATA"""

import argparse

import numpy as np
import onnxruntime as ort


def softmax_entropy(p):
    return -(p * np.log(np.maximum(p, 1e-12))).sum(axis=1)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("model")
    parser.add_argument("data")
    parser.add_argument("--batch-size", type=int, default=50)
    args = parser.parse_args()

    ort.set_default_logger_severity(3)
    providers = ["CUDAExecutionProvider", "CPUExecutionProvider"]
    providers = [p for p in providers if p in ort.get_available_providers()]
    session = ort.InferenceSession(args.model, providers=providers)

    input_name = session.get_inputs()[0].name
    input_shape = session.get_inputs()[0].shape
    output_name = session.get_outputs()[0].name
    print("input:", input_name, input_shape[1:], session.get_inputs()[0].type)
    print("output:", output_name, session.get_outputs()[0].type)

    x = np.load(args.data).astype(np.float32)
    for i in range(3):
        scores = session.run([output_name], {input_name: x[i][np.newaxis, :]})[0][0]
        top = np.argsort(scores)[::-1][:3]
        print(f"sample {i}:", " ".join(f"{k}={scores[k]:.3f}" for k in top))

    predictions = []
    for start in range(0, len(x), args.batch_size):
        batch = x[start : start + args.batch_size]
        predictions.append(session.run(None, {input_name: batch})[0])
    scores = np.concatenate(predictions)
    print("classes:", np.bincount(scores.argmax(axis=1), minlength=10).tolist())
    print("mean entropy: %.3f" % softmax_entropy(scores).mean())


if __name__ == "__main__":
    main()
