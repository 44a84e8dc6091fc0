"""What every message says of where it comes from: the sender, the addresses of links, the ids of threads."""

from dataclasses import dataclass
from email.headerregistry import Address
from email.utils import parseaddr
from functools import cached_property


@dataclass(frozen=True)
class Site:
    """`base_url` as people open it, without a slash at its end; `sender` an address, perhaps with a name."""

    base_url: str
    sender: str

    def link(self, path: str) -> str:
        return self.base_url + path

    @cached_property
    def address(self) -> Address:
        name, address = parseaddr(self.sender)
        return Address(display_name=name, addr_spec=address)

    @property
    def domain(self) -> str:
        return self.address.domain
