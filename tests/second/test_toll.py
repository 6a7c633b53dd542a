#!/usr/bin/env python3
"""
test_toll.py TOLL_DUMP: the exact methods of src/reckon against a second implementation,
written from the papers with exact fractions where that is possible and small tables:
decomposable graphs by brute force over all graphs and all numbers of unseen people,
log-linear models by Newton's method on the design matrix, existence by the linear
programme of Fienberg & Rinaldo in its original form, profile bounds by the likelihood,
stepwise choice by whole tables and whole Poisson sums, Chao's two bounds from all pairs.
"""
import itertools
import math
import random
import subprocess
import sys
from fractions import Fraction as F

failures = 0


def say(good, what):
    global failures
    failures += not good
    print('%s %s' % ('ok' if good else 'not ok', what))


def near(a, b, eps=1e-8):
    return a == b or abs(a - b) <= eps * max(1, abs(a), abs(b))


# ---- Decomposable graphs --------------------------------------------------------

def chordal(p, edges):
    """Maximum cardinality search (Tarjan & Yannakakis 1984): every vertex's neighbours
    among those numbered before it must be complete."""
    order = []
    while len(order) < p:
        v = max((v for v in range(p) if v not in order),
                key=lambda v: sum((min(u, v), max(u, v)) in edges for u in order))
        before = [u for u in order if (min(u, v), max(u, v)) in edges]
        if any(e not in edges for e in itertools.combinations(sorted(before), 2)):
            return False
        order.append(v)
    return True


def cliques_of(p, edges):
    complete = [frozenset(s) for k in range(1, p + 1) for s in itertools.combinations(range(p), k)
                if all(e in edges for e in itertools.combinations(s, 2))]
    return [c for c in complete if not any(c < d for d in complete)]


def separators_of(cliques):
    """Of a junction tree: a spanning tree of greatest weight (Kruskal)."""
    pairs = sorted(itertools.combinations(range(len(cliques)), 2),
                   key=lambda e: -len(cliques[e[0]] & cliques[e[1]]))
    part, out = list(range(len(cliques))), []
    for i, j in pairs:
        if part[i] != part[j] and cliques[i] & cliques[j]:
            out.append(cliques[i] & cliques[j])
            part = [part[i] if x == part[j] else x for x in part]
    return out


def rising(x, n):
    out = F(1)
    for i in range(n):
        out *= x + i
    return out


def marginal(lists, y, n0, p, delta):
    """Dirichlet-multinomial of the margin over `lists`, without the multinomial factor."""
    cells = {}
    for on, k in list(y.items()) + [(0, n0)]:
        a = tuple(on >> i & 1 for i in sorted(lists))
        cells[a] = cells.get(a, 0) + k
    d = delta * 2 ** (p - len(lists))
    out = F(1)
    for k in cells.values():
        out *= rising(d, k)
    return out / rising(delta * 2 ** p, n0 + sum(y.values()))


def graphs(p, y, n0_max, delta):
    n = sum(y.values())
    pairs = list(itertools.combinations(range(p), 2))
    weight, whole = {}, None
    for k in range(len(pairs) + 1):
        for edges in itertools.combinations(pairs, k):
            edges = set(edges)
            if not chordal(p, edges):
                continue
            c = cliques_of(p, edges)
            s = separators_of(c)
            row = []
            for n0 in range(n0_max + 1):
                w = F(1)
                for a in c:
                    w *= marginal(a, y, n0, p, delta)
                for a in s:
                    w /= marginal(a, y, n0, p, delta)
                w *= F(math.factorial(n + n0), math.factorial(n0)) / (n + n0)
                row.append(w)
            key = frozenset(c)
            weight[key] = row
            if len(edges) == len(pairs):
                whole = key
    return weight, whole


def moments(row, n):
    total = sum(row)
    mean = sum(w * (n + i) for i, w in enumerate(row)) / total
    var = sum(w * (n + i) ** 2 for i, w in enumerate(row)) / total - mean ** 2
    return total, float(mean), math.sqrt(float(var))


def quantile(row, n, u):
    total, sum_ = sum(row), F(0)
    for i, w in enumerate(row):
        sum_ += w
        if float(sum_ / total) >= u:
            return n + i


