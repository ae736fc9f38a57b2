"""Writes random answers with their truth, and the figures that scikit-learn makes of them, as JSON.

    pip install scikit-learn==1.9.1
    python job/src/test/python/evaluation_goldens.py > job/src/test/resources/evaluation/goldens.json
"""

import json

import numpy as np
from sklearn.calibration import calibration_curve
from sklearn.metrics import accuracy_score, confusion_matrix, precision_recall_fscore_support

BINS = 15


def case(rng, labels, rows, skill, sharpness):
    truths = rng.choice(labels, rows, p=rng.dirichlet(np.ones(labels)))
    logits = rng.normal(0, sharpness, (rows, labels))
    logits[np.arange(rows), truths] += skill * sharpness
    probabilities = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    answers = probabilities.argmax(axis=1)
    confidences = probabilities.max(axis=1)
    right = truths == answers
    everyone = list(range(labels))
    precision, recall, f1, support = precision_recall_fscore_support(
        truths, answers, labels=everyone, zero_division=0)
    accuracy_of_bins, confidence_of_bins = calibration_curve(right, confidences, n_bins=BINS)
    rows_of_bins = np.bincount(np.searchsorted(np.linspace(0, 1, BINS + 1)[1:-1], confidences), minlength=BINS)
    filled = rows_of_bins[rows_of_bins > 0]
    most_certain = np.argsort(-confidences, kind="stable")[: -(-rows // 4)]
    return {
        "labels": labels,
        "truths": truths.tolist(),
        "answers": answers.tolist(),
        "confidences": confidences.tolist(),
        "accuracy": accuracy_score(truths, answers),
        "accuracyOfMostCertainQuarter": float(right[most_certain].mean()),
        "precision": precision.tolist(),
        "recall": recall.tolist(),
        "f1": f1.tolist(),
        "support": support.tolist(),
        "matrix": confusion_matrix(truths, answers, labels=everyone).tolist(),
        "rowsOfBins": rows_of_bins.tolist(),
        "accuracyOfFilledBins": accuracy_of_bins.tolist(),
        "confidenceOfFilledBins": confidence_of_bins.tolist(),
        "expectedCalibrationError": float(
            np.average(np.abs(accuracy_of_bins - confidence_of_bins), weights=filled)),
    }


rng = np.random.default_rng(19)
cases = [
    case(rng, 2, 301, 0.5, 1.0),
    case(rng, 3, 250, 1.0, 6.0),
    case(rng, 7, 402, 1.5, 2.0),
    case(rng, 20, 503, 0.0, 0.3),
    case(rng, 5, 3, 1.0, 1.0),
    case(rng, 4, 1, 9.0, 3.0),
]
print(json.dumps(cases))
