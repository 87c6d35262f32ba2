"""What counts as one place that requests come from."""

from ipaddress import IPv6Address, ip_address, ip_network


def network_of(host: str) -> str:
    """Return an IPv4 address as it is, of an IPv6 address its network of 64 bits: whoever has one has all of it."""
    try:
        address = ip_address(host)
    except ValueError:
        return host
    return str(ip_network(f"{address}/64", strict=False)) if isinstance(address, IPv6Address) else host
