"""Runs a batch through IO binding and OrtValues, and compares with run(). usage: bind.py MODEL DATA"""

import sys

import numpy as np
import onnxruntime as rt

sess_options = rt.SessionOptions()
sess_options.graph_optimization_level = rt.GraphOptimizationLevel.ORT_DISABLE_ALL
sess = rt.InferenceSession(sys.argv[1], sess_options, providers=["CPUExecutionProvider"])
x = np.load(sys.argv[2])[:16].astype(np.float32)

input_name, label_name = sess.get_inputs()[0].name, sess.get_outputs()[0].name
print(rt.get_device(), sess.get_inputs()[0].shape[-1], sess.get_outputs()[0].shape[-1])

binding = sess.io_binding()
binding.bind_cpu_input(input_name, x)
binding.bind_output(label_name)
sess.run_with_iobinding(binding)
bound = binding.copy_outputs_to_cpu()[0]

value = rt.OrtValue.ortvalue_from_numpy(x)
from_values = sess.run_with_ort_values([label_name], {input_name: value})[0].numpy()
plain = sess.run(None, {input_name: x})[0]

into = rt.OrtValue.ortvalue_from_shape_and_type(plain.shape, np.float32)
binding = sess.io_binding()
binding.bind_ortvalue_input(input_name, value)
binding.bind_ortvalue_output(label_name, into)
sess.run_with_iobinding(binding)

print(value.device_name(), value.shape(), value.is_tensor())
print("same:", np.array_equal(bound, plain), np.array_equal(from_values, plain), np.array_equal(into.numpy(), plain))
print(np.round(plain[:2], 3).tolist())
