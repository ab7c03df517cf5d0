// Scene files, --set and the scenes inside of weights: read as the program reads them.
#include <sstream>

#include "engine/view/timeline_spec.h"
#include "engine/view/view_spec.h"
#include "tests/fuzz/harness.h"
#include "trainer/scene/toml_text.h"
#include "trainer/subjects/descents/descents_spec.h"
#include "trainer/subjects/run_spec.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using fl::fuzz::require;
  const auto table = fl::parse_toml(fl::fuzz::text_of(data, size), "the input");
  if (!table) {
    require(!table.error().message.empty(), "an error says something");
    return 0;
  }
  const auto run = fl::parse_run_spec(*table, {});
  (void)fl::check_tables(*table, fl::run_tables());
  (void)fl::parse_descents_spec(*table);
  (void)fl::parse_view_spec(*table);
  (void)fl::parse_timeline(*table, 0);
  if (!run) return 0;
  // A run folder keeps the scene as text.
  std::ostringstream text;
  text << *table;
  const auto again = fl::parse_toml(text.str(), "what was written");
  require(again.ok() && fl::parse_run_spec(*again, {}).ok(), "a scene that was written can be read");
  require(fl::parse_run_spec(fl::scene_of(*run), {}).ok(), "a scene that was made can be read");
  if (run->data.image_size <= 32) (void)fl::network_of(*run, {run->data.channels == 3 ? 3 : 1, 32, 32}, 2);
  return 0;
}
