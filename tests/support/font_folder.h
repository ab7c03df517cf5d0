#pragma once
// Lets fontconfig see the fonts of a few folders only, whatever this machine has: a bare system's text, and
// what it is told to install.

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <unistd.h>

namespace fl::testing {

class FontFolder {
 public:
  explicit FontFolder(const std::vector<std::string>& folders)
      : folder_(std::filesystem::path(::testing::TempDir()) /
                // Cases run beside each other, each in a process of its own.
                ("fallline_fonts_" + std::to_string(::getpid()))) {
    std::filesystem::create_directories(folder_);
    std::ofstream config(folder_ / "fonts.conf");
    config << "<?xml version=\"1.0\"?><!DOCTYPE fontconfig SYSTEM \"fonts.dtd\"><fontconfig>";
    for (const std::string& fonts : folders) config << "<dir>" << fonts << "</dir>";
    config << "<cachedir>" << (folder_ / "cache").string() << "</cachedir></fontconfig>";
    config.close();
    setenv("FONTCONFIG_FILE", (folder_ / "fonts.conf").c_str(), 1);
  }
  ~FontFolder() {
    unsetenv("FONTCONFIG_FILE");
    std::filesystem::remove_all(folder_);
  }
  FontFolder(const FontFolder&) = delete;
  FontFolder& operator=(const FontFolder&) = delete;

 private:
  std::filesystem::path folder_;
};

}  // namespace fl::testing
