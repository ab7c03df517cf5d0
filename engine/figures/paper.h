#pragma once
// A page for figures that are read on paper and slides: drawn once, saved as a picture or as lines. Cairo
// draws, Pango sets the words. Places and sizes in points, y downward.

#include <filesystem>
#include <memory>
#include <span>
#include <string>

#include <glm/vec2.hpp>
#include <glm/vec3.hpp>

#include "trainer/base/result.h"

namespace fl {

struct Ink {
  glm::vec3 srgb{0.13f, 0.15f, 0.19f};
  float alpha = 1;
};

enum class Aligned { kLeft, kMiddle, kRight };

struct WordStyle {
  double size = 16;  // of the letters
  bool bold = false;
  Aligned aligned = Aligned::kLeft;
  double width = 0;     // what does not fit ends in an ellipsis; 0: as wide as it is
  bool upward = false;  // turned, read from below
  Ink ink = {};
};

class Paper {
 public:
  // White.
  Paper(double width, double height);
  Paper(Paper&&) noexcept;
  ~Paper();

  void fill(glm::dvec2 corner, glm::dvec2 size, const Ink& ink);
  void frame(glm::dvec2 corner, glm::dvec2 size, double line, const Ink& ink);
  void line(glm::dvec2 from, glm::dvec2 to, double line, const Ink& ink);
  // One line through all points; `dash`: lengths drawn and left out in turn, empty for a whole line.
  void line(std::span<const glm::dvec2> points, double line, const Ink& ink,
            std::span<const double> dash = {});
  void dot(glm::dvec2 middle, double radius, const Ink& ink);
  // Rows from the top, stretched over a rectangle and smoothed. Precondition: columns * rows inks.
  void picture(glm::dvec2 corner, glm::dvec2 size, std::size_t columns, std::size_t rows,
               std::span<const Ink> inks);
  // `place`: the middle of the words' height, and the end of them that `aligned` names.
  void words(glm::dvec2 place, const std::string& text, const WordStyle& style = {});
  // Width and height of what words() would set.
  [[nodiscard]] glm::dvec2 room(const std::string& text, const WordStyle& style) const;

  // By the ending of `path`: .png, `pixels` a point, or .svg or .pdf. Written beside and renamed. Errors:
  // another ending, what the disk says.
  [[nodiscard]] Result<void> save(const std::filesystem::path& path, double pixels = 2) const;

 private:
  struct Page;
  std::unique_ptr<Page> page_;
};

}  // namespace fl
