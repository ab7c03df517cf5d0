#pragma once
// A picture of the stage, larger than the window, while the training goes on: drawn on a thread of its own by
// a device of its own, so that the window's pictures do not wait for it. What the frame's slot holds is
// copied once, in the submission of a picture of the window.

#include <filesystem>
#include <future>
#include <optional>
#include <string>
#include <vector>

#include "engine/app/studio/studio.h"
#include "engine/vk/buffer.h"

namespace fl {

struct StillWish {
  std::filesystem::path path;  // of the PNG
  VkExtent2D extent{};
  int supersampling = 1;
  std::string device{};  // as DeviceOptions::name
};

class Stills {
 public:
  Stills() = default;
  Stills(const Stills&) = delete;
  Stills& operator=(const Stills&) = delete;
  // Waits for the picture that is being drawn.
  ~Stills();

  [[nodiscard]] bool busy() const { return wish_.has_value(); }
  // With the next frame that record() sees. Precondition: not busy().
  void want(StillWish wish) { wish_ = std::move(wish); }
  // While a picture of the window is recorded that shows the studio's frame: copies it, if one is wanted.
  // `number`: the picture's.
  void record(VkCommandBuffer cmd, const Device& device, Studio& studio, std::uint64_t number);
  struct Drawn {
    std::filesystem::path path;
    Result<void> done;
  };
  // In each turn. `completed`: the number of the last picture that is drawn. A still that is ready by now;
  // `wait`: or that is being drawn.
  std::optional<Drawn> turn(std::uint64_t completed, bool wait = false);

 private:
  struct Copied {
    Buffer slot;
    FrameLayout layout;
    Frame frame;
    StageView view;
    StageTexts texts;
    std::uint64_t number = 0;  // of the window's picture that copies it
  };
  static Result<void> draw(const StillWish& wish, const Copied& copied, std::vector<std::byte> slot);

  std::optional<StillWish> wish_;
  std::optional<Copied> copied_;
  std::future<Result<void>> coming_;
};

}  // namespace fl
