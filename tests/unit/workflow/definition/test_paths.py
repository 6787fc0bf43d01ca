import pytest

from liuyun.workflow.definition.paths import MISSING, BadPath, Path, Root, parse_path, resolve

DATA = {
    "a": {"b": 1, "list": [10, 20], "é": "ok", "two words": 2},
    "rows": [{"n": 1, "parts": [1, 2]}, {"n": 2, "parts": [3]}, {"m": 3}, 5],
    "null": None,
}


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("$", Path(Root.INPUT)),
        ("$.a.b", Path(Root.INPUT, ("a", "b"))),
        ("$input", Path(Root.INPUT)),
        ("$input.key_info[0]", Path(Root.INPUT, ("key_info", 0))),
        ("$input.a-b", Path(Root.INPUT, ("a-b",))),
        ("$local[*].name", Path(Root.LOCAL, (None, "name"))),
        ("$local.*.name", Path(Root.LOCAL, (None, "name"))),
        ("$context.task.token", Path(Root.CONTEXT, ("task", "token"))),
        ('$["two words"]', Path(Root.INPUT, ("two words",))),
        ("$['x']", Path(Root.INPUT, ("x",))),
        ("$.名字", Path(Root.INPUT, ("名字",))),
        ("$config.s.key", Path(Root.CONFIG, ("s", "key"))),
        ('$config["pay ment"]["wei.xin"].a[0]', Path(Root.CONFIG, ("pay ment", "wei.xin", "a", 0))),
        ("$config.s[$.a].b", Path(Root.CONFIG, ("s", Path(Root.INPUT, ("a",)), "b"))),
        ('$config.s[$local["x"][0]]', Path(Root.CONFIG, ("s", Path(Root.LOCAL, ("x", 0))))),
        ("$config.s.key[$]", Path(Root.CONFIG, ("s", "key", Path(Root.INPUT)))),
    ],
)
def test_paths_are_read_into_roots_and_parts(text: str, path: Path):
    """Keys, indexes and wildcards; a bare `$` is the input."""
    assert parse_path(text) == path


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("$5", "is not a path"),
        ("$inputs.a", "is not a path"),
        ("$foo.a", "is not a path"),
        ("$.", "after $:"),
        ("$.a..b", "after $.a:"),
        ("$.a[", "after $.a:"),
        ("$.a[x]", "after $.a:"),
        ("$.a[-1]", "after $.a:"),
        ("$.a b", "after $.a:"),
        ("$config.s", "is read by schema and key"),
        ("$config.s[0]", "is read by schema and key"),
        ("$config.s[*].a", "is read by schema and key"),
        ("$config[$.a].b", "is read by schema and key"),
        ("$config.s[$.a", "after $config.s[$.a:"),
        ("$config.s[$.a x]", "after $config.s[$.a:"),
        ("$config.s[$config.t.u]", "map that value into the step's input first"),
        ("$.a[$.b]", "only $config can be read with one"),
        ("$." + "a" * 2000, "at most 1024 characters"),
    ],
)
def test_a_wrong_path_says_where_it_goes_wrong(text: str, part: str):
    """The writer sees how far the path could be read."""
    with pytest.raises(BadPath, match=r".*" + part.replace("$", r"\$").replace(".", r"\.").replace("[", r"\[")):
        parse_path(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("$.a.b", 1),
        ("$.a.list[1]", 20),
        ("$.a.é", "ok"),
        ('$.a["two words"]', 2),
        ("$.null", None),
        ("$.x", MISSING),
        ("$.a.list[2]", MISSING),
        ("$.a.b.c", MISSING),
        ("$.a[0]", MISSING),
        ("$.rows.n", MISSING),
        ("$.rows[*].n", [1, 2]),
        ("$.rows[*].parts", [[1, 2], [3]]),
        ("$.rows[*].parts[*]", [1, 2, 3]),
        ("$.rows[*].parts[0]", [1, 3]),
        ("$.a.list[*]", [10, 20]),
        ("$.a.b[*]", []),
        ("$.x[*].y", MISSING),
        ("$.a[*]", [1, [10, 20], "ok", 2]),
    ],
)
def test_paths_lead_to_values(text: str, value: object):
    """One value or MISSING; with a wildcard, the list of what is there."""
    parts = [part for part in parse_path(text).parts if not isinstance(part, Path)]
    assert resolve(DATA, parts) == value
