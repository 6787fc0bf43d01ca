"""The operator's pip configuration, read for a sandbox."""

from pathlib import Path

from liuyun.compute.pip_settings import read


def test_later_places_win_and_lists_become_words():
    """The environment before the command's section, that before the global one."""
    listing = """
:env:.timeout='9'
global.extra-index-url='https://one/simple\\nhttps://two/simple'
global.timeout='1'
install.no-binary='six'
install.timeout='5'
"""
    settings = read(listing, {})
    assert settings.environment == {
        "PIP_EXTRA_INDEX_URL": "https://one/simple https://two/simple", "PIP_TIMEOUT": "9", "PIP_NO_BINARY": "six",
    }  # fmt: skip


def test_the_indexes_are_the_hosts_that_may_be_asked():
    """With the port of each; PyPI only where no other index stands in its place."""
    assert read("", {}).hosts == ("pypi.org:443",)
    listing = "global.index-url='http://u:p@mirror.internal:3141/root'\nglobal.find-links='https://wheels/ /opt/x'"
    assert read(listing, {}).hosts == ("mirror.internal:3141", "wheels:443")
    assert read("global.no-index='true'", {}).hosts == ()
    assert read("global.index-url='https://host:port/ https://[::1]:8080/ ftp://x/'", {}).hosts == ("[::1]:8080",)


def test_local_places_are_shown(tmp_path: Path):
    """Folders of wheels, file indexes, certificates and constraints that are there."""
    (tmp_path / "wheels").mkdir()
    (tmp_path / "ca.pem").touch()
    listing = f"""
global.find-links='{tmp_path}/wheels /nowhere'
global.index-url='file://{tmp_path}/wheels'
global.cert='{tmp_path}/ca.pem'
"""
    settings = read(listing, {})
    assert (settings.folders, settings.files) == ((f"{tmp_path}/wheels",), (f"{tmp_path}/ca.pem",))
    assert settings.hosts == ()


def test_what_would_lead_pip_elsewhere_is_left_out():
    """Targets, caches and logs are the sandbox's; a line that can't be read says nothing."""
    assert (
        read("global.target='/x'\nglobal.log='/y'\nglobal.cache-dir='/z'\nglobal.pre=oops(\nnonsense", {}).options == {}
    )


def test_the_operators_proxy_is_asked_in_our_place():
    """Pip's own before the environment's; its user goes along."""
    assert read("", {}).proxy_address is None
    settings = read("global.proxy='http://me:secret@proxy:3128'", {"https_proxy": "http://other:1"})
    assert (settings.proxy_address, settings.proxy_user) == (("proxy", 3128), "me:secret@")
    assert read("", {"https_proxy": "other:1"}).proxy_address == ("other", 1)