def check_graphs(p, y, n0_max, delta, lines):
    n = sum(y.values())
    weight, whole = graphs(p, y, n0_max, delta)
    others = [sum(r[i] for k, r in weight.items() if k != whole) for i in range(n0_max + 1)]
    all_ = [o + w for o, w in zip(others, weight[whole])]
    total, mean, sd = moments(others, n)
    got = [float(x) for x in next(x for x in lines if x[0] == 'graphs')[1:]]
    want = [moments(all_, n)[1], mean, float(sum(weight[whole]) / sum(all_)), sd,
            quantile(others, n, 0.025), quantile(others, n, 0.975)]
    say(all(near(a, b) for a, b in zip(got, want)), 'graphs of %d lists' % p)
    good, met = True, 0
    for x in lines:
        if x[0] != 'graph':
            continue
        key = frozenset(frozenset(i for i in range(p) if int(c) >> i & 1)
                        for c in x[1].split(','))
        t, m, _ = moments(weight[key], n)
        good &= near(float(x[2]), float(t / total)) and near(float(x[3]), m)
        met += 1
    say(good and met == len(weight) - 1, 'each of %d graphs' % met)


# ---- Log-linear models ------------------------------------------------------------

def solve(a, b):
    n = len(b)
    m = [list(r) + [x] for r, x in zip(a, b)]
    for i in range(n):
        k = max(range(i, n), key=lambda k: abs(m[k][i]))
        m[i], m[k] = m[k], m[i]
        if abs(m[i][i]) < 1e-300:
            raise ZeroDivisionError
        for k in range(n):
            if k != i and m[k][i]:
                by = m[k][i] / m[i][i]
                m[k] = [x - by * z for x, z in zip(m[k], m[i])]
    return [m[i][n] / m[i][i] for i in range(n)]


def newton(rows, y):
    """Poisson regression on a design matrix; beta and the means."""
    k = len(rows[0])
    mu = [v + 0.5 for v in y]
    z = [math.log(m) + (v - m) / m for v, m in zip(y, mu)]
    for _ in range(200):
        h = [[sum(m * r[i] * r[j] for m, r in zip(mu, rows)) for j in range(k)]
             for i in range(k)]
        beta = solve(h, [sum(m * r[i] * x for m, r, x in zip(mu, rows, z)) for i in range(k)])
        eta = [sum(b * x for b, x in zip(beta, r)) for r in rows]
        old, mu = mu, [math.exp(max(-600, min(600, e))) for e in eta]
        z = [e + (v - m) / m for e, v, m in zip(eta, y, mu)]
        if max(abs(a - b) / (1 + a) for a, b in zip(mu, old)) < 1e-12:
            break
    return beta, mu, h


def rank(rows):
    m = [[F(x) for x in r] for r in rows]
    done = 0
    for j in range(len(m[0]) if m else 0):
        k = next((i for i in range(done, len(m)) if m[i][j]), None)
        if k is None:
            continue
        m[done], m[k] = m[k], m[done]
        for i in range(done + 1, len(m)):
            if m[i][j]:
                by = m[i][j] / m[done][j]
                m[i] = [x - by * z for x, z in zip(m[i], m[done])]
        done += 1
    return done


def maximise(a, b, c):
    """max c x, a x = b, x >= 0, in fractions: two phases, Bland's rule.  b >= 0, feasible."""
    m, n = len(a), len(c)
    t = [[F(x) for x in row] + [F(i == j) for j in range(m)] + [F(b[i])]
         for i, row in enumerate(a)]
    basis = [n + i for i in range(m)]

    def pivot(r, j):
        t[r] = [x / t[r][j] for x in t[r]]
        for i in range(m):
            if i != r and t[i][j]:
                t[i] = [x - t[i][j] * z for x, z in zip(t[i], t[r])]
        basis[r] = j

    def run(cost, width):
        while True:
            value = [cost[j] - sum(cost[basis[i]] * t[i][j] for i in range(m))
                     for j in range(width)]
            j = next((j for j in range(width) if value[j] > 0), None)
            if j is None:
                return sum(cost[basis[i]] * t[i][-1] for i in range(m))
            rows = [i for i in range(m) if t[i][j] > 0]
            if not rows:
                return None
            r = min(rows, key=lambda i: (t[i][-1] / t[i][j], basis[i]))
            pivot(r, j)

    assert run([F(0)] * n + [F(-1)] * m, n + m) == 0
    for i in range(m):
        if basis[i] >= n:
            j = next((j for j in range(n) if t[i][j]), None)
            if j is not None:
                pivot(i, j)
    return run([F(x) for x in c] + [F(-10 ** 12)] * m, n)


