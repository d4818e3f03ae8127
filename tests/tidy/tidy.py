"""The tree keeps its own rules (CONTRIBUTING.md says why). Each rule is one test; what breaks it is named with file and line."""

import re
import shutil
import subprocess
import sys
import unittest

from harness import ROOT, main

FOLDERS = ("base", "json", "aws", "pipeline", "localcloud", "cli", "tests", "bench")
LINES_MAX, FUNCTION_LINES_MAX = 500, 70


def tracked(*suffixes):
    listed = subprocess.run(["git", "ls-files", *FOLDERS, "deploy"], capture_output=True, text=True, cwd=ROOT).stdout.split("\n")
    return [ROOT / name for name in listed if name.endswith(suffixes) and (ROOT / name).exists()]


def sources():
    return tracked(".cpp", ".hpp")


def place(path, line=None):
    return f"{path.relative_to(ROOT)}" + (f":{line}" if line else "")


def includes(path):
    for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1):
        match = re.match(r'#include "([^"]+)"', line)
        if match:
            yield number, match[1]


def functions(path):
    """First line and length of each function body, as clang-format lays them out: closed at column 0 or, in a class, at column 2; its head is
    the last line before at the same column."""
    lines = path.read_text(errors="replace").splitlines()
    other = re.compile(r"\s*(namespace|class|struct|enum|union|extern|template <[^>]*>$)\b")
    for indent in ("", "  "):
        head = None
        for number, line in enumerate(lines, 1):
            if line == indent + "}":
                if head and not other.match(lines[head - 1]):
                    yield head, number - head + 1
                head = None
            elif line.startswith(indent) and line[len(indent):len(indent) + 1] not in ("", " ", "}", "/", "#"):
                head = number


