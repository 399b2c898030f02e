"""Changes: commits, plans of infrastructure, playbooks."""

from __future__ import annotations

import re
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

from domain.evidence.values import Kind
from tests.unit.domain.evidence.formats.table import Format, Must

TERRAFORM_PLAN = """\
terraform_data.gone: Refreshing state... [id=5f44bf61-67f9-c548-715c-fc706da1bdd0]

Terraform used the selected providers to generate the following execution
plan. Resource actions are indicated with the following symbols:
  + create
  ~ update in-place
  - destroy
-/+ destroy and then create replacement

Terraform will perform the following actions:

  # terraform_data.fresh will be created
  + resource "terraform_data" "fresh" {
      + id     = (known after apply)
      + input  = "x"
    }

  # terraform_data.gone will be destroyed
  # (because terraform_data.gone is not in configuration)
  - resource "terraform_data" "gone" {
      - id     = "5f44bf61-67f9-c548-715c-fc706da1bdd0" -> null
    }

  # terraform_data.kept will be updated in-place
  ~ resource "terraform_data" "kept" {
      ~ input  = "one" -> "two"
    }

  # module.net.aws_subnet.web["a"] must be replaced
-/+ resource "aws_subnet" "web" {
      ~ cidr_block = "10.0.1.0/24" -> "10.0.2.0/24" # forces replacement
    }

Plan: 2 to add, 1 to change, 2 to destroy.
"""
TERRAFORM_APPLY = """\
terraform_data.web: Destroying... [id=067206e0-552a-3a8c-9e67-84650c2a834c]
terraform_data.web: Destruction complete after 0s
terraform_data.kept: Modifying... [id=e607c2f2-2974-5145-e9cc-1c6d90bfff64]
terraform_data.kept: Modifications complete after 0s [id=e607c2f2-2974-5145-e9cc-1c6d90bfff64]
terraform_data.bad: Creating...
terraform_data.bad: Provisioning with 'local-exec'...
terraform_data.bad (local-exec): Executing: ["/bin/sh" "-c" "false"]
╷
│ Error: local-exec provisioner error
│
│   with terraform_data.bad,
│   on main.tf line 11, in resource "terraform_data" "bad":
│   11:   provisioner "local-exec" {
│
│ Error running command 'false': exit status 1. Output:
╵
"""
ANSIBLE = """\

PLAY [web] *********************************************************************

TASK [Gathering Facts] *********************************************************
ok: [oak-1]
fatal: [oak-2]: UNREACHABLE! => {"changed": false, "msg": "Failed to connect to the host via ssh: ssh: connect to host oak-2 port 22: Connection timed out", "unreachable": true}

TASK [Install the package] *****************************************************
fatal: [oak-1]: FAILED! => {"changed": false, "msg": "No package matching 'ngin' found available, installed or updated"}
changed: [oak-3]

TASK [Remove what is old] ******************************************************
fatal: [oak-3]: FAILED! => {"changed": false, "msg": "no such file"}
...ignoring

PLAY RECAP *********************************************************************
oak-1                      : ok=1    changed=0    unreachable=0    failed=1    skipped=0    rescued=0    ignored=0
oak-2                      : ok=0    changed=0    unreachable=1    failed=0    skipped=0    rescued=0    ignored=0
oak-3                      : ok=3    changed=1    unreachable=0    failed=0    skipped=0    rescued=0    ignored=1
"""


