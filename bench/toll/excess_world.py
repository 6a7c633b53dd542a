"""Every country of the World Mortality Dataset against Karlinsky & Kobak's own table.

usage: excess_world.py HABEAS world_mortality.csv excess-mortality.csv [--yearly]

The two files are those of github.com/dkobak/excess-mortality: elife2021/frozen-data/
world_mortality.csv with elife2021/export/excess-mortality.csv (the paper, one baseline
for 2020 and 2021), or a later world_mortality.csv of github.com/akarlinsky/
world_mortality with the excess-mortality.csv of the same day (--yearly).

Instead of the first file, a directory: output-data/historical-deaths of github.com/
TheEconomist/covid-19-excess-deaths-tracker, which has the same data as of each day of its
history, but for the smallest countries.

A country is "to the unit" where excess, sd and ratio are those published.  Where they
are not, and the oracle (tests/excess_oracle.py) says what ours says of the same file,
the file is of another day than the table.
"""
import csv
import datetime
import os
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../tests"))
import excess_oracle

# What the authors' program does by hand: elife2021/elife.ipynb.
WAR = {"Armenia": 4000, "Azerbaijan": 4000}
HEATWAVE = {"Belgium", "France", "Luxembourg", "Netherlands", "Germany"}
SEASONS = {"weekly": 52, "monthly": 12, "quarterly": 4}
LETTER = {52: "W%02d", 12: "%02d", 4: "Q%d"}


# The tracker's names, where it has others.
NAMES = {"Bosnia and Herzegovina": "Bosnia", "Cape Verde": "Cabo Verde",
         "Czech Republic": "Czechia", "Britain": "United Kingdom"}


def gather(directory, out):
    out.write("country_name,year,time,time_unit,deaths\n")
    for name in sorted(os.listdir(directory)):
        unit = name.rsplit("_", 2)[-2] if name.endswith("ly_deaths.csv") else ""
        if unit not in SEASONS:
            continue
        for r in csv.DictReader(open(os.path.join(directory, name), encoding="utf-8")):
            if r["region"] == r["country"] and r["total_deaths"] not in ("", "NA"):
                out.write(f"{NAMES.get(r['country'], r['country'])},{r['year']},"
                          f"{r[unit[:-2]]},{unit},{r['total_deaths']}\n")
    out.flush()
    return out.name


def read_world(path):
    world = {}
    for r in csv.DictReader(open(path, encoding="utf-8-sig")):
        unit = SEASONS[r["time_unit"].split()[0]]
        if r["deaths"] not in ("", "NA"):
            rows = world.setdefault((r["country_name"], unit), {})
            rows[int(r["year"]), int(r["time"])] = int(float(r["deaths"]))
    return world


def last_period(until, seasons):
    day = datetime.datetime.strptime(until, "%b %d, %Y").date()
    if seasons == 52:
        return tuple(day.isocalendar())[:2]
    return (day.year, day.month if seasons == 12 else (day.month + 2) // 3)


def one(habeas, path, name, rows, seasons, published, yearly):
    begin = (2020, {52: 10, 12: 3, 4: 1}[seasons])
    end = min(last_period(published["Data until"], seasons), max(rows))
    options = ["--country", name, "--to", "%d-" % end[0] + LETTER[seasons] % end[1]]
    options += [] if yearly else ["--fixed-baseline"]
    official = published["COVID-19 deaths"]
    if official not in ("nan", "0"):
        options += ["--official", official]
    ours = excess_oracle.ask(habeas, path, options)
    fit = excess_oracle.Fit(
        rows, seasons, [k for k in rows if 2015 <= k[0] <= 2019 and k[1] <= seasons],
        [k for k in rows if begin <= k <= end], fixed=not yearly)
    # The published program looks at the whole file for a week 53, as ours does.
    oracle = (fit.excess(), fit.published_sd(), fit.block_sd())
    seen = (ours["excess"], ours["methods"][0]["sd"], ours["methods"][1]["sd"] or float("nan"))
    same = all(abs(a - b) < 1e-5 * (1 + abs(b)) or a != a and b != b
               for a, b in zip(seen, oracle))
    total = ours["excess"] - WAR.get(name, 0)
    if name in HEATWAVE and begin <= (2020, 34) <= end:
        without = excess_oracle.ask(habeas, path, options + ["--exclude", "2020-W32..2020-W34"])
        total = without["excess"]
    return total, ours, same


def ratio_of(total, published):
    official = published["COVID-19 deaths"]
    return total / float(official) if official not in ("nan", "0") else float("nan")


def main():
    habeas, path, table = sys.argv[1:4]
    yearly = "--yearly" in sys.argv
    kept = tempfile.NamedTemporaryFile("w", suffix=".csv", encoding="utf-8")
    if os.path.isdir(path):
        path = gather(path, kept)
    world, counts = read_world(path), {}
    print("| Country | Published | Ours | by whole years, sd | |\n|---|---|---|---|---|")
    for p in csv.DictReader(open(table, encoding="utf-8-sig")):
        name, seasons = p["Country"], {"w": 52, "m": 12, "q": 4}[p["Data type"]]
        rows = world.get((name, seasons))
        if not rows or not any(y == 2019 for y, _ in rows):
            verdict, cells = "not in the file", ["", ""]
        else:
            try:
                total, ours, same = one(habeas, path, name, rows, seasons, p, yearly)
            except SystemExit as e:
                verdict, cells = str(e).strip(), ["", ""]
            else:
                sd = ours["methods"][0]["sd"]
                ratio = ratio_of(total, p)
                unit = f"{total:.0f} {sd:.0f}" == f"{p['Excess deaths']} {p['Excess deaths std']}"
                if unit and p["Undercount ratio"] not in ("nan", f"{ratio:.2f}"):
                    unit = False
                verdict = ("to the unit" if unit else "same sd, deaths revised"
                           if f"{sd:.0f}" == p["Excess deaths std"] else "another file")
                verdict += "" if same else "; OURS IS NOT THE ORACLE'S"
                cells = [f"{total:.0f} ± {sd:.0f}, {ratio:.2f}",
                         f"{ours['methods'][1]['sd'] or float('nan'):.0f}"]
        counts[verdict] = counts.get(verdict, 0) + 1
        print(f"| {name} | {p['Excess deaths']} ± {p['Excess deaths std']}, "
              f"{p['Undercount ratio']} | {cells[0]} | {cells[1]} | {verdict} |")
    print()
    for verdict, n in sorted(counts.items(), key=lambda c: -c[1]):
        print(n, verdict)


if __name__ == "__main__":
    main()
