"""Makes the golden files of the data set tests, with TensorFlow as the second implementation.

    python3 -m venv venv && venv/bin/pip install -r requirements.txt && venv/bin/python generate.py

The readers below restate DeepMind's own (deepmind-research: meshgraphnets/dataset.py `_parse` and
learning_to_simulate/reading_utils.py), without tiling static fields over time.
"""

import hashlib
import json
import pathlib

import numpy as np
import tensorflow as tf

HERE = pathlib.Path(__file__).parent
SAMPLES = HERE.parents[2] / "datasets" / "samples"


def write(path, messages):
    path.parent.mkdir(parents=True, exist_ok=True)
    with tf.io.TFRecordWriter(str(path)) as writer:
        for message in messages:
            writer.write(message)


def records(path):
    return [bytes(r.numpy()) for r in tf.data.TFRecordDataset(str(path))]


def bytes_feature(*values):
    return tf.train.Feature(bytes_list=tf.train.BytesList(value=values))


def float_feature(*values):
    return tf.train.Feature(float_list=tf.train.FloatList(value=values))


def int_feature(*values):
    return tf.train.Feature(int64_list=tf.train.Int64List(value=values))


def example(**features):
    return tf.train.Example(features=tf.train.Features(feature=features))


# Wire format by hand, for what TensorFlow's writer never makes but its reader takes.


def varint(value):
    value &= (1 << 64) - 1
    out = b""
    while value > 127:
        out += bytes([value & 127 | 128])
        value >>= 7
    return out + bytes([value])


def tag(field, wire_type):
    return varint(field << 3 | wire_type)


def nested(field, value):
    return tag(field, 2) + varint(len(value)) + value


def entry(name, feature, value_first=False):
    parts = [nested(1, name.encode()), nested(2, feature)]
    return nested(1, b"".join(reversed(parts) if value_first else parts))


def unpacked_floats(*values):
    return nested(2, b"".join(tag(1, 5) + np.float32(v).tobytes() for v in values))


def unpacked_ints(*values):
    return nested(3, b"".join(tag(1, 0) + varint(v) for v in values))


def by_hand():
    mixed = nested(3, tag(1, 0) + varint(5) + nested(1, varint(-6) + varint(7)) + tag(1, 0) + varint(8))
    split = unpacked_floats(1.5) + nested(2, nested(1, np.float32([2.5, -3.5]).tobytes()))
    replaced = unpacked_ints(1, 2) + unpacked_floats(9)
    unknown = (
        tag(7, 0) + varint(300) + tag(8, 1) + b"12345678" + tag(9, 5) + b"1234" + nested(10, b"xyz")
        + tag(11, 3) + tag(12, 3) + tag(1, 0) + varint(1) + tag(12, 4) + tag(11, 4)
    )
    features = [
        entry("unpacked floats", unpacked_floats(0.1, -2, 3e38)),
        entry("unpacked ints", unpacked_ints(1, -1, -(2**63), 2**63 - 1, 2**31, 2**32)),
        entry("packed and unpacked", mixed),
        entry("list in two parts", split),
        entry("last kind counts", replaced),
        entry("value first", unpacked_ints(4), value_first=True),
        entry("twice", unpacked_ints(1)),
        entry("twice", unpacked_ints(2)),
        entry("unknown fields", unknown + unpacked_ints(3) + unknown),
    ]
    two_maps = nested(1, b"".join(features[:4])) + nested(1, b"".join(features[4:]) + unknown)
    return unknown + two_maps + unknown


def make_examples():
    everything = example(
        floats=float_feature(0, -0.5, 1e-45, 3.4028234663852886e38),
        ints=int_feature(0, 1, -1, 127, 128, -(2**63), 2**63 - 1, 2**31 - 1, 2**31, -(2**31), 2**32),
        raw=bytes_feature(b"", b"\x00\xff", bytes(range(256))),
        no_floats=float_feature(),
        no_ints=int_feature(),
        no_bytes=bytes_feature(),
        nothing=tf.train.Feature(),
        **{"": int_feature(1), "größe ⚙": int_feature(2), "__proto__": int_feature(3)},
    )
    long = example(a=int_feature(*range(-70, 70)), b=float_feature(*np.linspace(0, 1, 50)))
    return [m if isinstance(m, bytes) else m.SerializeToString(deterministic=True)
            for m in (everything, b"", by_hand(), long)]


def make_sequences():
    sequence = tf.train.SequenceExample()
    sequence.context.feature["key"].CopyFrom(int_feature(-3))
    sequence.context.feature["particle_type"].CopyFrom(bytes_feature(np.int64([5, 3]).tobytes()))
    for t in range(3):
        frame = np.float32([[t, 0], [1, t / 3]])
        sequence.feature_lists.feature_list["position"].feature.add().CopyFrom(
            bytes_feature(frame.tobytes()))
        sequence.feature_lists.feature_list["mixed"].feature.add().CopyFrom(
            [float_feature(0.25, t), int_feature(-t), tf.train.Feature()][t])
    sequence.feature_lists.feature_list["empty"].SetInParent()
    return [sequence.SerializeToString(deterministic=True), b""]


def feature_json(feature):
    kind = feature.WhichOneof("kind")
    if kind == "float_list":
        return {"float": [float(v) for v in feature.float_list.value]}
    if kind == "int64_list":
        return {"int64": [str(v) for v in feature.int64_list.value]}
    return {"bytes": [v.hex() for v in feature.bytes_list.value]}


def features_json(features):
    return {name: feature_json(feature) for name, feature in features.feature.items()}


