"""Several devices and several hosts compute what one device does: what `book/devices.md` says."""

import json
import os
import re
import subprocess
import sys

import numpy as np
import pytest

from tests.loopback import free_port
from tools.shared.notebooks import ROOT, find, read

pytestmark = pytest.mark.xdist_group(__name__)  # its fixtures are dear
SCRIPT = ROOT / "book" / "_static" / "several_hosts.py"
PAGE = (ROOT / "book" / "devices.md").read_text(encoding="utf-8")

# The network and the training of C4 W1, in float64 and without dropout, whose masks would differ.
ON_DEVICES = """
import json, sys
from dsl_utils import runtime
profile = runtime.start(seed=1)
import keras, numpy as np, tensorflow as tf
from keras import layers

cells, n_devices = json.loads(sys.argv[1]), int(sys.argv[2])
cpu = tf.config.list_physical_devices("CPU")[0]
one = tf.config.LogicalDeviceConfiguration()
tf.config.set_logical_device_configuration(cpu, n_devices * [one])
keras.config.set_floatx("float64")
exec(cells["models"])
exec(cells["training"])
assert runtime.strategy().num_replicas_in_sync == n_devices
assert runtime.strategy() is runtime.strategy()

def losses(m, normalization=None, steps_per_execution=1):
    keras.utils.set_random_seed(1)
    x, y = np.random.rand(m, 28, 28, 1), np.random.randint(0, 10, m)
    with runtime.strategy().scope():
        model = build_convnet(filters=(4, 4, 4))
        for layer in model.layers:
            if isinstance(layer, layers.Dropout):
                layer.rate = 0
        if normalization:
            inputs = keras.Input((28, 28, 1))
            model = keras.Model(inputs, model(normalization(inputs)))
        compiled = model.compile
        model.compile = lambda *arguments, **options: compiled(
            *arguments, steps_per_execution=steps_per_execution, **options
        )
        try:
            return train(model, x, y, 2)["loss"]
        except tf.errors.InvalidArgumentError as error:
            return str(error)

found = {"equal shares": losses(192)}
if n_devices < 4:
    found["unequal last batch"] = losses(129)
    found["unequal first batch"] = losses(63)
    found["steps_per_execution"] = losses(192, steps_per_execution=2)
    for synchronized in (False, True):
        name = "synchronized" if synchronized else "normalized apart"
        found[name] = losses(192, layers.BatchNormalization(synchronized=synchronized))
print(json.dumps(found))
"""


def run(command, **environment):
    """Start Python, offline and quiet, and return the process."""
    return subprocess.Popen(
        [sys.executable, *command],
        env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3", **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def output(process):
    """Return what a process printed; fail with its last words if it failed."""
    try:
        out, err = process.communicate(timeout=240)
    finally:
        process.kill()
    assert process.returncode == 0, err[-2000:]
    return out


@pytest.fixture(scope="module")
def found():
    """The losses of each case, on 1, 2 and 4 virtual devices."""
    cells = json.dumps({cell.id: cell.source for cell in read(find(["c4w1"])[0]).cells})
    counts = (1, 2, 4)
    runs = (output(run(["-c", ON_DEVICES, cells, str(n)])) for n in counts)
    return {n: json.loads(out) for n, out in zip(counts, runs, strict=True)}


def same(ours, theirs):
    """Tell whether two trainings went the same way, up to the rounding of float64."""
    return np.allclose(ours, theirs, rtol=1e-10, atol=0)


@pytest.mark.parametrize("n_devices", [2, 4])
def test_several_devices_give_the_losses_of_one(found, n_devices):
    assert same(found[n_devices]["equal shares"], found[1]["equal shares"])
    assert len(found[1]["equal shares"]) == 2


@pytest.mark.parametrize("fault", ["unequal last batch", "normalized apart"])
def test_a_batch_that_is_not_shared_as_it_should_be_is_noticed(found, fault):
    assert not same(found[2][fault], found[1][fault])


def test_synchronized_batch_normalization_agrees(found):
    assert same(found[2]["synchronized"], found[1]["synchronized"])


@pytest.mark.parametrize("case", ["unequal first batch", "steps_per_execution"])
def test_what_the_page_says_of_keras_is_still_so(found, case):
    assert len(found[1][case]) == 2
    assert isinstance(found[2][case], str), "Keras can do it now: shorten book/devices.md"


def costs(script, hosts):
    """Run a script on hosts, all of them this machine; return what each printed."""
    environments = [{}]
    if hosts > 1:
        workers = [f"127.0.0.1:{free_port()}" for _ in range(hosts)]
        cluster = {"cluster": {"worker": workers}}
        tasks = [{"type": "worker", "index": index} for index in range(hosts)]
        environments = [{"TF_CONFIG": json.dumps(cluster | {"task": task})} for task in tasks]
    processes = [run(["-c", script], **environment) for environment in environments]
    return [re.findall(r"cost ([\d.]+)", output(process)) for process in processes]


def test_two_hosts_give_the_losses_of_one_and_a_forgotten_division_is_noticed():
    script = SCRIPT.read_text(encoding="utf-8")
    (alone,) = costs(script, 1)
    assert len(alone) == 2
    first, second = costs(script, 2)
    assert first == second and same(np.float64(first), np.float64(alone))
    per_host = script.replace("/ batch", "/ (batch // 2)")  # the mean of a share, not of the batch
    assert per_host != script
    assert not same(np.float64(costs(per_host, 2)[0]), np.float64(alone))


def test_the_page_computes_its_bytes_from_the_parameters():
    rows = re.findall(r"^\| .+? \| ([\d,]+) \| ([\d.]+) MB \| ([\d.]+) ms \|", PAGE, re.MULTILINE)
    assert len(rows) == 3
    for parameters, megabytes, milliseconds in rows:
        sent = int(parameters.replace(",", "")) * 4  # 2 (n - 1) / n of it, and n = 2
        assert f"{sent / 1e6:.3g}" == f"{float(megabytes):.3g}"
        assert f"{sent / 1.25e9 * 1e3:.2g}" == f"{float(milliseconds):.2g}"
