#!/usr/bin/env python3
"""The same lists through Splink on DuckDB: what it costs, and how right it is.

    splink_peer.py plain|lean DIR   lists of habeas-generate --style plain --told
    splink_peer.py febrl|historical|rldata DIR    the files of ../shared/data/link

Splink gets the fields that our side gets, rules and comparisons as its documentation
advises (exact and by prefix; names by Jaro-Winkler with term frequencies), an estimated
prior, u by sampling, m by EM over two or three blocks.  CPU seconds are of the whole
process, from its start until clusters are known; judging comes after.  Written for
Splink 4; 5 works as well.
"""
import glob
import logging
import os
import resource
import sys
import time

import duckdb
import splink
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

THRESHOLDS = (0.5, 0.9, 0.95, 0.99)


def names(column, tf=True):
    return cl.NameComparison(column).configure(term_frequency_adjustments=tf)


def levels(name, *rows):
    """A comparison: the first condition is of what is missing."""
    null, *others = rows
    return cl.CustomComparison(
        output_column_name=name,
        comparison_levels=[{"sql_condition": null, "label_for_charts": "null",
                            "is_null_level": True}]
        + [{"sql_condition": c, "label_for_charts": c} for c in others]
        + [{"sql_condition": "ELSE", "label_for_charts": "else"}])


PLAIN = dict(
    tables=lambda con, d: [plain_table(con, d)],
    comparisons=[
        names("given_name"), names("family_name"), names("father_name"),
        # A year alone is no date: agreement on it is a level of its own.
        levels("birth", "birth_year_l IS NULL OR birth_year_r IS NULL",
               "birth_full_l = birth_full_r",
               "damerau_levenshtein(birth_full_l, birth_full_r) <= 1",
               "birth_year_l = birth_year_r",
               "abs(birth_year_l - birth_year_r) = 1"),
        levels("arrest", "arrest_year_l IS NULL OR arrest_year_r IS NULL",
               "arrest_index_l = arrest_index_r",
               "abs(arrest_index_l - arrest_index_r) = 1",
               "arrest_year_l = arrest_year_r"),
        cl.JaroWinklerAtThresholds("city", [0.9, 0.8]).configure(
            term_frequency_adjustments=True),
        cl.ExactMatch("sex"),
    ],
    blocks=[
        ("substr(given_name, 1, 2)", "substr(family_name, 1, 2)", "birth_year", "city"),
        ("substr(given_name, 1, 2)", "substr(family_name, 1, 2)", "birth_full"),
        ("substr(given_name, 1, 2)", "substr(family_name, 1, 2)", "arrest_index", "city"),
        ("substr(given_name, 1, 2)", "substr(family_name, 1, 2)", "birth_year", "arrest_index"),
        ("given_name", "family_name", "father_name"),
        ("family_name", "birth_year", "city"),
        ("given_name", "birth_year", "city", "arrest_index"),
        ("birth_full", "city"), ("birth_full", "arrest_index"),
        ("given_name", "birth_full"), ("family_name", "birth_full"),
        ("given_name", "city", "arrest_index"), ("family_name", "city", "arrest_index"),
    ],
    swapped=("given_name", "family_name", "birth_year"),
    sure=["l.given_name = r.given_name and l.family_name = r.family_name"
          " and l.birth_full = r.birth_full",
          "l.given_name = r.given_name and l.family_name = r.family_name"
          " and l.father_name = r.father_name and l.birth_year = r.birth_year"],
    recall=0.4, em=[("given_name", "family_name"), ("birth_full", "city")],
)
# Fewer rules: half the candidates, half the seconds of predicting, less found.
LEAN = dict(PLAIN, blocks=PLAIN["blocks"][:8])

