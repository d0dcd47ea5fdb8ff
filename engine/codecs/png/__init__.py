"""A PNG read by code of our own: the filter of each row, and what deflate makes of it.

- ``chunks``: the file's parts, and the zlib stream in it.
- ``inflate``: the stream decoded symbol by symbol, with what each byte took.
- ``filters``: the five filters there and back.
- ``opened``: a small copy of a picture with each row's filter, its bits and its copies.

Source: W3C, Portable Network Graphics (third edition); RFC 1950 and 1951.
"""
