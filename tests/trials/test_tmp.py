import time
from app.trials.bench import run, scripted
from app.trials.scripted import Scripted
from app.trials.scores import table
import os

def test_all(bench):
    names = os.environ.get("WHO", "scripted: good").split(",")
    print(len(bench.casts), bench.skipped)
    for provider in scripted(names):
        t = time.time()
        with bench.app.app_context():
            score = run(bench.app, bench.casts, bench.skipped, provider, int(os.environ.get("RUNS", "1")))
        print(time.time() - t)
        print(table([score]), score.skipped)
        for one in score.tries:
            if one.passes < len(one.findings) and provider.name in ("scripted: good", "scripted: breaks off"):
                print(one.scenario, one.findings)
            bad=[f for fs in one.findings for f in fs if f.kind in ("amount","claim","markup","link","rules")]
            if bad: print(one.scenario, bad)
    assert 0
