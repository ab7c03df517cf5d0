#include "engine/ui/panels/data/data_desk.h"

#include <algorithm>
#include <mutex>
#include <system_error>
#include <utility>

#include <unistd.h>

#include "trainer/base/atomic_file.h"
#include "trainer/base/check.h"
#include "trainer/base/failure_text.h"
#include "trainer/data/class_check.h"
#include "trainer/data/edits/save_project.h"
#include "trainer/data/preprocess.h"

namespace fl {
namespace fs = std::filesystem;
namespace {

constexpr int kLargestSide = 512;  // of a picture to look at

Bitmap bitmap_of(std::span<const float> planes, const ImageShape& shape) {
  Bitmap image{shape.width, shape.height, shape.channels, std::vector<std::uint8_t>(planes.size())};
  const std::size_t area = planes.size() / static_cast<std::size_t>(shape.channels);
  for (std::size_t c = 0; c < static_cast<std::size_t>(shape.channels); ++c)
    for (std::size_t i = 0; i < area; ++i)
      image.pixels[i * static_cast<std::size_t>(shape.channels) + c] = to_byte(planes[c * area + i]);
  return image;
}

Bitmap shrunk(Bitmap image) {
  const int longest = std::max(image.width, image.height);
  if (longest <= kLargestSide) return image;
  const auto side = [longest](int pixels) { return std::max(1, pixels * kLargestSide / longest); };
  const ImageShape shape{image.channels, side(image.height), side(image.width)};
  std::vector<float> planes(shape.floats());
  to_input(resize(image, shape.width, shape.height), shape.channels, planes);
  return bitmap_of(planes, shape);
}

PreparedImage prepare_image(std::size_t index, const DecodedOriginal& image, const DataSpec& spec) {
  PreparedImage made{.image = index, .spec = spec, .slice = std::holds_alternative<HuSlice>(image)};
  const Bitmap picture = picture_of(image, spec);
  const ImageShape shape = spec.shape();
  std::vector<float> planes(shape.floats());
  preprocess(picture, shape, planes);
  made.seen = bitmap_of(planes, shape);
  made.whole = shrunk(picture);
  return made;
}

}  // namespace

std::vector<std::string> changed_settings(const DataSpec& now, const DataSpec& wanted, bool grey,
                                          bool transfer) {
  std::vector<std::string> settings;
  if (wanted.window != now.window)
    settings.push_back(fmt::format("data.window=[{}, {}]", wanted.window.level, wanted.window.width));
  if (wanted.image_size != now.image_size)
    settings.push_back(fmt::format("data.image_size={}", wanted.image_size));
  if (wanted.colour_range == now.colour_range) return settings;
  const auto& range = wanted.colour_range;
  settings.push_back(range ? fmt::format("data.colour_range=[{}, {}]", range->low, range->high)
                           : "data.colour_range=off");
  if (range && grey)
    settings.emplace_back("data.channels=3");
  else if (!range && !transfer)
    settings.emplace_back("data.channels=auto");
  return settings;
}

fs::path free_project_name(const std::string& what) {
  const fs::path opened(what);
  std::error_code ignored;
  const fs::path here = fs::current_path(ignored);
  fs::path folder = (here / opened).parent_path();
  if (what.empty() || access(folder.c_str(), W_OK) != 0) folder = here;
  std::string stem = what.empty() ? "phantoms" : opened.stem().string();
  if (stem.empty()) stem = "project";
  return free_path(folder / (stem + "-edited.tm"));
}

// Behind the desk, for work that may outlive it.
struct DataDesk::Shared {
  std::mutex mutex;
  bool preparing = false;
  std::optional<PreparedImage> prepared;
  Saving saving;
  // Of the thread that prepares alone: the image it decoded last.
  std::optional<std::pair<std::size_t, DecodedOriginal>> decoded;
};

DataDesk::DataDesk(const Dataset& data, const Split& split, const RunSpec& run, Background& background)
    : data_(data),
      run_(run),
      background_(background),
      edits_(data.classes, data.labels),
      tests_(data.size()),
      chosen_(data.size()),
      folded_(data.classes.size()),
      shared_(std::make_shared<Shared>()) {
  for (const std::int32_t image : split.test) tests_[static_cast<std::size_t>(image)] = true;
  plans_.prepared = run.data;
  take_draft();
}

void DataDesk::take_draft() {
  members_.assign(edits_.classes().size(), {});
  test_counts_.assign(edits_.classes().size(), 0);
  const std::vector<std::int32_t>& labels = edits_.labels();
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (labels[i] == Edits::kRemoved) {
      if (chosen_[i]) add_or_drop(i);
      continue;
    }
    const auto c = static_cast<std::size_t>(labels[i]);
    members_[c].push_back(static_cast<std::uint32_t>(i));
    test_counts_[c] += tests_[i] ? 1 : 0;
  }
}

