"""The keys of an installation, on its first start."""

from rich.panel import Panel

from liuyun.cli.output import out
from liuyun.identity.root import RootKeys


def show_keys(root: RootKeys) -> None:
    """Once, on the first start; `liuyun keys show` shows them again."""
    lines = (
        f"account id         {root.account_id}",
        f"access key id      {root.access_key_id}",
        f"access key secret  {root.access_key_secret}",
        f"console password   {root.console_password}",
    )
    out.print(Panel.fit("\n".join(lines), title="A new platform; these are its keys", border_style="green"))
