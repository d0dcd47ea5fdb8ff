"""From WordNet's file of nouns and ImageNet's list of classes to the tree.

ImageNet names its classes by their place in WordNet 3.0's file; the file that can be had from a
package registry is WordNet 3.1, where places are others. So a class is found by what stands in
both: names and definition. The rule: of the nouns that share a name with the class, the one whose
definition has most words in common with it (Jaccard's index, at least a half). For 995 classes the
definitions agree word for word.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from engine.nets.imagenet_tree.tree import Node

LEAST_ALIKE = 0.5
_HYPERNYM = "@"


@dataclass(frozen=True)
class Synset:
    """A noun of WordNet: names, definition without its examples, and more general nouns' places."""

    words: tuple[str, ...]
    gloss: str
    above: tuple[str, ...]


def read_nouns(lines: Iterable[str]) -> dict[str, Synset]:
    """WordNet's ``data.noun`` (wndb(5WN)): place in the file → noun."""
    found = {}
    for line in lines:
        if line.startswith(" "):  # the licence
            continue
        head, _, gloss = line.rstrip("\n").partition(" | ")
        fields = head.split()
        count = int(fields[3], 16)
        words = tuple(fields[4 + 2 * i].replace("_", " ") for i in range(count))
        at = 4 + 2 * count
        pointers = [fields[at + 1 + 4 * i : at + 5 + 4 * i] for i in range(int(fields[at]))]
        above = tuple(target for symbol, target, *_ in pointers if symbol == _HYPERNYM)
        found[fields[0]] = Synset(words, gloss.split('; "')[0].strip(), above)
    return found


def find_noun(
    names: Iterable[str],
    definition: str,
    nouns: Mapping[str, Synset],
    by_name: dict[str, list[str]],
) -> str:
    """The place of the noun that is meant.

    Args:
        names: of the class.
        definition: of the class.
        nouns: as :func:`read_nouns` has them.
        by_name: as :func:`places_by_name` has them.

    Raises:
        ValueError: no noun is alike enough, or two are equally so.
    """
    wanted = _words_of(definition)
    places = {place for name in names for place in by_name.get(name.casefold().strip(), [])}
    alike = sorted(
        ((_share(wanted, _words_of(nouns[place].gloss)), place) for place in places), reverse=True
    )
    if not alike or alike[0][0] < LEAST_ALIKE:
        raise ValueError(f"no noun is like {definition!r}")
    if len(alike) > 1 and alike[1][0] == alike[0][0]:
        raise ValueError(f"two nouns are like {definition!r}")
    return alike[0][1]


def places_by_name(nouns: Mapping[str, Synset]) -> dict[str, list[str]]:
    """Name in small letters → places of the nouns that bear it."""
    found: dict[str, list[str]] = defaultdict(list)
    for place, noun in nouns.items():
        for word in noun.words:
            found[word.casefold()].append(place)
    return found


def grow_tree(classes: Mapping[str, str], nouns: Mapping[str, Synset]) -> list[Node]:
    """The nodes depth first, children by name.

    Args:
        classes: WordNet 3.0 id → place of the noun, in the order of the classes' numbers.
        nouns: as :func:`read_nouns` has them.
    """
    numbers = {place: (index, wnid) for index, (wnid, place) in enumerate(classes.items())}
    below: dict[str, set[str]] = defaultdict(set)
    root = ""
    for place in numbers:
        child = place
        while above := nouns[child].above:
            below[above[0]].add(child)
            child = above[0]
        root = child
    nodes: list[Node] = []
    waiting = [(root, -1)]
    while waiting:
        place, parent = waiting.pop()
        noun, (index, wnid) = nouns[place], numbers.get(place, (-1, f"n{place}"))
        others = tuple(nouns[each].words[0] for each in noun.above[1:])
        nodes.append(Node(parent, index, wnid, noun.words, noun.gloss, others))
        children = sorted(below[place], key=lambda each: nouns[each].words, reverse=True)
        waiting += [(child, len(nodes) - 1) for child in children]
    return nodes


def _words_of(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", text.casefold()))


def _share(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / max(1, len(one | other))
