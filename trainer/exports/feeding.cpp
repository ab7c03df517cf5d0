#include "trainer/exports/feeding.h"

namespace fl {

Json feeding_of(const LeavingModel& model, const SelfCheck& check, std::string_view values,
                std::string_view image) {
  Json::Array inside;
  const TensorShape in = model.network.input;
  if (!model.shrinking.none())
    inside.emplace_back(
        fmt::format("shrinks the image to {} x {} pixels by area average", in.width, in.height));
  if (in.channels == 1) inside.emplace_back("takes the luminance, 0.299 R + 0.587 G + 0.114 B");
  inside.emplace_back("scales the values as the network's training images were");
  Json::Object feeding{{"side", model.side},
                       {"colours", "RGB"},
                       {"values", std::string(values)},
                       {"before",
                        "the centre square of the image, shrunk to this side by area average, or enlarged by "
                        "bilinear interpolation"},
                       {"inside", std::move(inside)}};
  if (const auto& painting = model.painting)
    feeding.push_back(
        {"paint",
         Json::Object{
             {"what", "before it is shrunk: grey values within this range of Hounsfield units are red"},
             {"window", Json::Array{painting->window.level, painting->window.width}},
             {"range", Json::Array{painting->range.low, painting->range.high}}}});
  feeding.push_back({"selfCheck", Json::Object{{"image", std::string(image)},
                                               {"probabilities", Json::list(check.probabilities)},
                                               {"tolerance", kSelfCheckTolerance}}});
  return feeding;
}

}  // namespace fl
