"""How do people come in: the one HTTP door, its pages and its live sockets; bytes into wishes, events into bytes?

Owns: nothing
Hears: nothing
Answers: nothing
Says: nothing
"""
