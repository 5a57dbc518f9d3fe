"""What the community does with its works: challenges, projects, cuts, a round, money and talk, as plain data.

The order in which it happened, which is also the order in which a story should act it out:

    1. the letter chain and its branches are published           works.letter, works.branches
    2. three challenges open; people answer                      world.challenges
    3. The Night Ferry is pitched, green-lit, cut and released   world.projects, world.cuts
    4. its first period earns, is stated, accepted and paid      world.periods.PAID
    5. the waltz comes out on seven-inch; the episode's windows arrive
    6. the second period is stated; people talk about it         world.periods.DRAFT, world.talk
    7. a green-light round opens for what is made next           world.rounds

Moments are whole days relative to the day of the set-up: negative is past.
"""
