// A folder of pictures that a film goes on with: what is there, and what of it is not the film's.

#include "engine/app/commands/filming/frame_folder.h"

#include <fstream>

#include <gtest/gtest.h>
#include <unistd.h>

#include "engine/app/commands/output_folder.h"
#include "engine/film/picture.h"

namespace fl {
namespace {
namespace fs = std::filesystem;

class FrameFolder : public ::testing::Test {
 protected:
  void SetUp() override {
    fs::create_directories(folder_);
    ASSERT_TRUE(begin_frames(folder_, 0, film_.pretty()).ok());
    for (int i = 1; i <= 3; ++i) draw(i);
  }
  void TearDown() override { fs::remove_all(folder_); }
  void draw(int number, std::uint32_t width = 4) {
    const Picture picture{width, 2, std::vector<std::uint8_t>(std::size_t{width} * 8, 7)};
    ASSERT_TRUE(save_png(folder_ / frame_name(number), picture).ok());
  }
  void write(const std::string& name, const std::string& text) {
    std::ofstream(folder_ / name, std::ios::binary) << text;
  }
  [[nodiscard]] Result<std::int64_t> there() const { return frames_of_film(folder_, film_, {4, 2, 5}); }
  void expect_wrong(const std::string& words) const {
    const auto found = there();
    ASSERT_FALSE(found.ok());
    EXPECT_NE(found.error().message.find(words), std::string::npos) << found.error().message;
  }

  fs::path folder_ = fs::temp_directory_path() / fmt::format("fallline-frames-{}", ::getpid());
  Json film_{Json::Object{{"scene", Json("1")}}};
};

TEST_F(FrameFolder, GoesOnBehindTheFirstGap) {
  EXPECT_EQ(*there(), 3);
  draw(5);
  EXPECT_EQ(*there(), 3);
  write("notes.txt", "mine");
  EXPECT_EQ(*there(), 3);
  ASSERT_TRUE(begin_frames(folder_, 2, film_.pretty()).ok());
  EXPECT_EQ(*there(), 2);
  EXPECT_TRUE(fs::exists(folder_ / "notes.txt"));
}

TEST_F(FrameFolder, NamesWhatIsNotTheFilms) {
  draw(6);
  expect_wrong(frame_name(6) + " is none of this film's 5 pictures; move it elsewhere");
  EXPECT_TRUE(fs::exists(folder_ / frame_name(6)));
  fs::remove(folder_ / frame_name(6));
  write("frame-000002.png", "");
  expect_wrong("frame-000002.png is none of this film's");
  fs::remove(folder_ / "frame-000002.png");
  draw(2, 3);
  expect_wrong("frame-00002.png has 3x2 pixels and not 4x2; remove it, and the film goes on from there");
  fs::remove(folder_ / frame_name(2));
  EXPECT_EQ(*there(), 1);
}

TEST_F(FrameFolder, NamesWhatIsDamagedOrNotDrawnHere) {
  fs::resize_file(folder_ / frame_name(3), fs::file_size(folder_ / frame_name(3)) - 5);
  expect_wrong("frame-00003.png is no whole PNG picture; remove it");
  write(frame_name(3), "");
  expect_wrong("frame-00003.png is no whole PNG picture");
  // What another program saves is the same picture without the mark.
  draw(3);
  std::ifstream file(folder_ / frame_name(3), std::ios::binary);
  std::string bytes{std::istreambuf_iterator<char>(file), {}};
  bytes.erase(33, 30);
  write(frame_name(3), bytes);
  expect_wrong("frame-00003.png was not drawn by this program; remove it");
  draw(3);
  EXPECT_EQ(*there(), 3);
  film_ = Json{Json::Object{{"scene", Json("2")}}};
  expect_wrong("holds another film, of scene");
}

}  // namespace
}  // namespace fl
