"""The garment net and the person net: pictures in, networks, losses, what their training draws from."""
