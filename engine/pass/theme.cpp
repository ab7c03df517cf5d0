#include "engine/pass/theme.h"

namespace fl {
namespace {

constexpr glm::vec4 rgb(unsigned hex, float alpha = 1) {
  return {static_cast<float>(hex >> 16 & 255u) / 255.0f, static_cast<float>(hex >> 8 & 255u) / 255.0f,
          static_cast<float>(hex & 255u) / 255.0f, alpha};
}

}  // namespace

const Theme& dark_theme() {
  static constexpr Theme kTheme{
      .background_top = rgb(0x1a1f28),
      .background_bottom = rgb(0x0d1015),
      .text = rgb(0xeceff4),
      .text_muted = rgb(0x9aa5b5),
      .grid = rgb(0x8fa3bf, 0.16f),
      .axis = rgb(0xa9b8cc, 0.45f),
      .panel = rgb(0x20262f),
      .train = rgb(0xe9b44c),
      .test = rgb(0x62b6e8),
      .path = rgb(0xff8a5c),
      .path_hot = rgb(0xfff1dc),
      .ball = rgb(0xf6efe4),
      .start = rgb(0xc9d3e0),
      .accent = rgb(0x5fd0b5),
      .warning = rgb(0xff6b6b),
      .contour = rgb(0x05080d, 0.42f),
      .floor_ = rgb(0x4d5a6d, 0.80f),
      .paths = {rgb(0xf5f7fa), rgb(0xffa630), rgb(0xff5d3b), rgb(0x7fd3ff), rgb(0x3fd39c), rgb(0xff8fc7),
                rgb(0xb79cff), rgb(0xf7ec59), rgb(0x9aa5b5), rgb(0x2f7fe0), rgb(0xb98a5e), rgb(0xc0f0b4),
                rgb(0xe05fe8), rgb(0x8fae2f), rgb(0x17b8c4), rgb(0xe8c3ae)},
  };
  return kTheme;
}

const Theme& light_theme() {
  static constexpr Theme kTheme{
      .background_top = rgb(0xf7f8fa),
      .background_bottom = rgb(0xe3e7ec),
      .text = rgb(0x1a2029),
      .text_muted = rgb(0x566171),
      .grid = rgb(0x33435a, 0.16f),
      .axis = rgb(0x33435a, 0.50f),
      .panel = rgb(0xffffff),
      .train = rgb(0xb7740a),
      .test = rgb(0x1769a6),
      .path = rgb(0xd23c14),
      .path_hot = rgb(0x6d1400),
      .ball = rgb(0xfbfaf7),
      .start = rgb(0x4a5666),
      .accent = rgb(0x0f8a6d),
      .warning = rgb(0xc9252d),
      .contour = rgb(0x0a0d12, 0.38f),
      .floor_ = rgb(0xffffff, 0.42f),
      .paths = {rgb(0x14181f), rgb(0xc86400), rgb(0xc01f10), rgb(0x0b6fb8), rgb(0x00754f), rgb(0xb5207a),
                rgb(0x5b3bc4), rgb(0x8a7a00), rgb(0x66707f), rgb(0x0a3d91), rgb(0x6e4a24), rgb(0x3d7a2a),
                rgb(0x9a1fae), rgb(0x566b00), rgb(0x007d87), rgb(0x8f5b49)},
  };
  return kTheme;
}

Theme over_warm_colors(const Theme& theme) {
  Theme own = theme;
  own.path = rgb(0x7fd3ff);
  own.path_hot = rgb(0xf2fbff);
  return own;
}

}  // namespace fl