def git(*arguments: str) -> Callable[[], str]:
    """Return what runs a git command in a repository of two commits and a conflict-free, dirty working tree."""

    def run() -> str:
        with tempfile.TemporaryDirectory() as folder:

            def call(*words: str) -> str:
                return subprocess.run(
                    ("git", "-c", "user.name=Ann", "-c", "user.email=ann@example.com", *words),
                    cwd=folder,
                    check=True,
                    capture_output=True,
                    text=True,
                    timeout=30,
                    env={
                        "PATH": "/usr/bin:/bin",
                        "LC_ALL": "C",
                        "HOME": folder,
                        "GIT_AUTHOR_DATE": WHEN,
                        "GIT_COMMITTER_DATE": WHEN,
                    },
                ).stdout

            call("init", "-q", "-b", "main")
            path = Path(folder, "pool.yaml")
            for size in (20, 5):
                path.write_text(f"pool:\n  size: {size}\n", encoding="utf-8")
                call("add", ".")
                call("commit", "-qm", f"Set the pool to {size}")
            path.write_text("pool:\n  size: 1\n", encoding="utf-8")
            Path(folder, "new.txt").write_text("x", encoding="utf-8")
            return call(*arguments)

    return run


WHEN = "2026-05-04T11:42:07+0200"


def commits(text: str) -> dict[str, int]:
    """Every commit in its line, and every file below its diff or statistics."""
    numbered = list(enumerate(text.splitlines(), start=1))
    found = {f"commit/{line.split()[1][:12]}": number for number, line in numbered if re.match(r"commit [0-9a-f]{40}", line)}
    return found | {f"commit/{line.split()[0]}": number for number, line in numbered if re.match(r"[0-9a-f]{7,12} Set", line)}


TERRAFORM = "terraform 1.11 with its built-in provider; one resource of another provider added"
FORMATS: tuple[Format, ...] = (
    Format(name="git log --stat", kind=Kind.COMMAND_OUTPUT, example=git("log", "--stat"), source="captured", rows=commits),
    Format(
        name="git log --oneline",
        kind=Kind.COMMAND_OUTPUT,
        example=git("log", "--oneline"),
        command="git log --oneline",
        source="captured",
        rows=commits,
    ),
    Format(
        name="git show",
        kind=Kind.COMMAND_OUTPUT,
        example=git("show"),
        source="captured",
        rows=lambda text: commits(text) | {"file/pool.yaml": text[: text.index("diff --git")].count("\n") + 1},
    ),
    Format(
        name="git status",
        kind=Kind.COMMAND_OUTPUT,
        example=git("status"),
        source="captured",
        rows=lambda text: {"branch/main": 1, "file/pool.yaml": text[: text.index("modified:")].count("\n") + 1},
    ),
    Format(
        name="terraform plan",
        kind=Kind.COMMAND_OUTPUT,
        example=TERRAFORM_PLAN,
        source=TERRAFORM,
        rows={
            "resource/terraform_data.fresh": 12,
            "resource/terraform_data.gone": 18,
            "resource/terraform_data.kept": 24,
            'resource/module.net.aws_subnet.web["a"]': 29,
        },
        must=(
            Must(what="what is destroyed", kind="change", line=18, says="gone is to be destroyed"),
            Must(what="what is replaced", kind="change", line=29, says="is to be replaced"),
            Must(what="the totals", kind="change", line=34, says="2 resources are to be destroyed"),
        ),
    ),
    Format(
        name="terraform apply",
        kind=Kind.COMMAND_OUTPUT,
        example=TERRAFORM_APPLY,
        source=TERRAFORM,
        rows={"resource/terraform_data.web": 1, "resource/terraform_data.kept": 3, "resource/terraform_data.bad": 5},
        must=(
            Must(
                what="the step that failed", kind="field", line=9, subject="resource/terraform_data.bad", says="provisioner error"
            ),
        ),
    ),
    Format(
        name="ansible-playbook",
        kind=Kind.COMMAND_OUTPUT,
        example=ANSIBLE,
        source="docs.ansible.com, default callback",
        rows={"host/oak-1": 5, "host/oak-2": 6, "host/oak-3": 10, "task/install the package": 8},
        must=(
            Must(what="a host that cannot be reached", kind="connection", line=6, subject="host/oak-2", says="timed out"),
            Must(what="a task that failed", kind="exit", line=9, subject="host/oak-1", says="No package matching"),
            Must(what="a host with failures", kind="unhealthy_object", line=17, says="failed"),
        ),
    ),
)
