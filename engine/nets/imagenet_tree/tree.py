"""The tree that ships in ``assets/wordnet``: read, searched, and probabilities summed up in it.

A node is a term of WordNet (a synset); its parent is the first of its more general terms
(hypernyms). The leaves are ImageNet's classes. In a tree every class lies under each of its
ancestors once, so what a network says of a node is the sum over the classes under it, and children
add up to their parent.

Sources: Deng et al., "ImageNet: a large-scale hierarchical image database", CVPR 2009; Fellbaum,
"WordNet: an electronic lexical database", 1998.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import torch
from torch import Tensor

TREE_FILE = Path(__file__).resolve().parents[3] / "assets" / "wordnet" / "imagenet_tree.tsv"
CLASSES = 1000


@dataclass(frozen=True)
class Node:
    """A term.

    Attributes:
        parent: the place of its more general term in the tree, -1 for the root.
        index: the number of its class in ImageNet's thousand, -1 for what is no class.
        wnid: its id: a class's in WordNet 3.0, as ImageNet has it ("n02123045"), any other's in
            WordNet 3.1.
        words: its names, the usual one first.
        gloss: what WordNet says it is.
        others: further more general terms, by their first names.
    """

    parent: int
    index: int
    wnid: str
    words: tuple[str, ...]
    gloss: str
    others: tuple[str, ...]

    @property
    def name(self) -> str:
        """The usual one of its names."""
        return self.words[0]


@dataclass(frozen=True, eq=False)
class Tree:
    """All terms, each after its parent.

    Attributes:
        nodes: depth first; the root is the first.
        parents: int64 (n,), the place of each one's parent, -1 for the root.
        places: int64 (1000,), where each class stands, by its number.
    """

    nodes: tuple[Node, ...]
    parents: Tensor
    places: Tensor

    def way_to(self, place: int) -> list[int]:
        """The places from the root to a node, both included."""
        way = [place]
        while (parent := self.nodes[way[-1]].parent) >= 0:
            way.append(parent)
        return way[::-1]

    def children_of(self, place: int) -> list[int]:
        """The places of a node's children, in order."""
        return (self.parents == place).nonzero().flatten().tolist()


def sum_up(tree: Tree, probs: Tensor) -> Tensor:
    """What is said of each node: the sum over the classes under it.

    Args:
        tree: with n nodes.
        probs: (1000,), what is said of each class, by its number.

    Returns:
        float64 (n,).
    """
    leaves = torch.zeros(len(tree.nodes), dtype=torch.float64)
    leaves[tree.places] = probs.double()
    sums = leaves.tolist()
    for place in range(len(sums) - 1, 0, -1):  # children stand behind their parents
        sums[tree.nodes[place].parent] += sums[place]
    return torch.tensor(sums, dtype=torch.float64)


def surest_term(tree: Tree, sums: Tensor, sure: float) -> int:
    """The most exact term that is said with at least that probability.

    Terms that are likelier than a half lie on one way from the root, and the farthest down is the
    answer (Deng et al., "Hedging your bets", CVPR 2012, with their information gain as the depth).

    Args:
        tree: with n nodes.
        sums: (n,), as :func:`sum_up` has them.
        sure: in (0.5, 1]; the root is the answer where nothing else is as likely.

    Returns:
        its place.
    """
    likely = (sums >= sure).nonzero().flatten().tolist()
    return likely[-1] if likely else 0  # each stands behind those above it


@cache
def imagenet_tree() -> Tree:
    """The tree that ships."""
    return read_tree(TREE_FILE.read_text(encoding="utf-8"))


def read_tree(text: str) -> Tree:
    """A tree from its file: a line a node, each after its parent, fields divided by tabs."""
    nodes = []
    for line in text.splitlines():
        parent, index, wnid, words, gloss, others = line.split("\t")
        names, above = (tuple(filter(None, field.split("|"))) for field in (words, others))
        nodes.append(Node(int(parent), int(index), wnid, names, gloss, above))
    by_class = {node.index: place for place, node in enumerate(nodes) if node.index >= 0}
    return Tree(
        tuple(nodes),
        torch.tensor([node.parent for node in nodes]),
        torch.tensor([by_class[index] for index in range(CLASSES)]),
    )


def write_tree(nodes: list[Node]) -> str:
    """The file of a tree, as :func:`read_tree` reads it."""
    lines = (
        (str(n.parent), str(n.index), n.wnid, "|".join(n.words), n.gloss, "|".join(n.others))
        for n in nodes
    )
    return "".join("\t".join(fields) + "\n" for fields in lines)
