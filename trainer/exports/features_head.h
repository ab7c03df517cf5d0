#pragma once
// A head on a backbone whose numbers come from several of its layers and are standardised, as one network of
// plain layers: formats that others read have neither.

#include "trainer/backbone/tm_export.h"
#include "trainer/data/standardise.h"

namespace fl {

// The head, reading the numbers as the backbone gives them: its first layer, which is dense, does what the
// standardisation did, and has a bias. Precondition: a number's mean and inverse deviation for each of its
// inputs, or none at all; then it stays as it is.
KnownNetwork on_plain_features(KnownNetwork head, const Standardisation& standardisation);

// Backbone and head in one. Where the backbone has several outputs, the head's first layer becomes a dense
// layer on each of them, and their sum. Preconditions: the head is layers that each read the one before, the
// first of them dense; the names of both are different.
KnownNetwork head_on_outputs(const KnownNetwork& backbone, const KnownNetwork& head);

}  // namespace fl
