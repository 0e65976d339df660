# SPDX-License-Identifier: Apache-2.0
"""The package as a whole: what the wheel contains, doctests, types, processes and threads."""

import concurrent.futures
import doctest
import importlib
import multiprocessing
import os
import pathlib
import pkgutil
import re
import subprocess
import sys

import headcount
import pytest
from elftools.elf.elffile import ELFFile
from vectors import ROOT

MODULES = [m.name for m in pkgutil.iter_modules([str(pathlib.Path(headcount.__file__).parent)]) if m.name.startswith("_")]


@pytest.mark.parametrize("module", ["", *MODULES])
def test_docstrings(module):
    names = {name: getattr(headcount, name) for name in headcount.__all__}
    found = importlib.import_module(f"headcount.{module}" if module else "headcount")
    assert doctest.testmod(found, extraglobs=names).failed == 0


def test_every_public_name_is_documented():
    for name in headcount.__all__:
        assert getattr(headcount, name).__doc__, name


def test_types():
    assert os.path.exists(os.path.join(os.path.dirname(headcount.__file__), "py.typed"))
    mypy = [sys.executable, "-m", "mypy", "--cache-dir", os.devnull, "--config-file", "python/headcount/pyproject.toml"]
    found = subprocess.run([*mypy, "python/headcount/headcount"], cwd=ROOT, capture_output=True, text=True)
    assert found.returncode == 0, found.stdout + found.stderr


def test_wheel_is_for_every_linux_of_manylinux_2_17():
    wheels = list((ROOT / "build" / "python").glob("headcount-*.whl"))
    assert wheels
    for wheel in wheels:
        assert "-py3-none-manylinux_2_17_" in wheel.name
        show = subprocess.run([sys.executable, "-m", "auditwheel", "show", str(wheel)], check=True, capture_output=True, text=True)
        oldest = re.search(r'"manylinux_2_(\d+)_', show.stdout)
        assert oldest and int(oldest[1]) <= 17, show.stdout


def test_package_works_without_pyarrow():
    code = """
import sys
sys.modules["pyarrow"] = None
import headcount
assert headcount.cardinality(headcount.merge(headcount.create(["a", "b"]))) == 2
try:
    headcount.merge_by([], [])
except ImportError as e:
    assert "headcount[arrow]" in str(e)
else:
    sys.exit("no error")
"""
    subprocess.run([sys.executable, "-c", code], check=True)


def _cardinality_of(ids):
    return headcount.cardinality(headcount.build(ids))


def test_forked_process_gets_an_error_and_not_a_hang():
    assert _cardinality_of(["a"]) == 1
    with concurrent.futures.ProcessPoolExecutor(1, multiprocessing.get_context("fork")) as pool:
        with pytest.raises(RuntimeError, match="spawn"):
            pool.submit(_cardinality_of, ["a"]).result(60)


def test_spawned_process():
    with concurrent.futures.ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        assert pool.submit(headcount.cardinality, headcount.build(["a", "b"])).result(120) == 2


def test_threads():
    sketch = headcount.build(range(5000))
    expected = headcount.estimate(sketch)
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        assert set(pool.map(lambda _: headcount.estimate([sketch] * 50)[-1], range(100))) == {expected}


def test_integers_out_of_range():
    for call in (
        lambda: headcount.empty(2**64),
        lambda: headcount.create(2**63),
        lambda: headcount.create("a", 25),
        lambda: headcount.create("a", 3),
        lambda: headcount.bounds(headcount.empty(), 4),
        lambda: headcount.reduce(headcount.empty(10), 12),
    ):
        with pytest.raises(headcount.HeadcountError):
            call()
    with pytest.raises(TypeError):
        headcount.empty(12.0)


def test_guide(tmp_path, monkeypatch):
    (tmp_path / "pings").mkdir()
    (tmp_path / "pings" / "pings.json.gz").symlink_to(ROOT / "rollup" / "testdata" / "pings.json.gz")
    monkeypatch.chdir(tmp_path)
    failed, tried = doctest.testfile(str(ROOT / "docs" / "python.md"), module_relative=False)
    assert failed == 0 and tried > 20


def test_libraries_export_what_their_headers_declare():
    folder = pathlib.Path(headcount.__file__).parent
    for library, header in ("libheadcount.so", "headcount.h"), ("libheadcount-pings.so", "pings/headcount_pings.h"):
        declared = re.findall(r"^int32_t (hc_\w+)\(", (ROOT / "cgo" / header).read_text(), re.M)
        with open(folder / library, "rb") as file:
            symbols = ELFFile(file).get_section_by_name(".dynsym").iter_symbols()
            exported = [s.name for s in symbols if s["st_shndx"] != "SHN_UNDEF" and s["st_info"]["type"] == "STT_FUNC"]
        assert sorted(exported) == sorted(declared)
