// window_picture take ID WIDTH HEIGHT FILE.png [X Y]: a part of an X window as it stands on the screen, the
// upper left one or from there. window_picture same A.png B.png: whether they are the same, as strictly as
// golden pictures have to be; says how they differ, and exit code 1, where they are not.
#include <cstdio>
#include <cstdlib>
#include <string>

#include <fmt/format.h>

#include "tests/support/golden.h"

// After all others: its macros have plain names.
#include <X11/Xutil.h>

#include "tests/app/x_display.h"

namespace {

int fail(const std::string& message) {
  fmt::print(stderr, "{}\n", message);
  return 1;
}

int take(int argc, char** argv) {
  const auto number = [argv](int i) { return static_cast<unsigned>(std::strtoul(argv[i], nullptr, 0)); };
  const fl::testing::XDisplay display;
  const unsigned width = number(3), height = number(4);
  const int left = argc > 6 ? static_cast<int>(number(6)) : 0,
            top = argc > 7 ? static_cast<int>(number(7)) : 0;
  XImage* image =
      XGetImage(display, std::strtoul(argv[2], nullptr, 0), left, top, width, height, AllPlanes, ZPixmap);
  if (image == nullptr) return fail("no picture of the window");
  fl::Picture picture{width, height, {}};
  for (unsigned y = 0; y < height; ++y)
    for (unsigned x = 0; x < width; ++x) {
      const unsigned long pixel = XGetPixel(image, static_cast<int>(x), static_cast<int>(y));
      for (const int shift : {16, 8, 0})
        picture.rgba.push_back(static_cast<std::uint8_t>(pixel >> shift & 255));
      picture.rgba.push_back(255);
    }
  XDestroyImage(image);
  const auto saved = fl::save_png(argv[5], picture);
  return saved ? 0 : fail(saved.error().message);
}

int same(char** argv) {
  const auto a = fl::load_png(argv[2]), b = fl::load_png(argv[3]);
  if (!a || !b) return fail(a ? b.error().message : a.error().message);
  const std::string wrong = fl::testing::compare_pictures(*a, *b);
  return wrong.empty() ? 0 : fail(wrong);
}

}  // namespace

int main(int argc, char** argv) {
  const std::string what = argc > 1 ? argv[1] : "";
  if (what == "take" && (argc == 6 || argc == 8)) return take(argc, argv);
  if (what == "same" && argc == 4) return same(argv);
  return fail("usage: window_picture take ID WIDTH HEIGHT FILE.png [X Y] | same A.png B.png"), 2;
}
