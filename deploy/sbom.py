"""Writes what runs on a server as a CycloneDX bill of materials: python -m deploy.sbom FILE.json."""

import base64
import json
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.license import DisjunctiveLicense
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL

ROOT = Path(__file__).resolve().parent.parent
PIN = re.compile(r"^([a-z0-9.-]+)==(\S+)", re.MULTILINE)
SHA_512 = "sha512-"


def bill() -> Bom:
    """The product, and all that its lock files name for a server: of Python, and what browsers load."""
    product = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    bom = Bom()
    bom.metadata.component = _component("pypi", product["name"], product["version"], ComponentType.APPLICATION)
    for each in (*_of_python(), *_of_browsers()):
        bom.components.add(each)
    bom.register_dependency(bom.metadata.component, bom.components)
    return bom


def written() -> str:
    return JsonV1Dot6(bill()).output_as_string(indent=2)


def _of_python() -> Iterator[Component]:
    for name, version in PIN.findall((ROOT / "requirements.lock").read_text()):
        yield _component("pypi", name, version)


def _of_browsers() -> Iterator[Component]:
    packages = json.loads((ROOT / "tracker/static/package-lock.json").read_text())["packages"]
    for path, package in packages.items():
        if path:
            component = _component("npm", path.removeprefix("node_modules/"), package["version"])
            digest = base64.b64decode(package["integrity"].removeprefix(SHA_512)).hex()
            component.hashes.add(HashType(alg=HashAlgorithm.SHA_512, content=digest))
            component.licenses.add(DisjunctiveLicense(name=package["license"]))
            yield component


def _component(kind: str, name: str, version: str, sort: ComponentType = ComponentType.LIBRARY) -> Component:
    purl = PackageURL(kind, name=name, version=version)
    return Component(name=name, version=version, type=sort, purl=purl, bom_ref=purl.to_string())


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python -m deploy.sbom FILE.json")
    Path(sys.argv[1]).write_text(written(), encoding="utf-8")
