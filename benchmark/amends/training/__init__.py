"""How the scorer ``trained`` is made: material, variants of it, the network, the fit, and what is written."""