class Tree(unittest.TestCase):
    maxDiff = None

    def none(self, found, rule):
        self.assertEqual(len(found), 0, f"{rule}: " + "; ".join(found[:12]) + (f"; and {len(found) - 12} more" if len(found) > 12 else ""))

    def test_no_file_is_longer_than_500_lines(self):
        self.none([f"{place(path)} has {count}" for path in tracked(".cpp", ".hpp", ".py", ".mjs", ".sh")
                   if (count := path.read_text(errors="replace").count("\n")) > LINES_MAX], f"at most {LINES_MAX} lines")

    def test_no_function_is_longer_than_70_lines(self):
        self.none([f"{place(path, line)} has {length}" for path in sources() if not path.stem.endswith("_test")
                   for line, length in functions(path) if length > FUNCTION_LINES_MAX], f"at most {FUNCTION_LINES_MAX} lines")

    def test_each_file_opens_with_what_it_is(self):
        found = []
        for path in sources():
            lines = path.read_text(errors="replace").splitlines()
            if path.suffix == ".cpp" and path.with_suffix(".hpp").exists():
                continue  # the header says it
            head = [line for line in lines[:3] if line and line != "#pragma once"]
            if not head or not head[0].startswith("//"):
                found.append(place(path))
        self.none(found, "a comment first")

    def test_each_operation_has_one_file_and_one_reference(self):
        """operations/put_item.cpp names API_PutItem and no other."""
        found = []
        for path in (ROOT / "localcloud/services").glob("*/operations/*.cpp"):
            if path.stem.endswith("_test"):
                continue
            links = re.findall(r"https://docs\.aws\.amazon\.com/\S*?API_(\w+)\.html", path.read_text(errors="replace"))
            if len(set(links)) != 1:
                found.append(f"{place(path)} has {len(set(links))} links")
            elif links[0].lower() != path.stem.replace("_", ""):
                found.append(f"{place(path)} refers to {links[0]}")
        self.none(found, "one AWS reference link an operation")

    def test_each_operation_has_a_wire_test(self):
        """tests/wire/<service>/<operation>.test beside each operations/<operation>.cpp."""
        self.none([place(path) for path in sorted((ROOT / "localcloud/services").glob("*/operations/*.cpp")) if not path.stem.endswith("_test")
                   and not (ROOT / "tests/wire" / path.parent.parent.name / f"{path.stem}.test").exists()], "a tests/wire file an operation")

    def test_who_includes_whom(self):
        """base <- json <- aws <- wire; base <- storage; a room nothing of another room; the pipeline and the stage nothing of each other."""
        found = []
        below = {"base": {"base"}, "json": {"base", "json"}, "aws": {"base", "json", "aws"},
                 "pipeline": {"base", "json", "aws", "pipeline"}, "cli": {"base", "json", "aws", "cli", "pipeline"}}
        for path in sources():
            parts = path.relative_to(ROOT).parts
            for line, name in includes(path):
                top = name.split("/")[0]
                if top not in ("base", "json", "aws", "pipeline", "cli", "localcloud"):
                    continue
                wrong = parts[0] in below and top not in below[parts[0]]
                if parts[:2] == ("localcloud", "storage"):
                    wrong = wrong or not name.startswith(("base/", "localcloud/storage/"))
                if parts[:2] == ("localcloud", "wire"):
                    wrong = wrong or not name.startswith(("base/", "json/", "aws/", "localcloud/wire/", "localcloud/storage/"))
                if parts[:2] == ("localcloud", "services"):
                    wrong = wrong or not name.startswith(("base/", "json/", "aws/", "localcloud/wire/", "localcloud/storage/",
                                                          f"localcloud/services/{parts[2]}/"))
                if wrong:
                    found.append(f"{place(path, line)} includes {name}")
        self.none(found, "includes")

    def test_heavy_headers_stay_in_cpp_files(self):
        """Asio, Beast, RocksDB, simdjson, OpenSSL, RE2 and CLI11 cost seconds in each file that sees them."""
        heavy = re.compile(r"#include <(boost/|rocksdb/|simdjson|openssl/|re2/|CLI/|pugixml|zip\.h|isa-l)")
        self.none([place(path, number) for path in tracked(".hpp") for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1)
                   if heavy.match(line)], "no heavy include in a header")

    def test_names(self):
        """Types say what they are: no Manager, Helper, Util, Impl."""
        bad = re.compile(r"^\s*(?:class|struct|enum class|using)\s+(\w*(?:Manager|Helper|Utils?|Impl))\b")
        self.none([f"{place(path, number)} {match[1]}" for path in sources()
                   for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1) if (match := bad.match(line))], "names")

    def test_nothing_is_promised_for_later(self):
        words = re.compile(r"\b(" + "|".join(("TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK")) + r")\b")
        self.none([place(path, number) for path in tracked(".cpp", ".hpp", ".py", ".mjs", ".sh", ".md", ".txt")
                   for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1) if words.search(line)], "promises")

    def test_departures_from_aws_are_told(self):
        """Each room with `// Unlike AWS` at a line has at least as many rows in its README's table of them."""
        found = []
        for room in [*(ROOT / "localcloud/services").iterdir(), ROOT / "localcloud/wire"]:
            comments = [place(path, number) for path in room.rglob("*.[ch]pp")
                        for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1) if "// Unlike AWS" in line]
            readme = room / "README.md"
            text = readme.read_text() if readme.exists() else ""
            table = re.search(r"^#+ Unlike AWS\n+(.*?)(?=^#|\Z)", text, re.M | re.S)
            rows = len([line for line in (table[1] if table else "").splitlines() if line.startswith("|")]) - 2
            if comments and rows < len(comments):
                found.append(f"{place(room)} has {len(comments)} comments and {max(rows, 0)} rows ({', '.join(comments[:3])})")
        self.none(found, "rows in the README")

    def test_each_room_has_its_furniture(self):
        self.none([place(room / name) for room in (ROOT / "localcloud/services").iterdir() if room.is_dir()
                   for name in ("README.md", "api.hpp", "errors.hpp", "service.hpp", "service.cpp") if not (room / name).exists()], "furniture")

    def test_no_path_of_one_machine(self):
        bad = re.compile(r"(?<![\w/.])/(home|root|work|Users)/\w")
        self.none([place(path, number) for path in tracked(".cpp", ".hpp", ".py", ".mjs", ".sh", ".md", ".json", ".txt")
                   for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1) if bad.search(line)], "paths")

    def test_clang_format(self):
        program = shutil.which("clang-format-19")
        if not program:
            self.skipTest("clang-format-19 isn't installed")
        paths = [str(path) for path in sources()]
        found = set()
        for begin in range(0, len(paths), 100):
            done = subprocess.run([program, "--dry-run", *paths[begin:begin + 100]], capture_output=True, text=True, cwd=ROOT)
            found |= {place(ROOT / match) for match in re.findall(r"^(?:%s/)?([^:\s]+):\d+:\d+: warning" % re.escape(str(ROOT)), done.stderr, re.M)}
        self.none(sorted(found), "clang-format-19 -i would change")


if __name__ == "__main__":
    sys.setrecursionlimit(10000)
    main()
