"""Plain English for everything the service says: acts, marks, refusals, whose move it is, dates, messages.

The rules, in plain English:

1. Say what is so, then what you can do next. Say "you". One idea a sentence. Blame nobody.
2. A date of ours is never shown as the procedure's. Where the text gives no limit, the page says so.
3. Messages carry a reference, what, by when and a link. No name of a person, an agency, a post or a child.
4. Names come from data: a procedure's own headings and titles, and what a partnership calls its agencies. A name that
   is not known is shown as its key, because a missing name must not hide an act.

Every function is pure and gives text, never HTML. Moments come in UTC and are said in London time. Import from here;
the modules inside only keep like with like.
"""

from commonground.wording.acts import (
    ActWords,
    sentences_of_act,
    timeline,
    title_of_act,
    words_of_act,
    words_of_effect,
)
from commonground.wording.asks import label_of_ask
from commonground.wording.dates import bare, clock_time, day, day_or_moment, moment, on_or_at, span_in_words
from commonground.wording.labels import (
    DANGER,
    audience_before_box,
    words_of_answer,
    words_of_audience,
    words_of_because,
    words_of_ending_kind,
    words_of_how,
    words_of_medium,
    words_of_phase,
    words_of_side,
    words_of_start,
)
from commonground.wording.limits import (
    by_when,
    is_ours,
    limit_at,
    limit_name,
    words_of_rule,
    working_in_words,
)
from commonground.wording.marks import MarkWords, words_of_mark
from commonground.wording.meetings import words_of_meets, words_of_round
from commonground.wording.messages import Message, message_instead, message_of, words_of_tell
from commonground.wording.moves import MoveWords, if_silent, whose_move_in_words, words_of_what
from commonground.wording.names import Names, names_for, stage_at
from commonground.wording.refusals import RefusalWords, words_of_refusal

__all__ = [
    "DANGER",
    "ActWords",
    "MarkWords",
    "Message",
    "MoveWords",
    "Names",
    "RefusalWords",
    "audience_before_box",
    "bare",
    "by_when",
    "clock_time",
    "day",
    "day_or_moment",
    "if_silent",
    "is_ours",
    "label_of_ask",
    "limit_at",
    "limit_name",
    "message_instead",
    "message_of",
    "moment",
    "names_for",
    "on_or_at",
    "sentences_of_act",
    "span_in_words",
    "stage_at",
    "timeline",
    "title_of_act",
    "whose_move_in_words",
    "words_of_act",
    "words_of_answer",
    "words_of_audience",
    "words_of_because",
    "words_of_effect",
    "words_of_ending_kind",
    "words_of_how",
    "words_of_mark",
    "words_of_medium",
    "words_of_meets",
    "words_of_phase",
    "words_of_refusal",
    "words_of_round",
    "words_of_rule",
    "words_of_side",
    "words_of_start",
    "words_of_tell",
    "words_of_what",
    "working_in_words",
]
