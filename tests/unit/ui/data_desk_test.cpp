// The desk of the panel "Data": rows of the grid, what is chosen, and work on another thread.
#include "engine/ui/panels/data/data_desk.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <thread>

#include <gtest/gtest.h>

#include "trainer/data/preprocess.h"

namespace fl {
namespace {

namespace fs = std::filesystem;
using Images = std::vector<std::size_t>;

class Desk : public testing::Test {
 protected:
  static Dataset some_data() {
    Dataset data;
    data.classes = {"A", "B", "C"};
    for (int i = 0; i < 12; ++i) {
      data.labels.push_back(i < 7 ? 0 : i < 10 ? 1 : 2);
      data.names.emplace_back("image");
    }
    // Of image i, Hounsfield units that rise by i from pixel to pixel; the last one is broken.
    data.original = [](std::size_t image) -> Result<Original> {
      if (image == 11) return error("It is gone.");
      HuSlice slice{.side = 16, .millimetres = 1, .hounsfield = std::vector<float>(256)};
      for (std::size_t i = 0; i < 256; ++i) slice.hounsfield[i] = static_cast<float>(image * i);
      return Original(std::move(slice));
    };
    return data;
  }
  static RunSpec some_run() {
    RunSpec run;
    run.data.channels = 1;
    run.data.image_size = 16;
    return run;
  }
  Desk() { fs::create_directories(folder_); }
  ~Desk() override { fs::remove_all(folder_); }
  template <typename Done>
  static bool wait_for(const Done& done) {
    for (int i = 0; i < 2000 && !done(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(5));
    return done();
  }

  Dataset data_ = some_data();
  Split split_{{0, 1, 2, 3, 4, 7, 8, 10}, {5, 6, 9, 11}};
  RunSpec run_ = some_run();
  fs::path folder_ = fs::temp_directory_path() / fmt::format("fallline-desk-{}", ::getpid());
  Background background_;
  DataDesk desk_{data_, split_, run_, background_};
};

TEST_F(Desk, RowsOfAGrid) {
  ASSERT_EQ(desk_.rows(3), 3u + 3 + 1 + 1);
  EXPECT_FALSE(desk_.row(0).images);
  EXPECT_EQ(desk_.row(0).c, 0u);
  ASSERT_TRUE(desk_.row(3).images);
  EXPECT_EQ(std::vector(desk_.row(2).images->begin(), desk_.row(2).images->end()),
            (std::vector<std::uint32_t>{3, 4, 5}));
  EXPECT_EQ(desk_.row(3).images->size(), 1u);
  EXPECT_EQ(desk_.row(4).c, 1u);
  EXPECT_FALSE(desk_.row(4).images);
  EXPECT_EQ(desk_.row(7).images->front(), 10u);
  desk_.fold(0);
  ASSERT_EQ(desk_.rows(3), 1u + 2 + 2);
  EXPECT_EQ(desk_.row(2).images->front(), 7u);
  EXPECT_EQ(desk_.tests_of(0), 2u);
  EXPECT_TRUE(desk_.tests(5));
  EXPECT_FALSE(desk_.tests(4));
}

TEST_F(Desk, ChoosesByItselfBesideAndUpTo) {
  EXPECT_FALSE(desk_.shown());
  desk_.choose(2);
  desk_.choose_up_to(4);
  desk_.add_or_drop(8);
  EXPECT_EQ(desk_.chosen(), (Images{2, 3, 4, 8}));
  EXPECT_EQ(desk_.chosen_count(), 4u);
  desk_.add_or_drop(3);
  EXPECT_EQ(desk_.chosen(), (Images{2, 4, 8}));
  EXPECT_EQ(desk_.shown(), 2u);
  desk_.choose_up_to(9);
  EXPECT_EQ(desk_.chosen(), (Images{9})) << "of another class: it alone";
  desk_.choose_class(1);
  EXPECT_EQ(desk_.chosen(), (Images{7, 8, 9}));
}

TEST_F(Desk, ShowsItsDraft) {
  desk_.choose(5);
  desk_.move_chosen(2);
  EXPECT_EQ(desk_.images_of(2), (std::vector<std::uint32_t>{5, 10, 11}));
  EXPECT_EQ(desk_.tests_of(2), 2u);
  desk_.choose_class(1);
  desk_.remove_chosen();
  EXPECT_TRUE(desk_.images_of(1).empty());
  EXPECT_EQ(desk_.chosen_count(), 0u) << "what is removed cannot be chosen";
  desk_.undo();
  EXPECT_EQ(desk_.images_of(1).size(), 3u);
  desk_.clear();
  EXPECT_EQ(desk_.images_of(0).size(), 7u);
  EXPECT_TRUE(desk_.edits().empty());
}

TEST_F(Desk, ADraftOutlivesALessonThatBeginsAgain) {
  desk_.choose(5);
  desk_.move_chosen(2);
  DataDesk again{data_, split_, run_, background_};
  again.go_on_from(desk_);
  EXPECT_EQ(again.images_of(2).size(), 3u);
  again.undo();
  EXPECT_EQ(again.images_of(2).size(), 2u);
  Dataset other = some_data();
  other.names[3] = "another";
  DataDesk of_another{other, split_, run_, background_};
  of_another.go_on_from(desk_);
  EXPECT_TRUE(of_another.edits().empty());
  Dataset alike = some_data();
  alike.contents.assign(alike.size(), 7);
  DataDesk of_alike{alike, split_, run_, background_};
  of_alike.go_on_from(desk_);
  EXPECT_TRUE(of_alike.edits().empty()) << "other images, though they are called the same";
}

TEST_F(Desk, PreparesWithTheTrainersCode) {
  EXPECT_EQ(desk_.prepared(), nullptr);
  DataSpec spec = run_.data;
  for (const double level : {40.0, 80.0, 120.0}) {  // a slider that moves: the last one counts
    spec.window.level = level;
    desk_.prepare(3, spec);
  }
  ASSERT_TRUE(wait_for([&] {
    desk_.prepare(3, spec);
    return desk_.prepared() != nullptr && desk_.prepared()->spec == spec;
  }));
  const PreparedImage& made = *desk_.prepared();
  EXPECT_TRUE(made.slice);
  const auto slice = std::get<HuSlice>(*data_.original(3));
  std::vector<float> pixels(256);
  hounsfield_input(slice, spec, pixels);
  ASSERT_EQ(made.seen.pixels.size(), 256u);
  for (std::size_t i = 0; i < 256; ++i) EXPECT_EQ(made.seen.pixels[i], to_byte(pixels[i]));
  spec.colour_range = HuRange{50, 90};
  spec.channels = 3;
  ASSERT_TRUE(wait_for([&] {
    desk_.prepare(3, spec);
    return desk_.prepared()->spec == spec;
  }));
  const Bitmap& red = desk_.prepared()->seen;
  ASSERT_EQ(red.channels, 3);
  EXPECT_GT(red.pixels[25 * 3], red.pixels[25 * 3 + 1]) << "75 HU";
  EXPECT_EQ(red.pixels[3 * 3], red.pixels[3 * 3 + 1]) << "9 HU";
  ASSERT_TRUE(wait_for([&] {
    desk_.prepare(11, spec);
    return desk_.prepared()->image == 11;
  }));
  EXPECT_EQ(desk_.prepared()->failure, "It is gone.");
}

TEST_F(Desk, SavesWhatCanBeTrained) {
  desk_.choose_class(2);
  desk_.remove_chosen();
  desk_.save(folder_ / "a.tm");
  ASSERT_TRUE(wait_for([&] { return !desk_.saved().busy; }));
  EXPECT_FALSE(desk_.saved().failed) << desk_.saved().words;
  EXPECT_GT(fs::file_size(folder_ / "a.tm"), 5000u);
  desk_.save(folder_ / "a.tm");
  ASSERT_TRUE(wait_for([&] { return !desk_.saved().busy; }));
  EXPECT_NE(desk_.saved().words.find("a.tm already, and nothing is replaced"), std::string::npos)
      << desk_.saved().words;
  desk_.save(folder_ / "without an ending");
  ASSERT_TRUE(wait_for([&] { return !desk_.saved().busy; }));
  EXPECT_TRUE(fs::exists(folder_ / "without an ending.tm")) << desk_.saved().words;
  EXPECT_EQ(desk_.saved().path, folder_ / "without an ending.tm") << "what is said is where it is";
  desk_.choose_class(1);
  desk_.remove_chosen();
  desk_.save(folder_ / "b.tm");
  EXPECT_TRUE(desk_.saved().failed);
  EXPECT_EQ(desk_.saved().words,
            "Only the class \"A\" is left, and training needs two; undo the last removal.");
  EXPECT_FALSE(fs::exists(folder_ / "b.tm"));
}

TEST_F(Desk, KnowsWhetherItsDraftWouldBeMissed) {
  EXPECT_FALSE(desk_.unsaved());
  desk_.choose(11);
  desk_.remove_chosen();
  EXPECT_TRUE(desk_.unsaved());
  desk_.undo();
  EXPECT_FALSE(desk_.unsaved()) << "it is as the images are";
  desk_.choose_class(2);
  desk_.remove_chosen();
  desk_.save(folder_ / "kept.tm");
  ASSERT_TRUE(wait_for([&] { return !desk_.saved().busy; }));
  EXPECT_FALSE(desk_.unsaved()) << desk_.saved().words;
  DataDesk next(data_, split_, run_, background_);
  next.go_on_from(desk_);
  EXPECT_FALSE(next.unsaved()) << "it is still saved";
  ASSERT_TRUE(desk_.rename(0, "Z").ok());
  EXPECT_TRUE(desk_.unsaved()) << "changed since";
  next.go_on_from(desk_);
  EXPECT_TRUE(next.unsaved());
  desk_.let_go();
  EXPECT_FALSE(desk_.unsaved());
  EXPECT_FALSE(desk_.edits().empty()) << "it is there for whoever stays";
  desk_.choose_class(1);
  desk_.remove_chosen();
  desk_.save(folder_ / "other.tm");
  EXPECT_TRUE(desk_.unsaved()) << "one class is none";
}

TEST_F(Desk, ANameThatNothingHas) {
  const fs::path opened = folder_ / "exp_1.tm";
  const fs::path first = free_project_name(opened.string());
  EXPECT_EQ(first, folder_ / "exp_1-edited.tm");
  std::ofstream(first) << "x";
  EXPECT_EQ(free_project_name(opened.string()), folder_ / "exp_1-edited-2.tm");
  EXPECT_EQ(free_project_name("").parent_path(), fs::current_path());
  EXPECT_EQ(free_project_name("/no/such/folder/x.tm").parent_path(), fs::current_path());
}

TEST(ChangedSettings, NameWhatDiffers) {
  DataSpec now, wanted;
  EXPECT_TRUE(changed_settings(now, wanted, true, false).empty());
  wanted.window = {75, 215};
  wanted.image_size = 96;
  EXPECT_EQ(changed_settings(now, wanted, true, false),
            (std::vector<std::string>{"data.window=[75, 215]", "data.image_size=96"}));
  wanted = now;
  wanted.colour_range = HuRange{40, 90};
  EXPECT_EQ(changed_settings(now, wanted, true, false),
            (std::vector<std::string>{"data.colour_range=[40, 90]", "data.channels=3"}));
  EXPECT_EQ(changed_settings(now, wanted, false, false),
            (std::vector<std::string>{"data.colour_range=[40, 90]"}));
  EXPECT_EQ(changed_settings(wanted, now, false, false),
            (std::vector<std::string>{"data.colour_range=off", "data.channels=auto"}));
  EXPECT_EQ(changed_settings(wanted, now, false, true), (std::vector<std::string>{"data.colour_range=off"}));
}

}  // namespace
}  // namespace fl
