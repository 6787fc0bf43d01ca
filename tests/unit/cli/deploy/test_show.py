from liuyun.cli.deploy.plan import Change
from liuyun.cli.deploy.show import change_text

SECRETS = frozenset({"hush-hush"})


def test_short_values_are_shown() -> None:
    """A change of a number or a short text says from what to what."""
    assert change_text(Change("timeout", 3, 60), SECRETS) == "timeout 3 -> 60"
    assert change_text(Change("description", "", "new"), SECRETS) == "description (empty) -> new"


def test_long_values_and_documents_are_named() -> None:
    """Nobody wants a whole flow on one line."""
    assert change_text(Change("Definition", "a" * 50, "b" * 50), SECRETS) == "Definition"
    assert change_text(Change("triggerConfig", {"a": 1}, {"a": 2}), SECRETS) == "triggerConfig"
    assert change_text(Change("codeChecksum", "1", "2"), SECRETS) == "code"


def test_environment_shows_names_only() -> None:
    """Values of variables never reach a terminal or a build log."""
    change = Change("environmentVariables", {"A": "1", "B": "2"}, {"A": "hidden", "C": "3"})
    assert change_text(change, SECRETS) == "environmentVariables (A, B, C)"


def test_secret_parameters_stay_secret() -> None:
    """A NoEcho value is not shown, wherever the template put it."""
    assert change_text(Change("description", "", "key hush-hush"), SECRETS) == "description"
