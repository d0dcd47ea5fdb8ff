"""COCO's eighty classes in the order of their category ids, which leave ten numbers out.

Their names in Korean stand in ``assets/labels/classes.toml``.

Source: Lin et al., "Microsoft COCO: Common Objects in Context", ECCV 2014.
"""

_NAMES = """
person, bicycle, car, motorcycle, airplane, bus, train, truck, boat, traffic light, fire hydrant,
stop sign, parking meter, bench, bird, cat, dog, horse, sheep, cow, elephant, bear, zebra, giraffe,
backpack, umbrella, handbag, tie, suitcase, frisbee, skis, snowboard, sports ball, kite,
baseball bat, baseball glove, skateboard, surfboard, tennis racket, bottle, wine glass, cup, fork,
knife, spoon, bowl, banana, apple, sandwich, orange, broccoli, carrot, hot dog, pizza, donut, cake,
chair, couch, potted plant, bed, dining table, toilet, tv, laptop, mouse, remote, keyboard,
cell phone, microwave, oven, toaster, sink, refrigerator, book, clock, vase, scissors, teddy bear,
hair drier, toothbrush
"""
_NEVER_USED = (12, 26, 29, 30, 45, 66, 68, 69, 71, 83)

COCO_CLASSES = tuple(name.strip() for name in _NAMES.replace("\n", " ").split(","))
#: The category id of each class, 1 to 90.
COCO_IDS = tuple(number for number in range(1, 91) if number not in _NEVER_USED)
