// window_colour ID X Y WIDTH HEIGHT: the mean colour of a part of an X window as it stands on the screen, and
// the largest amount by which a pixel there is redder than green, as four numbers from 0 to 255: R G B
// REDDER.
#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>

#include <X11/Xutil.h>

#include "tests/app/x_display.h"

int main(int argc, char** argv) {
  if (argc != 6) {
    std::fputs("usage: window_colour ID X Y WIDTH HEIGHT\n", stderr);
    return 2;
  }
  const fl::testing::XDisplay display;
  std::array<unsigned, 4> at{};  // x, y, width, height
  for (std::size_t i = 0; i < at.size(); ++i)
    at[i] = static_cast<unsigned>(std::strtoul(argv[i + 2], nullptr, 10));
  XImage* image = XGetImage(display, std::strtoul(argv[1], nullptr, 0), static_cast<int>(at[0]),
                            static_cast<int>(at[1]), at[2], at[3], AllPlanes, ZPixmap);
  if (image == nullptr) return 1;
  std::array<unsigned long, 3> sum{};
  int redder = 0;
  for (unsigned y = 0; y < at[3]; ++y)
    for (unsigned x = 0; x < at[2]; ++x) {
      const unsigned long pixel = XGetPixel(image, static_cast<int>(x), static_cast<int>(y));
      const std::array<unsigned long, 3> rgb{pixel >> 16 & 255, pixel >> 8 & 255, pixel & 255};
      for (std::size_t i = 0; i < rgb.size(); ++i) sum[i] += rgb[i];
      redder = std::max(redder, static_cast<int>(rgb[0]) - static_cast<int>(rgb[1]));
    }
  const unsigned long count = std::max(at[2] * at[3], 1u);
  std::printf("%lu %lu %lu %d\n", sum[0] / count, sum[1] / count, sum[2] / count, redder);
  XDestroyImage(image);
}
