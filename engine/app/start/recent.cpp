#include "engine/app/start/recent.h"

#include <algorithm>
#include <fstream>
#include <iterator>

#include "engine/app/loading/own_folders.h"
#include "trainer/base/atomic_file.h"
#include "trainer/base/json.h"
#include "trainer/base/log.h"

namespace fl {
namespace fs = std::filesystem;
namespace {

constexpr std::uintmax_t kMostBytes = 1 << 20;

std::vector<RecentLesson> listed(const fs::path& file) {
  std::error_code failed;
  const auto size = fs::file_size(file, failed);
  if (failed || size > kMostBytes) return {};
  std::ifstream in(file);
  const auto all = Json::parse(std::string(std::istreambuf_iterator<char>(in), {}));
  const Json::Array* rows = all ? all->array() : nullptr;
  std::vector<RecentLesson> lessons;
  for (std::size_t i = 0; rows != nullptr && i < std::min(rows->size(), kMostRecent); ++i) {
    const Json *what = (*rows)[i].find("what"), *title = (*rows)[i].find("title"),
               *settings = (*rows)[i].find("settings");
    if (what == nullptr || what->text() == nullptr) continue;
    RecentLesson& one = lessons.emplace_back(*what->text());
    if (title != nullptr && title->text() != nullptr) one.title = *title->text();
    if (settings == nullptr || settings->array() == nullptr) continue;
    for (const Json& setting : *settings->array())
      if (setting.text() != nullptr) one.settings.push_back(*setting.text());
  }
  return lessons;
}

}  // namespace

std::vector<RecentLesson> read_recent(const fs::path& file) {
  std::vector<RecentLesson> lessons = listed(file);
  std::erase_if(lessons, [](const RecentLesson& one) {
    std::error_code ignored;
    return !fs::exists(one.what, ignored);
  });
  return lessons;
}

void note_recent(const fs::path& file, RecentLesson lesson) {
  if (file.empty() || lesson.what.empty()) return;
  std::error_code failed;
  const fs::path absolute = fs::absolute(lesson.what, failed);
  if (!failed) lesson.what = absolute.lexically_normal().string();
  std::vector<RecentLesson> all = listed(file);
  std::erase_if(all, [&](const RecentLesson& one) { return one.what == lesson.what; });
  all.insert(all.begin(), std::move(lesson));
  if (all.size() > kMostRecent) all.resize(kMostRecent);
  Json::Array rows;
  for (const RecentLesson& one : all)
    rows.push_back(
        Json::Object{{"what", one.what}, {"title", one.title}, {"settings", Json::list(one.settings)}});
  fs::create_directories(file.parent_path(), failed);
  if (const auto written = write_file_atomic(file, Json(std::move(rows)).pretty()); !written)
    log_warning("What was opened is not remembered: {}", written.error().message);
}

fs::path recent_file() {
  const fs::path folder = state_folder();
  return folder.empty() ? folder : folder / "recent.json";
}

}  // namespace fl
