"""The demo community: who they are, what they made, and the story that joins them.

Everything here is original and drawn, played, filmed or written by code from a seed; nothing is downloaded.
The modules hold data and makers only. They know no database; the story that is told with them
goes through the apps' own actions.

    cast.py     the seventeen people one gets to know; crew.py: the seventy who sent a window
    works/      what they made: one `Work` each, listed after its sources
    world/      challenges, projects, cuts, rounds, money and talk, as plain data
    art/ sound/ film/ texts/   the makers behind `Work.make(path)`
    studio.py   makes any number of works on all cores
"""