def model(p, y, terms):
    """(state, rows, counts, empty): what is fitted once empty overlaps are gone."""
    closed = {0}
    for t in terms:
        part = t
        while part:
            closed.add(part)
            part = (part - 1) & t
    closed |= {1 << i for i in range(p)}
    total = {s: sum(k for on, k in y.items() if on & s == s) for s in closed}
    empty = [s for s in closed if s and total[s] == 0]
    live = sorted(s for s in closed if s not in empty)
    cells = [c for c in range(1, 1 << p) if not any(c & s == s for s in empty)]
    rows = [[int(c & s == s) for s in live] for c in cells]
    counts = [y.get(c, 0) for c in cells]
    if rank(rows) < len(live):
        return 2, rows, counts, empty
    # max s: A (x + s) = A y
    k, m = len(live), len(cells)
    a = [[rows[c][i] for c in range(m)] + [sum(r[i] for r in rows)] for i in range(k)]
    b = [sum(r[i] * v for r, v in zip(rows, counts)) for i in range(k)]
    return (0 if maximise(a, b, [0] * m + [1]) > 0 else 1), rows, counts, empty


def profile(rows, counts, n0):
    """Multinomial ln-likelihood with n0 unseen people, maximised over the model."""
    n = sum(counts) + n0
    full = rows + [[int(i == 0) for i in range(len(rows[0]))]]
    v = counts + [n0]
    _, mu, _ = newton(full, v)
    return (math.lgamma(n + 1) - math.lgamma(n0 + 1)
            + sum(x * math.log(m / n) for x, m in zip(v, mu) if x))


def check_fit(p, y, x, profiles):
    terms = [int(t) for t in x[1].split(',')]
    state, rows, counts, empty = model(p, y, terms)
    if state != int(x[2]):
        return 'state %d of %s, not %s' % (state, x[1], x[2])
    if state:
        return None if x[3] == 'inf' else 'a number for ' + x[1]
    n = sum(counts)
    beta, mu, h = newton(rows, counts)
    n0 = math.exp(beta[0])
    var = solve(h, [1.0] + [0.0] * (len(beta) - 1))[0]
    dev = 2 * sum((v * math.log(v / m) if v else 0) - (v - m) for v, m in zip(counts, mu))
    ll = sum(v * math.log(m) - m - math.lgamma(v + 1) for v, m in zip(counts, mu))
    k = len(beta) + len(empty)
    want = [n + n0, math.sqrt(n0 + n0 * n0 * var), dev, 2 * k - 2 * ll, k * math.log(n) - 2 * ll]
    if not all(near(float(a), b, 1e-6) for a, b in zip(x[3:8], want)):
        return '%s: %s, not %s' % (x[1], want, x[3:8])
    if not profiles:
        return None
    lower, upper = float(x[8]) - n, float(x[9]) - n
    at = max(n0, 0.01)
    lo, hi = at / 10, at * 3
    for _ in range(80):                                 # golden section on a hill
        a, b = lo + 0.382 * (hi - lo), lo + 0.618 * (hi - lo)
        if profile(rows, counts, a) < profile(rows, counts, b):
            lo = a
        else:
            hi = b
    top = profile(rows, counts, (lo + hi) / 2)
    for bound in (lower, upper):
        if 0.01 < bound < 1e5 and abs(profile(rows, counts, bound) - top + 1.9207294) > 1e-4:
            return '%s: bound %g off by %g' % (x[1], bound,
                                               profile(rows, counts, bound) - top + 1.9207294)
    return None


def check_fits(p, y, lines, profiles, of=None):
    faults, n = [], 0
    lines = [x for x in lines if x[0] == 'fit']
    all_ = len(lines)
    if of:                                       # a few of five lists' models
        lines = of.sample(lines, 12)
    for x in lines:
        if x[0] == 'fit':
            n += 1
            # Bounds of a few models: each takes hundreds of fits here.
            fault = check_fit(p, y, x, profiles and n <= 3)
            faults += [fault] if fault else []
    say(not faults and all_ in (1, 8, 113, 6893), '%d log-linear models of %d lists' % (n, p))
    for f in faults[:3]:
        print('# ' + f)


