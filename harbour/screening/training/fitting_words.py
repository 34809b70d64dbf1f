"""Fits the model of words: one regularised logistic regression for each question."""

from collections.abc import Sequence

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from harbour.screening.heads import QUESTIONS, Floats, Heads
from harbour.screening.training.rows import Row, answers, weights
from harbour.screening.words import BUCKETS, tokens, windows
from harbour.screening.words_tier import Features

_STRICTNESS = 4.0
_SEED = 0


def fit_words(rows: Sequence[Row]) -> Heads:
    """Heads for these rows; the same rows in the same order make the same heads."""
    matrix, _ = _matrix([row.text for row in rows], whole=True)
    right, weight = answers(rows), weights(rows)
    fitted = np.zeros((2 * BUCKETS, QUESTIONS), dtype=np.float32)
    biases = np.zeros(QUESTIONS, dtype=np.float32)
    for question in range(QUESTIONS):
        wanted = right[:, question]
        if wanted.all() or not wanted.any():
            biases[question] = 10.0 if wanted.all() else -10.0
            continue
        model = LogisticRegression(C=_STRICTNESS, solver="liblinear", max_iter=300, random_state=_SEED)
        model.fit(matrix, wanted, sample_weight=weight)
        fitted[:, question], biases[question] = model.coef_[0], model.intercept_[0]
    return Heads.rounded(fitted, biases)


def said_by_words(heads: Heads, texts: Sequence[str]) -> Floats:
    """The logits for each text, the highest of all its stretches."""
    matrix, owners = _matrix(texts, whole=False)
    each = np.asarray(matrix @ heads.weights.astype(np.float32)) * heads.scales + heads.biases
    highest = np.full((len(texts), QUESTIONS), -np.inf, dtype=np.float32)
    np.maximum.at(highest, owners, each)
    return highest


def _matrix(texts: Sequence[str], *, whole: bool) -> tuple[csr_matrix, "np.ndarray[tuple[int], np.dtype[np.int64]]"]:
    """A row for each text, or for each stretch of it, and whose it is."""
    columns, values, ends, owners = [], [], [0], []
    for at, text in enumerate(texts):
        stretches = windows(tokens(text))
        for stretch in stretches[:1] if whole else stretches:
            features = Features.of(stretch)
            columns.append(features.rows)
            values.append(features.values)
            ends.append(ends[-1] + len(features.values))
            owners.append(at)
    shape = (len(owners), 2 * BUCKETS)
    content = (np.concatenate(values), np.concatenate(columns), np.array(ends))
    return csr_matrix(content, shape=shape), np.array(owners)
