"""A run is a folder: everything needed to repeat a training, and everything it gave.

::

    runs/small-vgg-shapes32-0001/
      run.json          all settings, the seed, versions, whom it belongs to
      events.jsonl      one line a step and an epoch
      checkpoints/      one file an epoch: weights, optimiser, position
      tensorboard/      the same events for TensorBoard
      exports/          ONNX, torch.export
      queued.json, worker.json, stop, end.json    where it stands, one or none of each

Copying the folder copies the run. Pages, command line and workers read and write the same files.
"""
