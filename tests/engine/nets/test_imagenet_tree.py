"""ImageNet's tree: against torchvision's names of the classes, and against sums over sets."""

import hashlib
import re

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torchvision.models import MobileNet_V2_Weights

from engine.nets.imagenet_tree.mapping import find_noun, grow_tree, places_by_name, read_nouns
from engine.nets.imagenet_tree.tree import (
    CLASSES,
    TREE_FILE,
    imagenet_tree,
    read_tree,
    sum_up,
    surest_term,
    write_tree,
)

TREE = imagenet_tree()
#: What torchvision calls otherwise: it tells two cranes and two maillots apart, and has one jean.
RENAMED = {"crane bird", "jean", "maillot tank suit"}
NOUNS = """\
  1 the licence
00000001 03 n 01 entity 0 000 | all there is
00000002 05 n 02 Animal 0 beast 0 001 @ 00000001 n 0000 | what lives and moves; "an animal"
00000003 05 n 01 pet 0 001 @ 00000001 n 0000 | what lives with people
00000004 05 n 02 house_cat 0 cat 0 002 @ 00000002 n 0000 @ 00000003 n 0000 | a beast that purrs
00000005 05 n 01 cat 0 001 @ 00000001 n 0000 | a heavy machine on tracks
"""


def test_classes_are_those_that_torchvision_names() -> None:
    names = MobileNet_V2_Weights.DEFAULT.meta["categories"]
    assert len(names) == CLASSES == len(TREE.places)
    for index, place in enumerate(TREE.places.tolist()):
        node = TREE.nodes[place]
        assert node.index == index
        words = [word.casefold() for word in node.words]
        assert names[index].casefold() in words or names[index] in RENAMED
    # ImageNet numbers its classes in the order of their ids
    wnids = [TREE.nodes[place].wnid for place in TREE.places.tolist()]
    assert wnids == sorted(wnids)
    assert wnids[281] == "n02123045"


def test_it_is_a_tree_whose_leaves_are_the_classes() -> None:
    assert TREE.nodes[0].name == "entity"
    assert TREE.parents[0] == -1
    assert all(0 <= node.parent < place for place, node in enumerate(TREE.nodes) if place)
    inner = set(TREE.parents.tolist())
    for place, node in enumerate(TREE.nodes):
        assert (node.index >= 0) == (place not in inner)
        assert re.fullmatch(r"n\d{8}", node.wnid)
        assert node.gloss
    assert len({node.wnid for node in TREE.nodes}) == len(TREE.nodes)
    tabby = [TREE.nodes[place].name for place in TREE.way_to(int(TREE.places[281]))]
    assert tabby[-3:] == ["cat", "domestic cat", "tabby"]
    assert {"animal", "mammal", "carnivore"} <= set(tabby)
    dogs = next(place for place, node in enumerate(TREE.nodes) if node.name == "dog")
    under = [place for place in TREE.places.tolist() if dogs in TREE.way_to(place)]
    assert len(under) == 118  # 151 to 268, breeds of dogs


def test_what_ships_is_what_its_sources_say() -> None:
    told = (TREE_FILE.parent / "SOURCES.md").read_text(encoding="utf-8")
    assert hashlib.sha256(TREE_FILE.read_bytes()).hexdigest() in told
    assert write_tree(list(TREE.nodes)) == TREE_FILE.read_text(encoding="utf-8")
    assert "Princeton University" in (TREE_FILE.parent / "LICENSE.txt").read_text(encoding="utf-8")


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 2**31), st.floats(0.1, 30))
def test_a_term_has_the_sum_of_the_classes_under_it(seed: int, sharpness: float) -> None:
    logits = torch.randn(CLASSES, generator=torch.Generator().manual_seed(seed)) * sharpness
    probs = logits.double().softmax(dim=0)
    sums = sum_up(TREE, probs)
    wanted = torch.zeros(len(TREE.nodes), dtype=torch.float64)
    for index, place in enumerate(TREE.places.tolist()):
        wanted[TREE.way_to(place)] += probs[index]
    torch.testing.assert_close(sums, wanted, rtol=1e-12, atol=1e-12)
    for sure in (0.51, 0.8, 0.99):
        answer = surest_term(TREE, sums, sure)
        assert sums[answer] >= sure - 1e-9
        assert not any(sums[child] >= sure for child in TREE.children_of(answer))


def test_nouns_are_read_and_found_by_names_and_definition() -> None:
    nouns = read_nouns(NOUNS.splitlines())
    assert nouns["00000004"].words == ("house cat", "cat")
    assert nouns["00000004"].above == ("00000002", "00000003")
    assert nouns["00000002"].gloss == "what lives and moves"
    by_name = places_by_name(nouns)
    assert find_noun(["Cat"], "a beast that purrs", nouns, by_name) == "00000004"
    assert find_noun(["cat"], "heavy machine on tracks", nouns, by_name) == "00000005"
    with pytest.raises(ValueError, match="no noun"):
        find_noun(["cat"], "something else", nouns, by_name)
    with pytest.raises(ValueError, match="no noun"):
        find_noun(["dog"], "a beast that purrs", nouns, by_name)


def test_a_tree_grows_from_its_classes() -> None:
    nouns = read_nouns(NOUNS.splitlines())
    nodes = grow_tree({"n09": "00000004", "n10": "00000005"}, nouns)
    assert [(node.name, node.parent, node.index) for node in nodes] == [
        ("entity", -1, -1),
        ("Animal", 0, -1),
        ("house cat", 1, 0),
        ("cat", 0, 1),
    ]
    assert nodes[2].others == ("pet",)
    text = write_tree(nodes)
    assert text.splitlines()[2].split("\t")[:3] == ["1", "0", "n09"]
    with pytest.raises(KeyError):
        read_tree(text)  # classes are missing
