"""What can be said of a claim, and of a statement that claims support or refute: the words, and how they look."""

from enum import StrEnum


class _Word(StrEnum):
    """`css` also gives a mark its sign, so that it is not told by colour alone; `style` is a terminal's."""

    css: str
    style: str

    def __new__(cls, word: str, css: str, style: str = "dim") -> "_Word":
        member = str.__new__(cls, word)
        member._value_, member.css, member.style = word, css, style
        return member


class Verdict(_Word):
    """Of a claim on one machine. They are listed in this order."""

    HOLDS = "holds", "nw-holds", "green"
    CONTRADICTED = "contradicted", "nw-contradicted", "bold red"
    TOO_NOISY = "too noisy to tell", "nw-noisy", "yellow"
    NOT_HERE = "not measured here", "nw-absent-claim"
    ERRORED = "errored", "nw-errored", "bold red"

    @property
    def stops_a_build(self) -> bool:
        return self in (Verdict.CONTRADICTED, Verdict.ERRORED)


class Finding(_Word):
    """Of a statement, by the verdicts on the claims that support or refute it."""

    HOLDS = "holds", "nw-holds"
    DEPENDS = "depends", "nw-depends"
    DOES_NOT_HOLD = "does not hold", "nw-contradicted"
    TOO_NOISY = "too noisy to tell", "nw-noisy"
    NOT_HERE = "not measured here", "nw-absent-claim"
    ERRORED = "errored", "nw-errored"
