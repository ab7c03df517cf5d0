// Films written and read back: what is in them, that they are the same every time, and what is left of one
// that was not finished.

#include "engine/film/encoder/movie_writer.h"

#include <fstream>

#include <unistd.h>

#include "engine/view/film_spec.h"
#include "tests/unit/film/film_pictures.h"
#include "trainer/base/log.h"

namespace fl {
namespace {

namespace fs = std::filesystem;
constexpr MovieSize kSize{96, 64};

class Films : public ::testing::Test {
 protected:
  void SetUp() override { fs::create_directories(folder_); }
  void TearDown() override { fs::remove_all(folder_); }

  MovieOptions options(const std::string& name, const FilmSpec& spec = {}, bool alpha = false,
                       double fps = 24) {
    auto made = movie_options(folder_ / name, spec, {kSize, fps, alpha});
    EXPECT_TRUE(made.ok()) << (made ? "" : made.error().message);
    return *std::move(made);
  }
  void write(const MovieOptions& options, int pictures) {
    auto writer = open_movie_writer(options);
    ASSERT_TRUE(writer.ok()) << writer.error().message;
    for (int i = 0; i < pictures; ++i) {
      const auto added = (*writer)->add(test::moving_picture(kSize.width, kSize.height, i));
      ASSERT_TRUE(added.ok()) << added.error().message;
    }
    const auto finished = (*writer)->finish();
    ASSERT_TRUE(finished.ok()) << finished.error().message;
  }

