"""Layers: files that several functions share, shown to each of them at /opt."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LayerVersion:
    """`package` names the unpacked files on disk, as that of a function does."""

    account_id: str
    layer: str
    number: int
    description: str = ""
    runtimes: tuple[str, ...] = ()
    license: str = ""
    package: str = ""
    code_checksum: str = ""
    code_size: int = 0
    created_at: int = 0


@dataclass(frozen=True, slots=True)
class Layer:
    """A layer as lists show it: its newest version, and whether everybody may use it."""

    newest: LayerVersion
    public: bool


@dataclass(frozen=True, slots=True)
class LayerName:
    """What a layer's ARN says."""

    account_id: str
    layer: str
    number: int
