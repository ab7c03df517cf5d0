#include "engine/landscape/landscape.h"

#include <algorithm>
#include <cmath>

#include "shaders/shaders.h"

#include "engine/pass/pass_pipeline.h"

namespace fl {
namespace {

// Heights close in on the slot's with this time constant, and are there after kMove: some 98 % of the way
// is done by then.
constexpr double kTimeConstant = 0.1;  // seconds
constexpr double kMove = 0.4;
// Of the surface's height: a smaller change is there at once. It is hardly seen, and each picture of a
// movement is drawn whole.
constexpr float kUnseen = 0.012f;
constexpr std::uint32_t kPatchSide = 14;  // shaders/contact.vert
// A window that slept does not skip the movement.
constexpr double kLongestStep = 0.1;
// Where a window's pictures come more rarely, none shows a movement: what is new is there at once, and costs
// one of them.
constexpr double kNoMovement = 0.09;          // seconds
constexpr std::uint32_t kFewTriangles = 257;  // a side: finer grids keep one order for all directions

std::uint32_t index_count(std::uint32_t side) {
  return (side - 1) * (side - 1) * 6;
}

bool has_surface(const PassContext& context) {
  return context.frame.facts.grid_side >= 2 && context.slot_set != VK_NULL_HANDLE;
}
bool has_test(const PassContext& context) {
  return has_surface(context) && context.frame.facts.test_evaluated > 0;
}

// The lowest and the highest of the cells, of `drawn` a side, about a place on the plane; of those, too,
// between which a height at the edge is interpolated. Nothing where none is finite.
struct HeightRange {
  float low, high;
};
std::optional<HeightRange> drawn_heights(const PassContext& context, std::uint32_t drawn, glm::vec2 xz,
                                         float reach) {
  const std::uint32_t side = context.frame.facts.grid_side, stride = (side - 2) / (drawn - 1) + 1;
  const auto cell = [&](float place) {
    const float at = std::clamp((place + 1) / 2 * static_cast<float>(drawn - 1), -1e6f, 1e6f);
    return static_cast<int>(at);
  };
  const auto in_grid = [&](int at) { return std::clamp(at, 0, static_cast<int>(drawn) - 1); };
  const int left = in_grid(cell(xz.x - reach) - 2), right = in_grid(cell(xz.x + reach) + 2);
  const int bottom = in_grid(cell(-xz.y - reach) - 2), top = in_grid(cell(-xz.y + reach) + 2);
  const auto source = [&](int at) { return std::min(static_cast<std::uint32_t>(at) * stride, side - 1); };
  float low = INFINITY, high = -INFINITY;
  for (int row = bottom; row <= top; ++row)
    for (int column = left; column <= right; ++column) {
      const float loss = context.contents.heights[std::size_t{source(row)} * side + source(column)];
      if (!std::isfinite(loss)) continue;
      low = std::min(low, loss);
      high = std::max(high, loss);
    }
  if (low > high) return {};
  return HeightRange{context.surface.world_y(low), context.surface.world_y(high)};
}

GraphicsPipelineInfo grid_pipeline(const PassSetup& setup, VkDescriptorSetLayout relief) {
  return pass_info(setup, {.vertex = shader::landscape_vert,
                           .fragment = shader::landscape_frag,
                           .sets = {relief},
                           .depth = Depth::kTestWrite});
}

GraphicsPipelineInfo test_pipeline(const PassSetup& setup, VkDescriptorSetLayout relief) {
  GraphicsPipelineInfo info = grid_pipeline(setup, relief);
  info.fragment = shader::landscape_test_frag;
  info.blend = Blend::kAlpha;  // and keeps its depth: of glass behind glass the nearest is enough
  return info;
}

GraphicsPipelineInfo depth_pipeline(const PassSetup& setup, VkDescriptorSetLayout relief) {
  GraphicsPipelineInfo info = grid_pipeline(setup, relief);
  info.vertex = shader::landscape_depth_vert;
  info.fragment = {};
  info.color_format = VK_FORMAT_UNDEFINED;
  return info;
}

// Over the whole view, as far away as can be: hidden where there is a surface.
GraphicsPipelineInfo whole_pipeline(const PassSetup& setup, VkDescriptorSetLayout relief) {
  GraphicsPipelineInfo info = grid_pipeline(setup, relief);
  info.vertex = shader::ground_vert;
  info.fragment = shader::ground_frag;
  info.depth = Depth::kTest;
  return info;
}

GraphicsPipelineInfo shade_pipeline(const PassSetup& setup, VkDescriptorSetLayout relief,
                                    VkDescriptorSetLayout surface_depth) {
  GraphicsPipelineInfo info = whole_pipeline(setup, relief);
  info.vertex = shader::landscape_shade_vert;
  info.fragment = shader::landscape_shade_frag;
  info.sets.push_back(surface_depth);
  info.depth = Depth::kBehind;
  return info;
}

GraphicsPipelineInfo contact_pipeline(const PassSetup& setup, VkDescriptorSetLayout relief) {
  GraphicsPipelineInfo info = grid_pipeline(setup, relief);
  info.vertex = shader::contact_vert;
  info.fragment = shader::contact_frag;
  info.blend = Blend::kAlpha;
  info.depth = Depth::kTest;
  return info;
}

}  // namespace

LandscapePass::LandscapePass(const PassSetup& setup)
    : device_(setup.device),
      relief_(setup, false),
      test_relief_(setup, true),
      test_pipeline_(setup.device, test_pipeline(setup, test_relief_.layout())),
      ground_pipeline_(setup.device, whole_pipeline(setup, relief_.layout())),
      contact_pipeline_(setup.device, contact_pipeline(setup, relief_.layout())) {
  if (setup.samples != VK_SAMPLE_COUNT_1_BIT) {
    pipeline_ = {setup.device, grid_pipeline(setup, relief_.layout())};
    return;
  }
  pipeline_ = {setup.device, depth_pipeline(setup, relief_.layout())};
  depth_layout_ = make_set_layout(setup.device, {{0, VK_DESCRIPTOR_TYPE_COMBINED_IMAGE_SAMPLER}});
  pool_ = {setup.device, 1};
  depth_set_ = pool_.allocate(depth_layout_.get());
  sampler_ = make_sampler(setup.device, VK_FILTER_NEAREST);
  shade_pipeline_ = {setup.device, shade_pipeline(setup, relief_.layout(), depth_layout_.get())};
}

void LandscapePass::read_from(const Image& depth) {
  write_image(device_, depth_set_, 0, depth.view(), sampler_.get(), VK_IMAGE_LAYOUT_DEPTH_READ_ONLY_OPTIMAL);
}

const Buffer& LandscapePass::indices(const Order& order) {
  const auto found = indices_.find(order);
  if (found != indices_.end()) return found->second;
  const std::uint32_t side = order.side;
  Buffer buffer(device_, index_count(side) * sizeof(std::uint32_t), VK_BUFFER_USAGE_INDEX_BUFFER_BIT);
  std::size_t next = 0;
  const auto out = buffer.as<std::uint32_t>();
  for (std::uint32_t i = 0; i + 1 < side; ++i)
    for (std::uint32_t j = 0; j + 1 < side; ++j) {
      const std::uint32_t row = order.front ? i : side - 2 - i;
      const std::uint32_t column = order.right ? side - 2 - j : j;
      const std::uint32_t corner = row * side + column;
      for (const std::uint32_t index :
           {corner, corner + 1, corner + side + 1, corner, corner + side + 1, corner + side})
        out[next++] = index;
    }
  return indices_.emplace(order, std::move(buffer)).first->second;
}

Relief::Change LandscapePass::change(const PassContext& context) {
  const SectionRevisions& sections = context.contents.revisions;
  const Known now{.slot = context.slot_set,
                  .content = context.content,
                  .sections = {.heights = sections.heights,
                               .cells = sections.cells,
                               .test_heights = sections.test_heights,
                               .test_cells = sections.test_cells},
                  .side = context.frame.facts.grid_side,
                  .test = has_test(context),
                  .scale = {context.surface.low, context.surface.high, context.surface.height,
                            context.surface.log ? 1 : 0},
                  .light = context.light,
                  .time = context.time};
  const bool begins = !known_ || known_->side != now.side || known_->test != now.test;
  const auto same_content = [&] {
    if (context.contents.known()) return known_->sections == now.sections;
    return now.content != 0 && known_->content == now.content && known_->slot == now.slot;
  };
  const bool fresh = begins || !same_content() || known_->scale != now.scale;
  Relief::Change change{.heights = fresh || moving_, .light = begins || known_->light != now.light};
  if (now.time < 0 || begins) {
    moving_ = false;
  } else if (known_->time >= 0) {
    const bool seen = fresh && change_is_seen(context, now);
    if (seen) {
      moving_ = true;
      moving_until_ = now.time + kMove;
    } else if (now.time >= moving_until_) {
      moving_ = false;
    }
    const double passed = std::max(now.time - known_->time, 0.0);
    const double step = std::min(passed, kLongestStep);
    if (context.contents.known() && passed > kNoMovement) moving_ = false;
    if (moving_) change.follow = static_cast<float>(1 - std::exp(-step / kTimeConstant));
  }
  known_ = now;
  if (fresh) heights_.assign(context.contents.heights.begin(), context.contents.heights.end());
  return change;
}

// Whether heights that are new lie far enough from those drawn last to move there. Precondition: known_.
bool LandscapePass::change_is_seen(const PassContext& context, const Known& now) const {
  const std::span<const float> heights = context.contents.heights;
  if (now.test || known_->scale != now.scale || heights.empty() || heights.size() != heights_.size())
    return true;
  const float most = kUnseen * context.surface.height;
  for (std::size_t i = 0; i < heights.size(); ++i) {
    const float moved = context.surface.world_y(heights[i]) - context.surface.world_y(heights_[i]);
    if (!(std::abs(moved) <= most)) return true;
  }
  return false;
}

void LandscapePass::prepare(const PassContext& context) {
  if (!has_surface(context)) {
    changed_ = known_.has_value();
    known_.reset();
    moving_ = false;
    return;
  }
  const Relief::Change what = change(context);
  changed_ = what.heights || what.light;
  relief_.prepare(context, what);
  if (has_test(context)) test_relief_.prepare(context, what);
}

void LandscapePass::bind(const PassContext& context, const GraphicsPipeline& pipeline, const Relief& relief) {
  bind_pass(context, pipeline);
  pipeline.bind_set(context.cmd, 2, relief.set(context.frame_index));
}

void LandscapePass::draw_grid(const PassContext& context, const GraphicsPipeline& pipeline,
                              const Relief& relief, std::uint32_t side, std::uint32_t instances) {
  const bool few = side <= kFewTriangles;
  bind(context, pipeline, relief);
  const Order order{.side = side, .right = few && context.eye.x > 0, .front = few && context.eye.z > 0};
  vkCmdBindIndexBuffer(context.cmd, indices(order).handle(), 0, VK_INDEX_TYPE_UINT32);
  vkCmdDrawIndexed(context.cmd, index_count(side), instances, 0, 0, 0);
}

void LandscapePass::draw(const PassContext& context) {
  if (has_surface(context)) draw_grid(context, pipeline_, relief_, relief_.drawn());
}

void LandscapePass::shade(const PassContext& context) {
  if (!has_surface(context)) return;
  bind(context, shade_pipeline_, relief_);
  shade_pipeline_.bind_set(context.cmd, 3, depth_set_);
  vkCmdDraw(context.cmd, 3, 1, 0, 0);
}

bool LandscapePass::draw_ground(const PassContext& context) {
  if (!has_surface(context)) return false;
  bind(context, ground_pipeline_, relief_);
  vkCmdDraw(context.cmd, 3, 1, 0, 0);
  return true;
}

void LandscapePass::draw_contacts(const PassContext& context, std::uint32_t count) {
  if (has_surface(context) && count > 0) draw_grid(context, contact_pipeline_, relief_, kPatchSide, count);
}

void LandscapePass::add_contacts(ScreenBounds& bounds, std::span<const glm::vec4> contacts) const {
  constexpr float kLargest = 0.4f, kTight = 0.085f, kGrowth = 0.27f;  // shaders/contact.vert
  const PassContext& context = bounds.context();
  const std::size_t side = context.frame.facts.grid_side;
  if (!has_surface(context) || contacts.empty()) return;
  if (context.contents.heights.size() < side * side) return bounds.add_all();
  for (const glm::vec4& contact : contacts) {
    // A shadow is the wider the higher the ball hangs over what lies there.
    const auto widest = drawn_heights(context, relief_.drawn(), {contact.x, contact.y}, kLargest);
    if (!widest) continue;
    const float gap = std::max(std::abs(contact.z - widest->low), std::abs(contact.z - widest->high));
    const float radius = std::min(kTight + kGrowth * gap, kLargest);
    if (const auto there = drawn_heights(context, relief_.drawn(), {contact.x, contact.y}, radius))
      bounds.add_box({contact.x - radius, there->low, contact.y - radius},
                     {contact.x + radius, there->high, contact.y + radius});
  }
}

void LandscapePass::draw_test(const PassContext& context) {
  if (has_test(context)) draw_grid(context, test_pipeline_, test_relief_, test_relief_.drawn());
}

}  // namespace fl
