"""docs/style.md, as far as a program can hold it: rules 1 to 7, 13, 14, 16, 30, 31 by reading the source."""

import ast
import re

from tests.house.source import (
    APPS,
    Module,
    decorators,
    files,
    functions,
    length,
    modules,
    of_the_apps,
    of_the_site,
    statements,
    templates,
)

LONGEST_FUNCTION = 50
LONGEST_VIEW = 30
LONGEST_FILE = 400
LONGEST_TEMPLATE = 120
LONGEST_SCRIPT = 120
LONGEST_TASK = 5
LONGEST_SETTINGS = 300

# Calls that write rows, whatever they are called on.
WRITING = {
    "save", "create", "delete", "bulk_create", "bulk_update", "get_or_create", "update_or_create",
    "acreate", "asave", "adelete", "abulk_create", "aupdate", "aget_or_create", "aupdate_or_create",
}  # fmt: skip
# A dict and a hash have update() as well, so this one counts only after a call that makes a queryset.
QUERYSETS = {"filter", "exclude", "all", "select_for_update", "get_queryset", "order_by"}
# What else is saved or deleted and is no row: files in storage, images, forms of allauth, caches, sessions.
NO_ROWS = re.compile(
    r"(storage|image|picture|frame|cache|session|file|buffer|canvas|super\(\)|font|path|poster|book)", re.IGNORECASE
)
WRITERS = {"actions", "ledger", "tus"}
# Auditors copy it out of the project and run it alone.
ONE_FILE_BY_DESIGN = {"royalties/verify.py"}
SIGNALS = {"pre_save", "post_save", "pre_delete", "post_delete", "m2m_changed", "receiver", "Signal"}


def none(wrong: list[str]) -> None:
    """Fail with every place that breaks the rule, one a line."""
    assert not wrong, "\n" + "\n".join(wrong)


def may_write(module: Module) -> bool:
    """actions.py or a module of actions/, royalties/ledger.py and contributions/tus.py."""
    return module.parts[1] in WRITERS


def knows_rows(module: Module) -> bool:
    """Whether it has a model in hand at all; what draws and encodes saves pictures, not rows."""
    imported = [node for node in ast.walk(module.tree) if isinstance(node, ast.ImportFrom)]
    named = [f"{node.module}.{alias.name}" for node in imported for alias in node.names]
    return any(".models" in name or name.startswith(("django.db", "django.contrib.auth")) for name in named)


def writes(module: Module) -> list[str]:
    """Where a module writes rows; making a first superuser is the manager's, by Django's own contract."""
    found = []
    if not knows_rows(module):
        return []
    makers = [node for node in functions(module) if node.name in {"create_user", "create_superuser"}]
    allowed = {inner for maker in makers for inner in ast.walk(maker)}
    for node in ast.walk(module.tree):
        if node in allowed:
            continue
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        called_on = ast.unparse(node.func.value)
        if node.func.attr == "update":
            rows = called_on.endswith("objects") or any(f".{name}(" in called_on for name in QUERYSETS)
        else:
            rows = node.func.attr in WRITING and not NO_ROWS.search(called_on)
        if rows:
            found.append(f"{module.where(node)} {called_on}.{node.func.attr}()")
    return found


def test_rule_2_only_actions_write() -> None:
    none([line for module in of_the_apps() if not may_write(module) for line in writes(module)])


def test_rule_2_the_wiring_writes_nothing() -> None:
    wiring = [module for module in of_the_site() if module.parts[0] == "hitrecord" and module.parts[1] != "servers"]
    none([line for module in wiring for line in writes(module)])


def test_rule_2_an_action_takes_its_arguments_by_name_and_the_actor_first() -> None:
    wrong = []
    for module in of_the_apps():
        if module.parts[1] != "actions":
            continue
        for node in module.tree.body:
            if not isinstance(node, ast.FunctionDef) or node.name.startswith("_") or not any(writes_row(node)):
                continue
            if node.args.args or node.args.posonlyargs:
                wrong.append(f"{module.where(node)} {node.name} takes positional arguments")
    none(wrong)


def writes_row(node: ast.FunctionDef) -> list[bool]:
    """Whether the function itself opens a transaction, which makes it an action rather than a helper of one."""
    return [True for name in decorators(node) if name == "atomic"] + [
        True
        for inner in ast.walk(node)
        if isinstance(inner, ast.With) and any("atomic" in ast.unparse(item.context_expr) for item in inner.items)
    ]


def test_rule_5_there_are_no_signals_and_save_has_no_side_effects() -> None:
    wrong = []
    for module in of_the_site():
        for node in ast.walk(module.tree):
            if isinstance(node, ast.ImportFrom) and (node.module or "").endswith(("signals", "dispatch")):
                wrong += [f"{module.where(node)} imports {a.name}" for a in node.names if a.name in SIGNALS]
            in_models = module.parts[1] == "models" and module.parts[0] in APPS
            if in_models and isinstance(node, ast.FunctionDef) and node.name in {"save", "delete"}:
                wrong.append(f"{module.where(node)} overrides {node.name}()")
    none(wrong)


def test_rule_12_views_are_short_and_forms_never_write() -> None:
    wrong = []
    for module in of_the_site():
        if "views" in module.parts or module.parts[:2] == ("hitrecord", "pages"):
            wrong += [
                f"{module.where(node)} {node.name} has {length(node)} lines"
                for node in functions(module)
                if length(node) > LONGEST_VIEW
            ]
    none(wrong)


