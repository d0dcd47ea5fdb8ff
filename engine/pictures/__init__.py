"""Pictures: a stranger's file made safe, samples, the store behind links, and raster operations.

Imports no torch; OpenCV only inside the functions that need it.
"""

from engine.pictures.decode import MAX_FILE_BYTES, WORKING_SIDE_PX, Decoded, decode
from engine.pictures.depth import (
    BITS_PER_PIXEL,
    Quantised,
    bitmap_bytes,
    quantise,
    quantise_channels,
)
from engine.pictures.encodings import (
    Encoded,
    encode_jpeg,
    encode_png,
    error_map,
    measure_jpeg,
    measure_png,
    psnr_db,
)
from engine.pictures.formats import ACCEPTED_FORMATS
from engine.pictures.guards import MAX_PIXELS, MAX_SIDE_PX
from engine.pictures.picture import Note, Picture, note_sentence
from engine.pictures.raster import (
    Crop,
    crop,
    crop_square,
    enlarge,
    grey,
    histogram,
    mix_channels,
    resize_height,
    resize_longest,
    split_channels,
)
from engine.pictures.samples import SAMPLE_NAMES, resolve, sample
from engine.pictures.store import PictureHouse, PictureStore, keep_hours, picture_store

__all__ = [
    "ACCEPTED_FORMATS",
    "BITS_PER_PIXEL",
    "MAX_FILE_BYTES",
    "MAX_PIXELS",
    "MAX_SIDE_PX",
    "SAMPLE_NAMES",
    "WORKING_SIDE_PX",
    "Crop",
    "Decoded",
    "Encoded",
    "Note",
    "Picture",
    "PictureHouse",
    "PictureStore",
    "Quantised",
    "bitmap_bytes",
    "crop",
    "crop_square",
    "decode",
    "encode_jpeg",
    "encode_png",
    "enlarge",
    "error_map",
    "grey",
    "histogram",
    "keep_hours",
    "measure_jpeg",
    "measure_png",
    "mix_channels",
    "note_sentence",
    "picture_store",
    "psnr_db",
    "quantise",
    "quantise_channels",
    "resize_height",
    "resize_longest",
    "resolve",
    "sample",
    "split_channels",
]
