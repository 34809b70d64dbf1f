"""An answer inherits the subject of its question: "no" after "are you safe tonight?" is read as "im not safe tonight".

The question is turned into what its answer says, in the first person, and the rules are held against that, so what is
asked about is known as what is told is. The models were never shown such words and are not asked. Pure, like the rules.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import islice

from harbour.contracts.chat import Speaker
from harbour.contracts.concerns import Reason, Urgency
from harbour.screening import Finding
from services.safeguard.model import Line

Judge = Callable[[str], Finding | None]

THREAD = 8
"""How many lines of the room before an answer may hold its question."""
PATIENCE = timedelta(minutes=4)
"""How long after a question an answer is one."""
_LONGEST = 80
"""Characters; what is longer speaks for itself."""
_QUESTIONS = 2
"""How many lines that ask something are tried for one answer."""
_CLAUSES = 2
"""How many questions of one line are."""

_YES = (
    "yes|once|twice|yeah|yea|yeh|ye|yh|yep|yup|yuh|aye|ya|mhm|mm|a bit|a little|bit|abit|kinda|kind of|sort of|sorta|"
    "sometimes|i guess|guess so|i think so|think so|probably|prob|prolly|lowkey|a lot|alot|"
    "often|always|every day|everyday|"
    "most days|most nights|i did|i have|i do|i am|i was|i might|might|all the time|loads|lots|a few|some|"
    "last night|tonight|today|earlier|yesterday|just now|this morning|right now|"
    "on \\w+day|\\w+ (?:minutes|hours|days) ago"
)
_NO = (
    "no|nah|nope|naw|nop|not really|not rly|not at all|not|never|dont think so|i dont think so|i dont|i cant|i havent|"
    "im not|i didnt|no way|none|nothing"
)
_UNSURE = "idk|dunno|i dont know|dont know|not sure|im not sure|maybe|i cant say|cant say|unsure|who knows|hard to say"
_OPENING = re.compile(
    rf"^(?:(?:um+|uh+|well|so|tbh|honestly|like|erm+|ok) )*(?:(?P<unsure>{_UNSURE})|(?P<no>{_NO})|(?P<yes>{_YES}))\b"
)
_CLAUSE = re.compile(
    r"\b(?P<verb>are|r|do|did|have|has|is|was|were|can|could|will|would|does)(?P<nt> ?n ?t)? "
    r"(?P<who>you|u|ya|ye|he|she|they|it|anyone|anybody|someone|somebody|any1|some1|(?:your|ur) \w+) "
    r"(?P<rest>[^?.!\n]{2,100})"
)
_SAFE = re.compile(r"(?:^|[.!,] )(?P<who>you|u) (?P<rest>safe\b[^?.!\n]{0,60})")
_SHORT = re.compile(r"(?:^|[.!?,] )(?:still )?(?P<what>feeling|thinking|having|any) (?P<rest>[^?.!\n]{3,80})\?")
_FIRST = {
    "you": "i", "u": "i", "ya": "i", "ye": "i", "your": "my", "ur": "my", "yourself": "myself", "urself": "myself",
    "anything": "something",
}  # fmt: skip
_AS_OBJECT = {**_FIRST, "you": "me", "u": "me", "ya": "me", "ye": "me"}
_ANYONE = {"anyone": "someone", "anybody": "someone", "somebody": "someone", "any1": "someone", "some1": "someone"}
_DID = {
    "take": "took", "do": "did", "eat": "ate", "try": "tried", "want": "wanted", "think": "thought", "drink": "drank",
    "burn": "burnt", "swallow": "swallowed", "harm": "harmed", "overdose": "overdosed", "relapse": "relapsed",
    "have": "had", "make": "made", "touch": "touched", "scratch": "scratched", "tell": "told", "feel": "felt",
}  # fmt: skip


def may_answer(line: Line) -> bool:
    """Whether a message is short and opens like an answer; only then the room before it is looked at."""
    return len(line.text) <= _LONGEST and _OPENING.match(_plainly(line.text)) is not None


def inherited(line: Line, thread: Sequence[Line], judge: Judge) -> Finding | None:
    """What an answer says of the subject of its question; the worst of the last questions put to its author."""
    found = [one for question in _asked(line, thread) for one in _answered(question.text, line.text, judge)]
    worst = max(found, key=lambda one: one.urgency.rank, default=None)
    return worst and _as_answer(worst, len(line.text))


def _answered(question: str, answer: str, judge: Judge) -> Iterator[Finding]:
    """What comes up when each question is taken as answered: a no to harm denies it, not knowing does not."""
    opening = _OPENING.match(said := _plainly(answer))
    if opening is None:
        return
    rest = said[opening.end() :].strip()
    for yes, no in islice(statements(question), _CLAUSES):
        worrying = _worrying(judge(f"{yes} {rest}".strip()))
        if worrying is not None and not opening["no"]:
            yield worrying
        if worrying is None and not opening["yes"] and (denied := _worrying(judge(f"{no} {rest}".strip()))):
            yield denied


def _worrying(finding: Finding | None) -> Finding | None:
    return finding if finding is not None and finding.urgency is not Urgency.LOW else None


def _asked(line: Line, thread: Sequence[Line]) -> Iterator[Line]:
    """The last questions of others that this line may answer, the newest first."""
    names = {one.nickname.casefold() for one in thread if one.member_id != line.member_id and one.nickname}
    tried = 0
    for one in reversed(thread):
        if one.member_id == line.member_id or line.at - one.at > PATIENCE or tried == _QUESTIONS:
            continue
        if _is_private(one) and not line.held:
            continue
        if next(statements(one.text), None) is None:
            continue
        tried += 1
        words = one.text.casefold()
        if not any(re.search(rf"\b{re.escape(name)}\b", words) for name in names - {line.nickname.casefold()}):
            yield one


def _is_private(line: Line) -> bool:
    """Whether peers never saw it: an adult's word to one young person."""
    return line.held and line.speaker == Speaker.FACILITATOR


