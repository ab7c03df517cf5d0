#pragma once
// A scene's text on its way to the disk. A disk may be slow, and nobody is to wait for it before a picture:
// it is written on a thread of its own, which the end of this object waits for.

#include <filesystem>
#include <future>
#include <string>

#include "trainer/base/result.h"

namespace fl {

class SceneSaving {
 public:
  // Over the file at `path`, as long as that has the text `read`; or beside it, under a name that nothing
  // has.
  static SceneSaving over(std::filesystem::path path, std::string read, std::string text);
  static SceneSaving beside(std::filesystem::path path, std::string text);

  [[nodiscard]] bool done() const;
  // What is written.
  [[nodiscard]] const std::string& text() const { return text_; }
  [[nodiscard]] bool copy() const { return copy_; }
  // Waits for it: where it is saved. Errors: it cannot be written there, or is another file by now. Once.
  Result<std::filesystem::path> end() { return coming_.get(); }

 private:
  using Saved = Result<std::filesystem::path>;
  SceneSaving(std::string text, bool copy, std::future<Saved> coming)
      : text_(std::move(text)), copy_(copy), coming_(std::move(coming)) {}
  std::string text_;
  bool copy_;
  std::future<Saved> coming_;
};

}  // namespace fl
