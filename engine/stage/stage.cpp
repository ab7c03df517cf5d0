#include "engine/stage/stage.h"

#include <algorithm>
#include <iterator>

#include "engine/charts/rates_layout.h"
#include "engine/charts/seeds/cells.h"
#include "engine/landscape/axes.h"
#include "engine/landscape/phase_marks.h"
#include "engine/landscape/surface_legend.h"
#include "engine/pass/pass_pipeline.h"
#include "engine/stage/edge_filter.h"
#include "engine/stage/rendering.h"
#include "engine/stage/view_uniforms.h"
#include "engine/stage/words/film_words.h"
#include "engine/stage/words/notices.h"
#include "engine/stage/words/stage_words.h"
#include "engine/vk/barrier.h"
#include "trainer/base/check.h"

namespace fl {
namespace {

constexpr VkFormat kDepthFormat = VK_FORMAT_D32_SFLOAT;
constexpr float kReferenceHeight = 720;  // the picture's height at which scale is 1
constexpr float kSameLight = 0.98f;      // a turn of 15 degrees
constexpr float kLegendDown = 50;        // pixels at scale 1 below the headline's top: under both its lines

// What is left of the picture above and beside the controls.
VkExtent2D usable_extent(VkExtent2D extent, const StageView& view) {
  const auto left = [](std::uint32_t length, float inset) {
    const auto taken = static_cast<std::uint32_t>(std::max(inset, 0.0f));
    return std::max(length, taken + 1) - taken;
  };
  return {left(extent.width, view.insets.left), left(extent.height, view.insets.bottom)};
}

float picture_scale(VkExtent2D picture, const StageView& view) {
  const VkExtent2D extent = usable_extent(picture, view);
  return std::max(static_cast<float>(std::min(extent.height, extent.width)) / kReferenceHeight,
                  view.least_scale);
}

// Without the parts that the picture has no room for at its scale.
StageView fitted(VkExtent2D picture, const StageView& view) {
  StageView fit = view;
  if (view.least_scale <= 0 || !view.parts.landscape) return fit;
  const VkExtent2D extent = usable_extent(picture, view);
  if (column_fits(extent, picture_scale(picture, view))) return fit;
  fit.parts.tiles = fit.parts.bars = fit.parts.curves = fit.parts.paths = fit.parts.map = false;
  return fit;
}

// Of the view and the texts what parts of a picture may depend on beside what they are told of camera and
// height; a title or a message is all words, which are not kept.
ViewState seen_of(const ViewState& view) {
  ViewState seen = view;
  seen.camera = {};
  seen.height = {};
  seen.framed = seen.words = true;
  seen.caption = seen.card = {};
  return seen;
}
StageTexts seen_of(const StageTexts& texts) {
  return {.title = {},
          .class_names = texts.class_names,
          .layer_names = texts.layer_names,
          .path_names = texts.path_names,
          .path_heading = texts.path_heading};
}

// Of a view with half the rows and columns.
PassContext halved(const PassContext& context, VkDescriptorSet view_set) {
  PassContext half = context;
  half.extent = {(context.extent.width + 1) / 2, (context.extent.height + 1) / 2};
  half.viewport = EdgeFilter::halved(context.viewport);
  half.view_set = view_set;
  half.scale /= 2;
  half.picture_scale /= 2;
  return half;
}

}  // namespace

PassSetup Stage::setup_3d() const {
  return {device_, slot_layout_.get(), view_layout_.get(), options_.color_format, kDepthFormat, samples_};
}

PassSetup Stage::setup_2d() const {
  return {device_,
          slot_layout_.get(),
          view_layout_.get(),
          options_.color_format,
          VK_FORMAT_UNDEFINED,
          VK_SAMPLE_COUNT_1_BIT};
}

Stage::Stage(Device& device, const Font& font, const StageOptions& options)
    : device_(device),
      options_(options),
      samples_(device.sample_count(options.samples)),
      slot_layout_(SlotSets::make_layout(device)),
      view_layout_(make_set_layout(device, {{.binding = 0, .type = VK_DESCRIPTOR_TYPE_UNIFORM_BUFFER}})),
      pool_(device, 2 * kFramesInFlight),
      backdrop_(backdrop_pipeline(setup_2d(), Depth::kNone)),
      scenery_(setup_3d(), setup_2d()),
      surface_hit_(setup_3d(), scenery_.relief()),
      panels_(setup_2d()),
      cards_(make_cards({setup_2d(), font, panels_})),
      kept_(device, options.color_format),
      text_(setup_2d(), font),
      contour_labels_(setup_2d(), text_, scenery_.relief()) {
  for (std::size_t i = 0; i < view_buffers_.size(); ++i)
    for (std::size_t coarse = 0; coarse < view_buffers_[i].size(); ++coarse) {
      Buffer& buffer = view_buffers_[i][coarse];
      buffer = Buffer(device, sizeof(ViewUniforms), VK_BUFFER_USAGE_UNIFORM_BUFFER_BIT);
      view_sets_[i][coarse] = pool_.allocate(view_layout_.get());
      write_buffer(device, view_sets_[i][coarse], 0, VK_DESCRIPTOR_TYPE_UNIFORM_BUFFER, buffer.handle());
    }
}

StageLayout Stage::layout(VkExtent2D extent, const StageView& given, std::uint32_t class_count,
                          std::uint32_t path_count) {
  const StageView view = fitted(extent, given);
  StageLayout layout =
      lay_out_stage(usable_extent(extent, view), picture_scale(extent, view), view.parts,
                    {.text_scale = view.text_scale(), .class_count = class_count, .path_count = path_count});
  layout.move_right(view.insets.left);
  return layout;
}

Rect Stage::rates_plot(VkExtent2D extent, const StageView& view) {
  const float scale = picture_scale(extent, view) * view.text_scale();
  return view.parts.rates ? fl::rates_plot(layout(extent, view).under_headline(), scale) : Rect{};
}

Rect Stage::sweep_plot(VkExtent2D extent, const StageView& view, const Frame& frame) {
  const float scale = picture_scale(extent, view) * view.text_scale();
  return view.parts.sweep ? cells_plot(frame.facts.sweep, layout(extent, view).under_headline(), scale)
                          : Rect{};
}

std::optional<TileChoice> Stage::tile_at(VkExtent2D extent, const StageView& given, const Frame& frame,
                                         glm::vec2 pixel) {
  const StageView view = fitted(extent, given);
  const StageLayout layout = Stage::layout(extent, view, frame.facts.class_count);
  const float scale = picture_scale(extent, view);
  return fl::tile_at({frame, layout, view.parts, scale * view.text_scale(), scale}, view.wall, pixel);
}

std::optional<glm::vec2> Stage::tile_middle(VkExtent2D extent, const StageView& given, const Frame& frame,
                                            const TileChoice& tile) {
  const StageView view = fitted(extent, given);
  const StageLayout layout = Stage::layout(extent, view, frame.facts.class_count);
  const float scale = picture_scale(extent, view);
  return fl::tile_middle({frame, layout, view.parts, scale * view.text_scale(), scale}, view.wall, tile);
}

// What all parts of a picture depend on.
PictureKey Stage::look_of(const CardContext& card) {
  ViewState view = seen_of(card.view);
  StageTexts texts = seen_of(card.texts);
  if (view != seen_view_ || texts != seen_texts_) ++seen_;
  seen_view_ = std::move(view);
  seen_texts_ = std::move(texts);
  const PassContext& context = card.pass;
  PictureKey look;
  look.add(seen_).add(context.extent.width).add(context.extent.height).add(card.layout);
  return look.add(context.scale).add(context.picture_scale).add(context.slot_set != VK_NULL_HANDLE);
}

void Stage::record(VkCommandBuffer cmd, std::uint32_t frame_index, const StageTarget& target,
                   VkDescriptorSet slot_set, const Frame& frame, const StageView& given,
                   const StageTexts& texts) {
  FL_CHECK(frame_index < kFramesInFlight);
  FL_CHECK(target.extent.width > 0 && target.extent.height > 0);
  const StageView view = fitted(target.extent, given);
  if (view.blank) {
    draw_blank(cmd, target);
    return;
  }
  const StageLayout layout =
      Stage::layout(target.extent, view, frame.facts.class_count, frame.header.several_paths);
  PassContext context{.cmd = cmd,
                      .frame_index = frame_index,
                      .extent = target.extent,
                      .viewport = layout.landscape,
                      .slot_set = slot_set,
                      .view_set = view_sets_[frame_index][0],
                      .frame = frame,
                      .theme = *view.theme,
                      .surface = surface_scale(frame, view.height.log())};
  context.view = view.camera.view();
  context.projection = view.camera.projection(layout.landscape.width / layout.landscape.height);
  context.eye = view.camera.eye();
  context.content = view.content;
  if (view.content != 0) context.contents = view.contents;
  context.time = view.time;
  context.hidden_runs = view.hidden_runs;
  context.picture_scale = picture_scale(target.extent, view);
  context.scale = context.picture_scale * view.text_scale();

  coarse_ = view.hurried && scenery_.one_sample() && view.parts.draws_landscape() &&
            context.view != seen_from_ && !view.unseen;
  seen_from_ = context.view;
  // All of the shadows follow the light: while a view hurries, it stays where it is for a while.
  const glm::vec3 light = key_light(view.camera);
  if (!coarse_ || glm::dot(light, light_) < kSameLight) light_ = light;
  context.light = light_;
  std::array<glm::vec4, kFrameMaxPaths> all_contacts{};
  const std::span contacts = std::span(all_contacts).first(contact_shadows(context, all_contacts));
  write_view_uniforms(context, view, contacts, view_buffers_[frame_index][0]);
  const PassContext in_view = coarse_ ? halved(context, view_sets_[frame_index][1]) : context;
  if (coarse_) write_view_uniforms(in_view, view, contacts, view_buffers_[frame_index][1]);
  labels_.clear();
  const CardContext card{context, layout, view, texts, labels_};
  const PictureKey look = look_of(card);
  const bool keeps =
      options_.keeps && scenery_.one_sample() && context.contents.known() && view.lens == glm::vec2(0);
  if (!view.parts.draws_landscape()) {
    scenery_.leave_out();
  } else {
    scenery_.prepare(in_view, layout.landscape, look, contacts, keeps && !coarse_);
    if (view.ray) surface_hit_.ask(context, scenery_.relief(), *view.ray);
    if (view.words) contour_labels_.prepare(context, scenery_.relief());
  }
  if (view.unseen) return;
  const std::vector<Rect>& parts = kept_.begin(card, look, scenery_.changed(), cards_, keeps);
  begin_target(cmd, target);
  const StageTarget drawn = keeps ? kept_.begin_image(cmd, target.extent) : target;
  record_column(card, drawn, parts);
  if (view.parts.draws_landscape()) scenery_.record(in_view, drawn);
  record_over(card, drawn, parts, !keeps);
  if (!keeps) return;
  kept_.copy_to(cmd, target);
  const VkRenderingAttachmentInfo color =
      attachment(target.view, VK_IMAGE_LAYOUT_COLOR_ATTACHMENT_OPTIMAL, VK_ATTACHMENT_LOAD_OP_LOAD,
                 VK_ATTACHMENT_STORE_OP_STORE);
  render(cmd, {{0, 0}, target.extent}, &color, nullptr, [&] { draw_words(card); });
}

// Clipped to its place, so that a part of it is the same whether or not the rest is drawn.
void Stage::draw_cards(StageCard::Layer layer, const CardContext& card, const Rect& part) {
  for (std::size_t i = 0; i < cards_.size(); ++i) {
    KeptPicture::Drawn& drawn = kept_.drawn(i);
    if (cards_[i].layer != layer || !overlap(drawn.place, part)) continue;
    PassContext pass = card.pass;
    pass.clip = common_part(drawn.place, part);
    drawn.labels.clear();
    cards_[i].draw({pass, card.layout, card.view, card.texts, drawn.labels});
  }
}

void Stage::record_column(const CardContext& card, const StageTarget& target,
                          const std::vector<Rect>& parts) {
  const VkRenderingAttachmentInfo color =
      attachment(target.view, VK_IMAGE_LAYOUT_COLOR_ATTACHMENT_OPTIMAL,
                 kept_.draws_all() ? VK_ATTACHMENT_LOAD_OP_DONT_CARE : VK_ATTACHMENT_LOAD_OP_LOAD,
                 VK_ATTACHMENT_STORE_OP_STORE);
  // What the 3-D part leaves: the right column, and in an upright picture or over controls the part below.
  const Rect picture = whole_picture(card.pass.extent);
  const Rect view = card.view.parts.draws_landscape() ? card.layout.landscape : Rect{};
  const Rect beside{view.right(), 0, picture.width - view.right(), view.bottom()};
  const Rect below{0, view.bottom(), picture.width, picture.height - view.bottom()};
  const Rect before{0, 0, view.x, view.height};  // under a panel
  const auto reaches = [&](const Rect& part) {
    return overlap(part, beside) || overlap(part, below) || overlap(part, before);
  };
  if (!std::ranges::any_of(parts, reaches)) return;
  render(card.pass.cmd, {{0, 0}, target.extent}, &color, nullptr, [&] {
    for (const Rect& part : parts) {
      if (!reaches(part)) continue;
      PassContext pass = card.pass;
      pass.clip = part;
      draw_backdrop(pass, backdrop_, beside);
      draw_backdrop(pass, backdrop_, below);
      if (!before.empty()) draw_backdrop(pass, backdrop_, before);
      draw_cards(StageCard::Layer::kBehind, card, part);
    }
  });
}

void Stage::record_over(const CardContext& card, const StageTarget& target, const std::vector<Rect>& parts,
                        bool with_words) {
  if (parts.empty()) return;
  memory_barrier(card.pass.cmd, kColorAttachment, kColorAttachment);
  const VkRenderingAttachmentInfo color =
      attachment(target.view, VK_IMAGE_LAYOUT_COLOR_ATTACHMENT_OPTIMAL, VK_ATTACHMENT_LOAD_OP_LOAD,
                 VK_ATTACHMENT_STORE_OP_STORE);
  render(card.pass.cmd, {{0, 0}, target.extent}, &color, nullptr, [&] {
    for (const Rect& part : parts) {
      PassContext pass = card.pass;
      pass.clip = part;
      if (scenery_.one_sample() && card.view.parts.draws_landscape() && overlap(part, pass.viewport))
        scenery_.draw_filtered(pass);
      draw_cards(StageCard::Layer::kOver, card, part);
    }
    if (with_words) draw_words(card);
  });
}

void Stage::draw_words(const CardContext& card) {
  if (!card.view.words) return;
  const PassContext& context = card.pass;
  const bool landscape = card.view.parts.draws_landscape();
  if (landscape) contour_labels_.draw(context);
  for (std::size_t i = 0; i < cards_.size(); ++i) {
    const std::vector<ScreenLabel>& labels = kept_.drawn(i).labels;
    labels_.insert(labels_.end(), labels.begin(), labels.end());
  }
  const Rect& headline = card.layout.headline;
  if (landscape)
    draw_surface_legend(context, text_.font(), panels_, *card.view.colors, card.texts,
                        {headline.right(), headline.y + kLegendDown * context.scale}, labels_);
  append_words(context, card.layout, card.texts, card.view);
  if (card.view.parts.rates)
    append_rates_readout(context, card.layout.under_headline(), text_.font(), card.texts.readout, labels_);
  if (card.view.parts.sweep)
    append_sweep_readout(context,
                         cells_readout(context, card.layout.under_headline(), text_.font(), card.texts,
                                       *card.view.colors, card.view.sweep),
                         text_.font(), card.texts, labels_);
  draw_title_card(context, text_.font(), panels_, card.texts, card.view, labels_);
  text_.draw(context, labels_);
}

void Stage::append_words(const PassContext& context, const StageLayout& layout, const StageTexts& texts,
                         const ViewState& view) {
  const bool landscape = view.parts.draws_landscape();
  const Font& font = text_.font();
  if (!draw_caption_above(context, font, panels_, layout, texts, view, labels_))
    append_headline(context, font, layout.headline, texts, labels_);
  // A hall has one thing to read, and the room that it needs.
  const bool lecture = view.presenter && view.cue > 0 && view.cue <= texts.cues.size();
  if (landscape && !lecture) append_footnote(context, font, layout.footnote, labels_);
  const std::size_t before = labels_.size();
  const Rect taken = draw_notices(context, font, panels_, layout, texts, view, !lecture, labels_);
  if (view.parts.rates || view.parts.sweep)
    remove_under(taken, before, labels_);  // a notice lies over its axis
  // Last, because they keep clear of the others.
  if (!landscape) return;
  std::vector<Label> labels = phase_labels(context);
  std::ranges::move(axis_labels(context.frame, context.surface, context.theme, context.eye),
                    std::back_inserter(labels));
  append_world_labels(context, font, labels, taken, labels_);
}

}  // namespace fl
