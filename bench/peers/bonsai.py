"""Bonsai, as a person uses it: the built program in a terminal, online model, no remembered capabilities.
Found by the peers' harness through BENCH_DRIVERS; BONSAI_PROGRAM may name another build."""
import json, os, pathlib
SKIP = ["T2", "T2b", "T3", "T7", "B2", "B2b"]
PROGRAM = os.environ.get("BONSAI_PROGRAM", str(pathlib.Path(__file__).resolve().parents[2] / "dist/bonsai.js"))
NODE = os.environ.get("BONSAI_NODE", str(pathlib.Path(__file__).resolve().parents[2] / "node_modules/.bin/node"))
def home(ctx): return ctx.home / "bonsai"
def setup(ctx):
    home(ctx).mkdir(parents=True, exist_ok=True)
    (home(ctx) / "config.json").write_text(json.dumps({"accounts": {"bench": {
        "host": ctx.host, "port": ctx.port, "security": "none", "user": ctx.user, "authentication": "plain",
        "password": {"from": "environment", "variable": "BENCH_PASSWORD"}}}}))
def env(ctx): return {"BONSAI_HOME": str(home(ctx)), "BENCH_PASSWORD": ctx.password}
def cmd(ctx, folder):
    (home(ctx) / "servers.json").unlink(missing_ok=True)  # what was remembered of the server would save a turn
    return [NODE, PROGRAM, "--mailbox", folder]
def ready(ctx, folder): return {"INBOX": "T4TARGET|T3NEW", "Video": "T5TARGET", "Attach": "T6TARGET", "Big100k": r"100000 of 100000(.*\n)+?(.* [NFAD·o.] .*\n)+"}[folder]
def goto(ctx, t):
    # A mailbox opens with the cursor on its newest message, which is the target; T8 is about the oldest hundred, looked at before (UIDs held).
    if t != "T8": return []
    pages = [[("keys", "PageDown"), ("wait", f" {first} of 10000"), ("quiet", 1)] for first in range(21, 122, 20)]
    return [("keys", "Home"), ("wait", " 1 of 10000"), ("quiet", 1)] + sum(pages, [])
def tasks(ctx):
    return {"T4": [("keys", "Enter"), ("wait", "T4FIRSTLINE", 60)],
            "T5": [("keys", "Enter"), ("wait", "T5FIRSTLINE", 300)],
            "T6": [("keys", "Enter"), ("wait", "T6FIRSTLINE"), ("type", "v"), ("wait", "contract.pdf"), ("keys", "Down"), ("keys", "Down"),
                   ("keys", "Down"), ("type", "s"), ("wait", "Save"), ("keys", "C-u"), ("type", f"{ctx.save}/contract.pdf"), ("keys", "Enter"),
                   ("file", f"{ctx.save}/contract.pdf", 99000, 120)],
            "T8": [("type", ":tag 1-100"), ("keys", "Enter"), ("wait", "100 tagged|[Tt]agged: 100"), ("type", r"\;"), ("type", "N"), ("sleep", 2)]}
QUIT = [("type", "Q")]