Result<void> DataDesk::rename(std::size_t c, const std::string& name) {
  ++changes_;
  return edits_.rename(c, name);
}

void DataDesk::move_chosen(std::size_t c) {
  ++changes_;
  edits_.move(chosen(), c);
  take_draft();
}

void DataDesk::remove_chosen() {
  ++changes_;
  edits_.remove(chosen());
  take_draft();
}

void DataDesk::undo() {
  ++changes_;
  edits_.undo();
  take_draft();
}

void DataDesk::clear() {
  ++changes_;
  edits_.clear();
  take_draft();
}

void DataDesk::go_on_from(const DataDesk& before) {
  // Every Teachable Machine project names its images alike: only their content tells them apart.
  if (!edits_.of_same_set(before.edits_) || data_.names != before.data_.names ||
      data_.contents != before.data_.contents)
    return;
  edits_ = before.edits_;
  changes_ = before.changes_;
  safe_at_ = before.unsaved() ? before.safe_at_ : before.changes_;
  take_draft();
}

bool DataDesk::unsaved() const {
  if (edits_.words().empty() || safe_at_ == changes_) return false;
  const Saving last = saved();
  return saved_at_ != changes_ || last.busy || last.failed;
}

std::size_t DataDesk::rows(std::size_t columns) {
  columns_ = std::max<std::size_t>(columns, 1);
  first_rows_.assign(1, 0);
  for (std::size_t c = 0; c < members_.size(); ++c)
    first_rows_.push_back(first_rows_.back() + 1 +
                          (folded_[c] ? 0 : (members_[c].size() + columns_ - 1) / columns_));
  return first_rows_.back();
}

DataDesk::Row DataDesk::row(std::size_t index) const {
  FL_CHECK(index < first_rows_.back());
  const auto after = std::ranges::upper_bound(first_rows_, index);
  const auto c = static_cast<std::size_t>(after - first_rows_.begin() - 1);
  const std::size_t within = index - first_rows_[c];
  if (within == 0) return {c, std::nullopt};
  const std::size_t first = (within - 1) * columns_;
  return {c, std::span(members_[c]).subspan(first, std::min(columns_, members_[c].size() - first))};
}

void DataDesk::fold(std::size_t c) {
  folded_[c] = !folded_[c];
}

std::vector<std::size_t> DataDesk::chosen() const {
  std::vector<std::size_t> images;
  images.reserve(chosen_count_);
  for (std::size_t i = 0; i < chosen_.size(); ++i)
    if (chosen_[i]) images.push_back(i);
  return images;
}

void DataDesk::choose(std::size_t image) {
  chosen_.assign(chosen_.size(), false);
  chosen_[image] = true;
  chosen_count_ = 1;
  shown_ = image;
}

void DataDesk::add_or_drop(std::size_t image) {
  chosen_[image] = !chosen_[image];
  chosen_count_ += chosen_[image] ? 1 : -1;
}

