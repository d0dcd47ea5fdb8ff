"""ImageNet's thousand classes under WordNet's more general terms, and a network's answer summed up
in it."""