FEBRL = dict(
    link=True,
    tables=lambda con, d: [febrl_table(con, d, s) for s in "ab"],
    comparisons=[
        names("given_name"), names("surname"),
        cl.DamerauLevenshteinAtThresholds("date_of_birth", [1, 2]),
        cl.JaroWinklerAtThresholds("address_1", [0.9, 0.7]),
        cl.JaroWinklerAtThresholds("address_2", [0.9, 0.7]),
        cl.JaroWinklerAtThresholds("suburb", [0.9, 0.7]),
        cl.DamerauLevenshteinAtThresholds("postcode", [1, 2]),
        cl.DamerauLevenshteinAtThresholds("street_number", [1]),
        cl.ExactMatch("state"),
    ],
    blocks=[("given_name", "surname"), ("date_of_birth",), ("postcode", "given_name"),
            ("postcode", "surname"), ("street_number", "postcode"),
            ("address_1", "street_number"), ("suburb", "surname"), ("suburb", "given_name"),
            ("address_1", "suburb")],
    swapped=("given_name", "surname"),
    sure=["l.given_name = r.given_name and l.surname = r.surname",
          "l.date_of_birth = r.date_of_birth and l.postcode = r.postcode"],
    recall=0.8, em=[("given_name", "surname"), ("date_of_birth",), ("postcode",)],
)

HISTORICAL = dict(
    tables=lambda con, d: [historical_table(con, d)],
    comparisons=[
        cl.ForenameSurnameComparison("first_name", "surname",
                                     forename_surname_concat_col_name="both_names"),
        cl.DateOfBirthComparison("dob", input_is_string=True),
        cl.PostcodeComparison("postcode_fake"),
        cl.ExactMatch("birth_place").configure(term_frequency_adjustments=True),
        cl.ExactMatch("occupation").configure(term_frequency_adjustments=True),
        cl.ExactMatch("gender"),
    ],
    # The rules of Splink's own example on these people.
    blocks=[("substr(first_name, 1, 3)", "substr(surname, 1, 4)"), ("surname", "dob"),
            ("first_name", "dob"), ("postcode_fake", "first_name"),
            ("postcode_fake", "surname"), ("dob", "birth_place"),
            ("substr(postcode_fake, 1, 3)", "dob"),
            ("substr(postcode_fake, 1, 3)", "first_name"),
            ("substr(postcode_fake, 1, 3)", "surname"),
            ("substr(first_name, 1, 2)", "substr(surname, 1, 2)", "substr(dob, 1, 4)")],
    sure=["l.first_name = r.first_name and l.surname = r.surname and l.dob = r.dob",
          "substr(l.first_name, 1, 2) = substr(r.first_name, 1, 2)"
          " and l.surname = r.surname and substr(l.postcode_fake, 1, 2) ="
          " substr(r.postcode_fake, 1, 2)",
          "l.dob = r.dob and l.postcode_fake = r.postcode_fake"],
    recall=0.6, em=[("first_name", "surname"), ("dob",)],
)

RLDATA = dict(
    tables=lambda con, d: [rldata_table(con, d)],
    comparisons=[
        names("fname_c1"), names("lname_c1"), cl.ExactMatch("by_"), cl.ExactMatch("bm"),
        cl.ExactMatch("bd"), cl.ExactMatch("fname_c2"), cl.ExactMatch("lname_c2"),
    ],
    blocks=[("fname_c1", "lname_c1"), ("by_", "bm", "bd"), ("fname_c1", "by_"),
            ("lname_c1", "by_"), ("fname_c1", "bm", "bd"), ("lname_c1", "bm", "bd")],
    sure=["l.fname_c1 = r.fname_c1 and l.by_ = r.by_ and l.bm = r.bm and l.bd = r.bd",
          "l.lname_c1 = r.lname_c1 and l.by_ = r.by_ and l.bm = r.bm and l.bd = r.bd",
          "l.fname_c1 = r.fname_c1 and l.lname_c1 = r.lname_c1 and l.bm = r.bm"
          " and l.bd = r.bd"],
    recall=0.8, em=[("fname_c1", "lname_c1"), ("by_", "bm", "bd")],
)


def table(con, name, truth, sql):
    """A table for Splink, without the column of truth, and that apart."""
    con.execute(f"CREATE TABLE whole AS SELECT row_number() OVER () AS unique_id, * FROM ({sql})")
    con.execute(f"CREATE TABLE {name} AS SELECT * EXCLUDE ({truth}) FROM whole")
    con.execute(f"CREATE TABLE {name}_truth AS SELECT unique_id, {truth} AS who FROM whole")
    con.execute("DROP TABLE whole")
    return name


