#include "engine/app/classify_command.h"

#include <algorithm>

#include "engine/app/interrupt.h"
#include "trainer/base/atomic_file.h"
#include "trainer/base/json.h"
#include "trainer/base/log.h"
#include "trainer/base/printable.h"
#include "trainer/data/image_files.h"
#include "trainer/run/classifier.h"

namespace fl {
namespace {

constexpr std::size_t kImagesAtATime = 64;
constexpr std::size_t kProbabilityWidth = 6;  // 0.1234

// What became of the images so far.
struct Findings {
  std::vector<std::string> names;    // of those that were classified
  std::vector<float> probabilities;  // [name][class]
  std::vector<Error> skipped;
  EndingCounts passed_over;  // files in folders and archives that are no images

  [[nodiscard]] std::span<const float> row(std::size_t image, std::size_t classes) const {
    return std::span(probabilities).subspan(image * classes, classes);
  }
};

std::size_t prediction(std::span<const float> row) {
  return static_cast<std::size_t>(std::ranges::max_element(row) - row.begin());
}

// Collects inputs and classifies them by the batch.
class Batches {
 public:
  Batches(Classifier& classifier, Findings& findings) : classifier_(classifier), findings_(findings) {}

  // False once the user has asked for the end.
  bool add(const std::string& name, const Result<std::vector<std::byte>>& bytes) {
    const std::size_t before = inputs_.size();
    inputs_.resize(before + classifier_.input_floats());
    const auto done = bytes ? classifier_.prepare(*bytes, name, std::span(inputs_).subspan(before))
                            : Result<void>(bytes.error());
    if (done) {
      findings_.names.push_back(name);
    } else {
      inputs_.resize(before);
      findings_.skipped.push_back(done.error());
    }
    if (inputs_.size() == kImagesAtATime * classifier_.input_floats()) flush();
    return !interrupted();
  }

  void flush() {
    if (inputs_.empty()) return;
    const std::size_t known = findings_.probabilities.size();
    findings_.probabilities.resize(findings_.names.size() * classifier_.classes().size());
    classifier_.classify(inputs_, std::span(findings_.probabilities).subspan(known));
    inputs_.clear();
  }

 private:
  Classifier& classifier_;
  Findings& findings_;
  std::vector<float> inputs_;
};

// Columns on a terminal; a character of another width than one is rare in a name.
std::size_t width_of(const std::string& text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0u) != 0x80u; }));
}

std::string padded(const std::string& text, std::size_t width) {
  return text + std::string(width - std::min(width, width_of(text)), ' ');
}

void print_findings(const Findings& findings, const std::vector<std::string>& classes) {
  std::size_t name_width = width_of("image");
  for (const std::string& name : findings.names) name_width = std::max(name_width, width_of(name));
  const auto column = [](const std::string& name) { return std::max(width_of(name), kProbabilityWidth); };
  fmt::print("{}", padded("image", name_width));
  for (const std::string& name : classes) fmt::print("  {}", padded(name, column(name)));
  fmt::print("  prediction\n");
  for (std::size_t i = 0; i < findings.names.size(); ++i) {
    const auto row = findings.row(i, classes.size());
    fmt::print("{}", padded(findings.names[i], name_width));
    for (std::size_t c = 0; c < classes.size(); ++c)
      fmt::print("  {}", padded(fmt::format("{:.4f}", row[c]), column(classes[c])));
    fmt::print("  {}\n", classes[prediction(row)]);
  }
}

std::string json_of(const Findings& findings, const std::vector<std::string>& classes) {
  Json::Array images;
  for (std::size_t i = 0; i < findings.names.size(); ++i) {
    const auto row = findings.row(i, classes.size());
    images.emplace_back(Json::Object{{"image", findings.names[i]},
                                     {"probabilities", Json::list(row)},
                                     {"prediction", classes[prediction(row)]}});
  }
  EndingCounts endings;
  for (const auto& [ending, count] : findings.passed_over) endings[printable(ending)] += count;
  Json::Object passed_over;
  for (const auto& [ending, count] : endings) passed_over.push_back({ending, count});
  const Json json = Json::Object{{"classes", Json::list(classes)},
                                 {"images", std::move(images)},
                                 {"skipped_images", findings.skipped.size()},
                                 {"passed_over", std::move(passed_over)}};
  return json.pretty() + "\n";
}

// One thing that cannot be read is the whole story; several were named one by one.
Error nothing_usable(const std::vector<Error>& skipped) {
  if (skipped.size() == 1) return skipped.front();
  for (const Error& why : skipped) log_warning("Skipped: {}", why.message);
  return error("None of the {} images can be used; choose JPEG or PNG images.", skipped.size());
}

}  // namespace

Result<void> run_classify(const ClassifyOptions& options) {
  auto classifier = Classifier::open(options.run);
  if (!classifier) return classifier.error();
  if (!options.json.empty())
    if (auto writable = check_writable(options.json); !writable) return writable;

  catch_interrupt();
  Findings findings;
  Batches batches(*classifier, findings);
  for (const std::filesystem::path& path : options.images) {
    if (interrupted()) break;
    const auto visited =
        visit_images(path, [&](const std::string& name, const Result<std::vector<std::byte>>& bytes) {
          return batches.add(name, bytes);
        });
    if (!visited) {
      findings.skipped.push_back(visited.error());
      continue;
    }
    for (const auto& [ending, count] : *visited) findings.passed_over[ending] += count;
  }
  batches.flush();
  if (findings.names.empty() && !interrupted()) return nothing_usable(findings.skipped);

  for (const Error& why : findings.skipped) log_warning("Skipped: {}", why.message);
  print_findings(findings, classifier->classes());
  if (!findings.skipped.empty()) fmt::print("Skipped: {} of what was given\n", findings.skipped.size());
  if (!findings.passed_over.empty()) fmt::print("Passed over: {}\n", describe(findings.passed_over));
  if (interrupted()) log_info("interrupted after {} images.", findings.names.size());
  if (options.json.empty()) return {};
  return write_file_atomic(options.json, json_of(findings, classifier->classes()));
}

}  // namespace fl
