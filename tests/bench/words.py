"""Words for seeded issues: a vocabulary with a long tail, so that words are as rare and as common as in life."""

from functools import cached_property
from itertools import accumulate, product
from random import Random

COMMON, RARE = "discharge", "heliograph"  # stand in texts only where they are put: in a fifth of the issues, in five
SHARE_WITH_COMMON = 0.2

_EVERYDAY = (
    "the team sent late letter nobody answered form missing ward call again waiting sign off transport bed today "
    "nurse manager list wrong copy system access record patient family visit home care plan review meeting moved "
    "without notice agreed changed week month hours morning evening weekend desk phone message note paper signed "
    "delivery equipment chair frame mattress store stock van driver arrived broken returned repair invoice charge "
    "budget cost price funding panel decision authority level asked told thought expected promised standard quality "
    "check audit report number date name address file shared folder password login screen field code batch result "
    "test sample blood dose chart medicine pharmacy supply order urgent routine priority referral assessment social "
    "worker therapist doctor clinic practice hospital council community service partner contract clause scope role "
    "duty rota shift cover absence vacancy training induction policy guidance template version draft final approval "
    "signature witness evidence complaint thanks apology lesson change request response delay backlog queue capacity "
    "demand season winter summer holiday bank closure opening space room corridor entrance parking ticket lift stairs "
    "kitchen meal menu cleaning laundry waste collection bin key lock alarm badge visitor volunteer carer neighbour "
    "interpreter language leaflet website email inbox reply forward attachment scan print fax courier post parcel"
)
_SYLLABLES = (
    "b br c cl d dr f g gr h k l m n p pl r s st t tr v w",
    "a e i o u ai ea oo",
    "d ck ll lm n nd ng r rd rn rt s st t th x",
    "ey ham ton s",
)
_TAIL = 4000


class Writer:
    """Writes plain texts. The nth most used word turns up about 1/n as often as the first (Zipf)."""

    def __init__(self, random: Random) -> None:
        self._random = random

    def text(self, least: int, most: int) -> str:
        """That many words, with a capital at the beginning."""
        wanted = self._random.randint(least, most)
        return " ".join(self._random.choices(self._vocabulary, cum_weights=self._weights, k=wanted)).capitalize()

    @cached_property
    def _vocabulary(self) -> list[str]:
        made = ["".join(parts) for parts in product(*map(str.split, _SYLLABLES))]
        return [*dict.fromkeys(_EVERYDAY.split()), *Random(1).sample(made, _TAIL)]

    @cached_property
    def _weights(self) -> list[float]:
        return list(accumulate(1 / (rank + 2.7) for rank in range(len(self._vocabulary))))
