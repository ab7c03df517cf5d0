#include "engine/app/start/shelf.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <numeric>

#include "engine/app/scene_file.h"
#include "trainer/base/atomic_file.h"
#include "trainer/base/counted.h"
#include "trainer/base/log.h"
#include "trainer/base/printable.h"
#include "trainer/base/program_folder.h"

namespace fl {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t kMostPictureBytes = 1 << 20;

// Lines of a comment up to the first that is none; an empty one ends a paragraph.
std::vector<std::string> paragraphs(std::string_view text) {
  std::vector<std::string> all(1);
  while (text.starts_with('#')) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(1, end - 1);
    text.remove_prefix(std::min(end + 1, text.size()));
    while (line.starts_with(' ')) line.remove_prefix(1);
    while (line.ends_with(' ') || line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty()) {
      if (!all.back().empty()) all.emplace_back();
    } else {
      if (!all.back().empty()) all.back() += ' ';
      all.back() += line;
    }
  }
  return all;
}

std::string length_of(const SceneFile& scene) {
  if (scene.sweep) return counted(scene.sweep->cells(), "training");
  if (scene.race) return counted(scene.race->values.size(), "run");
  if (scene.descents) return counted(scene.descents->steps, "step");
  if (scene.trainability) return fmt::format("{0} × {0} trainings", scene.trainability->side);
  const auto& counts = scene.run.data.phantom_counts;
  const std::string epochs = counted(scene.run.epochs, "epoch");
  if (scene.run.data.source != "phantom") return epochs;
  return counted(std::accumulate(counts.begin(), counts.end(), std::int64_t{0}), "image") + ", " + epochs;
}

std::shared_ptr<const Bitmap> picture_of(const fs::path& file) {
  std::error_code ignored;
  if (!fs::is_regular_file(file, ignored)) return nullptr;
  auto picture = [&]() -> Result<Bitmap> {
    FL_TRY_LET(bytes, read_file(file, kMostPictureBytes));
    FL_TRY_LET(image, decode_image(*bytes, file.filename().string()));
    if (image->width > kCoverWidth || image->height > kCoverHeight)
      return error("{} is larger than {} x {} pixels; assets/lessons/draw.sh draws it anew.",
                   printable(file.string()), kCoverWidth, kCoverHeight);
    return image;
  }();
  if (picture) return std::make_shared<const Bitmap>(*std::move(picture));
  log_warning("{}", picture.error().message);
  return nullptr;
}

}  // namespace

fs::path pictures_folder(const fs::path& lessons) {
  return lessons.empty() ? lessons : lessons.parent_path() / "lesson-pictures";
}

fs::path lessons_folder() {
  const fs::path beside = program_folder();
  for (const fs::path& place : {beside / "scenes", beside / "../../share/fallline/scenes"}) {
    std::error_code ignored;
    if (fs::is_directory(place, ignored)) return place.lexically_normal();
  }
  return {};
}

void describe_lesson(std::string_view scene, ShelfLesson& lesson) {
  const std::vector<std::string> comment = paragraphs(scene);
  lesson.about = comment[0];
  // "Lesson 1: too few images. Thirty phantoms": the title stands above it.
  if (const std::size_t end = lesson.about.find(". "); end != std::string::npos)
    lesson.about.erase(0, end + 2);
  if (comment.size() > 1) lesson.watch = comment[1];
}

std::vector<ShelfLesson> read_shelf(const fs::path& folder, const fs::path& pictures) {
  std::vector<ShelfLesson> shelf;
  std::error_code failed;
  fs::directory_iterator entry(folder, failed);
  for (const fs::directory_iterator end; !failed && entry != end; entry.increment(failed)) {
    if (entry->path().extension() != ".toml") continue;
    ShelfLesson lesson{.path = entry->path().string()};
    const auto scene = open_scene(lesson.path, {});
    if (!scene) {
      log_warning("{}", scene.error().message);
      continue;
    }
    std::ifstream file(entry->path());
    describe_lesson(std::string(std::istreambuf_iterator<char>(file), {}), lesson);
    lesson.title = scene->run.title;
    lesson.length = length_of(*scene);
    if (!pictures.empty()) lesson.picture = picture_of(pictures / entry->path().stem().concat(".jpg"));
    shelf.push_back(std::move(lesson));
  }
  // "4-overfitting" before "4-overfitting-250".
  std::ranges::sort(shelf, {}, [](const ShelfLesson& one) { return fs::path(one.path).stem().string(); });
  return shelf;
}

}  // namespace fl