# ---- Stepwise ---------------------------------------------------------------------

def poisson_tail(k, mean):
    """The smaller of P(X <= k) and P(X >= k), term by term."""
    low = sum(math.exp(i * math.log(mean) - mean - math.lgamma(i + 1)) for i in range(k + 1))
    at = math.exp(k * math.log(mean) - mean - math.lgamma(k + 1))
    high, i = 0.0, k
    while at > 1e-320 and i < k + 2000:
        high += at
        i += 1
        at *= mean / i
    return min(low, high)


def stepwise(p, y):
    """(state, pairs in their order, N, how near a tie or the threshold it ever was)."""
    terms, steps, close, n = [1 << i for i in range(p)], [], 1.0, sum(y.values())
    state, rows, counts, empty = model(p, y, terms)
    if state:
        return state, steps, math.inf, close
    while True:
        beta, mu, _ = newton(rows, counts)
        cells = [c for c in range(1, 1 << p) if not any(c & s == s for s in empty)]
        tails = []
        for i, j in itertools.combinations(range(p), 2):
            pair = 1 << i | 1 << j
            mean = sum(m for c, m in zip(cells, mu) if c & pair == pair)
            if pair not in terms and mean > 1e-12:
                seen = sum(k for c, k in y.items() if c & pair == pair)
                tails.append((poisson_tail(seen, mean), pair))
        tails.sort()
        for t, _ in tails:
            close = min(close, abs(t / 0.02 - 1))
        for (a, _), (b, _) in zip(tails, tails[1:]):
            if a < 0.02:
                close = min(close, abs(a / b - 1))
        for t, pair in tails:
            if t >= 0.02:
                return 0, steps, n + math.exp(beta[0]), close
            state, r, v, gone = model(p, y, terms + [pair])
            if state == 0:
                terms.append(pair)
                steps.append(pair)
                rows, counts, empty = r, v, gone
                break
        else:
            return 0, steps, n + math.exp(beta[0]), close


def check_stepwise(p, y, lines):
    got = next(x for x in lines if x[0] == 'stepwise')
    if any(not any(c >> i & 1 for c in y) for i in range(p)):
        return                                   # a list with nobody: counted as not there
    state, steps, n, close = stepwise(p, y)
    if close < 1e-6:
        return                                   # ties fall either way
    pairs = [int(x) for x in got[3].split(',')] if got[3] != '-' else []
    say(int(got[1]) == state and (state or (pairs == steps and near(float(got[2]), n, 1e-6))),
        'stepwise of %d lists, %d pairs' % (p, len(steps)))


# ---- Bounds -----------------------------------------------------------------------

def log_normal(n, n0, se):
    if n0 <= 0:
        return n
    return n + n0 * math.exp(-1.959963984540054 * math.sqrt(math.log1p((se / n0) ** 2)))