def plain_table(con, d):
    files = sorted(glob.glob(d + "/list-*.csv"))
    return table(con, "people", "person", f"""
        SELECT *, CASE WHEN length(birth_date) = 10 THEN birth_date END AS birth_full,
            CAST(left(birth_date, 4) AS INTEGER) AS birth_year,
            CAST(left(arrest_month, 4) AS INTEGER) AS arrest_year,
            CASE WHEN length(arrest_month) = 7 THEN 12 * CAST(left(arrest_month, 4) AS INTEGER)
                + CAST(right(arrest_month, 2) AS INTEGER) END AS arrest_index
        FROM read_csv({files!r}, header=true, all_varchar=true)""")


def febrl_table(con, d, which):
    columns = ("given_name", "surname", "street_number", "address_1", "address_2", "suburb",
               "postcode", "state", "date_of_birth")
    trimmed = ", ".join(f"nullif(trim(\"{c}\"), '') AS {c}" for c in columns)
    return table(con, "febrl_" + which, "who", f"""
        SELECT {trimmed}, split_part(rec_id, '-', 2) AS who
        FROM read_csv('{d}/febrl4{which}.csv', header=true, all_varchar=true,
            normalize_names=true)""")


def historical_table(con, d):
    return table(con, "people", "cluster", f"""
        SELECT cluster, first_name, surname, dob, birth_place, postcode_fake, gender, occupation,
            first_name || ' ' || surname AS both_names
        FROM read_csv('{d}/historical_50k.csv', header=true, all_varchar=true)""")


def rldata_table(con, d):
    return table(con, "people", "ent_id", f"""
        SELECT fname_c1, fname_c2, lname_c1, lname_c2, "by" AS by_, bm, bd, ent_id
        FROM read_csv('{d}/RLdata10000.csv', header=true, all_varchar=true, nullstr='NA')""")


def swap_rule(given, family, *same):
    return " and ".join([f"l.{given} = r.{family}", f"l.{family} = r.{given}"]
                        + [f"l.{c} = r.{c}" for c in same])


def used():
    u = resource.getrusage(resource.RUSAGE_SELF)
    return u.ru_utime + u.ru_stime


def link(work, con, tables):
    """Predictions and Splink's own clusters, with the CPU seconds of each stage."""
    stage = {"load": used()}
    rules = [block_on(*b) for b in work["blocks"]]
    if "swapped" in work:
        rules.append(swap_rule(*work["swapped"]))
    settings = SettingsCreator(
        link_type="link_only" if work.get("link") else "dedupe_only",
        comparisons=work["comparisons"], blocking_rules_to_generate_predictions=rules)
    api = DuckDBAPI(connection=con)
    if splink.__version__ < "5":
        linker = Linker(tables if len(tables) > 1 else tables[0], settings, api,
                        set_up_basic_logging=False, input_table_aliases=tables)
    else:
        linker = Linker([api.register(t, dataset_display_name=t) for t in tables],
                        settings, log_level=logging.ERROR)
    training = linker.training
    training.estimate_probability_two_random_records_match(work["sure"], recall=work["recall"])
    training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    for b in work["em"]:
        training.estimate_parameters_using_expectation_maximisation(block_on(*b))
    stage["train"] = used()
    pairs = linker.inference.predict(threshold_match_weight=-6)
    stage["predict"] = used()
    linker.clustering.cluster_pairwise_predictions_at_threshold(
        pairs, threshold_match_probability=0.95)
    stage["cluster"] = used()
    return pairs, stage


class Clusters:
    """Connected components that grow edge by edge and know how right they are."""

    def __init__(self, who, link):
        self.parent = list(range(len(who)))
        self.members = [{w: 1} for w in who]
        self.size = [1] * len(who)
        self.found = self.right = 0
        self.link = link

    def root(self, i):
        while self.parent[i] != i:
            self.parent[i] = self.parent[self.parent[i]]
            i = self.parent[i]
        return i

    def join(self, i, j):
        i, j = self.root(i), self.root(j)
        if i == j:
            return
        if self.size[i] < self.size[j]:
            i, j = j, i
        self.found += self.size[i] * self.size[j]
        for w, n in self.members[j].items():
            self.right += n * self.members[i].get(w, 0)
            self.members[i][w] = self.members[i].get(w, 0) + n
        self.size[i] += self.size[j]
        self.parent[j], self.members[j] = i, None


