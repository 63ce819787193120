#!/usr/bin/env python3
"""Runs the benchmarks of two builds by turns and prints how they compare; before_after.sh makes the builds.

usage: before_after.py [--rounds N] [--core C] NAME_A=BUILD_A NAME_B=BUILD_B -- [FILTER | MODEL RANVIER_BENCH_OPTION...]

Every run of a program gives a median for each benchmark. The best of these counts, since noise only ever adds time; the
spread says how much worse the worst was. The ratio is the best of A divided by the best of B: above 1, B is faster.
Where the medians of one are not all better than those of the other, the ratio is noise, and it says so.
"""

import argparse
import json
import math
import subprocess
import sys
from pathlib import Path

MICROSECONDS = {"ns": 1e-3, "us": 1, "ms": 1e3, "s": 1e6}


def output_of(command):
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True)
    if done.returncode != 0 or not done.stdout:
        raise SystemExit(f"{' '.join(command)}: no result")
    return json.loads(done.stdout)


def medians_of_kernels(build, arguments, prefix):
    """Runs kernels_benchmark; a median of processor time in microseconds for each case."""
    command = [*prefix, f"{build}/benchmarks/kernels_benchmark", "--benchmark_format=json", "--benchmark_min_time=0.02"]
    command += ["--benchmark_repetitions=5", "--benchmark_report_aggregates_only=true"]
    command += [f"--benchmark_filter={arguments[0]}"] if arguments else []
    return {
        case["run_name"]: case["cpu_time"] * MICROSECONDS[case["time_unit"]]
        for case in output_of(command)["benchmarks"]
        if case.get("aggregate_name") == "median"
    }


def median_of_model(build, arguments, prefix):
    """Runs `ranvier bench`."""
    seconds = [] if "--seconds" in arguments else ["--seconds", "0.3"]
    command = [*prefix, f"{build}/tools/ranvier", "bench", *arguments, *seconds, "--json"]
    return {" ".join(arguments): output_of(command)["p50_us"]}


def show(progress):
    if sys.stderr.isatty():
        print(f"\r{progress:<20}\r", end="", file=sys.stderr, flush=True)


def by_turns(builds, rounds, measure):
    """For each build, the medians of all its runs by benchmark. The order turns round, so that a machine that becomes
    slower or faster does so for both."""
    results = [{}, {}]
    for number in range(rounds):
        for which in (0, 1) if number % 2 == 0 else (1, 0):
            show(f"round {number + 1} of {rounds}: {'AB'[which]}")
            for name, median in measure(builds[which]).items():
                results[which].setdefault(name, []).append(median)
    show("")
    return results


def verdict(before, after):
    """Which of two lists of medians is better; nothing where they overlap."""
    if max(after) < min(before):
        return "faster"
    if max(before) < min(after):
        return "slower"
    return "noise"


def spread(medians):
    return f"+{100 * (max(medians) / min(medians) - 1):.1f} %"


def row(name, before, after):
    ratio = min(before) / min(after)
    cells = [f"{min(before):.4g}", spread(before), f"{min(after):.4g}", spread(after), f"{ratio:.3f}"]
    return [name, *cells, verdict(before, after)]


def table(rows):
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines = []
    for row in rows:
        numbers = [cell.rjust(width) for cell, width in zip(row[1:-1], widths[1:-1])]
        lines.append("  ".join([row[0].ljust(widths[0]), *numbers, row[-1]]))
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=6)
    parser.add_argument("--core")
    parser.add_argument("builds", nargs=2, metavar="NAME=BUILD")
    parser.add_argument("arguments", nargs="*")
    options = parser.parse_args()
    if options.rounds < 1:
        parser.error("--rounds has to be at least 1")
    names, builds = zip(*(build.rsplit("=", 1) for build in options.builds))
    of_model = bool(options.arguments) and Path(options.arguments[0]).is_file()
    measure = median_of_model if of_model else medians_of_kernels
    prefix = ["taskset", "-c", options.core] if options.core else []

    before, after = by_turns(builds, options.rounds, lambda build: measure(build, options.arguments, prefix))
    common = [name for name in before if name in after]
    if not common:
        raise SystemExit("no benchmark is in both")
    print(f"A = {names[0]}, B = {names[1]}: the best median of {options.rounds} runs, and how much more the worst was")
    rows = [row(name, before[name], after[name]) for name in common]
    print(table([["Benchmark", "A us", "spread", "B us", "spread", "A / B", "B is"], *rows]))
    for name in before.keys() ^ after.keys():
        print(f"{name} is in {'A' if name in before else 'B'} only")
    if len(common) > 1:
        logs = [math.log(min(before[name]) / min(after[name])) for name in common]
        print(f"geometric mean of A / B over {len(common)}: {math.exp(sum(logs) / len(logs)):.3f}")


if __name__ == "__main__":
    main()
