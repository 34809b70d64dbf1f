"""Negation, the past, quotation and idiom are no cry for help; a third person, a joke that is meant and a "but" are."""

import pytest

from harbour.contracts.concerns import Urgency
from harbour.screening import judge_by_rules

HARMLESS = {
    "denied": [
        "i dont want to die",
        "i never want to hurt myself again",
        "im not going to kill myself",
        "im not suicidal",
        "i havent cut in a year",
        "i didnt take any pills",
        "he never hits me",
        "nobody hurts me at home",
        "i stopped making myself sick",
        "ive never wanted to hurt myself",
    ],
    "long ago": [
        "i used to want to die but not now",
        "i used to cut when i was 12",
        "years ago i wanted to end it",
        "two years ago i took an overdose and im glad i lived",
        "when i was 11 my mum was ill and i was so sad",
    ],
    "quoted or made up": [
        'she said "i want to die" in the play',
        "the song goes i wanna die and its so good",
        "the character in my book kills herself",
        "we watched a film where he takes an overdose",
    ],
    "an idiom": [
        "i could die of embarrassment",
        "this bus is killing me",
        "i'd kill for a bacon roll",
        "dying of laughter",
        "im dead haha",
        "break a leg tonight",
        "you killed that solo",
        "bored to death",
        "over my dead body am i eating that",
        "cut it out you two lol",
        "cut to the chase",
        "i nearly died when she said that lol",
        "my cousin is dying to meet you",
        "if i dont get this grade my mum will kill me",
        "dad will murder me for this",
        "i could murder a pizza",
        "kms this queue is so long lol",
        "that test killed me",
        "took two paracetamol for my head",
        "got locked out again forgot my key",
        "im coming up the stairs now open the door",
    ],
}
GRAVE = {
    "somebody else": [
        "my friend wants to die",
        "my brother took an overdose last night",
        "my sister keeps cutting herself",
        "a girl in my class said shes going to kill herself",
        "my mate says he doesnt want to be here anymore",
    ],
    "a joke that is meant": ["i want to die and im not joking", "i want to die lol but seriously"],
    "denied and not denied": [
        "i dont not want to die",
        "its not that i dont want to die",
        "i dont want to die but i dont want to be alive either",
        "never felt this bad, i want to die",
        "not gonna lie i want to kill myself",
    ],
    "not so long ago": [
        "i wanted to die last night",
        "last week i tried to kill myself",
        "yesterday i took an overdose and nobody knows",
        "i tried to kill myself when i was 12 and i still want to",
        "for 2 years ive wanted to die",
        "im in year 9 and i want to die",
    ],
    "in spite of what is said": [
        "i keep telling people im fine but i want to die",
        "mum says im attention seeking but i really want to kill myself",
        "people say it gets better but i want to end it",
        "he says he loves me but he hits me",
        "i said id never cut again but i did last night",
    ],
}


@pytest.mark.parametrize(("how", "text"), [(how, text) for how, texts in HARMLESS.items() for text in texts])
def test_what_is_no_cry_for_help_is_low_or_nothing(how: str, text: str) -> None:
    finding = judge_by_rules(text)
    assert finding is None or finding.urgency is Urgency.LOW, how


@pytest.mark.parametrize(("how", "text"), [(how, text) for how, texts in GRAVE.items() for text in texts])
def test_what_is_one_is_high_or_immediate_however_it_is_put(how: str, text: str) -> None:
    finding = judge_by_rules(text)
    assert finding is not None, how
    assert finding.urgency.rank >= (Urgency.MEDIUM if "sister" in text else Urgency.HIGH).rank
