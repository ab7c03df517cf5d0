#include <algorithm>
#include <memory>

#include <zip.h>

#include "trainer/base/atomic_file.h"
#include "trainer/base/check.h"
#include "trainer/base/json.h"
#include "trainer/base/printable.h"
#include "trainer/data/preprocess.h"
#include "trainer/data/sources/tm_project.h"

namespace fl {
namespace fs = std::filesystem;
namespace {

constexpr int kSide = 224;
constexpr const char* kVersion = "2.4.4";  // the format Teachable Machine writes today
// The ZIP format's first day, 1 January 1980: a time of writing would make equal projects differ.
constexpr zip_uint16_t kFirstDay = (1 << 5) | 1;

struct Entry {
  std::string name;
  std::vector<std::byte> bytes;
};

Result<void> check_classes(const std::vector<std::string>& classes,
                           const std::vector<LabelledImage>& images) {
  for (std::size_t c = 0; c < classes.size(); ++c) {
    const std::string& name = classes[c];
    if (name.empty() || printable(name, 1024) != name)
      return error(
          "\"{}\" cannot be a class of a Teachable Machine project; give it a name of at most 1024 bytes "
          "without control characters.",
          printable(name));
    if (std::find(classes.begin(), classes.begin() + static_cast<std::ptrdiff_t>(c), name) !=
        classes.begin() + static_cast<std::ptrdiff_t>(c))
      return error("Two classes are called \"{}\"; a Teachable Machine project tells them apart by name, so rename one.",
                   name);
    if (std::none_of(images.begin(), images.end(),
                     [&](const LabelledImage& i) { return i.class_index == static_cast<int>(c); }))
      return error(
          "The class \"{}\" has no images, and a Teachable Machine project cannot keep an empty class; add an image.",
          name);
  }
  return {};
}

Bitmap squared(const Bitmap& image) {
  const ImageShape shape{3, kSide, kSide};
  std::vector<float> planes(shape.floats());
  preprocess(image, shape, planes);
  Bitmap square{kSide, kSide, 3, {}};
  const std::size_t area = std::size_t{kSide} * kSide;
  for (std::size_t i = 0; i < area; ++i)
    for (std::size_t c = 0; c < 3; ++c) square.pixels.push_back(to_byte(planes[c * area + i]));
  return square;
}

Result<std::vector<Entry>> make_entries(const TmSettings& settings, const std::vector<std::string>& classes,
                                        const std::vector<LabelledImage>& images) {
  std::vector<Entry> entries;
  entries.reserve(images.size() + 1);
  for (std::size_t c = 0; c < classes.size(); ++c) {
    int number = 0;
    for (const LabelledImage& image : images) {
      if (image.class_index != static_cast<int>(c)) continue;
      FL_TRY_LET(jpeg, encode_jpeg(squared(image.image)));
      entries.push_back({fmt::format("{}-!-{}.jpg", classes[c], number++), *std::move(jpeg)});
    }
  }
  const Json manifest = Json::Object{{"type", "image"},
                                     {"version", kVersion},
                                     {"appdata", Json::Object{{"publishResults", Json::Object{}},
                                                              {"trainEpochs", settings.epochs},
                                                              {"trainBatchSize", settings.batch_size},
                                                              {"trainLearningRate", settings.rate}}}};
  const std::string text = manifest.line();
  const auto bytes = std::as_bytes(std::span(text.data(), text.size()));
  entries.push_back({"manifest.json", {bytes.begin(), bytes.end()}});
  return entries;
}

bool add_entry(zip_t* archive, const Entry& entry) {
  zip_source_t* source = zip_source_buffer(archive, entry.bytes.data(), entry.bytes.size(), 0);
  if (source == nullptr) return false;
  const zip_int64_t added = zip_file_add(archive, entry.name.c_str(), source, ZIP_FL_ENC_UTF_8);
  if (added < 0) {
    zip_source_free(source);
    return false;
  }
  const auto index = static_cast<zip_uint64_t>(added);
  return zip_set_file_compression(archive, index, ZIP_CM_STORE, 0) == 0 &&
         zip_file_set_dostime(archive, index, 0, kFirstDay, 0) == 0;
}

// libzip's state between the calls that build one archive in memory. It never writes the file itself: it
// would rename, but not sync.
Result<std::vector<std::byte>> pack(const std::vector<Entry>& entries, const std::string& name) {
  zip_error_t state;
  zip_error_init(&state);
  const auto failed = [&](const char* reason) { return error("Cannot pack {}: {}.", name, reason); };
  const std::unique_ptr<zip_source_t, decltype([](zip_source_t* s) { zip_source_free(s); })> memory(
      zip_source_buffer_create(nullptr, 0, 0, &state));
  if (!memory) return failed(zip_error_strerror(&state));
  std::unique_ptr<zip_t, decltype([](zip_t* z) { zip_discard(z); })> archive(
      zip_open_from_source(memory.get(), ZIP_TRUNCATE, &state));
  if (!archive) return failed(zip_error_strerror(&state));
  zip_source_keep(memory.get());  // the archive's close frees one reference, and the bytes are wanted after
  for (const Entry& entry : entries)
    if (!add_entry(archive.get(), entry)) return failed(zip_strerror(archive.get()));
  if (zip_close(archive.get()) != 0) return failed(zip_strerror(archive.get()));
  static_cast<void>(archive.release());  // closed

  zip_stat_t stat;
  if (zip_source_stat(memory.get(), &stat) != 0 || zip_source_open(memory.get()) != 0)
    return failed(zip_error_strerror(zip_source_error(memory.get())));
  std::vector<std::byte> bytes(stat.size);
  const zip_int64_t got = zip_source_read(memory.get(), bytes.data(), bytes.size());
  zip_source_close(memory.get());
  if (got != static_cast<zip_int64_t>(bytes.size())) return failed("it is cut short");
  return bytes;
}

}  // namespace

Result<void> write_tm_project(const fs::path& path, const TmSettings& settings,
                              const std::vector<std::string>& classes,
                              const std::vector<LabelledImage>& images) {
  for (const LabelledImage& image : images)
    FL_CHECK(image.class_index >= 0 && static_cast<std::size_t>(image.class_index) < classes.size());
  const std::string name = printable(path.string());
  if (images.empty()) return error("There are no images to save in {}; add some first.", name);
  if (const auto valid = check_classes(classes, images); !valid) return valid;
  FL_TRY_LET(entries, make_entries(settings, classes, images));
  FL_TRY_LET(bytes, pack(*entries, name));
  return write_file_atomic(path, *bytes);
}

}  // namespace fl
