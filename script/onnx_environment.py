"""A Python environment with the packages that the scripts for ONNX need, made on first use."""

import os
import subprocess
import sys
from pathlib import Path

PACKAGES = ["numpy==2.4.6", "onnx==1.23.2", "onnxruntime==1.31.1"]
ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / ".build/onnx-python"


def run(failure, *command):
    if subprocess.run(command).returncode:
        sys.exit(f"{Path(sys.argv[0]).name}: {failure}; the reason is above.")


def enter():
    """Runs the calling script again in the environment, unless it runs there already."""
    python = FOLDER / "bin/python"
    if Path(sys.prefix).resolve() == FOLDER.resolve():
        return
    complete = FOLDER / "installed.txt"
    if not complete.exists() or complete.read_text().split() != PACKAGES:
        run("can't make an environment (Debian: apt-get install python3-venv)", sys.executable, "-m", "venv", "--clear", FOLDER)
        run("the packages can't be had", python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *PACKAGES)
        complete.write_text("\n".join(PACKAGES) + "\n")
    os.execv(python, [str(python), *sys.argv])
