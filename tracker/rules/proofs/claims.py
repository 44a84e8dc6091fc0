"""What a proof claims of an issue: how far a chain of it had come at a checkpoint, and what shows it by itself."""

import json
from dataclasses import dataclass
from typing import Any

from tracker.rules.proofs.checkpoints import TlogProof, TreeHead
from tracker.rules.proofs.leaves import ChainHead, Leaf, PlaceOpening
from tracker.rules.proofs.notes import WrongNote, base64_hash, base64_text

CLAIM_BEGINS = "partnership-tracker/claim@v1"


@dataclass(frozen=True, slots=True)
class ChainClaim:
    """`ref`: of the issue, as whoever made the proof calls it; `head`: where its chain ended, and `opening` what shows
    that this stands in the leaf; `leaf` as it stands in the log."""

    ref: str
    head: ChainHead
    opening: PlaceOpening
    leaf: str

    def written(self) -> bytes:
        """As the extra data of a proof."""
        opening = {
            "place": self.opening.place,
            "salt": base64_text(self.opening.salt),
            "index": self.opening.index,
            "size": self.opening.size,
            "path": [base64_text(each) for each in self.opening.path],
        }
        head = {"chain": self.head.chain, "length": self.head.length, "digest": self.head.digest}
        claim = {"form": CLAIM_BEGINS, "issue": self.ref, "head": head, "opening": opening, "leaf": self.leaf}
        return json.dumps(claim, indent=1).encode()

    @classmethod
    def read(cls, extra: bytes) -> "ChainClaim":
        """Refuses with WrongNote."""
        try:
            claim = json.loads(extra)
            if claim["form"] != CLAIM_BEGINS:
                raise WrongNote(f"This proof is of another form than {CLAIM_BEGINS}.")
            head, opening = claim["head"], _opening(claim["opening"])
            ended = ChainHead(head["chain"], int(head["length"]), head["digest"])
            return cls(str(claim["issue"]), ended, opening, claim["leaf"])
        except (ValueError, KeyError, TypeError) as wrong:
            raise WrongNote("This proof does not say what it proves.") from wrong

    def require_proven(self, proof: TlogProof) -> None:
        """That the head stands in the leaf, and the leaf in the tree of the checkpoint. Refuses with WrongNote; who
        signed the checkpoint is for who can check signatures."""
        leaf = Leaf.read(self.leaf)
        committed = leaf.commitments.get(self.opening.place)
        if committed is None or self.opening.commitment(self.head) != committed:
            raise WrongNote("What it says of the issue is not what the checkpoint has of it.")
        if proof.root(leaf.hash) != TreeHead.read(proof.checkpoint.text).root:
            raise WrongNote("What it says of the issue does not stand in the log of the checkpoint.")


def _opening(kept: dict[str, Any]) -> PlaceOpening:
    path = tuple(base64_hash(each) for each in kept["path"])
    return PlaceOpening(kept["place"], base64_hash(kept["salt"]), int(kept["index"]), int(kept["size"]), path)
