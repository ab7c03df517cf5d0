#include "engine/stage/stage.h"

#include <cmath>
#include <cstring>

#include "shaders/shaders.h"
#include <glm/geometric.hpp>

#include "engine/landscape/surface_legend.h"
#include "engine/pass/pass_pipeline.h"
#include "engine/stage/notices.h"
#include "engine/stage/stage_words.h"
#include "engine/vk/barrier.h"
#include "trainer/base/check.h"

namespace fl {
namespace {

constexpr VkFormat kDepthFormat = VK_FORMAT_D32_SFLOAT;
constexpr float kReferenceHeight = 720;  // the picture's height at which scale is 1
constexpr float kLegendDown = 50;        // pixels at scale 1 below the headline's top: under both its lines

// The lamp stands still beside the viewer, above the left shoulder, as map makers draw relief: turning the
// camera turns the landscape under it.
glm::vec3 key_light(const OrbitCamera& camera) {
  const glm::vec3 right{std::cos(camera.yaw), 0, -std::sin(camera.yaw)};
  const glm::vec3 toward{std::sin(camera.yaw), 0, std::cos(camera.yaw)};
  return glm::normalize(-0.78f * right + 0.66f * glm::vec3(0, 1, 0) + 0.12f * toward);
}

// The projection undone, pixel by pixel.
void set_rays(const PassContext& context, ViewUniforms& uniforms) {
  const glm::mat4& projection = context.projection;
  const glm::mat3 to_world = glm::transpose(glm::mat3(context.view));  // a turn is undone by its transpose
  const Rect& rect = context.viewport;
  const glm::vec3 right = to_world * glm::vec3(2 / (rect.width * projection[0][0]), 0, 0);
  const glm::vec3 down = to_world * glm::vec3(0, 2 / (rect.height * projection[1][1]), 0);
  const glm::vec3 corner = to_world * glm::vec3(-1 / projection[0][0], -1 / projection[1][1], -1);
  uniforms.ray = glm::vec4(corner - rect.x * right - rect.y * down, 0);
  uniforms.ray_right = glm::vec4(right, projection[3][2]);
  uniforms.ray_down = glm::vec4(down, projection[2][2]);
}

// What is left of the picture above the controls.
VkExtent2D usable_extent(VkExtent2D extent, const StageView& view) {
  const auto inset = static_cast<std::uint32_t>(std::max(view.bottom_inset, 0.0f));
  return {extent.width, std::max(extent.height, inset + 1) - inset};
}

float picture_scale(VkExtent2D picture, const StageView& view) {
  const VkExtent2D extent = usable_extent(picture, view);
  return static_cast<float>(std::min(extent.height, extent.width)) / kReferenceHeight;
}

GraphicsPipeline backdrop_pipeline(const PassSetup& setup, Depth depth) {
  return {
      setup.device,
      pass_info(setup, {.vertex = shader::backdrop_vert, .fragment = shader::backdrop_frag, .depth = depth})};
}

VkRenderingAttachmentInfo attachment(VkImageView view, VkImageLayout layout, VkAttachmentLoadOp load,
                                     VkAttachmentStoreOp store) {
  VkRenderingAttachmentInfo info{VK_STRUCTURE_TYPE_RENDERING_ATTACHMENT_INFO};
  info.imageView = view;
  info.imageLayout = layout;
  info.loadOp = load;
  info.storeOp = store;
  return info;
}

VkRect2D render_area(const Rect& rect) {
  return {{static_cast<std::int32_t>(rect.x), static_cast<std::int32_t>(rect.y)},
          {static_cast<std::uint32_t>(rect.width), static_cast<std::uint32_t>(rect.height)}};
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
      pool_(device, kFramesInFlight),
      edges_(setup_2d()),
      backdrop_3d_(backdrop_pipeline(setup_3d(), Depth::kTest)),
      backdrop_2d_(backdrop_pipeline(setup_2d(), Depth::kNone)),
      landscape_(setup_3d()),
      surface_hit_(setup_3d(), landscape_.relief()),
      path_(setup_3d()),
      lines_(setup_3d()),
      panels_(setup_2d()),
      cards_(make_cards({setup_2d(), font, panels_})),
      text_(setup_2d(), font),
      contour_labels_(setup_2d(), text_, landscape_.relief()) {
  for (std::size_t i = 0; i < view_buffers_.size(); ++i) {
    view_buffers_[i] = Buffer(device, sizeof(ViewUniforms), VK_BUFFER_USAGE_UNIFORM_BUFFER_BIT);
    view_sets_[i] = pool_.allocate(view_layout_.get());
    write_buffer(device, view_sets_[i], 0, VK_DESCRIPTOR_TYPE_UNIFORM_BUFFER, view_buffers_[i].handle());
  }
}

StageLayout Stage::layout(VkExtent2D extent, const StageView& view, std::uint32_t class_count,
                          std::uint32_t path_count) {
  return lay_out_stage(
      usable_extent(extent, view), picture_scale(extent, view), view.parts,
      {.text_scale = view.text_scale(), .class_count = class_count, .path_count = path_count});
}

std::optional<TileChoice> Stage::tile_at(VkExtent2D extent, const StageView& view, const Frame& frame,
                                         glm::vec2 pixel) {
  const StageLayout layout = Stage::layout(extent, view, frame.facts.class_count);
  const float scale = picture_scale(extent, view);
  return fl::tile_at({frame, layout, view.parts, scale * view.text_scale(), scale}, view.wall, pixel);
}

std::optional<glm::vec2> Stage::tile_middle(VkExtent2D extent, const StageView& view, const Frame& frame,
                                            const TileChoice& tile) {
  const StageLayout layout = Stage::layout(extent, view, frame.facts.class_count);
  const float scale = picture_scale(extent, view);
  return fl::tile_middle({frame, layout, view.parts, scale * view.text_scale(), scale}, view.wall, tile);
}

void Stage::ensure_images(VkExtent2D needed) {
  const VkExtent2D have = depth_ ? depth_.extent() : VkExtent2D{};
  if (have.width == needed.width && have.height == needed.height) return;
  device_.wait_idle();  // a resize: earlier frames may still draw into the old ones
  // With one sample both are read: the depth to shade the surface, the colour to smooth its edges. Several
  // samples of depth that shaders may read are more than a device must have.
  const bool read = samples_ == VK_SAMPLE_COUNT_1_BIT;
  const VkImageUsageFlags also = read ? VK_IMAGE_USAGE_SAMPLED_BIT : 0;
  depth_ = Image(device_, {.extent = needed,
                           .format = kDepthFormat,
                           .usage = VK_IMAGE_USAGE_DEPTH_STENCIL_ATTACHMENT_BIT | also,
                           .samples = samples_,
                           .aspect = VK_IMAGE_ASPECT_DEPTH_BIT});
  color_ = Image(device_, {.extent = needed,
                           .format = options_.color_format,
                           .usage = VK_IMAGE_USAGE_COLOR_ATTACHMENT_BIT | also,
                           .samples = samples_});
  if (!read) return;
  landscape_.read_from(depth_);
  edges_.read_from(color_);
}

void Stage::write_view(const PassContext& context, const StageView& view) {
  const auto width = static_cast<float>(context.extent.width);
  const auto height = static_cast<float>(context.extent.height);
  const Rect& rect = context.viewport;
  const float pixels_per_unit = rect.height / (2 * std::tan(view.camera.field_of_view / 2));
  ViewUniforms uniforms{.view_projection = context.projection * context.view,
                        .view = context.view,
                        .eye = glm::vec4(context.eye, 1),
                        .target = {width, height, 1 / width, 1 / height},
                        .viewport = {rect.x, rect.y, rect.width, rect.height},
                        .surface = {context.surface.low, context.surface.high, context.surface.interval,
                                    context.surface.height},
                        .options = {context.surface.log ? 1.0f : 0.0f, context.scale, pixels_per_unit, 0},
                        .light = glm::vec4(context.light, 0),
                        .ray = {},
                        .ray_right = {},
                        .ray_down = {},
                        .theme = view.colors->warm ? over_warm_colors(context.theme) : context.theme,
                        .colors = view.colors->roots,
                        .contacts = {}};
  set_rays(context, uniforms);
  contact_count_ = contact_shadows(context, uniforms.contacts);
  std::memcpy(view_buffers_[context.frame_index].mapped().data(), &uniforms, sizeof(uniforms));
}

void Stage::record(VkCommandBuffer cmd, std::uint32_t frame_index, const StageTarget& target,
                   VkDescriptorSet slot_set, const Frame& frame, const StageView& view,
                   const StageTexts& texts) {
  FL_CHECK(frame_index < kFramesInFlight);
  FL_CHECK(target.extent.width > 0 && target.extent.height > 0);
  const StageLayout layout =
      Stage::layout(target.extent, view, frame.facts.class_count, frame.header.several_paths);
  PassContext context{.cmd = cmd,
                      .frame_index = frame_index,
                      .extent = target.extent,
                      .viewport = layout.landscape,
                      .slot_set = slot_set,
                      .view_set = view_sets_[frame_index],
                      .frame = frame,
                      .theme = *view.theme,
                      .surface = surface_scale(frame, view.height.log())};
  context.view = view.camera.view();
  context.projection = view.camera.projection(layout.landscape.width / layout.landscape.height);
  context.eye = view.camera.eye();
  context.light = key_light(view.camera);
  context.content = view.content;
  context.time = view.time;
  context.picture_scale = picture_scale(target.extent, view);
  context.scale = context.picture_scale * view.text_scale();

  ensure_images({static_cast<std::uint32_t>(layout.landscape.width),
                 static_cast<std::uint32_t>(layout.landscape.height)});
  write_view(context, view);
  landscape_.prepare(context);
  path_.prepare(context);
  if (view.ray) surface_hit_.ask(context, landscape_.relief(), *view.ray);
  if (view.words) contour_labels_.prepare(context, landscape_.relief());
  begin_images(context, target);
  labels_.clear();
  const CardContext card{context, layout, view, texts, labels_};
  record_column(card, target);
  record_3d(context, target);
  record_over_all(card, target);
}

void Stage::begin_images(const PassContext& context, const StageTarget& target) const {
  // The target may just have been read by a copy or by the window system: wait for that, keep nothing.
  image_barrier(
      context.cmd, target.image,
      {.to = VK_IMAGE_LAYOUT_COLOR_ATTACHMENT_OPTIMAL,
       .source = {VK_PIPELINE_STAGE_2_COLOR_ATTACHMENT_OUTPUT_BIT | VK_PIPELINE_STAGE_2_TRANSFER_BIT,
                  VK_ACCESS_2_COLOR_ATTACHMENT_WRITE_BIT},
       .destination = kColorAttachment});
  image_barrier(context.cmd, color_.handle(),
                {.to = VK_IMAGE_LAYOUT_COLOR_ATTACHMENT_OPTIMAL,
                 .source = samples_ != VK_SAMPLE_COUNT_1_BIT ? kColorAttachment : kShaderRead,
                 .destination = kColorAttachment});
  image_barrier(context.cmd, depth_.handle(),
                {.to = VK_IMAGE_LAYOUT_DEPTH_ATTACHMENT_OPTIMAL,
                 .source = kDepthAttachment,
                 .destination = kDepthAttachment,
                 .aspect = VK_IMAGE_ASPECT_DEPTH_BIT});
}

void Stage::record_3d(const PassContext& context, const StageTarget& target) {
  const VkCommandBuffer cmd = context.cmd;
  const bool resolve = samples_ != VK_SAMPLE_COUNT_1_BIT;
  VkRenderingAttachmentInfo color =
      attachment(color_.view(), VK_IMAGE_LAYOUT_COLOR_ATTACHMENT_OPTIMAL, VK_ATTACHMENT_LOAD_OP_DONT_CARE,
                 resolve ? VK_ATTACHMENT_STORE_OP_DONT_CARE : VK_ATTACHMENT_STORE_OP_STORE);
  if (resolve) {
    memory_barrier(cmd, kColorAttachment, kColorAttachment);  // the target holds the column already
    color.resolveMode = VK_RESOLVE_MODE_AVERAGE_BIT;
    color.resolveImageView = target.view;
    color.resolveImageLayout = VK_IMAGE_LAYOUT_COLOR_ATTACHMENT_OPTIMAL;
  }
  VkRenderingAttachmentInfo depth =
      attachment(depth_.view(), VK_IMAGE_LAYOUT_DEPTH_ATTACHMENT_OPTIMAL, VK_ATTACHMENT_LOAD_OP_CLEAR,
                 resolve ? VK_ATTACHMENT_STORE_OP_DONT_CARE : VK_ATTACHMENT_STORE_OP_STORE);
  depth.clearValue.depthStencil.depth = 1;
  const auto render = [&](bool with_color, auto&& draws) {
    VkRenderingInfo rendering{VK_STRUCTURE_TYPE_RENDERING_INFO};
    rendering.renderArea = render_area(context.viewport);
    rendering.layerCount = 1;
    rendering.colorAttachmentCount = with_color ? 1 : 0;
    rendering.pColorAttachments = &color;
    rendering.pDepthAttachment = &depth;
    vkCmdBeginRendering(cmd, &rendering);
    set_viewport(cmd, context.extent, context.viewport);
    draws();
    vkCmdEndRendering(cmd);
    color.loadOp = depth.loadOp = VK_ATTACHMENT_LOAD_OP_LOAD;
  };
  const auto turn_depth = [&](VkImageLayout to, Access source, Access destination) {
    image_barrier(cmd, depth_.handle(),
                  {.from = depth.imageLayout,
                   .to = to,
                   .source = source,
                   .destination = destination,
                   .aspect = VK_IMAGE_ASPECT_DEPTH_BIT});
    depth.imageLayout = to;
  };
  // What is opaque comes first and hides the ground, which then costs only the pixels that show it.
  const auto ground = [&] {
    if (!landscape_.draw_ground(context)) draw_backdrop(context, backdrop_3d_, context.viewport);
    landscape_.draw_contacts(context, contact_count_);
  };
  const auto others = [&] {
    path_.draw(context);
    lines_.draw(context, axis_lines(context));
    landscape_.draw_test(context);
  };
  if (resolve) {
    render(true, [&] {
      landscape_.draw(context);
      ground();
      others();
    });
  } else {
    render(false, [&] { landscape_.draw(context); });
    turn_depth(VK_IMAGE_LAYOUT_DEPTH_READ_ONLY_OPTIMAL, kDepthAttachment, kDepthRead);
    depth.storeOp = VK_ATTACHMENT_STORE_OP_NONE;     // storing would be writing
    color.loadOp = VK_ATTACHMENT_LOAD_OP_DONT_CARE;  // every pixel is surface or ground
    render(true, [&] {
      landscape_.shade(context);
      ground();
    });
    turn_depth(VK_IMAGE_LAYOUT_DEPTH_ATTACHMENT_OPTIMAL, kDepthRead, kDepthAttachment);
    memory_barrier(cmd, kColorAttachment, kColorAttachment);
    depth.storeOp = VK_ATTACHMENT_STORE_OP_DONT_CARE;
    render(true, others);
  }
  if (!resolve)
    image_barrier(cmd, color_.handle(),
                  {.from = VK_IMAGE_LAYOUT_COLOR_ATTACHMENT_OPTIMAL,
                   .to = VK_IMAGE_LAYOUT_SHADER_READ_ONLY_OPTIMAL,
                   .source = kColorAttachment,
                   .destination = kShaderRead});
}

void Stage::render_flat(const PassContext& context, const StageTarget& target, VkAttachmentLoadOp load,
                        const std::function<void()>& draws) const {
  const VkRenderingAttachmentInfo color =
      attachment(target.view, VK_IMAGE_LAYOUT_COLOR_ATTACHMENT_OPTIMAL, load, VK_ATTACHMENT_STORE_OP_STORE);
  VkRenderingInfo rendering{VK_STRUCTURE_TYPE_RENDERING_INFO};
  rendering.renderArea = {{0, 0}, target.extent};
  rendering.layerCount = 1;
  rendering.colorAttachmentCount = 1;
  rendering.pColorAttachments = &color;
  vkCmdBeginRendering(context.cmd, &rendering);
  draws();
  vkCmdEndRendering(context.cmd);
}

void Stage::draw_cards(StageCard::Layer layer, const CardContext& card) const {
  for (const StageCard& one : cards_)
    if (one.layer == layer) one.draw(card);
}

void Stage::record_column(const CardContext& card, const StageTarget& target) {
  const PassContext& context = card.pass;
  render_flat(context, target, VK_ATTACHMENT_LOAD_OP_DONT_CARE, [&] {
    // What the 3-D part leaves: the right column, and in an upright picture or over controls the part below.
    const Rect picture = whole_picture(context.extent);
    const Rect& drawn = card.layout.landscape;
    draw_backdrop(context, backdrop_2d_, {drawn.right(), 0, picture.width - drawn.right(), drawn.height});
    draw_backdrop(context, backdrop_2d_, {0, drawn.bottom(), picture.width, picture.height - drawn.bottom()});
    draw_cards(StageCard::Layer::kBehind, card);
  });
}

void Stage::record_over_all(const CardContext& card, const StageTarget& target) {
  const PassContext& context = card.pass;
  memory_barrier(context.cmd, kColorAttachment, kColorAttachment);
  render_flat(context, target, VK_ATTACHMENT_LOAD_OP_LOAD, [&] {
    if (samples_ == VK_SAMPLE_COUNT_1_BIT) edges_.draw(context);
    if (card.view.words) contour_labels_.draw(context);
    draw_cards(StageCard::Layer::kOver, card);
    if (!card.view.words) return;
    const Rect& headline = card.layout.headline;
    draw_surface_legend(context, panels_, *card.view.colors,
                        {headline.right(), headline.y + kLegendDown * context.scale}, labels_);
    append_words(context, card.layout, card.texts);
    text_.draw(context, labels_);
  });
}

void Stage::append_words(const PassContext& context, const StageLayout& layout, const StageTexts& texts) {
  const Font& font = text_.font();
  append_headline(context, font, layout.headline, texts, labels_);
  append_footnote(context, font, layout.footnote, labels_);
  const Rect taken = draw_notices(context, font, panels_, layout, texts, labels_);
  // Last, because they keep clear of the others.
  append_world_labels(context, font, axis_labels(context.frame, context.surface, context.theme, context.eye),
                      taken, labels_);
}

void Stage::draw_backdrop(const PassContext& context, const GraphicsPipeline& pipeline,
                          const Rect& rect) const {
  if (rect.width < 1 || rect.height < 1) return;
  set_viewport(context.cmd, context.extent, rect);
  bind_pass(context, pipeline);
  vkCmdDraw(context.cmd, 3, 1, 0, 0);
}

}  // namespace fl
