"""Reads a MeshGraphNets data set with TensorFlow, as deepmind-research's meshgraphnets/dataset.py does.

Started by benchmarks/loading.ts with the folder and the number of parallel calls. Each line of input asks
for one thing: "first" the version, "sums" the sum of each field, "run" the time of one pass.
"""

import functools
import json
import os
import sys
import time

import numpy as np
import tensorflow as tf


def parse(proto, meta):
    features = {name: tf.io.VarLenFeature(tf.string) for name in meta["field_names"]}
    found = tf.io.parse_single_example(proto, features)
    out = {}
    for name, field in meta["features"].items():
        data = tf.io.decode_raw(found[name].values, getattr(tf, field["dtype"]))
        out[name] = tf.reshape(data, field["shape"])
    return out


def dataset(folder, calls):
    with open(os.path.join(folder, "meta.json")) as file:
        meta = json.load(file)
    records = tf.data.TFRecordDataset(os.path.join(folder, "train.tfrecord"))
    return records.map(functools.partial(parse, meta=meta), num_parallel_calls=calls)


def main():
    folder, calls = sys.argv[1], int(sys.argv[2]) or None
    data = dataset(folder, calls)
    for line in sys.stdin:
        command = line.split()[0]
        if command == "first":
            answer = {"totalMs": 0, "traceMs": 0, "compileMs": 0, "version": f"tensorflow {tf.__version__}"}
        elif command == "sums":
            first = next(iter(data.as_numpy_iterator()))
            answer = [float(np.sum(first[name], dtype=np.float64)) for name in sorted(first)]
        else:
            start, cpu = time.perf_counter(), time.process_time()
            for _ in data.as_numpy_iterator():
                pass
            answer = {
                "ms": 1000 * (time.perf_counter() - start),
                "cpuMs": 1000 * (time.process_time() - cpu),
            }
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
