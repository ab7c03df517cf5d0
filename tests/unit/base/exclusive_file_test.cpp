// Files that one program writes at a time, and files that take the place of others when they are whole.
#include "trainer/base/exclusive_file.h"

#include <filesystem>
#include <fstream>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "trainer/base/atomic_file.h"
#include "trainer/base/byte_lock.h"

namespace fl {
namespace {

namespace fs = std::filesystem;

class ExclusiveFile : public ::testing::Test {
 protected:
  void SetUp() override { fs::create_directories(folder_); }
  void TearDown() override { fs::remove_all(folder_); }
  static std::string text_of(const fs::path& path) { return read_text_file(path, 1000).value(); }
  [[nodiscard]] std::size_t files() const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder_), fs::directory_iterator()));
  }

  const fs::path folder_ = fs::temp_directory_path() / fmt::format("fallline_exclusive_{}", ::getpid());
  const fs::path file_ = folder_ / "film.mp4";
};

TEST_F(ExclusiveFile, IsOneWritersAtATime) {
  std::ofstream(file_) << "before";
  {
    const auto first = open_exclusive(file_);
    ASSERT_TRUE(first.ok());
    for (const Result<void>& second : {Result<void>(check_exclusive(file_)), [&] {
                                         auto opened = open_exclusive(file_);
                                         return opened ? Result<void>() : Result<void>(opened.error());
                                       }()}) {
      ASSERT_FALSE(second.ok());
      EXPECT_EQ(second.error().message,
                fmt::format("Another program is writing {}; wait until it ends, or choose another name.",
                            file_.string()));
    }
    EXPECT_EQ(text_of(file_), "before") << "opening changes nothing";
  }
  EXPECT_TRUE(check_exclusive(file_).ok());
  EXPECT_TRUE(open_exclusive(file_).ok());
}

TEST_F(ExclusiveFile, ALookMakesNothingAndEndsNoPipe) {
  EXPECT_TRUE(check_exclusive(folder_ / "nothing").ok());
  EXPECT_EQ(files(), 0u);
  const fs::path pipe = folder_ / "pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  const Descriptor reader(::open(pipe.c_str(), O_RDONLY | O_NONBLOCK));
  const Descriptor writer(::open(pipe.c_str(), O_WRONLY | O_NONBLOCK));
  EXPECT_TRUE(check_exclusive(pipe).ok());
  EXPECT_FALSE(open_exclusive(folder_ / "missing" / "film.mp4").ok());
}

TEST_F(ExclusiveFile, BytesAreLockedOneByOne) {
  const Descriptor one(::open(file_.c_str(), O_RDWR | O_CREAT, 0600)), two(::open(file_.c_str(), O_RDWR));
  EXPECT_EQ(lock_bytes(one, 3, 1), ByteLock::kTaken);
  EXPECT_EQ(lock_bytes(two, 3, 1), ByteLock::kOthers);
  EXPECT_EQ(lock_bytes(two, 4, 1), ByteLock::kTaken);
  EXPECT_EQ(lock_bytes(two, 0, 0), ByteLock::kOthers) << "all of them";
  unlock_bytes(one, 3, 1);
  EXPECT_TRUE(wait_for_bytes(two, 3, 1));
  EXPECT_EQ(lock_bytes(one, 3, 1), ByteLock::kOthers);
  const Descriptor reading(::open(file_.c_str(), O_RDONLY));
  EXPECT_EQ(lock_bytes(reading, 9, 1), ByteLock::kNone);
}

TEST_F(ExclusiveFile, WhatIsWrittenBesideTakesItsPlaceWhenItIsWhole) {
  std::ofstream(file_) << "before";
  fs::create_symlink("film.mp4", folder_ / "link.mp4");
  {
    const auto given_up = FileBeside::make(file_);
    ASSERT_TRUE(given_up.ok());
    std::ofstream(given_up->path()) << "half";
    EXPECT_EQ(files(), 3u);
  }
  EXPECT_EQ(files(), 2u);
  EXPECT_EQ(text_of(file_), "before");
  auto beside = FileBeside::make(folder_ / "link.mp4");
  ASSERT_TRUE(beside.ok());
  std::ofstream(beside->path()) << "whole";
  EXPECT_TRUE(beside->commit().ok());
  EXPECT_EQ(text_of(file_), "whole");
  EXPECT_TRUE(fs::is_symlink(folder_ / "link.mp4"));
  EXPECT_EQ(files(), 2u);
}

}  // namespace
}  // namespace fl
