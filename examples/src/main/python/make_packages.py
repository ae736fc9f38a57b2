"""Makes examples/packages/packages.parquet: Debian packages with their one-line description and their section, the truth label.

    apt-cache dumpavail | python3 make_packages.py ../../../packages/packages.parquet      (needs pyarrow)

Takes the same number of packages from each of seven sections, spread evenly over the alphabet. Libraries, documentation and data
packages are left out: their descriptions speak of what they belong to.
"""

import re
import sys

import pyarrow as pa
import pyarrow.parquet as pq

SECTIONS = ["database", "fonts", "games", "graphics", "mail", "science", "sound"]
ROWS_A_SECTION = 143
LEFT_OUT = re.compile(r"^(lib|python3-|ruby-|r-cran|r-bioc|golang-|node-)|-(data|doc|docs|common|dev|dbg|plugin|plugins|l10n)(-|$)")


def packages(lines):
    """The stanzas of a Debian package list as dictionaries of their first lines."""
    stanza = {}
    for line in lines:
        if not line.strip():
            if stanza:
                yield stanza
            stanza = {}
        elif not line[0].isspace():
            key, _, value = line.partition(":")
            stanza[key] = value.strip()
    if stanza:
        yield stanza


def main(target):
    by_section = {section: {} for section in SECTIONS}
    for stanza in packages(sys.stdin):
        found = by_section.get(stanza.get("Section"))
        if found is not None and not LEFT_OUT.search(stanza["Package"]):
            found[stanza["Package"]] = stanza
    rows = []
    for section, found in by_section.items():
        names = sorted(found)
        rows += [found[names[i * len(names) // ROWS_A_SECTION]] for i in range(ROWS_A_SECTION)]
    rows.sort(key=lambda stanza: stanza["Package"])
    table = pa.table(
        {
            "id": pa.array(range(len(rows)), pa.int64()),
            "package": [row["Package"] for row in rows],
            "description": [row["Description"] for row in rows],
            "installed_kilobytes": pa.array([int(row.get("Installed-Size", 0)) for row in rows], pa.int32()),
            "section": [row["Section"] for row in rows],
        }
    )
    pq.write_table(table, target, compression="zstd", row_group_size=256)


if __name__ == "__main__":
    main(sys.argv[1])
