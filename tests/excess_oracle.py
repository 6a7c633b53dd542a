"""Excess mortality with the whole design matrix, as an oracle for `habeas toll excess`.

Written from Karlinsky & Kobak 2021 (eLife 10:e69336, Methods) and docs/methods/toll.md,
not from our C: dummies for seasons, a column for years, normal equations by
elimination, the hat row of every baseline period.

usage: excess_oracle.py HABEAS [WORLDS]      invented worlds, ours against this
"""
import json
import math
import random
import subprocess
import sys
import tempfile


def solve(a, columns):
    """a x = c for each of the columns: Gauss-Jordan with row pivots."""
    n = len(a)
    m = [list(a[i]) + [c[i] for c in columns] for i in range(n)]
    for k in range(n):
        pivot = max(range(k, n), key=lambda i: abs(m[i][k]))
        m[k], m[pivot] = m[pivot], m[k]
        for i in range(n):
            if i != k and m[i][k] != 0:
                f = m[i][k] / m[k][k]
                for j in range(k, len(m[i])):
                    m[i][j] -= f * m[k][j]
    return [[m[i][n + c] / m[i][i] for i in range(n)] for c in range(len(columns))]


class Fit:
    """rows: {(year, season): deaths}; base and counted: lists of its keys."""

    def __init__(self, rows, seasons, base, counted, fixed=False, flat=False):
        self.rows, self.seasons, self.base, self.counted = rows, seasons, base, counted
        self.fixed, self.flat, self.first = fixed, flat, min(y for y, _ in base)
        self.names = sorted({t for _, t in base})
        self.x = [self.row(y, t) for y, t in base]
        y = [rows[k] for k in base]
        n = len(self.x[0])
        self.xx = [[sum(r[i] * r[j] for r in self.x) for j in range(n)] for i in range(n)]
        xy = [sum(r[i] * v for r, v in zip(self.x, y)) for i in range(n)]
        self.beta = solve(self.xx, [xy])[0]
        self.residuals = {k: v - self.at(r) for k, v, r in zip(base, y, self.x)}
        self.s2 = sum(e * e for e in self.residuals.values()) / (len(base) - n)

    def row(self, year, season):
        season = min(season, self.seasons)
        dummies = [1.0 if season == t else 0.0 for t in self.names]
        return dummies if self.flat else [float(year - self.first)] + dummies

    def at(self, row):
        return sum(a * b for a, b in zip(self.beta, row))

    def asked(self):
        begin = min(self.counted)[0]
        return [self.row(begin if self.fixed else y, t) for y, t in self.counted]

    def excess(self):
        return sum(self.rows[k] - self.at(r) for k, r in zip(self.counted, self.asked()))

    def published_sd(self):
        rows = self.asked()
        # The paper's program weighs week 52 once more where any year has a week 53
        # and none is counted.
        any53 = any(t == 53 for _, t in self.rows)
        if any53 and not any(t == 53 for _, t in self.counted) and 52 in self.names:
            rows = rows + [self.row(min(self.counted)[0], 52)]
        p = [sum(c) for c in zip(*rows)]
        z = solve(self.xx, [p])[0]
        return math.sqrt(self.s2 * (len(rows) + sum(a * b for a, b in zip(p, z))))

    def block_sd(self):
        return self.blocks()[0]

    def blocks(self):
        """Years independent, within a year any covariance, the same in each: sd, and the
        degrees of freedom, a harmonic mean weighed by shares in the variance."""
        p = [sum(c) for c in zip(*self.asked())]
        z = solve(self.xx, [p])[0]
        weights = {k: -sum(a * b for a, b in zip(z, r)) for k, r in zip(self.base, self.x)}
        years = {}
        for (y, t), w in weights.items():
            years.setdefault(y, {})[t] = w
        for y, t in self.counted:
            year = years.setdefault(y, {})
            t = min(t, self.seasons)
            # A year that is part baseline and part counted has two vectors.
            if (y, t) in weights:
                raise ValueError("a period both counted and baseline")
            year = years.setdefault(("counted", y), {})
            year[t] = year.get(t, 0) + 1
        terms, lost = [], 1 if self.flat else 2
        for a in years.values():
            everything = sum(abs(w) for w in a.values())
            used, squares = 0, 0.0
            for y in {y for y, _ in self.base}:
                have = [t for t in a if (y, t) in self.residuals]
                seen = sum(abs(a[t]) for t in have)
                if everything > 0 and seen >= everything / 2:
                    used += 1
                    squares += (sum(a[t] * self.residuals[y, t] for t in have)
                                * everything / seen) ** 2
            if everything > 0:
                if used <= lost:
                    return float("nan"), None
                terms.append((squares / (used - lost), used - lost))
        total = sum(v for v, _ in terms)
        df = 1 / sum(v / total / d for v, d in terms) if total > 0 else 0
        return math.sqrt(total), df


