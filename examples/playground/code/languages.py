"""The languages: what each calls its file, how it is compiled and run. What this machine has of them is looked up."""

import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

PROGRAMS = Path(__file__).parent / "programs"
PATH = "/usr/local/bin:/usr/bin:/bin"
JAVA = ("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData", "-Xmx256m")
Command = tuple[str, ...]


@dataclass(frozen=True)
class Language:
    """Of a tool that has several names, written `one|other`, the first that is there is taken. `package`: Debian's."""

    name: str
    title: str
    file: str
    run: Command
    compile: Command = ()
    others: Command = ()
    package: str = ""

    @property
    def example(self) -> str:
        return (PROGRAMS / self.file).read_text()


@dataclass(frozen=True)
class Installed:
    language: Language
    run: Command
    compile: Command


LANGUAGES = (
    Language(
        "python", "Python", "main.py", (sys.executable, "-u", "main.py"), others=("python3", "py"), package="python3"
    ),
    Language(
        "node", "JavaScript", "main.js", ("node", "main.js"), others=("javascript", "js", "nodejs"), package="nodejs"
    ),
    Language("bash", "Bash", "main.sh", ("bash", "main.sh"), others=("sh", "shell"), package="bash"),
    Language(
        "c", "C", "main.c", ("./program",), ("cc", "-O1", "-o", "program", "main.c", "-lm"), package="gcc libc6-dev"
    ),
    Language(
        "c++",
        "C++",
        "main.cpp",
        ("./program",),
        ("c++", "-std=c++17", "-O1", "-o", "program", "main.cpp"),
        others=("cpp",),
        package="g++",
    ),
    Language(
        "java",
        "Java",
        "Main.java",
        ("java", *JAVA, "-cp", ".", "Main"),
        ("javac", *(f"-J{option}" for option in JAVA), "Main.java"),
        package="default-jdk-headless",
    ),
    Language(
        "go",
        "Go",
        "main.go",
        ("./program",),
        ("go", "build", "-p", "2", "-o", "program", "main.go"),
        others=("golang",),
        package="golang",
    ),
    Language(
        "rust",
        "Rust",
        "main.rs",
        ("./program",),
        ("rustc", "--edition", "2021", "-o", "program", "main.rs"),
        others=("rs",),
        package="rustc",
    ),
    Language("php", "PHP", "main.php", ("php", "main.php"), package="php-cli"),
    Language("ruby", "Ruby", "main.rb", ("ruby", "main.rb"), others=("rb",), package="ruby"),
    Language("perl", "Perl", "main.pl", ("perl", "main.pl"), others=("pl",), package="perl"),
    Language("lua", "Lua", "main.lua", ("lua|lua5.4|lua5.3|luajit", "main.lua"), package="lua5.4"),
    Language("tcl", "Tcl", "main.tcl", ("tclsh|tclsh8.6|tclsh9.0", "main.tcl"), others=("tclsh",), package="tcl"),
)


def installed() -> list[Installed]:
    found = (look_up(language) for language in LANGUAGES)
    return [each for each in found if each is not None]


def look_up(language: Language) -> Installed | None:
    run, compile_ = with_tool(language.run), with_tool(language.compile)
    if not run or (language.compile and not compile_):
        return None
    return Installed(language, run, compile_)


def with_tool(command: Command) -> Command:
    """The command with its tool's path; empty if the tool isn't there. What is compiled only then is taken as it is."""
    if not command or command[0].startswith("./"):
        return command
    names = command[0].split("|")
    path = next(filter(None, (shutil.which(name, path=PATH) for name in names)), None)
    return (path, *command[1:]) if path else ()


def choose(name: str, there: list[Installed]) -> Installed | None:
    wanted = name.strip().lower()
    return next((each for each in there if wanted in (each.language.name, *each.language.others)), None)