  const fs::path folder_ = fs::temp_directory_path() / fmt::format("fallline_films_{}", ::getpid());
};

// Of two pictures, over all colours; `opacity`: of it, too.
int largest_difference(const Picture& a, const Picture& b, bool opacity) {
  int largest = 0;
  for (std::size_t i = 0; i < a.rgba.size(); ++i)
    if (i % 4 != 3 || opacity) largest = std::max(largest, std::abs(a.rgba[i] - b.rgba[i]));
  return largest;
}

double mean_difference(const Picture& a, const Picture& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.rgba.size(); ++i)
    if (i % 4 != 3) sum += std::abs(a.rgba[i] - b.rgba[i]);
  return sum / (static_cast<double>(a.rgba.size()) * 0.75);
}

struct Kind {
  const char* name;
  const char* codec;
  const char* pixel_format;
  const char* matrix;
  const char* range;
  double mean;  // most that colours may be off
};

class FilmKinds : public Films, public ::testing::WithParamInterface<Kind> {};

TEST_P(FilmKinds, HoldTheirPicturesAndSayTheirColours) {
  const Kind& kind = GetParam();
  write(options(kind.name), 30);
  const test::ReadFilm film = test::read_film(folder_ / kind.name);
  EXPECT_EQ(film.codec, kind.codec);
  EXPECT_EQ(film.pixel_format, kind.pixel_format);
  EXPECT_EQ(film.primaries, "bt709");
  EXPECT_EQ(film.transfer, "iec61966-2-1");
  EXPECT_EQ(film.matrix, kind.matrix);
  EXPECT_EQ(film.range, kind.range);
  EXPECT_DOUBLE_EQ(film.fps, 24);
  EXPECT_DOUBLE_EQ(film.begin, 0);
  ASSERT_EQ(film.pictures.size(), 30u);
  for (int i = 0; i < 30; i += 7) {
    const Picture wanted = test::moving_picture(kSize.width, kSize.height, i);
    EXPECT_LE(mean_difference(film.pictures[static_cast<std::size_t>(i)], wanted), kind.mean)
        << "picture " << i;
  }
}

TEST_P(FilmKinds, AreTheSameEveryTime) {
  const Kind& kind = GetParam();
  write(options(kind.name), 30);
  const std::uint64_t first = test::read_film(folder_ / kind.name).hash;
  // Threads that come in another order: with all processors busy.
  std::atomic<bool> stop = false;
  std::vector<std::jthread> busy;
  for (int i = 0; i < 4; ++i)
    busy.emplace_back([&] {
      while (!stop) {
      }
    });
  for (int again = 0; again < 3; ++again) {
    write(options(kind.name), 30);
    EXPECT_EQ(test::read_film(folder_ / kind.name).hash, first);
  }
  stop = true;
}

// Neither finished nor closed in order, as when the program is killed.
TEST_P(FilmKinds, LoseLessThanASecondWhenTheyAreNotFinished) {
  const Kind& kind = GetParam();
  for (const int written : {24, 37, 60}) {
    auto writer = open_movie_writer(options(kind.name));
    ASSERT_TRUE(writer.ok()) << writer.error().message;
    for (int i = 0; i < written; ++i)
      ASSERT_TRUE((*writer)->add(test::moving_picture(kSize.width, kSize.height, i)).ok());
    const fs::path left = folder_ / fmt::format("left-{}", kind.name);
    fs::copy_file(folder_ / kind.name, left, fs::copy_options::overwrite_existing);
    EXPECT_GE(test::read_film(left).pictures.size(), static_cast<std::size_t>(written - 24)) << written;
    // Cut off anywhere, too.
    fs::resize_file(left, fs::file_size(left) - 5);
    EXPECT_EQ(test::read_film(left).codec, kind.codec);
  }
}

INSTANTIATE_TEST_SUITE_P(All, FilmKinds,
                         ::testing::Values(Kind{"a.mp4", "h264", "yuv420p", "bt709", "tv", 4},
                                           Kind{"a.mkv", "ffv1", "bgr0", "gbr", "pc", 0},
                                           Kind{"a.webm", "vp9", "yuv420p", "bt709", "tv", 6},
                                           Kind{"a.mov", "prores", "yuv444p12le", "bt709", "tv", 2}),
                         [](const auto& one) { return std::string(one.param.codec); });

TEST_F(Films, ATransparentOneKeepsItsOpacity) {
  for (const char* name : {"a.mkv", "a.mov"}) {
    write(options(name, {}, true), 5);
    const test::ReadFilm film = test::read_film(folder_ / name);
    ASSERT_EQ(film.pictures.size(), 5u) << name;
    const Picture wanted = test::moving_picture(kSize.width, kSize.height, 4);
    EXPECT_LE(largest_difference(film.pictures[4], wanted, true), std::string(name) == "a.mkv" ? 0 : 24)
        << name;
    for (std::uint32_t x = 0; x < kSize.width; ++x)
      EXPECT_NEAR(film.pictures[4].rgba[x * 4 + 3], wanted.rgba[x * 4 + 3], 1) << name << " at " << x;
  }
  write(options("a.webm", {}, true), 5);
  const test::ReadFilm film = test::read_film(folder_ / "a.webm", "libvpx-vp9");
  ASSERT_EQ(film.pictures.size(), 5u);
  EXPECT_EQ(film.pixel_format, "yuva420p");
  EXPECT_NEAR(film.pictures[4].rgba[48 * 4 + 3],
              test::moving_picture(kSize.width, kSize.height, 4).rgba[48 * 4 + 3], 6);
}

TEST_F(Films, HaveChapters) {
  for (const char* name : {"a.mp4", "a.mkv", "a.webm", "a.mov"}) {
    MovieOptions movie = options(name);
    movie.chapters = {{0, 0.5, "Watch: the ball"}, {0.5, 1, "Ask: where to?"}};
    write(movie, 24);
    EXPECT_EQ(test::read_film(folder_ / name).chapters,
              (std::vector<std::string>{"0 Watch: the ball", "500 Ask: where to?"}))
        << name;
  }
}

TEST_F(Films, TakeEveryPixelFormatAndRate) {
  for (const char* pixels : {"yuv422p", "yuv444p", "yuv420p10", "yuv422p10", "yuv444p10"})
    for (const char* name : {"a.mp4", "a.webm"}) {
      write(options(name, {.pixel_format = pixels}), 3);
      const test::ReadFilm film = test::read_film(folder_ / name);
      EXPECT_TRUE(film.pixel_format.starts_with(pixels)) << name << " " << film.pixel_format;
      EXPECT_EQ(film.pictures.size(), 3u);
    }
  for (const double fps : {1.0, 12.0, 23.976, 60.0, 120.0}) {
    write(options("a.mp4", {}, false, fps), 9);
    const test::ReadFilm film = test::read_film(folder_ / "a.mp4");
    EXPECT_NEAR(film.fps, fps, 1e-4);
    EXPECT_EQ(film.pictures.size(), 9u);
  }
}

// The kinds of the boxes of an MP4, in their order.
std::vector<std::string> boxes_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::vector<std::string> kinds;
  for (unsigned char head[8]; file.read(reinterpret_cast<char*>(head), sizeof head);) {
    kinds.emplace_back(reinterpret_cast<const char*>(head) + 4, 4);
    const std::uint32_t size = head[0] << 24 | head[1] << 16 | head[2] << 8 | head[3];
    if (size < sizeof head) break;
    file.seekg(static_cast<std::streamoff>(size - sizeof head), std::ios::cur);
  }
  return kinds;
}

