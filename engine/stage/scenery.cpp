#include "engine/stage/scenery.h"

#include "shaders/shaders.h"

#include "engine/landscape/axes.h"
#include "engine/pass/pass_pipeline.h"
#include "engine/stage/rendering.h"
#include "engine/vk/barrier.h"

namespace fl {
namespace {

VkRect2D render_area(const Rect& rect) {
  return {{static_cast<std::int32_t>(rect.x), static_cast<std::int32_t>(rect.y)},
          {static_cast<std::uint32_t>(rect.width), static_cast<std::uint32_t>(rect.height)}};
}

void copy_part(VkCommandBuffer cmd, const Image& from, const Image& to, const Rect& rect) {
  const VkRect2D area = render_area(rect);
  VkImageCopy copy{};
  copy.srcSubresource = copy.dstSubresource = {from.aspect(), 0, 0, 1};
  copy.srcOffset = copy.dstOffset = {area.offset.x, area.offset.y, 0};
  copy.extent = {area.extent.width, area.extent.height, 1};
  vkCmdCopyImage(cmd, from.handle(), VK_IMAGE_LAYOUT_TRANSFER_SRC_OPTIMAL, to.handle(),
                 VK_IMAGE_LAYOUT_TRANSFER_DST_OPTIMAL, 1, &copy);
}

// One layout, and who touches an image in it.
struct Use {
  VkImageLayout layout;
  Access access;
};
constexpr Use kDrawnColor{VK_IMAGE_LAYOUT_COLOR_ATTACHMENT_OPTIMAL, kColorAttachment};
constexpr Use kDrawnDepth{VK_IMAGE_LAYOUT_DEPTH_ATTACHMENT_OPTIMAL, kDepthAttachment};
constexpr Use kReadDepth{VK_IMAGE_LAYOUT_DEPTH_READ_ONLY_OPTIMAL, kDepthRead};
constexpr Use kFetched{VK_IMAGE_LAYOUT_SHADER_READ_ONLY_OPTIMAL, kShaderRead};
constexpr Use kCopiedFrom{VK_IMAGE_LAYOUT_TRANSFER_SRC_OPTIMAL, kTransferRead};
constexpr Use kCopiedTo{VK_IMAGE_LAYOUT_TRANSFER_DST_OPTIMAL, kTransferWrite};

void turn(VkCommandBuffer cmd, const Image& image, const Use& from, const Use& to) {
  image_barrier(cmd, image.handle(),
                {.from = from.layout,
                 .to = to.layout,
                 .source = from.access,
                 .destination = to.access,
                 .aspect = image.aspect()});
}

// Its content is lost.
void turn_anew(VkCommandBuffer cmd, const Image& image, Access before, const Use& to) {
  turn(cmd, image, {VK_IMAGE_LAYOUT_UNDEFINED, before}, to);
}

}  // namespace

Scenery::Scenery(const PassSetup& setup, const PassSetup& flat)
    : device_(setup.device),
      setup_(setup),
      edges_(flat),
      backdrop_(backdrop_pipeline(setup, Depth::kTest)),
      landscape_(setup),
      path_(setup),
      phase_marks_(setup),
      lines_(setup) {}

void Scenery::ensure_images(const Rect& place) {
  // In the picture's own pixels; what lies left of the view and above it is left alone.
  const VkRect2D area = render_area(place);
  const VkExtent2D needed{static_cast<std::uint32_t>(area.offset.x) + area.extent.width,
                          static_cast<std::uint32_t>(area.offset.y) + area.extent.height};
  const VkExtent2D have = depth_ ? depth_.extent() : VkExtent2D{};
  if (have.width == needed.width && have.height == needed.height) return;
  device_.wait_idle();  // a resize: earlier frames may still draw into the old ones
  // With one sample both are read: the depth to shade the surface, the colour to smooth its edges. Several
  // samples of depth that shaders may read are more than a device must have.
  const bool read = one_sample();
  const VkImageUsageFlags also =
      read ? VK_IMAGE_USAGE_SAMPLED_BIT | VK_IMAGE_USAGE_TRANSFER_SRC_BIT | VK_IMAGE_USAGE_TRANSFER_DST_BIT
           : 0;
  depth_ = Image(device_, {.extent = needed,
                           .format = setup_.depth_format,
                           .usage = VK_IMAGE_USAGE_DEPTH_STENCIL_ATTACHMENT_BIT | also,
                           .samples = setup_.samples,
                           .aspect = VK_IMAGE_ASPECT_DEPTH_BIT});
  color_ = Image(device_, {.extent = needed,
                           .format = setup_.color_format,
                           .usage = VK_IMAGE_USAGE_COLOR_ATTACHMENT_BIT | also,
                           .samples = setup_.samples});
  base_depth_ = Image();
  base_color_ = Image();
  known_.reset();
  kept_ = false;
  if (!read) return;
  landscape_.read_from(depth_);
  edges_.read_from(color_);
}

void Scenery::prepare(const PassContext& context, const Rect& place, const PictureKey& look,
                      std::span<const glm::vec4> contacts, bool keeps) {
  ensure_images(place);
  halved_ = context.viewport.width < place.width;
  landscape_.prepare(context);
  path_.prepare(context);
  contact_count_ = static_cast<std::uint32_t>(contacts.size());
  drawn_lines_ = axis_lines(context);
  const std::size_t axes = drawn_lines_.size();
  for (const Line& line : stem_lines(context)) drawn_lines_.push_back(line);
  if (keeps) {
    decide(context, look, contacts, axes);
    return;
  }
  known_.reset();
  moving_.reset();
  kept_ = false;
  base_ = Base::kDrawn;
  changed_ = place;
  redrawn_ = context.viewport;
}

void Scenery::leave_out() {
  known_.reset();
  moving_.reset();
  kept_ = false;
  base_ = Base::kUntouched;
  changed_ = redrawn_ = touched_ = {};
}

void Scenery::decide(const PassContext& context, const PictureKey& look, std::span<const glm::vec4> contacts,
                     std::size_t axes) {
  const Frame& frame = context.frame;
  PictureKey known = look;
  known.add(context.view).add(context.projection).add(context.viewport);
  const SurfaceScale& scale = context.surface;
  known.add(scale.log).add(scale.low).add(scale.high).add(scale.interval).add(scale.height);
  known.add(context.slot_set != VK_NULL_HANDLE)
      .add(frame.facts.grid_side)
      .add(frame.facts.test_evaluated > 0);
  for (const Line& line : std::span(drawn_lines_).first(axes)) known.add(line);

  PictureKey moving;
  moving.add(context.contents.revisions.path).add(frame.header.path_count).add(frame.header.several_paths);
  moving.add(frame.header.ball).add(frame.header.paths);
  moving.add(context.contents.revisions.phase_marks).add(frame.facts.phase.marks).add(frame.facts.phase.path);
  moving.add(frame.header.a_min).add(frame.header.a_max).add(frame.header.b_min).add(frame.header.b_max);
  for (const glm::vec4& contact : contacts) moving.add(contact);
  for (const Line& line : std::span(drawn_lines_).subspan(axes)) moving.add(line);

  ScreenBounds bounds(context);
  landscape_.add_contacts(bounds, contacts);
  PathPass::add_to(bounds);
  PhaseMarksPass::add_to(bounds);
  for (const Line& line : std::span(drawn_lines_).subspan(axes))
    for (const glm::vec3& end : {line.from, line.to}) bounds.add(end, line.width);
  const Rect touches = bounds.rect();

  const bool same_base = known_ == known && !landscape_.changed();
  redrawn_ = around(touched_, touches);
  if (!same_base) {
    // Under a view that stands still what moves will go on moving over it: kept at once, it is drawn only
    // once.
    kept_ = known_ == known;
    base_ = kept_ ? Base::kDrawnAndKept : Base::kDrawn;
    changed_ = redrawn_ = context.viewport;
  } else if (moving_ == moving || redrawn_.empty()) {
    base_ = Base::kUntouched;
    changed_ = redrawn_ = {};
  } else {
    base_ = kept_ ? Base::kTaken : Base::kDrawnAndKept;
    changed_ = widened(context, redrawn_, EdgeFilter::kReach);
    if (!kept_) redrawn_ = context.viewport;
    kept_ = true;
  }
  touched_ = touches;
  known_ = std::move(known);
  moving_ = std::move(moving);
}

void Scenery::record(const PassContext& context, const StageTarget& target) {
  if (one_sample())
    record_filtered(context);
  else
    record_resolved(context, target);
}

void Scenery::record_resolved(const PassContext& context, const StageTarget& target) {
  const VkCommandBuffer cmd = context.cmd;
  turn_anew(cmd, color_, kColorAttachment, kDrawnColor);
  turn_anew(cmd, depth_, kDepthAttachment, kDrawnDepth);
  memory_barrier(cmd, kColorAttachment, kColorAttachment);  // the target holds the column already
  VkRenderingAttachmentInfo color = attachment(
      color_.view(), kDrawnColor.layout, VK_ATTACHMENT_LOAD_OP_DONT_CARE, VK_ATTACHMENT_STORE_OP_DONT_CARE);
  color.resolveMode = VK_RESOLVE_MODE_AVERAGE_BIT;
  color.resolveImageView = target.view;
  color.resolveImageLayout = VK_IMAGE_LAYOUT_COLOR_ATTACHMENT_OPTIMAL;
  VkRenderingAttachmentInfo depth = attachment(depth_.view(), kDrawnDepth.layout, VK_ATTACHMENT_LOAD_OP_CLEAR,
                                               VK_ATTACHMENT_STORE_OP_DONT_CARE);
  depth.clearValue.depthStencil.depth = 1;
  render(cmd, render_area(context.viewport), &color, &depth, [&] {
    set_viewport(context, context.viewport);
    // What is opaque comes first and hides the ground, which then costs only the pixels that show it.
    landscape_.draw(context);
    draw_ground(context);
    draw_others(context);
  });
}

void Scenery::record_filtered(const PassContext& context) {
  if (base_ == Base::kUntouched) return;
  if (base_ == Base::kTaken)
    take_base(context);
  else
    draw_base(context);
  if (base_ == Base::kDrawnAndKept) keep_base(context);
  VkRenderingAttachmentInfo color =
      attachment(color_.view(), kDrawnColor.layout, VK_ATTACHMENT_LOAD_OP_LOAD, VK_ATTACHMENT_STORE_OP_STORE);
  VkRenderingAttachmentInfo depth =
      attachment(depth_.view(), kDrawnDepth.layout, VK_ATTACHMENT_LOAD_OP_LOAD,
                 kept_ ? VK_ATTACHMENT_STORE_OP_STORE : VK_ATTACHMENT_STORE_OP_DONT_CARE);
  PassContext part = context;
  part.clip = redrawn_;
  render(context.cmd, render_area(redrawn_), &color, &depth, [&] {
    set_viewport(part, part.viewport);
    draw_others(part);
  });
  turn(context.cmd, color_, kDrawnColor, kFetched);
}

// The surface's depth, then its colour from that.
void Scenery::draw_base(const PassContext& context) {
  const VkCommandBuffer cmd = context.cmd;
  const VkRect2D area = render_area(context.viewport);
  turn_anew(cmd, color_, kShaderRead, kDrawnColor);
  turn_anew(cmd, depth_, kDepthAttachment, kDrawnDepth);
  VkRenderingAttachmentInfo depth = attachment(depth_.view(), kDrawnDepth.layout, VK_ATTACHMENT_LOAD_OP_CLEAR,
                                               VK_ATTACHMENT_STORE_OP_STORE);
  depth.clearValue.depthStencil.depth = 1;
  render(cmd, area, nullptr, &depth, [&] {
    set_viewport(context, context.viewport);
    landscape_.draw(context);
  });
  turn(cmd, depth_, kDrawnDepth, kReadDepth);
  depth.imageLayout = kReadDepth.layout;
  depth.loadOp = VK_ATTACHMENT_LOAD_OP_LOAD;
  depth.storeOp = VK_ATTACHMENT_STORE_OP_NONE;  // storing would be writing
  // Every pixel is surface or ground.
  const VkRenderingAttachmentInfo color = attachment(
      color_.view(), kDrawnColor.layout, VK_ATTACHMENT_LOAD_OP_DONT_CARE, VK_ATTACHMENT_STORE_OP_STORE);
  render(cmd, area, &color, &depth, [&] {
    set_viewport(context, context.viewport);
    landscape_.shade(context);
    draw_ground(context);
  });
  turn(cmd, depth_, kReadDepth, kDrawnDepth);
  memory_barrier(cmd, kColorAttachment, kColorAttachment);
}

void Scenery::keep_base(const PassContext& context) {
  const VkCommandBuffer cmd = context.cmd;
  if (!base_color_) {
    constexpr VkImageUsageFlags kCopied = VK_IMAGE_USAGE_TRANSFER_SRC_BIT | VK_IMAGE_USAGE_TRANSFER_DST_BIT;
    base_color_ = Image(device_, {.extent = color_.extent(),
                                  .format = color_.format(),
                                  .usage = kCopied | VK_IMAGE_USAGE_SAMPLED_BIT});
    base_depth_ = Image(device_, {.extent = depth_.extent(),
                                  .format = depth_.format(),
                                  .usage = kCopied | VK_IMAGE_USAGE_SAMPLED_BIT,
                                  .aspect = VK_IMAGE_ASPECT_DEPTH_BIT});
  }
  turn(cmd, color_, kDrawnColor, kCopiedFrom);
  turn(cmd, depth_, kDrawnDepth, kCopiedFrom);
  for (const auto& [from, to] : {std::pair{&color_, &base_color_}, std::pair{&depth_, &base_depth_}}) {
    turn_anew(cmd, *to, kTransferRead, kCopiedTo);
    copy_part(cmd, *from, *to, context.viewport);
    turn(cmd, *to, kCopiedTo, kCopiedFrom);
  }
  turn(cmd, color_, kCopiedFrom, kDrawnColor);
  turn(cmd, depth_, kCopiedFrom, kDrawnDepth);
}

void Scenery::take_base(const PassContext& context) {
  const VkCommandBuffer cmd = context.cmd;
  turn(cmd, color_, kFetched, kCopiedTo);
  turn(cmd, depth_, kDrawnDepth, kCopiedTo);
  copy_part(cmd, base_color_, color_, redrawn_);
  copy_part(cmd, base_depth_, depth_, redrawn_);
  turn(cmd, color_, kCopiedTo, kDrawnColor);
  turn(cmd, depth_, kCopiedTo, kDrawnDepth);
}

void Scenery::draw_ground(const PassContext& context) {
  if (!landscape_.draw_ground(context)) draw_backdrop(context, backdrop_, context.viewport);
}

void Scenery::draw_others(const PassContext& context) {
  landscape_.draw_contacts(context, contact_count_);
  path_.draw(context);
  lines_.draw(context, drawn_lines_);
  landscape_.draw_test(context);
  phase_marks_.draw(context);
}

}  // namespace fl
