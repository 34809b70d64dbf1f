"""What simulated people say where nobody gave them texts: invented, everyday, with no detail that could harm."""

EVERYDAY = (
    "hi everyone",
    "hello, how was your week?",
    "mine was alright, a bit long",
    "we had a maths test today and it went okay I think",
    "my cat fell asleep on my homework",
    "it's raining so hard here",
    "I made pancakes on sunday",
    "does anybody else find mondays slow",
    "I like how quiet it is in here",
    "I went for a walk after school",
    "my brother keeps playing the same song",
    "that sounds nice",
    "same here",
    "thanks for saying that",
    "I'm reading a book about whales",
    "we're getting a new teacher next week",
    "I drew something yesterday, first time in ages",
    "not much to say today but I'm listening",
    "what music do you all like?",
    "mostly old stuff my mum plays",
    "I tried the breathing thing from last time",
    "it helped a little",
    "I'm having tea and toast",
    "the bus was late again",
    "my friend made me laugh today",
    "I'm a bit tired but okay",
    "that's a good idea, I might try it",
    "can we do the list of small things again?",
    "one okay thing: the sun came out at lunch",
    "I planted some beans on the window sill",
    "we won our match, only just",
    "see you all next week",
)

WORRYING = (
    "i dont want to be here any more",
    "i want to die",
    "i feel like everyone would be better off without me",
    "i cant stop thinking about ending my life",
    "i really want to hurt myself tonight",
    "i hurt myself again yesterday",
)
"""Vague on purpose: how somebody feels, and never how anything is done."""

CONTACTS = (
    "you can text me on 07700 900118 if you like",
    "my number is 07700 900342",
    "write to me at friend@example.org",
    "add me, I'm on robin.reads@example.org",
)
"""Ways to reach somebody that reach nobody: numbers and addresses set aside for examples."""

NAMES = ("Alder", "Birch", "Cedar", "Dune", "Ember", "Fern", "Gale", "Heron")
"""Nicknames of one course, which has eight seats."""
