// Reports, manifests, the headers of weights: what is read is written so that it reads the same again.
#include "tests/fuzz/harness.h"
#include "trainer/base/json.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using fl::fuzz::require;
  const auto json = fl::Json::parse(fl::fuzz::text_of(data, size));
  if (!json) return 0;
  const auto again = fl::Json::parse(json->line());
  require(again.has_value(), "what was written can be read");
  require(again->line() == json->line(), "reading and writing change nothing");
  require(fl::Json::parse(json->pretty()).has_value(), "what was written with line breaks can be read");
  return 0;
}
