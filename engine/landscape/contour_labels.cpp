#include "engine/landscape/contour_labels.h"

#include <algorithm>
#include <cmath>

#include "shaders/shaders.h"
#include "shaders/shared/contour_labels.h"
#include <glm/packing.hpp>

#include "engine/pass/pass_pipeline.h"
#include "engine/pass/ticks.h"
#include "engine/vk/barrier.h"

namespace fl {

namespace {

constexpr float kSize = 14;  // pixels at scale 1
constexpr float kOutline = 3.0f;
constexpr float kOutlineSoftness = 0.3f;
constexpr float kEnds = 0.04f;  // of the height, where no line is labelled
// White on dark reads on every colour of every map, in both themes: as names do on a satellite map.
constexpr glm::vec4 kInk{1, 1, 1, 1};
constexpr glm::vec4 kGround{0.04f, 0.06f, 0.09f, 0.72f};
constexpr FontWeight kWeight = FontWeight::kSemiBold;

// The last frame's places are read by its vertices and rewritten by this one's search.
constexpr Access kPlaceReaders{VK_PIPELINE_STAGE_2_VERTEX_SHADER_BIT | VK_PIPELINE_STAGE_2_COMPUTE_SHADER_BIT,
                               VK_ACCESS_2_SHADER_READ_BIT | VK_ACCESS_2_SHADER_WRITE_BIT};

}  // namespace

std::vector<ContourLevel> contour_levels(const SurfaceScale& surface, std::size_t most) {
  const double step = static_cast<double>(surface.interval) * SurfaceScale::kBold;
  const double range = static_cast<double>(surface.high) - static_cast<double>(surface.low);
  if (!(step > 0) || !std::isfinite(range / step)) return {};
  const auto first = static_cast<int>(std::ceil((static_cast<double>(surface.low) + kEnds * range) / step));
  const auto last = static_cast<int>(std::floor((static_cast<double>(surface.high) - kEnds * range) / step));
  const int count = std::max(last - first + 1, 0);
  const int thin = (count + static_cast<int>(most) - 1) / static_cast<int>(most);
  // As many decimals as the step itself has: 2.5 has one.
  int decimals = 0;
  for (double digits = step; decimals < 7 && std::abs(digits - std::round(digits)) > 1e-3 * digits;
       digits *= 10)
    ++decimals;
  std::vector<ContourLevel> levels;
  for (int number = first; number <= last; ++number) {
    if (number % std::max(thin, 1) != 0) continue;
    const double coordinate = number * step;
    const auto share = static_cast<float>((coordinate - static_cast<double>(surface.low)) / range);
    levels.push_back({number, surface.height * share,
                      surface.log                             ? format_value(std::pow(10.0, coordinate), 2)
                      : std::abs(coordinate) >= kExponentFrom ? format_round(coordinate)
                                                              : format_tick(coordinate, decimals)});
  }
  return levels;
}

ContourLabels::ContourLabels(const PassSetup& setup, const TextPass& text, const Relief& relief)
    : device_(setup.device),
      text_(text),
      glyph_layout_(make_set_layout(setup.device, {{0}, {1, VK_DESCRIPTOR_TYPE_COMBINED_IMAGE_SAMPLER}})),
      place_layout_(make_set_layout(setup.device, {{0, VK_DESCRIPTOR_TYPE_UNIFORM_BUFFER}, {1}})),
      pool_(setup.device, 2 * kFramesInFlight),
      places_(setup.device, shared::kMostLabels * sizeof(shared::LabelPlace),
              VK_BUFFER_USAGE_STORAGE_BUFFER_BIT),
      find_(setup.device, shader::contour_labels_comp,
            {setup.slot_layout, setup.view_layout, relief.layout(), place_layout_.get()}),
      pipeline_(flat_pipeline(setup, {.vertex = shader::contour_labels_vert,
                                      .fragment = shader::text_frag,
                                      .sets = {glyph_layout_.get(), place_layout_.get()},
                                      .push_bytes = sizeof(shared::LabelPush)})) {
  std::ranges::fill(places_.mapped(), std::byte{0});  // nothing stands anywhere yet
  for (std::size_t i = 0; i < kFramesInFlight; ++i) {
    quads_[i] =
        Buffer(setup.device, kMostQuads * sizeof(shared::LabelGlyph), VK_BUFFER_USAGE_STORAGE_BUFFER_BIT);
    levels_[i] = Buffer(setup.device, sizeof(shared::LabelLevels), VK_BUFFER_USAGE_UNIFORM_BUFFER_BIT);
    glyph_sets_[i] = pool_.allocate(glyph_layout_.get());
    place_sets_[i] = pool_.allocate(place_layout_.get());
    write_buffer(setup.device, glyph_sets_[i], 0, VK_DESCRIPTOR_TYPE_STORAGE_BUFFER, quads_[i].handle());
    use_atlas(i);
    write_buffer(setup.device, place_sets_[i], 0, VK_DESCRIPTOR_TYPE_UNIFORM_BUFFER, levels_[i].handle());
    write_buffer(setup.device, place_sets_[i], 1, VK_DESCRIPTOR_TYPE_STORAGE_BUFFER, places_.handle());
  }
}

void ContourLabels::use_atlas(std::size_t frame) {
  write_image(device_, glyph_sets_[frame], 1, text_.atlas(), text_.sampler());
  atlas_revisions_[frame] = text_.revision();
}

void ContourLabels::append(const PassContext& context, const ContourLevel& level, std::uint32_t index,
                           shared::LabelLevels& levels) {
  const Font& font = text_.font();
  const auto line = font.line(kWeight, level.text);
  const float width = line->width;
  const float size = kSize * context.scale;
  levels.levels[index] = {level.y, 0.5f * width * size, 0.5f * font.metrics().cap_height * size,
                          level.number};
  const auto quads = quads_[context.frame_index].as<shared::LabelGlyph>();
  for (const bool ground : {true, false})
    for (const PlacedGlyph& placed : line->glyphs) {
      if (quad_count_ == quads.size()) return;
      const Glyph& glyph = *placed.ink;
      const float outline = ground ? kOutline * context.scale : 0;
      quads[quad_count_++] = {
          .box = {placed.pen + glyph.left - width / 2,
                  placed.down + glyph.top + font.metrics().cap_height / 2, glyph.width, glyph.height},
          .texels = {glyph.u, glyph.v, glyph.texel_width, glyph.texel_height},
          .color = glm::packUnorm4x8(ground ? kGround : kInk),
          .outline = outline,
          .softness = outline * kOutlineSoftness,
          .level = index};
    }
}

void ContourLabels::prepare(const PassContext& context, const Relief& relief) {
  quad_count_ = 0;
  if (context.frame.facts.grid_side < 2 || context.slot_set == VK_NULL_HANDLE) return;
  shared::LabelLevels levels;
  levels.turn = turn_++;
  for (const ContourLevel& level : contour_levels(context.surface, shared::kMostLabels))
    append(context, level, levels.count++, levels);
  levels_[context.frame_index].as<shared::LabelLevels>()[0] = levels;
  if (atlas_revisions_[context.frame_index] != text_.revision()) use_atlas(context.frame_index);
  memory_barrier(context.cmd, kPlaceReaders, kPlaceReaders);
  bind_pass(context, find_);
  find_.bind_set(context.cmd, 2, relief.set(context.frame_index));
  find_.bind_set(context.cmd, 3, place_sets_[context.frame_index]);
  vkCmdDispatch(context.cmd, 1, 1, 1);
  memory_barrier(context.cmd, kComputeWrite, kShaderRead);
}

void ContourLabels::draw(const PassContext& context) const {
  if (quad_count_ == 0) return;
  bind_flat(context, pipeline_);
  pipeline_.bind_set(context.cmd, 2, glyph_sets_[context.frame_index]);
  pipeline_.bind_set(context.cmd, 3, place_sets_[context.frame_index]);
  pipeline_.push(context.cmd,
                 shared::LabelPush{.atlas = {text_.font().atlas_width(), text_.font().atlas_height()},
                                   .em_texels = Font::kEmTexels,
                                   .spread_texels = Font::kSpreadTexels,
                                   .size = kSize * context.scale});
  vkCmdDraw(context.cmd, 4, static_cast<std::uint32_t>(quad_count_), 0, 0);
}

}  // namespace fl