void DataDesk::choose_up_to(std::size_t image) {
  const std::int32_t label = edits_.labels()[image];
  if (!shown_ || label == Edits::kRemoved || edits_.labels()[*shown_] != label) return choose(image);
  const auto [first, last] = std::minmax(*shown_, image);
  for (const std::uint32_t one : members_[static_cast<std::size_t>(label)])
    if (one >= first && one <= last && !chosen_[one]) add_or_drop(one);
}

void DataDesk::choose_class(std::size_t c) {
  chosen_.assign(chosen_.size(), false);
  for (const std::uint32_t image : members_[c]) chosen_[image] = true;
  chosen_count_ = members_[c].size();
}

void DataDesk::prepare(std::size_t image, const DataSpec& spec) {
  wanted_ = Wanted{image, spec};
  if (wanted_ != begun_) begin_to_prepare();
}

// One at a time, and then the newest that is wanted: a slider that moves asks for more than there is time
// for.
void DataDesk::begin_to_prepare() {
  {
    const std::scoped_lock lock(shared_->mutex);
    if (shared_->preparing) return;
    shared_->preparing = true;
  }
  begun_ = wanted_;
  background_.add([shared = shared_, wanted = *wanted_, original = data_.original](const std::stop_token&) {
    PreparedImage made{.image = wanted.image, .spec = wanted.spec};
    try {
      if (!shared->decoded || shared->decoded->first != wanted.image) {
        shared->decoded.reset();
        auto found = original ? original(wanted.image) : Result<Original>(error("It has no image."));
        auto decoded = found ? decode(*std::move(found)) : Result<DecodedOriginal>(found.error());
        if (decoded)
          shared->decoded.emplace(wanted.image, *std::move(decoded));
        else
          made.failure = decoded.error().message;
      }
      if (shared->decoded) made = prepare_image(wanted.image, shared->decoded->second, wanted.spec);
    } catch (const std::exception& e) {
      made.failure = failure_text(e) + ".";
    }
    const std::scoped_lock lock(shared->mutex);
    shared->preparing = false;
    shared->prepared = std::move(made);
  });
}

const PreparedImage* DataDesk::prepared() {
  {
    const std::scoped_lock lock(shared_->mutex);
    if (shared_->prepared) {
      prepared_ = std::exchange(shared_->prepared, std::nullopt);
      ++prepared_number_;
    }
  }
  return prepared_ ? &*prepared_ : nullptr;
}

void DataDesk::save(fs::path path) {
  // Teachable Machine opens no other ending.
  if (path.extension() != ".tm" && !path.filename().empty()) path += ".tm";
  const auto set = edits_.result(fewest_images(run_.data.test_fraction));
  const std::scoped_lock lock(shared_->mutex);
  if (shared_->saving.busy) return;
  saved_at_ = changes_;
  if (!set) {
    shared_->saving = {.failed = true, .path = path, .words = set.error().message};
    return;
  }
  shared_->saving = {.busy = true, .path = path};
  background_.add(
      [shared = shared_, set = *set, path, source = EditedSource{data_.original, run_.data},
       settings = TmSettings{run_.epochs, run_.batch_size, run_.rate}](const std::stop_token& stop) {
        Saving done{.path = path};
        try {
          if (auto saved = save_edited_project(path, set, source, settings, stop); !saved)
            done.words = saved.error().message;
        } catch (const std::exception& e) {
          done.words = failure_text(e) + ".";
        }
        done.failed = !done.words.empty();
        const std::scoped_lock now(shared->mutex);
        shared->saving = std::move(done);
      });
}

DataDesk::Saving DataDesk::saved() const {
  const std::scoped_lock lock(shared_->mutex);
  return shared_->saving;
}

bool DataDesk::busy() const {
  const std::scoped_lock lock(shared_->mutex);
  return shared_->saving.busy || shared_->preparing || shared_->prepared.has_value();
}

}  // namespace fl
