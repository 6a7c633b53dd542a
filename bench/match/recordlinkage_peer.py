#!/usr/bin/env python3
"""FEBRL4 without its number through Python's recordlinkage, with its ECM classifier.

    recordlinkage_peer.py DIR       the files of ../shared/data/link
"""
import resource
import sys

try:
    import pandas as pd
    import recordlinkage
except ImportError:
    sys.exit("skipped: no recordlinkage; bench/match/README.md says how to install it")

COLUMNS = ("given_name", "surname", "street_number", "address_1", "address_2", "suburb",
           "postcode", "state", "date_of_birth")


def read(path):
    t = pd.read_csv(path, dtype=str, skipinitialspace=True)
    t["who"] = t["rec_id"].str.split("-").str[1]
    return t.set_index("rec_id")


def main():
    try:
        a, b = (read(f"{sys.argv[1]}/febrl4{x}.csv") for x in "ab")
    except (OSError, IndexError) as e:
        sys.exit(f"skipped: {e}")
    index = recordlinkage.Index()
    for block in ("given_name", "surname", "date_of_birth", "postcode"):
        index.block(block)
    index.block(left_on=["given_name", "surname"], right_on=["surname", "given_name"])
    pairs = index.index(a, b)
    compare = recordlinkage.Compare()
    for c in COLUMNS:
        compare.string(c, c, method="jarowinkler", threshold=0.85, label=c)
    found = recordlinkage.ECMClassifier(binarize=0.5).fit_predict(compare.compute(pairs, a, b))
    used = resource.getrusage(resource.RUSAGE_SELF)
    right = sum(a["who"].loc[x] == b["who"].loc[y] for x, y in found)
    true = len(set(a["who"]) & set(b["who"]))
    print(f"FEBRL4 without soc_sec_id: recordlinkage {recordlinkage.__version__}; "
          f"{used.ru_utime + used.ru_stime:.1f} CPU s, {used.ru_maxrss / 1024:.0f} MiB; "
          f"{len(pairs)} pairs; F1 {2 * right / (len(found) + true):.4f}")


main()
