#pragma once
// A head on a backbone whose numbers come from several of its layers and are standardised, as one network of
// plain layers: formats that others read have neither.

#include "trainer/backbone/tfjs/tm_export.h"
#include "trainer/data/standardise.h"

namespace fl {

// The head, reading the numbers as the backbone gives them: its first layer, which is dense, does what the
// standardisation did, and has a bias. Precondition: a number's mean and inverse deviation for each of its
// inputs, or none at all; then it stays as it is.
KnownNetwork on_plain_features(KnownNetwork head, const Standardisation& standardisation);

// The backbone with frozen layers behind its outputs, which standardise them: as a batch norm would whose
// running statistics are 0 and 1, so that all there is to know lies in its scale and shift. Precondition: a
// number's mean and inverse deviation for each of the outputs' channels, which are 1 x 1.
KnownNetwork with_standardised_outputs(const KnownNetwork& backbone, const Standardisation& standardisation);

// Backbone and head in one. Where the backbone has several outputs, the head's first layer becomes a dense
// layer on each of them, and their sum. A layer of the head that is called as one of the backbone's
// gets another name. Precondition: the head is layers that each read the one before, the first of them dense.
KnownNetwork head_on_outputs(const KnownNetwork& backbone, const KnownNetwork& head);

}  // namespace fl