def statements(question: str) -> Iterator[tuple[str, str]]:
    """What yes, and what no, says to each question that is asked, whole and in the first person."""
    words = _plainly(question)
    for clause in (*_CLAUSE.finditer(words), *_SAFE.finditer(words)):
        parts = clause.groupdict()
        verb, rest = parts.get("verb") or "are", parts["rest"].strip()
        yield _told(verb, parts["who"], rest, yes=True), _told(verb, parts["who"], rest, yes=False)
    for clause in _SHORT.finditer(words):
        rest = _turned(clause["rest"].strip(), _FIRST)
        yes, no = (
            ("i have", "i have no") if clause["what"] == "any" else (f"im {clause['what']}", f"im not {clause['what']}")
        )
        yield f"{yes} {rest}", f"{no} {rest}"


def _told(verb: str, who: str, rest: str, *, yes: bool) -> str:
    """What a yes or a no to this question says."""
    verb = {"r": "are"}.get(verb, verb)
    if who not in _FIRST:
        return _told_of_another(verb, _ANYONE.get(who, _turned(who, _FIRST)), _turned(rest, _AS_OBJECT), yes=yes)
    rest = _turned(rest, _FIRST)
    if not yes:
        denied = {
            "are": "im not",
            "do": "i dont",
            "did": "i didnt",
            "have": "i havent",
            "was": "i wasnt",
            "were": "i wasnt",
        }
        return f"{denied.get(verb) or f'i {verb}nt'.replace('cannt', 'cant').replace('willnt', 'wont')} {rest}"
    first, _, after = rest.partition(" ")
    affirmed = {"are": "im", "do": "i", "did": "i", "have": "ive", "was": "i was", "were": "i was"}
    return f"{affirmed.get(verb, f'i {verb}')} {_DID.get(first, first) if verb == 'did' else first} {after}".strip()


def _told_of_another(verb: str, who: str, rest: str, *, yes: bool) -> str:
    if not yes:
        return f"{who} {verb} not {rest}"
    first, _, after = rest.partition(" ")
    if verb == "does":
        return f"{who} {first}s {after}".strip()
    return f"{who} {_DID.get(first, first)} {after}".strip() if verb == "did" else f"{who} {verb} {rest}"


def _turned(words: str, pronouns: dict[str, str]) -> str:
    return " ".join(pronouns.get(word, word) for word in words.split())


def _as_answer(finding: Finding, size: int) -> Finding:
    """The finding as one reason, which says that it was an answer and points at the whole of it."""
    worst = finding.reasons[0]
    reason = Reason(
        rule="context.answer",
        category=worst.category,
        urgency=worst.urgency,
        why=f"Said in answer to a question. {worst.why}",
        tier="context",
        spans=((0, size),),
    )
    return replace(finding, urgency=worst.urgency, categories=(worst.category,), reasons=(reason,))


def _plainly(text: str) -> str:
    """Small letters, without apostrophes and most marks; letters repeated are one or two."""
    text = re.sub(r"(.)\1{2,}", r"\1", text.casefold().replace("’", "'").replace("'", ""))
    return " ".join(re.sub(r"[^\w?.!, ]+", " ", text).split())