def test_rule_14_a_task_has_at_most_five_lines() -> None:
    wrong = []
    for module in of_the_site():
        for node in functions(module):
            if not {"shared_task", "task", "until_it_answers"} & {*decorators(node)}:
                continue
            body = statements(node)
            lines = (body[-1].end_lineno or 0) - body[0].lineno + 1
            if lines > LONGEST_TASK:
                wrong.append(f"{module.where(node)} {node.name} has {lines} lines")
            if module.parts[1] != "tasks":
                wrong.append(f"{module.where(node)} {node.name} is not in tasks.py")
    none(wrong)


def test_rule_14_tasks_are_queued_when_the_transaction_commits() -> None:
    wrong = []
    for module in of_the_apps():
        for node in ast.walk(module.tree):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in {"delay", "apply_async"}
            ):
                wrong.append(f"{module.where(node)} {ast.unparse(node.func)}")
    none(wrong)


def test_rule_30_functions_have_at_most_fifty_lines() -> None:
    wrong = [
        f"{module.where(node)} {node.name} has {length(node)}"
        for module in modules()
        for node in functions(module)
        if length(node) > LONGEST_FUNCTION
    ]
    none(wrong)


def test_rule_7_files_have_at_most_four_hundred_lines() -> None:
    none(
        [
            f"{module.path} has {len(module.text.splitlines())}"
            for module in modules()
            if len(module.text.splitlines()) > LONGEST_FILE and module.path not in ONE_FILE_BY_DESIGN
        ]
    )


def test_rule_32_settings_have_at_most_three_hundred_lines() -> None:
    (settings,) = [module for module in modules() if module.path == "hitrecord/settings.py"]
    assert len(settings.text.splitlines()) <= LONGEST_SETTINGS


def test_rule_28_each_action_and_each_file_of_models_has_a_docstring() -> None:
    wrong = []
    for module in of_the_apps():
        if module.parts[1] == "models" and module.text.strip() and not ast.get_docstring(module.tree):
            wrong.append(module.path)
        if module.parts[1] == "actions" and not module.parts[-1].startswith("_"):
            wrong += [
                f"{module.where(node)} {node.name}"
                for node in module.tree.body
                if isinstance(node, ast.FunctionDef) and not node.name.startswith("_") and not ast.get_docstring(node)
            ]
    none(wrong)


def test_rule_31_no_exception_is_caught_bare() -> None:
    wrong = []
    for module in modules():
        for node in ast.walk(module.tree):
            if isinstance(node, ast.ExceptHandler):
                named = ast.unparse(node.type) if node.type else "everything"
                if named in {"everything", "Exception", "BaseException"}:
                    wrong.append(f"{module.where(node)} catches {named}")
    none(wrong)


def test_rule_29_each_type_ignore_says_what_and_why() -> None:
    reasoned = re.compile(r"# type: ignore\[[\w, -]+\]\s*#\s*\S+")
    wrong = []
    for module in modules():
        for number, line in enumerate(module.text.splitlines(), 1):
            if re.search(r"#\s*type:\s*ignore", line) and not reasoned.search(line) and "reasoned" not in line:
                wrong.append(f"{module.path}:{number}")
    none([line for line in wrong if not line.startswith("tests/house/")])


def test_rule_13_templates_are_short_and_hold_no_style_and_no_script() -> None:
    inline = re.compile(
        r"<style\b|\sstyle\s*=|<script(?![^>]*\bsrc=)[^>]*>|\son[a-z]+\s*=\s*[\"']|javascript:", re.IGNORECASE
    )
    data = re.compile(r"<script[^>]*type=[\"']application/(ld\+)?json", re.IGNORECASE)
    wrong = []
    for name, text in templates():
        lines = text.splitlines()
        if len(lines) > LONGEST_TEMPLATE:
            wrong.append(f"{name} has {len(lines)} lines")
        wrong += [
            f"{name}:{number} {line.strip()[:80]}"
            for number, line in enumerate(lines, 1)
            if inline.search(line) and not data.search(line)
        ]
    none(wrong)


def test_rule_13_no_template_reads_rows() -> None:
    reads = re.compile(r"\{[{%][^%}]*\.(all|filter|exclude|objects)\b")
    none(
        [
            f"{name}:{number} {line.strip()[:80]}"
            for name, text in templates()
            for number, line in enumerate(text.splitlines(), 1)
            if reads.search(line)
        ]
    )


def test_rule_16_scripts_are_short_and_speak_to_no_other_host() -> None:
    wrong = []
    for name in files():
        if name.startswith("static/js/") and name.endswith(".js"):
            with open(name, encoding="utf-8") as script:
                text = script.read()
            if len(text.splitlines()) > LONGEST_SCRIPT:
                wrong.append(f"{name} has {len(text.splitlines())} lines")
            if re.search(r"https?://(?!www\.w3\.org)|\beval\(|\.style\.\w+\s*=|new Function", text):
                wrong.append(f"{name} names another host, evaluates, or sets a style")
    none(wrong)


def test_rule_27_nothing_is_left_undone() -> None:
    words = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X|HA" + r"CK)\b")
    ours = [name for name in files() if name.endswith((".py", ".html", ".js", ".css", ".md", ".toml", ".yml"))]
    wrong = []
    for name in ours:
        with open(name, encoding="utf-8") as text:
            wrong += [f"{name}:{number}" for number, line in enumerate(text, 1) if words.search(line)]
    none(wrong)
