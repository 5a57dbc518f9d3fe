"""The pictures of the demo, drawn by code: one file a hand, one function a work, (path) -> writes the file.

canvas.py      what all of them share: gradients, noise, grain, lettering, saving
engraver.py    Tomasz: pen strokes as data, so that a film can draw them one by one
riso.py        Hana: plates of ink that slip
horizon.py     Soledad: photographs and a cyanotype
plotter.py  charts.py     Jun: lines that follow a field
windows.py  sitters.py    Priya: people and buildings at night
paper.py       Ana: cut paper with its shadows
ferry.py       Leo: the ferry, and what the water does with her lights
herbarium.py  letterer.py     Alice: pages, letters, posters
lino.py        Charlie: one block, one ink
panes.py       the seventy-two small windows
"""
