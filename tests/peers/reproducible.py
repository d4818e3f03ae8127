"""Two builds of the packages give the same bytes: in two folders, at two times, without a compiler's cache."""

import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

from harness import ROOT, main

FOLDERS = ("base", "json", "aws", "pipeline", "cmake", "deploy")


class Reproducible(unittest.TestCase):
    def packages(self, folder, **environment):
        folder.mkdir(parents=True)
        for name in FOLDERS:
            shutil.copytree(ROOT / name, folder / name)
        for name in ("CMakeLists.txt", "CMakePresets.json"):
            shutil.copy(ROOT / name, folder)
        done = subprocess.run([str(folder / "deploy/package")], capture_output=True, text=True, env=dict(os.environ, CCACHE_DISABLE="1", **environment))
        self.assertEqual(done.returncode, 0, done.stderr[-1000:])
        return {name: (folder / f"dist/{name}.zip").read_bytes() for name in ("collect_to_s3", "parse_validate")}

    def test_two_builds_give_the_same_bytes(self):
        with tempfile.TemporaryDirectory() as folder:
            one = self.packages(pathlib.Path(folder) / "one")
            other = self.packages(pathlib.Path(folder) / "another/one", TZ="Asia/Tokyo", LC_ALL="C")
            for name, package in one.items():
                self.assertTrue(package == other[name], name)


if __name__ == "__main__":
    main()
