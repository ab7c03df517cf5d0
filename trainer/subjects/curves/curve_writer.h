#pragma once
// The curves of a frame: what a training measured at its steps and epochs, and its earlier runs behind it. A
// history that is longer than the slot has room for is thinned evenly; itself it stays whole.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "trainer/seam/slot_writer.h"
#include "trainer/subjects/record/earlier_runs.h"
#include "trainer/subjects/training.h"

namespace fl {

class CurveWriter {
 public:
  // Epochs with an accuracy for each class that a slot holds.
  static constexpr std::size_t kMostClassPoints = 1024;
  static constexpr std::size_t kMostCurvatures = 1024;  // that a slot holds

  // `training` must outlive the writer.
  explicit CurveWriter(const Training& training) : training_(training) {}

  // Adds what the slot must hold.
  void add_to(FrameCapacity& capacity) const;
  // Null: there are none.
  void set_earlier(std::shared_ptr<const EarlierRuns> runs);
  [[nodiscard]] const std::shared_ptr<const EarlierRuns>& earlier() const { return earlier_; }
  // Fills the sections of the curves and what header and facts say of them.
  void write(SlotWriter& writer, const FrameSlot& slot, Frame& frame);
  // Whether curvature is measured just now.
  void set_measuring(bool measuring) { measuring_ = measuring; }

 private:
  void write_steps(SlotWriter& writer, const FrameSlot& slot, Frame& frame);
  void write_epochs(SlotWriter& writer, const FrameSlot& slot, Frame& frame);
  void write_classes(SlotWriter& writer, const FrameSlot& slot, Frame& frame);
  void write_curvatures(SlotWriter& writer, const FrameSlot& slot, Frame& frame);
  void write_earlier(SlotWriter& writer, const FrameSlot& slot, Frame& frame);
  void compare_earlier();

  const Training& training_;
  bool measuring_ = false;
  std::shared_ptr<const EarlierRuns> earlier_;
  std::vector<EpochPoint> earlier_points_;  // as the slot has them
  std::uint64_t earlier_version_ = 0;
  // In what each differs from the run as it was set when that was looked at last.
  std::vector<std::string> words_;
  double compared_rate_ = 0;
  OptimizerSpec compared_optimizer_;
  std::uint64_t compared_seed_ = 0;
  // Kept for their memory.
  std::vector<EpochPoint> epochs_;
  std::vector<float> rates_, classes_;
  std::vector<CurvaturePoint> curvatures_;
};

}  // namespace fl
