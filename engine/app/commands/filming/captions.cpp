#include "engine/app/commands/filming/captions.h"

#include <cmath>
#include <variant>

namespace fl {
namespace {

// "00:01:02,500".
std::string srt_time(double seconds) {
  const auto all = static_cast<std::int64_t>(std::llround(seconds * 1000));
  return fmt::format("{:02}:{:02}:{:02},{:03}", all / 3'600'000, all / 60'000 % 60, all / 1000 % 60,
                     all % 1000);
}

}  // namespace

std::vector<std::size_t> cues_of_lesson(std::size_t count, std::int64_t frames) {
  std::vector<std::size_t> said(static_cast<std::size_t>(frames));
  for (std::size_t i = 0; count > 0 && i < said.size(); ++i) said[i] = 1 + i * count / said.size();
  return said;
}

double moment_of(double frame, std::int64_t frames, const SessionTake& part) {
  const auto last = static_cast<double>(frames - 1);
  return frame >= last ? part.end : part.begin + frame / last * (part.end - part.begin);
}

std::vector<std::size_t> cues_of_session(const SessionFile& session, const SessionTake& part,
                                         std::int64_t frames) {
  std::vector<std::size_t> said;
  std::size_t cue = 0, next = 0;
  for (std::int64_t frame = 0; frame < frames; ++frame) {
    const double moment = moment_of(static_cast<double>(frame), frames, part);
    for (; next < session.events.size() && session.events[next].seconds <= moment; ++next) {
      const auto* change = std::get_if<ViewChange>(&session.events[next].what);
      const Json* number = change != nullptr ? change->members.find("cue") : nullptr;
      if (number != nullptr) cue = number->whole().value_or(cue);
    }
    said.push_back(cue);
  }
  return said;
}

std::vector<Chapter> chapters_of(const std::vector<std::size_t>& said, const std::vector<Cue>& cues,
                                 double fps) {
  std::vector<Chapter> chapters;
  const auto at = [&](std::size_t frame) { return static_cast<double>(frame) / fps; };
  for (std::size_t i = 0; i < said.size(); ++i) {
    if (said[i] == 0 || said[i] > cues.size()) continue;
    const Cue& cue = cues[said[i] - 1];
    const bool goes_on = i > 0 && said[i] == said[i - 1];
    if (!goes_on) chapters.push_back({at(i), 0, cue_word(cue.kind) + ": " + cue.words});
    chapters.back().end = at(i + 1);
  }
  return chapters;
}

std::string srt_text(const std::vector<Chapter>& captions) {
  std::string text;
  for (std::size_t i = 0; i < captions.size(); ++i)
    text += fmt::format("{}\n{} --> {}\n{}\n\n", i + 1, srt_time(captions[i].begin),
                        srt_time(captions[i].end), captions[i].title);
  return text;
}

}  // namespace fl
