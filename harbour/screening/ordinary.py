"""What is said all evening long and means no more than it says: greetings, partings, thanks, the shortest answers.

The models learnt from messages that tell something, and read too much into a bare "bye". A message that is made of
nothing but such phrases is not put to them. The rules judge it all the same, and so does the context: an answer to a
question about safety, a goodbye after a worry.
"""

import re

_PHRASES = """
hello|hi|hey|hiya|yo|ello|alright|morning|evening|good morning|good evening|hi everyone im new|im new
first time here|nice to meet you|im here|im back|back|here|sorry im late|im late|who is here|whos here
anyone here|hows everyone|how are you|bye|bye bye|byee|goodbye|cya|see ya|see you|see u|see you all|see u all
laters|later|gtg|g2g|ttyl|take care|talk soon|night|night night|nighty night|nite|goodnight|good night|gn
sleep well|sweet dreams|off to bed|gotta go|got to go|leaving now|im off|off now|bye for now|see you then
see you there|next week|next time|next tuesday|next thursday|tomorrow|same time next week|last session
last session today|last week|last week already|last one next week|cant believe its the last week|thanks
thank you|thx|ty|ta|cheers|thanks for tonight|thank you for tonight|thanks for listening|that was nice
that helped|this was good|had a nice time|well done|nice one|good luck|happy birthday|have a good weekend
have a nice week|no worries|np|ok|okay|k|kk|yes|yeah|yep|ye|yh|no|nope|nah|maybe|dunno|dont know|i dont know|idk
not sure|not much|nothing much|not really|i dont mind|dont mind|whatever|fair enough|fair|true|same|same here
me too|agree|exactly|good point|sounds good|sounds fun|cool|great|perfect|nice|good|bad|meh|wow|omg|aww|oh|ah
hmm|erm|um|lol|haha|hahaha|lmao|ikr|yay|pass|skip me|come back to me|your turn|my turn|you go|you first|next|brb
back in a min|one sec|2 mins|two mins|tired|just tired|bored|hungry|please|x|xx|xxx|and|all|everyone|everybody
guys|you|so|much|very|again|too|just|a bit|really
"""
PHRASES = frozenset(phrase for line in _PHRASES.split("\n") for phrase in line.split("|") if phrase)
_FILLERS = frozenset({"and", "all", "you", "so", "much", "very", "again", "too", "just", "a bit", "really"})
_WORD = re.compile(r"[a-z0-9]+")
_MOST_WORDS = 12
_LONGEST = max(len(phrase.split()) for phrase in PHRASES)


def is_ordinary(text: str) -> bool:
    """Whether this is made of such phrases alone, with at least one that can stand alone."""
    words = _WORD.findall(text.casefold().replace("'", "").replace("’", ""))
    if not 0 < len(words) <= _MOST_WORDS:
        return False
    said, at = set[str](), 0
    while at < len(words):
        tried = (" ".join(words[at : at + length]) for length in range(_LONGEST, 0, -1))
        found = next((phrase for phrase in tried if phrase in PHRASES), None)
        if found is None:
            return False
        said.add(found)
        at += len(found.split())
    return not said <= _FILLERS
