// Session files: what is read is written so that it reads the same again.
#include "tests/fuzz/harness.h"
#include "trainer/session/session_file.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using fl::fuzz::require;
  const auto parsed = fl::parse_session(fl::fuzz::text_of(data, size), "the input");
  if (!parsed) {
    require(!parsed.error().message.empty(), "an error says something");
    return 0;
  }
  const std::string text = fl::session_text(parsed->session, parsed->scene_file);
  const auto again = fl::parse_session(text, "what was written");
  require(again.ok(), "a session that was written can be read");
  require(again->session.events.size() == parsed->session.events.size(), "no event is lost");
  require(fl::session_text(again->session, again->scene_file) == text, "reading and writing change nothing");
  return 0;
}
