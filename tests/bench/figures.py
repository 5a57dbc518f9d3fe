"""What a bench finds out: a named number, with the bound it has to keep."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One measured number. `most` and `least` are the bounds the project promises; None promises nothing."""

    name: str
    value: float
    unit: str = ""
    most: float | None = None
    least: float | None = None
    note: str = ""

    @property
    def holds(self) -> bool:
        """Whether the promise is kept."""
        return (self.most is None or self.value <= self.most) and (self.least is None or self.value >= self.least)

    def line(self) -> str:
        """The figure as a line of the table."""
        bounds = [f"at most {self.most:g}"] if self.most is not None else []
        bounds += [f"at least {self.least:g}"] if self.least is not None else []
        promise = f"{', '.join(bounds)}: {'kept' if self.holds else 'BROKEN'}" if bounds else ""
        return f"{self.name:<34}{self.value:>12.4g} {self.unit:<8}{promise:<28}{self.note}".rstrip()
