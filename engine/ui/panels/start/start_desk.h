#pragma once
// What the panel at the start works with: what there is to open, and the browser of files.

#include <filesystem>

#include "engine/ui/panels/start/browser.h"
#include "engine/ui/start_facts.h"

namespace fl {

struct StartDesk {
  StartFacts facts{};
  std::filesystem::path lessons{};  // the folder they come from
  Browser browser{};
};

}  // namespace fl
