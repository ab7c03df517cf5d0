#include "engine/app/commands/classify_command.h"

#include <algorithm>
#include <array>
#include <numeric>

#include "engine/app/commands/inputs.h"
#include "engine/app/interrupt.h"
#include "trainer/base/atomic_file.h"
#include "trainer/base/counted.h"
#include "trainer/base/json.h"
#include "trainer/base/log.h"
#include "trainer/base/printable.h"
#include "trainer/base/utf8.h"
#include "trainer/data/images/image_remarks.h"
#include "trainer/data/sources/image_files.h"
#include "trainer/session/classifier.h"

namespace fl {
namespace {

constexpr std::size_t kImagesAtATime = 64;
constexpr std::size_t kProbabilityWidth = 6;  // 0.1234
constexpr std::size_t kWidestTable = 120;     // columns of a terminal; beyond, the most probable classes alone are told
constexpr std::size_t kMostProbable = 3;

// What became of the images so far.
struct Findings {
  std::vector<std::string> names;    // of those that were classified
  std::vector<float> probabilities;  // [name][class]
  std::vector<Error> skipped;
  ImageRemarks remarks;
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

  // False once the user has asked for the end, or where what comes out is not a number: see done().
  bool add(const std::string& name, const Result<std::vector<std::byte>>& bytes) {
    const std::size_t before = inputs_.size();
    inputs_.resize(before + classifier_.input_floats());
    const auto done = bytes ? classifier_.prepare(*bytes, name, std::span(inputs_).subspan(before),
                                                  &findings_.remarks)
                            : Result<void>(bytes.error());
    if (done) {
      findings_.names.push_back(name);
    } else {
      inputs_.resize(before);
      findings_.skipped.push_back(done.error());
    }
    if (inputs_.size() == kImagesAtATime * classifier_.input_floats()) flush();
    return !interrupted() && done_;
  }

  void flush() {
    if (inputs_.empty() || !done_) return;
    const std::size_t known = findings_.probabilities.size();
    findings_.probabilities.resize(findings_.names.size() * classifier_.classes().size());
    done_ = classifier_.classify(inputs_, std::span(findings_.probabilities).subspan(known));
    inputs_.clear();
  }

  // Of Classifier::classify.
  [[nodiscard]] const Result<void>& done() const { return done_; }

 private:
  Classifier& classifier_;
  Findings& findings_;
  std::vector<float> inputs_;
  Result<void> done_;
};

// Columns on a terminal; a character of another width than one is rare in a name.
std::size_t width_of(const std::string& text) {
  return decode_utf8(text).size();
}

std::string padded(const std::string& text, std::size_t width) {
  return text + std::string(width - std::min(width, width_of(text)), ' ');
}

// Classes by their probability, the largest first; of equal ones, the first.
std::vector<std::size_t> most_probable(std::span<const float> row) {
  std::vector<std::size_t> order(row.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) { return row[a] > row[b]; });
  order.resize(std::min(order.size(), kMostProbable));
  return order;
}

void print_most_probable(const Findings& findings, const std::vector<std::string>& classes,
                         std::size_t name_width) {
  std::vector<std::vector<std::string>> cells;
  std::array<std::size_t, kMostProbable> widths{width_of("prediction")};
  for (std::size_t i = 0; i < findings.names.size(); ++i) {
    const auto row = findings.row(i, classes.size());
    cells.emplace_back();
    for (const std::size_t c : most_probable(row)) {
      cells.back().push_back(fmt::format("{:.4f} {}", row[c], classes[c]));
      std::size_t& width = widths[cells.back().size() - 1];
      width = std::max(width, width_of(cells.back().back()));
    }
  }
  fmt::print("{}  {}  then\n", padded("image", name_width), padded("prediction", widths[0]));
  for (std::size_t i = 0; i < cells.size(); ++i) {
    fmt::print("{}", padded(findings.names[i], name_width));
    for (std::size_t c = 0; c < cells[i].size(); ++c)
      fmt::print("  {}", c + 1 < cells[i].size() ? padded(cells[i][c], widths[c]) : cells[i][c]);
    fmt::print("\n");
  }
  fmt::print("The {} most probable of {} classes; --json FILE writes them all.\n", kMostProbable, classes.size());
}

void print_findings(const Findings& findings, const std::vector<std::string>& classes) {
  std::size_t name_width = width_of("image");
  for (const std::string& name : findings.names) name_width = std::max(name_width, width_of(name));
  const auto column = [](const std::string& name) { return std::max(width_of(name), kProbabilityWidth); };
  std::size_t table_width = name_width;
  for (const std::string& name : classes) table_width += 2 + column(name);
  if (table_width > kWidestTable && classes.size() > kMostProbable)
    return print_most_probable(findings, classes, name_width);
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
  return error("None of the {} images can be used; choose other images.", skipped.size());
}

// What is classified, and what classifies: the run's files, wherever its weights lie.
Inputs inputs_of(const ClassifyOptions& options) {
  Inputs inputs;
  std::error_code code;
  inputs.add_run(std::filesystem::is_directory(options.run, code) ? options.run : options.run.parent_path());
  inputs.add_file(options.run, "the weights to classify with");
  for (const std::filesystem::path& path : options.images) inputs.add_file(path, "one of the inputs to classify");
  return inputs;
}

}  // namespace

Result<void> run_classify(const ClassifyOptions& options) {
  FL_TRY_LET(classifier, Classifier::open(options.run));
  if (!options.json.empty())
    if (auto free = check_report_place(options.json, inputs_of(options), {"classes", "images", "skipped_images"},
                                       "fallline classify");
        !free)
      return free;

  catch_interrupt();
  Findings findings;
  Batches batches(*classifier, findings);
  for (const std::filesystem::path& path : options.images) {
    if (interrupted() || !batches.done()) break;
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
  if (!batches.done()) return batches.done();
  if (findings.names.empty() && !interrupted()) return nothing_usable(findings.skipped);

  for (const Error& why : findings.skipped) log_warning("Skipped: {}", why.message);
  findings.remarks.say();
  if (!options.json.empty())
    if (auto saved = write_file_atomic(options.json, json_of(findings, classifier->classes())); !saved) return saved;
  if (interrupted()) log_info("interrupted after {}", counted(findings.names.size(), "image"));
  if (is_standard_output(options.json)) return {};
  print_findings(findings, classifier->classes());
  if (!findings.skipped.empty()) fmt::print("Skipped: {}\n", counted(findings.skipped.size(), "input"));
  if (!findings.passed_over.empty()) fmt::print("Passed over: {}\n", describe(findings.passed_over));
  return {};
}

}  // namespace fl
