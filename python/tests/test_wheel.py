"""A wheel of the built package, installed where nothing of this folder and nothing of its libraries is."""

import os
import shutil
import subprocess
import sys
import tempfile
import unittest
import venv
from pathlib import Path

import models
import numpy
import ranvier

BUILT = Path(ranvier.__file__).parents[2]

PROGRAM = """
import sys, numpy, ranvier
x = numpy.load(sys.argv[2])
print((ranvier.Session(sys.argv[1])(x).argmax(axis=1) == numpy.load(sys.argv[3])).sum(), "right")
print(*sorted({line.split()[-1] for line in open("/proc/self/maps") if ".so" in line}))
"""


def run(*command, **options):
    done = subprocess.run(command, capture_output=True, text=True, **options)
    if done.returncode != 0:
        raise AssertionError(f"{command}\n{done.stdout}\n{done.stderr}")
    return done.stdout


class Wheel(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = Path(folder.name)
        pip = [sys.executable, "-m", "pip", "--disable-pip-version-check"]
        options = [f"build-dir={cls.folder}/build", f"cmake.define.RANVIER_PYTHON_BUILT={BUILT}"]
        run(
            *[*pip, "wheel", "--no-deps", "--no-build-isolation", "-w", cls.folder, models.ROOT],
            *[word for option in options for word in ("--config-settings", option)],
        )
        (cls.wheel,) = cls.folder.glob("*.whl")
        venv.create(cls.folder / "env", with_pip=False)
        cls.bin = cls.folder / "env/bin"
        run(*pip, "--python", cls.bin / "python", "install", "--no-deps", "--no-index", cls.wheel)
        # numpy, which is all that it depends on, is the one that is here.
        (packages,) = cls.folder.glob("env/lib/python*/site-packages")
        for part in Path(numpy.__file__).parents[1].glob("numpy*"):
            (packages / part.name).symlink_to(part)

    def test_runs_with_libraries_of_its_own(self):
        data = [models.DIGITS.parent / name for name in ("model.onnx", "x.npy", "y.npy")]
        right, loaded = run(self.bin / "python", "-I", "-c", PROGRAM, *data, cwd=self.folder).splitlines()
        self.assertEqual(right, "346 right")
        own = [Path(path).name for path in loaded.split() if path.startswith(str(self.folder))]
        for name in ("_native", "libdnnl", "libprotobuf-lite", "libfmt", "libgomp"):
            self.assertTrue(any(each.startswith(name) for each in own), f"{name} is not among {own}")
        self.assertNotIn(str(BUILT), loaded)

    def test_command_line(self):
        for command in ([self.bin / "ranvier"], [self.bin / "python", "-I", "-m", "ranvier"]):
            self.assertRegex(run(*command, "--version", cwd=self.folder), r"^ranvier \d+\.\d+\.\d+\n$")
            self.assertIn("1 passed", run(*command, "verify", models.DIGITS.parent))
        failed = subprocess.run([self.bin / "ranvier", "run"], capture_output=True)
        self.assertEqual(failed.returncode, 2)

    def test_holds_the_licences_of_its_libraries(self):
        if shutil.which("dpkg-query") is None:
            self.skipTest("licences are those that Debian's packages have")
        names = {path.name for path in self.folder.glob("env/lib/python*/site-packages/ranvier/lib/*.copyright")}
        self.assertTrue(any("dnnl" in name for name in names), names)

    def test_typed(self):
        for name in ("py.typed", "_native.pyi"):
            self.assertEqual(len(list(self.folder.glob(f"env/lib/python*/site-packages/ranvier/{name}"))), 1)

    def test_is_clean_by_auditwheel(self):
        shown = run(sys.executable, "-m", "auditwheel", "show", self.wheel, env={**os.environ, "PATH": os.defpath})
        self.assertIn('platform tag: "manylinux_', " ".join(shown.split()))


if __name__ == "__main__":
    unittest.main()
