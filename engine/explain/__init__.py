"""Why did the network say this? Maps of blame, and the check whether they may be believed.

``attribution`` has the one verb, ``attribute``; each method has a module of its own; ``deletion``
blanks out what a map blames and watches the score fall.

Every model passed in must be a private copy in eval mode: Grad-CAM hooks it for as long as it runs.
A model that others share is never hooked.
"""
