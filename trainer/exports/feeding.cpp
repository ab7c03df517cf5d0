#include "trainer/exports/feeding.h"

namespace fl {
namespace {

std::optional<std::array<double, 2>> pair_in(const Json* list) {
  if (list == nullptr || list->array() == nullptr || list->array()->size() != 2) return {};
  const auto first = (*list)[0].number(), second = (*list)[1].number();
  if (!first || !second) return {};
  return std::array{*first, *second};
}

}  // namespace

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
  if (const auto& look = model.look) {
    feeding.push_back({"window", Json::Array{look->window.level, look->window.width}});
    if (look->painted)
      feeding.push_back(
          {"paint", Json::Object{{"what",
                                  "before the image is shrunk, grey values within this range of "
                                  "Hounsfield units become red"},
                                 {"range", Json::Array{look->painted->low, look->painted->high}}}});
  }
  feeding.push_back({"selfCheck", Json::Object{{"image", std::string(image)},
                                               {"probabilities", Json::list(check.probabilities)},
                                               {"tolerance", kSelfCheckTolerance}}});
  return feeding;
}

std::optional<SliceLook> look_in(const Json& metadata) {
  const Json* own = metadata.find("userMetadata");
  if (own != nullptr) own = own->find("fallline");
  if (own == nullptr) return {};
  const auto window = pair_in(own->find("window"));
  if (!window) return {};
  SliceLook look{{(*window)[0], (*window)[1]}};
  if (const Json* paint = own->find("paint"))
    if (const auto range = pair_in(paint->find("range"))) look.painted = HuRange{(*range)[0], (*range)[1]};
  return look;
}

}  // namespace fl