def by_lists(p, y):
    """The bound that lets lists have their own sizes, pairs that exclude left out."""
    n = sum(y.values())
    own = {(i, j): (y.get(1 << i, 0) * y.get(1 << j, 0), y.get(1 << i | 1 << j, 0))
           for i, j in itertools.combinations(range(p), 2)}
    for _ in range(p * (p - 1) // 4):
        all_, both = (sum(v[k] for v in own.values()) for k in (0, 1))
        worst, at = 2.326, None
        for e, (a, f) in own.items():
            if a and all_ > a:
                z = (math.log(a / (f + 1) * (both - f + 1) / (all_ - a))
                     / math.sqrt(1 / (f + 1) + 1 / (both - f + 1)))
                if z > worst:
                    worst, at = z, e
        if at is None:
            break
        del own[at]
    all_, both = (sum(v[k] for v in own.values()) for k in (0, 1))
    if not all_:
        return n, n
    var = 1 / (both + 1)
    for i in range(p):
        partners = sum(y.get(1 << (e[0] + e[1] - i), 0) for e in own if i in e)
        var += y.get(1 << i, 0) * partners ** 2 / all_ ** 2
    n0 = all_ / (both + 1)
    return n + n0, log_normal(n, n0, n0 * math.sqrt(math.expm1(var)))


def check_least(p, y, lines):
    got = {x[0]: [float(v) for v in x[1:]] for x in lines if x[0] in ('chao', 'lists', 'least')}
    n, lower = by_lists(p, y)
    say(near(got['lists'][0], n) and near(got['lists'][1], lower, 1e-7),
        'the bound by lists, %d lists' % p)
    few = sum(k for c, k in y.items() if c & (c - 1)) < 7
    want = [sum(y.values())] * 2 if few else min(got['chao'], got['lists'][:2], key=lambda v: v[1])
    say(got['least'] == want, 'the bound to be quoted, %d lists' % p)



def check_bounds(p, y, lines):
    n = sum(y.values())
    f = [sum(k for on, k in y.items() if bin(on).count('1') == i) for i in range(3)]
    chao = n + F(p - 1, p) * f[1] * (f[1] - 1) / (2 * (f[2] + 1))
    got = dict((x[0], float(x[1])) for x in lines if x[0] in ('chao', 'bounds'))
    say(near(got['chao'], float(chao)), 'Chao of %d lists' % p)
    # digamma by its definition, the derivative of lgamma: five-point difference
    def digamma(x, h=1e-3):
        x0, up = x, 0.0
        while x0 < 20:
            up += 1 / x0
            x0 += 1
        g = math.lgamma
        return (8 * (g(x0 + h) - g(x0 - h)) - g(x0 + 2 * h) + g(x0 - 2 * h)) / (12 * h) - up
    log_r = sum((1 if bin(c).count('1') % 2 else -1) * digamma(y.get(c, 0) + 0.5)
                for c in range(1, 1 << p)) - digamma(n + 0.5 * (2 ** p - 1))
    say(near(got['bounds'], n + n * math.exp(log_r), 1e-6), 'N at xi 1 of %d lists' % p)


def check(dump, p, y, n0_max, delta, fits=True, of=None):
    text = '%d %d %.17g\n' % (p, n0_max, delta) + ''.join('%d %d\n' % x for x in y.items())
    out = subprocess.run([dump], input=text, capture_output=True, text=True, check=True).stdout
    lines = [x.split() for x in out.splitlines()]
    if p <= 4:
        check_graphs(p, y, n0_max, F(delta), lines)
    if fits:
        check_fits(p, y, lines, p <= 4 and sum(y.values()) > 40, of)
    check_stepwise(p, y, lines)
    check_least(p, y, lines)
    check_bounds(p, y, lines)


def main():
    rnd = random.Random(20020103)
    dump = sys.argv[1]
    check(dump, 2, {1: 7, 2: 5, 3: 4}, 40, 0.25)
    check(dump, 3, {1: 12, 2: 9, 3: 6, 4: 15, 5: 4, 6: 3, 7: 2}, 50, 0.125)
    check(dump, 3, {1: 4, 2: 3, 4: 2, 3: 6}, 40, 0.5)         # sparse: Artificial_3's shape
    for _ in range(6):
        y = {c: rnd.choice((0, 0, 1, 2, 5, 9)) for c in range(1, 8)}
        if sum(y.values()):
            check(dump, 3, {c: k for c, k in y.items() if k}, 20, 0.125,
                  all(any(c >> i & 1 and k for c, k in y.items()) for i in range(3)))
    y = {c: rnd.choice((0, 0, 0, 1, 2, 4)) for c in range(1, 16)}
    y.update({1: 6, 2: 5, 4: 7, 8: 3, 3: 2, 6: 1})
    check(dump, 4, {c: k for c, k in y.items() if k}, 8, 0.0625)
    # Lists of unlike size that depend on each other, many cells empty.
    for p in (3, 4, 5, 5, 5, 5):
        size = [rnd.choice((0.5, 2, 8)) for _ in range(p)]
        tie = [rnd.choice((0.3, 1, 1, 6)) for _ in range(p * p)]
        y = {}
        for c in range(1, 1 << p):
            on = [i for i in range(p) if c >> i & 1]
            mean = 12 * math.prod(size[i] / 4 for i in on)
            for i, j in itertools.combinations(on, 2):
                mean *= 0.35 * tie[i * p + j]
            k = sum(rnd.random() < mean / 200 for _ in range(200))
            if k:
                y[c] = k
        check(dump, p, y, 6, 0.5 ** p, True, rnd if p == 5 else None)
    return failures != 0


if __name__ == '__main__':
    sys.exit(main())
