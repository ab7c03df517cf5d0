#include "trainer/session/session_file.h"

#include <algorithm>
#include <cmath>
#include <fstream>

#include "trainer/base/atomic_file.h"
#include "trainer/base/checksum.h"
#include "trainer/base/find_path.h"
#include "trainer/base/limits.h"
#include "trainer/base/printable.h"
#include "trainer/scene/toml_text.h"
#include "trainer/session/command_json.h"
#include "trainer/subjects/training.h"

namespace fl {
namespace fs = std::filesystem;
namespace {

constexpr std::string_view kFormatName = "fallline session ";
constexpr const char* kFormat = "fallline session 1";
constexpr double kMostSeconds = 1e9;
constexpr const char* kWhich = "give the session.jsonl of a run folder";

template <typename T>
std::string checksum_text(const T& values) {
  return fmt::format("{:016x}", checksum(std::as_bytes(std::span(values))));
}

Json head_json(const SessionHead& head, const std::string& scene_file) {
  return Json::Object{{"format", kFormat},
                      {"scene", scene_file},
                      {"checksum", checksum_text(head.scene)},
                      {"overrides", Json::list(head.overrides)},
                      {"seed", head.seed},
                      {"device", head.device},
                      {"pace", head.pace},
                      {"playing", head.playing}};
}

Json event_json(const SessionEvent& event) {
  // Microseconds are enough, and keep the file small.
  Json::Object members{{"time", std::round(event.seconds * 1e6) / 1e6}, {"step", event.step}};
  if (event.run) members.push_back({"run", *event.run});
  if (const auto* command = std::get_if<Command>(&event.what))
    for (Json::Member& member : command_members(*command)) members.push_back(std::move(member));
  if (const auto* trace = std::get_if<Trace>(&event.what)) members.push_back({"did", trace_text(*trace)});
  if (const auto* view = std::get_if<ViewChange>(&event.what)) members.push_back({"view", view->members});
  return members;
}

// One line of a file, for its sentences.
struct Line {
  const std::string& file;
  std::size_t number;
  [[nodiscard]] Error wrong(const std::string& what) const {
    return error("{}, line {}: {}", file, number, what);
  }
};

std::string text_of(const Json* value) {
  return value != nullptr && value->text() != nullptr ? *value->text() : std::string();
}

// Errors: no head, or that of another format.
Result<SessionHead> read_head(const std::optional<Json>& json, const std::string& file) {
  const std::string format = json ? text_of(json->find("format")) : "";
  if (!format.starts_with(kFormatName)) return error("{} is not a session; {}.", file, kWhich);
  if (format != kFormat)
    return error(
        "{} is a session of the format \"{}\", which this version does not know; draw it with the one that "
        "saved it.",
        file, printable(format));
  const Json* seed = json->find("seed");
  const Json* pace = json->find("pace");
  const Json* playing = json->find("playing");
  const Json* overrides = json->find("overrides");
  SessionHead head;
  if (seed == nullptr || !seed->whole() || pace == nullptr || !pace->number() ||
      !(*pace->number() >= 0 && *pace->number() <= kMostPace) || playing == nullptr ||
      (*playing != Json(true) && *playing != Json(false)) || text_of(json->find("checksum")).empty() ||
      text_of(json->find("scene")).empty() || overrides == nullptr || overrides->array() == nullptr)
    return error("{}, line 1: the head of the session is not whole; {}.", file, kWhich);
  head.seed = *seed->whole();
  head.pace = *pace->number();
  head.playing = *playing == Json(true);
  head.device = text_of(json->find("device"));
  for (const Json& text : *overrides->array()) head.overrides.push_back(text_of(&text));
  return head;
}

Result<SessionEvent> read_event(const Json& json, const Line& line, double earliest) {
  SessionEvent event;
  const Json* time = json.find("time");
  const Json* step = json.find("step");
  if (time == nullptr || !time->number() || !(*time->number() >= earliest && *time->number() <= kMostSeconds))
    return line.wrong("\"time\" must be a number of seconds that does not fall from line to line.");
  if (step == nullptr || !step->whole() || *step->whole() > INT64_MAX)
    return line.wrong("\"step\" must be a whole number, 0 or more.");
  event.seconds = *time->number();
  event.step = static_cast<std::int64_t>(*step->whole());
  if (const Json* run = json.find("run")) {
    if (!run->whole() || *run->whole() >= kMostRuns)
      return line.wrong(fmt::format("\"run\" must be a whole number from 0 to {}.", kMostRuns - 1));
    event.run = static_cast<std::uint32_t>(*run->whole());
  }
  if (json.find("command") != nullptr) {
    auto command = command_of(json);
    if (!command) return line.wrong(command.error().message);
    event.what = *command;
  } else if (const Json* did = json.find("did")) {
    auto trace = parse_trace(text_of(did));
    if (!trace || trace->empty()) return line.wrong("\"did\" must be a list as in \"s4 w2 c\".");
    event.what = *std::move(trace);
  } else if (const Json* view = json.find("view"); view != nullptr && view->object() != nullptr) {
    event.what = ViewChange{*view};
  } else {
    return line.wrong("the line has neither \"command\" nor \"did\" nor \"view\".");
  }
  return event;
}

// The scene beside the session; it is the one that was run.
Result<std::string> read_scene_beside(const fs::path& session, const fs::path& scene,
                                      const std::string& sum) {
  std::error_code code;
  if (!fs::is_regular_file(scene, code))
    return error("{} needs its scene, and {} is not there; keep the files of a run folder together.",
                 session.string(), scene.string());
  auto text = read_text_file(scene, kMaxTomlBytes);
  if (!text) return text;
  if (checksum_text(*text) != sum)
    return error(
        "{} was changed after the session beside it, which therefore cannot be drawn again; bring back the "
        "file as it was saved.",
        scene.string());
  return text;
}

}  // namespace

std::vector<SessionTake> takes_of(const SessionFile& session) {
  std::vector<SessionTake> takes;
  std::optional<double> begun;
  for (const SessionEvent& event : session.events) {
    const auto* command = std::get_if<Command>(&event.what);
    if (command == nullptr || !std::holds_alternative<command::Mark>(*command)) continue;
    if (begun) takes.push_back({*begun, event.seconds});
    begun = begun ? std::nullopt : std::optional(event.seconds);
  }
  return takes;
}

SessionFile session_until(SessionFile session, double seconds) {
  const auto later = std::ranges::upper_bound(session.events, seconds, {}, &SessionEvent::seconds);
  if (later == session.events.end()) return session;
  session.events.erase(later, session.events.end());
  session.weights.clear();
  session.cut = false;
  return session;
}

std::string weights_checksum(const Training& training) {
  std::vector<float> params(training.program().layout().all_floats);
  training.program().read_params(params);
  return checksum_text(params);
}

std::string session_text(const SessionFile& session, const std::string& scene_file) {
  std::string text = head_json(session.head, scene_file).line() + "\n";
  for (const SessionEvent& event : session.events) text += event_json(event).line() + "\n";
  if (session.cut)
    text += Json(Json::Object{{"cut", true}}).line() + "\n";
  else if (!session.weights.empty())
    text += Json(Json::Object{{"weights", session.weights}}).line() + "\n";
  return text;
}

bool is_session(const fs::path& path) {
  if (path.extension() == ".jsonl") return true;
  std::error_code code;
  if (!fs::is_regular_file(path, code)) return false;
  std::string start(64, '\0');
  std::ifstream file(path, std::ios::binary);
  file.read(start.data(), static_cast<std::streamsize>(start.size()));
  start.resize(static_cast<std::size_t>(std::max<std::streamsize>(file.gcount(), 0)));
  const auto name = start.find(kFormatName);
  return start.starts_with('{') && name != std::string::npos && start.find("\"format\"") < name;
}

Result<SessionText> parse_session(std::string_view text, const std::string& file) {
  SessionText parsed;
  for (std::size_t number = 1; number == 1 || !text.empty(); ++number) {
    const auto end = text.find('\n');
    const auto json = Json::parse(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (number == 1) {
      FL_TRY_LET(head, read_head(json, file));
      parsed.session.head = *std::move(head);
      parsed.scene_file = text_of(json->find("scene"));
      parsed.checksum = text_of(json->find("checksum"));
      continue;
    }
    const Line where{file, number};
    if (!json || json->object() == nullptr)
      return where.wrong(
          "the line is cut off or is not JSON; remove it and all after it to draw what came before.");
    const Json* cut = json->find("cut");
    parsed.session.cut = cut != nullptr && *cut == Json(true);
    parsed.session.weights = text_of(json->find("weights"));
    if (const bool weights = !parsed.session.weights.empty(); weights || parsed.session.cut) {
      if (text.empty()) return parsed;
      return where.wrong(fmt::format("what follows the line of the {} is not part of the session; remove it.",
                                     weights ? "weights" : "cut"));
    }
    FL_TRY_LET(event, read_event(*json, where, parsed.session.seconds()));
    parsed.session.events.push_back(*std::move(event));
  }
  return parsed;
}

Result<ReadSession> read_session(const fs::path& path) {
  const std::string file = path.string();
  FL_TRY(find_path(path, file, "file", kWhich));
  std::error_code code;
  if (!fs::is_regular_file(path, code)) return error("{} is not a file; {}.", file, kWhich);
  FL_TRY_LET(text, read_text_file(path, kMostSessionBytes));
  FL_TRY_LET(parsed, parse_session(*text, file));
  // Beside the session, whatever way its name goes.
  const fs::path scene_file = path.parent_path() / fs::path(parsed->scene_file).filename();
  FL_TRY_LET(scene, read_scene_beside(path, scene_file, parsed->checksum));
  parsed->session.head.scene = *std::move(scene);
  return ReadSession{std::move(parsed->session), scene_file};
}

}  // namespace fl
