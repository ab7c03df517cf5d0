#pragma once
// A data set in the making: images come one by one, or by several threads at once, and it keeps what is asked
// for of each. What it says of them, it says at the end.

#include <span>
#include <string>
#include <vector>

#include "trainer/data/dataset.h"
#include "trainer/data/images/image_remarks.h"

namespace fl {

// Dataset::colour of a set of so many channels. `coloured`: the image that called for colour where nobody had
// decided.
std::string colour_note(const DataSpec& asked, int channels, const std::string& coloured);

// No later image may be broken. While nobody has decided between grey and colour, they are grey, up to the
// first that is coloured. What they would be in colour is kept beside them where that is not much: then the
// first coloured one turns all of them into it. Else they have to be read again.
class DatasetBuilder {
 public:
  DatasetBuilder(const DataSpec& spec, std::vector<std::string> classes, const LoadOptions& options);

  // The image that calls for colour; empty where there is none so far.
  [[nodiscard]] const std::string& coloured() const { return coloured_; }
  // Whether all have to be read again, in colour. No other may be added then.
  [[nodiscard]] bool must_start_again() const { return undecided_ && !coloured_.empty(); }
  [[nodiscard]] int channels() const { return spec_.channels; }
  [[nodiscard]] std::size_t size() const { return data_.size(); }
  // What there is to say at the end, so far: grows with every image that is left out or remarked on.
  [[nodiscard]] int words() const { return data_.skipped + remarks_.total(); }

  // Takes the memory for `images` at once. `slice_side`: of their Hounsfield units; 0: they have none.
  // Errors: more than the bound.
  Result<void> reserve(std::size_t images, int slice_side = 0);

  void add_blank(int class_index);
  // A blank one becomes that slice. Several threads may fill different images at once.
  void fill(std::size_t index, std::string name, const HuView& slice);
  // Of how many images the pixels are kept, so that as many may be blank at a time. Where they are digested,
  // digest_filled() does that with those filled since the last call.
  [[nodiscard]] std::size_t window() const;
  void digest_filled();

  // Adds an image file, or counts it as skipped. `name` is what reports call it.
  void add_encoded(int class_index, const std::string& name, std::span<const std::byte> bytes);
  void skip(const Error& why);
  // Says at the end what add_encoded would, and adds nothing.
  void look_at(const std::string& name, std::span<const std::byte> bytes);

  // `colour`: as Dataset says it. The builder is spent.
  Dataset finish(std::string colour);

 private:
  [[nodiscard]] std::span<float> pixels_of(std::size_t index);
  void turn_to_colour();

  DataSpec spec_;
  LoadOptions options_;
  bool undecided_, keeps_colour_ = false;
  std::vector<float> in_colour_;  // as Dataset::pixels; empty where it is not kept
  std::vector<float> window_;     // pixels of images that are not digested yet: the last ones
  std::size_t digested_ = 0;      // images
  std::string coloured_;
  std::vector<Error> skipped_;
  ImageRemarks remarks_;
  Dataset data_;
};

}  // namespace fl
