"""The films of the demo: layers of the pictures in `art`, moved, and the sounds of `sound` below them.

A scene is a function of a moment (seconds) that paints one frame; a film pipes its frames to ffmpeg as they come.
The released film is cut from the very scenes of the shots it credits.

    stage.py    the frame, easing, film grain, running a scene
    ferry.py road.py beam.py letter.py titles.py    one shot each
    cut.py      The Night Ferry
"""
