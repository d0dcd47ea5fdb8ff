"""Who had which idea when, and where can I do it?

Main control: year, how far the years have come.
Sources: each station's own publication (engine/serving/history/stations.toml); Russakovsky et al.
2015, He et al. 2016, Hu et al. 2018 (ImageNet's winners); Schmidhuber 2015, Griewank 2012, Olazaran
1996 (disputed dates); torchvision's networks (what they cost).
"""

import streamlit as st

from engine.serving.history.contract import CostQuestion, Question
from pages.neurons.history.said import SOURCE, STEM, is_counted, page_names, show_cost, show_past
from pages.ui.controls import controls_of, first_state
from pages.ui.page import open_page, predict_then_see, read_more, try_this
from pages.ui.result import when_answered
from pages.ui.show_code import show_code
from pages.ui.stage import stage
from pages.ui.words import prose

YEARS, COSTS = controls_of(Question), controls_of(CostQuestion)
FIRST, COST = first_state(YEARS), first_state(COSTS)

open_page(STEM, uses_picture=False)
try_this(
    STEM,
    {
        "beginnings": FIRST | {"year": 1969, "span": "beginnings", "station": "xor"},
        "known": FIRST | {"year": 1986, "station": "backpropagation"},
        "svm": FIRST | {"year": 2005, "span": "features", "station": "hog"},
        "revival": FIRST | {"year": 2012, "span": "deep", "station": "alexnet"},
        "found": FIRST | {"year": 2015, "thread": "detection", "station": "faster_rcnn"},
        "games": FIRST | {"year": 2016, "thread": "generation", "station": "alphago"},
    },
)
values = stage(
    STEM, YEARS, source=SOURCE, words=[f"{STEM}.stations"], said=page_names(), height_px=520
)
when_answered(SOURCE, values, show_past)
predict_then_see(STEM)
st.subheader(prose(STEM, "cost_title"), anchor=False)
st.markdown(prose(STEM, "cost"))
try_this(
    STEM,
    {
        "before": COST | {"until": 2011},
        "human": COST | {"until": 2015},
        "phones": COST | {"until": 2018},
        "sizes": COST | {"cost": "params"},
    },
    view="cost",
)
asked = stage(STEM, COSTS, source=f"{SOURCE}/cost", view="cost", height_px=560)
when_answered(f"{SOURCE}/cost", asked, lambda found: show_cost(found, asked), is_there=is_counted)
read_more(STEM)
show_code(
    "engine.nets.architectures:count",
    "engine.nets.tracing:MacCounter",
    "engine.nets.cost:measure_classifier",
)