def ask(habeas, path, options):
    p = subprocess.run([habeas, "toll", "excess", path, "--json", *options],
                       capture_output=True, text=True)
    if p.returncode:
        raise SystemExit(f"not ok habeas {options}: {p.stderr}")
    return json.loads(p.stdout)


def world(rng):
    seasons = rng.choice([4, 12, 52])
    years = rng.randint(3, 7)
    level, slope = rng.choice([30, 1000, 1e5]), rng.uniform(-3, 3)
    rows = {}
    for y in range(2020 - years, 2022):
        shock = rng.gauss(0, 1)
        for t in range(1, seasons + 1 + (seasons == 52 and y in (2015, 2020))):
            if y < 2020 and rng.random() < 0.03:
                continue
            v = level * (1 + 0.2 * math.cos(6.283 * t / seasons)) + slope * (y - 2015)
            rows[y, t] = max(0, round(v + math.sqrt(level) * (rng.gauss(0, 1) + shock)))
    return seasons, years, rows


def compare(habeas, rng, name):
    seasons, years, rows = world(rng)
    unit = {4: "quarter", 12: "month", 52: "week"}[seasons]
    letter = {4: "Q%d", 12: "%02d", 52: "W%02d"}[seasons]
    begin = (2020, rng.randint(1, seasons))
    end = rng.choice([(2020, seasons), (2021, rng.randint(1, seasons))])
    fixed, flat = rng.random() < 0.3, rng.random() < 0.3
    base = [k for k in rows if 2020 - years <= k[0] <= 2019 and k[1] <= seasons]
    counted = [k for k in rows if begin <= k <= end]
    with tempfile.NamedTemporaryFile("w", suffix=".csv") as f:
        print("year," + unit + ",deaths", file=f)
        lines = [f"{y},{t},{d}" for (y, t), d in rows.items()]
        rng.shuffle(lines)
        print("\n".join(lines), file=f, flush=True)
        options = ["--baseline-years", f"{2020 - years}-2019",
                   "--from", "%d-" % begin[0] + letter % begin[1],
                   "--to", "%d-" % end[0] + letter % end[1]]
        options += ["--fixed-baseline"] * fixed + ["--flat"] * flat
        ours = ask(habeas, f.name, options)
    fit = Fit(rows, seasons, base, counted, fixed, flat)
    for what, seen, right in (
            ("excess", ours["excess"], fit.excess()),
            ("sd as published", ours["methods"][0]["sd"], fit.published_sd()),
            ("sd by years", ours["methods"][1]["sd"], fit.blocks()[0]),
            ("degrees", ours["methods"][1]["df"], math.floor(fit.blocks()[1] + 0.5))):
        if not abs(seen - right) <= 1e-6 * (1 + abs(right)) + 1e-9 * sum(rows.values()):
            print(f"not ok {name}: {what} {seen}, the oracle {right}: {options}")
            return False
    return True


def main():
    habeas, worlds = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 40
    rng = random.Random(1394)
    good = sum(compare(habeas, rng, f"world {i}") for i in range(worlds))
    if good == worlds:
        print(f"ok excess and both sds of {worlds} invented worlds are the oracle's")
    return good != worlds


if __name__ == "__main__":
    sys.exit(main())
