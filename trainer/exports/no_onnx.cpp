#include "trainer/exports/onnx_file.h"

namespace fl {

Result<std::vector<std::byte>> onnx_file_of(const LeavingModel&, const SelfCheck&, const std::string& name) {
  return error(
      "This Fall Line was built without ONNX, so it cannot write {}; install libonnx-dev and libprotobuf-dev "
      "and build "
      "it again, or export to a name that ends in .zip.",
      name);
}

}  // namespace fl
