#pragma once
// The map of a training on a backbone: its images in the plane of two principal components of what the
// backbone makes of them, the classes' means, and what the head says in that plane with the weights as they
// are. Positions and thumbnails are made once; the rest is computed anew when the weights have changed and
// somebody looks. All of it is the host's, wherever the training runs: a head's weights are a few hundred
// kilobytes at most.

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "trainer/backbone/plane_head.h"
#include "trainer/seam/slot_writer.h"
#include "trainer/subjects/training.h"

namespace fl {

class MapWriter {
 public:
  // There is a map where the training has a backbone and its images differ. Of many training images the first
  // kMapImages of their shuffled order stand for all. `training` must outlive the writer.
  explicit MapWriter(Training& training);

  // As long as nobody looks, what the head says stays as it was; where nobody ever did, there is none: no
  // shade, and arrows without length.
  void look_at(bool looks) { looked_at_ = looks; }
  // Adds what the slot must hold.
  void add_to(FrameCapacity& capacity) const;
  // Fills the map's sections and FrameFacts::map. `image`: the one that is shown, or the guest; `pixels`: of
  // it, as Training::image_shape() says; `version` rises with every other image.
  void write(SlotWriter& writer, const FrameSlot& slot, Frame& frame, std::int32_t image,
             std::span<const float> pixels, std::uint64_t version);

 private:
  void place_images();
  void measure_classes();
  void frame_square();
  void look(std::int32_t image, std::span<const float> pixels);
  void judge();
  [[nodiscard]] std::array<double, 2> place_of(std::int32_t image);

  Training& training_;
  std::optional<PrincipalPlane> plane_;
  std::optional<PlaneHead> head_;
  std::vector<std::int32_t> images_;           // in the order of the map
  std::vector<std::array<double, 2>> places_;  // of images_
  MapFacts facts_;
  // As the slot has them.
  std::vector<MapImage> map_images_;
  std::vector<MapClass> map_classes_;
  std::vector<float> map_logits_;
  std::vector<std::uint32_t> map_pixels_;
  std::vector<float> features_, params_;  // kept for their memory
  bool looked_at_ = true;
  std::uint64_t shown_version_ = 0;
  std::uint64_t judged_generation_ = 0, judgements_ = 0;
  std::int64_t judged_step_ = -1;
};

}  // namespace fl
