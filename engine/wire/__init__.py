"""What the screen and the engine's process must agree on.

Which hosts and origins are answered (:mod:`hosts`), how large a body may be (:mod:`guard`), who a
visitor is (:mod:`visitors`), the names of the headers between the two (:mod:`headers`), the bytes
of an answer (:mod:`arrays`) and the version of all this (:mod:`version`). Both ends import it, so
it imports neither torch nor FastAPI.
"""