def sequence_json(message):
    lists = message.feature_lists.feature_list
    return {
        "context": features_json(message.context),
        "featureLists": {name: [feature_json(f) for f in each.feature] for name, each in lists.items()},
    }


def array_json(array):
    values = np.ascontiguousarray(array)
    digest = hashlib.sha256(values.tobytes()).hexdigest()
    return {"shape": list(values.shape), "dtype": str(values.dtype), "sha256": digest}


VARLEN_META = {
    "simulator": "numpy", "dt": 0.02, "collision_radius": None,
    "features": {
        "node_type": {"type": "static", "shape": [1, -1, 1], "dtype": "int32"},
        "velocity": {"type": "dynamic", "shape": [4, -1, 2], "dtype": "float64"},
        "mesh_pos": {"type": "dynamic_varlen", "shape": [-1, 2], "dtype": "float32"},
        "cells": {"type": "dynamic_varlen", "shape": [-1, 3], "dtype": "int32"},
    },
    "field_names": ["node_type", "velocity", "mesh_pos", "length_mesh_pos", "cells", "length_cells"],
    "trajectory_length": 4,
}


def make_varlen():
    rng = np.random.default_rng(0)
    for nodes, lengths in [(5, [3, 4, 0, 2]), (2, [1, 1, 1, 1])]:
        rows = sum(lengths)
        velocity = rng.normal(size=(4, nodes, 2))
        yield example(
            node_type=bytes_feature(rng.integers(0, 7, (1, nodes, 1), np.int32).tobytes()),
            # One value a frame: decode_raw takes it, and so must we.
            velocity=bytes_feature(*[frame.tobytes() for frame in velocity]),
            mesh_pos=bytes_feature(rng.normal(size=(rows, 2)).astype(np.float32).tobytes()),
            length_mesh_pos=bytes_feature(np.int32(lengths).tobytes()),
            cells=bytes_feature(rng.integers(0, nodes, (rows, 3), np.int32).tobytes()),
            length_cells=bytes_feature(np.int32(lengths).tobytes()),
        ).SerializeToString(deterministic=True)


def parse_mesh_graph_nets(message, meta):
    feature_lists = {name: tf.io.VarLenFeature(tf.string) for name in meta["field_names"]}
    features = tf.io.parse_single_example(message, feature_lists)
    out = {}
    for name, field in meta["features"].items():
        data = tf.io.decode_raw(features[name].values, getattr(tf, field["dtype"]))
        data = tf.reshape(data, field["shape"])
        if field["type"] == "dynamic_varlen":
            lengths = tf.io.decode_raw(features["length_" + name].values, tf.int32)
            ragged = tf.RaggedTensor.from_row_lengths(data, row_lengths=tf.reshape(lengths, [-1]))
            out[name] = [array_json(frame.numpy()) for frame in ragged]
        else:
            out[name] = array_json(data.numpy())
    return out


def mesh_graph_nets_json(folder, split):
    meta = json.loads((folder / "meta.json").read_text())
    return [parse_mesh_graph_nets(r, meta) for r in records(folder / f"{split}.tfrecord")]


def parse_learning_to_simulate(message, metadata):
    description = {"position": tf.io.VarLenFeature(tf.string)}
    if "context_mean" in metadata:
        description["step_context"] = tf.io.VarLenFeature(tf.string)
    context, features = tf.io.parse_single_sequence_example(
        message,
        context_features={
            "key": tf.io.FixedLenFeature([], tf.int64, default_value=0),
            "particle_type": tf.io.VarLenFeature(tf.string),
        },
        sequence_features=description)
    frames = metadata["sequence_length"] + 1

    def decode(sparse, dtype):
        return np.concatenate([np.frombuffer(v, dtype) for v in sparse.values.numpy()])

    position = decode(features["position"], np.float32).reshape(frames, -1, metadata["dim"])
    particle_type = decode(context["particle_type"], np.int64)
    out = {
        "key": int(context["key"]),
        "particleType": array_json(particle_type.astype(np.int32)),
        "position": array_json(position),
    }
    if "context_mean" in metadata:
        step_context = decode(features["step_context"], np.float32)
        out["stepContext"] = array_json(step_context.reshape(frames, len(metadata["context_mean"])))
    return out


def learning_to_simulate_json(folder, split):
    metadata = json.loads((folder / "metadata.json").read_text())
    return [parse_learning_to_simulate(r, metadata) for r in records(folder / f"{split}.tfrecord")]


def main():
    write(HERE / "examples.tfrecord", make_examples())
    write(HERE / "sequences.tfrecord", make_sequences())
    write(HERE / "varlen" / "train.tfrecord", make_varlen())
    (HERE / "varlen" / "meta.json").write_text(json.dumps(VARLEN_META, indent=2) + "\n")
    expected = {
        "examples": [
            features_json(tf.train.Example.FromString(r).features)
            for r in records(HERE / "examples.tfrecord")],
        "sequences": [
            sequence_json(tf.train.SequenceExample.FromString(r))
            for r in records(HERE / "sequences.tfrecord")],
        "varlen": mesh_graph_nets_json(HERE / "varlen", "train"),
        "cylinder_flow_mini": {
            split: mesh_graph_nets_json(SAMPLES / "cylinder_flow_mini", split)
            for split in ["train", "valid"]},
        "n_body_springs": {
            split: learning_to_simulate_json(SAMPLES / "n_body_springs", split)
            for split in ["train", "valid"]},
    }
    (HERE / "expected.json").write_text(json.dumps(expected, indent=2, sort_keys=True) + "\n")


if __name__ == "__main__":
    main()
