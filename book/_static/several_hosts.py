"""Train one classifier on one host or on several, as the variable TF_CONFIG says."""

import os

from dsl_utils import runtime

profile = runtime.start(seed=1)

import keras  # once the runtime has set up what it loads
import tensorflow as tf
from sklearn.datasets import load_digits

keras.config.set_floatx("float64")  # so that the sums on one host and on two can be compared
hosts = tf.distribute.MultiWorkerMirroredStrategy if "TF_CONFIG" in os.environ else None
strategy = hosts() if hosts else tf.distribute.get_strategy()
batch = 64  # on all hosts together

digits = load_digits()
x, y = digits.images[:1_280] / 16, digits.target[:1_280]  # (1280, 8, 8), (1280,)
options = tf.data.Options()  # each host takes its share of each batch
options.experimental_distribute.auto_shard_policy = tf.data.experimental.AutoShardPolicy.DATA
batches = tf.data.Dataset.from_tensor_slices((x, y)).batch(batch).with_options(options)

with strategy.scope():
    inputs = keras.Input((8, 8))
    hidden = keras.layers.Flatten()(inputs)
    hidden = keras.layers.Dense(32, activation="relu")(hidden)
    model = keras.Model(inputs, keras.layers.Dense(10)(hidden))
    optimizer = keras.optimizers.Adam(1e-2)
    optimizer.build(model.trainable_variables)
losses = keras.losses.SparseCategoricalCrossentropy(from_logits=True, reduction=None)


def step_on_one_device(x, y):
    """Take a gradient step with a share of the batch; return its part of the cost."""
    with tf.GradientTape() as tape:
        cost = tf.reduce_sum(losses(y, model(x, training=True))) / batch
    gradients = tape.gradient(cost, model.trainable_variables)
    # Keras sums the gradients over all devices before it applies them.
    optimizer.apply_gradients(zip(gradients, model.trainable_variables, strict=True))
    return cost


@tf.function
def step(x, y):
    """Take one step on all devices; return the cost of the batch."""
    return strategy.reduce("SUM", strategy.run(step_on_one_device, args=(x, y)), axis=None)


for epoch in range(2):
    costs = [float(step(*one)) for one in strategy.experimental_distribute_dataset(batches)]
    print(f"epoch {epoch + 1}: cost {sum(costs) / len(costs):.12f}", flush=True)
