"""Damages good files as bad disks, bad lines and bad people do: the same seed gives the same bytes."""

import csv
import random
from collections.abc import Callable
from pathlib import Path

Mutation = Callable[[bytearray, random.Random], None]
HEAD = 1024
NOTE = "mutation"
# Numbers at which the arithmetic of parsers turns over.
EDGES = (b"\0\0\0\0", b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"\x80\0\0\0", b"\0\0\0\1", b"\xff\xff", b"\0\0")


def flip_bits(data: bytearray, chance: random.Random) -> None:
    """Single bits all over, from one to one in a hundred bytes."""
    for _ in range(max(1, int(len(data) * 10 ** chance.uniform(-6, -2)))):
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)


def swap_blocks(data: bytearray, chance: random.Random) -> None:
    """Two blocks change places."""
    size = chance.randint(1, max(1, min(len(data) // 3, 65_536)))
    one, other = (chance.randrange(len(data) - size + 1) for _ in range(2))
    data[one : one + size], data[other : other + size] = data[other : other + size], data[one : one + size]


def cut(data: bytearray, chance: random.Random) -> None:
    """The end is missing, or a piece in the middle."""
    begin = chance.randrange(len(data))
    del data[begin : len(data) if chance.random() < 0.6 else begin + chance.randint(1, 4096)]


def insert(data: bytearray, chance: random.Random) -> None:
    """Noise, zeros or a copy of another place, pushed in."""
    size, where = chance.randint(1, 4096), chance.randrange(len(data) + 1)
    begin = chance.randrange(len(data))
    data[where:where] = chance.choice([chance.randbytes(size), bytes(size), bytes(data[begin : begin + size])])


def damage_head(data: bytearray, chance: random.Random) -> None:
    """Bytes and numbers near the beginning, where sizes and counts stand."""
    for _ in range(chance.randint(1, 6)):
        where = chance.randrange(min(len(data), HEAD))
        value = chance.choice([*EDGES, chance.randbytes(1), chance.randbytes(4)])
        data[where : where + len(value)] = value


def damage_numbers(data: bytearray, chance: random.Random) -> None:
    """The same anywhere in the file, and at its end."""
    for _ in range(chance.randint(1, 6)):
        where = chance.choice([chance.randrange(len(data)), max(0, len(data) - chance.randint(1, HEAD))])
        value = chance.choice(EDGES)
        data[where : where + len(value)] = value


def blank(data: bytearray, chance: random.Random) -> None:
    """A block reads as zeros, as a lost sector does."""
    where, size = chance.randrange(len(data)), chance.choice([512, 4096, 65_536])
    data[where : where + size] = bytes(len(data[where : where + size]))


MUTATIONS: tuple[Mutation, ...] = (flip_bits, swap_blocks, cut, insert, damage_head, damage_numbers, blank)


def mutated(data: bytes, chance: random.Random) -> tuple[bytes, str]:
    """The damaged bytes, never the given ones, and what was done to them."""
    while True:
        damaged, done = bytearray(data), []
        for mutation in chance.choices(MUTATIONS, k=chance.randint(1, 3)):
            if damaged:
                mutation(damaged, chance)
                done.append(mutation.__name__)
        if damaged != data:
            return bytes(damaged), f"{NOTE}: {', '.join(done)}"


def write_mutations(corpus: Path, folder: Path, *, count: int, seed: int, only: str = "") -> Path:
    """A corpus of `count` damaged files for each accepted one of another, with its manifest."""
    with (corpus / "manifest.csv").open(newline="", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["expected"] == "accept" and only in row["name"]]
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "manifest.csv").open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(["name", "wrong", "expected"])
        for row in rows:
            data = (corpus / row["name"]).read_bytes()
            stem, suffix = Path(row["name"]).stem, Path(row["name"]).suffix
            for number in range(count):
                damaged, done = mutated(data, random.Random(f"{seed}-{row['name']}-{number}"))
                name = f"{stem}~{number:03}{suffix}"
                (folder / name).write_bytes(damaged)
                table.writerow([name, done, "either"])
    return folder
