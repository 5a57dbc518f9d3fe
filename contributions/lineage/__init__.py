"""Reading the graph of who built on whom.

Edges are Remix rows between published works, acyclic by constraint. `walks` follow all of them, for commands
and tasks; what a page draws (`around`, `branch`, `line`) is bounded, whatever the size of the family, and takes
its numbers from the Family rows. A work reached by several paths counts once. Links that their source's artist
asked to be hidden count for money and for `walks`, and are drawn nowhere.
"""

from contributions.lineage.around import Tree, TreeNode, tree
from contributions.lineage.branch import Branch, Leaf, remixes_of
from contributions.lineage.line import Onward, line_above, line_below
from contributions.lineage.walks import Relative, ancestors, descendants

__all__ = [
    "Branch",
    "Leaf",
    "Onward",
    "Relative",
    "Tree",
    "TreeNode",
    "ancestors",
    "descendants",
    "line_above",
    "line_below",
    "remixes_of",
    "tree",
]
