#include "trainer/landscape/plane_choice.h"

#include <charconv>

namespace fl {
namespace {

struct MomentName {
  PathMoment::Kind kind;
  const char* name;
};
constexpr MomentName kMoments[] = {{PathMoment::Kind::kStart, "start"},
                                   {PathMoment::Kind::kMiddle, "middle"},
                                   {PathMoment::Kind::kNow, "now"}};

}  // namespace

std::string moment_text(const PathMoment& moment) {
  for (const auto& [kind, name] : kMoments)
    if (kind == moment.kind) return name;
  return std::to_string(moment.step);
}

std::optional<PathMoment> moment_of(std::string_view text) {
  for (const auto& [kind, name] : kMoments)
    if (text == name) return PathMoment{kind, 0};
  std::int64_t step = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), step);
  if (code != std::errc{} || end != text.data() + text.size() || step < 0) return std::nullopt;
  return PathMoment{PathMoment::Kind::kStep, step};
}

std::span<const ChoiceName<DirectionKind>> plane_directions() {
  static constexpr ChoiceName<DirectionKind> kAll[] = {
      {DirectionKind::kPca, "pca", "Path's components",
       "The two principal components of the path, in which most of its way lies."},
      {DirectionKind::kRandom, "random", "Random",
       "Two random directions, each filter scaled to the network's own (Li et al. 2018)."},
      {DirectionKind::kThreePoints, "three-points", "Three points",
       "Three moments of the path lie on it exactly."},
      {DirectionKind::kOsculating, "osculating", "Last steps",
       "The last two updates span it, so the last three iterates lie on it exactly."},
      {DirectionKind::kCurvature, "curvature", "Curvature",
       "Along one axis the loss bends up the most, along the other it bends down the most: where there is a "
       "saddle, it is seen here."}};
  return kAll;
}

std::span<const ChoiceName<PlaneAnchor>> plane_anchors() {
  static constexpr ChoiceName<PlaneAnchor> kAll[] = {
      {PlaneAnchor::kNow, "now", "Now",
       "Through the weights as they are, and anew each time the path has grown by half."},
      {PlaneAnchor::kFollow, "follow", "Follow",
       "Through the weights as they are, and anew as soon as its surface is there."},
      {PlaneAnchor::kStart, "start", "Start", "Through the starting weights."}};
  return kAll;
}

std::span<const ChoiceName<SurfaceSets>> surface_sets() {
  static constexpr ChoiceName<SurfaceSets> kAll[] = {
      {SurfaceSets::kTrain, "train", "Training", "The loss over training images, which training lowers."},
      {SurfaceSets::kTest, "test", "Test", "The loss over test images, which training never sees."},
      {SurfaceSets::kBoth, "both", "Both", "The test set's as glass over that of the training set."}};
  return kAll;
}

std::string plane_text(const PlaneChoice& choice) {
  std::string text = choice_name(plane_directions(), choice.directions);
  if (choice.directions == DirectionKind::kThreePoints)
    for (const PathMoment& moment : choice.points) text.append(" ").append(moment_text(moment));
  if (choice.anchor != PlaneAnchor::kNow)
    text.append(", anchor ").append(choice_name(plane_anchors(), choice.anchor));
  return text;
}

}  // namespace fl