def f1(right, found, true):
    return 2 * right / (found + true) if found + true else 0.0


def true_pairs(con, tables):
    union = " UNION ALL ".join(f"SELECT '{t}' AS t, who FROM {t}_truth" for t in tables)
    if len(tables) == 2:
        return con.execute(f"""SELECT sum((n * n - s) // 2) FROM (SELECT sum(n) AS n,
            sum(n * n) AS s FROM (SELECT who, t, count(*) AS n FROM ({union}) GROUP BY ALL)
            GROUP BY who)""").fetchall()[0][0]
    return con.execute(f"""SELECT sum(n * (n - 1) // 2) FROM (SELECT count(*) AS n
        FROM ({union}) GROUP BY who)""").fetchall()[0][0]


def judge(con, tables, pairs):
    """Precision and recall of pairs and clusters at every threshold, best first."""
    who, offset = [], {}
    for t in tables:
        offset[t] = len(who) - 1
        who += [w for (w,) in con.execute(f"SELECT who FROM {t}_truth ORDER BY unique_id")
                .fetchall()]
    sides = "source_dataset_l, source_dataset_r" if len(tables) > 1 else \
        f"'{tables[0]}', '{tables[0]}'"
    edges = con.execute(f"""SELECT match_probability, unique_id_l, unique_id_r, {sides}
        FROM {pairs.physical_name} ORDER BY match_probability DESC, match_weight DESC""").fetchall()
    true = int(true_pairs(con, tables))
    clusters = Clusters(who, len(tables) > 1)
    best_pairs = best_clusters = (0, 1)
    at, found, right = {}, 0, 0
    for k, (p, l, r, tl, tr) in enumerate(edges):
        i, j = l + offset[tl], r + offset[tr]
        found += 1
        right += who[i] == who[j]
        clusters.join(i, j)
        if k + 1 < len(edges) and edges[k + 1][0] == p:
            continue
        now = f1(right, found, true), f1(clusters.right, clusters.found, true)
        best_pairs = max(best_pairs, (now[0], p))
        best_clusters = max(best_clusters, (now[1], p))
        for t in THRESHOLDS:
            if p >= t:
                at[t] = now
    return true, best_pairs, best_clusters, at, right / true


def main():
    kinds = {"plain": PLAIN, "lean": LEAN, "febrl": FEBRL, "historical": HISTORICAL, "rldata": RLDATA}
    if len(sys.argv) != 3 or sys.argv[1] not in kinds:
        sys.exit(__doc__)
    logging.getLogger("splink").setLevel(logging.ERROR)
    work, con = kinds[sys.argv[1]], duckdb.connect()
    start = used()
    try:
        tables = work["tables"](con, sys.argv[2])
    except duckdb.IOException as e:
        print("skipped:", str(e).splitlines()[0])
        return
    n = sum(con.execute(f"SELECT count(*) FROM {t}").fetchall()[0][0] for t in tables)
    began = time.monotonic()
    pairs, stage = link(work, con, tables)
    cpu, rss = stage["cluster"], resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    true, bp, bc, at, reach = judge(con, tables, pairs)
    print(f"{sys.argv[1]} {os.path.basename(sys.argv[2].rstrip('/'))}: {n} records, {true} true"
          f" pairs; Splink {splink.__version__}, DuckDB {duckdb.__version__}")
    print(f"  {cpu:.1f} CPU s (start {start:.1f}, load {stage['load'] - start:.1f}, train "
          f"{stage['train'] - stage['load']:.1f}, predict {stage['predict'] - stage['train']:.1f},"
          f" cluster {cpu - stage['predict']:.1f}), {rss:.0f} MiB at most;"
          f" its pairs hold {reach:.4f} of the truth")
    print(f"  best in hindsight: pairs F1 {bp[0]:.4f} (at {bp[1]:.4f}),"
          f" clusters F1 {bc[0]:.4f} (at {bc[1]:.4f})")
    for t in THRESHOLDS:
        print(f"  at {t}: pairs F1 {at.get(t, (0, 0))[0]:.4f}, clusters F1 {at.get(t, (0, 0))[1]:.4f}")


main()