// Of fragments while it is written, so that it can be read whatever ends it; with one index in front
// afterwards.
TEST_F(Films, HaveTheirIndexInFrontWhenTheyAreFinished) {
  for (const char* name : {"a.mp4", "a.mov", "a: b.mp4"}) {
    const fs::path path = folder_ / name, fragments = folder_ / "fragments";
    auto writer = open_movie_writer(options(name));
    for (int i = 0; i < 30; ++i)
      ASSERT_TRUE((*writer)->add(test::moving_picture(kSize.width, kSize.height, i)).ok());
    fs::copy_file(path, fragments, fs::copy_options::overwrite_existing);
    ASSERT_TRUE((*writer)->finish().ok());
    const auto before = boxes_of(fragments), after = boxes_of(path);
    EXPECT_GT(std::ranges::count(before, "moof"), 1) << name;
    EXPECT_EQ(std::ranges::count(after, "moof"), 0) << name;
    EXPECT_EQ(std::ranges::count(after, "moov"), 1) << name;
    EXPECT_LT(std::ranges::find(after, "moov"), std::ranges::find(after, "mdat")) << name;
    EXPECT_EQ(std::distance(fs::directory_iterator(folder_), fs::directory_iterator()), 2)
        << "a copy is left";
    // The same packets: what could be read before is what is read now.
    const test::ReadFilm some = test::read_film(fragments), all = test::read_film(path);
    ASSERT_EQ(all.pictures.size(), 30u) << name;
    ASSERT_GT(some.pictures.size(), 0u);
    for (std::size_t i = 0; i < some.pictures.size(); ++i)
      EXPECT_EQ(some.pictures[i].rgba, all.pictures[i].rgba);
    fs::remove(path);
  }
}

TEST_F(Films, StayAsTheyAreWhereTheirIndexCannotBePutInFront) {
  const MovieOptions movie = options("a.mp4");
  auto writer = open_movie_writer(movie);
  for (int i = 0; i < 12; ++i)
    ASSERT_TRUE((*writer)->add(test::moving_picture(kSize.width, kSize.height, i)).ok());
  // Somebody gives its folder another name meanwhile: nothing can be written beside it.
  const fs::path moved = folder_.string() + "-moved";
  fs::rename(folder_, moved);
  std::vector<std::string> said;
  set_log_sink([&](LogLevel, std::string_view line) { said.emplace_back(line); });
  EXPECT_TRUE((*writer)->finish().ok());
  set_log_sink({});
  EXPECT_EQ(said, std::vector{fmt::format(
                      "{} is whole and can be played, but its index could not be put in front of its "
                      "pictures, where some editors want it: Cannot write {}: no such file or folder; "
                      "choose another place.",
                      movie.path.string(), movie.path.string())});
  EXPECT_EQ(test::read_film(moved / "a.mp4").pictures.size(), 12u);
  fs::rename(moved, folder_);
}

TEST_F(Films, AreWrittenByOneProgramAtATime) {
  write(options("a.mp4"), 12);
  auto first = open_movie_writer(options("a.mp4")), second = open_movie_writer(options("a.mp4"));
  for (int i = 0; i < 24; ++i)
    ASSERT_TRUE((*first)->add(test::moving_picture(kSize.width, kSize.height, i)).ok());
  Result<void> added;
  for (int i = 0; i < 24 && added; ++i)
    added = (*second)->add(test::moving_picture(kSize.width, kSize.height, 0));
  ASSERT_FALSE(added.ok());
  EXPECT_EQ(added.error().message,
            fmt::format("Another program is writing {}; wait until it ends, or choose another name.",
                        (folder_ / "a.mp4").string()));
  ASSERT_TRUE((*first)->finish().ok());
  EXPECT_EQ(test::read_film(folder_ / "a.mp4").pictures.size(), 24u);
}

TEST_F(Films, SayWhyTheyCannotBeWritten) {
  MovieOptions movie = options("a.mp4");
  movie.path = folder_ / "nowhere" / "a.mp4";
  auto writer = open_movie_writer(movie);
  ASSERT_TRUE(writer.ok()) << writer.error().message;
  EXPECT_FALSE((*writer)->finish().ok());  // without a picture
  writer = open_movie_writer(movie);
  ASSERT_TRUE((*writer)->add(test::moving_picture(kSize.width, kSize.height, 0)).ok());
  const auto finished = (*writer)->finish();
  ASSERT_FALSE(finished.ok());
  EXPECT_EQ(finished.error().message,
            fmt::format("Cannot write {}: no such file or folder.", movie.path.string()));
}

}  // namespace
}  // namespace fl
