#pragma once
// The network of a run whose backbone is not all frozen: the layers above the cut, what standardises their
// outputs, and the head, in one.

#include <cstdint>
#include <span>
#include <vector>

#include "trainer/backbone/tfjs/tm_export.h"
#include "trainer/compute/backend.h"
#include "trainer/data/standardise.h"
#include "trainer/subjects/run_spec.h"

namespace fl {

class Unfrozen {
 public:
  // `above`: CutBackbone::above. `standardisation`: of its outputs, where [data] wants them standardised; the
  // network's layers are the same whatever it is.
  Unfrozen(const RunSpec& spec, KnownNetwork above, const Standardisation& standardisation, int classes);

  [[nodiscard]] const NetSpec& network() const { return network_; }
  // The network's parameters as training begins: of the backbone those of its file, of the head `head`, or
  // drawn as `spec` says where that is empty, to the same numbers as on a frozen backbone. Error: as
  // initialise().
  [[nodiscard]] Result<std::vector<float>> start(const RunSpec& spec, std::uint64_t seed,
                                                 std::span<const float> head) const;

 private:
  KnownNetwork above_;  // with what standardises
  NetSpec head_, network_;
};

// Of the outputs of `above`, over the images of `data` named in `train`. Errors: those of Backend::compile.
Result<Standardisation> measure_outputs(const KnownNetwork& above, const Dataset& data,
                                        std::span<const std::int32_t> train, Backend& backend);

// Before anything was measured: leaves `numbers` as they are.
Standardisation no_standardisation(int numbers);

}  // namespace fl
