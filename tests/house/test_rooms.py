"""One room has one name in code, templates and tests; and few places may read the environment or the time."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROOMS = {path.parent.name for path in ROOT.glob("app/*/__init__.py")}

SHARED_TEMPLATES = {"_ui", "errors", "layout.html"}
SHARED_TESTS = {"bench", "factories", "house", "journeys", "processes", "vendor", "wire"}
READ_THE_ENVIRONMENT = {"app/config.py", "app/sandbox/launcher.py", "app/sandbox/postgres.py", "gunicorn.conf.py"}
THE_SYSTEMS_TIME = {
    "app/ai/costs.py",
    "app/lib/clock.py",
    "app/sandbox/clock.py",
    "app/sandbox/routes.py",
    "app/schedule.py",
}
VERBS = {"add", "cancel", "close", "create", "delete", "do", "make", "remove", "send", "set", "start", "update"}


def sources() -> list[Path]:
    return [*ROOT.glob("app/**/*.py"), ROOT / "gunicorn.conf.py", ROOT / "wsgi.py"]


def names(place: str) -> set[str]:
    return {path.name for path in (ROOT / place).iterdir() if not path.name.startswith("__")}


def test_templates_are_kept_by_room():
    assert names("templates") - SHARED_TEMPLATES <= ROOMS


def test_every_room_is_tested_under_its_name():
    folders = {path.name for path in (ROOT / "tests").iterdir() if path.is_dir() and path.name != "__pycache__"}
    assert folders - SHARED_TESTS == ROOMS
    assert {room for room in ROOMS if not list((ROOT / "tests" / room).glob("test_*.py"))} == set()


def test_factories_are_kept_by_room():
    assert {path.stem for path in (ROOT / "tests" / "factories").glob("[!_]*.py")} <= ROOMS | {"providers"}


def test_the_environment_is_read_in_one_place():
    reading = {
        str(path.relative_to(ROOT)) for path in sources() if re.search(r"os\.(environ|getenv)", path.read_text())
    }
    assert reading <= READ_THE_ENVIRONMENT


def test_the_time_of_a_rule_is_the_applications():
    """The sandbox moves `clock.now()` and tests set it; only what happens outside of us has the system's time."""
    asking = re.compile(r"datetime\.(now|utcnow|today)\(|date\.today\(")
    found = {str(path.relative_to(ROOT)) for path in sources() if asking.search(path.read_text())}
    assert found == THE_SYSTEMS_TIME


def test_addresses_name_things_and_methods_say_what_happens_to_them(app):
    rules = {rule.rule for rule in app.url_map.iter_rules() if not rule.rule.startswith("/static/")}
    parts = {rule: set(re.split(r"[/-]", re.sub(r"<[^>]+>", "", rule))) for rule in rules}
    assert {rule for rule, words in parts.items() if words & VERBS} == set()
