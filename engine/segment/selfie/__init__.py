"""People cut out by a learnt mask: MediaPipe's selfie segmentation.

- ``net``: the network; ``weights``: the file that ships, which ``python -m engine.segment.selfie``
  makes of the published one.
- ``finding``: how likely each pixel of a picture shows a person.

Source: MediaPipe Selfie Segmentation (Apache-2.0).
"""
