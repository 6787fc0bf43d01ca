"""Templates for the tests of this folder."""

from collections.abc import Mapping
from textwrap import dedent

from liuyun.cli.deploy.resources import Kind, Place, Resource
from liuyun.cli.deploy.template import Template, read_template

HEAD = "ROSTemplateFormatVersion: '2015-09-01'\nTransform: 'Aliyun::Serverless-2018-04-03'\n"
PLACE = Place("http://127.0.0.1:7080", "123456", "cn-hangzhou")
FLOW = "version: v1beta1\ntype: flow\nsteps:\n  - {type: pass, name: one}\n"


class Folder:
    """The files beside a template."""

    def __init__(self, files: Mapping[str, str]) -> None:
        self._files = files

    def text(self, path: str) -> str:
        if path not in self._files:
            raise FileNotFoundError(2, "No such file or directory", path)
        return self._files[path]

    def exists(self, path: str) -> bool:
        return path in self._files


def template(
    body: str, files: Mapping[str, str] | None = None, parameters: Mapping[str, str] | None = None, *, head: str = HEAD
) -> Template:
    """`body` follows two lines of head, so that its first line is line 3. The folder `src` is always there."""
    folder = Folder({"src": "", **(files or {})})
    return read_template(head + dedent(body), "template.yml", PLACE, parameters or {}, files=folder, check=lambda _: [])


def find(found: Template, kind: Kind, name: str) -> Resource:
    return next(resource for resource in found.resources if resource.key == (kind, name))
