"""The sounds of the demo, synthesised with numpy: no sample is borrowed.

dsp.py          arrays of sound: filters, envelopes, reverb, mixing
instruments.py  piano, accordion, brass, strings, electric piano: one note each
score.py        the tune and the chords that several works share
waltz.py  songs.py  places.py  voices.py     one function a work: (path) -> writes the file
"""
